"""The actual recovery rate inside the observation window, regressed on the explanatory variables.

They are what the gate keeps of them for the deals that have such a rate.

Source: METHODS, determinants, beside the study's expected rate. Least squares with classical, HC3 and
originator-clustered standard errors.
"""

from __future__ import annotations

from npl_report.model import Edition, Result, Unavailable
from npl_report.tables.regressions import coefficient_table, coefficients


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: the variables kept, then the constant.

    Coefficients: change of the rate, as a fraction, for one unit of the variable.
    """
    return coefficients(determinants_sample, edition, "actual_recovery")


TABLE = coefficient_table("regression_actual_recovery", "actual_recovery", compute)
