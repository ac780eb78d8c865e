"""The yields of each deal's tranches in a few scenarios: the table beside the interactive one on the deal's page.

Source: METHODS, "Structure and yield".
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import Column, Market, ResearchTable, Result, Unit
from npl_report.tables.rows import missing
from npl_report.tables.structure import NO_TRANCHE, in_scenario, multiplier_id

MULTIPLIERS = (0.6, 0.8, 1.0, 1.2, 1.4)
LATE = 12
"""Months of the late scenarios."""


def cases(ladder: tuple[str, ...]) -> tuple[tuple[str, str, int], ...]:
    """(common head, measure, delay) of each tranche, and of the last one when all is late."""
    return (*((tranche, f"{tranche}_rate", 0) for tranche in ladder), ("late", f"{ladder[-1]}_rate", LATE))


def columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns: of each case every multiplier."""
    heads = (span for span, _, _ in cases(ladder))
    return tuple(
        Column(f"{span}_{multiplier_id(of)}", Unit.RATE, span=span) for span, of in product(heads, MULTIPLIERS)
    )


def evidence_columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """What the rows behind the yields hold."""
    return (
        Column("deal", Unit.DEAL),
        Column("multiplier", Unit.MULTIPLE, 1),
        Column("delay", Unit.MONTHS),
        *(Column(f"{tranche}_rate", Unit.RATE) for tranche in ladder),
    )


def compute(scenario_returns: Result, ladder: tuple[str, ...]) -> Result:
    """Rows: deals with a forecast, by id. Yields as fractions a year, −1 for a tranche that is paid nothing."""
    every = scenario_returns.frame
    yields = {
        f"{span}_{multiplier_id(multiplier)}": in_scenario(every, multiplier, delay)[measure]
        for (span, measure, delay), multiplier in product(cases(ladder), MULTIPLIERS)
    }
    frame = pd.DataFrame(yields).sort_index(kind="stable").rename_axis(None)
    used = every.loc[every["multiplier"].isin(MULTIPLIERS) & every["delay"].isin((0, LATE))]
    behind = used.assign(row=used["deal"])[["row", *(column.key for column in evidence_columns(ladder))]]
    gaps = {(str(row), str(key)): NO_TRANCHE for row, key in missing(frame, frame.columns)}
    return Result(frame[[column.key for column in columns(ladder)]], behind.reset_index(drop=True), gaps)


def table(market: Market) -> ResearchTable:
    """The table, with the yields of each tranche."""
    return ResearchTable(
        key="deal_scenarios",
        rows=Unit.DEAL,
        columns=columns(market.ladder),
        evidence=evidence_columns(market.ladder),
        compute=compute,
        sources=("method",),
    )
