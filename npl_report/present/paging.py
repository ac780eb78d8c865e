"""Long tables and lists → parts that are a page each, and where each stands.

A part opens without JavaScript, is some 320 kB of HTML, and every row of a table has one page on which it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

CELLS = 1600
"""Cells of a table on one page: of some 200 bytes each, so that there is room for what else stands there."""
EVIDENCE = 4000
"""Cells of evidence on one page: without identity, they are of at most some 100 bytes."""
BEGINNING = 1000
"""Cells of evidence that still stand below a table if it has more than there is room for."""
PAGES_A_STEP, DEALS_A_STEP = 60, 100
"""Further pages of a table, and pages of deals, that are made together: some 15 MB."""
_GROUP = 5
"""Cells that the heading and frame of a group are as long as, beside its heads."""
_PASSPORT, _CHART = 6000, 1500
"""Room of a passport in cells of evidence, and what its chart takes of it; a cell of its table takes two."""


class Piece(NamedTuple):
    """Rows ``start`` to ``stop`` (without it) of a group of ``whole`` rows, the group by its place."""

    group: int
    start: int
    stop: int
    whole: int


def parts(length: int, columns: int) -> list[range]:
    """The places of rows cut into parts of as many as a page holds; of few rows, one. ``columns``: cells of a row."""
    size = max(1, CELLS // max(1, columns))
    if length <= size:
        return [range(length)]
    size = -(-length // -(-length // size))  # parts of one size
    return [range(start, min(length, start + size)) for start in range(0, length, size)]


def part_path(path: str, number: int) -> str:
    """Address of a part, counted from 1: the page itself, and ``tables/deal_summary.2.html`` beside it.

    No id has a dot, so that no other page can have this name.
    """
    return path if number == 1 else f"{path.removesuffix('.html')}.{number}.html"


def most_further(rows: int, columns: int, evidence: int, evidence_columns: int) -> int:
    """No less than the further pages of a table of so many rows and its evidence, each with its cells of a row."""
    groups = min(rows, evidence)
    cells = evidence * evidence_columns + groups * (evidence_columns + _GROUP)
    filled = max(1, EVIDENCE - 2 * evidence_columns - _GROUP)  # of a page, before what comes next has no room
    return -(-rows // max(1, CELLS // max(1, columns))) + -(-cells // filled)


def further_of(part: int) -> range:
    """The further pages of a table, counted from nought, that a part of them has; some may be beyond the last."""
    return range(part * PAGES_A_STEP, (part + 1) * PAGES_A_STEP)


def deals_of(part: int) -> range:
    """The places of the deals whose pages are made in a part; some may be beyond the last."""
    return range(part * DEALS_A_STEP, (part + 1) * DEALS_A_STEP)


def part_of_page(number: int, before: int = 0) -> int:
    """In which part of a table's pages one is made, counted as in its name; ``before``: further pages before its kind.

    The first part has the passport too.
    """
    return (before + number - 2) // PAGES_A_STEP


def part_of_deal(place: int) -> int:
    """In which part of the pages of deals that at a place is made."""
    return place // DEALS_A_STEP


def evidence_parts(sizes: Sequence[int], columns: int, *, beside: int, chart: bool) -> list[tuple[Piece, ...]]:
    """Groups of evidence cut into pages, of which the first stands on the passport.

    ``sizes``: rows of each group; ``beside``: cells of the table above it; ``chart``: whether it has one.
    """
    whole = sum((1 + rows) * columns + _GROUP for rows in sizes)
    room = min(EVIDENCE, _PASSPORT - 2 * beside - (_CHART if chart else 0))
    return [*_pages(sizes, columns, whole if whole <= room else BEGINNING)]


def _pages(sizes: Sequence[int], columns: int, room: int) -> Iterator[tuple[Piece, ...]]:
    """The groups one after the other, on a first page of so much room and then on pages of their own."""
    page: list[Piece] = []
    for group, whole in enumerate(sizes):
        start = 0
        while start < whole:
            fit = (room - columns - _GROUP) // columns
            if fit < 1 and page:
                yield tuple(page)
                page, room = [], EVIDENCE
                continue
            stop = min(whole, start + max(1, fit))
            page.append(Piece(group, start, stop, whole))
            room -= columns * (1 + stop - start) + _GROUP
            start = stop
    yield tuple(page)
