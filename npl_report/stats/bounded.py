"""Rates in [0, 1] and explanatory variables → models whose predictions stay there.

They give average marginal effects, which compare with least squares.

Sources: Papke and Wooldridge (1996) for the fractional logit, a binomial quasi-likelihood with robust (HC1) errors;
Ferrari and Cribari-Neto (2004) for beta regression, logit link, one precision. Errors of effects by the delta method, p
values by the normal distribution. The estimation is statsmodels', on standardized variables, scaled back.

Both likelihoods are climbed by Newton's steps, with the derivatives of the formula. Whether they have arrived is judged
by what a further step would change, measured in standard errors: an optimizer that wants the likelihood itself to rise
gives up, or not, by its last bits.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from npl_report.model import Unavailable
from npl_report.stats.design import standardized
from npl_report.stats.regression import refusal

_ARRIVED = 1e-10
"""Square, in standard errors, of the step that Newton would still take where the maximum is found."""
_PRECISE = 1e7
"""Precision of the beta distribution beyond which rates lie on the curve, but for their fifth digit, and doubles
cannot tell the maximum any more."""
_NO_ERROR = 1e-8
"""Error of an effect, relative to the largest one, that rounding alone leaves where the rates lie on the curve."""


@dataclass(frozen=True)
class Effects:
    """Average marginal effects of n deals: ``effects`` has the k variables as index.

    Its columns: ``coefficient`` (of the logit), ``effect``: mean change of the rate for one unit of the variable, its
    ``se`` and ``p``. ``n``: deals.
    """

    effects: pd.DataFrame
    n: int


def fractional_logit(response: pd.Series, columns: pd.DataFrame) -> Effects | Unavailable:
    """The fractional logit of ``response`` (n, within [0, 1]) on ``columns`` (n × k) and a constant."""
    refused = refusal(response, columns) or _outside(response, response.between(0, 1))
    if refused:
        return refused
    import statsmodels.api as sm

    exog, spread = _standard(columns)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = sm.GLM(response.to_numpy(dtype=float), exog, family=sm.families.Binomial())
            found = model.fit(
                cov_type="HC0", maxiter=200, tol=1e-9, tol_criterion="params"
            )  # each step doubles the digits
            if not found.converged:
                return Unavailable("not_converged")
            margins = found.get_margeff(at="overall", method="dydx")
            corrected = np.sqrt(
                found.nobs / found.df_resid
            )  # statsmodels' own HC1 of such a model leaves the correction n / (n - k - 1) out
        except (Warning, ArithmeticError, ValueError, np.linalg.LinAlgError):  # separation, a flat likelihood
            return Unavailable("not_converged")
    return _effects(
        columns,
        spread,
        np.asarray(found.params)[1:],
        np.asarray(margins.margeff),
        np.asarray(margins.margeff_se) * corrected,
    )


def beta_regression(response: pd.Series, columns: pd.DataFrame) -> Effects | Unavailable:
    """Beta regression of ``response`` (n, within (0, 1)) on ``columns`` (n × k) and a constant.

    Errors come from the observed information.
    """
    refused = refusal(response, columns) or _outside(response, response.between(0, 1, inclusive="neither"))
    if refused:
        return refused
    from scipy.optimize import minimize
    from statsmodels.othermod.betareg import BetaModel

    exog, spread = _standard(columns)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = BetaModel(response.to_numpy(dtype=float), exog)
            near = minimize(
                lambda at: -model.loglike(at),
                _start(model.endog, exog),
                method="trust-exact",
                jac=lambda at: -model.score(at),
                hess=lambda at: -model.hessian(at),
            )
            found = model.fit(
                start_params=near.x, method="newton", maxiter=20, tol=1e-8, disp=0, warn_convergence=False
            )
            step = np.linalg.solve(model.hessian(found.params), model.score(found.params))
            if not (abs(step @ model.score(found.params)) < _ARRIVED and found.params[-1] < np.log(_PRECISE)):
                return Unavailable("not_converged")
            k = exog.shape[1]
            coefficients, covariance = np.asarray(found.params)[:k], np.asarray(found.cov_params())[:k, :k]
        except (Warning, ArithmeticError, ValueError, np.linalg.LinAlgError):
            return Unavailable("not_converged")
    effect, se = _logit_effects(exog, coefficients, covariance)
    return _effects(columns, spread, coefficients[1:], effect, se)


def _start(rates: npt.NDArray[np.float64], exog: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Coefficients and logarithm of the precision to climb from.

    Least squares on the logits, and the moments of its residuals (Ferrari and Cribari-Neto, section 2). The rates are
    squeezed from the ends of their range, where logits have none (Smithson and Verkuilen 2006).
    """
    n, k = exog.shape
    squeezed = (rates * (n - 1) + 0.5) / n
    logits = np.log(squeezed / (1 - squeezed))
    coefficients = np.linalg.lstsq(exog, logits, rcond=None)[0]
    mu = 1 / (1 + np.exp(-exog @ coefficients))
    variance = np.square(logits - exog @ coefficients).sum() / (n - k)
    return np.append(coefficients, np.log(max(np.mean(1 / (variance * mu * (1 - mu))) - 1, 1.0)))


def _logit_effects(
    exog: npt.NDArray[np.float64], coefficients: npt.NDArray[np.float64], covariance: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Average marginal effects b_k · mean(w), w = μ (1 − μ), and their errors.

    The gradient is mean(w) on b_k itself and b_k · mean(w (1 − 2μ) x_j) on every b_j.
    """
    mu = 1 / (1 + np.exp(-exog @ coefficients))
    weight = mu * (1 - mu)
    slopes = coefficients[1:]
    gradient = np.outer(slopes, (weight * (1 - 2 * mu)) @ exog / len(exog))
    gradient[:, 1:] += np.eye(len(slopes)) * weight.mean()
    return slopes * weight.mean(), np.sqrt(np.diag(gradient @ covariance @ gradient.T))


def _effects(
    columns: pd.DataFrame,
    spread: npt.NDArray[np.float64],
    slopes: npt.NDArray[np.float64],
    effect: npt.NDArray[np.float64],
    se: npt.NDArray[np.float64],
) -> Effects | Unavailable:
    """The effects of one unit of each variable from those of one standard deviation."""
    from scipy.stats import norm

    if not (np.isfinite(effect).all() and np.isfinite(se).all() and (se > _NO_ERROR * np.abs(effect).max()).all()):
        return Unavailable("not_converged")
    frame = pd.DataFrame(
        {
            "coefficient": slopes / spread,
            "effect": effect / spread,
            "se": se / spread,
            "p": 2 * norm.sf(np.abs(effect / se)),
        },
        index=columns.columns.astype(str),
    )
    return Effects(frame, len(columns))


def _standard(columns: pd.DataFrame) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """A constant and the standardized variables, and their standard deviations."""
    return np.column_stack([np.ones(len(columns)), standardized(columns)]), columns.to_numpy(dtype=float).std(axis=0)


def _outside(response: pd.Series, inside: pd.Series) -> Unavailable | None:
    """Rates that the model's distribution does not know."""
    return None if inside.all() else Unavailable("rates_outside", needed=len(response), found=int(inside.sum()))
