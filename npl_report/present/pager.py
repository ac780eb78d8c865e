"""The way through a table or list that comes in several pages."""

from __future__ import annotations

from collections.abc import Sequence

from npl_report.present.contexts import Link, Pager
from npl_report.present.paging import part_path
from npl_report.text.words import Words

_AROUND = 2
"""How many pages on either side of the present one are offered, beside the first and the last."""


def pagers(words: Words, name: str, parts: Sequence[Sequence[object]]) -> list[Pager | None]:
    """The way through the parts, from each of them; ``name`` is the file of the first. None if there is only one."""
    whole, before, found = sum(map(len, parts)), 0, []
    for number, part in enumerate(parts, start=1):
        told = {"first": f"{before + 1:,}", "last": f"{before + len(part):,}", "whole": f"{whole:,}"}
        found.append(_pager(name, number, len(parts), str(words["ui.part_rows"]).format(**told)))
        before += len(part)
    return [None] if len(parts) == 1 else [*found]


def _pager(name: str, number: int, of: int, told: str) -> Pager:
    """The way on part ``number``: what is near, and the ends."""
    near = {1, of, *range(max(1, number - _AROUND), min(of, number + _AROUND) + 1)}
    pages: list[Link | None] = []
    for place in sorted(near):
        pages += [None] if place > 1 and place - 1 not in near else []
        pages.append(Link(part_path(name, place), str(place), place == number))
    previous, after = (
        Link(part_path(name, place), str(place)) if 1 <= place <= of else None for place in (number - 1, number + 1)
    )
    return Pager(told, previous, after, tuple(pages))
