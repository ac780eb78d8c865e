"""Dated cash flows of a tranche → yield, multiple, weighted average life and loss.

Source: METHODS, "Structure and yield": XIRR (act/365), as Excel defines it; ``pyxirr`` finds the root, and where it finds none, as for flows
that return some hundred times what was paid, a bracket around ln(1 + rate) does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from npl_report.model import DefinitionError, Unavailable
from npl_report.stats.waterfall import YEAR, Array

_EPOCH = np.datetime64("1970-01-01", "D")
_TOTAL_LOSS = -1.0
_NOTHING = 1e-9  # CNY mn: less is nothing
_SCALE = 1e4  # of the largest flow: pyxirr takes a value of some 1e-9 for zero, whatever the amounts
_WIDEST = 21  # bits of ln(1 + rate)
_GRID = 1.0 / (1.0 + np.concatenate([np.linspace(-0.999, 1.0, 2000), np.linspace(1.01, 1e3, 4000)]))
"""Discount factors of a year between which a net present value is looked at for further roots: rates from −99.9 % to 100,000 %."""


@dataclass(frozen=True)
class Returns:
    """What a tranche bought at par earns, arrays of shape (deals,).

    ``rate``: XIRR, a year; −1 where nothing is paid, its limit; NaN where all is back on day 0. ``multiple``: paid / face. ``life``: years,
    weighted by principal; NaN where none is repaid. ``loss``: principal not repaid / face.
    """

    rate: Array
    multiple: Array
    life: Array
    loss: Array


def xirr(days: Array, amounts: Array) -> float | Unavailable:
    """The rate at which dated flows are worth nothing: ``days`` from any day, ``amounts`` of one currency, negative when paid in.

    Unavailable ``one_sign`` if no flow is negative or none is positive, ``several_rates`` if more than one rate solves the equation, ``no_rate``
    if none does.
    """
    moved = np.abs(amounts) > _NOTHING
    flows, years = amounts[moved], days[moved] / YEAR
    if not ((flows > 0).any() and (flows < 0).any()):
        return Unavailable("one_sign", needed=2, found=int(flows.size > 0))
    if (roots := _roots(years, flows)) != 1:
        return Unavailable("several_rates" if roots else "no_rate", needed=1, found=roots)
    return float(_rates(days[None, moved], flows[None, :])[0])


def _roots(years: Array, flows: Array) -> int:
    """How many rates solve the equation: one where the signs change once (Descartes), otherwise counted where the value changes its sign."""
    ordered = flows[np.argsort(years, kind="stable")]
    if np.count_nonzero(np.diff(np.sign(ordered))) == 1:
        return 1
    signs = np.sign(np.power(_GRID[:, None], years[None, :] - years.min()) @ flows)
    return int(np.count_nonzero(np.diff(signs[signs != 0])))


def _rates(days: Array, flows: Array) -> Array:
    """The rate of each row of dated flows, both of shape (deals, dates)."""
    from pyxirr import xirr as solve

    dates = _EPOCH + np.rint(days).astype("timedelta64[D]")
    scaled = flows * (_SCALE / np.abs(flows).max(axis=1, keepdims=True))
    found = [solve(*row) for row in zip(dates, scaled, strict=True)]
    return np.array([_bracketed(days[deal] / YEAR, flows[deal]) if rate is None else rate for deal, rate in enumerate(found)], dtype=float)


def _bracketed(years: Array, flows: Array) -> float:
    """The rate where the net present value changes its sign, sought in x = ln(1 + rate); infinite if no float holds it."""
    from scipy.optimize import brentq

    def value(x: float) -> float:
        powers = -x * years
        return float(np.exp(powers - powers.max()) @ flows)  # times a positive number, so that nothing overflows

    years, flows = years[flows != 0], flows[flows != 0]
    widest = next((x for x in 2.0 ** np.arange(_WIDEST) if np.sign(value(-x)) != np.sign(value(x))), None)
    if widest is None:
        raise DefinitionError("no yield is found for flows of both signs")
    with np.errstate(over="ignore"):
        return float(np.expm1(brentq(value, -widest, widest, xtol=1e-14)))


def returns(face: Array, days: Array, principal: Array, paid: Array) -> Returns:
    """Returns of tranches bought at par on day 0. ``face``: shape (deals,); ``days``, ``principal`` and all that is ``paid``: (dates, deals), CNY million.

    Flows of one purchase and later receipts have one rate, so that none is missing; see ``Returns`` for those without a receipt.
    """
    total, repaid = paid.sum(axis=0), principal.sum(axis=0)
    at_once = np.where(days <= 0, paid, 0.0).sum(axis=0)
    rate = np.where(at_once < face, _TOTAL_LOSS, np.nan)
    solved = np.flatnonzero((total - at_once > _NOTHING) & (at_once < face))
    rate[solved] = _rates(np.vstack([np.zeros(len(face)), days]).T[solved], np.vstack([-face, paid]).T[solved])
    with np.errstate(invalid="ignore", divide="ignore"):
        life = np.where(repaid > _NOTHING, (principal * days).sum(axis=0) / repaid / YEAR, np.nan)
    return Returns(rate, total / face, life, 1 - repaid / face)
