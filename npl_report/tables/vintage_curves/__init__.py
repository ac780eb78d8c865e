"""Cumulative recovery by age and year of issue: the static pool of each asset type and year, actual and forecast.

Source: the usual static pool by vintage, sums over sums; report I compares years at one age only. The pool of a line
is the same at every age, so that no line moves because deals join or leave it.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Ages, Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.tables.cohorts import Cohorts
from npl_report.tables.rows import missing

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("year", Unit.YEAR, shown=False),
    Column("age", Unit.MONTHS, shown=False),
    Column("n_deals", Unit.DEALS),
    Column("balance", Unit.MONEY, total=True),
    Column("recovery", Unit.RATE),
    Column("n_forecast", Unit.DEALS),
    Column("compared_recovery", Unit.RATE),
    Column("forecast_recovery", Unit.RATE),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("pool_balance", Unit.MONEY),
    Column("collected", Unit.MONEY),
    Column("forecast", Unit.MONEY),
)


def compute(
    deal_recovery: Result, deals: pd.DataFrame, forecasts: pd.DataFrame, ages: Ages, edition: Edition
) -> Result | Unavailable:
    """Rows: ``<type>-<year>-<age>m`` by type, year and age, by the step of the edition.

    A line ends at the last step to which all its deals are known, and where the last of them collected. Money in
    millions, rates as fractions of the pool balance; actual against forecast over the deals that have a forecast.
    """
    cohorts = Cohorts(deal_recovery.frame, deals, forecasts, ages, edition.as_of)
    groups = cohorts.facts.groupby(["asset_type", "year"])
    ends = groups["known"].transform("min").clip(upper=groups["last"].transform("max"))
    oldest = int(ends.max())
    if oldest < ages.curve:
        return Unavailable("too_young", needed=ages.curve, found=oldest)
    steps = range(ages.curve, oldest + 1, ages.curve)
    points = cohorts.at(steps)
    points = points.loc[points["age"] <= ends.reindex(points.index)].rename_axis("deal").reset_index()
    kinds = {kind: place for place, kind in enumerate(edition.market.asset_types)}
    points["rank"] = points["asset_type"].map(kinds)
    points = points.sort_values(["rank", "year", "age", "deal"], kind="stable", ignore_index=True)
    points["row"] = points["asset_type"] + "-" + points["year"].astype(str) + "-" + points["age"].astype(str) + "m"
    frame = _pooled(points)
    none = Unavailable("no_forecast", needed=1, found=0)
    gaps = {(str(row), key): none for row, key in missing(frame, ("compared_recovery", "forecast_recovery"))}
    evidence = points.rename(columns={"balance": "pool_balance"})[["row", *(column.key for column in EVIDENCE)]]
    return Result(frame, evidence, gaps)


def _pooled(points: pd.DataFrame) -> pd.DataFrame:
    """Sums over sums of each row."""
    compared = points["forecast"].notna()
    parts = points.assign(
        of=points["balance"].where(compared), got=points["collected"].where(compared), counted=compared
    )
    groups = parts.groupby("row", sort=False)
    sums = groups[["balance", "collected", "of", "got", "forecast"]].sum()
    frame = groups[["asset_type", "year", "age"]].first().assign(
        n_deals=groups.size(),
        balance=sums["balance"],
        recovery=sums["collected"] / sums["balance"],
        n_forecast=groups["counted"].sum(),
        compared_recovery=sums["got"] / sums["of"].where(sums["of"] > 0),
        forecast_recovery=sums["forecast"] / sums["of"].where(sums["of"] > 0),
    )  # fmt: skip
    return frame[[column.key for column in COLUMNS]].rename_axis(None)


TABLE = ResearchTable(
    key="vintage_curves",
    linked=True,
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("vintages", ("recovery", "forecast_recovery", "n_deals")),
)
