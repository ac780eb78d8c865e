"""The effects on the expected recovery rate by models for rates and without influential deals, beside least squares.

Sources: METHODS, determinants; Papke and Wooldridge (1996), Ferrari and Cribari-Neto (2004) for rates between 0 and 1.
"""

from __future__ import annotations

from itertools import chain

import numpy as np
import pandas as pd

from npl_report.model import Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.bounded import Effects, beta_regression, fractional_logit
from npl_report.stats.regression import Ols
from npl_report.tables.regressions import Model, estimated, model
from npl_report.tables.rows import Cell, Rows

FIRST = {"ols": "estimate", "logit": "effect", "beta": "effect", "trimmed": "estimate"}
"""Model → what its first column holds."""
COLUMNS = (
    *chain.from_iterable(
        (Column(f"{name}_{kind}", Unit.NUMBER, 4, span=name), Column(f"{name}_p", Unit.PROBABILITY, span=name))
        for name, kind in FIRST.items()
    ),
    Column("n_agree", Unit.COUNT),
    Column("n_compared", Unit.COUNT),
)


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: the variables of the regression.

    ``n_agree``: how many of the ``n_compared`` other models there are give the effect the sign that least squares gives
    it.
    """
    found = model(determinants_sample, edition, "expected_recovery")
    if isinstance(found, Unavailable):
        return found
    models: dict[str, Ols | Effects | Unavailable] = {
        "ols": found.fit,
        "logit": fractional_logit(found.response, found.design.columns),
        "beta": beta_regression(found.response, found.design.columns),
        "trimmed": _trimmed(determinants_sample, found, edition),
    }
    rows = Rows(COLUMNS)
    for name in found.fit.variables:
        cells: dict[str, Cell] = {}
        signs: list[float] = []
        for key, result in models.items():
            effect, p = _effect(result, name)
            cells |= {f"{key}_{FIRST[key]}": effect, f"{key}_p": p}
            signs += [] if isinstance(effect, Unavailable) else [float(np.sign(effect))]
        rows.add(name, **cells, n_agree=signs[1:].count(signs[0]), n_compared=len(signs) - 1)
    return rows.result(_evidence(found))


def _effect(result: Ols | Effects | Unavailable, name: str) -> tuple[float | Unavailable, float | Unavailable]:
    """A variable's effect on the rate and its p value (HC3 for least squares)."""
    if isinstance(result, Unavailable):
        return result, result
    table, effect, p = (
        (result.coefficients, "estimate", "p_hc3") if isinstance(result, Ols) else (result.effects, "effect", "p")
    )
    if name not in table.index:
        return Unavailable("not_in_model"), Unavailable("not_in_model")
    return float(table[effect].astype(float)[name]), float(table[p].astype(float)[name])


def _trimmed(determinants_sample: Result, found: Model, edition: Edition) -> Ols | Unavailable:
    """Least squares without the deals whose Cook's distance exceeds 4/n, on what the gate keeps for the others."""
    rest = estimated(determinants_sample, edition, found.response[~found.fit.influential])
    return rest if isinstance(rest, Unavailable) else rest.fit


def _evidence(found: Model) -> pd.DataFrame:
    """For each variable the deals of the regression: its value, the rate, and the deal's Cook's distance."""
    facts = pd.DataFrame(
        {
            "deal": found.response.index,
            "expected_recovery": found.response.to_numpy(),
            "cook": found.fit.deals["cook"].to_numpy(),
        }
    )
    every = pd.concat(
        [facts.assign(row=name, value=found.design.columns[name].to_numpy()) for name in found.fit.variables]
    )
    return every[["row", "deal", "value", "expected_recovery", "cook"]]


TABLE = ResearchTable(
    key="regression_robustness",
    rows=Unit.REGRESSOR,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("value", Unit.NUMBER, 4),
        Column("expected_recovery", Unit.RATE),
        Column("cook", Unit.NUMBER),
    ),
    compute=compute,
    sources=("method",),
)
