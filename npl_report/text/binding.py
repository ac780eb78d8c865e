"""What prose may say of the tables: figures by their identity, and words that follow from the data.

Every helper takes ids, never figures, so that a sentence stays true when the data change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import cast

import numpy as np
import pandas as pd

from npl_report.model import TOTAL, WORD_UNITS, Column, ResearchTable, Result, Unavailable
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle, raw
from npl_report.text.words import Words

NumberFrame = Callable[[str, str, str, str, str], str]
"""(text, raw value, table, row, column) → the text as the medium shows it."""

_SHOWN = 12
_SUMMARIES = (TOTAL, "mean", "one_year")


class BindingError(Exception):
    """Prose asks for what does not exist; ``fix`` says what there is."""

    def __init__(self, rule: str, fix: str) -> None:
        super().__init__(rule)
        self.fix = fix


@dataclass(frozen=True)
class Pick:
    """A row that stands out: prints as its name; ``value`` is its bound figure, ``id`` its row id."""

    id: str
    name: str
    value: str

    def __str__(self) -> str:
        return self.name


class Binding:
    """The helpers of one language and one medium over the computed tables."""

    def __init__(self, tables: Mapping[str, ResearchTable], results: Mapping[str, Result | Unavailable], names: Names, numbers: NumberStyle, words: Words, frame: NumberFrame) -> None:
        self._tables = tables
        self._results = results
        self._names = names
        self._numbers = numbers
        self._words = words
        self._frame = frame

    def n(self, table: str, row: str, column: str, form: str | None = None) -> str:
        """The figure ``table/row/column`` with its unit; a gap prints its reason."""
        declared, result = self._cell(table, row, column)
        value = self._raw(result, row, column)
        if isinstance(value, Unavailable):
            return self.reason(value)
        if declared.unit in WORD_UNITS:
            return self._names.name(declared.unit, str(value))
        return self._framed(table, row, declared, value, form)

    def value(self, table: str, row: str, column: str) -> float | str:
        """The stored value, for conditions; NaN where there is a gap."""
        _, result = self._cell(table, row, column)
        found = self._raw(result, row, column)
        if isinstance(found, Unavailable):
            return float("nan")
        return found.item() if isinstance(found, np.generic) else found  # Python's own number: it does not divide by zero in silence

    def has(self, table: str, row: str, column: str | None = None) -> bool:
        """Whether the row exists, and the cell holds a value."""
        result = self._result(table)
        if isinstance(result, Unavailable) or row not in result.frame.index:
            return False
        return column is None or (row, self._column(table, column).key) not in result.gaps

    def label(self, table: str, row: str) -> str:
        """The name of a row."""
        self._row(table, row)
        return self._names.name(self._tables[table].rows, row)

    def ranking(self, table: str, column: str, rows: Sequence[str] | None = None) -> list[Pick]:
        """The rows in falling order of a column, without totals and gaps; ``rows`` names some of them."""
        declared = self._column(table, column)
        result = self._result(table)
        if isinstance(result, Unavailable):
            return []
        for row in rows or ():
            self._row(table, row)
        wanted = [row for row in result.frame.index if (rows is None and row not in _SUMMARIES) or (rows is not None and row in rows)]
        values = result.frame.loc[wanted, column].dropna().astype(float).sort_values(ascending=False, kind="stable")
        return [Pick(str(row), self.label(table, str(row)), self._framed(table, str(row), declared, value)) for row, value in values.items()]

    def highest(self, table: str, column: str, rows: Sequence[str] | None = None) -> Pick:
        """The row with the highest value."""
        return self._end(table, column, rows, first=True)

    def lowest(self, table: str, column: str, rows: Sequence[str] | None = None) -> Pick:
        """The row with the lowest value."""
        return self._end(table, column, rows, first=False)

    def trend(self, table: str, column: str, rows: Sequence[str] | None = None) -> str:
        """``rising``, ``falling``, ``flat`` or ``mixed`` over the rows in their order; compare with it, or print ``words.trend[…]``."""
        self._column(table, column)
        result = self._result(table)
        if isinstance(result, Unavailable):
            return "mixed"
        wanted = rows or [row for row in result.frame.index if row not in _SUMMARIES]
        steps = result.frame.loc[list(wanted), column].dropna().astype(float).diff().dropna()
        if steps.empty:
            return "mixed"
        for word, holds in (("rising", (steps > 0).all()), ("falling", (steps < 0).all()), ("flat", (steps == 0).all())):
            if holds:
                return word
        return "mixed"

    def side(self, table: str, row: str, column: str, than: Sequence[str] | None = None) -> str:
        """``above``, ``below`` or ``equal``: a value against zero, or against the number named by ``than`` (table, row, column); ``unknown`` if one is a gap."""
        left = float(self.value(table, row, column))
        right = 0.0 if than is None else float(self.value(*than))
        return "above" if left > right else "below" if left < right else "equal" if left == right else "unknown"

    def date(self, text: str) -> str:
        """A date written by hand, in its explicit form: ``date("2020-03-17")``."""
        try:
            return self._numbers.day(date.fromisoformat(text))
        except ValueError:
            raise BindingError(f"{text!r} is no date", "write it as 2020-03-17") from None

    def section(self, text: str) -> str:
        """A section number, in its explicit form."""
        return text

    def verbatim(self, text: str, why: str) -> str:
        """Text with digits that are no result (a name, a quoted rule); ``why`` says what it is, for the next author."""
        if not why.strip():
            raise BindingError(f"verbatim({text!r}) gives no reason", 'write verbatim("…", why="…")')
        return text

    def reason(self, gap: Unavailable) -> str:
        """Why a value is not there, as a sentence."""
        text = str(self._words[f"reason.{gap.reason}"])
        return text.format(needed=_whole(gap.needed), found=_whole(gap.found))

    def _framed(self, table: str, row: str, column: Column, value: object, form: str | None = None) -> str:
        if isinstance(value, pd.Timestamp):
            return self._frame(self._numbers.day(value.date()), value.date().isoformat(), table, row, column.key)
        number = float(cast("float", value))
        return self._frame(self._numbers.text(number, column, form), raw(number), table, row, column.key)

    def _end(self, table: str, column: str, rows: Sequence[str] | None, *, first: bool) -> Pick:
        order = self.ranking(table, column, rows)
        if not order:
            nothing = self.reason(Unavailable("no_deals", needed=1, found=0))
            return Pick("", nothing, nothing)
        return order[0 if first else -1]

    def _result(self, table: str) -> Result | Unavailable:
        if table not in self._tables or table not in self._results:
            raise BindingError(f"there is no table {table!r}", _near(table, sorted(self._results)))
        return self._results[table]

    def _column(self, table: str, column: str) -> Column:
        self._result(table)
        try:
            return self._tables[table].column(column)
        except KeyError:
            raise BindingError(f"table {table} has no column {column!r}", _near(column, [item.key for item in self._tables[table].columns])) from None

    def _row(self, table: str, row: str) -> None:
        result = self._result(table)
        if not isinstance(result, Unavailable) and row not in result.frame.index:
            fix = _near(row, [str(item) for item in result.frame.index]) + '; guard a row that may be absent with {% if has("table", "row") %}'
            raise BindingError(f"table {table} has no row {row!r} on this as-of date", fix)

    def _cell(self, table: str, row: str, column: str) -> tuple[Column, Result | Unavailable]:
        declared = self._column(table, column)
        self._row(table, row)
        return declared, self._result(table)

    def _raw(self, result: Result | Unavailable, row: str, column: str) -> float | str | Unavailable:
        if isinstance(result, Unavailable):
            return result
        return result.gaps.get((row, column)) or cast("float | str", result.frame.at[row, column])


def _near(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"did you mean {near[0]}?" if near else f"there are: {', '.join(known[:_SHOWN])}{' …' if len(known) > _SHOWN else ''}"


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
