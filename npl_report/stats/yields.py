"""Dated cash flows of a tranche → yield, multiple, weighted average life and loss.

Source: METHODS, "Structure and yield": XIRR (act/365), as Excel defines it. A rate is sought as x = ln(1 + rate), in
which the value of flows a at t years is the sum of a·exp(−x t); scipy's bracketing root finder ends each search at the
last digits of a float.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npl_report.model import DefinitionError, Unavailable
from npl_report.stats.waterfall import YEAR, Array

_TOTAL_LOSS = -1.0
_NOTHING = 1e-9  # CNY mn: less is nothing
_LEVEL = 1e-14  # of the sum of all terms without sign: a value of less is noise, its turning point a double root
_CLOSE = 1e-15  # of ln(1 + rate), where it is nought and has no last digits
_WIDEST = 2.0**21  # of ln(1 + rate): beyond what a rate in floats can be


@dataclass(frozen=True)
class Returns:
    """What a tranche bought at par earns, arrays of shape (deals,).

    ``rate``: XIRR, a year; −1 where nothing is paid, its limit; NaN where all is back on day 0. ``multiple``: paid /
    face. ``life``: years, weighted by principal; NaN where none is repaid. ``loss``: principal not repaid / face.
    """

    rate: Array
    multiple: Array
    life: Array
    loss: Array


def xirr(days: Array, amounts: Array) -> float | Unavailable:
    """The rate at which dated flows are worth nothing; those of one day are one flow.

    ``days``: from any day; ``amounts``: of one currency, negative when paid in. Unavailable ``one_sign`` if no flow is
    negative or none is positive, ``several_rates`` if more than one rate solves the equation, ``no_rate`` if none does.
    ``found`` is their number; two rates that floats cannot tell apart are one.
    """
    dates, place = np.unique(days, return_inverse=True)
    net = np.bincount(place, weights=amounts, minlength=len(dates)).astype(float)
    moved = np.abs(net) > _NOTHING
    years, flows = dates[moved] / YEAR, net[moved]
    if not ((flows > 0).any() and (flows < 0).any()):
        return Unavailable("one_sign", needed=2, found=int(flows.size > 0))
    roots = _roots(years - years[0], flows)
    if len(roots) != 1:
        return Unavailable("several_rates" if roots else "no_rate", needed=1, found=len(roots))
    return float(_rate(np.array(roots))[0])


def _roots(years: Array, flows: Array) -> list[float]:
    """Every x = ln(1 + rate) at which flows, none of them nought, on rising dates are worth nothing, rising.

    Where the sign changes between two dates, let τ lie between them. Times exp(x τ) the value has the derivative
    Σ (τ − t) a exp(−x (t − τ)): an equation of the same kind with one change of sign less, and none without a change
    (Laguerre 1883, from Descartes' rule and Rolle's theorem). Between two neighbouring roots of it the value only rises
    or only falls, so that none of its own is missed, however close they are.
    """
    changes = np.flatnonzero(np.diff(np.sign(flows)))
    if not changes.size:
        return []
    tau = years[changes[0] : changes[0] + 2].mean()
    turns = _roots(years, (tau - years) * flows)
    signs = [np.sign(flows[-1]), *(_sign(turn, years, flows) for turn in turns), np.sign(flows[0])]
    touched = [turn for turn, sign in zip(turns, signs[1:-1], strict=True) if sign == 0]
    ends = np.array([-_WIDEST, *turns, _WIDEST])
    crossed = np.flatnonzero(np.array(signs[:-1]) * np.array(signs[1:]) < 0)
    own = np.broadcast_to(years, (len(crossed), len(years))), np.broadcast_to(flows, (len(crossed), len(years)))
    return sorted([*touched, *_zeros(*own, ends[crossed], ends[crossed + 1]).tolist()])


def _sign(x: float, years: Array, flows: Array) -> float:
    """Whether the value is above or below nought, or nought but for noise."""
    at = np.array([x])
    value = _values(at, years[None], flows[None])[0]
    return float(np.sign(value)) if abs(value) > _LEVEL * _values(at, years[None], np.abs(flows)[None])[0] else 0.0


def _values(x: Array, years: Array, flows: Array) -> Array:
    """The value of each row of flows, shape (rows, dates), at its own x, times a positive number: nothing overflows."""
    powers = np.where(flows == 0, -np.inf, -x[:, None] * years)
    return np.asarray((np.exp(powers - powers.max(axis=1, keepdims=True)) * flows).sum(axis=1))


def _zeros(years: Array, flows: Array, low: Array, high: Array) -> Array:
    """The x between ``low`` and ``high``, shape (rows,), where the value of each row changes its sign."""
    from scipy.optimize.elementwise import find_root

    def value(x: Array, row: Array) -> Array:
        chosen = row.astype(np.intp)
        return _values(x, years[chosen], flows[chosen])

    if not len(low):
        return low
    return np.asarray(find_root(value, (low, high), args=(np.arange(len(low)),), tolerances={"xatol": _CLOSE}).x)


def _rates(days: Array, flows: Array) -> Array:
    """The rate of each row of flows that change their sign once, (deals, dates); infinite if no float holds it."""
    years = days / YEAR
    wide = np.ones(len(flows))
    while (short := np.sign(_values(-wide, years, flows)) == np.sign(_values(wide, years, flows))).any():
        if wide.max() >= _WIDEST:
            raise DefinitionError("no yield is found for flows of both signs")
        wide = np.where(short, 2 * wide, wide)
    return _rate(_zeros(years, flows, -wide, wide))


def _rate(x: Array) -> Array:
    with np.errstate(over="ignore"):
        return np.asarray(np.expm1(x))


def returns(face: Array, days: Array, principal: Array, paid: Array) -> Returns:
    """Returns of tranches bought at par on day 0.

    ``face``: shape (deals,); ``days``, ``principal`` and all that is ``paid``: (dates, deals), CNY million. Flows of
    one purchase and later receipts have one rate, so that none is missing; see ``Returns`` for those without a receipt.
    """
    total, repaid = paid.sum(axis=0), principal.sum(axis=0)
    at_once = np.where(days <= 0, paid, 0.0).sum(axis=0)
    rate = np.where(at_once < face, _TOTAL_LOSS, np.nan)
    solved = np.flatnonzero((total - at_once > _NOTHING) & (at_once < face))
    rate[solved] = _rates(np.vstack([np.zeros(len(face)), days]).T[solved], np.vstack([-face, paid]).T[solved])
    with np.errstate(invalid="ignore", divide="ignore"):
        life = np.where(repaid > _NOTHING, (principal * days).sum(axis=0) / repaid / YEAR, np.nan)
    return Returns(rate, total / face, life, 1 - repaid / face)
