"""The way through a table or list that comes in several pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from npl_report.present.contexts import Link, Pager
from npl_report.present.paging import part_path
from npl_report.text.numbers import marks
from npl_report.text.words import Words

_AROUND = 2
"""How many pages on either side of the present one are offered, beside the first and the last."""


class Pagers:
    """The way through the parts of a table or list, from each of them.

    ``name`` is the file that the first has, or would have if it did not stand at the address ``first``.
    """

    def __init__(self, words: Words, name: str, parts: Sequence[Sequence[object]], *, first: str = "") -> None:
        self._words, self._name, self._first = words, name, first
        self._whole = marks(words).whole
        self._ends = [0, *accumulate(map(len, parts))]

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[Pager | None]:
        return (self.on(number) for number in range(1, len(self) + 1))

    def on(self, number: int) -> Pager | None:
        """The way on part ``number``, counted from 1; None if there is only one."""
        return self.of_many(number) if len(self) > 1 else None

    def of_many(self, number: int) -> Pager:
        """The way on a part, of which there are several: what is near, and the ends."""
        of = len(self)
        before, last = self._ends[number - 1], self._ends[number]
        told = {"start": self._whole(before + 1), "end": self._whole(last), "whole": self._whole(self._ends[-1])}
        near = {1, of, *range(max(1, number - _AROUND), min(of, number + _AROUND) + 1)}
        pages: list[Link | None] = []
        for place in sorted(near):
            pages += [None] if place > 1 and place - 1 not in near else []
            pages.append(Link(self._address(place), str(place), place == number))
        previous, after = (
            Link(self._address(place), str(place)) if 1 <= place <= of else None for place in (number - 1, number + 1)
        )
        return Pager(str(self._words["ui.part_rows"]).format(**told), previous, after, tuple(pages))

    def _address(self, number: int) -> str:
        return (self._first or self._name) if number == 1 else part_path(self._name, number)
