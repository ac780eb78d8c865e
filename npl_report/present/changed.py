"""Changes since the last edition, in the words of one language: what pages tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from npl_report.compare.attribution import CAUSES, STEPS, Cause
from npl_report.compare.changes import KINDS, Change, Changes, Part, listed
from npl_report.compare.history import CHANGES, History, declared
from npl_report.compare.recorded import Gap, Value, closed
from npl_report.editions.folder import recorded_file
from npl_report.editions.printed import bound_figures
from npl_report.load.tablefolders import table_keys
from npl_report.model import WORD_UNITS, Column, Figure, InputError, Unit, uncapitalised
from npl_report.present.contexts import Link
from npl_report.present.localized import LocalizedEdition
from npl_report.present.printed import NOTHING, Cell
from npl_report.present.revisionviews import CauseNumbers, CauseRow, ChangedNumber, Comparison, TableRow
from npl_report.text.numbers import raw

_PAST: frozenset[Cause] = frozenset(STEPS) - {"new_period", "new_deals"}
"""Causes that change what was said of the time before; the others are a matter of time passing."""
_FEW = 10
"""Numbers that the page shows of each cause; the download holds all."""


def named(localized: LocalizedEdition, edition: str, revision: int) -> str:
    """The edition, and its revision if it is not the first."""
    name = str(localized.words["ui.edition"]).format(id=edition)
    return (
        name
        if revision == 1
        else str(localized.words["mail.edition"]).format(
            edition=name, revision=str(localized.words["ui.revision"]).format(n=revision)
        )
    )


@dataclass(frozen=True)
class Changed:
    """Changes in the words of one language."""

    localized: LocalizedEdition
    found: History

    def _whole(self, number: int) -> str:
        return self.localized.printer.numbers.marks.whole(number)

    @property
    def _changes(self) -> Changes:
        return self.found.changes

    def comparison(self) -> Comparison:
        """With the last edition."""
        last = self.found.last.manifest
        downloads = (Link(f"../{CHANGES}", str(self.localized.words["revisions.changes_csv"])),)
        tables = tuple(self._table(key) for key in self.localized.series.table_keys if self._changes.has(key))
        return Comparison(
            named(self.localized, last.edition, last.revision),
            self.before,
            self.since,
            tuple(self._summary()),
            tuple(self._front()),
            tuple(self._causes()),
            tuple(self._notable()),
            tables,
            downloads,
        )

    def before(self, table: str, row: str, column: str) -> str:
        """What the last edition printed for a number of this one; empty if it did not have it."""
        return self.value(
            self.found.cells[-1].get(table, {}).get((row, column)),
            self._declared(table, row, column) if table in table_keys() else None,
        )

    def since(self, table: str, row: str, column: str) -> str:
        """By how much a number has changed since the last edition; empty if either does not have it."""
        last, words = self.found.last.manifest, self.localized.words
        old, new = (of.get(table, {}).get((row, column)) for of in (self.found.cells[-1], self.found.current))
        if not isinstance(old, int | float) or not isinstance(new, int | float):
            return ""
        of = self.localized.tables[table].column(column)
        change = self._signed(float(new) - float(old), of) if self._shows(float(new) - float(old), of) else ""
        edition = uncapitalised(named(self.localized, last.edition, last.revision))
        return str(words["front.since" if change else "front.same"]).format(change=change, edition=edition)

    def _summary(self) -> Iterable[str]:
        """What a reader of the last edition should know first.

        What was said of the past and is not said any more, then what time brought.
        """
        yield from self._past()
        changes, words = self._changes, self.localized.words
        changed, new, gone = (sum(changes.counts(kind).values()) for kind in KINDS)
        yield str(words["revisions.counts"]).format(
            compared=self._whole(changes.compared),
            unchanged=self._whole(changes.unchanged),
            changed=self._whole(changed),
        )
        if new or gone:
            yield str(words["revisions.come_and_gone"]).format(new=self._whole(new), gone=self._whole(gone))
        yield from self._tables_come_and_gone()

    def _past(self) -> Iterable[str]:
        """What changed of the past, or that nothing did, and whether by other rules."""
        changes, words = self._changes, self.localized.words
        counts = {kind: changes.counts(kind) for kind in KINDS}
        every = set(changes.touched()).union(*counts.values())
        past = {cause: count for cause, count in counts["changed"].items() if cause in _PAST}
        come_and_gone = chain(counts["new"].items(), counts["gone"].items())
        besides = sum(count for cause, count in come_and_gone if cause in _PAST)
        besides += sum(
            change.causes[0].cause not in _PAST and any(part.cause in _PAST for part in change.causes)
            for change in listed(changes)
            if change.kind == "changed"
        )
        if past:
            causes = uncapitalised(self._by_cause(past))
            yield str(words["revisions.past"]).format(n=self._whole(sum(past.values())), causes=causes)
        if besides:
            yield str(words["revisions.partly"]).format(n=self._whole(besides))
        if "unattributed" in every:
            yield str(words["revisions.unattributed"])
        elif every and not past and not besides:
            yield str(words["revisions.no_past"])
        if every and not {"code", "method", "unattributed"} & every:
            yield str(words["revisions.same_rules"])

    def _by_cause(self, counts: Mapping[Cause, int]) -> str:
        """Causes with how many numbers each has chiefly changed."""
        words = self.localized.words
        told = [
            str(words["revisions.by_cause"]).format(cause=words[f"cause.{cause}"], n=self._whole(count))
            for cause, count in counts.items()
        ]
        comma = str(words["list.comma"])
        return told[0] + comma.join(["", *map(uncapitalised, told[1:])]) if told else ""

    def _tables_come_and_gone(self) -> Iterable[str]:
        """New tables by their chapters, gone tables by their titles."""
        changes, words = self._changes, self.localized.words
        if changes.new_tables:
            chapters = dict.fromkeys(
                self.localized.titles[self.localized.entries[key].chapter] for key in changes.new_tables
            )
            yield str(words["revisions.new_tables"]).format(
                n=len(changes.new_tables), chapters=str(words["ui.semicolon"]).join(chapters)
            )
        if changes.gone_tables:
            yield str(words["revisions.gone_tables"]).format(
                tables=str(words["ui.list_comma"]).join(self._title(key) for key in changes.gone_tables)
            )

    def _title(self, key: str) -> str:
        """The title of a table; its key if the program does not know it any more."""
        return self.localized.supporting(key) if key in table_keys() else key

    def _front(self) -> Iterable[ChangedNumber]:
        """The figures that the last edition's front page quotes, then and now."""
        last = self.found.last
        languages = last.manifest.languages
        language = self.localized.language if self.localized.language in languages else languages[0]
        changed = {change.number: change for change in listed(self._changes)}
        for number in dict.fromkeys(
            number for number, _, _ in bound_figures(recorded_file(last, f"{language}/index.html"))
        ):
            key, row, column = number.parts
            old, new = (cells.get(key, {}).get((row, column)) for cells in (self.found.cells[-1], self.found.current))
            if not closed(new) and key not in self.found.withheld:
                yield self._number(key, row, column, old, new, changed.get(number))

    def _causes(self) -> Iterable[CauseRow]:
        touched = self._changes.touched()
        counts = {kind: self._changes.counts(kind) for kind in KINDS}
        for cause in CAUSES:
            figures = [
                counts["changed"].get(cause, 0),
                touched.get(cause, 0),
                counts["new"].get(cause, 0),
                counts["gone"].get(cause, 0),
            ]
            if any(figures):
                yield CauseRow(
                    str(self.localized.words[f"cause.{cause}"]),
                    str(self.localized.words[f"cause_why.{cause}"]),
                    *(self._whole(figure) for figure in figures),
                )

    def _notable(self) -> Iterable[CauseNumbers]:
        """Of every cause that is no matter of time, the numbers that it moved most, relative to what they were.

        There is one of each row of a table; measures come before counts, tables on the pages before supporting ones;
        what does not show in print is left out.
        """
        supporting = self.localized.series.supporting
        for cause in (cause for cause in CAUSES if cause in _PAST):
            changed = chain.from_iterable(table.of("changed") for table in self._changes.tables)
            moved = [change for change in changed if change.causes[0].cause == cause]
            moved.sort(key=lambda change: (change.table in supporting, self._is_count(change), -_weight(change)))
            numbers: dict[tuple[str, str], ChangedNumber] = {}
            for change in moved:
                number = self._number(change.table, change.row, change.column, change.old, change.new, change)
                if number.old != number.new.text and len(numbers) < _FEW:
                    numbers.setdefault((change.table, change.row), number)
            if numbers:
                rest = len(moved) - len(numbers)
                more = str(self.localized.words["revisions.more"]).format(n=self._whole(rest)) if rest else ""
                yield CauseNumbers(
                    str(self.localized.words[f"cause.{cause}"]),
                    str(self.localized.words[f"cause_why.{cause}"]),
                    tuple(numbers.values()),
                    more,
                )

    def _is_count(self, change: Change) -> bool:
        of = declared(self.localized.market, change.table, change.column)
        return of is not None and of.unit in (Unit.COUNT, Unit.DEALS)

    def _table(self, key: str) -> TableRow:
        table, view = self._changes.table(key), self.localized.entries[key].view
        changed, new, gone = (self._whole(len(table.of(kind))) for kind in KINDS)
        page = f"tables/{key}.html" + ("#history" if self.found.has(key) else "")
        return TableRow(
            Link(page, f"{view.label} {view.title}"),
            self._whole(table.compared),
            self._whole(table.unchanged),
            changed,
            new,
            gone,
            self._by_cause(table.counts("changed")),
        )

    def _number(self, key: str, row: str, column: str, old: Value, new: Value, change: Change | None) -> ChangedNumber:
        of, words = (
            self._declared(key, row, column) if key in self.localized.entries else None,
            self.localized.words,
        )
        there = new is not None and not isinstance(new, Gap)
        label = self.localized.entries[key].view.label if key in self.localized.entries else self._title(key)
        causes = (
            self.causes(change, of)
            if change
            else (str(words["revisions.unchanged" if new is not None else "revisions.gone"]),)
        )
        return ChangedNumber(
            Link(
                self._place(key, row, column),
                str(words["ui.place"]).format(table=label, row=self.row(key, row), column=self.column(key, column)),
            ),
            self.value(old, of),
            Cell(self.value(new, of), raw(new), Figure.of(key, row, column)) if there else Cell(self.value(new, of)),
            self._signed(change.difference, of) if change and change.difference is not None else "",
            causes,
        )

    def _place(self, key: str, row: str, column: str) -> str:
        """Where a number of this edition stands: its cell if the passport prints it, the downloads otherwise.

        The history if only earlier editions have it.
        """
        if key not in self.localized.entries:
            return ""
        if (row, column) not in self.found.current[key]:
            return f"tables/{key}.html" + ("#history" if self.found.has(key) else "")
        where = self.localized.where(key, row, column)
        return where.replace("#downloads", "#history") if self.found.has(key) else where

    def causes(self, change: Change, column: Column | None) -> tuple[str, ...]:
        """What moved a number, and by how much.

        What does not show at the column's decimals is left out beside what does.
        """
        shown = [
            part
            for part in change.causes
            if part.contribution is None or column is None or self._shows(part.contribution, column)
        ]
        return tuple(self._part(part, column) for part in shown or change.causes[:1])

    def _declared(self, table: str, row: str, column: str) -> Column | None:
        """A column as this edition declares it and prints it in a row; None if it has none of that name."""
        of = declared(self.localized.market, table, column)
        known = self.localized.tables.get(table)
        return known.printed_as(row, of) if known and of else of

    def _shows(self, contribution: float, column: Column) -> bool:
        return bool(self.localized.printer.numbers.exact(contribution, column))

    def _part(self, part: Part, column: Column | None) -> str:
        name = str(self.localized.words[f"cause.{part.cause}"])
        return name if part.contribution is None else f"{name} {self._signed(part.contribution, column)}"

    def _signed(self, value: float, column: Column | None) -> str:
        return self.localized.printer.numbers.signed(value, column) if column and column.numeric else raw(value)

    def value(self, value: Value, column: Column | None) -> str:
        """A stored value as a page prints it, with its unit; a dash for a gap, nothing for what is not there.

        ``column`` is as this edition declares it: what an earlier edition stored in a column of another kind prints as
        it was stored.
        """
        if value is None:
            return ""
        if isinstance(value, Gap):
            return NOTHING
        if isinstance(value, str):
            return self._name(column.unit, value) if column and column.unit in WORD_UNITS else value
        if column is None or not column.numeric:
            return raw(value)
        return self.localized.printer.numbers.text(float(value), column)

    def row(self, key: str, row: str) -> str:
        """A row's name."""
        return self._name(self.localized.tables[key].rows, row) if key in table_keys() else row

    def column(self, key: str, column: str) -> str:
        """A column's head; of one that only an earlier edition has the class that it is about, or else its key."""
        words = self.localized.entries[key].words if key in self.localized.entries else None
        if words and f"columns.{column}" in words:
            return str(words[f"columns.{column}"])
        return self._name(Unit.ASSET_TYPE, column)  # a class that this edition does not report

    def _name(self, unit: Unit, id_: str) -> str:
        """A name; the id itself for what only an earlier edition knows."""
        try:
            return self.localized.printer.names.name(unit, id_)
        except (KeyError, InputError):
            return id_


def _weight(change: Change) -> float:
    """How much the chief cause moved a number, relative to the larger of its values."""
    contribution = change.causes[0].contribution
    values: Sequence[float] = [abs(value) for value in (change.old, change.new) if isinstance(value, int | float)]
    return abs(contribution) / max(values) if contribution is not None and values and max(values) else 0.0
