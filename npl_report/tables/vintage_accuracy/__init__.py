"""Actual against forecast recovery by asset type and year of issue at exactly the same age, for several ages.

Source: report I, footnotes 4, 7, 8, for deviation and offset rate; it reads the last date in a window of months, which
lets deals of one year be read earlier than those of another. Here all are read on the day they reach the age.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import Ages, Column, Edition, Market, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import mean, ratio
from npl_report.tables.cohorts import YEAR_AGE, Cohorts, none_known
from npl_report.tables.rows import Cell, Rows

_MOST = 3
"""Ages that a page shows; downloads have all."""
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("age", Unit.MONTHS),
    Column("collected", Unit.MONEY),
    Column("forecast", Unit.MONEY),
    Column("deviation", Unit.MONEY),
    Column("offset", Unit.RATE),
)


def shown_ages(horizons: tuple[int, ...]) -> tuple[int, ...]:
    """The ages that a page shows: whole years, or the first ages of an edition that has none."""
    years = tuple(age for age in horizons if age % YEAR_AGE == 0)
    return (years or horizons)[:_MOST]


def _columns(horizons: tuple[int, ...]) -> tuple[Column, ...]:
    parts = (("n", Unit.DEALS), ("above", Unit.RATE), ("offset", Unit.RATE))
    shown = shown_ages(horizons)
    measured = [
        Column(f"{part}_{age}", unit, shown=age in shown, count=f"n_{age}")
        for age, (part, unit) in product(horizons, parts)
    ]
    pair = (Column("asset_type", Unit.ASSET_TYPE, shown=False), Column("year", Unit.YEAR, shown=False))
    return (*pair, *measured)


def table(market: Market) -> ResearchTable:
    """With columns for each horizon of the edition."""
    return ResearchTable(
        key="vintage_accuracy",
        linked=True,
        rows=Unit.PAIR,
        columns=_columns(market.horizons),
        evidence=EVIDENCE,
        compute=compute,
        sources=("report1", "method"),
    )


def compute(
    deal_recovery: Result,
    deals: pd.DataFrame,
    forecasts: pd.DataFrame,
    horizons: tuple[int, ...],
    ages: Ages,
    edition: Edition,
) -> Result | Unavailable:
    """Rows: pairs of asset type and year of issue with a deal that has a forecast and is known to one of the ages.

    Shares of these deals that are above forecast, means of the offset rates; all as fractions.
    """
    cohorts = Cohorts(deal_recovery.frame, deals, forecasts, ages, edition.as_of)
    points = cohorts.at(horizons)
    compared = points.dropna(subset=["deviation"])
    if compared.empty:
        return none_known(points, cohorts, min(horizons))
    compared = compared.assign(row=compared["asset_type"] + "-" + compared["year"].astype(str))
    rows = Rows(_columns(horizons))
    for kind in edition.market.asset_types:
        for year, group in compared.loc[compared["asset_type"] == kind].groupby("year"):
            known = float(cohorts.facts.loc[group.index, "known"].max())
            rows.add(f"{kind}-{year}", asset_type=kind, year=int(str(year)), **_measured(group, horizons, known))
    evidence = compared.rename_axis("deal").reset_index()[["row", *(column.key for column in EVIDENCE)]]
    return rows.result(evidence)


def _measured(group: pd.DataFrame, horizons: tuple[int, ...], known: float) -> dict[str, Cell]:
    """The cells of a row. ``known``: the age to which the oldest deal is known."""
    cells: dict[str, Cell] = {}
    for age in horizons:
        there = group.loc[group["age"] == age]
        young = Unavailable("too_young", needed=age, found=int(known))
        cells[f"n_{age}"] = len(there)
        cells[f"above_{age}"] = young if there.empty else ratio(int((there["deviation"] > 0).sum()), len(there))
        cells[f"offset_{age}"] = young if there.empty else mean(there["offset"].dropna(), "nothing_forecast")
    return cells
