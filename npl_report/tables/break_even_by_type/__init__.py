"""How much must be recovered for each tranche, and how far the expected recovery lies above: means by asset type.

Source: METHODS, "Structure and yield" (the quantity formula, ours); the deals are in ``break_even``. What no recovery
covers, because fees take all of it, is short whatever is recovered: it has no margin, and counts.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import mean
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("senior_at", Unit.RATE),
    Column("subordinated_at", Unit.RATE),
    Column("expected", Unit.RATE),
    Column("senior_margin", Unit.POINTS),
    Column("least_margin", Unit.POINTS),
    Column("subordinated_margin", Unit.POINTS),
    Column("n_subordinated_short", Unit.DEALS),
    Column("n_uncovered", Unit.DEALS, optional=True),
    Column("n_run_off", Unit.DEALS),
    Column("run_off_margin", Unit.POINTS),
    Column("n_senior_short", Unit.DEALS),
    Column("n_formula", Unit.DEALS, shown=False),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("senior_at", Unit.RATE),
    Column("subordinated_at", Unit.RATE),
    Column("expected", Unit.RATE),
    Column("senior_margin", Unit.POINTS),
    Column("subordinated_margin", Unit.POINTS),
    Column("senior_margin_actual", Unit.POINTS),
    Column("status", Unit.TERM),
)


def compute(break_even: Result, asset_types: tuple[str, ...]) -> Result:
    """Rows: asset types with such deals, then the total.

    Simple means over deals, rates as fractions of the pool balance.
    """
    deals = break_even.frame
    rows = Rows(COLUMNS)
    evidence = []
    for row in (*(kind for kind in asset_types if (deals["asset_type"] == kind).any()), TOTAL):
        group = deals if row == TOTAL else deals.loc[deals["asset_type"] == row]
        run = group.loc[(group["status"] == "run_off") & group["actual"].notna(), "senior_margin_actual"]
        means = {
            key: mean(group[key].dropna(), "never_covered")
            for key in ("senior_at", "subordinated_at", "expected", "senior_margin", "subordinated_margin")
        }
        uncovered = int(group["senior_margin"].isna().sum())
        least = float(group["senior_margin"].min())
        rows.add(
            row,
            n_deals=len(group),
            **means,
            least_margin=Unavailable("never_covered", needed=1, found=0) if uncovered else least,
            n_subordinated_short=int((~(group["subordinated_margin"] >= 0)).sum()),
            n_uncovered=uncovered,
            n_run_off=len(run),
            run_off_margin=mean(run.dropna(), "never_covered" if len(run) else "none_liquidated"),
            n_senior_short=int((~(run >= 0)).sum()),
            n_formula=int((group["formula"] == "yes").sum()),
        )
        evidence.append(group.assign(row=row, deal=group.index)[["row", *(column.key for column in EVIDENCE)]])
    return rows.result(pd.concat(evidence))


TABLE = ResearchTable(
    key="break_even_by_type",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    upright=True,
    chart=Chart("strip", ("senior_margin",), points="senior_margin"),
)
