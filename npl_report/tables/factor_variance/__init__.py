"""Eigenvalues of the components, the variance that they and the rotated factors explain, and which components are kept.

Sources: METHODS, determinants; Kaiser's rule with the edition's limit; Horn (1965) for the eigenvalues of random data
of the same size.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.factors import FACTORS, Factors, factors, random_eigenvalues
from npl_report.tables.factors import factor_design
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("eigenvalue", Unit.NUMBER),
    Column("share", Unit.RATE),
    Column("cumulative", Unit.RATE),
    Column("random_eigenvalue", Unit.NUMBER),
    Column("limit", Unit.NUMBER, shown=False),
    Column("kept", Unit.TERM),
    Column("rotated_factor", Unit.REGRESSOR, span="rotated"),
    Column("rotated_variance", Unit.NUMBER, span="rotated"),
    Column("rotated_share", Unit.RATE, span="rotated"),
    Column("rotated_cumulative", Unit.RATE, span="rotated"),
)


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: all components by falling eigenvalue.

    The rotated columns speak of the factor of that place, which is a mixture of the components kept.
    """
    design = factor_design(determinants_sample, edition)
    if isinstance(design, Unavailable):
        return design
    found = factors(design.columns, edition.determinants.eigenvalue_limit)
    if isinstance(found, Unavailable):
        return found
    random = random_eigenvalues(*design.columns.shape)
    shares = found.eigenvalues / len(found.eigenvalues)
    variance = found.variance.to_numpy()
    rotated = variance / len(found.eigenvalues)
    gap = Unavailable("not_kept")
    rows = Rows(COLUMNS)
    for i, eigenvalue in enumerate(found.eigenvalues):
        kept = i < len(variance)
        rows.add(
            str(i + 1),
            eigenvalue=float(eigenvalue),
            share=float(shares[i]),
            cumulative=float(shares[: i + 1].sum()),
            random_eigenvalue=float(random[i]),
            limit=edition.determinants.eigenvalue_limit,
            kept="yes" if kept else "no",
            rotated_factor=_name(found, i) if kept else gap,
            rotated_variance=float(variance[i]) if kept else gap,
            rotated_share=float(rotated[i]) if kept else gap,
            rotated_cumulative=float(rotated[: i + 1].sum()) if kept else gap,
        )
    return rows.result(_evidence(found))


def _name(found: Factors, place: int) -> Cell:
    """The factor of that place; further ones than have a name have none."""
    name = str(found.loadings.columns[place])
    return name if name in FACTORS else Unavailable("no_name")


def _evidence(found: Factors) -> pd.DataFrame:
    """The unrotated loadings of each component; their squares sum to its eigenvalue."""
    long = (
        found.components.T.rename_axis("row")
        .reset_index()
        .melt(id_vars="row", var_name="variable", value_name="loading")
    )
    ordered = long.sort_values("row", kind="stable")
    return ordered.assign(row=ordered["row"].astype(str))[["row", "variable", "loading"]]


TABLE = ResearchTable(
    key="factor_variance",
    rows=Unit.RANK,
    columns=COLUMNS,
    evidence=(Column("variable", Unit.REGRESSOR), Column("loading", Unit.NUMBER)),
    compute=compute,
    sources=("study", "method"),
    chart=Chart("scree", ("eigenvalue", "random_eigenvalue", "limit")),
)
