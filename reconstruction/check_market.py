"""The published figures of the market after the study, recomputed from the CSV files, each as of its own day."""

from pathlib import Path

import pandas as pd

from .readings import SAME, Tables, curve, load

YEAR_END, JULY = pd.Timestamp("2025-12-31"), pd.Timestamp("2025-07-31")  # days of the ledger's seeds 3 and 4
DAYS_A_MONTH, DAYS_A_YEAR = 30, 365
LAST_YEAR = 2025
POSITIVE = 0.9  # least share of the subordinated tranches after the study that are expected to earn something


def figures(folder: Path) -> dict[str, float]:
    """Ledger rows of seeds 3 and 4."""
    now, july = load(folder, YEAR_END), load(folder, JULY)
    counts, amounts = now.deals.groupby("year").size(), now.deals.groupby("year")["size"].sum()
    last, early = now.deals[now.deals.year == LAST_YEAR], july.deals[july.deals.year == LAST_YEAR]
    by_class = last.groupby("asset_class")["size"].sum() / last["size"].sum()
    ages = redemption_ages(now)
    found = {"L165": counts[2024], "L166": counts[LAST_YEAR], "L167": amounts[LAST_YEAR], "L168": amounts.sum()}
    found |= {"L169": len(early), "L170": early["size"].sum()}
    found |= {"L172": ages[2023].mean(), "L173": ages[2024].mean(), "L174": len(ages[2024])}
    found |= {"L175": latest_offsets(july)["unsecured"].mean()}
    return found | {
        "L176": by_class["residential"],
        "L177": by_class[["micro_unsecured", "micro_secured"]].sum(),
    }


def statements(folder: Path) -> dict[str, bool]:
    """What must hold of the deals after the study, without a figure of its own."""
    now = load(folder, YEAR_END)
    returns = expected_returns(now)
    types = now.deals.groupby("asset_class").asset_type.agg(set)
    after = now.deals[now.deals.year > 2021]
    rates = after[after.asset_type == "unsecured"].eval("expected_recovery / pool_balance").groupby(after.year).mean()
    return {
        "most subordinated tranches after the study are expected to earn something": bool(
            (returns > 0).mean() >= POSITIVE
        ),
        "every asset class belongs to one asset type": bool((types.map(len) == 1).all()),
        "expected recoveries of unsecured pools fall every year": bool(rates.is_monotonic_decreasing),
    }


def redemption_ages(tables: Tables) -> dict[int, pd.Series]:
    """By issue year, ages in months from the cut-off date to the payment that redeemed the senior."""
    senior = tables.tranches[tables.tranches.tranche == "senior"].set_index("deal")
    paid = tables.payments[(tables.payments.tranche == "senior") & (tables.payments.principal > 0)]
    own = paid.groupby("deal")
    redeemed = own.principal.sum().sub(senior.face).abs().pipe(lambda gap: gap.index[gap < SAME])
    facts = tables.deals.loc[redeemed]
    ages = (own.paid_on.max()[redeemed] - facts.cutoff_date).dt.days / DAYS_A_MONTH
    return {int(year): ages[facts.index[facts.year == year]] for year in facts.year.unique()}


def latest_offsets(tables: Tables) -> dict[str, pd.Series]:
    """By asset type, offset rates at the last collection date of the deals that are not liquidated."""
    alive = tables.deals[tables.deals.liquidated_on.isna()]
    reporting = alive[alive.index.isin(tables.collections.deal)]
    last = pd.DataFrame([curve(tables, deal).iloc[-1] for deal in reporting.index], index=reporting.index)
    offsets = last.actual / last.forecast - 1
    return {str(kind): offsets[group.index] for kind, group in reporting.groupby("asset_type")}


def expected_returns(tables: Tables) -> pd.Series:
    """Of the deals after the study, what the subordinated tranche is expected to be paid over its face, less one.

    Of the forecast the fees go first, then the senior with its interest, on the dates of the forecast. The rest is
    counted whole: the servicer shares in what exceeds the face and the fixed return, which leaves the sign as it is.
    """
    faces = tables.tranches.set_index(["deal", "tranche"]).face
    coupons = tables.tranches[tables.tranches.tranche == "senior"].set_index("deal").coupon
    result: dict[str, float] = {}
    for deal, facts in tables.deals[tables.deals.year > 2021].iterrows():
        rows = tables.forecasts[tables.forecasts.deal == deal]
        left, rest, last = faces[deal, "senior"], 0.0, facts.closing_date
        for end, amount in zip(rows.period_end, rows.amount, strict=True):
            day = max(end, facts.closing_date)
            left *= 1 + coupons[deal] * (day - last).days / DAYS_A_YEAR
            cash, last = amount * (1 - facts.fee_rate), day
            rest, left = rest + max(0.0, cash - left), max(0.0, left - cash)
        result[str(deal)] = rest / faces[deal, "subordinated"] - 1
    return pd.Series(result)
