"""What the page of revisions and the passports print of earlier editions: strings only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from npl_report.present.contexts import Link, TableHistory
from npl_report.present.printed import Cell


@dataclass(frozen=True)
class ChangedNumber:
    """A number then and now.

    ``place`` names it and leads to its passport (nowhere if this edition has no such table); ``new`` has no identity if
    there is no value now; ``causes`` say what moved it, the largest first.
    """

    place: Link
    old: str
    new: Cell
    difference: str
    causes: tuple[str, ...]


@dataclass(frozen=True)
class CauseRow:
    """How many numbers a cause has moved: ``chiefly``, at all (``touched``), and by making them ``new`` or ``gone``."""

    name: str
    meaning: str
    chiefly: str
    touched: str
    new: str
    gone: str


@dataclass(frozen=True)
class CauseNumbers:
    """The numbers that a cause moved most; ``more`` says how many there are beside them, empty if none."""

    name: str
    meaning: str
    numbers: tuple[ChangedNumber, ...]
    more: str


@dataclass(frozen=True)
class TableRow:
    """How many numbers of a table are in both editions, unchanged, changed, new and gone.

    ``causes``: what chiefly changed them.
    """

    table: Link
    compared: str
    unchanged: str
    changed: str
    new: str
    gone: str
    causes: str


@dataclass(frozen=True)
class RestatementRow:
    """What a revision restates, and why.

    ``also`` are tables that changed with it and are not named, ``others`` says why (empty for none).
    """

    revision: str
    tables: tuple[Link, ...]
    also: tuple[Link, ...]
    why: str
    others: str


@dataclass(frozen=True)
class EditionRow:
    """An edition in the record: its data, program and manifest, of whose hashes the first digits stand.

    ``whole`` is the manifest's hash in full. ``this`` marks the page's own, whose manifest names this page and has no
    hash yet.
    """

    edition: str
    as_of: str
    published_on: str
    tables: str
    program: str
    code: str
    manifest: str
    whole: str
    this: bool


@dataclass(frozen=True)
class Comparison:
    """The comparison with ``edition``, the last one published before; ``summary`` are sentences, in order of weight.

    ``before`` gives what that edition printed for a number (table, row, column), ``since`` by how much it has changed,
    in words; empty if that edition did not have it.
    """

    edition: str
    before: Callable[[str, str, str], str]
    since: Callable[[str, str, str], str]
    summary: tuple[str, ...]
    front: tuple[ChangedNumber, ...]
    causes: tuple[CauseRow, ...]
    notable: tuple[CauseNumbers, ...]
    tables: tuple[TableRow, ...]
    downloads: tuple[Link, ...]


@dataclass(frozen=True)
class Revisions:
    """The page of revisions. ``comparison`` is None if no earlier edition is published."""

    comparison: Comparison | None
    restatements: tuple[RestatementRow, ...]
    editions: tuple[EditionRow, ...]


@dataclass(frozen=True)
class EarlierEditions:
    """All that an edition's pages in one language tell of earlier editions.

    The page of revisions, and by table the history of its numbers.
    """

    revisions: Revisions
    tables: Mapping[str, TableHistory] = field(default_factory=dict)
