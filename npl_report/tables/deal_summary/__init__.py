"""Every deal on one line: size, where it stood at its last report, and the principal repaid.

Source: report I, footnotes 4, 6, 8, 9 for the measures. Unlike in the tables by window, deals are of different ages
here.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import Column, Market, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import issue_sizes
from npl_report.stats.redemption import principal_paid
from npl_report.tables.rows import forecast_gaps, missing
from npl_report.tables.structure import NO_TRANCHE


def columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns, among them what is repaid of each tranche."""
    return (
        Column("asset_type", Unit.ASSET_TYPE),
        Column("originator", Unit.ORIGINATOR),
        Column("issue_date", Unit.DATE),
        Column("issuance", Unit.MONEY),
        Column("pool_balance", Unit.MONEY),
        Column("date", Unit.DATE, shown=False),
        Column("age", Unit.MONTHS, decimals=1, span="last"),
        Column("recovery", Unit.RATE, span="last"),
        Column("forecast_recovery", Unit.RATE, span="last"),
        Column("offset", Unit.RATE, span="last"),
        Column("coverage", Unit.MULTIPLE, span="last"),
        *(Column(f"{tranche}_paid", Unit.RATE, span="paid") for tranche in ladder),
        Column("unread_from", Unit.DATE, shown=False),
    )


def evidence_columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """What the rows behind the table hold."""
    return (
        Column("deal", Unit.DEAL),
        Column("cutoff_date", Unit.DATE),
        Column("date", Unit.DATE),
        Column("pool_balance", Unit.MONEY),
        Column("cumulative", Unit.MONEY),
        Column("forecast", Unit.MONEY),
        *(Column(f"{tranche}_{fact}", Unit.MONEY) for tranche, fact in product(ladder, ("face", "principal"))),
    )


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    payments: pd.DataFrame,
    deal_recovery: Result,
    asset_types: tuple[str, ...],
    ladder: tuple[str, ...],
) -> Result:
    """Rows: all deals, by asset type, issue date and id.

    Money in millions; rates as fractions of the pool balance or of the tranche's face.
    """
    ordered = deals.assign(rank=deals["asset_type"].map(asset_types.index)).sort_values(["rank", "issue_date", "deal"])
    last = deal_recovery.frame.drop_duplicates("deal", keep="last").set_index("deal")
    facts = (
        ordered.set_index("deal")
        .join(last[["date", "age", "cumulative", "recovery", "forecast", "offset"]])
        .rename_axis(None)
    )
    principal = principal_paid(tranches, payments)
    for tranche in ladder:
        own = principal.loc[principal["tranche"] == tranche].set_index("deal")
        facts[f"{tranche}_face"], facts[f"{tranche}_principal"] = own["face"], own["paid"]
        facts[f"{tranche}_paid"] = own["paid"] / own["face"]
    facts["issuance"] = issue_sizes(tranches)
    facts["forecast_recovery"] = facts["forecast"] / facts["pool_balance"]
    facts["coverage"] = facts["cumulative"] / facts[f"{ladder[0]}_face"]
    frame = facts[[column.key for column in columns(ladder)]]
    evidence = facts.assign(row=facts.index, deal=facts.index)[
        ["row", *(column.key for column in evidence_columns(ladder))]
    ]
    return Result(frame, evidence.reset_index(drop=True), _gaps(frame, ladder))


def _gaps(frame: pd.DataFrame, ladder: tuple[str, ...]) -> dict[tuple[str, str], Unavailable]:
    """Why a cell is empty."""
    reported, cut = frame["date"].notna(), frame.index[frame["unread_from"].notna()]
    at_last = ("date", "age", "recovery", "forecast_recovery", "offset", "coverage")
    unreported = Unavailable("no_reports", needed=1, found=0)
    interrupted = Unavailable("interrupted", needed=1, found=0)
    gaps = {
        (str(row), key): interrupted if row in cut else unreported
        for key, row in product(at_last, frame.index[~reported])
    }
    gaps |= {(str(row), "unread_from"): Unavailable("uninterrupted") for row in frame.index.difference(cut)}
    gaps |= {(str(row), key): NO_TRANCHE for row, key in missing(frame, [f"{of}_paid" for of in ladder])}
    return gaps | forecast_gaps(frame.loc[reported], ("forecast_recovery", "offset"))


def table(market: Market) -> ResearchTable:
    """The table, with what is repaid of each tranche."""
    return ResearchTable(
        key="deal_summary",
        rows=Unit.DEAL,
        columns=columns(market.ladder),
        evidence=evidence_columns(market.ladder),
        compute=compute,
        sources=("report1", "method"),
    )
