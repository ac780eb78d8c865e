"""Deals read inside an observation window: one row a deal, shared by the tables of readings."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from npl_report.model import Column, Result, Unavailable, Unit, Window
from npl_report.stats.groups import face_of, issue_sizes, settle
from npl_report.stats.recovery import reading
from npl_report.tables.rows import forecast_gaps

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("originator", Unit.ORIGINATOR),
    Column("date", Unit.DATE),
    Column("age", Unit.MONTHS, decimals=1),
    Column("issuance", Unit.MONEY),
    Column("cumulative", Unit.MONEY),
    Column("recovery", Unit.RATE),
    Column("forecast", Unit.MONEY),
    Column("forecast_recovery", Unit.RATE),
    Column("deviation", Unit.MONEY),
    Column("offset", Unit.RATE),
    Column("coverage", Unit.MULTIPLE),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("date", Unit.DATE),
    Column("age", Unit.MONTHS, decimals=1),
    Column("collected", Unit.MONEY),
    Column("forecast", Unit.MONEY),
)


def read_deals(
    deal_recovery: Result,
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    windows: Mapping[str, Window],
    ladder: tuple[str, ...],
    columns: tuple[Column, ...] = COLUMNS,
) -> Result | Unavailable:
    """Rows: deals with a date in the window of their type, by asset type, then recovery rate. Money in millions.

    ``columns``: those of ``COLUMNS`` and the issue ``year``, as far as the table wants them.
    """
    facts = deals.set_index("deal")
    curves = deal_recovery.frame
    parts = [reading(curves.loc[curves["asset_type"] == kind], windows[kind]) for kind in windows]
    points = pd.concat(parts).set_index("deal", drop=False).rename_axis(None)
    if points.empty:
        return Unavailable("no_deal_in_window", needed=1, found=0)
    points["originator"] = facts["originator"]
    points["year"] = facts["issue_date"].dt.year
    points["issuance"] = issue_sizes(tranches)
    points["forecast_recovery"] = points["forecast"] / facts["pool_balance"]
    points["coverage"] = points["cumulative"] / face_of(tranches, ladder[0])
    ranked = points.assign(rank=points["asset_type"].map(list(windows).index), rate=settle(points["recovery"]))
    order = ranked.sort_values(["rank", "rate", "deal"], ascending=[True, False, True])
    frame = order[[column.key for column in columns]].rename_axis(None)
    gaps = forecast_gaps(frame, ("forecast", "forecast_recovery", "deviation", "offset"))
    used = deal_recovery.frame.loc[deal_recovery.frame["deal"].isin(frame.index)]
    used = used.loc[used["date"] <= used["deal"].map(frame["date"])]
    evidence = used.assign(row=used["deal"])[["row", *(column.key for column in EVIDENCE)]]
    return Result(frame, evidence.reset_index(drop=True), gaps)
