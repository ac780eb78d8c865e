"""How many deals of each issue year have redeemed their first and their last tranche, and after how many months.

Source: METHODS, "What the market reads" (Kaplan–Meier by issue year). The simple mean is over redeemed tranches alone,
as agencies print it; the median counts those outstanding as well. Both are ages of the pool, as in
``senior_redemptions``.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Ages, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import mean, ratio
from npl_report.stats.redemption import lives
from npl_report.stats.survival import kaplan_meier
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("n_redeemed", Unit.DEALS, span="first"),
    Column("share_redeemed", Unit.RATE, span="first"),
    Column("mean_age", Unit.MONTHS, 1, span="first"),
    Column("median_age", Unit.MONTHS, 1, span="first"),
    Column("median_low", Unit.MONTHS, 1, span="first"),
    Column("median_high", Unit.MONTHS, 1, span="first"),
    Column("n_unpaid", Unit.DEALS, span="first", optional=True),
    Column("rest_half_repaid", Unit.RATE, span="first"),
    Column("n_last_redeemed", Unit.DEALS, span="last"),
    Column("last_share_redeemed", Unit.RATE, span="last"),
    Column("last_median_age", Unit.MONTHS, 1, span="last"),
    Column("n_last_unpaid", Unit.DEALS, span="last", optional=True),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("age", Unit.MONTHS, 1),
    Column("redeemed", Unit.TERM),
    Column("unpaid", Unit.TERM),
    Column("repaid", Unit.RATE),
    Column("last_age", Unit.MONTHS, 1),
    Column("last_redeemed", Unit.TERM),
    Column("last_unpaid", Unit.TERM),
)
_HALF = 0.5


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    payments: pd.DataFrame,
    collections: pd.DataFrame,
    ladder: tuple[str, ...],
    ages: Ages,
    edition: Edition,
) -> Result:
    """Rows: issue years, total. Ages in months, at redemption or at the end of what is known of the deal."""
    first, last = (
        lives(deals, tranches, payments, collections, tranche, ages, edition.as_of)
        for tranche in (ladder[0], ladder[-1])
    )
    frame = first.join(last.add_prefix("last_")).rename_axis(None)
    years = deals.set_index("deal")["issue_date"].dt.year.reindex(frame.index).astype(str)
    rows = Rows(COLUMNS)
    for row in (*sorted(set(years)), TOTAL):
        rows.add(row, **_cells(frame if row == TOTAL else frame.loc[years == row]))
    terms = {
        key: frame[key].map({True: "yes", False: "no"})
        for key in ("redeemed", "unpaid", "last_redeemed", "last_unpaid")
    }
    evidence = frame.assign(row=years, deal=frame.index, **terms).sort_values(["row", "deal"])
    return rows.result(evidence[["row", *(column.key for column in EVIDENCE)]])


def _cells(group: pd.DataFrame) -> dict[str, Cell]:
    """The figures of some deals."""
    rest = group.loc[~group["redeemed"]]
    found = kaplan_meier(group["age"], group["redeemed"])
    last = kaplan_meier(group["last_age"], group["last_redeemed"])
    n, redeemed, last_redeemed = len(group), int(group["redeemed"].sum()), int(group["last_redeemed"].sum())
    return {
        "n_deals": n,
        "n_redeemed": redeemed,
        "share_redeemed": ratio(redeemed, n),
        "mean_age": mean(group.loc[group["redeemed"], "age"], "none_redeemed"),
        "median_age": found.median,
        "median_low": found.low,
        "median_high": found.high,
        "n_unpaid": int(group["unpaid"].sum()),
        "rest_half_repaid": float((rest["repaid"] > _HALF).mean())
        if len(rest)
        else Unavailable("none_left", needed=1, found=0),
        "n_last_redeemed": last_redeemed,
        "last_share_redeemed": ratio(last_redeemed, n),
        "last_median_age": last.median,
        "n_last_unpaid": int(group["last_unpaid"].sum()),
    }


TABLE = ResearchTable(
    key="redemption_by_cohort",
    linked=True,
    rows=Unit.YEAR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
)
