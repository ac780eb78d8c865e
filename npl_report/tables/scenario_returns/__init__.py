"""What each deal's tranches earn in every scenario.

A scenario is the forecast recovery times a multiplier, all payment dates later by a delay.

Source: METHODS, "Structure and yield". Every other table of scenarios is drawn from this one.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from npl_report.model import Column, Edition, Market, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.breakeven import quantity
from npl_report.stats.scenarios import scenarios
from npl_report.stats.waterfall import YEAR
from npl_report.tables.rows import missing
from npl_report.tables.structure import NO_TRANCHE, forecast_profile, scenario_id, terms_of

_KINDS = (
    ("rate", Unit.RATE, None),
    ("multiple", Unit.MULTIPLE, 3),
    ("life", Unit.MONTHS, 1),
    ("loss", Unit.RATE, None),
)
EVIDENCE = (Column("deal", Unit.DEAL), Column("recovered", Unit.MONEY), Column("paid", Unit.MONEY))


def columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns, among them the measures of each tranche."""
    return (
        Column("deal", Unit.DEAL),
        Column("asset_type", Unit.ASSET_TYPE),
        Column("multiplier", Unit.MULTIPLE, 1),
        Column("delay", Unit.MONTHS),
        *(Column(f"{of}_{measure}", unit, decimals) for of, (measure, unit, decimals) in product(ladder, _KINDS)),
        Column("default", Unit.TERM),
        Column("recovered", Unit.MONEY),
        Column("paid", Unit.MONEY),
        Column("formula", Unit.MONEY),
    )


def compute(
    deals: pd.DataFrame, tranches: pd.DataFrame, forecasts: pd.DataFrame, priorities: pd.DataFrame, edition: Edition
) -> Result | Unavailable:
    """Rows: ``<deal>@<scenario>`` for each deal with a forecast, delays within multipliers.

    Money in millions, rates and losses as fractions.

    ``paid`` is what the waterfall pays the last tranche, ``formula`` what the quantity formula gives it. A
    tranche that is paid nothing has the yield −1, the limit of its yields; the life of one that is repaid nothing is a
    gap, and so are all measures of a tranche that the deal lacks.
    """
    names, flows = forecast_profile(deals, forecasts, edition.structure)
    if names.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    ladder = edition.market.ladder
    terms = terms_of(deals, tranches, priorities, names, ladder)
    found = scenarios(flows, terms, month=edition.market.ages.days)
    n, many = found.recovered.shape
    ids, pairs = np.repeat(names.to_numpy(), many), (np.tile(found.multiplier, n), np.tile(found.delay, n))
    frame = pd.DataFrame({"deal": ids, "multiplier": pairs[0], "delay": pairs[1]})
    frame["asset_type"] = frame["deal"].map(deals.set_index("deal")["asset_type"])
    for tranche in ladder:
        earned = found.returns[tranche]
        frame[f"{tranche}_rate"], frame[f"{tranche}_multiple"] = earned.rate.ravel(), earned.multiple.ravel()
        frame[f"{tranche}_life"] = earned.life.ravel() * YEAR / edition.market.ages.days
        frame[f"{tranche}_loss"] = np.maximum(earned.loss.ravel(), 0.0)
    due = terms.face[:-1].sum(axis=0)[:, None] + found.interest, terms.face[-1][:, None] + found.fixed_return
    net = found.recovered * (1 - terms.fee_rate)[:, None]
    frame["default"] = np.where(found.default.ravel(), "yes", "no")
    frame["recovered"], frame["paid"] = found.recovered.ravel(), found.last_paid.ravel()
    frame["formula"] = quantity(net, *due, terms.reward_share[:, None]).ravel()
    frame.index = pd.Index(frame["deal"] + "@" + [scenario_id(*pair) for pair in zip(*pairs, strict=True)])
    evidence = frame.assign(row=frame.index)[["row", *(column.key for column in EVIDENCE)]].reset_index(drop=True)
    return Result(frame[[column.key for column in columns(ladder)]], evidence, _gaps(frame, ladder))


def _gaps(frame: pd.DataFrame, ladder: tuple[str, ...]) -> dict[tuple[str, str], Unavailable]:
    """Why a measure is missing: the deal lacks the tranche, or nothing of it is repaid."""
    nothing = Unavailable("nothing_repaid", needed=1, found=0)
    gaps = {}
    for tranche in ladder:
        lacking = frame[f"{tranche}_multiple"].isna()
        for row, key in missing(frame, [f"{tranche}_{measure}" for measure, *_ in _KINDS]):
            gaps[str(row), key] = NO_TRANCHE if lacking[row] else nothing
    return gaps


def table(market: Market) -> ResearchTable:
    """The table, with the measures of each tranche."""
    return ResearchTable(
        key="scenario_returns",
        rows=Unit.TERM,
        columns=columns(market.ladder),
        evidence=EVIDENCE,
        compute=compute,
        sources=("method",),
    )
