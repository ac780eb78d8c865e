"""Collections by asset type in the last quarter that all deals have reported, against earlier quarters.

All types are shown in one quarter, so that they add up: the last that is complete for all deals together.
"""

from __future__ import annotations

from npl_report.model import TOTAL, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.tables.quarterly_collections import COLUMNS as OF_QUARTERS
from npl_report.tables.quarters import in_quarter, row_of
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("quarter", Unit.TERM),
    *(column for column in OF_QUARTERS if column.shown and column.key not in ("n_reported", "complete")),
)
_TAKEN = tuple(column.key for column in COLUMNS if column.key != "quarter")


def compute(quarterly_collections: Result, asset_types: tuple[str, ...]) -> Result | Unavailable:
    """Rows: asset types and total. Money in millions, changes as fractions."""
    frame = quarterly_collections.frame
    whole = frame.loc[(frame["asset_type"] == TOTAL) & (frame["complete"] == "yes") & (frame["n_living"] > 0)]
    if whole.empty:
        return Unavailable("no_complete_quarter", needed=1, found=0)
    quarter = str(whole["quarter"].iloc[-1])
    rows = Rows(COLUMNS)
    for kind in (*asset_types, TOTAL):
        rows.add(kind, quarter=quarter, **row_of(quarterly_collections, f"{kind}-{quarter}", _TAKEN))
    return rows.result(in_quarter(quarterly_collections, quarter, tuple(of.key for of in TABLE.evidence)))


TABLE = ResearchTable(
    key="collections_by_type",
    linked=True,
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL), Column("date", Unit.DATE), Column("collected", Unit.MONEY)),
    compute=compute,
    sources=("method",),
)
