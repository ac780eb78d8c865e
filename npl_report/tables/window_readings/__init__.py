"""Each deal read inside the observation window of its asset type.

They are the rows behind recovery and forecast accuracy by group.

Source: report I, footnotes 2, 4, 6, 7, 8. A deal's last collection date inside the window is read; deals older than the
window are read inside it too; a deal without a date in it is not included.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.tables.readings import COLUMNS, EVIDENCE, read_deals


def compute(
    deal_recovery: Result, deals: pd.DataFrame, tranches: pd.DataFrame, edition: Edition
) -> Result | Unavailable:
    """Rows: included deals by asset type, then recovery rate. Money in millions."""
    return read_deals(deal_recovery, deals, tranches, edition.windows, edition.market.ladder)


TABLE = ResearchTable(
    key="window_readings",
    rows=Unit.DEAL,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("report1",),
)
