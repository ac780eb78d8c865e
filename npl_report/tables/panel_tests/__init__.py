"""Which panel model: the size of each panel, and the tests between models.

They are the F test of fixed effects, Breusch–Pagan and Honda for random effects, Hausman between the two.

Source: METHODS, determinants (panel); the tests and their literature in ``stats.panel``. The rule that turns tests into
a model is ours.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from npl_report.model import Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.hypothesis import HypothesisTest
from npl_report.stats.panel import (
    Estimate,
    Panel,
    effects_test,
    fixed,
    hausman,
    honda,
    lagrange,
    pooled,
    preferred,
    random,
)
from npl_report.tables.panels import INDEX, PANELS, panel_of
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("n_observations", Unit.COUNT),
    Column("n_entities", Unit.COUNT),
    Column("n_periods", Unit.COUNT),
    Column("n_singletons", Unit.COUNT),
    Column("n_gaps", Unit.COUNT),
    Column("r_squared_within", Unit.NUMBER),
    Column("f_fixed", Unit.NUMBER),
    Column("f_fixed_df", Unit.COUNT),
    Column("f_fixed_df_rest", Unit.COUNT),
    Column("f_fixed_p", Unit.PROBABILITY),
    Column("bp_lm", Unit.NUMBER),
    Column("bp_lm_p", Unit.PROBABILITY),
    Column("honda", Unit.NUMBER),
    Column("honda_p", Unit.PROBABILITY),
    Column("hausman", Unit.NUMBER),
    Column("hausman_df", Unit.COUNT),
    Column("hausman_p", Unit.PROBABILITY),
    Column("preferred", Unit.TERM),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("originator", Unit.ORIGINATOR),
    Column("n_observations", Unit.COUNT),
    Column("status", Unit.TERM),
)


def compute(panel_observations: Result, edition: Edition) -> Result | Unavailable:
    """Rows: the panels. ``preferred`` at the edition's level of significance."""
    panels = {key: panel_of(panel_observations, key) for key in PANELS}
    if all(isinstance(data, Unavailable) for data in panels.values()):
        return next(data for data in panels.values() if isinstance(data, Unavailable))
    rows = Rows(COLUMNS)
    for key, data in panels.items():
        cells: dict[str, Cell] = (
            {column.key: data for column in COLUMNS}
            if isinstance(data, Unavailable)
            else _cells(data, edition.determinants.significance)
        )
        rows.add(key, **cells)
    return rows.result(_evidence(panel_observations.frame))


def _cells(data: Panel, significance: float) -> dict[str, Cell]:
    least, inside, between = pooled(data), fixed(data), random(data)
    effects = _compared(least, inside, effects_test)
    one_sided = _of(least, honda)
    choice = _compared(inside, between, hausman)
    return {
        "n_observations": len(data.columns),
        "n_entities": data.entities,
        "n_periods": data.periods,
        "n_singletons": len(data.singletons),
        "n_gaps": data.gaps,
        "r_squared_within": inside if isinstance(inside, Unavailable) else inside.r_squared,
        **_parts("f_fixed", effects, ("df", "df_rest")),
        **_parts("bp_lm", _of(least, lagrange), ()),
        **_parts("honda", one_sided, ()),
        **_parts("hausman", choice, ("df",)),
        "preferred": preferred(effects, one_sided, choice, significance),
    }


def _of(least: Estimate | Unavailable, test: Callable[[pd.Series], HypothesisTest]) -> HypothesisTest | Unavailable:
    return least if isinstance(least, Unavailable) else test(least.residuals)


def _compared(
    first: Estimate | Unavailable,
    second: Estimate | Unavailable,
    test: Callable[[Estimate, Estimate], HypothesisTest | Unavailable],
) -> HypothesisTest | Unavailable:
    """A test of two models, or why one of them is not there."""
    if isinstance(first, Unavailable):
        return first
    return second if isinstance(second, Unavailable) else test(first, second)


def _parts(name: str, test: HypothesisTest | Unavailable, freedoms: tuple[str, ...]) -> dict[str, Cell]:
    """A test's cells; without it all of them are gaps for its reason."""
    if isinstance(test, Unavailable):
        return dict.fromkeys((name, f"{name}_p", *(f"{name}_{part}" for part in freedoms)), test)
    return {
        name: test.statistic,
        f"{name}_p": test.p,
        **{f"{name}_{part}": int(getattr(test, part)) for part in freedoms},
    }


def _evidence(observations: pd.DataFrame) -> pd.DataFrame:
    """The entities of each panel, how often each is observed, and whether the models take it."""
    parts = []
    for key in PANELS:
        part = observations.loc[observations["panel"] == key]
        entities = part.groupby(INDEX[key][0], sort=True)
        parts.append(entities[["deal", "originator", "status"]].first().assign(row=key, n_observations=entities.size()))
    return pd.concat(parts, ignore_index=True)[["row", *(column.key for column in EVIDENCE)]]


TABLE = ResearchTable(
    key="panel_tests",
    rows=Unit.TERM,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("study", "method"),
    upright=True,
)
