"""A computed table → what a template prints: strings, identities and links.

One view serves the site, Quarto and the PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, groupby
from typing import cast

from npl_report.model import Column, ResearchTable, Result, Unavailable, Unit
from npl_report.present.paging import part_path, parts
from npl_report.present.printed import Cell, Head, Printer
from npl_report.text.words import Words, told

SORTABLE = 8
"""Rows from which on a table's own page offers to sort them."""
LONGEST, LARGEST = 400, 2400
"""Rows and cells of a table that a chapter still shows; so many cells are some 300 kB of a page."""
PRINTED = 24
"""Rows of a table that the note still prints: half a page."""


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
    """A printed row; ``summary`` rows are totals and means; ``page`` leads to the deal or bank that it is about.

    ``group`` is what the rows of its group have in common, which then stands above them, and ``own`` the rest of its
    name; without groups the whole of it.
    """

    id: str
    label: str
    group: str
    own: str
    page: str
    summary: bool
    cells: tuple[Cell, ...]


class PrintedRows:
    """The rows of a computed table, printed when they are asked for; of a table that is not ``long`` they stay.

    No row of one that is unavailable. ``columns`` are those that are printed.
    """

    def __init__(
        self,
        table: ResearchTable,
        columns: Sequence[Column],
        results: Mapping[str, Result | Unavailable],
        printer: Printer,
    ) -> None:
        self._table, self._columns, self._results, self._printer = table, columns, results, printer
        result = self._result
        self._length = len(result.frame) if result else 0
        self._printed: tuple[RowView, ...] | None = None

    @property
    def _result(self) -> Result | None:
        result = self._results[self._table.key]
        return result if isinstance(result, Result) else None

    @property
    def long(self) -> bool:
        """Whether they stand on the table's own pages only."""
        return self._length > LONGEST or self._length * (1 + len(self._columns)) > LARGEST

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[RowView]:
        return iter(self.of(range(self._length)))

    def of(self, part: range) -> tuple[RowView, ...]:
        """Some of the rows, by their places."""
        if self.long:
            return self._made(part)
        if self._printed is None:
            self._printed = self._made(range(self._length))
        return self._printed[part.start : part.stop]

    def place(self, row: str) -> int | None:
        """The place of a row; None if there is none of that name."""
        result = self._result
        try:
            return int(cast("int", result.frame.index.get_loc(row))) if result else None
        except KeyError:
            return None

    def _made(self, part: range) -> tuple[RowView, ...]:
        result, table, names = self._result, self._table, self._printer.names
        if not result:
            return ()
        shown, gaps = result.frame.iloc[part.start : part.stop], result.gaps
        rows = [str(row) for row in shown.index]
        cells = [
            map(
                self._printer.maker(table, column),
                rows,
                shown[column.key].tolist(),
                [gaps.get((row, column.key)) for row in rows],
            )
            for column in self._columns
        ]
        return tuple(
            RowView(
                row,
                names.name(table.rows, row),
                *(names.parts(table.rows, row) if self.grouped else ("", names.name(table.rows, row))),
                names.page(table.rows, row),
                row in ("total", "mean"),
                of_row,
            )
            for row, of_row in zip(rows, zip(*cells, strict=True) if cells else [()] * len(rows), strict=True)
        )

    @cached_property
    def grouped(self) -> bool:
        """Whether rows that follow each other share the first part of their name, so that it stands above them once."""
        result, sign = self._result, {Unit.PAIR: "-", Unit.TERM: "@"}.get(self._table.rows)
        if result is None or sign is None or self._table.upright:
            return False
        firsts = [str(row).partition(sign) for row in result.frame.index]
        groups = [first for first, _ in groupby(first for first, found, _ in firsts if found)]
        return len(groups) == len(set(groups)) and 0 < 2 * len(groups) <= len(firsts)

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Why cells are empty, each reason once, in the order of the cells."""
        result = self._result
        if not result:
            return ()
        places = {column.key: place for place, column in enumerate(self._columns)}
        rows = {str(row): place for place, row in enumerate(result.frame.index)} if result.gaps else {}
        first: dict[Unavailable, tuple[int, int]] = {}
        for (row, column), gap in result.gaps.items():
            if column in places:
                place = rows[row], places[column]
                first[gap] = min(first.get(gap, place), place)
        return tuple(dict.fromkeys(told(gap, self._printer.words) for gap in sorted(first, key=first.__getitem__)))


@dataclass(frozen=True)
class TableView:
    """A whole table.

    ``unavailable`` is the sentence printed in its place; ``upright`` turns columns into lines; ``tops`` is empty
    without common heads.

    Of more than ``LONGEST`` rows or ``LARGEST`` cells it is too long for a chapter; its own page comes in
    ``parts``.
    """

    key: str
    label: str
    title: str
    row_head: str
    heads: tuple[Head, ...]
    tops: tuple[Top, ...]
    rows: PrintedRows
    note: str
    sources: tuple[str, ...]
    upright: bool
    unavailable: str

    @property
    def long(self) -> bool:
        """Whether it stands on its own pages only."""
        return self.rows.long

    @property
    def brief(self) -> bool:
        """Whether the note prints it, and does not leave it to the site."""
        return not self.long and (self.upright or len(self.rows) <= PRINTED)

    @property
    def sortable(self) -> bool:
        """Whether readers may want it in another order."""
        return len(self.rows) >= SORTABLE and not self.upright

    @cached_property
    def parts(self) -> list[range]:
        """The places of the rows on each of its own pages."""
        return [range(len(self.rows))] if self.upright else parts(len(self.rows), 1 + len(self.heads))

    @cached_property
    def _columns(self) -> frozenset[str]:
        return frozenset(head.key for head in self.heads)

    @staticmethod
    def groups_of(rows: Sequence[RowView]) -> list[tuple[str, tuple[RowView, ...]]]:
        """Rows by what they have in common, in their order."""
        return [(name, tuple(group)) for name, group in groupby(rows, key=lambda row: row.group)]

    def reasons_of(self, rows: Iterable[RowView]) -> tuple[str, ...]:
        """Why cells of these rows are empty, each reason once."""
        cells = chain.from_iterable(row.cells for row in rows)
        return tuple(dict.fromkeys(cell.reason for cell in cells if cell.reason))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why cells are empty, each reason once, in the order of the cells."""
        return self.rows.reasons

    def where(self, row: str, column: str) -> str:
        """Address of a figure, seen from the language's folder: its cell, or the downloads if no page prints it."""
        path = f"tables/{self.key}.html"
        place = self.rows.place(row) if column in self._columns else None
        if place is None:
            return f"{path}#downloads"
        return f"{part_path(path, place // len(self.parts[0]) + 1)}#{row}.{column}"


def table_view(
    table: ResearchTable,
    results: Mapping[str, Result | Unavailable],
    words: Words,
    printer: Printer,
    *,
    label: str,
    note: str,
    sources: tuple[str, ...],
) -> TableView:
    """The view of one table; ``label`` names its place in the publication, ``note`` is its rendered note.

    ``sources`` are the keys of those that the publication names.
    """
    result = results[table.key]
    every = {column: _head(column, words, printer) for column in table.printed}
    columns = table.printed if isinstance(result, Unavailable) else table.printed_of(result)
    heads = tuple(every[column] for column in columns)
    unavailable = told(result, printer.words) if isinstance(result, Unavailable) else ""
    row_head = str(words["row_head"]) if "row_head" in words else printer.row_head(table)
    return TableView(
        table.key,
        label,
        str(words["title"]),
        row_head,
        heads,
        _tops(heads),
        PrintedRows(table, columns, results, printer),
        note,
        _sources(sources, printer),
        table.upright,
        unavailable,
    )


def _sources(sources: tuple[str, ...], printer: Printer) -> tuple[str, ...]:
    """What the figures were read or computed from, in words."""
    named = sources if {*sources} - {"method"} else ("own",)  # alone, the method adds to nothing
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
