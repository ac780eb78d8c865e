"""What each deal's tranches earn in every scenario.

A scenario is the forecast recovery times a multiplier, all payment dates later by a delay.

Source: METHODS, "Structure and yield". Every other table of scenarios is drawn from this one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import DAYS_PER_MONTH, TRANCHES, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.breakeven import quantity
from npl_report.stats.scenarios import scenarios
from npl_report.stats.waterfall import YEAR
from npl_report.tables.rows import missing
from npl_report.tables.structure import forecast_profile, scenario_id, terms_of

MEASURES = (
    Column("senior_rate", Unit.RATE),
    Column("senior_multiple", Unit.MULTIPLE, 3),
    Column("senior_life", Unit.MONTHS, 1),
    Column("senior_loss", Unit.RATE),
    Column("subordinated_rate", Unit.RATE),
    Column("subordinated_multiple", Unit.MULTIPLE, 3),
    Column("subordinated_life", Unit.MONTHS, 1),
    Column("subordinated_loss", Unit.RATE),
)
COLUMNS = (
    Column("deal", Unit.DEAL),
    Column("asset_type", Unit.ASSET_TYPE),
    Column("multiplier", Unit.MULTIPLE, 1),
    Column("delay", Unit.MONTHS),
    *MEASURES,
    Column("default", Unit.TERM),
    Column("recovered", Unit.MONEY),
    Column("paid", Unit.MONEY),
    Column("formula", Unit.MONEY),
)
EVIDENCE = (Column("deal", Unit.DEAL), Column("recovered", Unit.MONEY), Column("paid", Unit.MONEY))


def compute(
    deals: pd.DataFrame, tranches: pd.DataFrame, forecasts: pd.DataFrame, priorities: pd.DataFrame, edition: Edition
) -> Result | Unavailable:
    """Rows: ``<deal>@<scenario>`` for each deal with a forecast, delays within multipliers.

    Money in CNY million, rates and losses as fractions.

    ``paid`` is what the waterfall pays the subordinated tranche, ``formula`` what the quantity formula gives it. A
    tranche that is paid nothing has the yield −1, the limit of its yields; the life of one that is repaid nothing is a
    gap.
    """
    names, flows = forecast_profile(deals, forecasts, edition.structure)
    if names.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    terms = terms_of(deals, tranches, priorities, names)
    found = scenarios(flows, terms)
    n, many = found.recovered.shape
    ids, pairs = np.repeat(names.to_numpy(), many), (np.tile(found.multiplier, n), np.tile(found.delay, n))
    frame = pd.DataFrame({"deal": ids, "multiplier": pairs[0], "delay": pairs[1]})
    frame["asset_type"] = frame["deal"].map(deals.set_index("deal")["asset_type"])
    for tranche in TRANCHES:
        earned = found.returns[tranche]
        frame[f"{tranche}_rate"], frame[f"{tranche}_multiple"] = earned.rate.ravel(), earned.multiple.ravel()
        frame[f"{tranche}_life"] = earned.life.ravel() * YEAR / DAYS_PER_MONTH
        frame[f"{tranche}_loss"] = np.maximum(earned.loss.ravel(), 0.0)
    due = terms.senior[:, None] + found.interest, terms.subordinated[:, None] + found.fixed_return
    net = found.recovered * (1 - terms.fee_rate)[:, None]
    frame["default"] = np.where(found.default.ravel(), "yes", "no")
    frame["recovered"], frame["paid"] = found.recovered.ravel(), found.subordinated_paid.ravel()
    frame["formula"] = quantity(net, *due, terms.reward_share[:, None]).ravel()
    frame.index = pd.Index(frame["deal"] + "@" + [scenario_id(*pair) for pair in zip(*pairs, strict=True)])
    lives = missing(frame, [f"{tranche}_life" for tranche in TRANCHES])
    gaps = {(str(row), key): Unavailable("nothing_repaid", needed=1, found=0) for row, key in lives}
    evidence = frame.assign(row=frame.index)[["row", *(column.key for column in EVIDENCE)]].reset_index(drop=True)
    return Result(frame[[column.key for column in COLUMNS]], evidence, gaps)


TABLE = ResearchTable(
    key="scenario_returns", rows=Unit.TERM, columns=COLUMNS, evidence=EVIDENCE, compute=compute, sources=("method",)
)
