"""The rows behind a table → what its passport prints, and the pages after it if they are many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
import pandas as pd

from npl_report.model import ResearchTable, Result, Unavailable, Unit
from npl_report.present.paging import Piece, evidence_parts
from npl_report.present.printed import Cell, Head, Printer
from npl_report.present.views import TableView
from npl_report.tables.withheld import RESTRICTED


@dataclass(frozen=True)
class EvidenceGroup:
    """The evidence of one row: cells in the order of ``Evidence.heads``; ``whole``: how many rows there are.

    A group that stands on several pages says which rows are here, ``first`` to ``last``, and has its ``id`` where it
    begins; that of a whole one has no ``first``.
    """

    id: str
    label: str
    first: str
    last: str
    whole: int
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Evidence:
    """The rows behind a table, by group, on one page or several.

    ``by_deal`` says that each is a deal's, ``withheld`` that none is published. ``printed`` makes a page's groups when
    a template asks for them: of all pages at once they would fill the memory.
    """

    heads: tuple[Head, ...]
    parts: Sequence[tuple[Piece, ...]]
    by_deal: bool
    withheld: bool
    printed: Callable[[Sequence[Piece]], Iterator[EvidenceGroup]]

    @property
    def counts(self) -> list[range]:
        """The rows of each page, counted."""
        return [range(sum(piece.stop - piece.start for piece in pieces)) for pieces in self.parts]

    def groups(self, number: int) -> list[EvidenceGroup]:
        """What the page of a number, counted from 1, shows."""
        return list(self.printed(self.parts[number - 1]))


def evidence_view(table: ResearchTable, result: Result | Unavailable, printer: Printer, view: TableView) -> Evidence:
    """The evidence of a table, of which ``view`` is the printed form."""
    heads = tuple(printer.head(column, str(printer.words[f"field.{column.key}"])) for column in table.evidence)
    by_deal = any(column.unit is Unit.DEAL for column in table.evidence)
    if isinstance(result, Unavailable) or result.withheld:
        withheld = isinstance(result, Result) or result.reason == RESTRICTED
        return Evidence(heads, [()], by_deal, withheld, _nothing)
    behind = _Behind(result)
    parts = evidence_parts(
        behind.sizes,
        len(heads),
        beside=len(view.parts[0]) * (1 + len(view.heads)),
        chart=table.chart is not None,
    )
    return Evidence(heads, parts, by_deal, False, partial(_printed, table, behind, printer))


def _nothing(_: Sequence[Piece]) -> Iterator[EvidenceGroup]:
    return iter(())


class _Behind:
    """The evidence in the order of the rows that it stands behind, those without any left out.

    ``sizes``: how many there are of each.
    """

    def __init__(self, result: Result) -> None:
        rows = result.frame.index
        of = rows.get_indexer(pd.Index(result.evidence["row"]))
        counts = np.bincount(of, minlength=len(rows))
        self.sizes: list[int] = counts[counts > 0].tolist()
        self._rows = rows[counts > 0]
        self._starts = np.concatenate([[0], np.cumsum(self.sizes, dtype=np.int64)])
        self._evidence, self._order = result.evidence, np.argsort(of, kind="stable")

    def row(self, group: int) -> str:
        """The row that a group stands behind."""
        return str(self._rows[group])

    def lines(self, pieces: Sequence[Piece]) -> pd.DataFrame:
        """The evidence of pieces that follow each other."""
        first, last = pieces[0], pieces[-1]
        start, stop = self._starts[first.group] + first.start, self._starts[last.group] + last.stop
        return self._evidence.iloc[self._order[start:stop]]


def _printed(
    table: ResearchTable, behind: _Behind, printer: Printer, pieces: Sequence[Piece]
) -> Iterator[EvidenceGroup]:
    """The groups of pieces that follow each other."""
    if not pieces:
        return
    if table.row_decimals and len(pieces) > 1:
        for piece in pieces:
            yield from _printed(table, behind, printer, [piece])
        return
    shown, of = behind.lines(pieces), behind.row(pieces[0].group)
    columns = [table.printed_as(of, column) for column in table.evidence]
    cells = zip(*(printer.plain(column, shown[column.key]) for column in columns), strict=True)
    for piece in pieces:
        row, first = behind.row(piece.group), piece.start == 0
        yield EvidenceGroup(
            row if first else "",
            printer.names.name(table.rows, row),
            "" if piece.stop - piece.start == piece.whole else printer.numbers.marks.whole(piece.start + 1),
            printer.numbers.marks.whole(piece.stop),
            piece.whole,
            tuple(islice(cells, piece.stop - piece.start)),
        )
