"""``npl-report diff``: what changed from one edition to another, and why."""

from __future__ import annotations

from collections.abc import Sequence

from npl_report.cli.console import echo, tell
from npl_report.compare.attribution import CAUSES, Side
from npl_report.compare.changes import KINDS, Change, Changes, TableChanges, listed
from npl_report.compare.recorded import Gap, Value
from npl_report.text.words import program_words

_DECIMALS = 6


def print_changes(old: Side, new: Side, changes: Changes, *, tables: Sequence[str], every: bool) -> None:
    """The summary, then a line a table, then the changes of the wanted tables, or of all of them."""
    wanted = list(changes.tables) if every else [changes.table(key) for key in dict.fromkeys(tables)]
    _summary(old, new, changes)
    if not tables or every:
        echo("")
        _by_table(changes)
    for table in wanted:
        if table.changes:
            echo("")
            echo(table.table)
        for change in table.changes:
            echo("  " + _line(change))
    if not wanted:
        echo("")
        echo("the numbers themselves: --table KEY, --all or --json")


def _summary(old: Side, new: Side, changes: Changes) -> None:
    echo(f"{_titled(old)} → {_titled(new)}")
    changed = changes.compared - changes.unchanged
    numbers = f"{changes.compared:,} numbers in both: {changes.unchanged:,} unchanged, {changed:,} changed"
    echo(f"{len(changes.tables)} tables in both; {numbers}")
    for title, keys in (("new tables", changes.new_tables), ("gone tables", changes.gone_tables)):
        if keys:
            echo(f"{len(keys)} {title}: {', '.join(keys)}")
    counts, touched = {kind: changes.counts(kind) for kind in KINDS}, changes.touched()
    if any(counts.values()):
        echo("")
        echo(f"{'cause':<17}{'chiefly':>8}{'at all':>8}{'new':>8}{'gone':>8}")
        why = program_words("en")["cause_why"]
        for cause in CAUSES:
            figures = [of.get(cause, 0) for of in (counts["changed"], touched, counts["new"], counts["gone"])]
            if any(figures):
                echo(f"{cause:<17}{''.join(f'{figure:>8,}' for figure in figures)}  {why[cause]}")
        sums = [sum(counts["changed"].values()), None, sum(counts["new"].values()), sum(counts["gone"].values())]
        echo(f"{'in all':<17}{''.join(' ' * 8 if figure is None else f'{figure:>8,}' for figure in sums)}")


def _by_table(changes: Changes) -> None:
    width = max(len(table.table) for table in changes.tables)
    echo(f"{'table':<{width}}  in both  unchanged  changed     new    gone  chiefly by")
    for table in changes.tables:
        changed, new, gone = (len(table.of(kind)) for kind in KINDS)
        causes = ", ".join(f"{cause} {count:,}" for cause, count in table.counts("changed").items())
        numbers = f"{table.compared:>9,}{table.unchanged:>11,}{changed:>9,}{new:>8,}{gone:>8,}"
        echo(f"{table.table:<{width}}{numbers}  {causes}".rstrip())


def _titled(side: Side) -> str:
    """The edition, its as-of date, and that it is not published if it is not."""
    published = "" if side.recorded is not None else ", not published: as the project is now"
    return f"{side.name} (as of {side.edition.as_of.isoformat()}{published})"


def _line(change: Change) -> str:
    if change.kind != "changed":
        value = change.new if change.kind == "new" else change.old
        return f"{change.row}/{change.column}: {change.kind}, {_told(value)}: {change.causes[0].cause}"
    difference = "" if change.difference is None else f" ({_signed(change.difference)})"
    causes = ", ".join(
        part.cause if part.contribution is None else f"{part.cause} {_signed(part.contribution)}"
        for part in change.causes
    )
    return f"{change.row}/{change.column}: {_told(change.old)} → {_told(change.new)}{difference}: {causes}"


def _told(value: Value) -> str:
    """A value for reading; --json has all digits."""
    if isinstance(value, Gap):
        return f"no value ({value.reason})"
    if isinstance(value, int | float):
        return _figure(value)
    return str(value)


def _signed(value: float) -> str:
    return f"+{_figure(value)}" if value > 0 else _figure(value)


def _figure(value: float) -> str:
    """Six decimals at most; small numbers with six digits."""
    return f"{value:.{_DECIMALS}g}" if abs(value) < 1 else f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".")


def print_json(old: Side, new: Side, changes: Changes) -> None:
    """Everything, at full precision."""
    tell(
        old=_side(old),
        new=_side(new),
        compared=changes.compared,
        unchanged=changes.unchanged,
        changed=changes.counts("changed"),
        new_numbers=changes.counts("new"),
        gone_numbers=changes.counts("gone"),
        touched=changes.touched(),
        new_tables=changes.new_tables,
        gone_tables=changes.gone_tables,
        tables={table.table: _counts(table) for table in changes.tables},
        changes=[_change(change) for change in listed(changes)],
    )


def _side(side: Side) -> dict[str, object]:
    return {"edition": side.name, "as_of": side.edition.as_of.isoformat(), "published": side.recorded is not None}


def _counts(table: TableChanges) -> dict[str, object]:
    counts = {
        "changed": table.counts("changed"),
        "new_numbers": table.counts("new"),
        "gone_numbers": table.counts("gone"),
    }
    return {"compared": table.compared, "unchanged": table.unchanged, **counts}


def _change(change: Change) -> dict[str, object]:
    causes = [{"cause": part.cause, "contribution": part.contribution} for part in change.causes]
    return {
        "number": change.number,
        "kind": change.kind,
        "old": _plain(change.old),
        "new": _plain(change.new),
        "difference": change.difference,
        "causes": causes,
    }


def _plain(value: Value) -> object:
    return {"gap": value.reason} if isinstance(value, Gap) else value
