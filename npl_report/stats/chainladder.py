"""A triangle of cumulative recoveries → age-to-age factors, what is to come, and its standard error.

Source: Mack, Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN Bulletin 23
(1993). Notation of the paper: C_ik cumulative amount of row i at column k, f_k volume-weighted factor from column k to
the next, σ²_k its variance parameter. Two things are ours: the square of the sum of exposures, which is Mack's double
sum over rows, and steps taken in part, for rows that stand between two columns. A row that stands at a column and goes
to the last one has exactly Mack's error.

Assumptions (Mack's): what a row comes to in the next column depends on the last one alone, in proportion; variances are
in proportion to the last amount; rows are independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npl_report.model import Unavailable

Array = np.ndarray
_NORMAL = 1.959963984540054
"""Quantile 0.975 of the normal distribution."""


@dataclass(frozen=True)
class Development:
    """What a triangle of K columns says of its K − 1 steps, arrays of shape (K − 1,).

    ``factors``: f_k; NaN where nothing had been collected. ``variances``: σ²_k. ``volumes``: ΣC_ik, by which factors
    are weighted. ``counts``: rows behind a factor.
    """

    factors: Array
    variances: Array
    volumes: Array
    counts: Array

    @property
    def steps(self) -> int:
        """Steps from the first column to the last that has a factor."""
        return len(self.factors)


@dataclass(frozen=True)
class Projection:
    """m rows carried on. ``level``: expected cumulative amount (m,); NaN where a factor on the way is missing.

    ``process``: variance of what happens by chance (m,). ``exposure``: how far the level moves with the factor of each
    step, relatively, (m, K − 1); ``spread``: relative variance of each factor (K − 1,).
    """

    level: Array
    process: Array
    exposure: Array
    spread: Array

    @property
    def errors(self) -> Array:
        """Standard error of each row (m,)."""
        return np.asarray(np.sqrt(self.process + (np.square(self.exposure) * self.spread).sum(axis=1)))

    def error(self, rows: Array) -> float:
        """Standard error of the sum over some rows (mask): errors of factors are common to all of them."""
        common = np.square(self.exposure[rows].sum(axis=0)) * self.spread
        return float(np.sqrt(self.process[rows].sum() + common.sum()))


def development(triangle: Array) -> Development | Unavailable:
    """The steps of a triangle (n, K) of cumulative amounts, NaN where a row is not observed, whole up to there.

    A step ends the triangle if no row is observed at both its ends. Unavailable without a step behind which two rows
    with something collected stand, because no variance could be estimated (``too_few_deals``).
    """
    before, after = triangle[:, :-1], triangle[:, 1:]
    there = ~np.isnan(before) & ~np.isnan(after)
    counts = there.sum(axis=0)
    reach = int(np.argmin(counts > 0)) if (counts == 0).any() else len(counts)
    there, before, after = there[:, :reach], before[:, :reach], after[:, :reach]
    volumes = np.where(there, before, 0.0).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        factors = np.where(volumes > 0, np.where(there, after, 0.0).sum(axis=0) / volumes, np.nan)
        weighty = there & (before > 0)
        squares = np.where(weighty, np.square(after - factors * before) / np.where(weighty, before, 1.0), 0.0)
        free = weighty.sum(axis=0) - 1
        variances = np.where(free > 0, squares.sum(axis=0) / np.where(free > 0, free, 1), np.nan)
    if np.isnan(variances).all():
        return Unavailable("too_few_deals", needed=2, found=int(counts.max(initial=0)))
    return Development(factors, _completed(variances), volumes, counts[:reach])


def _completed(variances: Array) -> Array:
    """σ² of steps with one row by Mack's rule: min(σ⁴₋₁/σ²₋₂, min(σ²₋₂, σ²₋₁)) of the two steps before.

    With one step before it is that step's. Those before the first step that has one take its own.
    """
    filled = variances.copy()
    known = np.flatnonzero(~np.isnan(filled))
    filled[: known[0]] = filled[known[0]]
    for step in map(int, np.flatnonzero(np.isnan(filled))):
        last, former = filled[step - 1], filled[max(step - 2, 0)]
        falling = last * last / former if former > 0 else 0.0
        filled[step] = min(falling, former, last)
    return filled


def projected(steps: Development, levels: Array, start: Array, end: Array) -> Projection:
    """Rows carried from where they stand to where they shall be.

    ``levels``: cumulative amounts (m,); ``start``, ``end``: places among the columns (m,), the first being 0, between
    two of them as a fraction; an ``end`` before ``start`` is no step. Within a step the expected level grows evenly
    and so does its variance. NaN for rows that begin before the first column or end beyond the last factor.
    """
    outside = (start < 0) | (end > steps.steps)
    level = np.where(outside, np.nan, levels.astype(float))
    relative, exposure = np.zeros(len(levels)), np.zeros((len(levels), steps.steps))
    for step in range(steps.steps):
        low, high = np.clip(start - step, 0.0, 1.0), np.clip(end - step, 0.0, 1.0)
        moving = high > low
        growth = steps.factors[step] - 1.0
        factor = np.where(moving, (1.0 + high * growth) / (1.0 + low * growth), 1.0)
        slope = high / (1.0 + high * growth) - low / (1.0 + low * growth)
        exposure[:, step] = np.where(moving, slope * steps.factors[step], 0.0)
        chance = steps.variances[step] * (high - low) / np.square(factor)
        relative += np.where(moving & (level > 0), chance / np.where(level > 0, level, 1.0), 0.0)
        level = level * factor
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = steps.variances / np.square(steps.factors) / steps.volumes
    return Projection(level, np.square(level) * relative, level[:, None] * exposure, np.nan_to_num(spread))


def interval(mean: Array, error: Array) -> tuple[Array, Array]:
    """Both ends of the 95 % interval of what is to come (n,): lognormal, which has no negative amounts (Mack 1994).

    Normal where the mean is not above nought.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        wide = np.log1p(np.square(error / mean))
        middle, way = np.log(mean) - wide / 2, _NORMAL * np.sqrt(wide)
        low = np.where(mean > 0, np.exp(middle - way), mean - _NORMAL * error)
        high = np.where(mean > 0, np.exp(middle + way), mean + _NORMAL * error)
    return low, high
