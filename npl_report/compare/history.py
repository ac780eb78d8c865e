"""The editions published before one → its numbers in each of them, and what changed since the last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from npl_report.compare.attribution import STEPS, Side, rules
from npl_report.compare.changes import KINDS, Change, Changes, Part, TableChanges, compare, compare_recorded, listed
from npl_report.compare.recorded import Cells, Gap, Value, cells_of, closed, csv_bytes, stored_unit, withheld
from npl_report.compare.sides import UnreadableInputsError, published_side, recorded_tables
from npl_report.editions.fingerprint import code_hash, input_hashes
from npl_report.editions.folder import INPUTS, Published, folder_of, recorded_file
from npl_report.files.environment import environment
from npl_report.files.hashing import digest
from npl_report.files.sealed import opened, seal
from npl_report.load.data import Source
from npl_report.load.project import Project
from npl_report.model import Column, Edition, InputError, Market, Problem
from npl_report.model.progress import Progress
from npl_report.tables import catalogue
from npl_report.text.numbers import raw

CHANGES = "downloads/changes.csv"


@dataclass(frozen=True)
class History:
    """``earlier`` editions, the oldest first, with their cells by table.

    ``current`` the same of this edition; ``changes`` since the last of them; ``withheld``: tables of which this edition
    publishes nothing.
    """

    earlier: tuple[Published, ...]
    cells: tuple[Mapping[str, Cells], ...]
    current: Mapping[str, Cells]
    changes: Changes
    withheld: frozenset[str] = frozenset()

    @property
    def last(self) -> Published:
        """The edition that this one is compared with."""
        return self.earlier[-1]

    def revises(self, edition: Edition) -> bool:
        """Whether the edition is a revision of the last one."""
        return self.last.manifest.edition == edition.id

    def has(self, table: str) -> bool:
        """Whether an earlier edition has numbers of the table."""
        return any(cells.get(table) for cells in self.cells)

    def values(self, table: str) -> Iterator[tuple[str, str, list[Value]]]:
        """(row, column, values in the earlier editions and in this one) of every number.

        Those of this edition come first and in its order; None where an edition lacks the number.
        """
        every = [*(cells.get(table, {}) for cells in self.cells), self.current[table]]
        for row, column in dict.fromkeys(chain.from_iterable(reversed(every))):
            yield row, column, [cells.get((row, column)) for cells in every]


def check_earlier(earlier: Sequence[Published]) -> None:
    """InputError for an earlier edition of which a needed file is missing or was changed since."""
    for item in earlier:
        recorded_tables(item)
        for path in (INPUTS, *(f"{language}/index.html" for language in item.manifest.languages)):
            recorded_file(item, path)


def history(
    project: Project,
    edition: Edition,
    source: Source,
    earlier: Sequence[Published],
    tables: Mapping[str, bytes],
    progress: Progress,
) -> History | None:
    """None if nothing was published before.

    ``tables``: this edition's JSON downloads by table; ``earlier`` as ``check_earlier`` lets them pass.
    """
    if not earlier:
        return None
    recorded = [recorded_tables(item) for item in earlier]
    current = {key: cells_of(data) for key, data in tables.items()}
    hidden = frozenset(key for key, data in tables.items() if withheld(data))
    cells = tuple(
        {key: _public(cells_of(data), current.get(key, {})) for key, data in of.items() if key not in hidden}
        for of in recorded
    )
    changes = _changes(project, edition, source, earlier[-1], recorded[-1], tables, progress)
    return History(tuple(earlier), cells, current, changes, hidden)


def _public(cells: Cells, current: Cells) -> Cells:
    """The numbers of an earlier edition but those that this one does not publish."""
    return {number: value for number, value in cells.items() if not closed(current.get(number))}


def check_restatements(found: History, edition: Edition) -> None:
    """InputError for a table that a revision says it restates and of which it changes no number.

    And for tables that it changes without a word.
    """
    if not found.revises(edition):
        return
    if problems := list(_misnamed(found, edition)):
        raise InputError(problems)


def _misnamed(found: History, edition: Edition) -> Iterator[Problem]:
    """Restated tables that did not move, and tables that moved without a word."""
    moved, shown, last = found.changes.moved, f"report/editions/{edition.id}.toml", found.last.folder
    entries = [item for item in edition.restatements if item.revision == edition.revision]
    named = dict.fromkeys(chain.from_iterable(item.tables for item in entries))
    fix = f"take it out, or correct what it should change; tables that change: {', '.join(sorted(moved)) or 'none'}"
    for key in (key for key in named if key not in moved):
        rule = f"no number of this table differs from {last}"
        yield Problem(shown, column="restatement.tables", value=key, rule=rule, fix=fix)
    others = [key for key in found.current if key in moved and key not in named]
    said = any(item.others for item in entries)
    if others and not said:
        many = "1 table differs" if len(others) == 1 else f"{len(others)} tables differ"
        listed_ = ", ".join(f'"{key}"' for key in others)
        fix = f'add to tables: {listed_}; or say in one entry why they move: others = {{ zh = "…", en = "…" }}'
        rule = f"{many} from {last} without being named"
        yield Problem(shown, column="restatement.tables", rule=rule, fix=fix)
    if said and not others:
        rule = f"no table that is not named differs from {last}"
        yield Problem(shown, column="restatement.others", rule=rule, fix="take it out")


def _changes(
    project: Project,
    edition: Edition,
    source: Source,
    last: Published,
    recorded: Mapping[str, bytes],
    tables: Mapping[str, bytes],
    progress: Progress,
) -> Changes:
    """The changes, kept by all that decides them.

    Computing the states between two editions takes as long as all else.
    """
    data = [item for item in input_hashes(project, edition).items() if item[0].startswith("data/")]
    mark = digest(
        repr(
            (last.sha256, last.at_hand, rules(edition), data, list(tables.items()), code_hash(), environment())
        ).encode()
    )
    place = project.build / ".cache" / "changes" / f"{mark}.json"
    if (kept := kept_changes(place)) is not None:
        return kept
    progress(f"compare with {last.folder}")
    try:
        old = published_side(last)
    except UnreadableInputsError as error:  # a program that has changed its data contract must still be able to publish
        return _unattributed(last, recorded, tables, edition.market, error, progress)
    new = Side(folder_of(edition.id, edition.revision), edition, source, tuple(tables), tables, current=True)
    try:
        changes = compare(old, new, progress)
    except InputError as error:  # no table in common, or a state between the two without any deal
        return _unattributed(last, recorded, tables, edition.market, error, progress)
    seal(place, written(changes))
    return changes


def _unattributed(
    last: Published,
    recorded: Mapping[str, bytes],
    tables: Mapping[str, bytes],
    market: Market,
    error: InputError,
    progress: Progress,
) -> Changes:
    progress(f"changes since {last.folder} are not attributed to causes: {error.problems[0].rule}")
    return compare_recorded(recorded, tables, market)


def written(changes: Changes) -> bytes:
    """The changes as JSON; numbers keep every digit."""

    def value(of: Value) -> object:
        return {"gap": of.reason} if isinstance(of, Gap) else of

    tables = [
        [
            table.table,
            table.compared,
            [
                [
                    change.row,
                    change.column,
                    value(change.old),
                    value(change.new),
                    [[part.cause, part.contribution] for part in change.causes],
                ]
                for change in table.changes
            ],
        ]
        for table in changes.tables
    ]
    return json.dumps([tables, changes.new_tables, changes.gone_tables], ensure_ascii=False).encode()


def kept_changes(place: Path) -> Changes | None:
    """What was kept; None if there is nothing that can be read."""

    def value(of: object) -> Value:
        return Gap(of["gap"]) if isinstance(of, dict) else of  # type: ignore[return-value]  # JSON has no other values

    try:
        tables, new, gone = json.loads(opened(place))
        return Changes(
            tuple(
                TableChanges(
                    key,
                    compared,
                    tuple(
                        Change(key, row, column, value(old), value(now), tuple(Part(*part) for part in causes))
                        for row, column, old, now, causes in changes
                    ),
                )
                for key, compared, changes in tables
            ),
            tuple(new),
            tuple(gone),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def history_files(found: History, edition: Edition) -> dict[str, bytes]:
    """The downloads of what changed, in the stored units of ``Unit``.

    Every change with its causes, and every number of each table that an earlier edition has, through the editions.
    """
    names = [
        f"edition {name}"
        for name in (*(item.folder for item in found.earlier), folder_of(edition.id, edition.revision))
    ]  # a spreadsheet takes 2020-03 for a date
    files = {CHANGES: _changes_csv(found, names, edition.market)}
    for table in filter(found.has, found.current):
        rows = (
            [row, column, _unit(edition.market, table, column), *map(_stored, values)]
            for row, column, values in found.values(table)
        )
        files[history_path(table)] = csv_bytes(["row", "column", "unit", *names], rows)
    return files


def history_path(table: str) -> str:
    """Where the download with a table's numbers through the editions stands."""
    return f"downloads/history/{table}.csv"


