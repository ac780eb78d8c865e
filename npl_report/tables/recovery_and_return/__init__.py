"""Total recovery against what all tranches were paid, over deals that have run their course.

The question is whether investors earn more where more is recovered.

Source: the study ("compared with issuance, the greater the actual total recovery, the greater the income of
investors"), checked on the deals' own figures. "Run their course" is ours: the first tranche is fully redeemed, or the
deal is liquidated. A deal of which no payment is disclosed is left out: that nothing was paid is not known.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import issue_sizes
from npl_report.stats.ranks import spearman
from npl_report.stats.recovery import interrupted
from npl_report.stats.redemption import principal_paid
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("mean_recovery_to_issue", Unit.MULTIPLE),
    Column("mean_paid_to_issue", Unit.MULTIPLE),
    Column("rank_correlation", Unit.NUMBER),
    Column("p", Unit.PROBABILITY),
    Column("sign", Unit.NUMBER, 0, shown=False),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("recovered", Unit.MONEY),
    Column("paid", Unit.MONEY),
    Column("issuance", Unit.MONEY),
)


def compute(
    deals: pd.DataFrame, tranches: pd.DataFrame, collections: pd.DataFrame, payments: pd.DataFrame, edition: Edition
) -> Result | Unavailable:
    """Rows: asset types with such deals, then the total.

    Money in millions; deals without a trustee report or without a payment disclosed are left out.
    """
    done = _deals(deals, tranches, collections, payments, edition.market.ladder)
    if done.empty:
        return Unavailable("none_run", needed=1, found=0)
    rows = Rows(COLUMNS)
    evidence = []
    for row in (*(kind for kind in edition.market.asset_types if (done["asset_type"] == kind).any()), TOTAL):
        group = done if row == TOTAL else done.loc[done["asset_type"] == row]
        rows.add(row, **_cells(group, edition.determinants.significance))
        evidence.append(group.assign(row=row, deal=group.index))
    return rows.result(pd.concat(evidence)[["row", *(column.key for column in EVIDENCE)]])


def _deals(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    collections: pd.DataFrame,
    payments: pd.DataFrame,
    ladder: tuple[str, ...],
) -> pd.DataFrame:
    """Deals that have run their course, by id.

    Columns: asset type, recovered and paid to all tranches (millions), issue size.
    """
    facts = deals.set_index("deal").sort_index(kind="stable")
    repaid = principal_paid(tranches, payments)
    first = repaid.loc[repaid["tranche"] == ladder[0]].set_index("deal")["redeemed"]
    frame = facts[["asset_type"]].assign(
        recovered=collections.groupby("deal")["collected"].sum(),
        paid=(payments["principal"] + payments["interest"]).groupby(payments["deal"]).sum(),
        issuance=issue_sizes(tranches),
    )
    run = facts["liquidated_on"].notna() | first.reindex(facts.index).eq(other=True)
    return frame.loc[run & ~facts.index.isin(interrupted(deals)) & frame[["recovered", "paid"]].notna().all(axis=1)]


def _cells(group: pd.DataFrame, significance: float) -> dict[str, Cell]:
    recovered, paid = group["recovered"] / group["issuance"], group["paid"] / group["issuance"]
    found = spearman(recovered, paid)
    return {
        "n_deals": len(group),
        "mean_recovery_to_issue": float(recovered.mean()),
        "mean_paid_to_issue": float(paid.mean()),
        "rank_correlation": found if isinstance(found, Unavailable) else found.correlation,
        "p": found if isinstance(found, Unavailable) else found.p,
        "sign": found
        if isinstance(found, Unavailable)
        else 0
        if found.p >= significance
        else 1
        if found.correlation > 0
        else -1,
    }


TABLE = ResearchTable(
    key="recovery_and_return",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("study", "method"),
)
