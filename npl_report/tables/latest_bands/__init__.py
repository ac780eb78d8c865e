"""Live deals by how far they are from their first forecast at the last report: number and issue size by band.

Source: METHODS, "What the market reads": bands of 20 % around the forecast, as agencies print them.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from npl_report.model import TOTAL, Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import Number, ratio
from npl_report.tables.latest import BANDS, compared
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS, span="number"),
    *(Column(f"n_{band}", Unit.DEALS, span="number") for band in BANDS),
    Column("share_far_below", Unit.RATE, span="number"),
    *(Column(f"issuance_{band}", Unit.MONEY, span="size", total=True) for band in BANDS),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("date", Unit.DATE),
    Column("offset", Unit.RATE),
    Column("band", Unit.TERM),
    Column("issuance", Unit.MONEY),
)


def compute(latest_deals: Result, asset_types: tuple[str, ...]) -> Result | Unavailable:
    """Rows: asset types and total. Money in millions; a band without a deal counts nought."""
    known = compared(latest_deals)
    if known.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    rows = Rows(COLUMNS)
    for row in (*asset_types, TOTAL):
        group = known if row == TOTAL else known.loc[known["asset_type"] == row]
        numbers = group.groupby("band").size().reindex(BANDS, fill_value=0)
        sizes = group.groupby("band")["issuance"].sum().reindex(BANDS, fill_value=0.0)
        rows.add(
            row,
            n_deals=len(group),
            **{f"n_{band}": int(numbers[band]) for band in BANDS},
            share_far_below=_share(numbers, len(group)),
            **{f"issuance_{band}": float(sizes[band]) for band in BANDS},
        )
    return rows.result(known.assign(row=known["asset_type"])[["row", *(column.key for column in EVIDENCE)]])


def _share(numbers: Mapping[str, int] | pd.Series, n_deals: int) -> Number:
    """Deals of the lowest band over all."""
    return ratio(float(numbers[BANDS[0]]), float(n_deals), "no_forecast")


TABLE = ResearchTable(
    key="latest_bands",
    linked=True,
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("parted", tuple(f"n_{band}" for band in BANDS)),
)
