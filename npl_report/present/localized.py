"""One edition in one language: every string of every table, gathered once, from which all pages are printed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import jinja2

from npl_report.load.data import Source
from npl_report.load.tablefolders import answerable, table_folder
from npl_report.model import (
    Dataset,
    Edition,
    Language,
    Problem,
    ResearchTable,
    Result,
    Series,
    Unavailable,
    uncapitalised,
)
from npl_report.present.chapters import ChapterText, figure_order
from npl_report.present.chartdata import ChartSource
from npl_report.present.evidence import Evidence, evidence_view
from npl_report.present.printed import Printer
from npl_report.present.reconciliation import ReconciliationRow, reconciliation_rows
from npl_report.present.views import TableView, table_view
from npl_report.reconcile.reconciliation import Reconciled
from npl_report.tables import catalogue, inputs
from npl_report.tables.structure import DealTerms
from npl_report.tables.withheld import FEWEST
from npl_report.text.binding import Binding
from npl_report.text.lint import hand_typed
from npl_report.text.localization import localization
from npl_report.text.prose import prose_environment, render_text
from npl_report.text.spans import misplaced
from npl_report.text.words import Contraction, Words, counted, joined, market_terms, market_words, table_words, told


@dataclass(frozen=True)
class Entry:
    """One table of the publication in one language.

    ``figure`` is its chart's number; 0 if it has none. ``undrawn`` is the sentence in place of a chart that cannot be
    drawn, or may not.
    """

    table: ResearchTable
    results: Mapping[str, Result | Unavailable]
    words: Words
    figure: int
    chapter: str
    view: TableView
    definition: str
    sample: str
    alt: str
    printer: Printer
    undrawn: str = ""

    @property
    def result(self) -> Result | Unavailable:
        """The computed table."""
        return self.results[self.table.key]

    def evidence(self) -> Evidence:
        """The rows behind the figures; of many it is large, and to be let go."""
        return evidence_view(self.table, self.result, self.printer, self.view)


class LocalizedEdition:
    """Everything of one language.

    ``words`` are the program's, ``series_words`` the publication's own; ``chapters`` are the texts of its chapters,
    ``titles`` their names in menus. Charts that stand in them are numbered first, in their order.

    ``restricted`` names the files of which no row may be published, ``closed`` is what readers are told of it;
    ``deal_pages``: whether deals have pages, which print rows of all files about deals.

    ``terms``: what the pages of deals compute scenarios from, by deal. ``works``: keys of what the publication cites.
    """

    def __init__(
        self,
        language: Language,
        series_words: Words,
        chapters: Mapping[str, ChapterText],
        series: Series,
        edition: Edition,
        source: Source,
        data: Dataset,
        results: Mapping[str, Result | Unavailable],
        reconciled: list[Reconciled],
        terms: Mapping[str, DealTerms] | None = None,
        works: Collection[str] = (),
    ) -> None:
        self.language = language
        self.series_words, self.series, self.chapters = series_words, series, chapters
        self.titles = {key: text.menu for key, text in chapters.items()}
        self.results, self.reconciled = results, reconciled
        self.package, self.data, self._works = source.package, data, frozenset(works)
        self._windows, self.terms = edition.windows, terms or {}
        self.fewest = edition.ranking.fewest
        self.market, self.tables = edition.market, catalogue(edition.market)
        self.restricted = source.restricted
        self.deal_pages = not source.restricted & {*Dataset.OF_DEALS}
        spoken = localization(language, edition, data, source.market, deal_pages=self.deal_pages)
        self.words, self.edition = _headed(spoken.words, source.package.notice_head.get(language)), spoken.edition
        self.contract = Contraction.of(self.words)
        self.printer = Printer(spoken.names, spoken.numbers, spoken.words)
        self.closed = _closed(self.restricted, self.words, deals=not self.deal_pages)
        self.notice = (data.notice or {}).get(language, "") if data.notice else ""
        self.entries = self._entries(figure_order(chapters.values()))

    @property
    def firms(self) -> str:
        """The classes whose borrowers are firms, as they stand inside a sentence; empty if there are none."""
        of_firms = [of for of in self.market.classes if of.firms]
        return joined(
            [uncapitalised(of.names[self.language].short) for of in of_firms],
            str(self.words["list.comma"]),
            str(self.words["list.last"]),
        )

    def _spoken_tranches(self) -> list[dict[str, object]]:
        """The ladder, with its words."""
        return [{"key": of.key, **asdict(of.names[self.language])} for of in self.market.tranches]

    def _spoken_classes(self) -> list[dict[str, object]]:
        """The asset types that the edition reports, with their words."""
        return [{"key": of.key, "firms": of.firms, **asdict(of.names[self.language])} for of in self.market.classes]

    @property
    def currency(self) -> dict[str, str]:
        """What amounts are in: ``code``, ``unit`` beside amounts, ``name`` in prose."""
        of = self.market.currency
        return {"code": of.code, "unit": of.units[self.language], "name": of.names[self.language]}

    def binding(self, frame: Any, kind: type[Binding] = Binding) -> Binding:
        """Helpers for one medium, of that kind."""
        return kind(self.tables, self.results, self.printer.names, self.printer.numbers, self.words, frame, self.fewest)

    def context(self, binding: Binding) -> dict[str, Any]:
        """What every text of this language may use: helpers, the edition, the market, the program's words."""
        tranches = self._spoken_tranches()
        return binding.helpers() | {
            "edition": self.edition,
            "asset_types": self.market.asset_types,
            "classes": self._spoken_classes(),
            "firms": self.firms,
            "tranches": tranches,
            "first": tranches[0],
            "last": tranches[-1],
            "currency": self.currency,
            "horizons": self.market.horizons,
            "age": counted(self.market.ages, self.words) | {"calendar": self.market.ages.calendar},
            "fewest": self.fewest,
            "term": market_terms(self.market, self.language),
            "words": self.words,
            "notice": self.notice,
            "restricted": self.closed,
            "deal_pages": self.deal_pages,
            "cites": self._works.__contains__,
        }

    def chart_source(self, key: str) -> ChartSource | None:
        """What to draw for a table, or None where it declares no chart or has no result."""
        entry = self.entries[key]
        if entry.table.chart is None or isinstance(entry.result, Unavailable) or entry.undrawn:
            return None
        return ChartSource(
            entry.table,
            entry.result,
            self.printer.names,
            self.printer.numbers,
            entry.words,
            self._windows,
            partial(told, words=self.words),
            self.words,
            self.fewest,
            self._breaks(entry.table.chart.breaks),
        )

    def _breaks(self, key: str | None) -> dict[str, tuple[int, int]]:
        """Asset type → the years on both sides of its strongest break of those that hold."""
        result = self.entries[key].result if key in self.entries else None
        if not isinstance(result, Result):
            return {}
        held = result.frame.loc[result.frame["holds"] == "yes"].sort_values("rank", ascending=False)
        return {
            str(kind): (int(last), int(first))
            for kind, last, first in zip(held["asset_type"], held["last_before"], held["first_after"], strict=True)
        }

    def reconciliation_rows(self) -> list[ReconciliationRow]:
        """The published figures beside the computed ones."""
        tables = self.tables
        bound = {item.cell.table for item in self.reconciled if item.cell} & set(tables)
        words = {
            key: self.entries[key].words if key in self.entries else self.table_words(key) for key in sorted(bound)
        }
        titles = {
            key: f"{self.entries[key].view.label} {words[key]['title']}"
            if key in self.entries
            else str(words[key]["title"])
            for key in words
        }
        return reconciliation_rows(
            self.reconciled,
            tables,
            self.results,
            titles,
            words,
            self.printer.names,
            self.words,
            set(self.entries),
            self.where,
            self.printer.numbers.day,
        )

    def where(self, table: str, row: str, column: str) -> str:
        """Address of a figure, seen from the language's folder; empty if its table is not published."""
        return self.entries[table].view.where(row, column) if table in self.entries else ""

    def supporting(self, key: str) -> str:
        """Title of a table that is computed but not published."""
        return str(self.table_words(key)["title"])

    def table_words(self, key: str) -> Words:
        """The words of a table, published or not."""
        return market_words(table_words(table_folder(key), self.language), self.language, self.market, self.words)

    def sources(self, table: ResearchTable) -> tuple[str, ...]:
        """The sources of a table that the publication names: its own method, and the works that it cites."""
        return tuple(key for key in table.sources if key == "method" or key in self._works)

    def used_by(self, key: str) -> list[str]:
        """Published tables that are computed from this one."""
        return [other for other, entry in self.entries.items() if key in inputs(entry.table)]

    def _entries(self, placed: Sequence[str]) -> dict[str, Entry]:
        """The tables in the order of the publication; ``placed``: those whose charts stand on pages."""
        plain = self.binding(lambda text, *_: text)
        render = partial(_rendered, prose_environment(), self.context(plain), self.contract)
        chapters, figures = self._chapters(), self._figures(placed)
        entries: dict[str, Entry] = {}
        counts = {"table": 0, "supporting": 0}
        for key in self.series.table_keys:
            kind = "supporting" if key in self.series.supporting else "table"
            counts[kind] += 1
            table, result, words = self.tables[key], self.results[key], self.table_words(key)
            label, note = str(self.words[f"ui.{kind}_label"]).format(n=counts[kind]), render(words, "note").strip()
            with answerable(key, "cannot be printed"):
                sources = self.sources(table)
                view = table_view(table, self.results, words, self.printer, label=label, note=note, sources=sources)
            entries[key] = Entry(
                table=table,
                results=self.results,
                words=words,
                figure=figures.get(key, 0),
                chapter=chapters[key],
                view=view,
                definition=render(words, "definition"),
                sample=render(words, "sample"),
                alt=render(words, "chart.alt").strip() if table.chart else "",
                printer=self.printer,
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
        keys = (key for key in dict.fromkeys((*placed, *published)) if key in published and self.tables[key].chart)
        return {key: number for number, key in enumerate(keys, start=1)}

    def problems(self) -> list[Problem]:
        """Hand-typed figures, and claims, in the words of the tables."""
        found = []
        for entry in self.entries.values():
            for name in ("summary", "definition", "sample", "note", *(("chart.alt",) if entry.table.chart else ())):
                text, file = str(entry.words[name]), entry.words.source_file
                found += [_at(problem, name) for problem in (*hand_typed(text, file), *misplaced(text, file))]
        return found


def _headed(words: Words, head: str | None) -> Words:
    """The words with the data's own head of the notice on them, if they have one."""
    if head is None:
        return words
    return words.replaced(lambda tree: {**tree, "note": {**tree["note"], "reconstructed": head}})


def _rendered(
    environment: jinja2.Environment, context: Mapping[str, Any], contract: Contraction, words: Words, name: str
) -> str:
    """A text of a table with its figures."""
    return contract(render_text(environment, str(words[name]), context, words.source_file, name))


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


def _at(problem: Problem, name: str) -> Problem:
    return Problem(problem.file, None, name, problem.value, problem.rule, problem.fix)
