"""What prose may say of the tables: figures by their identity, and words that follow from the data.

Every helper takes ids, never figures, so that a sentence stays true when the data change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import cast

import numpy as np
import pandas as pd

from npl_report.model import (
    TOTAL,
    WORD_UNITS,
    Column,
    ResearchTable,
    Result,
    Unavailable,
    Unit,
    Withheld,
    nearest,
    settled,
)
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle, raw
from npl_report.text.picks import Pick, Picks, Row
from npl_report.text.words import Words, joined, told

NumberFrame = Callable[[str, str, str, str, str], str]
"""(text, raw value, table, row, column) → the text as the medium shows it."""

_SUMMARIES = (TOTAL, "mean", "one_year")

IDS = (
    "n",
    "value",
    "has",
    "has_table",
    "withheld",
    "label",
    "inline",
    "row",
    "ranking",
    "series",
    "highest",
    "lowest",
    "trend",
    "side",
    "difference",
    "count",
)
"""Helpers that take ids only."""
HELPERS = (*IDS, "each", "together", "opening", "date", "section", "verbatim")
"""All helpers of a text, by the names of their methods."""


class BindingError(Exception):
    """Prose asks for what does not exist; ``fix`` says what there is."""

    def __init__(self, rule: str, fix: str) -> None:
        super().__init__(rule)
        self.fix = fix


class Binding:
    """The helpers of one language and one medium over the computed tables."""

    def __init__(
        self,
        tables: Mapping[str, ResearchTable],
        results: Mapping[str, Result | Unavailable],
        names: Names,
        numbers: NumberStyle,
        words: Words,
        frame: NumberFrame,
        fewest: int = 1,
    ) -> None:
        self.tables = tables
        self._results = results
        self._names = names
        self._numbers = numbers
        self._words = words
        self._frame = frame
        self.fewest = fewest

    def helpers(self) -> dict[str, Callable[..., object]]:
        """What a text may call."""
        return {name: getattr(self, name) for name in HELPERS}

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
        return (
            found.item() if isinstance(found, np.generic) else found
        )  # Python's own number: it does not divide by zero in silence

    def has(self, table: str, row: str, column: str | None = None) -> bool:
        """Whether the row exists, and the cell holds a value."""
        result = self.result(table)
        if isinstance(result, Unavailable) or row not in result.frame.index:
            return False
        return column is None or (row, self.column(table, column).key) not in result.gaps

    def has_table(self, table: str) -> bool:
        """Whether this edition has the table; an unknown key is an error."""
        if table not in self.tables and table not in self._results:
            raise BindingError(f"there is no table {table!r}", nearest(table, sorted(self._results)))
        return table in self._results

    def withheld(self, table: str) -> bool:
        """Whether rows of the table, or those behind it, are not published because their data are not public."""
        result = self.result(table)
        return isinstance(result, Withheld) or (isinstance(result, Result) and result.withheld)

    def label(self, table: str, row: str) -> str:
        """The name of a row."""
        self._row(table, row)
        return self._names.name(self.tables[table].rows, row)

    def inline(self, table: str, row: str) -> str:
        """The name of a row as it stands inside a sentence."""
        self._row(table, row)
        return self._names.inline(self.tables[table].rows, row)

    def row(self, table: str, row: str) -> Row:
        """A row by its id, to take its figures one by one or in a pattern."""
        return Row(table=table, id=row, name=self.label(table, row), inline=self.inline(table, row), cells=self)

    def series(
        self, table: str, column: str, rows: Sequence[str] | None = None, form: str | None = None, **where: str
    ) -> Picks:
        """The rows in the table's order, without totals and gaps.

        ``rows`` names some of them; ``where`` keeps those whose cells hold what it says (column = id). A pair's name
        leaves out the asset type that ``where`` names.
        """
        declared = self.column(table, column)
        result = self.result(table)
        for key in where:
            self.column(table, key)
        if isinstance(result, Unavailable):
            return Picks()
        wanted = self._wanted(table, result, rows, where)
        values = result.frame.loc[wanted, column].dropna().astype(float)
        return Picks(
            self._pick(table, str(row), declared, value, form, typed="asset_type" in where)
            for row, value in values.items()
        )

    def ranking(
        self, table: str, column: str, rows: Sequence[str] | None = None, form: str | None = None, **where: str
    ) -> Picks:
        """The rows in falling order of a column, equal ones by id. Otherwise as ``series``."""
        return self.series(table, column, rows, form, **where).falling

    def highest(self, table: str, column: str, rows: Sequence[str] | None = None, **where: str) -> Pick:
        """The row of enough deals with the highest value; of equal ones the first by id."""
        return self._end(self.ranking(table, column, rows, **where).firm[:1], table)

    def lowest(self, table: str, column: str, rows: Sequence[str] | None = None, **where: str) -> Pick:
        """The row of enough deals with the lowest value; of equal ones the first by id."""
        return self._end(self.series(table, column, rows, **where).firm.rising[:1], table)

    def count(self, table: str, **where: str) -> int:
        """How many rows there are, without totals, whose cells hold what ``where`` says (column = id).

        Those that are not published count as well.
        """
        for key in where:
            self.column(table, key)
        result = self.result(table)
        if isinstance(result, Withheld):
            return sum(
                all(raw(kind[key]) == str(id_) for key, id_ in where.items())
                for kind in result.kinds.to_dict("records")
            )
        return 0 if isinstance(result, Unavailable) else len(self._wanted(table, result, None, where))

    def each(self, rows: Iterable[Row], pattern: str, comma: str | None = None) -> str:
        """Every row in a pattern such as ``"{name}为{value}"``, joined as clauses, or by ``comma``.

        ``{name}`` is the inline name, ``{value}`` the figure that the rows were asked for; any column's key stands for
        its figure, ``{issuance:bn}`` for another form of it.
        """
        parts = [row.told(pattern) for row in rows]
        return (
            joined(parts, str(self._words["list.clause"]), str(self._words["list.clause_last"]))
            if comma is None
            else comma.join(parts)
        )

    def together(self, items: Iterable[object]) -> str:
        """Names or figures joined as one enumeration: rows by their inline names."""
        parts = [item.inline if isinstance(item, Row) else str(item) for item in items]
        return joined(parts, str(self._words["list.comma"]), str(self._words["list.last"]))

    def opening(self, text: str) -> str:
        """The text with a capital, to open a sentence."""
        return text[:1].upper() + text[1:]

    def trend(self, table: str, column: str, rows: Sequence[str] | None = None, **where: str) -> str:
        """How a column moves over the rows in their order; compare with it, or print ``words.trend[…]``.

        ``rising``, ``falling``, ``flat``: at every step. ``up``, ``down``: not at every step, but from the lowest to
        the highest of all, or back. ``mixed``: neither, or fewer than two rows.
        """
        figures = [settled(pick.number) for pick in self.series(table, column, rows, **where)]
        steps = np.diff(figures)
        for word, holds in (("rising", steps > 0), ("falling", steps < 0), ("flat", steps == 0)):
            if steps.size and holds.all():
                return word
        for word, first, last in (("up", min, max), ("down", max, min)):
            if steps.size and figures[0] == first(figures) and figures[-1] == last(figures):
                return word
        return "mixed"

    def side(self, table: str, row: str, column: str, than: Sequence[str] | None = None) -> str:
        """``above``, ``below`` or ``equal``, as the figures print; ``unknown`` if one is a gap.

        A value is held against zero, or against the number named by ``than`` (table, row, column).
        """
        left, right = self._printed(table, row, column), Decimal(0) if than is None else self._printed(*than)
        if left is None or right is None:
            return "unknown"
        return "above" if left > right else "below" if left < right else "equal"

    def difference(self, table: str, row: str, column: str, than: Sequence[str]) -> str:
        """What the figure and the one named by ``than`` (table, row, column) differ by, without sign, as they print.

        Rates differ by percentage points.
        """
        left, right = self._printed(table, row, column), self._printed(*than)
        if left is None or right is None:
            return self.n(table, row, column) if left is None else self.n(*than)
        unit = self.column(table, column).unit
        style = self._numbers.style(Unit.POINTS if unit is Unit.RATE else unit)
        plain = self._numbers.marks(f"{abs(left - right):,}")
        return (style.one if plain == "1" else style.text).format(plain)

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
        return told(gap, self._words)

    def _framed(self, table: str, row: str, column: Column, value: object, form: str | None = None) -> str:
        if isinstance(value, pd.Timestamp):
            return self._frame(self._numbers.day(value.date()), value.date().isoformat(), table, row, column.key)
        number = float(cast("float", value))
        column = self.tables[table].printed_as(row, column)
        return self._frame(self._numbers.text(number, column, form), raw(number), table, row, column.key)

    def _printed(self, table: str, row: str, column: str) -> Decimal | None:
        """The number as it prints, without separators and unit; None for a gap."""
        declared, result = self._cell(table, row, column)
        value = self._raw(result, row, column)
        if isinstance(value, Unavailable):
            return None
        return self._numbers.exact(float(value), self.tables[table].printed_as(row, declared))

    def exact(self, table: str, row: str, column: str) -> Fraction | None:
        """What a number as it prints is in the stored unit; None for a gap."""
        printed = self._printed(table, row, column)
        scale = Fraction(str(self._numbers.style(self.column(table, column).unit).scale))
        return None if printed is None else Fraction(printed) / scale

    def _wanted(self, table: str, result: Result, rows: Sequence[str] | None, where: Mapping[str, str]) -> list[str]:
        """Ids of the rows asked for, in the order of ``rows`` or else of the table."""
        for row in rows or ():
            self._row(table, row)
        wanted = [str(row) for row in result.frame.index if str(row) not in _SUMMARIES] if rows is None else list(rows)
        for key, id_ in where.items():
            cells = zip(wanted, result.frame.loc[wanted, key].tolist(), strict=True)
            wanted = [row for row, value in cells if raw(value) == str(id_)]
        return wanted

    def _pick(self, table: str, row: str, column: Column, value: float, form: str | None, *, typed: bool) -> Pick:
        name, inline = self.label(table, row), self.inline(table, row)
        if typed and self.tables[table].rows is Unit.PAIR:
            name = inline = self._names.other(row)
        return Pick(
            table=table,
            id=row,
            name=name,
            inline=inline,
            cells=self,
            value=self._framed(table, row, column, value, form),
            printed=self._numbers.text(value, self.tables[table].printed_as(row, column), form),
            number=value,
            thin=self._thin(table, row, column),
        )

    def _thin(self, table: str, row: str, column: Column) -> bool:
        """Whether the figure measures fewer deals than are ranked."""
        if column.total or column.unit in (Unit.DEALS, Unit.COUNT):
            return False
        return 0 < (self.deals(table, row, column.key) or 0) < self.fewest

    def deals(self, table: str, row: str, column: str) -> float | None:
        """Of how many deals a figure is; None where the table does not say."""
        counted = self.tables[table].counted(column)
        behind = self._raw(self.result(table), row, counted) if counted else None
        return None if behind is None or isinstance(behind, Unavailable) else float(behind)

    def _end(self, picks: Picks, table: str) -> Pick:
        if picks:
            return picks[0]
        nothing = self.reason(Unavailable("no_deals", needed=1, found=0))
        return Pick(
            table=table,
            id="",
            name=nothing,
            inline=nothing,
            cells=self,
            value=nothing,
            printed=nothing,
            number=float("nan"),
        )

    def result(self, table: str) -> Result | Unavailable:
        """The computed table, or why there is none."""
        if not self.has_table(table):
            raise BindingError(
                f"table {table!r} is not computed for this edition",
                f'guard what is said of it: {{% if has_table("{table}") %}} … {{% endif %}}',
            )
        return self._results[table]

    def column(self, table: str, column: str) -> Column:
        """A column as its table declares it."""
        self.result(table)
        try:
            return self.tables[table].column(column)
        except KeyError:
            raise BindingError(
                f"table {table} has no column {column!r}",
                nearest(column, [item.key for item in self.tables[table].columns]),
            ) from None

    def _row(self, table: str, row: str) -> None:
        result = self.result(table)
        if not isinstance(result, Unavailable) and row not in result.frame.index:
            fix = (
                nearest(row, [str(item) for item in result.frame.index])
                + '; guard a row that may be absent with {% if has("table", "row") %}'
            )
            raise BindingError(f"table {table} has no row {row!r} on this as-of date", fix)

    def _cell(self, table: str, row: str, column: str) -> tuple[Column, Result | Unavailable]:
        declared = self.column(table, column)
        self._row(table, row)
        return declared, self.result(table)

    def _raw(self, result: Result | Unavailable, row: str, column: str) -> float | str | Unavailable:
        if isinstance(result, Unavailable):
            return result
        return result.gaps.get((row, column)) or cast("float | str", result.frame.at[row, column])
