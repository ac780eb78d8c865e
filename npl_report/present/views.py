"""A computed table → what a template prints: strings, identities and links.

One view serves the site, Quarto and the PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain, groupby

from npl_report.model import Column, ResearchTable, Result, Unavailable
from npl_report.present.paging import part_path, parts
from npl_report.present.printed import Cell, Head, PrintedResults, Printer
from npl_report.text.words import Words, told

SORTABLE = 8
"""Rows from which on a table's own page offers to sort them."""
LONGEST, LARGEST = 400, 2400
"""Rows and cells of a table that a chapter and the note still show; so many cells are some 300 kB of a page."""


@dataclass(frozen=True)
class Top:
    """A cell of the first of two head rows.

    A common head over ``width`` columns, or one column's own ``head``, which then fills both rows.
    """

    label: str
    width: int
    head: Head | None


@dataclass(frozen=True)
class RowView:
    """A printed row; ``summary`` rows are totals and means; ``page`` leads to the deal or bank that it is about."""

    id: str
    label: str
    page: str
    summary: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class TableView:
    """A whole table.

    ``unavailable`` is the sentence printed in its place; ``upright`` turns columns into lines; ``tops`` is empty
    without common heads.

    ``made`` prints the rows. Of more than ``LONGEST`` rows or ``LARGEST`` cells it is too long for a chapter and the
    note; its own page comes in ``parts``.
    """

    key: str
    label: str
    title: str
    row_head: str
    heads: tuple[Head, ...]
    tops: tuple[Top, ...]
    made: Callable[[], tuple[RowView, ...]]
    note: str
    sources: tuple[str, ...]
    upright: bool
    unavailable: str

    @cached_property
    def rows(self) -> tuple[RowView, ...]:
        """The rows, printed when they are first asked for."""
        return self.made()

    @property
    def long(self) -> bool:
        """Whether it stands on its own pages only."""
        return len(self.rows) > LONGEST or len(self.rows) * (1 + len(self.heads)) > LARGEST

    @property
    def sortable(self) -> bool:
        """Whether readers may want it in another order."""
        return len(self.rows) >= SORTABLE and not self.upright

    @cached_property
    def parts(self) -> list[Sequence[RowView]]:
        """The rows of each of its own pages."""
        return [self.rows] if self.upright else parts(self.rows, 1 + len(self.heads))

    @cached_property
    def _pages(self) -> dict[str, int]:
        """Row → the number of its page."""
        pages: dict[str, int] = {}
        for number, rows in enumerate(self.parts, start=1):
            pages |= dict.fromkeys((row.id for row in rows), number)
        return pages

    @cached_property
    def _columns(self) -> frozenset[str]:
        return frozenset(head.key for head in self.heads)

    def reasons_of(self, rows: Iterable[RowView]) -> tuple[str, ...]:
        """Why cells of these rows are empty, each reason once."""
        cells = chain.from_iterable(row.cells for row in rows)
        return tuple(dict.fromkeys(cell.reason for cell in cells if cell.reason))

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Why cells are empty, each reason once, in the order of the cells."""
        return self.reasons_of(self.rows)

    def where(self, row: str, column: str) -> str:
        """Address of a figure, seen from the language's folder: its cell, or the downloads if no page prints it."""
        path = f"tables/{self.key}.html"
        if row not in self._pages or column not in self._columns:
            return f"{path}#downloads"
        return f"{part_path(path, self._pages[row])}#{row}.{column}"


def table_view(
    table: ResearchTable,
    result: Result | Unavailable,
    words: Words,
    printer: Printer,
    printed: PrintedResults,
    *,
    label: str,
    note: str,
) -> TableView:
    """The view of one table; ``label`` names its place in the publication, ``note`` is its rendered note."""
    every = {column: _head(column, words, printer) for column in table.printed}
    columns = table.printed if isinstance(result, Unavailable) else table.printed_of(result)
    heads = tuple(every[column] for column in columns)
    unavailable = told(result, printer.words) if isinstance(result, Unavailable) else ""
    rows = partial(_rows, table, columns, result, printer, printed) if isinstance(result, Result) else tuple
    row_head = str(words["row_head"]) if "row_head" in words else printer.row_head(table)
    return TableView(
        table.key,
        label,
        str(words["title"]),
        row_head,
        heads,
        _tops(heads),
        rows,
        note,
        _sources(table, printer),
        table.upright,
        unavailable,
    )


def _sources(table: ResearchTable, printer: Printer) -> tuple[str, ...]:
    """What the figures were read or computed from, in words."""
    named = ("own",) if table.sources == ("method",) else table.sources  # alone, the method adds to nothing
    return tuple(str(printer.words[f"source.{source}"]) for source in named)


def _head(column: Column, words: Words, printer: Printer) -> Head:
    head = printer.head(column, str(words[f"columns.{column.key}"]))
    if not column.span:
        return head
    return replace(head, span=str(words[f"spans.{column.span}"]), short=str(words[f"short.{column.key}"]))


def _tops(heads: tuple[Head, ...]) -> tuple[Top, ...]:
    """The first head row: adjacent columns of one span share a cell."""
    if not any(head.span for head in heads):
        return ()
    tops: list[Top] = []
    for span, group in groupby(heads, key=lambda head: head.span):
        columns = list(group)
        tops += [Top(span, len(columns), None)] if span else [Top(head.label, 1, head) for head in columns]
    return tuple(tops)


def _rows(
    table: ResearchTable, columns: tuple[Column, ...], result: Result, printer: Printer, printed: PrintedResults
) -> tuple[RowView, ...]:
    names = printer.names
    cells = [printed.column(table.key, column.key) for column in columns]
    return tuple(
        RowView(
            row,
            names.name(table.rows, row),
            names.page(table.rows, row),
            row in ("total", "mean"),
            tuple(column[row] for column in cells),
        )
        for row in map(str, result.frame.index)
    )
