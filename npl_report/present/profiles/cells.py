"""Cells of computed tables and facts of the data → what the pages of deals and banks print.

These are texts with their identity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

import numpy as np
import pandas as pd

from npl_report.model import Column, Result, Unavailable, Unit
from npl_report.present.contexts import Link
from npl_report.present.localized import LocalizedEdition
from npl_report.present.printed import NOTHING, Cell, Head
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle
from npl_report.text.words import Words, told

Record = Mapping[str, Any]
"""A row of a frame by column."""

_NUMBERS = frozenset("biuf")
"""Kinds of columns that are kept as numpy has them."""
_UNREAD = "no_deal_in_window"
"""Why a table may lack a deal or group: the tables of readings hold those with a date inside the window."""


@dataclass(frozen=True)
class Tile:
    """A key figure and what it is."""

    value: Cell
    caption: str


@dataclass(frozen=True)
class Sentence:
    """A sentence of the interface with the values that stand in it."""

    text: str
    values: Mapping[str, Cell]


@dataclass(frozen=True)
class GridRow:
    """A row of a grid: what it is about, and its cells."""

    head: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class GridGroup:
    """Rows under a common heading, which may be empty."""

    label: str
    rows: tuple[GridRow, ...]


@dataclass(frozen=True)
class Grid:
    """A table of a profile.

    ``passport`` leads to the table that its figures belong to (None if they belong to several or none); ``empty`` is
    printed in place of rows; ``anchored`` grids are where the identity of their cells leads to.

    ``reasons`` say why cells are empty.
    """

    key: str
    title: str
    corner: str
    heads: tuple[Head, ...]
    groups: tuple[GridGroup, ...]
    note: str
    passport: Link | None
    empty: str
    anchored: bool

    @property
    def reasons(self) -> tuple[str, ...]:
        """Each once, in the order of the cells."""
        rows = chain.from_iterable(group.rows for group in self.groups)
        cells = chain.from_iterable(row.cells for row in rows)
        return tuple(dict.fromkeys(cell.reason for cell in cells if cell.reason))


class _Rows:
    """A computed table, of which a page asks for single values."""

    def __init__(self, result: Result) -> None:
        self.places = {str(row): place for place, row in enumerate(result.frame.index)}
        self.gaps = result.gaps
        self._frame = result.frame
        self._columns: dict[str, Any] = {}

    def value(self, row: str, column: str) -> Any:
        """The value of a row that there is."""
        values = self._columns.get(column)
        if values is None:
            found = self._frame[column]
            values = self._columns[column] = (
                found.to_numpy() if found.dtype.kind in _NUMBERS else found.tolist()  # ten times smaller than a list
            )
        value = values[self.places[row]]
        return value.item() if isinstance(value, np.generic) else value


class Cells:
    """Every computed table of one language, cell by cell: a page costs only its own."""

    def __init__(self, localized: LocalizedEdition) -> None:
        self.localized = localized
        self.words: Words = localized.words
        self.names: Names = localized.printer.names
        self.numbers: NumberStyle = localized.printer.numbers
        self._tables: dict[str, _Rows | Unavailable] = {}
        self._makers: dict[tuple[str, str], Callable[[str, Any, Unavailable | None], Cell]] = {}
        self._columns: dict[str, dict[str, Column]] = {}
        self._heads: dict[tuple[str, str], Head] = {}
        self._texts: dict[str, str] = {}
        self._titles: dict[str, str] = {}

    def _table(self, table: str) -> _Rows | Unavailable:
        found = self._tables.get(table)
        if found is None:
            result = self.localized.results[table]
            found = self._tables[table] = result if isinstance(result, Unavailable) else _Rows(result)
        return found

    def rows(self, table: str) -> Collection[str]:
        """The ids of a table's rows; none of one that is unavailable."""
        found = self._table(table)
        return () if isinstance(found, Unavailable) else found.places.keys()

    def value(self, table: str, row: str, column: str) -> Any:
        """The stored value of a row that there is."""
        found = self._table(table)
        if isinstance(found, Unavailable):
            raise KeyError(table)
        return found.value(row, column)

    def by_deal(self, table: str) -> dict[str, list[str]]:
        """Deal → ids of its rows, in a table with a column ``deal``."""
        groups: dict[str, list[str]] = {}
        for row in self.rows(table):
            groups.setdefault(str(self.value(table, row, "deal")), []).append(row)
        return groups

    def in_table(self, table: str, row: str, column: str, *, absent: str = _UNREAD) -> Cell:
        """The cell as a table prints it, its unit in the head; ``absent``: the reason if there is no such row."""
        found = self._table(table)
        if not isinstance(found, Unavailable) and row in found.places:
            return self._maker(table, column)(row, found.value(row, column), found.gaps.get((row, column)))
        gap = found if isinstance(found, Unavailable) else Unavailable(absent, needed=1, found=0)
        reason = told(gap, self.words)
        return Cell(NOTHING, reason=reason, numeric=self.column(table, column).numeric, id=f"{row}.{column}")

    def _maker(self, table: str, column: str) -> Callable[[str, Any, Unavailable | None], Cell]:
        made = self._makers.get((table, column))
        if made is None:
            made = self._makers[table, column] = self.localized.printer.maker(
                self.localized.tables[table], self.column(table, column)
            )
        return made

    def in_text(self, table: str, row: str, column: str) -> Cell:
        """The cell as text prints it, with its unit and a link to its passport.

        A cell that no page shows has no identity.
        """
        declared, found = self.column(table, column), self.in_table(table, row, column)
        if found.reason:
            return Cell(NOTHING, reason=found.reason)
        value = self.value(table, row, column)
        text = (
            self.numbers.day(value.date())
            if isinstance(value, pd.Timestamp)
            else self.numbers.text(float(value), declared)
        )
        number, page = (found.number, self.localized.where(table, row, column)) if declared.shown else ("", "")
        return Cell(text, found.raw, number, page)

    def head(self, table: str, column: str) -> Head:
        """A column's head in the table's own words."""
        if (table, column) not in self._heads:
            self._heads[table, column] = self.localized.printer.head(
                self.column(table, column), str(self._words(table)[f"columns.{column}"])
            )
        return self._heads[table, column]

    def named(self, unit: Unit, id_: str) -> Cell:
        """A deal, bank or term by its name, with a link to its page."""
        return Cell(self.names.name(unit, id_), page=self.names.page(unit, id_), numeric=False)

    def passport(self, table: str) -> Link | None:
        """The page that defines the table; None if the table is not published."""
        entry = self.localized.entries.get(table)
        return Link(f"../tables/{table}.html", f"{entry.view.label} {entry.view.title}") if entry else None

    def title(self, table: str) -> str:
        """The table's title."""
        if table not in self._titles:
            self._titles[table] = str(self._words(table)["title"])
        return self._titles[table]

    def grid(
        self,
        key: str,
        title: str,
        table: str,
        corner: str,
        heads: Sequence[Head],
        groups: Sequence[GridGroup],
        *,
        empty: str,
        note: str = "",
        anchored: bool = False,
    ) -> Grid:
        """A grid.

        ``corner``, ``empty`` and ``note`` are words, ``table`` is the one that its figures belong to (empty for none).
        """
        rows = any(group.rows for group in groups)
        passport = self.passport(table) if table else None
        return Grid(
            key,
            title,
            self.word(corner),
            tuple(heads),
            tuple(groups) if rows else (),
            self.word(note) if note and rows else "",
            passport,
            "" if rows else self.word(empty),
            anchored,
        )

    def word(self, key: str, **values: str) -> str:
        """A word of the interface with what stands in it."""
        if key not in self._texts:
            self._texts[key] = str(self.words[key])
        return self._texts[key].format(**values) if values else self._texts[key]

    def _words(self, table: str) -> Words:
        entry = self.localized.entries.get(table)
        return entry.words if entry else self.localized.table_words(table)

    def column(self, table: str, column: str) -> Column:
        """A column as its table declares it."""
        if table not in self._columns:
            self._columns[table] = {item.key: item for item in self.localized.tables[table].columns}
        return self._columns[table][column]


def dated(value: object) -> Cell:
    """A date of the data."""
    text = f"{value:%Y-%m-%d}"
    return Cell(text, raw=text, numeric=False)


def records(frame: pd.DataFrame) -> list[Record]:
    """The rows of a frame."""
    return cast("list[Record]", frame.to_dict("records"))


def grouped(rows: Iterable[Record]) -> dict[str, list[Record]]:
    """Rows by their deal, in their order."""
    groups: dict[str, list[Record]] = {}
    for record in rows:
        groups.setdefault(str(record["deal"]), []).append(record)
    return groups
