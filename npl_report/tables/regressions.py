"""The regressions of part II: the gate, the estimation and the table of coefficients.

The tables of both recovery rates share them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
import pandas as pd

from npl_report.model import Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.design import Design, gate
from npl_report.stats.regression import CONSTANT, Ols, ols
from npl_report.tables.determinants import regressors

Response = Literal["expected_recovery", "actual_recovery"]
ERRORS = ("classical", "hc3", "cluster")
"""Kinds of standard errors, in the order of the columns."""


@dataclass(frozen=True)
class Model:
    """A recovery rate regressed on what the gate lets through.

    ``response``: n; ``design.columns``: n × k; both with the deals as index.
    """

    response: pd.Series
    design: Design
    fit: Ols


def model(determinants_sample: Result, edition: Edition, response: Response) -> Model | Unavailable:
    """The regression of the included deals that have the rate."""
    included = regressors(determinants_sample).index
    rates = determinants_sample.frame[response].reindex(included).dropna().astype(float)
    if rates.empty and len(included):
        return determinants_sample.gaps[str(included[0]), response]
    return estimated(determinants_sample, edition, rates)


def estimated(determinants_sample: Result, edition: Edition, rates: pd.Series) -> Model | Unavailable:
    """The regression of these deals' ``rates`` on the edition's candidates, gated for these deals."""
    if rates.empty:
        return Unavailable("no_deals", needed=1, found=0)
    rules = edition.determinants
    design = gate(regressors(determinants_sample).loc[rates.index, list(rules.regressors)], rules.vif_limit)
    if isinstance(design, Unavailable):
        return design
    fit = ols(rates, design.columns, determinants_sample.frame["originator"].reindex(rates.index), rules.significance)
    return fit if isinstance(fit, Unavailable) else Model(rates, design, fit)


def typed(found: Model, determinants_sample: Result, edition: Edition) -> Ols | Unavailable:
    """The same deals and variables with an effect of each asset type but the first there is.

    What is left of a coefficient is between deals of one type. What the types determine is not among its variables: the
    gate sees deviations from the types' means, without a limit.
    """
    facts = determinants_sample.frame.loc[found.response.index]
    kinds, columns = facts["asset_type"], found.design.columns
    design = gate(columns - columns.groupby(kinds).transform("mean"))
    if isinstance(design, Unavailable):
        return design
    there = [kind for kind in edition.market.asset_types if (kinds == kind).any()]
    effects = pd.DataFrame({f"type_{kind}": (kinds == kind).astype(float) for kind in there[1:]}, index=kinds.index)
    return ols(
        found.response,
        columns[list(design.columns.columns)].join(effects),
        facts["originator"],
        edition.determinants.significance,
    )


COLUMNS = (
    Column("estimate", Unit.NUMBER, 4),
    *(Column(f"se_{kind}", Unit.NUMBER, 4, span="se") for kind in ERRORS),
    *(Column(f"p_{kind}", Unit.PROBABILITY, span="p") for kind in ERRORS),
    Column("typed_estimate", Unit.NUMBER, 4, span="typed"),
    Column("typed_p", Unit.PROBABILITY, span="typed"),
    Column("low", Unit.NUMBER, 4, span="interval"),
    Column("high", Unit.NUMBER, 4, span="interval"),
    Column("standardized", Unit.NUMBER),
    Column("standardized_low", Unit.NUMBER, shown=False),
    Column("standardized_high", Unit.NUMBER, shown=False),
    Column("inflation", Unit.NUMBER, 2),
    Column("sign", Unit.NUMBER, 0, shown=False),
    Column("typed_sign", Unit.NUMBER, 0, shown=False),
)
_TYPED = ("typed_estimate", "typed_p", "typed_sign")
_OF_VARIABLES = ("standardized", "standardized_low", "standardized_high", "inflation", *_TYPED)


def coefficient_table(key: str, response: Response, compute: Callable[..., Result | Unavailable]) -> ResearchTable:
    """The declaration of a table of coefficients of one rate."""
    return ResearchTable(
        key=key,
        rows=Unit.REGRESSOR,
        columns=COLUMNS,
        evidence=(
            Column("deal", Unit.DEAL),
            Column(response, Unit.RATE),
            Column("fitted", Unit.RATE),
            Column("residual", Unit.POINTS),
        ),
        compute=compute,
        sources=("study", "method"),
        chart=Chart("coefficients", ("standardized", "standardized_low", "standardized_high"), sort=True),
    )


def coefficients(determinants_sample: Result, edition: Edition, response: Response) -> Result | Unavailable:
    """Rows: the variables that the gate kept, then the constant.

    Behind them stands the evidence: every deal with its rate, fitted value and residual. ``sign``: 1 or −1 where the
    HC3 p value is under the edition's significance, otherwise 0. The interval is the HC3 one. ``typed_``: the same with
    type effects.
    """
    found = model(determinants_sample, edition, response)
    if isinstance(found, Unavailable):
        return found
    fit = found.fit
    table = fit.coefficients
    within = typed(found, determinants_sample, edition)
    among = fit.coefficients[[]] if isinstance(within, Unavailable) else within.coefficients.reindex(fit.variables)
    frame = table.assign(typed_estimate=among.get("estimate", np.nan), typed_p=among.get("p_hc3", np.nan))
    for kind, p in (("", "p_hc3"), ("typed_", "typed_p")):
        signs = np.sign(frame[f"{kind}estimate"])
        frame[f"{kind}sign"] = signs.mask(frame[p] >= edition.determinants.significance, 0.0)
    missing = within if isinstance(within, Unavailable) else Unavailable("not_in_model")
    gaps = {(str(row), key): missing for row, key in product(frame.index[frame["typed_p"].isna()], _TYPED)}
    gaps |= {(CONSTANT, key): Unavailable("not_for_the_constant") for key in _OF_VARIABLES}
    if fit.unclustered:
        clustered = product(frame.index, ("se_cluster", "p_cluster"))
        gaps |= {(str(row), key): fit.unclustered for row, key in clustered}
    evidence = fit.deals.assign(row=CONSTANT, deal=fit.deals.index).rename(columns={"response": response})
    return Result(
        frame[[column.key for column in COLUMNS]],
        evidence[["row", "deal", response, "fitted", "residual"]].reset_index(drop=True),
        gaps,
    )
