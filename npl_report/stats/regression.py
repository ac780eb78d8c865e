"""Response and explanatory variables → least squares with three kinds of standard errors, fitted values and influence.

Sources: MacKinnon and White (1985) for HC3; Cameron and Miller (2015) for errors clustered by group with the correction
G/(G − 1) · (n − 1)/(n − k − 1) and t(G − 1); Cook (1977). Classical and HC3 inference uses t(n − k − 1). The estimation
is statsmodels', on standardized variables, as the gate looks at them, so that logarithms, shares and months of
different size cost no digits; coefficients and errors are those of the variables as given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from npl_report.model import Unavailable
from npl_report.stats.design import constant, gate, inflations, standardized

CONSTANT = "const"
_PERFECT = 1e-16
"""Residual over total sum of squares under which nothing is left to estimate an error from: what rounding leaves of
an exact relation."""
_WHOLE = 1e-10
"""One less this leverage a deal has its coefficient to itself, and HC3 divides by zero."""
_NO_SPREAD = 1e-12
"""Clustered variance relative to the classical one under which the groups' scores cancel, so that it says nothing:
what rounding leaves of it, which may be less than zero, and a margin."""
_NOTHING_LEFT = 1e-8
"""Share of the residuals' squares, times n − k − 1, under which the other deals fit without error."""


@dataclass(frozen=True)
class Ols:
    """A regression of n deals on k variables and a constant.

    ``coefficients``: index = the variables, then ``const``; ``estimate``, ``se_`` and ``p_`` for each of classical, hc3
    and cluster, ``t_hc3``; ``low`` and ``high``, the HC3 interval at 1 − significance; ``standardized`` (in standard
    deviations of the response for one of the variable) with its ends ``standardized_low`` and ``standardized_high``;
    ``inflation``. The last four are NaN for the constant, which has none; the clustered ones NaN with the reason in
    ``unclustered``. ``deals``: index as given; ``response``, ``fitted``, ``residual``, ``leverage``, ``cook``,
    ``studentized`` (externally; NaN if the others fit without error). ``f_statistic`` and ``f_p``: that all slopes are
    zero, classical, F(k, n − k − 1).
    """

    coefficients: pd.DataFrame
    deals: pd.DataFrame
    n: int
    k: int
    n_clusters: int
    unclustered: Unavailable | None
    r_squared: float
    adjusted_r_squared: float
    f_statistic: float
    f_p: float

    @property
    def variables(self) -> list[str]:
        """Names of the k variables in their order."""
        return [str(name) for name in self.coefficients.index if name != CONSTANT]

    @property
    def influential(self) -> pd.Series:
        """Which deals have a Cook's distance above 4/n, the customary mark."""
        return self.deals["cook"] > 4 / self.n


def ols(
    response: pd.Series, columns: pd.DataFrame, clusters: pd.Series, significance: float = 0.05
) -> Ols | Unavailable:
    """Least squares of ``response`` (n) on ``columns`` (n × k, without a constant).

    ``clusters`` names each deal's group, by deal. Unavailable: fewer than k + 3 deals (a deal's own error needs one
    degree of freedom more), missing values, a response or variable that is constant, exact dependence, a deal that
    alone determines a coefficient, no residual.
    """
    refused = refusal(response, columns)
    if refused:
        return refused
    import statsmodels.api as sm

    exog = np.column_stack([standardized(columns), np.ones(len(columns))])
    found = sm.OLS(response.to_numpy(dtype=float), exog).fit(method="qr")
    leverage = np.asarray(found.get_influence().hat_matrix_diag, dtype=float)
    if found.ssr <= _PERFECT * found.centered_tss:
        return Unavailable("exact_fit")
    if leverage.max() > 1 - _WHOLE:
        return Unavailable("leverage_one")
    table, unclustered = _inferences(found, _as_given(columns), clusters.reindex(response.index), significance)
    return Ols(
        coefficients=_scaled(table, response, columns),
        deals=_deals(found, response, leverage),
        n=len(columns),
        k=columns.shape[1],
        n_clusters=int(clusters.reindex(response.index).nunique()),
        unclustered=unclustered,
        r_squared=float(found.rsquared),
        adjusted_r_squared=float(found.rsquared_adj),
        f_statistic=float(found.fvalue),
        f_p=float(found.f_pvalue),
    )


