"""Loadings of the variables on the rotated factors, by the factor that each belongs to.

Sources: the study, which names five factors; METHODS, determinants. Principal-component extraction, varimax with Kaiser
normalization run to convergence.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.factors import FACTORS, Factors, adequacy
from npl_report.stats.groups import settle
from npl_report.tables.factors import factor_cells, factor_columns, named_factors
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("factor", Unit.REGRESSOR),
    *factor_columns("loading"),
    Column("communality", Unit.NUMBER),
    Column("kmo", Unit.NUMBER),
)


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: the variables of the analysis, by the factor on which their loading is largest, then by size.

    The size is the loading's without its sign, for the factor as well; factors in the order of the columns.
    """
    found = named_factors(determinants_sample, edition)
    if isinstance(found, Unavailable):
        return found
    design, analysis = found
    measure = adequacy(design.columns)
    if isinstance(measure, Unavailable):
        return measure
    rows = Rows(COLUMNS)
    for name, factor, loadings in _grouped(analysis.loadings):
        rows.add(
            name,
            factor=factor,
            **factor_cells(loadings),
            communality=float(analysis.communalities[name]),
            kmo=measure.kmo_by_variable[name],
        )
    return rows.result(_evidence(analysis))


def _grouped(loadings: pd.DataFrame) -> list[tuple[str, str, dict[str, float]]]:
    """(variable, its factor, its loading on every factor), by factor as in ``FACTORS``, falling size and id."""
    factors = [name for name in FACTORS if name in loadings.columns]
    values = loadings[factors].to_numpy(dtype=float)
    sizes = loadings[factors].abs().apply(settle).to_numpy()
    own = sizes.argmax(axis=1)
    order = np.lexsort((loadings.index.to_numpy(dtype=str), -sizes.max(axis=1), own))
    return [
        (str(loadings.index[i]), factors[own[i]], dict(zip(factors, map(float, values[i]), strict=True))) for i in order
    ]


def _evidence(found: Factors) -> pd.DataFrame:
    """By variable and factor: the loading, and the weight of the standardized variable in the factor's score."""
    parts = [
        pd.DataFrame(
            {
                "row": name,
                "factor": list(cells),
                "loading": list(cells.values()),
                "weight": found.weights.loc[name, list(cells)].to_numpy(),
            }
        )
        for name, _, cells in _grouped(found.loadings)
    ]
    return pd.concat(parts)


TABLE = ResearchTable(
    key="factor_loadings",
    rows=Unit.REGRESSOR,
    columns=COLUMNS,
    evidence=(Column("factor", Unit.REGRESSOR), Column("loading", Unit.NUMBER), Column("weight", Unit.NUMBER)),
    compute=compute,
    sources=("study", "method"),
    chart=Chart("heatmap", FACTORS),
)
