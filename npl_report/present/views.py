"""A computed table → what a template prints: strings, identities and links.

One view serves the site, Quarto and the PDF.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Any

import pandas as pd

from npl_report.model import WORD_UNITS, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.tables.withheld import RESTRICTED
from npl_report.text.binding import Binding
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle, raw
from npl_report.text.words import Words

NOTHING = "—"


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
class Top:
    """A cell of the first of two head rows.

    A common head over ``width`` columns, or one column's own ``head``, which then fills both rows.
    """

    label: str
    width: int
    head: Head | None


@dataclass(frozen=True)
class CellView:
    """A printed cell with its identity (row, column).

    ``raw`` is the stored value; ``reason`` says why it is empty; ``page`` leads to what it names.
    """

    row: str
    column: str
    text: str
    raw: str
    numeric: bool
    reason: str
    page: str = ""


@dataclass(frozen=True)
class RowView:
    """A printed row; ``summary`` rows are totals and means; ``page`` leads to the deal or bank that it is about."""

    id: str
    label: str
    page: str
    summary: bool
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class TableView:
    """A whole table.

    ``unavailable`` is the sentence printed in its place; ``upright`` turns columns into lines; ``tops`` is empty
    without common heads.

    ``whole`` counts its rows; a table of more than ``LONGEST`` has none in ``rows``.
    """

    key: str
    label: str
    title: str
    row_head: str
    heads: tuple[Head, ...]
    tops: tuple[Top, ...]
    rows: tuple[RowView, ...]
    note: str
    sources: tuple[str, ...]
    reasons: tuple[str, ...]
    upright: bool
    unavailable: str
    whole: int


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

    def text(self, value: Any, column: Column) -> str:
        """One value as a cell prints it; empty for a missing one."""
        if value is None or pd.isna(value):
            return ""
        if column.unit in WORD_UNITS:
            return self.names.name(column.unit, str(value))
        if column.unit is Unit.DATE:
            return f"{value:%Y-%m-%d}"
        return self.numbers.cell(float(str(value)), column)

    def head(self, column: Column, label: str) -> Head:
        """A column's head; the unit is left out where every cell carries it."""
        unit = "" if column.unit is Unit.RATE else self.numbers.head(column.unit)
        return Head(column.key, label, unit, numeric=column.numeric)


def table_view(
    table: ResearchTable,
    result: Result | Unavailable,
    words: Words,
    printer: Printer,
    binding: Binding,
    *,
    label: str,
    note: str,
) -> TableView:
    """The view of one table; ``label`` names its place in the publication, ``note`` is its rendered note."""
    every = {column: _head(column, words, printer) for column in table.printed}
    columns = table.printed if isinstance(result, Unavailable) else table.printed_of(result)
    heads = tuple(every[column] for column in columns)
    unavailable = binding.reason(result) if isinstance(result, Unavailable) else ""
    rows: tuple[RowView, ...] = ()
    whole = len(result.frame) if isinstance(result, Result) else 0
    reasons: tuple[str, ...] = ()
    if isinstance(result, Result) and whole <= LONGEST:
        rows = tuple(_row(str(row), table, columns, result, printer, binding) for row in result.frame.index)
        cells = chain.from_iterable(row.cells for row in rows)
        reasons = tuple(dict.fromkeys(cell.reason for cell in cells if cell.reason))
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
        reasons,
        table.upright,
        unavailable,
        whole,
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


def _row(
    row: str, table: ResearchTable, columns: tuple[Column, ...], result: Result, printer: Printer, binding: Binding
) -> RowView:
    cells = []
    for column in columns:
        gap = result.gaps.get((row, column.key))
        value = result.frame.at[row, column.key]
        if gap:
            cells.append(CellView(row, column.key, NOTHING, "", column.numeric, binding.reason(gap)))
        else:
            page = "" if column.numeric else printer.names.page(column.unit, str(value))
            cells.append(CellView(row, column.key, printer.text(value, column), raw(value), column.numeric, "", page))
    return RowView(
        row,
        printer.names.name(table.rows, row),
        printer.names.page(table.rows, row),
        row in ("total", "mean"),
        tuple(cells),
    )


@dataclass(frozen=True)
class EvidenceCell:
    """A cell of the evidence; ``page`` leads to what it names."""

    text: str
    page: str


@dataclass(frozen=True)
class EvidenceGroup:
    """The evidence of one row: cells in the order of ``Evidence.heads``."""

    id: str
    label: str
    rows: tuple[tuple[EvidenceCell, ...], ...]


@dataclass(frozen=True)
class Evidence:
    """The rows behind a table, by group; ``whole`` is how many there are, of which long tables show none.

    ``by_deal`` says that each is a deal's, ``withheld`` that none is published.
    """

    heads: tuple[Head, ...]
    groups: tuple[EvidenceGroup, ...]
    whole: int
    by_deal: bool
    withheld: bool = False


LONGEST = 400
"""Rows of a table or of evidence that a page still shows; longer ones are downloads, so that pages stay light on a
phone."""


def evidence_view(table: ResearchTable, result: Result | Unavailable, printer: Printer) -> Evidence:
    """The evidence as the passport page shows it."""
    heads = tuple(printer.head(column, str(printer.words[f"field.{column.key}"])) for column in table.evidence)
    by_deal = any(column.unit is Unit.DEAL for column in table.evidence)
    if (isinstance(result, Result) and result.withheld) or (
        isinstance(result, Unavailable) and result.reason == RESTRICTED
    ):
        return Evidence(heads, (), 0, by_deal, withheld=True)
    if isinstance(result, Unavailable) or len(result.evidence) > LONGEST:
        return Evidence(heads, (), 0 if isinstance(result, Unavailable) else len(result.evidence), by_deal)
    groups = []
    for row in result.frame.index:
        part = result.evidence.loc[result.evidence["row"] == row]
        if part.empty:
            continue
        columns = [
            [
                EvidenceCell(printer.text(value, column), printer.names.page(column.unit, str(value)))
                for value in part[column.key]
            ]
            for column in table.evidence
        ]
        groups.append(
            EvidenceGroup(str(row), printer.names.name(table.rows, str(row)), tuple(zip(*columns, strict=True)))
        )
    return Evidence(heads, tuple(groups), len(result.evidence), by_deal)
