"""Candidate variables → the columns that a model can be estimated on, and which were let go, with what each depends on.

The gate before every model of part II. Collinear designs are not refused by the usual tools: least squares returns
estimates for a singular design, Bartlett's test gives nan, the KMO measure a meaningless figure. In logarithms pool =
loans × average loan is such a case by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from npl_report.model import Unavailable

_EXACT = 1e8
"""A variance inflation beyond it is an exact dependence: data are given to five digits or more, and the tolerance 1
− R² of 1e-8 is what doubles can tell from zero."""
_CONSTANT = 1e-12
"""Spread of a constant column relative to its size."""
_SHARES = 0.05
"""Weight, relative to the largest, from which a standardized variable counts as a part of what another one depends
on."""
_EQUAL = 6
"""Decimals to which such weights are compared: those of equal ones differ by rounding, and the variable that is
declared first then stands first."""


@dataclass(frozen=True)
class Dropped:
    """A variable that was let go.

    ``inflation``: its variance inflation factor when it left, inf if the others determine it exactly, nan if it is
    constant. ``partners``: the variables that it depends on, strongest first.
    """

    name: str
    reason: Literal["constant", "determined", "inflated"]
    inflation: float
    partners: tuple[str, ...]


@dataclass(frozen=True)
class Design:
    """What the gate lets through. ``columns`` (n × k): in declared order, without the constant."""

    columns: pd.DataFrame
    dropped: tuple[Dropped, ...]


def gate(candidates: pd.DataFrame, limit: float = _EXACT) -> Design | Unavailable:
    """The design left when the last column above ``limit`` leaves, while there is one.

    A column is above it if its variance inflation factor is. ``candidates``: n × k, columns in order of precedence.
    Constant columns leave first. Without a limit only exact dependences are resolved. Unavailable if values are
    missing, if fewer than k + 2 observations are left for k columns (no degree of freedom for a test), or no column.
    """
    n = len(candidates)
    whole = int(np.isfinite(candidates.to_numpy(dtype=float)).all(axis=1).sum())
    if whole < n:
        return Unavailable("values_missing", needed=n, found=whole)
    if n == 1:  # of one it cannot be said whether anything varies
        return Unavailable("too_few_observations", needed=candidates.shape[1] + 2, found=n)
    kept = [name for name in candidates.columns if not constant(candidates[name])]
    dropped = [Dropped(str(name), "constant", float("nan"), ()) for name in candidates.columns if name not in kept]
    if not kept:
        return Unavailable("no_variation", needed=1, found=0)
    while True:
        if n < len(kept) + 2:
            return Unavailable("too_few_observations", needed=len(kept) + 2, found=n)
        inflation = inflations(candidates[kept])
        above = [name for name in kept if inflation[name] > limit]
        if not above:
            break
        last = above[-1]
        exact = inflation[last] > _EXACT
        dropped.append(
            Dropped(
                str(last),
                "determined" if exact else "inflated",
                float("inf") if exact else float(inflation[last]),
                _partners(candidates[kept], last),
            )
        )
        kept.remove(last)
    return Design(candidates[kept], tuple(dropped))


def constant(values: npt.ArrayLike) -> bool:
    """Whether figures are all the same, but for what rounding leaves; no figures are."""
    figures = np.asarray(values, dtype=float)
    return figures.size == 0 or bool(np.ptp(figures) <= _CONSTANT * max(1.0, float(np.abs(figures).max())))


def constant_within(values: pd.Series) -> bool:
    """Whether figures, index (entity, period), are constant in every entity; none is missing."""
    ends = values.astype(float).groupby(level=0).agg(["min", "max"])
    spread = ends["max"] - ends["min"]
    return bool((spread <= _CONSTANT * ends.abs().max(axis=1).clip(lower=1.0)).all())


def standardized(columns: pd.DataFrame, ddof: int = 0) -> npt.NDArray[np.float64]:
    """Columns (n × k) less their mean, over their standard deviation with the divisor n − ``ddof``."""
    values = columns.to_numpy(dtype=float)
    return np.asarray((values - values.mean(axis=0)) / values.std(axis=0, ddof=ddof))


def inflations(columns: pd.DataFrame) -> pd.Series:
    """Variance inflation factors 1 / (1 − R²) of each column on the others and a constant.

    One is inf (at least 1e8) where the others determine the column.
    """
    standard = standardized(columns)
    values = {}
    for position, name in enumerate(columns.columns):
        others = np.delete(standard, position, axis=1)
        rest = (
            standard[:, position] - others @ np.linalg.lstsq(others, standard[:, position], rcond=None)[0]
            if others.size
            else standard[:, position]
        )
        tolerance = float(rest @ rest) / float(standard[:, position] @ standard[:, position])
        values[name] = 1.0 / tolerance if tolerance > 1.0 / _EXACT else float("inf")
    return pd.Series(values, dtype=float)


def _partners(columns: pd.DataFrame, name: str) -> tuple[str, ...]:
    """The other columns by the weight with which they make up this one."""
    others = columns.drop(columns=[name])
    own = standardized(columns[[name]])[:, 0]
    weights = np.abs(np.linalg.lstsq(standardized(others), own, rcond=None)[0])
    shares = np.round(weights / weights.max(), _EQUAL)
    order = np.argsort(-shares, kind="stable")
    return tuple(str(others.columns[i]) for i in order if shares[i] > _SHARES)
