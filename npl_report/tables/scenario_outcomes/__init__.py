"""Multiple, life and loss of the tranches in every scenario, and how often there is an event of default.

Means over deals, by asset type.

Source: METHODS, "Structure and yield"; the yields are in ``yield_scenarios``.
"""

from __future__ import annotations

from itertools import chain, product

import pandas as pd

from npl_report.model import Column, Market, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import mean
from npl_report.stats.scenarios import DELAYS, MULTIPLIERS
from npl_report.tables.rows import Rows
from npl_report.tables.structure import NO_TRANCHE, scenario_id

_KINDS = (("multiple", Unit.MULTIPLE, 3), ("life", Unit.MONTHS, 1), ("loss", Unit.RATE, 2))


def measures(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of measures: of each tranche every kind."""
    return tuple(
        Column(f"{tranche}_{measure}", unit, decimals, span=tranche)
        for tranche, (measure, unit, decimals) in product(ladder, _KINDS)
    )


def columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns, of which the last are the measures."""
    return (
        Column("asset_type", Unit.ASSET_TYPE, shown=False),
        Column("multiplier", Unit.MULTIPLE, 1, shown=False),
        Column("delay", Unit.MONTHS, shown=False),
        Column("n_deals", Unit.DEALS),
        Column("n_default", Unit.DEALS),
        *measures(ladder),
    )


def compute(scenario_returns: Result, asset_types: tuple[str, ...], ladder: tuple[str, ...]) -> Result:
    """Rows: ``<type>-<scenario>``.

    Multiples of the face, lives in months over the deals that repay something, losses as fractions of the
    face.
    """
    rows = Rows(columns(ladder))
    own = {of: [column.key for column in measures((of,))] for of in ladder}
    behind = ["row", "deal", *chain.from_iterable(own.values()), "default"]
    evidence = []
    groups = dict(list(scenario_returns.frame.groupby(["asset_type", "multiplier", "delay"])))
    for kind, multiplier, delay in product(asset_types, MULTIPLIERS, DELAYS):
        if (group := groups.get((kind, multiplier, delay))) is None:
            continue
        row = f"{kind}-{scenario_id(multiplier, delay)}"
        found: dict[str, float | Unavailable] = {}
        for tranche, keys in own.items():
            there = group[f"{tranche}_multiple"].notna().any()
            found |= {key: mean(group[key].dropna(), "nothing_repaid") if there else NO_TRANCHE for key in keys}
        rows.add(
            row,
            asset_type=kind,
            multiplier=multiplier,
            delay=delay,
            n_deals=len(group),
            n_default=int((group["default"] == "yes").sum()),
            **found,
        )
        evidence.append(group.assign(row=row)[behind])
    return rows.result(pd.concat(evidence))


def table(market: Market) -> ResearchTable:
    """The table, with the measures of each tranche."""
    behind = (Column(column.key, column.unit, column.decimals) for column in measures(market.ladder))
    return ResearchTable(
        key="scenario_outcomes",
        rows=Unit.PAIR,
        columns=columns(market.ladder),
        evidence=(Column("deal", Unit.DEAL), *behind, Column("default", Unit.TERM)),
        compute=compute,
        sources=("method",),
    )
