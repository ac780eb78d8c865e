"""Rows of tables as sentences take them: by name, by rank, and told one after the other in a pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product
from typing import Protocol, SupportsIndex, overload

from npl_report.model import by_value, settled

PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")
"""``{name}``, ``{value}`` or ``{column}`` in a pattern; after a colon the form of a figure: ``{issuance:bn}``."""


class Cells(Protocol):
    """Where a row's figures come from."""

    def n(self, table: str, row: str, column: str, form: str | None = None) -> str:
        """The figure as text."""

    def value(self, table: str, row: str, column: str) -> float | str:
        """The stored value."""

    def has(self, table: str, row: str, column: str | None = None) -> bool:
        """Whether there is one."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table: prints as its name. ``inline`` is the name as it stands inside a sentence."""

    table: str
    id: str
    name: str
    inline: str
    cells: Cells = field(repr=False, compare=False)

    def __str__(self) -> str:
        return self.name

    def n(self, column: str, form: str | None = None) -> str:
        """A figure of this row, as ``n`` prints it."""
        return self.cells.n(self.table, self.id, column, form)

    def at(self, column: str) -> float | str:
        """A stored value of this row, as ``value`` gives it."""
        return self.cells.value(self.table, self.id, column)

    def has(self, column: str) -> bool:
        """Whether this row holds a value there."""
        return self.cells.has(self.table, self.id, column)

    def told(self, pattern: str) -> str:
        """``pattern`` with the row's ``{name}`` and the figures of its columns in place."""
        return PLACEHOLDER.sub(lambda match: self._part(match[1], match[2]), pattern)

    def _part(self, key: str, form: str | None) -> str:
        return self.inline if key == "name" else self.n(key, form)


@dataclass(frozen=True, kw_only=True)
class Pick(Row):
    """A row with its figure in one column.

    ``value`` as the medium shows it, ``printed`` as plain text, ``number`` as stored. ``thin``: it measures fewer deals
    than the edition ranks.
    """

    thin: bool = False
    value: str
    printed: str
    number: float

    def _part(self, key: str, form: str | None) -> str:
        return self.value if key == "value" else super()._part(key, form)


class Picks(tuple[Pick, ...]):
    """Rows with their figures, in an order. Two rows are level where their figures read the same."""

    __slots__ = ()

    @overload
    def __getitem__(self, place: SupportsIndex) -> Pick: ...

    @overload
    def __getitem__(self, place: slice) -> Picks: ...

    def __getitem__(self, place: SupportsIndex | slice) -> Pick | Picks:
        """A row, or part of the rows as rows of the same kind."""
        found = super().__getitem__(place)
        return Picks(found) if isinstance(place, slice) else found  # type: ignore[arg-type,return-value]  # a slice gives a tuple, an index a row

    @property
    def falling(self) -> Picks:
        """The rows from the highest figure to the lowest; equal ones by id."""
        return self._ordered(falling=True)

    @property
    def rising(self) -> Picks:
        """The rows from the lowest figure to the highest; equal ones by id."""
        return self._ordered(falling=False)

    @property
    def firm(self) -> Picks:
        """The rows of enough deals to be called the highest, the lowest or the most accurate."""
        return Picks(pick for pick in self if not pick.thin)

    @property
    def thin(self) -> Picks:
        """The rows of too few deals for that."""
        return Picks(pick for pick in self if pick.thin)

    @property
    def top(self) -> Picks:
        """The row of enough deals with the highest figure, and those level with it."""
        return _level(self.firm, self.firm.falling[:1])

    @property
    def bottom(self) -> Picks:
        """The row of enough deals with the lowest figure, and those level with it."""
        return _level(self.firm, self.firm.rising[:1])

    @property
    def leads(self) -> bool:
        """Whether one row alone has the highest figure."""
        return len(self.top) == 1

    @property
    def apart(self) -> bool:
        """Whether a highest and a lowest of enough deals differ: false for one row, and for rows that are all level."""
        return len(self.top) < len(self.firm)

    @property
    def level(self) -> bool:
        """Whether all figures read the same."""
        return len({pick.printed for pick in self}) < 2  # noqa: PLR2004 -- one figure, or no row

    @property
    def nonzero(self) -> Picks:
        """Without the rows whose figure is zero."""
        return Picks(pick for pick in self if pick.number)

    def above(self, limit: float) -> Picks:
        """The rows whose stored figure is higher than ``limit``."""
        return Picks(pick for pick in self if settled(pick.number) > limit)

    def _ordered(self, *, falling: bool) -> Picks:
        rows = {pick.id: pick for pick in self}
        return Picks(rows[id_] for id_ in by_value({id_: pick.number for id_, pick in rows.items()}, falling=falling))


def _level(rows: Picks, ends: Picks) -> Picks:
    """The rows whose figures read as that at the end."""
    return Picks(pick for pick, end in product(rows, ends) if pick.printed == end.printed)
