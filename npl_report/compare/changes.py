"""Two editions → per number that both could print: old, new, and what moved it by how much.

The number is followed through the states of ``states.chain``; a step's contribution is the difference that it makes,
and the contributions of a number add up to its change.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, pairwise
from typing import Literal

from npl_report.compare.attribution import CAUSES, AttributionStep, Cause, Side, attribution_steps
from npl_report.compare.recorded import Cells, Value, cells_of, closed, table_json, withheld
from npl_report.load.tablefolders import table_keys
from npl_report.model import ALIKE, Figure, InputError, Market, Problem, ResearchTable, same_figure
from npl_report.model.progress import Progress
from npl_report.tables import catalogue, compute_tables

Kind = Literal["changed", "new", "gone"]
KINDS: tuple[Kind, ...] = ("changed", "new", "gone")


@dataclass(frozen=True)
class Part:
    """What a cause did to a number: its contribution in the number's unit.

    None where there is nothing to add (text, gaps, cells that come or go).
    """

    cause: Cause
    contribution: float | None = None


@dataclass(frozen=True)
class Change:
    """A number that differs between the editions.

    ``causes``: of numbers those in the direction of the change, the largest contribution first, then those against it;
    otherwise the last step first.
    """

    table: str
    row: str
    column: str
    old: Value
    new: Value
    causes: tuple[Part, ...]

    @property
    def number(self) -> Figure:
        """Identity ``table/row/column``."""
        return Figure.of(self.table, self.row, self.column)

    @property
    def kind(self) -> Kind:
        """Whether the cell is in both editions, or comes, or goes."""
        return "new" if self.old is None else "gone" if self.new is None else "changed"

    @property
    def difference(self) -> float | None:
        """New less old, of numbers."""
        return self.new - self.old if isinstance(self.new, int | float) and isinstance(self.old, int | float) else None


@dataclass(frozen=True)
class TableChanges:
    """The changes of a table. ``compared``: cells that it has in both editions, of the same subject."""

    table: str
    compared: int
    changes: tuple[Change, ...]

    @property
    def unchanged(self) -> int:
        """Cells that say the same in both editions."""
        return self.compared - len(self.of("changed"))

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)

    def counts(self, kind: Kind) -> dict[Cause, int]:
        """How many changes of a kind have each cause as their first; causes in the order of ``CAUSES``."""
        return _in_order(Counter(change.causes[0].cause for change in self.of(kind)))


@dataclass(frozen=True)
class Changes:
    """All changes from an older edition to a newer one, by the tables of both in their order.

    And the tables that only one of them has.
    """

    tables: tuple[TableChanges, ...]
    new_tables: tuple[str, ...]
    gone_tables: tuple[str, ...]

    @property
    def compared(self) -> int:
        """Cells in both editions."""
        return sum(table.compared for table in self.tables)

    @property
    def unchanged(self) -> int:
        """Cells that say the same in both editions."""
        return sum(table.unchanged for table in self.tables)

    def counts(self, kind: Kind) -> dict[Cause, int]:
        """How many changes of a kind have each cause as their first."""
        total: Counter[Cause] = Counter()
        for table in self.tables:
            total.update(table.counts(kind))
        return _in_order(total)

    def touched(self) -> dict[Cause, int]:
        """How many changed numbers each cause has moved, also beside a larger one."""
        changed = chain.from_iterable(table.of("changed") for table in self.tables)
        parts = chain.from_iterable(change.causes for change in changed)
        return _in_order(Counter(part.cause for part in parts))

    @property
    def moved(self) -> frozenset[str]:
        """The tables in which anything differs, the new ones included."""
        return frozenset({table.table for table in self.tables if table.changes} | {*self.new_tables})

    def has(self, key: str) -> bool:
        """Whether both editions have the table."""
        return any(table.table == key for table in self.tables)

    def table(self, key: str) -> TableChanges:
        """The changes of a table that both editions have."""
        return next(table for table in self.tables if table.table == key)


def common_tables(old: Side, new: Side, wanted: Sequence[str] = ()) -> tuple[str, ...]:
    """Keys of the tables that both editions have.

    InputError if there is none, if the program has lost one, or if they lack a wanted one.
    """
    keys = tuple(key for key in new.tables if key in old.tables)
    if problems := [*_incomparable(old, new, keys), *_wanted_elsewhere(old, new, keys, wanted)]:
        raise InputError(problems)
    return keys


def _incomparable(old: Side, new: Side, keys: Sequence[str]) -> Iterator[Problem]:
    """Why tables of both editions cannot be compared."""
    if not keys:
        rule, fix = "the editions have no table in common", "compare two editions of one series"
        yield Problem("diff", value=f"{old.name}, {new.name}", rule=rule, fix=fix)
    rule = "both editions have this table, but the program does not know it any more"
    fix = "compare these editions with the npl-report that made the later one; its version is in manifest.json"
    for key in (key for key in keys if key not in table_keys()):
        yield Problem("diff", value=key, rule=rule, fix=fix)


def _wanted_elsewhere(old: Side, new: Side, keys: Sequence[str], wanted: Sequence[str]) -> Iterator[Problem]:
    """Tables that were asked for and are not in both."""
    for key in (key for key in dict.fromkeys(wanted) if key not in keys):
        only = [side.name for side in (old, new) if key in side.tables]
        near = get_close_matches(key, keys, n=1)
        rule = f"only {only[0]} has this table" if only else "neither edition has such a table"
        listed_ = "without --table, the tables of both editions are listed"
        yield Problem("--table", value=key, rule=rule, fix=f"did you mean {near[0]}?" if near and not only else listed_)


def compare(old: Side, new: Side, progress: Progress, wanted: Sequence[str] = ()) -> Changes:
    """Every number of the tables that both editions have, with its causes; InputError as ``common_tables``."""
    keys = common_tables(old, new, wanted)
    steps, trail = _trail(old, new, keys, progress)
    recorded = [side.recorded for side in (old, new) if side.recorded is not None]
    return _gathered(keys, steps, trail, old.tables, new.tables, _closed(keys, recorded), new.edition.market)


def compare_recorded(old: Mapping[str, bytes], new: Mapping[str, bytes], market: Market) -> Changes:
    """As ``compare``, from the JSON downloads by table alone: what differs, and no cause.

    There may be no table in common.
    """
    keys = [key for key in new if key in old]
    return _gathered(
        keys,
        ["unattributed"],
        [_read(old, keys), _read(new, keys)],
        tuple(old),
        tuple(new),
        _closed(keys, [old, new]),
        market,
    )


def _gathered(
    keys: Sequence[str],
    steps: Sequence[Cause],
    trail: Sequence[Mapping[str, Cells]],
    old: Sequence[str],
    new: Sequence[str],
    closed: Collection[str],
    market: Market,
) -> Changes:
    tables = tuple(
        TableChanges(key, 0, ())
        if key in closed
        else _changes(catalogue(market)[key], steps, [cells[key] for cells in trail])
        for key in keys
    )
    return Changes(tables, tuple(key for key in new if key not in keys), tuple(key for key in old if key not in keys))


def _closed(keys: Sequence[str], recorded: Sequence[Mapping[str, bytes]]) -> frozenset[str]:
    """The tables that one of the editions does not publish: they are not compared."""
    return frozenset(key for key in keys if any(withheld(of[key]) for of in recorded))


def _trail(old: Side, new: Side, keys: Sequence[str], progress: Progress) -> tuple[list[Cause], list[dict[str, Cells]]]:
    """The causes of the steps, and the cells before the first and after each of them.

    A step that changes no input is left out.
    """
    steps: list[Cause] = []
    trail: list[dict[str, Cells]] = [] if old.recorded is None else [_read(old.recorded, keys)]
    chained = list(attribution_steps(old, new))
    attributed = chained[:1] + [state for former, state in pairwise(chained) if state.differs(former)]
    for state in attributed:
        if trail:
            steps.append(state.cause)
        if new.recorded is not None and new.current and state is attributed[-1]:
            trail.append(_read(new.recorded, keys))
        else:
            progress(f"compute {len(keys)} tables: {state.cause}")
            trail.append(_computed(state, keys))
    if new.recorded is not None and not new.current:
        steps.append("code")
        trail.append(_read(new.recorded, keys))
    return steps, trail


def _read(recorded: Mapping[str, bytes], keys: Sequence[str]) -> dict[str, Cells]:
    return {key: cells_of(recorded[key]) for key in keys}


def _computed(state: AttributionStep, keys: Sequence[str]) -> dict[str, Cells]:
    """As they would be recorded, so that nothing but the values can differ."""
    results = compute_tables(keys, state.data, state.edition)
    tables = catalogue(state.edition.market)
    return {key: cells_of(table_json(tables[key], results[key], state.edition, None)) for key in keys}


def _changes(table: ResearchTable, steps: Sequence[Cause], trail: Sequence[Cells]) -> TableChanges:
    key, subject, first, last = table.key, table.subject, trail[0], trail[-1]
    found, compared = [], 0
    for row, column in dict.fromkeys([*last, *first]):
        path = [cells.get((row, column)) for cells in trail]
        if closed(path[0]) or closed(path[-1]):
            continue
        named = [cells.get((row, subject)) for cells in (first, last)]
        if column != subject and None not in named and named[0] != named[1]:
            continue  # of another subject, which the change of its name tells
        compared += path[0] is not None and path[-1] is not None
        if not alike(path[0], path[-1]):
            found.append(Change(key, row, column, path[0], path[-1], causes(steps, path)))
    return TableChanges(key, compared, tuple(found))


def causes(steps: Sequence[Cause], path: Sequence[Value]) -> tuple[Part, ...]:
    """What moved a value along its path, whose ends differ; ``path`` is one longer than ``steps``.

    A number: the contribution of each cause, first those in the direction of the change, the largest first; where it is
    away for some steps, all that it has moved meanwhile falls to the step in which it returns. A text, or the reason of
    a gap: every step that changes it, the last first. A value that becomes another kind of value, appears or
    disappears: the last step that makes it so.
    """
    old, new = path[0], path[-1]
    if isinstance(old, int | float) and isinstance(new, int | float):
        return _contributions(steps, path)
    moves = [
        (cause, before, after)
        for cause, before, after in zip(steps, path[:-1], path[1:], strict=True)
        if not alike(before, after)
    ]
    if _sort(old) != _sort(new):
        return next((Part(cause),) for cause, before, after in reversed(moves) if _sort(before) != _sort(after))
    return tuple(Part(cause) for cause in dict.fromkeys(cause for cause, _, _ in reversed(moves)))


def _contributions(steps: Sequence[Cause], path: Sequence[Value]) -> tuple[Part, ...]:
    sums: dict[Cause, float] = {}
    numbers = [value for value in path if isinstance(value, int | float)]
    last = numbers[0]
    for cause, value in zip(steps, path[1:], strict=True):
        if isinstance(value, int | float) and not alike(value, last):
            sums[cause] = sums.get(cause, 0.0) + (value - last)
            last = value
    sign = math.copysign(1.0, numbers[-1] - numbers[0])
    parts = sorted(
        (Part(cause, amount) for cause, amount in sums.items()),
        key=lambda part: (
            sign * (part.contribution or 0.0) < 0,
            -abs(part.contribution or 0.0),
            CAUSES.index(part.cause),
        ),
    )
    noise = ALIKE * max(map(abs, numbers))  # what the code gave the old edition it may take from the new one
    return tuple(part for part in parts if abs(part.contribution or 0.0) > noise) or tuple(parts[:1])


def alike(one: Value, other: Value) -> bool:
    """Whether two values are the same.

    Numbers to ten digits, as far as other processors agree; everything else as it stands.
    """
    if isinstance(one, int | float) and isinstance(other, int | float):
        return same_figure(one, other)
    return one == other


def _sort(value: Value) -> type:
    """What sort of value it is; all numbers are of one sort."""
    return float if isinstance(value, int) else type(value)


def _in_order(counts: Mapping[Cause, int]) -> dict[Cause, int]:
    return {cause: counts[cause] for cause in CAUSES if counts.get(cause)}


def listed(changes: Changes) -> Iterator[Change]:
    """Every change of every table, in order."""
    for table in changes.tables:
        yield from table.changes
