"""The unit that a column is declared in → the one that the program computes in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from npl_report.model import DAYS_PER_MONTH

CENT = 0.005
"""CNY mn: half of the second decimal, to which some documents round."""
_MONEY = {
    0: ("CNY", "元"),
    3: ("CNY thousand", "千元"),
    4: ("CNY 10k", "万元"),
    6: ("CNY mn", "百万元"),
    8: ("CNY 100m", "亿元"),
    9: ("CNY bn", "十亿元"),
}
"""Power of ten → how it is written."""
_SIZES: dict[str, Fraction] = {}
for _power, _names in _MONEY.items():
    _SIZES |= dict.fromkeys(_names, Fraction(10**_power))
_TIMES: Mapping[str, Mapping[str, Fraction]] = {
    unit: {name: size / _SIZES[unit] for name, size in _SIZES.items()} for unit in ("CNY mn", "CNY thousand")
} | {
    "fraction": {"fraction": Fraction(1), **dict.fromkeys(("per cent", "percent", "%"), Fraction(1, 100))},
    "months": {"months": Fraction(1), "years": Fraction(12), "days": Fraction(1, DAYS_PER_MONTH)},
    "years": {"years": Fraction(1), "months": Fraction(1, 12)},
    "number": {"number": Fraction(1)},
}
"""Unit of the program → unit of the file → what to multiply by. Days are none of a life's years: a year has no fixed
number of them."""
UNITS = tuple(dict.fromkeys(chain.from_iterable(_TIMES.values())))


def units_for(unit: str) -> tuple[str, ...]:
    """In what a column may be declared that the program reads in ``unit``."""
    return tuple(_TIMES[unit])


def times(declared: str, unit: str) -> Fraction:
    """What turns a value as declared into one of ``unit``; both as ``units_for`` has them."""
    return _TIMES[unit][declared]


def unit_of_row(declared: str) -> tuple[str, Fraction]:
    """The unit that the program gives a value whose row says ``declared``, and what to multiply by.

    Money becomes CNY mn, rates fractions.
    """
    unit = next((unit for unit in ("CNY mn", "fraction") if declared in _TIMES[unit]), declared)
    return unit, times(declared, unit) if unit != declared else Fraction(1)


def converted(number: str, by: Fraction) -> float:
    """A plain decimal number, multiplied exactly and rounded once.

    823387 at 0.0001 is the same 82.3387 that a file would hold.
    """
    return float(Decimal(number) * by.numerator / by.denominator)


def units_like(amount: float, low: float, high: float) -> str:
    """In which units of money a file may have been written whose ``amount`` is out of range.

    It is out of range if it is not between ``low`` and ``high`` CNY mn. Empty if there is no such unit.
    """
    return " or ".join(
        names[0] for names in _MONEY.values() if low <= amount * float(_SIZES[names[0]] / _SIZES["CNY mn"]) <= high
    )
