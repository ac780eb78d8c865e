"""Mean recovery rates by age → a growth curve that they follow.

The curve is Weibull's, m(a) = L (1 − exp(−(a/s)^p)): L is what it comes to, s the age by which 63 % of it have come, p
tells an early rise (below 1) from a late one. Such curves describe how losses of insurers emerge (Clark 2003, LDF
curve-fitting and stochastic reserving); the loglogistic beside it has no end within the life of a deal.

Fitted by weighted least squares within bounds (scipy's trust region), and then to the last digits of a float, so that
the figures that are stored do not depend on where the search began.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from npl_report.model import Unavailable

Array = np.ndarray
FEWEST = 4
"""Ages that a fit needs: one more than the curve has parameters."""
_LOW, _HIGH = np.array([1e-6, 1.0, 0.3]), np.array([1.5, 240.0, 5.0])
"""Bounds of L, which may exceed the balance by later interest (``load.rules``), of s in months, and of p."""
_MOST, _STEPS = 400, 60
_AT, _CLOSE = 1e-7, 1e-15


@dataclass(frozen=True)
class Curve:
    """``limit`` L as a fraction of the balance, ``scale`` s in months, ``shape`` p."""

    limit: float
    scale: float
    shape: float

    def at(self, ages: Array) -> Array:
        """Recovery rates at ages in months; nothing before 0."""
        return self.limit * _part(ages, self.scale, self.shape)


def _part(ages: Array, scale: float, shape: float) -> Array:
    return np.asarray(-np.expm1(-np.power(np.clip(ages, 0.0, None) / scale, shape)))


def fitted(ages: Array, rates: Array, weights: Array) -> Curve | Unavailable:
    """The curve through mean rates (n,) at ages in months (n,), weighted by ``weights`` (n,), none negative.

    Unavailable with fewer than four ages (``too_few_ages``), without any recovery (``nothing_collected``), or where the
    search finds no end (``not_converged``).
    """
    from scipy.optimize import least_squares

    if len(ages) < FEWEST:
        return Unavailable("too_few_ages", needed=FEWEST, found=len(ages))
    if not rates.max() > 0:
        return Unavailable("nothing_collected")
    roots = np.sqrt(weights / weights.max())

    def misses(values: Array) -> Array:
        return np.asarray(roots * (values[0] * _part(ages, values[1], values[2]) - rates))

    def slopes(values: Array) -> Array:
        limit, scale, shape = values
        power = np.power(ages / scale, shape)
        rise = limit * power * np.exp(-power)
        columns = (_part(ages, scale, shape), -rise * shape / scale, rise * np.log(ages / scale))
        return np.asarray(roots[:, None] * np.column_stack(columns))

    begin = np.clip(np.array([rates.max() * 1.1, ages.mean(), 1.0]), _LOW * 1.01, _HIGH * 0.99)
    found = least_squares(misses, begin, slopes, (_LOW, _HIGH), x_scale=begin, max_nfev=_MOST)
    if not found.success or not np.isfinite(found.x).all():
        return Unavailable("not_converged")
    return Curve(*map(float, _settled(found.x, misses, slopes)))


def _settled(values: Array, misses: Callable[[Array], Array], slopes: Callable[[Array], Array]) -> Array:
    """The end of the search to the last digits, by Gauss–Newton steps of the parameters that are at no bound."""
    free = (values > _LOW * (1 + _AT)) & (values < _HIGH * (1 - _AT))
    for _ in range(_STEPS if free.any() else 0):
        step = np.zeros(len(values))
        step[free] = np.linalg.lstsq(slopes(values)[:, free], -misses(values), rcond=None)[0]
        after = np.clip(values + step, _LOW, _HIGH)
        if np.square(misses(after)).sum() > np.square(misses(values)).sum() * (1 + _AT):
            break  # a valley too bent for such steps; the search's own end stands
        values = after
        if (np.abs(step) <= _CLOSE * values).all():
            break
    return values
