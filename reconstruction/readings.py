"""Recompute deal readings from the CSV files alone (pandas), for the check. Shares no code with the reconstruction."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

WINDOWS = {"corporate": (33, 39), "mortgage": (24, 30), "unsecured": (13, 19)}
ONE_YEAR = (10, 14)
MONTH = 30
NO_RECOVERIES = ("other_income", "clean_up_call", "repurchase")  # parts of what is collected
SAME = 5e-5  # CNY million: half of the last decimal


@dataclass(frozen=True)
class Tables:
    """The tables as known on a day; of what was collected the recoveries, of forecasts the offering ones."""

    deals: pd.DataFrame
    tranches: pd.DataFrame
    collections: pd.DataFrame
    forecasts: pd.DataFrame
    payments: pd.DataFrame


def load(folder: Path, as_of: pd.Timestamp) -> Tables:
    """Read the files and drop what was not known on that day."""

    def read(name: str, dates: list[str]) -> pd.DataFrame:
        return pd.read_csv(folder / f"{name}.csv", parse_dates=dates)

    deals = read("deals", ["cutoff_date", "issue_date", "closing_date", "liquidated_on"])
    deals = deals[deals.issue_date <= as_of].set_index("deal")
    deals["liquidated_on"] = deals.liquidated_on.where(deals.liquidated_on <= as_of)
    tranches = read("tranches", ["expected_maturity", "legal_maturity"])
    tranches = tranches[tranches.deal.isin(deals.index)]
    collections = read("collections", ["period_start", "period_end", "reported_on"])
    collections = collections[collections.reported_on <= as_of].sort_values(["deal", "period_end", "reported_on"])
    collections = collections.drop_duplicates(["deal", "period_start"], keep="last")
    collections["collected"] -= collections[list(NO_RECOVERIES)].fillna(0.0).sum(axis=1)
    forecasts = read("forecasts", ["period_start", "period_end", "made_on"])
    forecasts = forecasts[forecasts.vintage == "offering"]
    payments = read("payments", ["paid_on", "reported_on"])
    deals["size"] = tranches.groupby("deal").face.sum()
    deals["year"] = deals.issue_date.dt.year
    return Tables(
        deals,
        tranches,
        collections,
        forecasts[forecasts.made_on <= as_of],
        payments[payments[["reported_on", "paid_on"]].max(axis=1) <= as_of],
    )


def forecast_to(forecasts: pd.DataFrame, day: pd.Timestamp) -> float:
    """Forecast of one deal cumulated to a day, straddling period split by days."""
    days = (forecasts.period_end - forecasts.period_start).dt.days + 1
    elapsed = ((day - forecasts.period_start).dt.days + 1).clip(lower=0)
    return float((forecasts.amount * (elapsed / days).clip(upper=1)).sum())


def curve(tables: Tables, deal: str) -> pd.DataFrame:
    """Cumulative actual and forecast of one deal at every collection date."""
    rows = tables.collections[tables.collections.deal == deal]
    forecasts = tables.forecasts[tables.forecasts.deal == deal]
    info = tables.deals.loc[deal]
    frame = pd.DataFrame({"day": rows.period_end, "age": (rows.period_end - info.cutoff_date).dt.days / MONTH})
    frame["actual"] = rows.collected.cumsum()
    frame["forecast"] = [forecast_to(forecasts, day) for day in rows.period_end]
    return frame.reset_index(drop=True)


def reading(frame: pd.DataFrame, low: float, high: float) -> pd.Series | None:
    """Last row inside a window, if any."""
    inside = frame[(frame.age >= low) & (frame.age <= high)]
    return None if inside.empty else inside.iloc[-1]


def _share_at(ages: pd.Series, values: pd.Series, age: float) -> float:
    """Cumulative share at an age, linear between dates, from nothing at the cut-off."""
    before_age, before = 0.0, 0.0
    for now_age, now in zip(ages, values, strict=True):
        if now_age >= age:
            return (before + (now - before) * (age - before_age) / (now_age - before_age)) / values.iloc[-1]
        before_age, before = now_age, now
    return 1.0


def _half(ages: pd.Series, values: pd.Series) -> float:
    """First age at which half of the last value is reached."""
    before_age, before, half = 0.0, 0.0, values.iloc[-1] / 2
    for now_age, now in zip(ages, values, strict=True):
        if now >= half:
            return before_age + (half - before) / (now - before) * (now_age - before_age)
        before_age, before = now_age, now
    return float("nan")


def deal_readings(tables: Tables) -> pd.DataFrame:
    """One row for each reporting deal: ages, readings at the window and at one year, distribution, redemption."""
    rows: list[dict[str, object]] = []
    senior = tables.tranches[tables.tranches.tranche == "senior"].set_index("deal")
    for deal in sorted(tables.collections.deal.unique()):
        info = tables.deals.loc[deal]
        frame = curve(tables, deal)
        row: dict[str, object] = {"deal": deal, "age": frame.age.iloc[-1], "last": frame.actual.iloc[-1]}
        row["term"] = (senior.expected_maturity[deal] - info.cutoff_date).days / MONTH
        for name, (low, high) in (("window", WINDOWS[str(info.asset_type)]), ("year1", ONE_YEAR)):
            at = reading(frame, low, high)
            if at is not None:
                row |= {
                    f"{name}_age": at.age,
                    f"{name}_actual": at.actual,
                    f"{name}_rate": at.actual / info.pool_balance,
                    f"{name}_deviation": at.actual - at.forecast,
                    f"{name}_offset": at.actual / at.forecast - 1,
                }
        paid = tables.payments[(tables.payments.deal == deal) & (tables.payments.tranche == "senior")]
        row["redeemed"] = abs(paid.principal.sum() - senior.face[deal]) < SAME
        row["redeemed_age"] = (paid[paid.principal > 0].paid_on.max() - info.cutoff_date).days / MONTH
        row["early_actual"] = _share_at(frame.age, frame.actual, 6)
        own = tables.forecasts[tables.forecasts.deal == deal]
        ages, sums = (own.period_end - info.cutoff_date).dt.days / MONTH, own.amount.cumsum()
        oldest = frame.age.iloc[-1]
        row["early_forecast"] = _share_at(ages, sums, min(6, oldest)) / _share_at(ages, sums, oldest)
        row["half_actual"] = _half(frame.age, frame.actual)
        row["half_forecast"] = _half(frame.age, frame.forecast)
        rows.append(row)
    return tables.deals.join(pd.DataFrame(rows).set_index("deal"), how="inner")
