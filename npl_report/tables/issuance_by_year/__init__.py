"""Issuance by calendar year of issue, split by asset type.

Source: report I, part 1 and figure 2. The row ``mean`` is the simple mean over the years with at least one deal.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Chart, Column, Market, ResearchTable, Result, Unit
from npl_report.stats.groups import issue_sizes, ratio
from npl_report.tables.rows import Rows


def columns(asset_types: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns, of which the last are the asset types."""
    return (
        Column("n_deals", Unit.DEALS),
        Column("issuance", Unit.MONEY, total=True),
        Column("issuance_share", Unit.RATE, total=True),
        *(Column(kind, Unit.MONEY, total=True) for kind in asset_types),
    )


def compute(deals: pd.DataFrame, tranches: pd.DataFrame, asset_types: tuple[str, ...]) -> Result:
    """Rows: issue years, ``mean`` over them, total. Money in millions."""
    facts = deals.assign(issuance=deals["deal"].map(issue_sizes(tranches)), row=deals["issue_date"].dt.year.astype(str))
    whole = float(facts["issuance"].sum())
    years = sorted(facts["row"].unique())
    rows = Rows(columns(asset_types))
    for row in (*years, "mean", TOTAL):
        group = facts.loc[facts["row"] == row] if row in years else facts
        parts = len(years) if row == "mean" else 1
        by_type = {
            kind: float(group.loc[group["asset_type"] == kind, "issuance"].sum()) / parts for kind in asset_types
        }
        issuance = float(group["issuance"].sum()) / parts
        rows.add(row, n_deals=len(group) / parts, issuance=issuance, issuance_share=ratio(issuance, whole), **by_type)
    evidence = facts.sort_values(["row", "issue_date", "deal"])
    return rows.result(evidence[["row", "deal", "asset_type", "issue_date", "issuance"]])


def table(market: Market) -> ResearchTable:
    """The table, with a column for each asset type."""
    return ResearchTable(
        key="issuance_by_year",
        rows=Unit.YEAR,
        columns=columns(market.asset_types),
        evidence=(
            Column("deal", Unit.DEAL),
            Column("asset_type", Unit.ASSET_TYPE),
            Column("issue_date", Unit.DATE),
            Column("issuance", Unit.MONEY),
        ),
        compute=compute,
        sources=("report1",),
        chart=Chart("stacked_bars", market.asset_types),
    )
