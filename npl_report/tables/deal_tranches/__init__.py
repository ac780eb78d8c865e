"""Each tranche of each deal: its weight in the issue, the recovery rate that covers it, and the principal repaid.

Source: report I, part 1 and table 1 (principal repaid), footnote 6 (coverage by gross recoveries). Redemption is dated
by the payment of the last principal, which is our choice, as in ``senior_redemptions``.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import issue_sizes
from npl_report.stats.redemption import principal_paid

COLUMNS = (
    Column("deal", Unit.DEAL),
    Column("tranche", Unit.TRANCHE),
    Column("face", Unit.MONEY),
    Column("share", Unit.RATE),
    Column("covered_at", Unit.RATE),
    Column("principal", Unit.MONEY),
    Column("paid", Unit.RATE),
    Column("redeemed_on", Unit.DATE),
)


def compute(deals: pd.DataFrame, tranches: pd.DataFrame, payments: pd.DataFrame, ladder: tuple[str, ...]) -> Result:
    """Rows: ``deal@tranche``, by deal and rank.

    Money in millions; shares of the issue, the pool balance and the face as fractions.
    """
    paid = principal_paid(tranches, payments).rename(columns={"paid": "principal"})
    paid["rank"] = paid["tranche"].map(ladder.index)
    frame = paid.sort_values(["deal", "rank"]).reset_index(drop=True)
    frame["share"] = frame["face"] / frame["deal"].map(issue_sizes(tranches))
    frame["covered_at"] = frame.groupby("deal", sort=False)["face"].cumsum() / frame["deal"].map(
        deals.set_index("deal")["pool_balance"]
    )
    frame["paid"] = frame["principal"] / frame["face"]
    frame["redeemed_on"] = frame["last_paid_on"].where(frame["redeemed"])
    frame.index = pd.Index(frame["deal"] + "@" + frame["tranche"])
    gaps = {
        (str(row), "redeemed_on"): Unavailable("not_redeemed", needed=1, found=0)
        for row in frame.index[frame["redeemed_on"].isna()]
    }
    used = payments.loc[payments["principal"] > 0]
    evidence = used.assign(row=used["deal"] + "@" + used["tranche"]).sort_values(["row", "paid_on"])[
        ["row", "deal", "paid_on", "reported_on", "principal"]
    ]
    return Result(frame[[column.key for column in COLUMNS]], evidence.reset_index(drop=True), gaps)


TABLE = ResearchTable(
    key="deal_tranches",
    rows=Unit.TERM,
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
