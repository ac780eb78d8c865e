"""What changed since the last edition → what the page of revisions and the passports print of it, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from npl_report import __version__
from npl_report.model import WORD_UNITS, Column, Edition, InputError, Unit
from npl_report.present.book import Book, Entry
from npl_report.present.contexts import Link
from npl_report.present.revisions import CauseNumbers, CauseRow, ChangedNumber, EditionRow, NumberHistory, RestatementRow, Revisions, Since, TableHistory, TableRow
from npl_report.present.views import LONGEST, NOTHING
from npl_report.publish.fingerprint import code_hash
from npl_report.publish.shelf.changes import KINDS, Change, Changes, Gap, Part, Value, listed
from npl_report.publish.shelf.checks import bound_figures
from npl_report.publish.shelf.folder import Published, recorded_file
from npl_report.publish.shelf.history import CHANGES, History, history_path
from npl_report.publish.shelf.states import CAUSES, Cause
from npl_report.text.numbers import raw

_PASSING: frozenset[Cause] = frozenset({"new_period", "new_deals"})
"""Causes that are a matter of time passing; all others change what was said of the time before."""
_FEW = 10
"""Numbers that the page shows of each cause; the download holds all."""
_DIGITS = 12
"""Digits of a hash that tables show."""


def revisions(book: Book, edition: Edition, found: History | None) -> Revisions:
    """The page of revisions; ``found`` is None if nothing was published before."""
    writer = _Writer(book, found.changes) if found else None
    since = writer.since(found) if writer and found else None
    return Revisions(since, tuple(_restatements(book, edition)), tuple(_record(book, edition, found)))


def table_history(book: Book, found: History, key: str) -> TableHistory | None:
    """A table's numbers through the editions; None if no earlier edition has the table."""
    if not any(cells.get(key) for cells in found.cells):
        return None
    entry, writer = book.entries[key], _Writer(book, found.changes)
    shown = {column.key: column for column in entry.table.printed}
    moved = {(change.row, change.column): change for change in found.changes.table(key).changes} if found.changes.has(key) else {}
    lines = [(row, column, values) for row, column, values in found.values(key) if column in shown]
    numbers = (
        NumberHistory(
            writer.row(entry, row),
            writer.column(entry, column),
            tuple(writer.value(value, shown[column], unit=False) for value in values),
            writer.causes(moved[row, column], shown[column]) if (row, column) in moved else "",
        )
        for row, column, values in (lines if len(lines) <= LONGEST else ())
    )
    names = [*(item.folder for item in found.earlier), str(book.words["revisions.this"])]
    return TableHistory(tuple(names), tuple(numbers), len(lines), Link(f"../../{history_path(key)}", str(book.words["revisions.history_csv"])))


def _restatements(book: Book, edition: Edition) -> Iterable[RestatementRow]:
    """Latest revision first."""
    for item in sorted(edition.restatements, key=lambda item: -item.revision):
        tables = tuple(Link(f"tables/{key}.html", f"{book.entries[key].view.label} {book.entries[key].view.title}") for key in item.tables)
        yield RestatementRow(str(book.words["ui.revision"]).format(n=item.revision), tables, item.why[book.language])


def _record(book: Book, edition: Edition, found: History | None) -> Iterable[EditionRow]:
    """The newest first: this edition, then those before it."""
    yield EditionRow(
        _named(book, edition.id, edition.revision),
        edition.as_of.isoformat(),
        edition.published_on.isoformat(),
        str(len(book.series.table_keys)),
        __version__,
        code_hash()[:_DIGITS],
        "",
        "",
        this=True,
    )
    for item in reversed(found.earlier if found else ()):
        of = item.manifest
        yield EditionRow(
            _named(book, of["edition"], of["revision"]),
            of["as_of"],
            of["published_on"],
            str(len(of["tables"])),
            of["npl_report"],
            of["code"][:_DIGITS],
            item.sha256[:_DIGITS],
            item.sha256,
            this=False,
        )


