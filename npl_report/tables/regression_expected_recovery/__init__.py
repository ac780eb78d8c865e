"""The expected recovery rate at issue, regressed on what the gate keeps of the explanatory variables.

Source: the study, whose dependent variable it is; METHODS, determinants. Least squares with classical, HC3 and
originator-clustered standard errors.
"""

from __future__ import annotations

from npl_report.model import Edition, Result, Unavailable
from npl_report.tables.regressions import coefficient_table, coefficients


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: the variables kept, then the constant.

    Coefficients: change of the rate, as a fraction, for one unit of the variable.
    """
    return coefficients(determinants_sample, edition, "expected_recovery")


TABLE = coefficient_table("regression_expected_recovery", "expected_recovery", compute)
