"""Deals whose first tranche is fully redeemed, and how old their pools were then.

Source: report I, part 2.2 and footnote 9 (age).
"""

from __future__ import annotations

from npl_report.model import TOTAL, Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import highest, lowest, mean
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_redeemed", Unit.DEALS),
    Column("mean_age", Unit.MONTHS, decimals=1),
    Column("min_age", Unit.MONTHS, decimals=1),
    Column("min_deal", Unit.DEAL),
    Column("max_age", Unit.MONTHS, decimals=1),
    Column("max_deal", Unit.DEAL),
)


def compute(senior_redemptions: Result, asset_types: tuple[str, ...]) -> Result:
    """Rows: asset types and total.

    Ages in months from the cut-off date; of deals with equal ages the first by id is named.
    """
    redeemed = senior_redemptions.frame.sort_index(kind="stable")
    rows = Rows(COLUMNS)
    for row in (*asset_types, TOTAL):
        ages = (redeemed if row == TOTAL else redeemed.loc[redeemed["asset_type"] == row])["age"]
        none = Unavailable("none_redeemed", needed=1, found=0)
        rows.add(
            row,
            n_redeemed=len(ages),
            mean_age=mean(ages, "none_redeemed"),
            min_age=none if ages.empty else float(ages.min()),
            min_deal=none if ages.empty else lowest(ages),
            max_age=none if ages.empty else float(ages.max()),
            max_deal=none if ages.empty else highest(ages),
        )
    evidence = redeemed.assign(row=redeemed["asset_type"], deal=redeemed.index)
    return rows.result(evidence[["row", "deal", "cutoff_date", "redeemed_on", "age"]])


TABLE = ResearchTable(
    key="senior_payoff",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("cutoff_date", Unit.DATE),
        Column("redeemed_on", Unit.DATE),
        Column("age", Unit.MONTHS, decimals=1),
    ),
    compute=compute,
    sources=("report1", "method"),
    chart=Chart("strip", ("mean_age",), points="age"),
)
