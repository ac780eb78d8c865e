"""What an edition is made of, step by step: each with the hash of all that it is made from.

A step whose hash is that of a former build is not made again. What it is made from is named here in coarse pieces (all
templates, all words), and what changes most in fine ones: the prose of a chapter, the figures of a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from npl_report.build.dealmarks import DealMarks
from npl_report.build.kept import KeptTables
from npl_report.build.marks import mark, mark_of
from npl_report.editions.fingerprint import code_hash
from npl_report.editions.folder import Published
from npl_report.files.environment import environment
from npl_report.files.owned import CODE, WORDS
from npl_report.model import Chapter, Result
from npl_report.present.localized import LocalizedEdition
from npl_report.present.paging import most_further, part_of_page
from npl_report.present.reading import Reading

CHAPTER, TABLE = "chapter", "table"
DEALS, BANKS = "deals", "banks"
CATALOGUE, PICTURES, EXPORTS, NOTE = "catalogue", "pictures", "exports", "note"
"""Kinds of steps; of the latter, and of banks, a language has one each."""
OF_FILES = frozenset({PICTURES, EXPORTS, NOTE})
"""Kinds that make no pages."""
OWN = tuple(f"{folder}/" for folder in (*CODE, WORDS))
"""What a project owns of what is otherwise the program's."""
_ASSETS, _PRINTED, _QUARTO = "templates/html/assets/", "templates/print/", "templates/quarto/"


@dataclass(frozen=True)
class Step:
    """A step of one language.

    ``kind`` and the ``key`` of the chapter or table that it is about, and of many pages which ``part``; ``mark`` is the
    hash of what it is made from, and ``charts`` are the tables whose charts it shows.
    """

    kind: str
    key: str
    mark: str
    charts: tuple[str, ...] = ()
    part: int = 0


class Marks:
    """The hashes of what the steps of an edition are made from; ``inputs``: path in the project → hash."""

    def __init__(
        self, reading: Reading, inputs: Mapping[str, str], settings: Sequence[object], earlier: Iterable[Published]
    ) -> None:
        self._reading, self._inputs = reading, inputs
        self._earlier = [(item.folder, item.sha256, item.at_hand) for item in earlier]
        own = [(path, sum_) for path, sum_ in sorted(inputs.items()) if path.startswith(OWN)]
        self._program = code_hash(), own, sorted((group, sorted(of.items())) for group, of in environment().items())
        self._settings = settings
        self._names = {
            localized.language: mark(localized.printer.names.known) for localized in reading.by_language.values()
        }

    @cached_property
    def _data(self) -> str:
        return mark({path: sum_ for path, sum_ in self._inputs.items() if path.startswith("data/")})

    @cached_property
    def _results(self) -> Mapping[str, str]:
        results = self._reading.results
        if isinstance(results, KeptTables):
            return {key: results.mark(key) for key in results}
        return {key: mark_of(result) for key, result in results.items()}

    @cached_property
    def _deals(self) -> DealMarks:
        return DealMarks(next(iter(self._reading.by_language.values())), self._results)

    @cached_property
    def _parts(self) -> Mapping[str, int]:
        """Table → in how many parts its pages are made."""
        found = {}
        for key in self._reading.series.table_keys:
            table, result = self._reading.tables[key], self._reading.results[key]
            sizes = (len(result.frame), len(result.evidence)) if isinstance(result, Result) else (0, 0)
            most = most_further(sizes[0], 1 + len(table.printed), sizes[1], len(table.evidence))
            found[key] = 1 + part_of_page(most + 1)
        return found

    @cached_property
    def _editorial(self) -> str:
        """All that pages are made from but prose, data and figures."""
        apart = "data/", _ASSETS, _PRINTED, _QUARTO
        texts = {
            path: sum_
            for path, sum_ in self._inputs.items()
            if not path.startswith(apart) and not path.endswith(".qmd")
        }
        assets = [path for path in self._inputs if path.startswith(_ASSETS)]
        described = self._inputs.get("data/datapackage.json")
        return mark(self._program, self._reading.edition, texts, assets, described, self._settings)

    def steps(self, localized: LocalizedEdition, *, note: bool) -> Iterator[Step]:
        """The steps of a language; ``note``: whether its note is printed."""
        series, figures = localized.series, {key: entry.figure for key, entry in localized.entries.items()}
        shared = mark(self._editorial, localized.language, localized.titles, figures)
        whole = mark(shared, self._data, self._results, self._earlier)
        for chapter in series.chapters:
            text, own = localized.chapters[chapter.key], _charted(localized, chapter)
            yield Step(CHAPTER, chapter.key, mark(whole, chapter.key, text.shown, text.source), own)
        for key in series.table_keys:
            made_from, parts = self._table(localized, key, shared, whole), self._parts[key]
            yield Step(TABLE, key, mark(made_from, parts), (key,))
            yield from (Step(TABLE, key, mark(made_from, parts, part), (), part) for part in range(1, parts))
        yield Step(CATALOGUE, "", mark(shared, CATALOGUE))
        yield Step(BANKS, "", mark(whole, BANKS))
        for part, made_from in enumerate(self._deals.parts if localized.deal_pages else ()):
            named = self._names[localized.language]
            yield Step(DEALS, "", mark(shared, DEALS, part, made_from, named), (), part)
        yield Step(PICTURES, "", mark(whole, PICTURES), series.table_keys)
        yield Step(EXPORTS, "", mark(whole, EXPORTS))
        if note:
            texts = {key: text.source for key, text in localized.chapters.items()}
            print_templates = {path: sum_ for path, sum_ in self._inputs.items() if path.startswith(_PRINTED)}
            yield Step(NOTE, "", mark(whole, NOTE, texts, print_templates), series.table_keys)

    def _table(self, localized: LocalizedEdition, key: str, shared: str, whole: str) -> str:
        """The pages of a table print its own figures, names, and texts in which others may stand."""
        entry = localized.entries[key]
        texts = entry.definition, entry.sample, entry.view.note, entry.alt, entry.undrawn
        return mark(shared, key, self._drawn(localized, key), texts, whole if self._earlier else "")

    def _drawn(self, localized: LocalizedEdition, key: str) -> str:
        """What the cells and the chart of a table are made from besides its words."""
        chart = localized.entries[key].table.chart
        breaks = self._results.get(chart.breaks) if chart and chart.breaks in localized.entries else None
        return mark(self._results[key], breaks, self._names[localized.language])

    def charts(self, localized: LocalizedEdition) -> dict[str, str]:
        """Table → the hash of what its chart is made from."""
        windows = self._reading.edition.windows, self._reading.edition.market
        return {
            key: mark(
                self._program, localized.language, windows, key, self._drawn(localized, key), entry.alt, entry.undrawn
            )
            for key, entry in localized.entries.items()
        }

    def download(self, key: str) -> str:
        """The hash of what the downloads of a table are made from."""
        source = self._reading.source.package.notice
        return mark(self._program, self._reading.edition, source, key, self._results[key])


def _charted(localized: LocalizedEdition, chapter: Chapter) -> tuple[str, ...]:
    """The tables of a chapter that have a chart."""
    return tuple(key for key in (*chapter.tables, *chapter.supporting) if localized.entries[key].table.chart)
