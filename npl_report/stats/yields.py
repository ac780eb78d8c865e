"""Dated cash flows of a tranche → yield, multiple, weighted average life and loss.

Source: METHODS, "Structure and yield": XIRR (act/365), as Excel defines it. A rate is sought as x = ln(1 + rate), in
which the value of flows a at t years is the sum of a·exp(−x t); scipy's bracketing root finder ends each search at the
last digits of a float.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npl_report.model import DefinitionError
from npl_report.stats.waterfall import YEAR, Array

_TOTAL_LOSS = -1.0
_NOTHING = 1e-12  # of the face: less is nothing
_CLOSE = 1e-15  # of ln(1 + rate), where it is nought and has no last digits
_WIDEST = 2.0**21  # of ln(1 + rate): beyond what a rate in floats can be


@dataclass(frozen=True)
class Returns:
    """What a tranche bought at par earns, arrays of shape (deals,).

    ``rate``: XIRR, a year; −1 where nothing is paid, its limit; NaN where all is back on day 0. ``multiple``: paid /
    face. ``life``: years, weighted by principal; NaN where none is repaid. ``loss``: principal not repaid / face. All
    are NaN for a face of nought.
    """

    rate: Array
    multiple: Array
    life: Array
    loss: Array


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

    ``face``: shape (deals,); ``days``, ``principal`` and all that is ``paid``: (dates, deals), millions. Flows of
    one purchase and later receipts have one rate, so that none is missing; see ``Returns`` for those without a receipt.
    """
    total, repaid = paid.sum(axis=0), principal.sum(axis=0)
    at_once = np.where(days <= 0, paid, 0.0).sum(axis=0)
    rate = np.where(at_once < face, _TOTAL_LOSS, np.nan)
    solved = np.flatnonzero((total - at_once > _NOTHING * face) & (at_once < face))
    rate[solved] = _rates(np.vstack([np.zeros(len(face)), days]).T[solved], np.vstack([-face, paid]).T[solved])
    with np.errstate(invalid="ignore", divide="ignore"):
        life = np.where(repaid > _NOTHING * face, (principal * days).sum(axis=0) / repaid / YEAR, np.nan)
        return Returns(rate, total / face, life, 1 - repaid / face)
