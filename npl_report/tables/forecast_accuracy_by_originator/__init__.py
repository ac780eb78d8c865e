"""Actual against forecast recovery by asset type and originator, on the same dates, inside the observation window.

Source: report I, part 2.1 and footnotes 4, 7, 8. Whether the offset rate of a bank with several deals is a mean or a
ratio of sums the report leaves open: it is the simple mean of the deals' rates, and ``offset_of_sums`` is the other
reading.
"""

from __future__ import annotations

from npl_report.model import Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.tables.pairs import ACCURACY_EVIDENCE, accuracy_by, accuracy_columns

COLUMNS = accuracy_columns(Column("originator", Unit.ORIGINATOR, shown=False))


def compute(window_readings: Result) -> Result | Unavailable:
    """Rows: pairs of asset type and originator, by asset type, then by mean offset rate, highest first.

    Money in millions, offset rates as fractions of the forecast. Deals without a forecast are left out.
    """
    return accuracy_by("originator", window_readings.frame, COLUMNS, order="mean_offset")


TABLE = ResearchTable(
    key="forecast_accuracy_by_originator",
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=ACCURACY_EVIDENCE,
    compute=compute,
    sources=("report1", "method"),
    chart=Chart("dumbbell", ("mean_recovery", "mean_forecast_recovery", "mean_offset"), sort=True),
)
