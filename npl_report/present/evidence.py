"""The rows behind a table → what its passport prints, and the pages after it if they are many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice

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
    behind = _places(result.evidence["row"])
    rows = [row for row in map(str, result.frame.index) if row in behind]
    parts = evidence_parts(
        [len(behind[row]) for row in rows],
        len(heads),
        beside=len(view.parts[0]) * (1 + len(view.heads)),
        chart=table.chart is not None,
    )
    places = [behind[row] for row in rows]
    return Evidence(heads, parts, by_deal, False, partial(_printed, table, result.evidence, printer, rows, places))


def _nothing(_: Sequence[Piece]) -> Iterator[EvidenceGroup]:
    return iter(())


def _places(rows: pd.Series) -> dict[str, list[int]]:
    """Row of the table → where its evidence stands."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows.tolist()):
        places.setdefault(str(row), []).append(place)
    return places


def _printed(
    table: ResearchTable,
    evidence: pd.DataFrame,
    printer: Printer,
    rows: Sequence[str],
    places: Sequence[Sequence[int]],
    pieces: Sequence[Piece],
) -> Iterator[EvidenceGroup]:
    """The groups of some pieces; ``places``: of each of the table's ``rows``, where its evidence stands."""
    shown = evidence.iloc[[*chain.from_iterable(places[piece.group][piece.start : piece.stop] for piece in pieces)]]
    cells = zip(*(printer.plain(column, shown[column.key]) for column in table.evidence), strict=True)
    for piece in pieces:
        row, first = rows[piece.group], piece.start == 0
        yield EvidenceGroup(
            row if first else "",
            printer.names.name(table.rows, row),
            "" if piece.stop - piece.start == piece.whole else f"{piece.start + 1:,}",
            f"{piece.stop:,}",
            piece.whole,
            tuple(islice(cells, piece.stop - piece.start)),
        )
