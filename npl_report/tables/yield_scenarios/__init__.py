"""What the tranches earn when more or less is recovered than forecast, sooner or later.

Median yields over deals, by asset type.

Source: METHODS, "Structure and yield". The median is our choice: the yield of a last tranche that is paid
nothing is −100 %, and a few deals of short life earn several times the rest.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from npl_report.model import Chart, Column, Market, ResearchTable, Result, Unit
from npl_report.stats.scenarios import DELAYS, MULTIPLIERS
from npl_report.tables.rows import Rows
from npl_report.tables.structure import NO_TRANCHE, multiplier_id


def yields(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of yields: of each tranche every delay."""
    return tuple(Column(f"{tranche}_{delay}m", Unit.RATE, span=tranche) for tranche, delay in product(ladder, DELAYS))


def columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns, of which the last are the yields."""
    return (
        Column("asset_type", Unit.ASSET_TYPE, shown=False),
        Column("multiplier", Unit.MULTIPLE, 1, shown=False),
        Column("n_deals", Unit.DEALS, shown=False),
        *yields(ladder),
    )


def compute(scenario_returns: Result, asset_types: tuple[str, ...], ladder: tuple[str, ...]) -> Result:
    """Rows: ``<type>-<multiplier>``, rising. Yields as fractions a year, −1 for a tranche that is paid nothing."""
    rows = Rows(columns(ladder))
    rates = [f"{tranche}_rate" for tranche in ladder]
    evidence = []
    groups = dict(list(scenario_returns.frame.groupby(["asset_type", "multiplier"], sort=False)))
    for kind, multiplier in product(asset_types, MULTIPLIERS):
        if (group := groups.get((kind, multiplier))) is None:
            continue
        row = f"{kind}-{multiplier_id(multiplier)}"
        medians = group.groupby("delay")[rates].median()
        found = {
            f"{tranche}_{delay}m": NO_TRANCHE if np.isnan(median := medians[rate][delay]) else float(median)
            for (tranche, rate), delay in product(zip(ladder, rates, strict=True), DELAYS)
        }
        rows.add(row, asset_type=kind, multiplier=multiplier, n_deals=group["deal"].nunique(), **found)
        evidence.append(group.assign(row=row)[["row", "deal", "delay", *rates]])
    return rows.result(pd.concat(evidence))


def table(market: Market) -> ResearchTable:
    """The table, with the yields of each tranche."""
    rates = (Column(f"{tranche}_rate", Unit.RATE) for tranche in market.ladder)
    return ResearchTable(
        key="yield_scenarios",
        rows=Unit.PAIR,
        columns=columns(market.ladder),
        evidence=(Column("deal", Unit.DEAL), Column("delay", Unit.MONTHS), *rates),
        compute=compute,
        sources=("method",),
        chart=Chart("scenarios", tuple(column.key for column in yields(market.ladder[-1:]))),
    )
