"""Multiple, life and loss of the tranches in every scenario, and how often there is an event of default.

Means over deals, by asset type.

Source: METHODS, "Structure and yield"; the yields are in ``yield_scenarios``.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import TRANCHES, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import mean
from npl_report.stats.scenarios import DELAYS, MULTIPLIERS
from npl_report.tables.rows import Rows
from npl_report.tables.structure import scenario_id

_KINDS = (("multiple", Unit.MULTIPLE, 3), ("life", Unit.MONTHS, 1), ("loss", Unit.RATE, 2))
MEASURES = tuple(
    Column(f"{tranche}_{measure}", unit, decimals, span=tranche)
    for tranche, (measure, unit, decimals) in product(TRANCHES, _KINDS)
)
COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("multiplier", Unit.MULTIPLE, 1, shown=False),
    Column("delay", Unit.MONTHS, shown=False),
    Column("n_deals", Unit.DEALS),
    Column("n_default", Unit.DEALS),
    *MEASURES,
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    *(Column(column.key, column.unit, column.decimals) for column in MEASURES),
    Column("default", Unit.TERM),
)


def compute(scenario_returns: Result, asset_types: tuple[str, ...]) -> Result:
    """Rows: ``<type>-<scenario>``.

    Multiples of the face, lives in months of 30 days over the deals that repay something, losses as fractions of the
    face.
    """
    rows = Rows(COLUMNS)
    evidence = []
    groups = dict(list(scenario_returns.frame.groupby(["asset_type", "multiplier", "delay"])))
    for kind, multiplier, delay in product(asset_types, MULTIPLIERS, DELAYS):
        if (group := groups.get((kind, multiplier, delay))) is None:
            continue
        row = f"{kind}-{scenario_id(multiplier, delay)}"
        measures: dict[str, float | Unavailable] = {
            column.key: mean(group[column.key].dropna(), "nothing_repaid") for column in MEASURES
        }
        rows.add(
            row,
            asset_type=kind,
            multiplier=multiplier,
            delay=delay,
            n_deals=len(group),
            n_default=int((group["default"] == "yes").sum()),
            **measures,
        )
        evidence.append(group.assign(row=row)[["row", *(column.key for column in EVIDENCE)]])
    return rows.result(pd.concat(evidence))


TABLE = ResearchTable(
    key="scenario_outcomes", rows=Unit.PAIR, columns=COLUMNS, evidence=EVIDENCE, compute=compute, sources=("method",)
)
