"""Values → text, in the way each language writes them. One rounding for all: half up on the decimal value shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from npl_report.model import SIGNIFICANT, WORD_UNITS, Column, InputError, Problem, Unit
from npl_report.text.words import Words

MINUS = "\u2212"
_STEPS = tuple(float(10**decimals) for decimals in range(7))
"""Last printed digits in one, by decimals; with more, Decimal writes small figures with an exponent."""
_NOISE = 10 / 10**SIGNIFICANT
"""Twice the share of a value that ``half_up`` may cut off."""


def half_up(value: float, decimals: int) -> Decimal:
    """Round half up (away from zero) at ``decimals``: 0.125 → 0.13, −0.125 → −0.13; never returns a negative zero.

    Noise in the last digits cannot turn a tie.
    """
    exact = Decimal(f"{value:.{SIGNIFICANT}g}")
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def figure(value: float, decimals: int) -> str:
    """What ``half_up`` gives, with thousands separators and a true minus sign.

    Where no tie is near, which is nearly everywhere, every rounding gives the same, and Python's is the fastest.
    """
    if decimals < len(_STEPS):
        size = abs(value) * _STEPS[decimals]
        if abs(size % 1 - 0.5) > size * _NOISE:
            text = f"{abs(value):,.{decimals}f}"
            return MINUS + text if value < 0 and size > 0.5 else text  # noqa: PLR2004 -- less is nought
    return f"{half_up(value, decimals):,}".replace("-", MINUS)


@dataclass(frozen=True)
class Marks:
    """What stands before the decimals of a figure, and between its thousands, in one language."""

    decimal: str = "."
    thousands: str = ","

    @property
    def usual(self) -> bool:
        """Whether they are those of ``figure``."""
        return self == Marks()

    def __call__(self, plain: str) -> str:
        """A figure as ``figure`` gives it, with these marks."""
        if self.usual:
            return plain
        return plain.translate({ord("."): self.decimal, ord(","): self.thousands})

    def whole(self, number: int) -> str:
        """A whole number with thousands separators."""
        return self(f"{number:,}")


def marks(words: Mapping[str, Any] | Words) -> Marks:
    """Those of a language, from the section ``number`` of its words."""
    return Marks(str(words["number"]["decimal"]), str(words["number"]["thousands"]))


def raw(value: Any) -> str:
    """The stored value as downloads and ``<data>`` elements carry it.

    Every digit that it has, ISO dates, empty for missing.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        number = float(value)  # of numpy's, the plain number
    elif value is None or pd.isna(value):
        return ""
    elif isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    else:
        number = float(str(value))
    if math.isnan(number):
        return ""
    return _digits(number)


def raws(values: pd.Series) -> list[str]:
    """What ``raw`` gives for each value of a column."""
    given = values.tolist()
    if values.dtype == "float64":
        return [_digits(number) if number == number else "" for number in given]  # noqa: PLR0124 -- NaN is no number
    known: dict[Any, str] = {}
    for value in given:
        if value not in known:
            known[value] = raw(value)
    return [known[value] for value in given]


