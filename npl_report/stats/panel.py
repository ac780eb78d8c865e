"""Observations of entities over periods → pooled, fixed and random effects, and the tests that choose between them.

Estimation is ``linearmodels``'. Sources: Baltagi (2021), Econometric Analysis of Panel Data (within, Swamy–Arora);
Baltagi and Chang (1994) for random effects on unbalanced panels (``small_sample``); Breusch and Pagan (1980), Honda
(1985) and Baltagi and Li (1990) for the Lagrange multiplier; Hausman (1978). Standard errors are clustered by entity
with G/(G − 1) · (n − 1)/(n − k), and p values come from t(G − 1), G being the entities (Cameron and Miller, 2015).
Entities with one observation identify no effect: they leave all three models, so that the tests compare estimates on
the same sample, and are counted. Gaps in time do no harm, because no model here uses lags: they are counted too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd

from npl_report.model import Unavailable
from npl_report.stats.design import constant, constant_within, gate
from npl_report.stats.hypothesis import HypothesisTest

CONSTANT = "const"
Model = Literal["pooled", "fixed", "random"]
_FEWEST = 2
"""Entities that clustered errors need at least, and periods that an entity needs for an effect."""
_EXACT = 1e-20
"""Residual sum of squares over that of the outcome below which a fit is exact: rounding alone leaves 1e-30."""
_NO_SPREAD = 1e-12
"""Clustered variance relative to the classical one under which the entities' scores cancel: what rounding leaves of
it, which may be less than zero, and a margin."""
_DEFINITE = 1e-10
"""Smallest eigenvalue of the scaled difference of covariances that rounding cannot have made."""


@dataclass(frozen=True)
class Panel:
    """What enters the models. ``outcome`` (n) and ``columns`` (n × k, no constant): index (entity, period), sorted.

    ``singletons``: entities left out because they have one observation. ``gaps``: periods between an entity's first and
    last that others have and it has not. ``dropped``: candidates that no model can hold, with the reason (a word key).
    """

    outcome: pd.Series
    columns: pd.DataFrame
    singletons: tuple[str, ...]
    gaps: int
    dropped: Mapping[str, str]

    @property
    def entities(self) -> int:
        """Number of entities that enter."""
        return int(self.columns.index.get_level_values(0).nunique())

    @property
    def periods(self) -> int:
        """Number of different periods that enter."""
        return int(self.columns.index.get_level_values(1).nunique())


@dataclass(frozen=True)
class Estimate:
    """One model. ``coefficients`` (constant first): columns estimate, se (clustered), p (two-sided).

    ``classical``: covariance under independent errors of equal variance, as tests need it. ``dropped``: regressors that
    this model cannot identify and why (word keys). ``r_squared``: of the model; for fixed effects the one within.
    ``residuals``: outcome less fitted values, without effects. ``residual_ss`` and ``df_rest``: residual sum of squares
    and degrees of freedom, those of fixed effects counting the effects.
    """

    coefficients: pd.DataFrame
    classical: pd.DataFrame
    dropped: Mapping[str, str]
    r_squared: float
    residuals: pd.Series
    residual_ss: float
    df_rest: int
    entities: int


def panel(observations: pd.DataFrame, outcome: str, regressors: Sequence[str]) -> Panel | Unavailable:
    """Observations without missing values, index (entity, period) → what the models can take of them.

    Constant and exactly dependent candidates leave, the last in ``regressors`` first. Unavailable if fewer than two
    entities have two observations, if the outcome is the same everywhere, or if the gate lets nothing through.
    """
    ordered = observations.sort_index(kind="stable")
    counts = ordered.groupby(level=0).size()
    singletons = tuple(str(entity) for entity in counts.index[counts < _FEWEST])
    kept = ordered.loc[~ordered.index.get_level_values(0).isin(singletons)]
    entities = len(counts) - len(singletons)
    if entities < _FEWEST:
        return Unavailable("too_few_entities", needed=_FEWEST, found=entities)
    if constant(kept[outcome]):
        return Unavailable("outcome_constant")
    design = gate(kept[list(regressors)].astype(float))
    if isinstance(design, Unavailable):
        return design
    dropped = {
        item.name: "regressor_constant" if item.reason == "constant" else "regressor_determined"
        for item in design.dropped
    }
    return Panel(kept[outcome].astype(float), design.columns, singletons, _gaps(kept.index), MappingProxyType(dropped))


def _gaps(index: pd.Index) -> int:
    """Periods that an entity misses between its first and its last, of those that any entity has."""
    periods = index.get_level_values(1)
    place = pd.Series(
        pd.Categorical(periods, categories=sorted(set(periods))).codes.astype(int), index=index.get_level_values(0)
    )
    spans = place.groupby(level=0).agg(["min", "max", "size"])
    return int((spans["max"] - spans["min"] + 1 - spans["size"]).sum())


def pooled(data: Panel) -> Estimate | Unavailable:
    """Least squares over all observations."""
    from linearmodels.panel import PooledOLS

    return _estimate(PooledOLS(data.outcome, _with_constant(data.columns)), data, {})


def fixed(data: Panel) -> Estimate | Unavailable:
    """The within estimator with entity effects; the constant is the mean effect.

    Regressors that do not vary within entities are named in ``dropped`` (``time_invariant``), those that the others
    determine there as ``regressor_determined``.
    """
    from linearmodels.panel import PanelOLS

    columns = within(data)
    if isinstance(columns, Unavailable):
        return columns
    return _estimate(
        PanelOLS(data.outcome, _with_constant(columns), entity_effects=True), data, _lost_within(data, columns)
    )


def within(data: Panel) -> pd.DataFrame | Unavailable:
    """The columns that fixed effects can identify; Unavailable without any, or without degrees of freedom."""
    demeaned = data.columns - data.columns.groupby(level=0).transform("mean")
    varying = [name for name in demeaned if not constant_within(data.columns[name])]
    if not varying:
        return Unavailable("no_variation_within")
    design = gate(demeaned[varying])
    if isinstance(design, Unavailable):
        return design
    kept = list(design.columns.columns)
    needed = data.entities + len(kept) + 1
    if len(data.columns) < needed:
        return Unavailable("too_few_observations", needed=needed, found=len(data.columns))
    return data.columns[kept]


def _lost_within(data: Panel, kept: pd.DataFrame) -> dict[str, str]:
    """Regressors that the fixed effects do not identify → why (a word key)."""
    lost = [str(name) for name in data.columns if name not in kept]
    return {name: "time_invariant" if constant_within(data.columns[name]) else "regressor_determined" for name in lost}


def random(data: Panel) -> Estimate | Unavailable:
    """Random effects by Swamy and Arora; on unbalanced panels with Baltagi and Chang's variance of the effects.

    Unavailable if the within regression is, or if there are too few entities for the one between them: the variances
    come from both.
    """
    from linearmodels.panel import RandomEffects

    inside = fixed(data)
    if isinstance(inside, Unavailable):
        return inside
    needed = len(data.columns.columns) + 2  # the constant, the regressors, and one degree of freedom
    if data.entities < needed:
        return Unavailable("too_few_entities", needed=needed, found=data.entities)
    return _estimate(RandomEffects(data.outcome, _with_constant(data.columns)), data, {}, small_sample=True)


def _with_constant(columns: pd.DataFrame) -> pd.DataFrame:
    return columns.assign(**{CONSTANT: 1.0})[[CONSTANT, *columns.columns]]


def _estimate(model: Any, data: Panel, dropped: Mapping[str, str], **options: bool) -> Estimate | Unavailable:
    """Fit a ``linearmodels`` model twice, with classical and with clustered errors.

    Unavailable if it fits exactly, or if residuals cancel out within every entity.
    """
    from scipy import stats

    plain = model.fit(cov_type="unadjusted", **options)
    if plain.resid_ss <= _EXACT * float((data.outcome**2).sum()):
        return Unavailable("exact_fit")
    clustered = model.fit(cov_type="clustered", cluster_entity=True, group_debias=True, **options)
    if not np.all(np.diag(clustered.cov) > _NO_SPREAD * np.diag(plain.cov)):
        return Unavailable("no_spread_of_entities")
    errors = clustered.std_errors
    p = 2 * stats.t.sf((clustered.params / errors).abs(), data.entities - 1)
    coefficients = pd.DataFrame({"estimate": clustered.params, "se": errors, "p": p})
    rest = data.outcome - _with_constant(data.columns)[list(coefficients.index)] @ coefficients["estimate"]
    lost = MappingProxyType({**data.dropped, **dropped})
    return Estimate(
        coefficients,
        plain.cov,
        lost,
        float(plain.rsquared),
        rest,
        float(plain.resid_ss),
        int(plain.df_resid),
        data.entities,
    )


def effects_test(restricted: Estimate, effects: Estimate) -> HypothesisTest | Unavailable:
    """F test of fixed effects against the pooled model: whether entities differ beyond what the regressors explain.

    The pooled model keeps the regressors that do not change within entities, so that each of them takes a degree of
    freedom from the effects (as ``pFtest`` of R's plm does). Unavailable if none is left.
    """
    from scipy import stats

    df = restricted.df_rest - effects.df_rest
    if df < 1:
        return Unavailable("too_few_entities", needed=effects.entities + 1 - df, found=effects.entities)
    statistic = (restricted.residual_ss - effects.residual_ss) / df / (effects.residual_ss / effects.df_rest)
    return HypothesisTest(statistic, df, float(stats.f.sf(statistic, df, effects.df_rest)), effects.df_rest)


def lagrange(residuals: pd.Series) -> HypothesisTest:
    """Breusch and Pagan's test for random effects on pooled residuals, index (entity, period).

    The form is Baltagi and Li's, which unbalanced panels need. Balanced, it is NT / (2 (T − 1)) · [Σ_i (Σ_t u_it)² / ΣΣ
    u_it² − 1]². χ² with one degree of freedom.
    """
    from scipy import stats

    statistic = _honda(residuals) ** 2
    return HypothesisTest(statistic, 1, float(stats.chi2.sf(statistic, 1)))


def honda(residuals: pd.Series) -> HypothesisTest:
    """Honda's one-sided form of ``lagrange``: its signed root, standard normal.

    Only positive values speak for random effects.
    """
    from scipy import stats

    statistic = _honda(residuals)
    return HypothesisTest(statistic, 1, float(stats.norm.sf(statistic)))


def _honda(residuals: pd.Series) -> float:
    groups = residuals.groupby(level=0)
    n = len(residuals)
    excess = float((groups.sum() ** 2).sum()) / float((residuals**2).sum()) - 1.0
    return float(n * excess / np.sqrt(2.0 * (float((groups.size() ** 2).sum()) - n)))


def hausman(consistent: Estimate, efficient: Estimate) -> HypothesisTest | Unavailable:
    """Fixed against random effects on the slopes that both have: (b − β)' [V(b) − V(β)]⁻¹ (b − β), χ².

    Classical covariances. Where their difference is not positive definite the statistic has no distribution:
    ``hausman_not_definite``, no generalised inverse.
    """
    from scipy import stats

    names = [
        name for name in consistent.coefficients.index if name != CONSTANT and name in efficient.coefficients.index
    ]
    difference = (consistent.coefficients["estimate"] - efficient.coefficients["estimate"])[names].to_numpy()
    variance = (consistent.classical.loc[names, names] - efficient.classical.loc[names, names]).to_numpy()
    size = np.sqrt(np.diag(consistent.classical.loc[names, names].to_numpy()))
    if np.linalg.eigvalsh(variance / np.outer(size, size)).min() <= _DEFINITE:
        return Unavailable("hausman_not_definite")
    statistic = float(difference @ np.linalg.solve(variance, difference))
    return HypothesisTest(statistic, len(names), float(stats.chi2.sf(statistic, len(names))))


def preferred(
    effects: HypothesisTest | Unavailable,
    one_sided: HypothesisTest | Unavailable,
    choice: HypothesisTest | Unavailable,
    significance: float,
) -> Model | Unavailable:
    """The model that the tests speak for at a level.

    ``pooled`` if neither the F test nor Honda's test finds effects; else ``fixed`` where Hausman's test (``choice``)
    rejects random effects, ``random`` where it does not. A test that is missing leaves no answer but its reason.
    """
    if isinstance(effects, Unavailable):
        return effects
    if isinstance(one_sided, Unavailable):
        return one_sided
    if min(effects.p, one_sided.p) >= significance:
        return "pooled"
    if isinstance(choice, Unavailable):
        return choice
    return "fixed" if choice.p < significance else "random"
