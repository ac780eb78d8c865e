"""What the last tranche of each deal was expected to be paid over its face, and what it has been paid to date.

Source: METHODS, "Structure and yield". Expected: the offering forecast through the waterfall. To date: payments known
on the as-of date, which are final only of a liquidated deal.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import face_of
from npl_report.tables.rows import missing
from npl_report.tables.structure import if_forecast

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("year", Unit.YEAR),
    Column("live", Unit.TERM),
    Column("expected", Unit.MULTIPLE),
    Column("realised", Unit.MULTIPLE),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("face", Unit.MONEY),
    Column("principal", Unit.MONEY),
    Column("interest", Unit.MONEY),
)


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    payments: pd.DataFrame,
    scenario_returns: Result | Unavailable,
    asset_types: tuple[str, ...],
    ladder: tuple[str, ...],
) -> Result:
    """Rows: deals by asset type, year of issue and id. Multiples of the face of the last tranche."""
    last = ladder[-1]
    facts = deals.set_index("deal", drop=False).sort_index(kind="stable").rename_axis(None)
    own = payments.loc[payments["tranche"] == last]
    sums = own.groupby("deal")[["principal", "interest"]].sum().reindex(facts.index).fillna(0.0)
    face = face_of(tranches, last).reindex(facts.index)
    frame = facts[["deal", "asset_type"]].assign(
        year=facts["issue_date"].dt.year,
        live=facts["liquidated_on"].isna().map({True: "yes", False: "no"}),
        expected=if_forecast(scenario_returns, f"{last}_multiple").reindex(facts.index),
        realised=(sums["principal"] + sums["interest"]) / face,
        rank=facts["asset_type"].map(asset_types.index),
        face=face,
        **sums,
    )
    frame = frame.sort_values(["rank", "year", "deal"], kind="stable")
    evidence = frame.assign(row=frame["deal"])[["row", *(column.key for column in EVIDENCE)]].reset_index(drop=True)
    table = frame[[column.key for column in COLUMNS]]
    none = Unavailable("no_forecast", needed=1, found=0)
    return Result(table, evidence, {(str(row), key): none for row, key in missing(table, ("expected",))})


TABLE = ResearchTable(
    key="multiples",
    rows=Unit.DEAL,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("multiples", ("expected", "realised")),
)
