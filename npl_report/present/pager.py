"""The way through a table or list that comes in several pages."""

from __future__ import annotations

from collections.abc import Sequence

from npl_report.present.contexts import Link, Pager
from npl_report.present.paging import part_path
from npl_report.text.words import Words

_AROUND = 2
"""How many pages on either side of the present one are offered, beside the first and the last."""


def pagers(words: Words, name: str, parts: Sequence[Sequence[object]], *, first: str = "") -> list[Pager | None]:
    """The way through the parts, from each of them; None if there is only one.

    ``name`` is the file that the first has, or would have if it did not stand at the address ``first``.
    """
    whole, before, found = sum(map(len, parts)), 0, []
    addresses = [first or name, *(part_path(name, number) for number in range(2, len(parts) + 1))]
    for number, part in enumerate(parts, start=1):
        told = {"first": f"{before + 1:,}", "last": f"{before + len(part):,}", "whole": f"{whole:,}"}
        found.append(_pager(addresses, number, str(words["ui.part_rows"]).format(**told)))
        before += len(part)
    return [None] if len(parts) == 1 else [*found]


def _pager(addresses: Sequence[str], number: int, told: str) -> Pager:
    """The way on part ``number``: what is near, and the ends."""
    of = len(addresses)
    near = {1, of, *range(max(1, number - _AROUND), min(of, number + _AROUND) + 1)}
    pages: list[Link | None] = []
    for place in sorted(near):
        pages += [None] if place > 1 and place - 1 not in near else []
        pages.append(Link(addresses[place - 1], str(place), place == number))
    previous, after = (
        Link(addresses[place - 1], str(place)) if 1 <= place <= of else None for place in (number - 1, number + 1)
    )
    return Pager(told, previous, after, tuple(pages))
