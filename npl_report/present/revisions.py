"""What changed since the last edition → what the page of revisions and the passports print of it, in one language."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from npl_report import __version__
from npl_report.compare.history import History, history_path
from npl_report.editions.fingerprint import code_hash
from npl_report.model import Edition, Withheld
from npl_report.present.changed import Changed, named
from npl_report.present.contexts import Link, NumberHistory, TableHistory
from npl_report.present.localized import LocalizedEdition
from npl_report.present.revisionviews import EditionRow, RestatementRow, Revisions
from npl_report.present.views import LONGEST

_DIGITS = 12
"""Digits of a hash that tables show."""


def revisions(localized: LocalizedEdition, edition: Edition, found: History | None) -> Revisions:
    """The page of revisions; ``found`` is None if nothing was published before."""
    comparison = Changed(localized, found).comparison() if found else None
    moved = found.changes.moved if found and found.revises(edition) else frozenset()
    return Revisions(
        comparison, tuple(_restatements(localized, edition, moved)), tuple(_record(localized, edition, found))
    )


def table_history(localized: LocalizedEdition, found: History, key: str) -> TableHistory:
    """A table's numbers through the editions: all of them, or of many those that changed since the last edition.

    There are none of a table that is new.
    """
    entry, changed = localized.entries[key], Changed(localized, found)
    if not found.has(key):
        why = "revisions.history_restricted" if isinstance(entry.result, Withheld) else "revisions.history_new"
        return TableHistory((), "", (), str(localized.words[why]), None)
    printed = {head.key: entry.table.column(head.key) for head in entry.view.heads}
    changes = found.changes.table(key).of("changed") if found.changes.has(key) else ()
    moved = {(change.row, change.column): change for change in changes}
    lines = [(row, column, values) for row, column, values in found.values(key) if column in printed]
    whole, kind = len(lines), "revisions.history_none" if entry.view.unavailable else "revisions.history_lead"
    if whole > LONGEST and not entry.view.unavailable:
        lines = [line for line in lines if line[:2] in moved]
        kind = "revisions.history_moved" if 0 < len(lines) <= LONGEST else "revisions.history_whole"
    numbers = (
        NumberHistory(
            changed.row(key, row),
            changed.column(key, column),
            tuple(changed.value(value, printed[column]) for value in values),
            changed.causes(moved[row, column], printed[column]) if (row, column) in moved else (),
        )
        for row, column, values in (lines if kind in ("revisions.history_lead", "revisions.history_moved") else ())
    )
    last = named(localized, found.last.manifest.edition, found.last.manifest.revision)
    names = [*(item.folder for item in found.earlier), str(localized.words["revisions.this"])]
    lead = str(localized.words[kind]).format(n=localized.printer.numbers.marks.whole(whole), edition=last)
    download = Link(f"../../{history_path(key)}", str(localized.words["revisions.history_csv"]))
    return TableHistory(tuple(names), last, tuple(numbers), lead, download)


def _restatements(localized: LocalizedEdition, edition: Edition, moved: Collection[str]) -> Iterable[RestatementRow]:
    """Latest revision first.

    ``moved``: tables that this revision changes; those that its entries do not name are told beside the one that says
    why.
    """

    def links(keys: Iterable[str]) -> tuple[Link, ...]:
        return tuple(
            Link(f"tables/{key}.html", f"{localized.entries[key].view.label} {localized.entries[key].view.title}")
            for key in keys
        )

    for item in sorted(edition.restatements, key=lambda item: -item.revision):
        told: set[str] = set().union(*(of.tables for of in edition.restatements if of.revision == item.revision))
        also = (
            [key for key in localized.series.table_keys if key in moved and key not in told]
            if item.revision == edition.revision and item.others
            else []
        )
        yield RestatementRow(
            str(localized.words["ui.revision"]).format(n=item.revision),
            links(item.tables),
            links(also),
            item.why[localized.language],
            item.others.get(localized.language, ""),
        )


def _record(localized: LocalizedEdition, edition: Edition, found: History | None) -> Iterable[EditionRow]:
    """The newest first: this edition, then those before it."""
    yield EditionRow(
        named(localized, edition.id, edition.revision),
        edition.as_of.isoformat(),
        edition.published_on.isoformat(),
        str(len(localized.series.table_keys)),
        __version__,
        code_hash()[:_DIGITS],
        "",
        "",
        this=True,
    )
    for item in reversed(found.earlier if found else ()):
        of = item.manifest
        yield EditionRow(
            named(localized, of.edition, of.revision),
            of.as_of,
            of.published_on,
            str(len(of.tables)),
            of.npl_report,
            of.code[:_DIGITS],
            item.sha256[:_DIGITS],
            item.sha256,
            this=False,
        )
