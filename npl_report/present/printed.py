"""One value → the cell that pages, the note and LaTeX print: the one printer of a language.

A column is printed at once: its style and its names are asked for once, not cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from npl_report.model import WORD_UNITS, Column, Figure, ResearchTable, Unavailable, Unit
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle, raw
from npl_report.text.words import Words, told

NOTHING = "—"
"""What stands in a cell without a value."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed value.

    ``raw`` is the stored one, empty for what has none; ``number`` its identity (``Figure``; empty for a fact of the
    data), ``id`` its anchor; ``page`` is what it leads to, seen from the language's folder; ``reason`` says why there
    is no value.
    """

    text: str
    raw: str = ""
    number: str = ""
    page: str = ""
    reason: str = ""
    numeric: bool = True
    id: str = ""


def printed(cell: Cell, up: str = "", linked: bool = True) -> Markup:  # noqa: FBT001, FBT002 -- a filter of templates
    """The markup of a cell, the same on every page and in the note: what a program reads of a number stands in it.

    ``up``: way to the language's folder; ``linked``: whether there are pages to lead to. It is no template because an
    edition has some 150,000 cells, which took templates a third of a build.
    """
    return Markup(_printed(cell, escaped(up) if linked else None))  # noqa: S704 -- all parts are escaped


def line(cells: Iterable[Cell], up: str = "", *, linked: bool = True, ids: bool = False, words: bool = True) -> Markup:
    """The cells of a table's row, as ``printed`` has each; a filter of templates too.

    ``ids``: whether they are where the identity of their numbers leads to; ``words``: whether what is no number is of a
    class of its own.
    """
    way, texts = escaped(up) if linked else None, []
    for cell in cells:
        kind = ' class="number"' if cell.numeric else ' class="word"' if words else ""
        anchor = f' id="{escaped(cell.id)}"' if ids and cell.id else ""
        texts.append(f"<td{kind}{anchor}>{_printed(cell, way)}</td>")
    return Markup("".join(texts))  # noqa: S704 -- all parts are escaped


def _printed(cell: Cell, way: str | None) -> str:
    """The markup of a cell; ``way``: to the language's folder, None if there are no pages to lead to."""
    text = escaped(cell.text)
    if cell.raw:
        number = f' data-number="{escaped(cell.number)}"' if cell.number else ""
        text = f'<data value="{escaped(cell.raw)}"{number}>{text}</data>'
    elif cell.reason:
        text = f'<abbr title="{escaped(cell.reason)}">{text}</abbr>'
    if way is not None and cell.page:
        kind = ' class="num"' if cell.number and cell.numeric else ""
        text = f'<a{kind} href="{way}{escaped(cell.page)}">{text}</a>'
    return text


def escaped(text: str) -> str:
    """What ``markupsafe.escape`` gives, as a plain string: a tenth of the time, millions of times."""
    return (
        text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;").replace("'", "&#39;").replace('"', "&#34;")
    )


@dataclass(frozen=True)
class Head:
    """A column's head; ``numeric`` columns are aligned on their end.

    ``short`` is the label under a common head, ``span``.
    """

    key: str
    label: str
    unit: str
    numeric: bool
    span: str = ""
    short: str = ""


@dataclass(frozen=True)
class Printer:
    """What one language needs to print any table."""

    names: Names
    numbers: NumberStyle
    words: Words

    def row_head(self, table: ResearchTable) -> str:
        """Head of the first column: what the rows are."""
        field = {Unit.TERM: "row", Unit.TRANCHE: "row"}.get(table.rows, table.rows.value)
        return str(self.words[f"row_head.{field}"])

    def head(self, column: Column, label: str) -> Head:
        """A column's head; the unit is left out where every cell carries it."""
        unit = "" if column.unit is Unit.RATE else self.numbers.head(column.unit)
        return Head(column.key, label, unit, numeric=column.numeric)

    def plain(self, column: Column, values: pd.Series) -> list[Cell]:
        """Cells of values that have no identity, such as those of the evidence; empty for missing ones."""
        write, page = self._writer(column), self._page_of(column)
        return [
            Cell(write(value), page=page(value), numeric=column.numeric) if there else Cell("", numeric=column.numeric)
            for value, there in zip(values.tolist(), values.notna().tolist(), strict=True)
        ]

    def maker(self, table: ResearchTable, column: Column) -> Callable[[str, Any, Unavailable | None], Cell]:
        """Makes the cell of a row of a table's column from its value, or from the reason why it has none."""
        write, page, numeric, words = self._writer(column), self._page_of(column), column.numeric, self.words
        key, own = column.key, {row: self._writer(table.printed_as(row, column)) for row in table.row_decimals}

        def made(row: str, value: Any, gap: Unavailable | None) -> Cell:
            number, anchor = Figure.of(table.key, row, key), f"{row}.{key}"
            if gap:
                return Cell(NOTHING, "", number, "", told(gap, words), numeric, anchor)
            return Cell(own.get(row, write)(value), raw(value), number, page(value), "", numeric, anchor)

        return made

    def _writer(self, column: Column) -> Callable[[Any], str]:
        """How a value of the column is written."""
        if column.unit in WORD_UNITS:
            return lambda value: self.names.name(column.unit, str(value))
        if column.unit is Unit.DATE:
            return lambda value: f"{value:%Y-%m-%d}"
        return self.numbers.cells(column)

    def _page_of(self, column: Column) -> Callable[[Any], str]:
        """The page of the deal or bank that a value of the column names; empty for what has none."""
        return (lambda _: "") if column.numeric else lambda value: self.names.page(column.unit, str(value))
