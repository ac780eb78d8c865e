"""A computed number → the number that is stored and shown.

It goes without its last digits, in which processors, systems and versions of libraries differ. A double holds sixteen
digits; of a sum, a logarithm or an inverse matrix the last of them are noise, and another noise elsewhere. What tables
store is cut here and nowhere else, so that downloads, pages, charts and the tables that are computed from others all
take the same number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from npl_report.model.terms import Unit

SIGNIFICANT = 12
"""Digits kept of a number: enough for any printed figure and for computing on, few enough that the noise, some 1e-16
of the number, is hardly ever seen."""
ALIKE = 1e-10
"""How near two numbers are, relative to their size or outright, that are one figure: the same to ten digits, and the
rest may be noise."""

_DECIMALS: Mapping[Unit, int] = MappingProxyType(
    {
        Unit.MONEY: 10,
        Unit.RATE: 12,
        Unit.POINTS: 12,
        Unit.MULTIPLE: 12,
        Unit.MONTHS: 12,
        Unit.DAYS: 12,
        Unit.PROBABILITY: 12,
    },
)
"""Decimals kept at most, where sums are of a known size: the difference of two equal sums is zero, and not what
rounding leaves. Coefficients and statistics may be of any size."""
_SMALL, _OF_A_SMALL_ONE = 1e-6, 6
"""Below it a probability keeps so many digits: a statistic's last bits are seen in the eleventh digit of a p of
1e-100."""


def stored(value: float, unit: Unit) -> float:
    """The number as it is stored in a column of that unit; not a number and infinity as they are."""
    decimals = _DECIMALS.get(unit)
    if unit is Unit.PROBABILITY and value < _SMALL:
        form = f".{_OF_A_SMALL_ONE}g"
    elif decimals is not None and abs(value) < 10 ** (SIGNIFICANT - decimals):
        form = f".{decimals}f"
    else:
        form = f".{SIGNIFICANT}g"
    return float(format(value, form)) + 0.0  # no negative zero


def same_figure(one: float, other: float) -> bool:
    """Whether two numbers are one figure, computed here and there."""
    return math.isclose(one, other, rel_tol=ALIKE, abs_tol=ALIKE)
