"""A regression → tests and measures of what it assumes, or the reason why there is none.

Sources: Koenker (1981) for the studentized Breusch–Pagan test; White (1980); Ramsey (1969); Jarque and Bera (1987);
Durbin and Watson (1950). The tests are statsmodels'; variables are standardized before, which changes none of them and
keeps powers and products within what doubles can tell apart.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd

from npl_report.model import Unavailable
from npl_report.stats.design import gate, standardized
from npl_report.stats.hypothesis import HypothesisTest
from npl_report.stats.regression import Ols, refusal


def breusch_pagan(residuals: pd.Series, columns: pd.DataFrame) -> HypothesisTest | Unavailable:
    """Whether the squared residuals depend on the variables: n R², studentized (Koenker), χ²(k)."""
    if _vanishing(residuals):
        return Unavailable("exact_fit")
    from statsmodels.stats.diagnostic import het_breuschpagan

    statistic, p, _, _ = het_breuschpagan(residuals.to_numpy(dtype=float), _with_constant(columns))
    return HypothesisTest(float(statistic), columns.shape[1], float(p))


def white(residuals: pd.Series, columns: pd.DataFrame) -> HypothesisTest | Unavailable:
    """Whether the squared residuals depend on the variables, their squares and cross products.

    n R², χ² with the rank of these. Unavailable with no more deals than such terms and a constant: the test's own
    regression would fit without error.
    """
    if _vanishing(residuals):
        return Unavailable("exact_fit")
    from statsmodels.stats.diagnostic import het_white
    from statsmodels.tools.sm_exceptions import SingularMatrixWarning

    exog = _with_constant(columns)
    first, second = np.triu_indices(exog.shape[1])
    rank = int(np.linalg.matrix_rank(exog[:, first] * exog[:, second]))
    if len(exog) < len(first) + 1:
        return Unavailable("too_few_observations", needed=len(first) + 1, found=len(exog))
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", SingularMatrixWarning
        )  # the square of a dummy is the dummy: the rank, not the number of terms, is counted
        statistic, p, _, _ = het_white(residuals.to_numpy(dtype=float), exog)
    return HypothesisTest(float(statistic), rank - 1, float(p))


def reset(response: pd.Series, columns: pd.DataFrame) -> HypothesisTest | Unavailable:
    """Ramsey's test whether the second and third power of the fitted values add to the model: F(2, n − k − 3)."""
    n, k = columns.shape
    if n < k + 4:
        return Unavailable("too_few_observations", needed=k + 4, found=n)
    refused = refusal(response, columns)
    if refused:
        return refused
    import statsmodels.api as sm
    from statsmodels.stats.diagnostic import linear_reset

    values = response.to_numpy(dtype=float)
    model = sm.OLS((values - values.mean()) / values.std(), _with_constant(columns)).fit()
    fitted = np.asarray(model.fittedvalues, dtype=float)
    if _vanishing(pd.Series(np.asarray(model.resid))):
        return Unavailable("exact_fit")
    augmented = gate(columns.assign(fitted_2=fitted**2, fitted_3=fitted**3))
    if isinstance(augmented, Unavailable) or augmented.dropped:
        return Unavailable("no_powers")
    tested = linear_reset(model, power=3, test_type="fitted", use_f=True)
    return HypothesisTest(float(tested.statistic), 2, float(tested.pvalue))


def jarque_bera(residuals: pd.Series) -> HypothesisTest | Unavailable:
    """Whether skewness and kurtosis of the residuals are those of a normal distribution: χ²(2)."""
    if _vanishing(residuals):
        return Unavailable("exact_fit")
    from statsmodels.stats.stattools import jarque_bera as tested

    statistic, p, _, _ = tested(residuals.to_numpy(dtype=float))
    return HypothesisTest(float(statistic), 2, float(p))


def durbin_watson(residuals: pd.Series) -> float | Unavailable:
    """Σ (e_i − e_{i−1})² / Σ e_i² in the order given; near two without correlation of neighbours.

    It is a measure, no test: its distribution depends on the design.
    """
    if _vanishing(residuals):
        return Unavailable("exact_fit")
    from statsmodels.stats.stattools import durbin_watson as measured

    return float(measured(residuals.to_numpy(dtype=float)))


def condition_number(columns: pd.DataFrame) -> float:
    """Largest over smallest singular value of the standardized variables."""
    return float(np.linalg.cond(standardized(columns)))


def largest_cook(model: Ols) -> float:
    """The largest Cook's distance of a deal."""
    return float(model.deals["cook"].max())


def _with_constant(columns: pd.DataFrame) -> npt.NDArray[np.float64]:
    """A constant, then the standardized variables."""
    return np.column_stack([np.ones(len(columns)), standardized(columns)])


def _vanishing(residuals: pd.Series) -> bool:
    """Whether no residual is left to test."""
    return bool(np.abs(residuals.to_numpy(dtype=float)).max(initial=0.0) < 1e-12)  # noqa: PLR2004 -- rates: what rounding leaves of a zero, and a margin
