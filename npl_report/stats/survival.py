"""Ages at an event, some of them not over yet → the Kaplan–Meier estimate.

Sources: Kaplan and Meier (1958); Greenwood's standard errors; statsmodels' ``SurvfuncRight``. The interval of the
median inverts the tests of survival on the complementary log-log scale (Brookmeyer and Crowley 1982). Where survival is
exactly one half between two events, the median is half-way between them, as in R's ``survival``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from npl_report.model import Unavailable
from npl_report.stats.waterfall import Array

LEVEL = 0.95
"""Confidence of the interval of the median."""
_HALF, _SAME = 0.5, 1e-9
"""Survival at the median, and how near to it is the same: products of fractions have noise in their last digits."""
NOT_REACHED = Unavailable("median_not_reached")
"""More than half are without the event as far as they are observed."""
OPEN = Unavailable("interval_open")
"""No later observation bounds the interval of the median."""


@dataclass(frozen=True)
class Survival:
    """The estimate after each age with an event, arrays of shape (events,), and the median.

    ``survival``: share still without the event; ``error``: its standard error, NaN where survival is nought, for which
    Greenwood's formula gives none. ``ends``: all ages observed, with or without an event, rising, shape (n,).
    """

    ages: Array
    survival: Array
    error: Array
    ends: Array
    median: float | Unavailable
    low: float | Unavailable
    high: float | Unavailable

    def at_risk(self, age: float) -> int:
        """How many have been observed up to that age without an earlier event."""
        return int(len(self.ends) - np.searchsorted(self.ends, age, side="left"))

    def at(self, age: float) -> tuple[float, float] | None:
        """Survival at that age and its standard error; None where no one has been observed to it and some are left."""
        place = int(np.searchsorted(self.ages, age, side="right")) - 1
        if age > self.ends[-1] and (place < 0 or self.survival[place] > 0):
            return None
        return (1.0, 0.0) if place < 0 else (float(self.survival[place]), float(self.error[place]))


def kaplan_meier(ages: ArrayLike, events: ArrayLike) -> Survival:
    """Of at least one observation: ``ages`` at the event or at the end of observation, ``events`` which of both."""
    observed, happened = np.asarray(ages, dtype=float), np.asarray(events, dtype=bool)
    ends = np.sort(observed)
    if not happened.any():
        nothing = np.zeros(0)
        return Survival(nothing, nothing, nothing, ends, NOT_REACHED, NOT_REACHED, NOT_REACHED)
    from statsmodels.duration.survfunc import SurvfuncRight

    with np.errstate(divide="ignore", invalid="ignore"):
        found = SurvfuncRight(observed, happened.astype(int))
        bounds = found.quantile_ci(_HALF, alpha=1 - LEVEL, method="cloglog")
    over = np.asarray(found.n_events == found.n_risk)
    survival = np.where(over, 0.0, found.surv_prob)
    error = np.where(over, np.nan, found.surv_prob_se)
    median = _median(np.asarray(found.surv_times), survival)
    low, high = (OPEN if not np.isfinite(bound) else float(bound) for bound in bounds)
    if isinstance(median, Unavailable):
        low, high = (NOT_REACHED if isinstance(bound, Unavailable) else bound for bound in (low, high))
    return Survival(np.asarray(found.surv_times, dtype=float), survival, error, ends, median, low, high)


def _median(ages: Array, survival: Array) -> float | Unavailable:
    """First age at which no more than half are left."""
    reached = np.flatnonzero(survival <= _HALF + _SAME)
    if not len(reached):
        return NOT_REACHED
    first = int(reached[0])
    if abs(survival[first] - _HALF) <= _SAME and first + 1 < len(ages):
        return float((ages[first] + ages[first + 1]) / 2)
    return float(ages[first])
