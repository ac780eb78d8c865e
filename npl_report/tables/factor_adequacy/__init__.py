"""Whether the sample suits a factor analysis, and how many factors it holds.

Sources: the study, fourteen variables refined into five factors; METHODS, determinants. The measure of sampling
adequacy and the test of sphericity are computed on the variables that the gate lets through; the number of factors is
that of the edition's rule, with parallel analysis as a second opinion.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.factors import Adequacy, Factors, adequacy, factors, parallel, random_eigenvalues
from npl_report.tables.determinants import INCLUDED
from npl_report.tables.factors import factor_design
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("n_variables", Unit.COUNT),
    Column("n_dropped", Unit.COUNT),
    Column("kmo", Unit.NUMBER),
    Column("bartlett", Unit.NUMBER, decimals=2),
    Column("df", Unit.COUNT),
    Column("p", Unit.PROBABILITY),
    Column("n_factors", Unit.COUNT),
    Column("n_factors_parallel", Unit.COUNT),
    Column("explained", Unit.RATE),
)


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """One row, ``included``: the deals that enter the models."""
    design = factor_design(determinants_sample, edition)
    if isinstance(design, Unavailable):
        return design
    found = adequacy(design.columns)
    if isinstance(found, Unavailable):
        return found
    analysis = factors(design.columns, edition.determinants.eigenvalue_limit)
    eigenvalues = np.linalg.eigvalsh(found.correlations)[::-1]
    rows = Rows(COLUMNS)
    rows.add(
        INCLUDED,
        n_deals=found.n,
        n_variables=design.columns.shape[1],
        n_dropped=len(design.dropped),
        kmo=found.kmo,
        bartlett=found.bartlett,
        df=found.df,
        p=found.p_value,
        n_factors=_number(analysis),
        n_factors_parallel=parallel(eigenvalues, random_eigenvalues(*design.columns.shape)),
        explained=analysis if isinstance(analysis, Unavailable) else float(analysis.variance.sum()) / len(eigenvalues),
    )
    return rows.result(_evidence(found))


def _number(analysis: Factors | Unavailable) -> Cell:
    """How many factors there are, which may be none; or why that cannot be told."""
    if isinstance(analysis, Unavailable):
        return 0 if analysis.reason == "no_factor" else analysis
    return analysis.loadings.shape[1]


def _evidence(found: Adequacy) -> pd.DataFrame:
    """The pairs of variables with their correlation, and their partial one with all others held fixed.

    With n, all that the figures are made of.
    """
    names = found.correlations.columns
    one, other = np.triu_indices(len(names), 1)
    correlations, partials = (matrix.to_numpy()[one, other] for matrix in (found.correlations, found.partials))
    return pd.DataFrame(
        {
            "row": INCLUDED,
            "variable": names[one],
            "other": names[other],
            "correlation": correlations,
            "partial": partials,
        }
    )


TABLE = ResearchTable(
    key="factor_adequacy",
    rows=Unit.TERM,
    columns=COLUMNS,
    evidence=(
        Column("variable", Unit.REGRESSOR),
        Column("other", Unit.REGRESSOR),
        Column("correlation", Unit.NUMBER),
        Column("partial", Unit.NUMBER),
    ),
    compute=compute,
    sources=("study", "method"),
    upright=True,
)
