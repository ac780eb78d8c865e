"""What the last tranche was expected to earn and what it has been paid so far, by asset type and year of issue.

Source: METHODS, "Structure and yield"; the study states that the return grows with the recovery. Expected: the offering
forecast through the waterfall. Realised: the payments reported; only of liquidated deals are they final, and only for
them is there a yield.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import Chart, Column, Market, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import Number, face_of, mean
from npl_report.stats.yields import returns
from npl_report.tables.rows import Rows
from npl_report.tables.structure import in_scenario

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("year", Unit.YEAR, shown=False),
    Column("n_deals", Unit.DEALS),
    Column("expected_yield", Unit.RATE, span="expected"),
    Column("expected_multiple", Unit.MULTIPLE, span="expected"),
    Column("paid_multiple", Unit.MULTIPLE, span="realised"),
    Column("principal_share", Unit.RATE, span="realised"),
    Column("n_run_off", Unit.DEALS, span="run_off"),
    Column("run_off_multiple", Unit.MULTIPLE, span="run_off"),
    Column("run_off_yield", Unit.RATE, span="run_off"),
)


def evidence_columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """What the rows behind the table hold."""
    return (
        Column("deal", Unit.DEAL),
        Column(f"{ladder[-1]}_face", Unit.MONEY),
        Column("expected_yield", Unit.RATE),
        Column("expected_multiple", Unit.MULTIPLE, 3),
        Column("principal", Unit.MONEY),
        Column("paid", Unit.MONEY),
        Column("run_off_yield", Unit.RATE),
    )


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    payments: pd.DataFrame,
    scenario_returns: Result,
    asset_types: tuple[str, ...],
    ladder: tuple[str, ...],
) -> Result:
    """Rows: ``<type>-<year of issue>``.

    Yields are medians, multiples and shares simple means over deals; rates as fractions, −1 if nothing is paid.
    """
    face = f"{ladder[-1]}_face"
    frame = _deals(deals, tranches, payments, scenario_returns.frame, ladder[-1])
    rows = Rows(COLUMNS)
    evidence = []
    groups = dict(list(frame.groupby(["asset_type", "year"])))
    for kind, year in product(asset_types, sorted(set(frame["year"]))):
        if (group := groups.get((kind, year))) is None:
            continue
        run = group.loc[group["liquidated"]]
        rows.add(
            f"{kind}-{year}",
            asset_type=kind,
            year=year,
            n_deals=len(group),
            expected_yield=_median(group["expected_yield"].dropna(), "no_forecast"),
            expected_multiple=mean(group["expected_multiple"].dropna(), "no_forecast"),
            paid_multiple=mean(group["paid"] / group[face]),
            principal_share=mean(group["principal"] / group[face]),
            n_run_off=len(run),
            run_off_multiple=mean(run["paid"] / run[face], "none_liquidated"),
            run_off_yield=_median(run["run_off_yield"].dropna(), "none_liquidated"),
        )
        evidence.append(
            group.assign(row=f"{kind}-{year}")[["row", *(column.key for column in evidence_columns(ladder))]]
        )
    return rows.result(pd.concat(evidence))


def _median(values: pd.Series, reason: str) -> Number:
    return float(values.median()) if len(values) else Unavailable(reason, needed=1, found=0)


def _deals(
    deals: pd.DataFrame, tranches: pd.DataFrame, payments: pd.DataFrame, scenarios: pd.DataFrame, last: str
) -> pd.DataFrame:
    """By deal: asset type, year of issue, the measures of the evidence.

    Expected ones are missing without a forecast, the yield is missing while a deal is not liquidated.
    """
    facts = deals.set_index("deal", drop=False).sort_index(kind="stable")
    base, faces = in_scenario(scenarios, 1.0, 0), face_of(tranches, last)
    own = payments.loc[payments["tranche"] == last]
    sums = own.groupby("deal")[["principal", "interest"]].sum().reindex(facts.index).fillna(0.0)
    return facts[["deal", "asset_type"]].assign(
        year=facts["issue_date"].dt.year,
        liquidated=facts["liquidated_on"].notna(),
        expected_yield=base[f"{last}_rate"].reindex(facts.index),
        expected_multiple=base[f"{last}_multiple"].reindex(facts.index),
        principal=sums["principal"],
        paid=sums["principal"] + sums["interest"],
        run_off_yield=_realised(facts.loc[facts["liquidated_on"].notna()], faces, own),
        **{f"{last}_face": faces},
    )


def _realised(liquidated: pd.DataFrame, faces: pd.Series, payments: pd.DataFrame) -> pd.Series:
    """XIRR by liquidated deal, bought at par on closing; deals with as many payments are solved at once."""
    own = payments.loc[payments["deal"].isin(liquidated.index)].sort_values("deal", kind="stable")
    closing = liquidated["closing_date"].reindex(own["deal"]).set_axis(own.index)
    own = own.assign(days=(own["paid_on"] - closing).dt.days)
    counts = own["deal"].value_counts().reindex(liquidated.index, fill_value=0)
    earned: dict[str, float] = {}
    for count in sorted(set(counts)):
        deals = sorted(counts.index[counts == count])
        flows = own.loc[own["deal"].isin(deals)]
        days, principal, interest = (
            flows[key].to_numpy(dtype=float).reshape(len(deals), count).T for key in ("days", "principal", "interest")
        )
        rates = returns(faces.reindex(deals).to_numpy(dtype=float), days, principal, principal + interest).rate
        earned |= dict(zip(deals, rates.tolist(), strict=True))
    return pd.Series(earned, dtype=float).reindex(liquidated.index)


def table(market: Market) -> ResearchTable:
    """The table; what is behind it is of the last tranche."""
    return ResearchTable(
        key="subordinated_return",
        rows=Unit.PAIR,
        columns=COLUMNS,
        evidence=evidence_columns(market.ladder),
        compute=compute,
        sources=("study", "method"),
        chart=Chart("periods", ("run_off_multiple", "n_run_off")),
    )
