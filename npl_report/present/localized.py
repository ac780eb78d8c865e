"""One edition in one language: every string of every table, gathered once, from which all pages are printed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import jinja2

from npl_report.load.data import Source
from npl_report.load.tablefolders import FOLDER
from npl_report.model import (
    Column,
    Dataset,
    Determinants,
    Edition,
    Language,
    Problem,
    ResearchTable,
    Result,
    Series,
    Unavailable,
    Unit,
)
from npl_report.present.chartdata import ChartSource
from npl_report.present.reconciliation import ReconciliationRow, reconciliation_rows
from npl_report.present.views import Evidence, Printer, TableView, evidence_view, table_view
from npl_report.reconcile.reconciliation import Reconciled
from npl_report.tables import catalogue, inputs
from npl_report.tables.withheld import FEWEST
from npl_report.text.binding import Binding
from npl_report.text.lint import hand_typed
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle
from npl_report.text.picks import joined
from npl_report.text.prose import prose_environment, render_text
from npl_report.text.words import Words, program_words, table_words


@dataclass(frozen=True)
class RulesView:
    """The edition's rules of part II as texts print them.

    ``confidence`` is one less ``significance``; ``level`` is the latter as a number, for conditions.
    """

    vif_limit: str
    eigenvalue_limit: str
    significance: str
    confidence: str
    level: float


@dataclass(frozen=True)
class StructureView:
    """The edition's rules of part III as texts print them."""

    payment_lag: str


@dataclass(frozen=True)
class EditionView:
    """The edition as prose and templates name it; dates are words.

    ``restated`` says why this revision came, empty for a first publication.
    """

    id: str
    as_of: str
    as_of_iso: str
    published_on: str
    published_iso: str
    revision: int
    restated: tuple[str, ...]
    determinants: RulesView
    structure: StructureView


@dataclass(frozen=True)
class Entry:
    """One table of the publication in one language.

    ``figure`` is its chart's number; 0 if it has none. ``undrawn`` is the sentence in place of a chart that cannot be
    drawn, or may not.
    """

    table: ResearchTable
    result: Result | Unavailable
    words: Words
    figure: int
    chapter: str
    view: TableView
    evidence: Evidence
    definition: str
    sample: str
    alt: str
    undrawn: str = ""


class LocalizedEdition:
    """Everything of one language.

    ``words`` are the program's, ``series_words`` the publication's own, ``titles`` the names of its chapters.

    ``restricted`` names the files of which no row may be published, ``closed`` is what readers are told of it;
    ``deal_pages``: whether deals have pages, which print rows of all files about deals.

    ``figures`` are the tables whose charts stand on pages, in the order of these; charts of other tables are numbered
    after them.
    """

    def __init__(
        self,
        language: Language,
        series_words: Words,
        titles: Mapping[str, str],
        series: Series,
        edition: Edition,
        source: Source,
        data: Dataset,
        results: Mapping[str, Result | Unavailable],
        reconciled: list[Reconciled],
        figures: Sequence[str] = (),
    ) -> None:
        self.language = language
        self.words = program_words(language)
        self.series_words, self.series, self.titles = series_words, series, titles
        self.results, self.reconciled = results, reconciled
        self.source, self.data = source, data
        styles = {"unit": _plain(self.words, "unit"), "date": _plain(self.words, "date")}
        numbers = NumberStyle(styles, self.words.source_file)
        self._windows, self.structure = edition.windows, edition.structure
        self.edition = _edition_view(edition, language, numbers)
        self.restricted = source.restricted
        self.deal_pages = not source.restricted & {*Dataset.OF_DEALS}
        self.closed = _closed(self.restricted, self.words, deals=not self.deal_pages)
        self.notice = (data.notice or {}).get(language, "") if data.notice else ""
        self.printer = Printer(_names(data, language, self.words, deal_pages=self.deal_pages), numbers, self.words)
        self.entries = self._entries(figures)

    def binding(self, frame: Any) -> Binding:
        """Helpers for one medium."""
        return Binding(catalogue(), self.results, self.printer.names, self.printer.numbers, self.words, frame)

    def context(self, binding: Binding) -> dict[str, Any]:
        """What every text of this language may use: the helpers, the edition and the program's words."""
        return binding.helpers() | {
            "edition": self.edition,
            "words": self.words,
            "notice": self.notice,
            "restricted": self.closed,
            "deal_pages": self.deal_pages,
        }

    def chart_source(self, key: str) -> ChartSource | None:
        """What to draw for a table, or None where it declares no chart or has no result."""
        entry = self.entries[key]
        if entry.table.chart is None or isinstance(entry.result, Unavailable) or entry.undrawn:
            return None
        reason = self.binding(lambda text, *_: text).reason
        return ChartSource(
            entry.table, entry.result, self.printer.names, self.printer.numbers, entry.words, self._windows, reason
        )

    def reconciliation_rows(self) -> list[ReconciliationRow]:
        """The published figures beside the computed ones."""
        tables = catalogue()
        bound = {item.cell.table for item in self.reconciled if item.cell} & set(tables)
        words = {
            key: self.entries[key].words if key in self.entries else table_words(FOLDER, key, self.language)
            for key in sorted(bound)
        }
        titles = {
            key: f"{self.entries[key].view.label} {words[key]['title']}"
            if key in self.entries
            else str(words[key]["title"])
            for key in words
        }
        return reconciliation_rows(
            self.reconciled, tables, self.results, titles, words, self.printer.names, self.words, set(self.entries)
        )

    def supporting(self, key: str) -> str:
        """Title of a table that is computed but not published."""
        return str(table_words(FOLDER, key, self.language)["title"])

    def used_by(self, key: str) -> list[str]:
        """Published tables that are computed from this one."""
        return [other for other, entry in self.entries.items() if key in inputs(entry.table)]

    def _entries(self, placed: Sequence[str]) -> dict[str, Entry]:
        """The tables in the order of the publication; ``placed``: those whose charts stand on pages."""
        plain = self.binding(lambda text, *_: text)
        render = partial(_rendered, prose_environment(), self.context(plain))
        chapters, figures = self._chapters(), self._figures(placed)
        entries: dict[str, Entry] = {}
        counts = {"table": 0, "supporting": 0}
        for key in self.series.table_keys:
            kind = "supporting" if key in self.series.supporting else "table"
            counts[kind] += 1
            table, result, words = catalogue()[key], self.results[key], table_words(FOLDER, key, self.language)
            label, note = str(self.words[f"ui.{kind}_label"]).format(n=counts[kind]), render(words, "note").strip()
            view = table_view(table, result, words, self.printer, plain, label=label, note=note)
            entries[key] = Entry(
                table=table,
                result=result,
                words=words,
                figure=figures.get(key, 0),
                chapter=chapters[key],
                view=view,
                evidence=evidence_view(table, result, self.printer),
                definition=render(words, "definition"),
                sample=render(words, "sample"),
                alt=render(words, "chart.alt").strip() if table.chart else "",
                undrawn=str(self.words["ui.chart_restricted"]) if _withheld(table, result) else view.unavailable,
            )
        return entries

    def _chapters(self) -> dict[str, str]:
        """Table → its chapter."""
        chapters: dict[str, str] = {}
        for chapter in self.series.chapters:
            chapters |= dict.fromkeys((*chapter.tables, *chapter.supporting), chapter.key)
        return chapters

    def _figures(self, placed: Sequence[str]) -> dict[str, int]:
        """Table → the number of its chart; those ``placed`` on pages come first."""
        published = self.series.table_keys
        keys = (key for key in dict.fromkeys((*placed, *published)) if key in published and catalogue()[key].chart)
        return {key: number for number, key in enumerate(keys, start=1)}

    def problems(self) -> list[Problem]:
        """Hand-typed figures in the words of the tables."""
        found = []
        for entry in self.entries.values():
            for name in ("summary", "definition", "sample", "note", *(("chart.alt",) if entry.table.chart else ())):
                found += [_at(problem, name) for problem in hand_typed(str(entry.words[name]), entry.words.source_file)]
        return found


