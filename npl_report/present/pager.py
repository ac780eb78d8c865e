"""The way through a table or list that comes in several pages."""

from __future__ import annotations

from npl_report.present.contexts import Link, Pager
from npl_report.present.paging import part_path
from npl_report.text.words import Words

_AROUND = 2
"""How many pages on either side of the present one are offered, beside the first and the last."""


def pager(name: str, number: int, of: int, told: str) -> Pager | None:
    """The way on part ``number``; ``name`` is the file of the first. None if there is only one."""
    if of == 1:
        return None
    near = {1, of, *range(max(1, number - _AROUND), min(of, number + _AROUND) + 1)}
    pages: list[Link | None] = []
    for place in sorted(near):
        pages += [None] if place > 1 and place - 1 not in near else []
        pages.append(Link(part_path(name, place), str(place), place == number))
    previous, after = (
        Link(part_path(name, place), str(place)) if 1 <= place <= of else None for place in (number - 1, number + 1)
    )
    return Pager(told, previous, after, tuple(pages))


def part_told(words: Words, before: int, here: int, whole: int) -> str:
    """Which rows stand on a page: after how many others, and of how many in all."""
    told = {"first": f"{before + 1:,}", "last": f"{before + here:,}", "whole": f"{whole:,}"}
    return str(words["ui.part_rows"]).format(**told)
