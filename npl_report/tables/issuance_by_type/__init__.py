"""Issuance by asset type: number of deals, issue size and the pool balance behind it.

Source: report I, part 1 and figure 1. Issue size is the face of all tranches at issue; pool balance is the unpaid
principal, interest and fees at the cut-off date.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Column, ResearchTable, Result, Unit
from npl_report.stats.groups import issue_sizes, ratio, total
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("issuance", Unit.MONEY, total=True),
    Column("issuance_share", Unit.RATE, total=True),
    Column("pool_balance", Unit.MONEY, total=True),
    Column("issuance_to_pool", Unit.RATE),
)


def compute(deals: pd.DataFrame, tranches: pd.DataFrame, asset_types: tuple[str, ...]) -> Result:
    """Rows: asset types and total. Money in millions."""
    facts = deals.assign(issuance=deals["deal"].map(issue_sizes(tranches)))
    rows = Rows(COLUMNS)
    for row in (*asset_types, TOTAL):
        group = facts if row == TOTAL else facts.loc[facts["asset_type"] == row]
        issuance, pool = total(group["issuance"]), total(group["pool_balance"])
        rows.add(
            row,
            n_deals=len(group),
            issuance=issuance,
            issuance_share=ratio(issuance, float(facts["issuance"].sum())),
            pool_balance=pool,
            issuance_to_pool=ratio(issuance, pool),
        )
    evidence = facts.assign(row=facts["asset_type"]).sort_values(["row", "issue_date", "deal"])
    return rows.result(evidence[["row", "deal", "issue_date", "issuance", "pool_balance"]])


TABLE = ResearchTable(
    key="issuance_by_type",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("issue_date", Unit.DATE),
        Column("issuance", Unit.MONEY),
        Column("pool_balance", Unit.MONEY),
    ),
    compute=compute,
    sources=("report1",),
)