def _named(book: Book, edition: str, revision: int) -> str:
    """The edition, and its revision if it is not the first."""
    name = str(book.words["ui.edition"]).format(id=edition)
    return name if revision == 1 else f"{name}{book.words['ui.list_comma']}{book.words['ui.revision'].format(n=revision)}"


@dataclass(frozen=True)
class _Writer:
    """Writes changes in the words of one language."""

    book: Book
    changes: Changes

    def since(self, found: History) -> Since:
        """The comparison with the last edition."""
        changes, last = self.changes, found.last
        downloads = (Link(f"../{CHANGES}", str(self.book.words["revisions.changes_csv"])),)
        return Since(
            _named(self.book, last.manifest["edition"], last.manifest["revision"]),
            tuple(self._summary()),
            tuple(self._front(found)),
            tuple(self._causes()),
            tuple(self._notable()),
            tuple(self._table(key) for key in self.book.series.table_keys if changes.has(key)),
            downloads,
        )

    def _summary(self) -> Iterable[str]:
        """What a reader of the last edition should know first: what was said of the past and is not said any more, then what time brought."""
        changes, words = self.changes, self.book.words
        counts = changes.counts("changed")
        past = {cause: count for cause, count in counts.items() if cause not in _PASSING}
        if past:
            causes = str(words["list.clause"]).join(f"{_inside(words[f'cause.{cause}'])} {count:,}" for cause, count in past.items())
            yield str(words["revisions.past"]).format(n=f"{sum(past.values()):,}", causes=causes)
        elif counts:
            yield str(words["revisions.no_past"])
        if counts and not {"code", "method", "unattributed"} & set(changes.touched()):
            yield str(words["revisions.same_rules"])
        if "unattributed" in counts:
            yield str(words["revisions.unattributed"])
        sums = {kind: f"{sum(changes.counts(kind).values()):,}" for kind in KINDS}
        yield str(words["revisions.counts"]).format(compared=f"{changes.compared:,}", unchanged=f"{changes.unchanged:,}", **sums)
        if changes.new_tables:
            chapters = dict.fromkeys(self.book.titles[self.book.entries[key].chapter] for key in changes.new_tables)
            yield str(words["revisions.new_tables"]).format(n=len(changes.new_tables), chapters=str(words["ui.semicolon"]).join(chapters))
        if changes.gone_tables:
            yield str(words["revisions.gone_tables"]).format(tables=str(words["ui.list_comma"]).join(changes.gone_tables))

    def _front(self, found: History) -> Iterable[ChangedNumber]:
        """The figures that the last edition's front page quotes, then and now."""
        last: Published = found.last
        languages = last.manifest["languages"]
        language = self.book.language if self.book.language in languages else languages[0]
        quoted = dict.fromkeys(number for number, _, _ in bound_figures(recorded_file(last, f"{language}/index.html")))
        changed = {change.number: change for change in listed(self.changes)}
        for number in quoted:
            key, row, column = number.split("/")
            old = found.cells[-1].get(key, {}).get((row, column))
            new = found.now.get(key, {}).get((row, column))
            if key in self.book.entries and any(declared.key == column for declared in self.book.entries[key].table.columns):
                yield self._number(key, row, column, old, new, changed.get(number))

    def _causes(self) -> Iterable[CauseRow]:
        touched = self.changes.touched()
        counts = {kind: self.changes.counts(kind) for kind in KINDS}
        for cause in CAUSES:
            figures = [counts["changed"].get(cause, 0), touched.get(cause, 0), counts["new"].get(cause, 0), counts["gone"].get(cause, 0)]
            if any(figures):
                yield CauseRow(str(self.book.words[f"cause.{cause}"]), str(self.book.words[f"cause_why.{cause}"]), *(f"{figure:,}" for figure in figures))

    def _notable(self) -> Iterable[CauseNumbers]:
        """Of every cause that is no matter of time, the numbers that it moved most, relative to what they were; those on the pages before supporting ones."""
        supporting = self.book.series.supporting
        for cause in CAUSES:
            if cause in _PASSING:
                continue
            moved = [change for table in self.changes.tables for change in table.of("changed") if change.causes[0].cause == cause]
            moved.sort(key=lambda change: (change.table in supporting, -_weight(change)))
            numbers = [self._number(change.table, change.row, change.column, change.old, change.new, change) for change in moved[:_FEW]]
            if numbers:
                more = str(self.book.words["revisions.more"]).format(n=f"{len(moved) - _FEW:,}") if len(moved) > _FEW else ""
                yield CauseNumbers(str(self.book.words[f"cause.{cause}"]), str(self.book.words[f"cause_why.{cause}"]), tuple(numbers), more)

    def _table(self, key: str) -> TableRow:
        table, view = self.changes.table(key), self.book.entries[key].view
        changed, new, gone = (f"{len(table.of(kind)):,}" for kind in KINDS)
        causes = str(self.book.words["list.clause"]).join(f"{self.book.words[f'cause.{cause}']} {count:,}" for cause, count in table.counts("changed").items())
        return TableRow(Link(f"tables/{key}.html#history", f"{view.label} {view.title}"), f"{table.compared:,}", f"{table.unchanged:,}", changed, new, gone, causes)

    def _number(self, key: str, row: str, column: str, old: Value, new: Value, change: Change | None) -> ChangedNumber:
        entry = self.book.entries[key]
        declared = entry.table.column(column)
        words = self.book.words
        name = str(words["ui.place"]).format(table=entry.view.label, row=self.row(entry, row), column=self.column(entry, column))
        there = new is not None and not isinstance(new, Gap)
        place = entry.table.place(row, column) if entry.view.rows else "downloads"
        difference = "" if change is None or change.difference is None else self.book.printer.numbers.signed(change.difference, declared)
        return ChangedNumber(
            Link(f"tables/{key}.html" + (f"#{place}" if new is not None else ""), name),
            f"{key}/{row}/{column}" if there else "",
            raw(new) if there else "",
            self.value(old, declared),
            self.value(new, declared),
            difference,
            self.causes(change, declared) if change else str(words["revisions.unchanged"]),
        )

    def causes(self, change: Change, column: Column) -> str:
        """What moved a number, and by how much."""
        told = [part for part in change.causes if part.contribution is None or self._moves(part.contribution, column)]
        return str(self.book.words["ui.semicolon"]).join(self._part(part, column) for part in told or change.causes[:1])

    def _moves(self, contribution: float, column: Column) -> bool:
        """Whether a contribution shows at the decimals of the column."""
        figure, _ = self.book.printer.numbers.number(contribution, column)
        return bool(figure.strip("0."))

    def _part(self, part: Part, column: Column) -> str:
        name = str(self.book.words[f"cause.{part.cause}"])
        return name if part.contribution is None else f"{name} {self.book.printer.numbers.signed(part.contribution, column)}"

    def value(self, value: Value, column: Column, *, unit: bool = True) -> str:
        """A stored value as a page prints it, with its unit or as a cell; a dash for a gap, nothing for what is not there."""
        if value is None:
            return ""
        if isinstance(value, Gap):
            return NOTHING
        if column.unit in WORD_UNITS:
            return self._name(column.unit, str(value))
        if column.unit is Unit.DATE:
            return str(value)
        numbers = self.book.printer.numbers
        return numbers.text(float(value), column) if unit else numbers.cell(float(value), column)

    def row(self, entry: Entry, row: str) -> str:
        """A row's name."""
        return self._name(entry.table.rows, row)

    def column(self, entry: Entry, column: str) -> str:
        """A column's head."""
        return str(entry.words[f"columns.{column}"])

    def _name(self, unit: Unit, id_: str) -> str:
        """A name; the id itself for what only an earlier edition knows."""
        try:
            return self.book.printer.names.name(unit, id_)
        except (KeyError, InputError):
            return id_


def _inside(name: object) -> str:
    """A cause's name within a sentence."""
    text = str(name)
    return text[:1].lower() + text[1:]


def _weight(change: Change) -> float:
    """How much the chief cause moved a number, relative to the larger of its values."""
    contribution = change.causes[0].contribution
    values: Sequence[float] = [abs(value) for value in (change.old, change.new) if isinstance(value, int | float)]
    return abs(contribution) / max(values) if contribution is not None and values and max(values) else 0.0
