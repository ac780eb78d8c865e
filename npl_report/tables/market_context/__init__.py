"""Pools securitised in each year beside the non-performing loans that banks held at its end.

Source: the choice of the comparison is ours. The balances are those of the data's ``market`` part (series
``npl_balance``), which are not deal-level data; of them the values of a 31 December are read.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import ratio
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("npl_balance", Unit.MONEY, total=True),
    Column("pool_balance", Unit.MONEY, total=True),
    Column("pool_to_npl", Unit.RATE, total=True),
)


def compute(deals: pd.DataFrame, market: pd.DataFrame) -> Result:
    """Rows: every year from that of the first deal to the last with a deal or a balance. Money in millions."""
    facts = deals.assign(year=deals["issue_date"].dt.year)
    balances = _year_ends(market)
    rows = Rows(COLUMNS)
    for year in range(min(facts["year"]), max([*facts["year"], *balances]) + 1):
        pools = facts.loc[facts["year"] == year, "pool_balance"]
        pool, balance = float(pools.sum()), balances.get(year, Unavailable("no_year_end", needed=1, found=0))
        rows.add(
            str(year),
            n_deals=len(pools),
            npl_balance=balance,
            pool_balance=pool,
            pool_to_npl=ratio(pool, balance, "no_year_end"),
        )
    evidence = facts.assign(row=facts["year"].astype(str)).sort_values(["row", "issue_date", "deal"])
    return rows.result(evidence[["row", "deal", "asset_type", "issue_date", "pool_balance"]])


def _year_ends(market: pd.DataFrame) -> dict[int, float]:
    """Balance at the end of each year for which there is one, in millions."""
    known = market.loc[(market["series"] == "npl_balance") & market["date"].dt.is_year_end]
    return {int(year): float(value) for year, value in zip(known["date"].dt.year, known["value"], strict=True)}


TABLE = ResearchTable(
    key="market_context",
    rows=Unit.YEAR,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("asset_type", Unit.ASSET_TYPE),
        Column("issue_date", Unit.DATE),
        Column("pool_balance", Unit.MONEY),
    ),
    compute=compute,
    sources=("method",),
    chart=Chart("columns", ("pool_to_npl", "pool_balance", "npl_balance")),
)
