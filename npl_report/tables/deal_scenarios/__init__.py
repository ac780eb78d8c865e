"""The yields of each deal's tranches in a few scenarios: the table beside the interactive one on the deal's page.

Source: METHODS, "Structure and yield".
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import Column, ResearchTable, Result, Unit
from npl_report.tables.structure import in_scenario, multiplier_id

MULTIPLIERS = (0.6, 0.8, 1.0, 1.2, 1.4)
LATE = 12
"""Months of the late scenarios."""
CASES = (("senior", "senior_rate", 0), ("subordinated", "subordinated_rate", 0), ("late", "subordinated_rate", LATE))
"""(common head, measure, delay)"""
COLUMNS = tuple(
    Column(f"{span}_{multiplier_id(multiplier)}", Unit.RATE, span=span)
    for (span, _, _), multiplier in product(CASES, MULTIPLIERS)
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("multiplier", Unit.MULTIPLE, 1),
    Column("delay", Unit.MONTHS),
    Column("senior_rate", Unit.RATE),
    Column("subordinated_rate", Unit.RATE),
)


def compute(scenario_returns: Result) -> Result:
    """Rows: deals with a forecast, by id. Yields as fractions a year, −1 for a tranche that is paid nothing."""
    every = scenario_returns.frame
    columns = {
        f"{span}_{multiplier_id(multiplier)}": in_scenario(every, multiplier, delay)[measure]
        for (span, measure, delay), multiplier in product(CASES, MULTIPLIERS)
    }
    frame = pd.DataFrame(columns).sort_index(kind="stable").rename_axis(None)
    used = every.loc[every["multiplier"].isin(MULTIPLIERS) & every["delay"].isin((0, LATE))]
    evidence = used.assign(row=used["deal"])[["row", *(column.key for column in EVIDENCE)]].reset_index(drop=True)
    return Result(frame[[column.key for column in COLUMNS]], evidence)


TABLE = ResearchTable(
    key="deal_scenarios", rows=Unit.DEAL, columns=COLUMNS, evidence=EVIDENCE, compute=compute, sources=("method",)
)