def _rendered(environment: jinja2.Environment, context: Mapping[str, Any], words: Words, name: str) -> str:
    """A text of a table with its figures."""
    return render_text(environment, str(words[name]), context, words.source_file, name)


def _withheld(table: ResearchTable, result: Result | Unavailable) -> bool:
    """Whether a chart may not be drawn: its marks are deals, or no measure that it draws is published."""
    if not isinstance(result, Result) or not result.withheld or table.chart is None:
        return False
    return table.chart.points is not None or not result.filled(table.chart.values[0])


def _closed(restricted: Collection[str], words: Words, *, deals: bool) -> str:
    """What readers are told of files whose rows are not public; empty if there are none.

    ``deals``: whether any of them is about deals.
    """
    files = joined(
        [str(words[f"input.{name}"]) for name in Dataset.PARTS if name in restricted],
        str(words["list.comma"]),
        str(words["list.last"]),
    )
    told = [str(words["ui.restricted"]).format(files=files)] if files else []
    told += [str(words["ui.restricted_deals"]).format(n=FEWEST)] if deals else []
    return str(words["ui.between_sentences"]).join(told)


def _edition_view(edition: Edition, language: Language, numbers: NumberStyle) -> EditionView:
    """The edition in words of the language."""
    return EditionView(
        edition.id,
        numbers.day(edition.as_of),
        edition.as_of.isoformat(),
        numbers.day(edition.published_on),
        edition.published_on.isoformat(),
        edition.revision,
        tuple(item.why[language] for item in edition.restatements if item.revision == edition.revision),
        _rules(edition.determinants, numbers),
        StructureView(numbers.text(edition.structure.payment_lag, Column("payment_lag", Unit.DAYS))),
    )


def _rules(rules: Determinants, numbers: NumberStyle) -> RulesView:
    """The limits with as many decimals as their values have, levels as per cent."""

    def text(value: Decimal, unit: Unit) -> str:
        printed = value * 100 if unit is Unit.RATE else value
        return numbers.text(float(value), Column("rule", unit, max(0, -int(printed.normalize().as_tuple().exponent))))

    significance = Decimal(str(rules.significance))
    return RulesView(
        text(Decimal(str(rules.vif_limit)), Unit.NUMBER),
        text(Decimal(str(rules.eigenvalue_limit)), Unit.NUMBER),
        text(significance, Unit.RATE),
        text(1 - significance, Unit.RATE),
        rules.significance,
    )


def _at(problem: Problem, name: str) -> Problem:
    return Problem(problem.file, None, name, problem.value, problem.rule, problem.fix)


def _plain(words: Words, section: str) -> dict[str, Any]:
    """A section of words as plain dicts."""
    answer: dict[str, Any] = {}
    for path in list(words.leaves()):
        head, *rest = path.split(".")
        if head == section:
            node = answer
            for part in rest[:-1]:
                node = node.setdefault(part, {})
            node[rest[-1]] = words[path]
    return answer


def _names(data: Dataset, language: Language, words: Words, *, deal_pages: bool) -> Names:
    deals = data.deals.set_index("deal")[f"name_{language}"]
    originators = data.originators.set_index("originator")[f"short_{language}"]
    return Names(
        {str(key): str(name) for key, name in deals.items()},
        {str(key): str(name) for key, name in originators.items()},
        words,
        pages={Unit.ORIGINATOR, *([Unit.DEAL] if deal_pages else [])},
    )
