"""How much must be recovered for each tranche, and how far the expected recovery lies above: means by asset type.

Source: METHODS, "Structure and yield" (the quantity formula, ours); the deals are in ``break_even``. What no recovery
covers, because fees take all of it, is short whatever is recovered: it has no margin, and counts.
"""

from __future__ import annotations

from itertools import chain

import pandas as pd

from npl_report.model import TOTAL, Chart, Column, Market, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import mean
from npl_report.tables.rows import Rows
from npl_report.tables.structure import NO_TRANCHE


def columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns, among them break-even and margin of each tranche."""
    of_lower = (((f"{of}_margin", Unit.POINTS), (f"n_{of}_short", Unit.DEALS)) for of in ladder[1:])
    return (
        Column("n_deals", Unit.DEALS),
        *(Column(f"{tranche}_at", Unit.RATE) for tranche in ladder),
        Column("expected", Unit.RATE),
        Column(f"{ladder[0]}_margin", Unit.POINTS),
        Column("least_margin", Unit.POINTS),
        *(Column(key, unit) for key, unit in chain.from_iterable(of_lower)),
        Column("n_uncovered", Unit.DEALS, optional=True),
        Column("n_run_off", Unit.DEALS),
        Column("run_off_margin", Unit.POINTS),
        Column(f"n_{ladder[0]}_short", Unit.DEALS),
        Column("n_formula", Unit.DEALS, shown=False),
    )


def evidence_columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """What the rows behind the means hold."""
    return (
        Column("deal", Unit.DEAL),
        *(Column(f"{tranche}_at", Unit.RATE) for tranche in ladder),
        Column("expected", Unit.RATE),
        *(Column(f"{tranche}_margin", Unit.POINTS) for tranche in ladder),
        Column(f"{ladder[0]}_margin_actual", Unit.POINTS),
        Column("status", Unit.TERM),
    )


def compute(break_even: Result, asset_types: tuple[str, ...], ladder: tuple[str, ...]) -> Result:
    """Rows: asset types with such deals, then the total.

    Simple means over deals that have the tranche, rates as fractions of the pool balance.
    """
    deals, first = break_even.frame, ladder[0]
    faces = break_even.evidence.set_index("deal")
    rows = Rows(columns(ladder))
    evidence = []
    for row in (*(kind for kind in asset_types if (deals["asset_type"] == kind).any()), TOTAL):
        group = deals if row == TOTAL else deals.loc[deals["asset_type"] == row]
        run = group.loc[(group["status"] == "run_off") & group["actual"].notna(), f"{first}_margin_actual"]
        uncovered = int(group[f"{first}_margin"].isna().sum())
        least = float(group[f"{first}_margin"].min())
        rows.add(
            row,
            n_deals=len(group),
            expected=mean(group["expected"].dropna(), "never_covered"),
            **_by_tranche(group, faces.reindex(group.index), ladder),
            least_margin=Unavailable("never_covered", needed=1, found=0) if uncovered else least,
            n_uncovered=uncovered,
            n_run_off=len(run),
            run_off_margin=mean(run.dropna(), "never_covered" if len(run) else "none_liquidated"),
            n_formula=int((group["formula"] == "yes").sum()),
            **{f"n_{first}_short": int((~(run >= 0)).sum())},
        )
        behind = group.assign(row=row, deal=group.index)
        evidence.append(behind[["row", *(column.key for column in evidence_columns(ladder))]])
    return rows.result(pd.concat(evidence))


def _by_tranche(group: pd.DataFrame, faces: pd.DataFrame, ladder: tuple[str, ...]) -> dict[str, float | Unavailable]:
    """The cells of each tranche, over the deals that have it; short of the first are counted once deals have run."""
    cells: dict[str, float | Unavailable] = {}
    for tranche in ladder:
        own = group.loc[faces[f"{tranche}_face"].notna()]
        for key in (f"{tranche}_at", f"{tranche}_margin"):
            cells[key] = mean(own[key].dropna(), "never_covered") if len(own) else NO_TRANCHE
        if tranche != ladder[0]:
            cells[f"n_{tranche}_short"] = int((~(own[f"{tranche}_margin"] >= 0)).sum())
    return cells


def table(market: Market) -> ResearchTable:
    """The table, with break-even and margin of each tranche."""
    drawn = f"{market.ladder[0]}_margin"
    return ResearchTable(
        key="break_even_by_type",
        rows=Unit.ASSET_TYPE,
        columns=columns(market.ladder),
        evidence=evidence_columns(market.ladder),
        compute=compute,
        sources=("method",),
        upright=True,
        chart=Chart("strip", (drawn,), points=drawn),
    )