def _digits(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


@dataclass(frozen=True)
class UnitStyle:
    """How a language writes a unit.

    ``scale`` turns the stored value into the printed one, ``shift`` moves the declared decimals.
    """

    scale: float
    shift: int
    head: str
    cell: str
    text: str
    one: str


class NumberStyle:
    """The numbers of one language, from the sections ``number``, ``unit`` and ``date`` of its words.

    ``marks``: its decimal mark and thousands separator. ``finer``: decimals that amounts have more than it says.
    """

    def __init__(self, words: Mapping[str, Any], file: str, *, finer: int = 0) -> None:
        try:
            self._units = {
                name: UnitStyle(
                    float(item["scale"]),
                    int(item.get("shift", 0)) + (finer if name == Unit.MONEY.value else 0),
                    item["head"],
                    item["cell"],
                    item["text"],
                    item.get("one", item["text"]),
                )
                for name, item in words["unit"].items()
            }
            for unit in set(Unit) - WORD_UNITS - {Unit.DATE}:
                self._units[unit.value]
            self.marks = marks(words)
            self._date = str(words["date"]["day"])
            self._month = str(words["date"]["month"])
            self._months = [str(name) for name in words["date"]["months"]]
        except KeyError as error:
            raise InputError(
                [
                    Problem(
                        file,
                        column=f"number/unit/date {error}",
                        rule="the key is missing",
                        fix="compare with another language's file",
                    )
                ]
            ) from None

    def style(self, unit: Unit, form: str | None = None) -> UnitStyle:
        """The style of a unit, or of one of its named other forms (``money_bn``)."""
        name = unit.value if form is None else f"{unit.value}_{form}"
        return self._units[name] if name in self._units else self._units[unit.value]

    def number(self, value: float, column: Column, form: str | None = None) -> tuple[str, UnitStyle]:
        """The rounded figure alone, with thousands separators and a true minus sign, and the style that frames it."""
        style = self.style(column.unit, form)
        plain = figure(value * style.scale, _decimals(value, column, style))
        return plain.replace(",", "") if column.unit is Unit.YEAR else self.marks(plain), style

    def exact(self, value: float, column: Column) -> Decimal:
        """The figure that ``number`` prints, as a number."""
        style = self.style(column.unit)
        return half_up(value * style.scale, _decimals(value, column, style))

    def cell(self, value: float, column: Column) -> str:
        """The figure as a table's cell prints it; its unit may stand in the column head."""
        return self.cells(column)(value)

    def cells(self, column: Column) -> Callable[[float], str]:
        """What prints the figures of a column as ``cell`` does."""
        style = self.style(column.unit)
        framed, scale = style.cell.format, style.scale
        if column.unit in {Unit.PROBABILITY, Unit.YEAR, Unit.MONTHS}:
            return lambda value: framed(self._floored(value, column)[0])
        decimals = max(0, column.printed_decimals + style.shift)
        if self.marks.usual:
            return lambda value: framed(figure(value * scale, decimals))
        return lambda value: framed(self.marks(figure(value * scale, decimals)))

    def text(self, value: float, column: Column, form: str | None = None) -> str:
        """The figure with its unit, as prose prints it."""
        plain, style = self._floored(value, column, form)
        return (style.one if plain == "1" else style.text).format(plain)

    def signed(self, value: float, column: Column) -> str:
        """A difference of two figures of the column, with sign and unit; one of rates is in percentage points."""
        units = {Unit.RATE: Unit.POINTS, Unit.PROBABILITY: Unit.NUMBER, Unit.RANK: Unit.COUNT, Unit.YEAR: Unit.COUNT}
        of = replace(column, unit=units.get(column.unit, column.unit), decimals=column.printed_decimals)
        plain, style = self.number(value, of)
        framed = style.one if plain.removeprefix(MINUS) == "1" else style.text
        sign = MINUS if plain.startswith(MINUS) else "+" if self.exact(value, of) else ""
        return sign + framed.format(plain.removeprefix(MINUS))

    def _floored(self, value: float, column: Column, form: str | None = None) -> tuple[str, UnitStyle]:
        """As ``number``, but a probability that would print as nought stands as below the least that prints: <0.001.

        None is nought: a double's nought is an underflow.
        """
        plain, style = self.number(value, column, form)
        if column.unit is Unit.PROBABILITY and half_up(value, column.printed_decimals) == 0:
            return self.marks(f"<{Decimal(1).scaleb(-column.printed_decimals)}"), style
        return plain, style

    def head(self, unit: Unit) -> str:
        """The unit as a column head prints it; empty if the cells carry it."""
        return self._units[unit.value].head if unit.value in self._units else ""

    def day(self, value: date) -> str:
        """A date in words: 2020年3月17日, 17 March 2020."""
        return self._date.format(year=value.year, month=value.month, day=value.day, name=self._months[value.month - 1])

    def month(self, value: date) -> str:
        """A month in words: 2020年3月, March 2020."""
        return self._month.format(year=value.year, month=value.month, name=self._months[value.month - 1])


def _decimals(value: float, column: Column, style: UnitStyle) -> int:
    """How many a value of the column prints; less than a month has one at least, so that it is no nought."""
    decimals = max(0, column.printed_decimals + style.shift)
    return max(decimals, 1) if column.unit is Unit.MONTHS and 0 < abs(value) < 1 else decimals
