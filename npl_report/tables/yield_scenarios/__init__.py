"""What the tranches earn when more or less is recovered than forecast, sooner or later.

Median yields over deals, by asset type.

Source: METHODS, "Structure and yield". The median is our choice: the yield of a subordinated tranche that is paid
nothing is −100 %, and a few deals of short life earn several times the rest.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import TRANCHES, Chart, Column, ResearchTable, Result, Unit
from npl_report.stats.scenarios import DELAYS, MULTIPLIERS
from npl_report.tables.rows import Rows
from npl_report.tables.structure import multiplier_id

YIELDS = tuple(Column(f"{tranche}_{delay}m", Unit.RATE, span=tranche) for tranche, delay in product(TRANCHES, DELAYS))
COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("multiplier", Unit.MULTIPLE, 1, shown=False),
    Column("n_deals", Unit.DEALS, shown=False),
    *YIELDS,
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("delay", Unit.MONTHS),
    Column("senior_rate", Unit.RATE),
    Column("subordinated_rate", Unit.RATE),
)


def compute(scenario_returns: Result, asset_types: tuple[str, ...]) -> Result:
    """Rows: ``<type>-<multiplier>``, rising. Yields as fractions a year, −1 for a tranche that is paid nothing."""
    rows = Rows(COLUMNS)
    evidence = []
    groups = dict(list(scenario_returns.frame.groupby(["asset_type", "multiplier"], sort=False)))
    for kind, multiplier in product(asset_types, MULTIPLIERS):
        if (group := groups.get((kind, multiplier))) is None:
            continue
        row = f"{kind}-{multiplier_id(multiplier)}"
        medians = group.groupby("delay")[[f"{tranche}_rate" for tranche in TRANCHES]].median()
        yields = {
            f"{tranche}_{delay}m": float(medians[f"{tranche}_rate"][delay])
            for tranche, delay in product(TRANCHES, DELAYS)
        }
        rows.add(row, asset_type=kind, multiplier=multiplier, n_deals=group["deal"].nunique(), **yields)
        evidence.append(group.assign(row=row)[["row", *(column.key for column in EVIDENCE)]])
    return rows.result(pd.concat(evidence))


TABLE = ResearchTable(
    key="yield_scenarios",
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("heatmap", tuple(column.key for column in YIELDS)),
)
