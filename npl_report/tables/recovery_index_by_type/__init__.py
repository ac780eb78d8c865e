"""Recovery index by asset type in the last quarter that enough deals have reported, and a year before.

The quarter is the last of which half of the deals alive have reported: the index measures the deals that have, so that
a quarter of which reports are missing has one, and is marked. The half is ours.
"""

from __future__ import annotations

from npl_report.model import (
    QUARTERS,
    TOTAL,
    Column,
    ResearchTable,
    Result,
    Unavailable,
    Unit,
    quarter_id,
    quarter_number,
)
from npl_report.tables.quarters import in_quarter, row_of
from npl_report.tables.recovery_index import COLUMNS as OF_QUARTERS
from npl_report.tables.rows import Rows

HALF = 2
"""One deal in so many must have reported the quarter to its end."""

COLUMNS = (
    Column("quarter", Unit.TERM),
    *(column for column in OF_QUARTERS if column.shown and column.key != "enough"),
    Column("index_before", Unit.NUMBER, decimals=1, span="index"),
)
_TAKEN = tuple(column.key for column in COLUMNS if column.key not in ("quarter", "index_before"))


def compute(recovery_index: Result, asset_types: tuple[str, ...]) -> Result | Unavailable:
    """Rows: asset types and total. ``index_before``: the current index of the same quarter a year before."""
    frame = recovery_index.frame
    market = frame.loc[frame["asset_type"] == TOTAL]
    told = market.loc[(market["n_living"] > 0) & (market["n_reported"] * HALF >= market["n_living"])]
    if told.empty:
        return Unavailable("no_report_of_quarter", needed=1, found=0)
    quarter = str(told["quarter"].iloc[-1])
    before = quarter_id(quarter_number(quarter) - QUARTERS)
    rows = Rows(COLUMNS)
    for kind in (*asset_types, TOTAL):
        earlier = row_of(recovery_index, f"{kind}-{before}", ("index_current",))
        cells = row_of(recovery_index, f"{kind}-{quarter}", _TAKEN)
        rows.add(kind, quarter=quarter, **cells, index_before=earlier["index_current"])
    return rows.result(in_quarter(recovery_index, quarter, tuple(of.key for of in TABLE.evidence)))


TABLE = ResearchTable(
    key="recovery_index_by_type",
    linked=True,
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("date", Unit.DATE),
        Column("age", Unit.MONTHS, decimals=1),
        Column("recovery", Unit.RATE),
        Column("recovery_mean", Unit.RATE),
        Column("to_date", Unit.RATE),
        Column("to_date_mean", Unit.RATE),
    ),
    compute=compute,
    sources=("method",),
)
