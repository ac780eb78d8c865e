"""Each deal read at about one year of age, whatever its type: the rows behind the comparison by year of issue.

Source: report I, part 2.1 (10 to 14 months) and footnotes 4, 7, 8. As in ``window_readings`` the last collection date
inside the window is read.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.tables import readings

COLUMNS = (*readings.COLUMNS[:2], Column("year", Unit.YEAR), *readings.COLUMNS[2:])


def compute(
    deal_recovery: Result, deals: pd.DataFrame, tranches: pd.DataFrame, edition: Edition
) -> Result | Unavailable:
    """Rows: included deals by asset type, then recovery rate. Money in millions."""
    windows = dict.fromkeys(edition.windows, edition.one_year_window)
    return readings.read_deals(deal_recovery, deals, tranches, windows, edition.market.ladder, COLUMNS)


TABLE = ResearchTable(
    key="one_year_readings",
    rows=Unit.DEAL,
    columns=COLUMNS,
    evidence=readings.EVIDENCE,
    compute=compute,
    sources=("report1", "method"),
)
