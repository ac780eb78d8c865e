"""Actual recovery by asset type and originator inside the observation window.

Source: report I, part 2.1 and footnotes 2, 5. Simple means over the deals of a bank within one type; volatility divides
by n − 1 (ours).
"""

from __future__ import annotations

from npl_report.model import Chart, Column, ResearchTable, Result, Unit
from npl_report.tables.pairs import RECOVERY_EVIDENCE, recovery_by, recovery_columns

COLUMNS = recovery_columns(Column("originator", Unit.ORIGINATOR, shown=False))


def compute(window_readings: Result) -> Result:
    """Rows: pairs of asset type and originator, by asset type, then by mean recovery, highest first.

    Rates as fractions.
    """
    return recovery_by("originator", window_readings.frame, COLUMNS, order="mean_recovery")


TABLE = ResearchTable(
    key="recovery_by_originator",
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=RECOVERY_EVIDENCE,
    compute=compute,
    sources=("report1", "method"),
    chart=Chart("strip", ("mean_recovery",), points="recovery", sort=True),
)
