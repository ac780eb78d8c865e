"""Live deals at their last report by asset type: how collections stand against the first forecast.

Source: METHODS, "What the market reads". Offset rates count every deal alike, collection ratios are of sums.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Chart, ResearchTable, Result, Unit
from npl_report.tables.latest import COLUMNS, EVIDENCE, behind, live, reported, standing
from npl_report.tables.rows import Rows


def compute(latest_deals: Result, deals: pd.DataFrame, asset_types: tuple[str, ...]) -> Result:
    """Rows: asset types and total. Rates as fractions, ages in months."""
    there, known = live(deals), reported(latest_deals)
    rows = Rows(COLUMNS)
    for row in (*asset_types, TOTAL):
        group = known if row == TOTAL else known.loc[known["asset_type"] == row]
        n_live = len(there) if row == TOTAL else int((there["asset_type"] == row).sum())
        rows.add(row, **standing(group, n_live))
    return rows.result(behind(known.assign(row=known["asset_type"])))


TABLE = ResearchTable(
    key="latest_by_type",
    linked=True,
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("ratios", ("ccr_gross", "ccr_net_low", "ccr_net_high")),
    upright=True,
)
