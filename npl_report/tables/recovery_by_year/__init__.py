"""Actual recovery by asset type and year of issue, at about one year of age.

Source: report I, part 2.1 and footnote 5. Simple means over the deals issued in a year; volatility divides by n − 1
(ours).
"""

from __future__ import annotations

from npl_report.model import Column, ResearchTable, Result, Unit
from npl_report.tables.pairs import RECOVERY_EVIDENCE, recovery_by, recovery_columns

COLUMNS = recovery_columns(Column("year", Unit.YEAR, shown=False))


def compute(one_year_readings: Result) -> Result:
    """Rows: pairs of asset type and year of issue, in this order. Rates as fractions."""
    return recovery_by("year", one_year_readings.frame, COLUMNS, order="year")


TABLE = ResearchTable(
    key="recovery_by_year",
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=RECOVERY_EVIDENCE,
    compute=compute,
    sources=("report1", "method"),
)
