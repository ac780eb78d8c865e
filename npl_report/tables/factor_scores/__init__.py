"""Scores of the deals on the factors, from which expected recovery is then explained.

Source: METHODS, determinants. Thurstone's regression method; scores have mean nought and standard deviation one over
the deals and are uncorrelated.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.design import Design, standardized
from npl_report.tables.factors import factor_cells, factor_columns, named_factors
from npl_report.tables.rows import Rows

COLUMNS = (Column("asset_type", Unit.ASSET_TYPE), *factor_columns())


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: the deals that enter the models, in the order of the sample."""
    found = named_factors(determinants_sample, edition)
    if isinstance(found, Unavailable):
        return found
    design, analysis = found
    kinds = determinants_sample.frame["asset_type"]
    rows = Rows(COLUMNS)
    for deal, scores in zip(map(str, analysis.scores.index), analysis.scores.to_numpy(), strict=True):
        rows.add(
            deal, asset_type=str(kinds[deal]), **factor_cells(dict(zip(analysis.scores.columns, scores, strict=True)))
        )
    return rows.result(_evidence(design))


def _evidence(design: Design) -> pd.DataFrame:
    """The variables of each deal, standardized: times their weights they sum to its scores."""
    frame = pd.DataFrame(standardized(design.columns, ddof=1), design.columns.index, design.columns.columns)
    long = frame.rename_axis("row").reset_index().melt(id_vars="row", var_name="variable", value_name="standardized")
    order = pd.Series(range(len(frame)), frame.index)
    return long.assign(place=long["row"].map(order)).sort_values("place", kind="stable")[
        ["row", "variable", "standardized"]
    ]


TABLE = ResearchTable(
    key="factor_scores",
    rows=Unit.DEAL,
    columns=COLUMNS,
    evidence=(Column("variable", Unit.REGRESSOR), Column("standardized", Unit.NUMBER)),
    compute=compute,
    sources=("study", "method"),
)
