"""Principal repaid of each tranche, and deals wound up, as known on the as-of date.

Source: report I, part 1 and table 1. "Repaid" is the cumulative principal over all deals, not only over the tranches fully redeemed;
the number counts those fully redeemed, and in the row ``liquidated`` the deals wound up.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TRANCHES, Chart, Column, ResearchTable, Result, Unit
from npl_report.stats.groups import issue_sizes, ratio, total
from npl_report.tables.rows import Rows

COLUMNS = (Column("initial", Unit.MONEY), Column("settled", Unit.MONEY), Column("settled_share", Unit.RATE), Column("n_deals", Unit.DEALS))
_ROUNDING = 0.005  # CNY mn; principal is disclosed to the cent of 万元


def compute(deals: pd.DataFrame, tranches: pd.DataFrame, payments: pd.DataFrame) -> Result:
    """Rows: senior, subordinated, ``liquidated``. Money in CNY million."""
    paid = payments.groupby(["deal", "tranche"])["principal"].sum()
    facts = tranches.set_index(["deal", "tranche"], drop=False)
    facts = facts.assign(settled=paid.reindex(facts.index).fillna(0.0))
    rows = Rows(COLUMNS)
    for tranche in TRANCHES:
        group = facts.loc[facts["tranche"] == tranche]
        initial, settled = total(group["face"]), total(group["settled"])
        redeemed = int((group["settled"] >= group["face"] - _ROUNDING).sum())
        rows.add(tranche, initial=initial, settled=settled, settled_share=ratio(settled, initial), n_deals=redeemed)
    sizes = issue_sizes(tranches)
    done = deals.loc[deals["liquidated_on"].notna()]
    initial, settled = float(sizes.sum()), float(sizes.reindex(done["deal"]).sum())
    rows.add("liquidated", initial=initial, settled=settled, settled_share=ratio(settled, initial), n_deals=len(done))
    wound_up = pd.DataFrame({"row": "liquidated", "deal": deals["deal"], "initial": deals["deal"].map(sizes)})
    wound_up["settled"] = wound_up["initial"].where(deals["liquidated_on"].notna(), 0.0)
    by_tranche = facts.reset_index(drop=True).rename(columns={"tranche": "row", "face": "initial"})
    evidence = pd.concat([by_tranche[["row", "deal", "initial", "settled"]], wound_up])
    return rows.result(evidence.sort_values(["row", "deal"]))


TABLE = ResearchTable(
    key="redemption_status",
    rows=Unit.TRANCHE,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL), Column("initial", Unit.MONEY), Column("settled", Unit.MONEY)),
    compute=compute,
    sources=("report1",),
    chart=Chart("progress", ("settled_share",)),
)
