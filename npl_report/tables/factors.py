"""The factor analysis that the tables of factors share.

It is the design, the factors, and columns with one for each factor there can be.
"""

from __future__ import annotations

from collections.abc import Mapping

from npl_report.model import Column, Edition, Result, Unavailable, Unit
from npl_report.stats.design import Design, gate
from npl_report.stats.factors import FACTORS, MARKERS, OTHERS, Factors, factors
from npl_report.tables.determinants import regressors
from npl_report.tables.rows import Cell


def factor_columns(span: str = "") -> tuple[Column, ...]:
    """A column for each factor that there can be, printed where the analysis found it."""
    return tuple(Column(name, Unit.NUMBER, span=span, optional=True) for name in FACTORS)


def factor_design(determinants_sample: Result, edition: Edition) -> Design | Unavailable:
    """The variables of the edition's list that no others determine exactly.

    Only exact dependence excludes one, because factors are made of correlation.
    """
    entered = regressors(determinants_sample)
    if entered.empty:
        return Unavailable("no_deals", needed=1, found=0)
    return gate(entered[list(edition.determinants.factor_variables)])


def named_factors(determinants_sample: Result, edition: Edition) -> tuple[Design, Factors] | Unavailable:
    """The design and its factors by the edition's rule, for tables with a column or row a factor.

    Unavailable if more of them lack a marker than there are names.
    """
    design = factor_design(determinants_sample, edition)
    if isinstance(design, Unavailable):
        return design
    found = factors(design.columns, edition.determinants.eigenvalue_limit)
    if isinstance(found, Unavailable):
        return found
    others = sum(name not in MARKERS for name in found.loadings.columns)
    return (
        Unavailable("too_many_factors", needed=len(OTHERS), found=others) if others > len(OTHERS) else (design, found)
    )


def factor_cells(values: Mapping[str, float]) -> dict[str, Cell]:
    """The cells of the factor columns, by factor; of the factors that the analysis did not find the reason."""
    return {name: float(values[name]) if name in values else Unavailable("no_such_factor") for name in FACTORS}
