"""Principal repaid of each tranche, and deals wound up, as known on the as-of date.

Source: report I, part 1 and table 1. "Repaid" is the cumulative principal over all deals, not only over the tranches
fully redeemed; the number counts those fully redeemed, and in the row ``liquidated`` the deals wound up.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Column, ResearchTable, Result, Unit
from npl_report.stats.groups import issue_sizes, ratio, total
from npl_report.stats.redemption import principal_paid
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("initial", Unit.MONEY),
    Column("settled", Unit.MONEY),
    Column("settled_share", Unit.RATE),
    Column("n_deals", Unit.DEALS),
)


def compute(deals: pd.DataFrame, tranches: pd.DataFrame, payments: pd.DataFrame, ladder: tuple[str, ...]) -> Result:
    """Rows: tranches by rank, ``liquidated``. Money in millions."""
    facts = principal_paid(tranches, payments)
    rows = Rows(COLUMNS)
    for tranche in ladder:
        group = facts.loc[facts["tranche"] == tranche]
        initial, settled = total(group["face"]), total(group["paid"])
        rows.add(
            tranche,
            initial=initial,
            settled=settled,
            settled_share=ratio(settled, initial),
            n_deals=int(group["redeemed"].sum()),
        )
    sizes = issue_sizes(tranches)
    done = deals.loc[deals["liquidated_on"].notna()]
    initial, settled = float(sizes.sum()), float(sizes.reindex(done["deal"]).sum())
    rows.add("liquidated", initial=initial, settled=settled, settled_share=ratio(settled, initial), n_deals=len(done))
    wound_up = pd.DataFrame({"row": "liquidated", "deal": deals["deal"], "initial": deals["deal"].map(sizes)})
    wound_up["settled"] = wound_up["initial"].where(deals["liquidated_on"].notna(), 0.0)
    by_tranche = facts.rename(columns={"tranche": "row", "face": "initial", "paid": "settled"})
    evidence = pd.concat([by_tranche[["row", "deal", "initial", "settled"]], wound_up])
    return rows.result(evidence.sort_values(["row", "deal"]))


TABLE = ResearchTable(
    key="redemption_status",
    rows=Unit.TRANCHE,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL), Column("initial", Unit.MONEY), Column("settled", Unit.MONEY)),
    compute=compute,
    sources=("report1",),
)
