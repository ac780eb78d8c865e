"""The effects on the expected recovery rate by other models and other samples, beside least squares.

Sources: METHODS, determinants; Papke and Wooldridge (1996), Ferrari and Cribari-Neto (2004) for rates between 0 and 1. The model with asset type effects takes corporate deals too, by
leaving out the borrowers' age and income, which corporate pools do not have.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import ASSET_TYPES, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.bounded import Effects, beta_regression, fractional_logit
from npl_report.stats.design import gate
from npl_report.stats.determinants import entering
from npl_report.stats.regression import Ols, ols
from npl_report.tables.regressions import Model, model
from npl_report.tables.rows import Cell, Rows

BORROWER = ("wa_borrower_age", "wa_annual_income")
FIRST = {"ols": "estimate", "logit": "effect", "beta": "effect", "typed": "estimate", "trimmed": "estimate"}
"""Model → what its first column holds."""
COLUMNS = (
    *(column for name, kind in FIRST.items() for column in (Column(f"{name}_{kind}", Unit.NUMBER, 4, span=name), Column(f"{name}_p", Unit.PROBABILITY, span=name))),
    Column("n_agree", Unit.COUNT),
    Column("n_compared", Unit.COUNT),
)


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: the variables of the regression. ``n_agree``: how many of the ``n_compared`` other models there are give the effect the sign that least squares gives it."""
    found = model(determinants_sample, edition, "expected_recovery")
    if isinstance(found, Unavailable):
        return found
    typed_sample = _typed_sample(determinants_sample, edition)
    models: dict[str, Ols | Effects | Unavailable] = {
        "ols": found.fit,
        "logit": fractional_logit(found.response, found.design.columns),
        "beta": beta_regression(found.response, found.design.columns),
        "typed": _typed(determinants_sample, typed_sample, edition),
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
    return rows.result(_evidence(determinants_sample, found, typed_sample))


def _effect(result: Ols | Effects | Unavailable, name: str) -> tuple[float | Unavailable, float | Unavailable]:
    """A variable's effect on the rate and its p value (HC3 for least squares)."""
    if isinstance(result, Unavailable):
        return result, result
    table, effect, p = (result.coefficients, "estimate", "p_hc3") if isinstance(result, Ols) else (result.effects, "effect", "p")
    if name not in table.index:
        return Unavailable("not_in_model"), Unavailable("not_in_model")
    return float(table[effect].astype(float)[name]), float(table[p].astype(float)[name])


def _typed_sample(determinants_sample: Result, edition: Edition) -> pd.DataFrame:
    """The deals of all types with an expected rate between 0 and 1 and the variables that every type has, as these enter."""
    frame = determinants_sample.frame
    names = [name for name in edition.determinants.regressors if name not in BORROWER]
    entered = entering(frame[names].astype(float)).dropna()
    return entered.loc[frame["expected_recovery"].reindex(entered.index).between(0, 1)]


def _typed(determinants_sample: Result, entered: pd.DataFrame, edition: Edition) -> Ols | Unavailable:
    """Least squares with an effect of each asset type but the first there is. The gate sees deviations from the types' means, which is what the effects leave of a variable."""
    if entered.empty or entered.columns.empty:
        return Unavailable("no_deals", needed=1, found=0)
    frame = determinants_sample.frame.loc[entered.index]
    design = gate(entered - entered.groupby(frame["asset_type"]).transform("mean"), edition.determinants.vif_limit)
    if isinstance(design, Unavailable):
        return design
    there = [kind for kind in ASSET_TYPES if (frame["asset_type"] == kind).any()]
    effects = pd.DataFrame({f"type_{kind}": (frame["asset_type"] == kind).astype(float) for kind in there[1:]}, index=frame.index)
    return ols(frame["expected_recovery"].astype(float), entered[list(design.columns.columns)].join(effects), frame["originator"], edition.determinants.significance)


def _trimmed(determinants_sample: Result, found: Model, edition: Edition) -> Ols | Unavailable:
    """Least squares without the deals whose Cook's distance exceeds 4/n."""
    kept = found.response.index[~found.fit.influential.to_numpy()]
    return ols(found.response.loc[kept], found.design.columns.loc[kept], determinants_sample.frame["originator"].reindex(kept), edition.determinants.significance)


def _evidence(determinants_sample: Result, found: Model, typed_sample: pd.DataFrame) -> pd.DataFrame:
    """For each variable the deals of any of the models: its value, the rate, and the deal's Cook's distance if it is in the regression."""
    deals = [deal for deal in determinants_sample.frame.index if deal in found.response.index or deal in typed_sample.index]
    values = entering(determinants_sample.frame.loc[deals, found.fit.variables].astype(float))
    facts = pd.DataFrame(
        {"deal": deals, "expected_recovery": determinants_sample.frame.loc[deals, "expected_recovery"].to_numpy(dtype=float), "cook": found.fit.deals["cook"].reindex(deals).to_numpy()}
    )
    every = pd.concat([facts.assign(row=name, value=values[name].to_numpy()) for name in found.fit.variables])
    return every[["row", "deal", "value", "expected_recovery", "cook"]].dropna(subset=["value"])


TABLE = ResearchTable(
    key="regression_robustness",
    rows=Unit.REGRESSOR,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL), Column("value", Unit.NUMBER, 4), Column("expected_recovery", Unit.RATE), Column("cook", Unit.NUMBER)),
    compute=compute,
    sources=("method",),
)
