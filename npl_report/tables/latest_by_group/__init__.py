"""Live deals at their last report by the groups of which the market's classes are parts; others are their own.

Source: METHODS, "What the market reads".
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.tables.latest import COLUMNS, EVIDENCE, behind, live, reported, standing
from npl_report.tables.rows import Rows


def compute(latest_deals: Result, deals: pd.DataFrame, edition: Edition) -> Result | Unavailable:
    """Rows: groups in the order in which the edition's classes name them. Rates as fractions, ages in months."""
    groups = {of.key: of.group or of.key for of in edition.market.classes}
    if not any(of.group for of in edition.market.classes):
        return Unavailable("no_groups", needed=1, found=0)
    known = reported(latest_deals)
    known = known.assign(row=known["asset_type"].map(groups))
    there = live(deals)["asset_type"].map(groups)
    rows = Rows(COLUMNS)
    for row in dict.fromkeys(groups.values()):
        rows.add(row, **standing(known.loc[known["row"] == row], int((there == row).sum())))
    return rows.result(behind(known))


TABLE = ResearchTable(
    key="latest_by_group",
    linked=True,
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    upright=True,
)