def declared(market: Market, table: str, column: str) -> Column | None:
    """The column as the program declares it; None for one that only an earlier edition has."""
    return next((of for of in catalogue(market)[table].columns if of.key == column), None)


def _unit(market: Market, table: str, column: str) -> str:
    of = declared(market, table, column)
    return stored_unit(of, market.currency.code) if of else ""


def _changes_csv(found: History, names: Sequence[str], market: Market) -> bytes:
    """A line per change, those of numbers in both editions first.

    Identity, kind, unit, both values, the difference, the causes (the largest first), and each cause's contribution.
    """
    head = ["number", "kind", "unit", *names[-2:], "difference", "causes", *STEPS]
    ordered = sorted(listed(found.changes), key=lambda change: KINDS.index(change.kind))
    return csv_bytes(head, (_change_line(change, market) for change in ordered))


def _change_line(change: Change, market: Market) -> list[str]:
    contributions = {part.cause: part.contribution for part in change.causes}
    moved = [raw(contributions.get(cause)) for cause in STEPS]
    causes = " ".join(part.cause for part in change.causes)
    return [
        change.number,
        change.kind,
        _unit(market, change.table, change.column),
        _stored(change.old),
        _stored(change.new),
        raw(change.difference),
        causes,
        *moved,
    ]


def _stored(value: Value) -> str:
    """A value as the downloads of tables hold it; a gap is empty."""
    return "" if isinstance(value, Gap) else raw(value)
