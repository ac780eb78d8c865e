"""Each deal whose first tranche is fully redeemed, and how old its pool was then.

They are the rows behind the redemption and distribution tables.

Source: report I, part 2.2 and footnote 9 (age). Redemption is dated by the payment of the last principal, which is our
choice.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Ages, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.recovery import age_months
from npl_report.stats.redemption import principal_paid

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("originator", Unit.ORIGINATOR),
    Column("cutoff_date", Unit.DATE),
    Column("redeemed_on", Unit.DATE),
    Column("age", Unit.MONTHS, decimals=1),
    Column("principal", Unit.MONEY),
)


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    payments: pd.DataFrame,
    asset_types: tuple[str, ...],
    ladder: tuple[str, ...],
    ages: Ages,
) -> Result | Unavailable:
    """Rows: deals with a fully redeemed first tranche by asset type, then age, youngest first.

    Age in months; money in millions.
    """
    paid = principal_paid(tranches, payments)
    redeemed = paid.loc[(paid["tranche"] == ladder[0]) & paid["redeemed"] & paid["last_paid_on"].notna()]
    if redeemed.empty:
        return Unavailable("none_redeemed", needed=1, found=0)
    facts = redeemed.merge(deals[["deal", "asset_type", "originator", "cutoff_date"]], on="deal").rename(
        columns={"last_paid_on": "redeemed_on", "paid": "principal"}
    )
    facts = facts.assign(
        age=age_months(facts["redeemed_on"], facts["cutoff_date"], ages),
        rank=facts["asset_type"].map(asset_types.index),
    )
    frame = (
        facts.sort_values(["rank", "age", "deal"])
        .set_index("deal")[[column.key for column in COLUMNS]]
        .rename_axis(None)
    )
    used = payments.loc[
        (payments["tranche"] == ladder[0]) & (payments["principal"] > 0) & payments["deal"].isin(frame.index)
    ]
    evidence = used.assign(row=used["deal"]).sort_values(["deal", "paid_on"])[
        ["row", "deal", "paid_on", "reported_on", "principal"]
    ]
    return Result(frame, evidence.reset_index(drop=True))


TABLE = ResearchTable(
    key="senior_redemptions",
    rows=Unit.DEAL,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("paid_on", Unit.DATE),
        Column("reported_on", Unit.DATE),
        Column("principal", Unit.MONEY),
    ),
    compute=compute,
    sources=("report1", "method"),
)
