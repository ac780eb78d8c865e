"""Long tables and lists → parts that are a page each, and where each stands.

A part opens without JavaScript, is some 320 kB of HTML, and every row of a table has one page on which it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

CELLS = 1600
"""Cells of a table on one page: of some 200 bytes each, so that there is room for what else stands there."""
Item = TypeVar("Item")


def parts(rows: Sequence[Item], columns: int) -> list[Sequence[Item]]:
    """The rows cut into parts of as many as a page holds; of few rows, one. ``columns``: cells of a row."""
    size = max(1, CELLS // max(1, columns))
    if len(rows) <= size:
        return [rows]
    number = -(-len(rows) // size)
    size = -(-len(rows) // number)  # parts of one size
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def part_path(path: str, number: int) -> str:
    """Address of a part, counted from 1: the page itself, and ``tables/deal_summary.2.html`` beside it.

    No id has a dot, so that no other page can have this name.
    """
    return path if number == 1 else f"{path.removesuffix('.html')}.{number}.html"