def refusal(response: pd.Series, columns: pd.DataFrame) -> Unavailable | None:
    """Why the regression cannot be estimated, if it cannot: the tools' own answer to such data is an estimate."""
    n, k = columns.shape
    whole = int((columns.notna().all(axis=1) & response.notna()).sum())
    if whole < n:
        return Unavailable("values_missing", needed=n, found=whole)
    if n < k + 3:
        return Unavailable("too_few_observations", needed=k + 3, found=n)
    if constant(response):
        return Unavailable("outcome_constant")
    design = gate(columns)
    if isinstance(design, Unavailable):
        return design
    if any(dropped.reason == "constant" for dropped in design.dropped):
        return Unavailable("regressor_constant")
    return Unavailable("collinear") if design.dropped else None


def _as_given(columns: pd.DataFrame) -> pd.DataFrame:
    """What turns coefficients of standardized variables, constant last, into those of the variables as given."""
    values = columns.to_numpy(dtype=float)
    names = [*map(str, columns.columns), CONSTANT]
    slopes = 1 / values.std(axis=0)
    turned = np.diag([*slopes, 1.0])
    turned[-1, :-1] = -values.mean(axis=0) * slopes
    return pd.DataFrame(turned, names, names)


def _inferences(
    found: Any,
    turned: pd.DataFrame,
    clusters: pd.Series,
    significance: float,
) -> tuple[pd.DataFrame, Unavailable | None]:
    """Estimates of the ``turned`` coefficients with errors and p of each kind, and why there are no clustered ones."""
    back = turned.to_numpy()
    classical, robust = found.t_test(back), found.get_robustcov_results("HC3", use_t=True).t_test(back)
    table = pd.DataFrame({"estimate": np.asarray(classical.effect, dtype=float)}, index=turned.index)
    for kind, result in (("classical", classical), ("hc3", robust)):
        table[f"se_{kind}"], table[f"p_{kind}"] = result.sd, result.pvalue
    table["t_hc3"] = robust.tvalue
    table["low"], table["high"] = np.asarray(robust.conf_int(alpha=significance)).T
    table[["se_cluster", "p_cluster"]] = np.nan
    if clusters.isna().any():
        return table, Unavailable("values_missing", needed=len(clusters), found=int(clusters.notna().sum()))
    groups, names_of = pd.factorize(clusters)
    if len(names_of) < 2:  # noqa: PLR2004 -- one group has no spread between groups
        return table, Unavailable("too_few_clusters", needed=2, found=len(names_of))
    options = {"groups": groups, "use_correction": True, "df_correction": True, "use_t": True}
    covered = found.get_robustcov_results("cluster", **options)
    if not np.all(np.diag(covered.cov_params(back)) > _NO_SPREAD * np.diag(found.cov_params(back))):
        return table, Unavailable("no_spread_of_clusters")
    clustered = covered.t_test(back)
    table["se_cluster"], table["p_cluster"] = clustered.sd, clustered.pvalue
    return table, None


def _scaled(table: pd.DataFrame, response: pd.Series, columns: pd.DataFrame) -> pd.DataFrame:
    """The table with standardized coefficients, their ends and inflation factors."""
    ratio = columns.std(ddof=1) / response.std(ddof=1)
    return table.assign(
        standardized=table["estimate"] * ratio,
        standardized_low=table["low"] * ratio,
        standardized_high=table["high"] * ratio,
        inflation=inflations(columns),
    )


def _deals(found: Any, response: pd.Series, leverage: npt.NDArray[np.float64]) -> pd.DataFrame:
    """What the model says of each deal.

    Residuals are studentized externally: t = r √((m − 1) / (m − r²)), r internally studentized, m = n − k − 1 (Cook and
    Weisberg 1982).
    """
    influence = found.get_influence()
    internal = np.asarray(influence.resid_studentized_internal, dtype=float)
    left = cast("float", found.df_resid) - internal**2
    with np.errstate(divide="ignore", invalid="ignore"):
        external = np.where(left > _NOTHING_LEFT, internal * np.sqrt((found.df_resid - 1) / left), np.nan)
    return pd.DataFrame(
        {
            "response": response.to_numpy(dtype=float),
            "fitted": np.asarray(found.fittedvalues, dtype=float),
            "residual": np.asarray(found.resid, dtype=float),
            "leverage": leverage,
            "cook": np.asarray(influence.cooks_distance[0], dtype=float),
            "studentized": external,
        },
        index=response.index,
    )
