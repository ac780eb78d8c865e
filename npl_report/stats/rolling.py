"""Deals known by a day → predictions for deals that come after it.

They tell what a regression would have been worth at the time.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Unavailable
from npl_report.stats.design import gate
from npl_report.stats.regression import CONSTANT, ols


def predicted(
    response: pd.Series, candidates: pd.DataFrame, later: pd.DataFrame, limit: float
) -> pd.Series | Unavailable:
    """Least squares of ``response`` (n) on what the gate keeps of ``candidates`` (n × k), applied to ``later``.

    ``later`` (m × k) gives m predictions. Rates are fractions; predictions may lie outside [0, 1]. The gate sees the n
    deals only, so that nothing of the later ones is used. Unavailable with no deal before (``none_read_before``), or
    for the reasons of the gate and of ``ols``.
    """
    if response.empty:
        return Unavailable("none_read_before")
    design = gate(candidates, limit)
    if isinstance(design, Unavailable):
        return design
    fit = ols(response, design.columns, pd.Series(range(len(response)), index=response.index))
    if isinstance(fit, Unavailable):
        return fit
    estimates = fit.coefficients["estimate"]
    return later[fit.variables] @ estimates[fit.variables] + float(estimates[CONSTANT])
