"""The regressions of part II: the gate, the estimation and the table of coefficients, shared by the tables of both recovery rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

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
    """A recovery rate regressed on what the gate lets through. ``response``: n; ``design.columns``: n × k; both with the deals as index."""

    response: pd.Series
    design: Design
    fit: Ols


def model(determinants_sample: Result, edition: Edition, response: Response) -> Model | Unavailable:
    """The regression of the included deals that have the rate, on the edition's candidates, gated for these deals."""
    rules = edition.determinants
    frame = determinants_sample.frame
    entered = regressors(determinants_sample)[list(rules.regressors)]
    rates = frame[response].reindex(entered.index).dropna().astype(float)
    if rates.empty:
        return Unavailable("no_deals", needed=1, found=0)
    design = gate(entered.loc[rates.index], rules.vif_limit)
    if isinstance(design, Unavailable):
        return design
    fit = ols(rates, design.columns, frame["originator"].reindex(rates.index), rules.significance)
    return fit if isinstance(fit, Unavailable) else Model(rates, design, fit)


COLUMNS = (
    Column("estimate", Unit.NUMBER, 4),
    *(Column(f"se_{kind}", Unit.NUMBER, 4, span="se") for kind in ERRORS),
    *(Column(f"p_{kind}", Unit.PROBABILITY, span="p") for kind in ERRORS),
    Column("low", Unit.NUMBER, 4, span="interval"),
    Column("high", Unit.NUMBER, 4, span="interval"),
    Column("standardized", Unit.NUMBER),
    Column("standardized_low", Unit.NUMBER, shown=False),
    Column("standardized_high", Unit.NUMBER, shown=False),
    Column("inflation", Unit.NUMBER, 2),
    Column("sign", Unit.NUMBER, 0, shown=False),
)
_OF_VARIABLES = ("standardized", "standardized_low", "standardized_high", "inflation")


def coefficient_table(key: str, response: Response, compute: Callable[..., Result | Unavailable]) -> ResearchTable:
    """The declaration of a table of coefficients of one rate."""
    return ResearchTable(
        key=key,
        rows=Unit.REGRESSOR,
        columns=COLUMNS,
        evidence=(Column("deal", Unit.DEAL), Column(response, Unit.RATE), Column("fitted", Unit.RATE), Column("residual", Unit.POINTS)),
        compute=compute,
        sources=("study", "method"),
        chart=Chart("coefficients", ("standardized", "standardized_low", "standardized_high")),
    )


def coefficients(determinants_sample: Result, edition: Edition, response: Response) -> Result | Unavailable:
    """Rows: the variables that the gate kept, then the constant, behind which stands the evidence: every deal with its rate, fitted value and residual.

    ``sign``: 1 or −1 where the HC3 p value is under the edition's significance, otherwise 0. The interval is the HC3 one.
    """
    found = model(determinants_sample, edition, response)
    if isinstance(found, Unavailable):
        return found
    fit = found.fit
    table = fit.coefficients
    clear = table["p_hc3"] < edition.determinants.significance
    frame = table.assign(sign=(table["estimate"] > 0).astype(float).where(table["estimate"] >= 0, -1.0).where(clear, 0.0))
    gaps = {(CONSTANT, key): Unavailable("not_for_the_constant") for key in _OF_VARIABLES}
    if fit.unclustered:
        gaps |= {(str(row), key): fit.unclustered for row in frame.index for key in ("se_cluster", "p_cluster")}
    evidence = fit.deals.assign(row=CONSTANT, deal=fit.deals.index).rename(columns={"response": response})
    return Result(frame[[column.key for column in COLUMNS]], evidence[["row", "deal", response, "fitted", "residual"]].reset_index(drop=True), gaps)
