"""The age at which deals of each type are compared, and what it was chosen from.

Source: report I, footnote 2, prints one window only; the others are our choice and stand in the edition's
file, which says so. The row ``one_year`` is the window for comparison by issue year.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Chart, Column, Edition, ResearchTable, Result, Unit
from npl_report.stats.recovery import reading
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("low", Unit.MONTHS),
    Column("high", Unit.MONTHS),
    Column("mean_age", Unit.MONTHS),
    Column("mean_senior_term", Unit.MONTHS),
    Column("n_included", Unit.DEALS),
    Column("chosen_by", Unit.TERM),
)


def compute(edition: Edition, seasoning_by_type: Result, deal_recovery: Result) -> Result:
    """Rows: asset types and ``one_year``. Months of 30 days from the cut-off date."""
    types = seasoning_by_type.evidence.set_index("deal")["row"]
    curves = deal_recovery.frame.assign(asset_type=deal_recovery.frame["deal"].map(types))
    rows = Rows(COLUMNS)
    evidence = []
    windows = {**edition.windows, "one_year": edition.one_year_window}
    for row, window in windows.items():
        points = reading(curves if row == "one_year" else curves.loc[curves["asset_type"] == row], window)
        context = TOTAL if row == "one_year" else row
        rows.add(
            row,
            low=window.low,
            high=window.high,
            mean_age=seasoning_by_type.cell(context, "mean_age"),
            mean_senior_term=seasoning_by_type.cell(context, "mean_senior_term"),
            n_included=len(points),
            chosen_by=window.source,
        )
        evidence.append(points.assign(row=row))
    return rows.result(pd.concat(evidence)[["row", "deal", "date", "age", "recovery"]])


TABLE = ResearchTable(
    key="observation_windows",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("date", Unit.DATE),
        Column("age", Unit.MONTHS, decimals=1),
        Column("recovery", Unit.RATE),
    ),
    compute=compute,
    sources=("report1", "method"),
    chart=Chart("windows", ("low", "high", "mean_age", "mean_senior_term")),
)
