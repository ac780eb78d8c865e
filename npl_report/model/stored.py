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
from typing import TYPE_CHECKING

from npl_report.model.terms import Unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
_POWERS = tuple(float(10**place) for place in range(23))
"""The powers of ten that a double holds exactly."""
_SURE = 0.49
"""How far from a whole number rounding to it is sure."""
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


def stored_all(values: NDArray[np.float64], unit: Unit) -> NDArray[np.float64]:
    """What ``stored`` gives for each of the numbers.

    A number of at most 15 digits and a power of ten are exact in a double, and so is the rounding of their quotient: it
    is the double that the decimal text names. Where a tie may be near or a size is out of reach, ``stored`` is asked.
    """
    import numpy as np

    decimals, size = _DECIMALS.get(unit), np.abs(values)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        fixed = np.zeros(len(values), dtype=bool) if decimals is None else size < 10 ** (SIGNIFICANT - decimals)
        places = SIGNIFICANT - 1 - np.floor(np.log10(size))
        exact = (places >= 0) & (places < len(_POWERS))
        power = np.array(_POWERS)[np.where(fixed, decimals or 0, np.where(exact, places, 0)).astype(int)]
        whole = np.rint(values * power)
        sure = np.abs(values * power - whole) < _SURE
    filled = exact & (np.abs(whole) >= 10 ** (SIGNIFICANT - 1))
    sure &= (filled | fixed | (size == 0)) & (np.abs(whole) < 10**SIGNIFICANT)
    if unit is Unit.PROBABILITY:
        sure &= values >= _SMALL
    found = whole / power + 0.0
    for place in np.flatnonzero(~sure & ~np.isnan(values)):
        found[place] = stored(float(values[place]), unit)
    return np.asarray(found)


def same_figure(one: float, other: float) -> bool:
    """Whether two numbers are one figure, computed here and there."""
    return math.isclose(one, other, rel_tol=ALIKE, abs_tol=ALIKE)
