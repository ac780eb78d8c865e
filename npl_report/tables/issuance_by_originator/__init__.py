"""Issuance by originating bank, in order of the number of deals.

Source: report I, part 1 and figure 3.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Chart, Column, ResearchTable, Result, Unit
from npl_report.stats.groups import issue_sizes, ratio, settle
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("issuance", Unit.MONEY, total=True),
    Column("issuance_share", Unit.RATE, total=True),
    Column("pool_balance", Unit.MONEY, total=True),
)


def compute(deals: pd.DataFrame, tranches: pd.DataFrame) -> Result:
    """Rows: originators with a deal, by number of deals, then issue size, then id; and total. Money in millions."""
    facts = deals.assign(issuance=deals["deal"].map(issue_sizes(tranches)), row=deals["originator"])
    whole = float(facts["issuance"].sum())
    sums = facts.groupby("row").agg(
        n_deals=("deal", "size"), issuance=("issuance", "sum"), pool_balance=("pool_balance", "sum")
    )
    sized = sums.assign(size=settle(sums["issuance"]))
    order = sized.sort_values(["n_deals", "size", "row"], ascending=[False, False, True])[list(sums.columns)]
    rows = Rows(COLUMNS)
    for row, (n_deals, issuance, pool_balance) in zip(order.index, order.to_numpy(dtype=float), strict=True):
        rows.add(
            str(row),
            n_deals=int(n_deals),
            issuance=issuance,
            issuance_share=ratio(issuance, whole),
            pool_balance=pool_balance,
        )
    rows.add(
        TOTAL,
        n_deals=len(facts),
        issuance=whole,
        issuance_share=ratio(whole, whole),
        pool_balance=float(facts["pool_balance"].sum()),
    )
    evidence = facts.sort_values(["row", "issue_date", "deal"])
    return rows.result(evidence[["row", "deal", "asset_type", "issue_date", "issuance", "pool_balance"]])


TABLE = ResearchTable(
    key="issuance_by_originator",
    rows=Unit.ORIGINATOR,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("asset_type", Unit.ASSET_TYPE),
        Column("issue_date", Unit.DATE),
        Column("issuance", Unit.MONEY),
        Column("pool_balance", Unit.MONEY),
    ),
    compute=compute,
    sources=("report1",),
    chart=Chart("bars", ("issuance", "n_deals"), sort=True),
)
