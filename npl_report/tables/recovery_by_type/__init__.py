"""Actual recovery by asset type inside the observation window.

Source: report I, part 2.1, table 3 and footnotes 2, 5, 6. Simple means over deals; shares by count of the deals of the
type that have reported, by amount of the issue size of all deals of the type.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import highest, lowest, mean, ratio, volatility
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("n_included", Unit.DEALS),
    Column("share_by_count", Unit.RATE),
    Column("share_by_amount", Unit.RATE),
    Column("mean_recovery", Unit.RATE),
    Column("max_recovery", Unit.RATE),
    Column("max_deal", Unit.DEAL),
    Column("min_recovery", Unit.RATE),
    Column("min_deal", Unit.DEAL),
    Column("volatility", Unit.POINTS),
    Column("mean_coverage", Unit.MULTIPLE),
)


def compute(
    window_readings: Result, seasoning_by_type: Result, issuance_by_type: Result, asset_types: tuple[str, ...]
) -> Result:
    """Rows: asset types. Rates as fractions."""
    readings = window_readings.frame
    rows = Rows(COLUMNS)
    for row in asset_types:
        group = readings.loc[readings["asset_type"] == row]
        rows.add(
            row,
            n_included=len(group),
            share_by_count=ratio(len(group), seasoning_by_type.cell(row, "n_reporting"), "no_reports"),
            share_by_amount=ratio(float(group["issuance"].sum()), issuance_by_type.cell(row, "issuance")),
            mean_recovery=mean(group["recovery"], "no_deal_in_window"),
            **_ends(group["recovery"]),
            volatility=volatility(group["recovery"]),
            mean_coverage=mean(group["coverage"], "no_deal_in_window"),
        )
    evidence = readings.assign(row=readings["asset_type"], deal=readings.index)
    return rows.result(evidence[["row", "deal", "date", "age", "cumulative", "recovery", "coverage"]])


def _ends(rates: pd.Series) -> dict[str, Cell]:
    """The highest and the lowest rate, with the deals that have them; of equal ones the first by id."""
    if rates.empty:
        none = Unavailable("no_deal_in_window", needed=1, found=0)
        return dict.fromkeys(("max_recovery", "max_deal", "min_recovery", "min_deal"), none)
    top, low = highest(rates), lowest(rates)
    return {"max_recovery": float(rates[top]), "max_deal": top, "min_recovery": float(rates[low]), "min_deal": low}


TABLE = ResearchTable(
    key="recovery_by_type",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("date", Unit.DATE),
        Column("age", Unit.MONTHS, decimals=1),
        Column("cumulative", Unit.MONEY),
        Column("recovery", Unit.RATE),
        Column("coverage", Unit.MULTIPLE),
    ),
    compute=compute,
    sources=("report1", "method"),
    chart=Chart("strip", ("mean_recovery",), points="recovery"),
    upright=True,
)
