"""Actual against forecast recovery by asset type and year of issue, on the same dates, at about one year of age.

Source: report I, part 2.1 and footnotes 4, 7, 8. Its body gives the offset rate of the deals above forecast; the other
parts are given beside it.
"""

from __future__ import annotations

from npl_report.model import Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.tables.pairs import ACCURACY_EVIDENCE, accuracy_by, accuracy_columns

COLUMNS = accuracy_columns(Column("year", Unit.YEAR, shown=False))


def compute(one_year_readings: Result) -> Result | Unavailable:
    """Rows: pairs of asset type and year of issue, in this order.

    Money in millions, offset rates as fractions of the forecast. Deals without a forecast are left out.
    """
    return accuracy_by("year", one_year_readings.frame, COLUMNS, order="year")


TABLE = ResearchTable(
    key="forecast_accuracy_by_year",
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=ACCURACY_EVIDENCE,
    compute=compute,
    sources=("report1", "method"),
    chart=Chart("years", ("mean_recovery", "mean_forecast_recovery", "n_included"), breaks="level_breaks"),
)
