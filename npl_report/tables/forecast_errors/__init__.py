"""How far forecasts were off, by how long before they had been made: the circulars', and those made later.

The error is that of the cumulative recovery rate on the day so many months after the forecast was made. Source:
METHODS, footnote 7 of report I for the sign; the distances and the fan of quantiles are ours, see ``stats.revisions``.
Quantiles are linear between the ordered values (numpy's default, type 7 of Hyndman and Fan 1996).
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import Ages, Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import differences
from npl_report.stats.recovery import cumulative_at, finished, known_to
from npl_report.stats.revisions import FIRST, LATER, months_after, of, paths, vintages
from npl_report.tables.rows import Cell, Rows

DISTANCES = (6, 12, 18, 24, 30, 36)
"""Months from the day on which a forecast was made."""
QUANTILES = {"low": 0.1, "low_quartile": 0.25, "median": 0.5, "high_quartile": 0.75, "high": 0.9}
KINDS = (FIRST, LATER)
COLUMNS = (
    Column("distance", Unit.MONTHS, shown=False),
    *(
        Column(f"{kind}_{key}", Unit.COUNT if key == "n" else Unit.POINTS, span=kind, count=f"{kind}_n")
        for kind, key in product(KINDS, ("n", *QUANTILES, "absolute"))
    ),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("vintage", Unit.TERM),
    Column("agency", Unit.TERM),
    Column("made_on", Unit.DATE),
    Column("date", Unit.DATE),
    Column("recovery", Unit.RATE),
    Column("forecast_recovery", Unit.RATE),
    Column("error", Unit.POINTS),
)


def compute(
    deals: pd.DataFrame, collections: pd.DataFrame, forecasts: pd.DataFrame, ages: Ages, edition: Edition
) -> Result | Unavailable:
    """Rows: months from the making of a forecast, as ``6m``, of which an error is known.

    Errors are actual less forecast cumulative recovery, as fractions of the pool balance. A liquidated deal is known to
    the as-of date, with what it has recovered.
    """
    made = vintages(forecasts, collections)
    made = made.loc[made["status"].isin(KINDS)]
    if made.empty or collections.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    whole = paths(made, forecasts, collections)
    last = collections.groupby("deal")["period_end"].max()
    known = known_to(last, pd.Series(pd.Timestamp(edition.as_of), last.index), finished(deals))
    balances = deals.set_index("deal")["pool_balance"]
    facts = made.assign(known=of(known, made["deal"]), balance=of(balances, made["deal"]))
    told = pd.concat(_errors(facts, whole, collections, months, ages) for months in DISTANCES)
    if told.empty:
        return Unavailable("no_outcome", needed=1, found=0)
    rows = Rows(COLUMNS)
    for months in DISTANCES:
        part = told.loc[told["row"] == f"{months}m"]
        if len(part):
            rows.add(f"{months}m", distance=months, **_cells(part))
    return rows.result(told[["row", *(column.key for column in EVIDENCE)]])


def _errors(
    made: pd.DataFrame, whole: pd.DataFrame, collections: pd.DataFrame, months: int, ages: Ages
) -> pd.DataFrame:
    """The forecasts of which it is known what had been collected so many months after they were made.

    ``made``: see ``vintages``, with the ``balance`` of the deal and the day to which it is ``known``.
    """
    dates = months_after(made["made_on"], months, ages)
    ends = of(whole.groupby("deal")["period_end"].max(), made.index.to_series())
    due = made.loc[(dates <= made["known"]) & (dates <= ends) & (dates >= made["start"])]
    dates = dates.loc[due.index]
    ids = due.index.to_series()
    forecast = cumulative_at(whole, "amount", ids, dates)
    actual = cumulative_at(collections, "collected", due["deal"], dates)
    return due.assign(
        row=f"{months}m",
        date=dates,
        recovery=actual / due["balance"],
        forecast_recovery=forecast / due["balance"],
        error=differences(actual, forecast) / due["balance"],
    ).reset_index(drop=True)


def _cells(part: pd.DataFrame) -> dict[str, Cell]:
    """Number, quantiles and mean absolute error of the first and of the later forecasts."""
    cells: dict[str, Cell] = {}
    for kind in KINDS:
        errors = part.loc[part["status"] == kind, "error"].astype(float)
        cells[f"{kind}_n"] = len(errors)
        none = Unavailable("no_outcome", needed=1, found=0)
        cells |= {f"{kind}_{key}": float(errors.quantile(q)) if len(errors) else none for key, q in QUANTILES.items()}
        cells[f"{kind}_absolute"] = float(errors.abs().mean()) if len(errors) else none
    return cells


TABLE = ResearchTable(
    key="forecast_errors",
    linked=True,
    rows=Unit.TERM,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("fans", tuple(f"{kind}_{key}" for kind, key in product(KINDS, ("n", *QUANTILES)))),
)
