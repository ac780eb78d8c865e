"""The unit that a column is declared in → the one that the program computes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain

from npl_report.model import DAYS_PER_MONTH, MILLIONS, THOUSANDS, Currency

CENT = 0.005
"""Millions: half of the second decimal, to which some documents round."""
_POWERS = {
    0: ("", ""),
    3: (" thousand", "千"),
    4: (" 10k", "万"),
    6: (" mn", "百万"),
    8: (" 100m", "亿"),
    9: (" bn", "十亿"),
}
"""Power of ten → what stands behind the code of a currency, and what before its unit in Chinese."""
_COMPUTED = {MILLIONS: 6, THOUSANDS: 3}
"""Unit of money that the program computes in → its power of ten."""
_OTHERS: Mapping[str, Mapping[str, Fraction]] = {
    "fraction": {"fraction": Fraction(1), **dict.fromkeys(("per cent", "percent", "%"), Fraction(1, 100))},
    "months": {"months": Fraction(1), "years": Fraction(12), "days": Fraction(1, DAYS_PER_MONTH)},
    "years": {"years": Fraction(1), "months": Fraction(1, 12)},
    "number": {"number": Fraction(1)},
}
"""Unit of the program → unit of the file → what to multiply by. Days are none of a life's years: a year has no fixed
number of them."""


@dataclass(frozen=True)
class Units:
    """The units that files of a market may be in."""

    currency: Currency

    @cached_property
    def _money(self) -> Mapping[int, tuple[str, ...]]:
        """Power of ten → how it is written."""
        chinese = self.currency.units.get("zh", "")
        return {
            power: (f"{self.currency.code}{behind}", *([f"{before}{chinese}"] if chinese else []))
            for power, (behind, before) in _POWERS.items()
        }

    @cached_property
    def _times(self) -> Mapping[str, Mapping[str, Fraction]]:
        """Unit of the program → unit of the file → what to multiply by."""
        sizes: dict[str, Fraction] = {}
        for power, names in self._money.items():
            sizes |= dict.fromkeys(names, Fraction(10**power))
        money = {unit: {name: size / 10**power for name, size in sizes.items()} for unit, power in _COMPUTED.items()}
        return {**money, **_OTHERS}

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(dict.fromkeys(chain.from_iterable(self._times.values())))

    def shown(self, unit: str) -> str:
        """What a unit of the program is called where people read it."""
        return self._money[_COMPUTED[unit]][0] if unit in _COMPUTED else unit

    def names_for(self, unit: str) -> tuple[str, ...]:
        """In what a column may be declared that the program reads in ``unit``."""
        return tuple(self._times[unit])

    def times(self, declared: str, unit: str) -> Fraction:
        """What turns a value as declared into one of ``unit``; ``declared`` is one of ``names_for``."""
        return self._times[unit][declared]

    def of_row(self, declared: str) -> tuple[str, Fraction]:
        """The unit that the program gives a value whose row says ``declared``, and what to multiply by.

        Money becomes millions, rates fractions.
        """
        unit = next((unit for unit in (MILLIONS, "fraction") if declared in self._times[unit]), declared)
        return self.shown(unit), self.times(declared, unit) if unit != declared else Fraction(1)

    def like(self, amount: float, low: float, high: float) -> str:
        """In which units of money a file may have been written whose ``amount`` is out of range.

        It is out of range if it is not between ``low`` and ``high`` million. Empty if there is no such unit.
        """
        millions = {names[0]: float(Fraction(10**power, 10**6)) for power, names in self._money.items()}
        return " or ".join(name for name, size in millions.items() if low <= amount * size <= high)


def converted(number: str, by: Fraction) -> float:
    """A plain decimal number, multiplied exactly and rounded once.

    823387 at 0.0001 is the same 82.3387 that a file would hold.
    """
    return float(Decimal(number) * by.numerator / by.denominator)
