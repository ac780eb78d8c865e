"""What the regressions of both recovery rates rest on: their size, fit, and tests of their assumptions.

Sources: METHODS, determinants; the tests are those of ``stats.diagnostics``. Deals stand in the order of issue, which
the Durbin–Watson statistic depends on.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.diagnostics import (
    breusch_pagan,
    condition_number,
    durbin_watson,
    jarque_bera,
    largest_cook,
    reset,
    white,
)
from npl_report.stats.hypothesis import HypothesisTest
from npl_report.tables.regressions import Model, Response, model
from npl_report.tables.rows import Cell, Rows

MODELS: dict[str, Response] = {"expected": "expected_recovery", "actual": "actual_recovery"}
PARTS = {"count": Unit.COUNT, "statistic": Unit.NUMBER, "df": Unit.COUNT, "p": Unit.PROBABILITY}
COLUMNS = tuple(Column(f"{name}_{part}", PARTS[part], span=name) for name, part in product(MODELS, PARTS))
_NONE = Unavailable("no_test")


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: counts, measures of fit, tests; a count has no statistic, a measure neither degrees of freedom nor p.

    If one of the regressions cannot be estimated, its columns say why.
    """
    models = {name: model(determinants_sample, edition, response) for name, response in MODELS.items()}
    if isinstance(models["expected"], Unavailable) and isinstance(models["actual"], Unavailable):
        return models["expected"]
    told = {name: found if isinstance(found, Unavailable) else _lines(found) for name, found in models.items()}
    names = next(list(lines) for lines in told.values() if not isinstance(lines, Unavailable))
    rows = Rows(COLUMNS)
    for row in names:
        cells: dict[str, Cell] = {}
        for name, lines in told.items():
            line = lines if isinstance(lines, Unavailable) else lines[row]
            cells |= {f"{name}_{key}": cell for key, cell in _cells(line).items()}
        rows.add(row, **cells)
    return rows.result(pd.concat([_evidence(found) for found in models.values() if not isinstance(found, Unavailable)]))


def _lines(found: Model) -> dict[str, int | float | HypothesisTest | Unavailable]:
    """Row → its count, measure or test."""
    fit, columns = found.fit, found.design.columns
    residuals = fit.deals["residual"]
    return {
        "n_observations": fit.n,
        "n_clusters": fit.n_clusters,
        "n_influential": int(fit.influential.sum()),
        "r_squared": fit.r_squared,
        "adjusted_r_squared": fit.adjusted_r_squared,
        "f_statistic": HypothesisTest(fit.f_statistic, fit.k, fit.f_p),
        "breusch_pagan": breusch_pagan(residuals, columns),
        "white": white(residuals, columns),
        "reset": reset(found.response, columns),
        "jarque_bera": jarque_bera(residuals),
        "durbin_watson": durbin_watson(residuals),
        "condition_number": condition_number(columns),
        "max_cook": largest_cook(fit),
    }


def _cells(line: float | HypothesisTest | Unavailable) -> dict[str, Cell]:
    """A line's four cells."""
    if isinstance(line, Unavailable):
        return dict.fromkeys(PARTS, line)
    if isinstance(line, int):
        return {"count": line, "statistic": _NONE, "df": _NONE, "p": _NONE}
    if isinstance(line, float):
        return {"count": _NONE, "statistic": line, "df": _NONE, "p": _NONE}
    return {"count": _NONE, "statistic": line.statistic, "df": line.df, "p": line.p}


def _evidence(found: Model) -> pd.DataFrame:
    """The deals of a regression with the residuals that the tests look at."""
    deals = found.fit.deals.assign(
        row="n_observations", model=str(found.response.name), deal=found.response.index
    ).rename(columns={"response": "recovery"})
    return deals[["row", "model", "deal", "recovery", "fitted", "residual"]]


TABLE = ResearchTable(
    key="regression_diagnostics",
    rows=Unit.TERM,
    columns=COLUMNS,
    evidence=(
        Column("model", Unit.REGRESSOR),
        Column("deal", Unit.DEAL),
        Column("recovery", Unit.RATE),
        Column("fitted", Unit.RATE),
        Column("residual", Unit.POINTS),
    ),
    compute=compute,
    sources=("method",),
)
