"""The editions published before one → what its numbers were in each of them, and what changed since the last of them."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from npl_report.load.project import Project
from npl_report.model import Edition, InputError
from npl_report.publish.build import Reading, Say
from npl_report.publish.downloads import csv_bytes
from npl_report.publish.fingerprint import code_hash, digest, input_hashes, library_versions
from npl_report.publish.output import keep
from npl_report.publish.shelf.changes import Cells, Change, Changes, Gap, Value, cells_of, compare, compare_recorded, listed
from npl_report.publish.shelf.folder import INPUTS, Published, folder_of, recorded_file
from npl_report.publish.shelf.sides import published_side, recorded_tables
from npl_report.publish.shelf.states import STEPS, Side, rules
from npl_report.text.numbers import raw

CHANGES = "downloads/changes.csv"


@dataclass(frozen=True)
class History:
    """``earlier`` editions, the oldest first, with their cells by table; ``now`` the same of this edition; ``changes`` since the last of them."""

    earlier: tuple[Published, ...]
    cells: tuple[Mapping[str, Cells], ...]
    now: Mapping[str, Cells]
    changes: Changes

    @property
    def last(self) -> Published:
        """The edition that this one is compared with."""
        return self.earlier[-1]

    def values(self, table: str) -> Iterator[tuple[str, str, list[Value]]]:
        """(row, column, values in the earlier editions and in this one) of every number that this edition has, in the table's order."""
        for (row, column), value in self.now[table].items():
            yield row, column, [*(cells.get(table, {}).get((row, column)) for cells in self.cells), value]


def history(project: Project, reading: Reading, earlier: Sequence[Published], tables: Mapping[str, bytes], say: Say) -> History | None:
    """None if nothing was published before. ``tables``: this edition's JSON downloads by table; InputError for an earlier edition that was changed since it was published."""
    if not earlier:
        return None
    recorded = [recorded_tables(item) for item in earlier]
    cells = tuple({key: cells_of(data) for key, data in of.items()} for of in recorded)
    changes = _changes(project, reading, earlier[-1], recorded[-1], tables, say)
    return History(tuple(earlier), cells, {key: cells_of(data) for key, data in tables.items()}, changes)


def _changes(project: Project, reading: Reading, last: Published, recorded: Mapping[str, bytes], tables: Mapping[str, bytes], say: Say) -> Changes:
    """The changes, kept by all that decides them: computing the states between two editions takes as long as all else."""
    if not set(recorded) & set(tables):
        return compare_recorded(recorded, tables)
    recorded_file(last, INPUTS)
    edition = reading.edition
    data = [item for item in input_hashes(project.root).items() if item[0].startswith("data/")]
    mark = digest(repr((last.sha256, rules(edition), data, sorted(tables.items()), code_hash(), library_versions())).encode())
    place = project.build / ".cache" / "changes" / f"{mark}.pickle"
    if place.is_file():
        kept: Changes = pickle.loads(place.read_bytes())  # noqa: S301 -- our own cache
        return kept
    say(f"compare with {last.folder}")
    try:
        old = published_side(last)
    except InputError:  # a program that has changed its data contract must still be able to publish
        return compare_recorded(recorded, tables)
    new = Side(folder_of(edition.id, edition.revision), edition, reading.source, tuple(tables), tables, now=True)
    changes = compare(old, new, say)
    keep(place, pickle.dumps(changes))
    return changes


def history_files(found: History, edition: Edition) -> dict[str, bytes]:
    """The downloads: every change with its causes, and every number of each table through the editions."""
    files = {CHANGES: _changes_csv(found)}
    names = [*(item.folder for item in found.earlier), folder_of(edition.id, edition.revision)]
    for table in found.now:
        rows = ([row, column, *map(_stored, values)] for row, column, values in found.values(table))
        files[history_path(table)] = csv_bytes(["row", "column", *names], rows)
    return files


def history_path(table: str) -> str:
    """Where the download with a table's numbers through the editions stands."""
    return f"downloads/history/{table}.csv"


def _changes_csv(found: History) -> bytes:
    """A line per change: identity, kind, both values, the difference, the chief cause, and each cause's contribution."""
    head = ["number", "kind", found.last.folder, "now", "difference", "cause", *STEPS]
    return csv_bytes(head, (_change_line(change) for change in listed(found.changes)))


def _change_line(change: Change) -> list[str]:
    contributions = {part.cause: part.contribution for part in change.causes}
    moved = [raw(contributions.get(cause)) for cause in STEPS]
    return [change.number, change.kind, _stored(change.old), _stored(change.new), raw(change.difference), change.causes[0].cause, *moved]


def _stored(value: Value) -> str:
    """A value as the downloads of tables hold it; a gap is empty."""
    return "" if isinstance(value, Gap) else raw(value)
