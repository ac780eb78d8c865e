"""The further pages of a long table, and of its evidence; the first parts stand on the table's passport."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from npl_report.present.contexts import EvidencePage, Link, PartContext
from npl_report.present.localized import Entry, LocalizedEdition
from npl_report.present.pager import Pagers
from npl_report.present.paging import part_path
from npl_report.site.page import MakeShell, Render, SitePage


class Further:
    """What follows the passport of a table: first the rest of its rows, then that of its evidence."""

    def __init__(self, localized: LocalizedEdition, entry: Entry) -> None:
        self._entry, self._words = entry, localized.words
        key = entry.table.key
        self.evidence = entry.evidence()
        self.ways = Pagers(self._words, f"{key}.html", entry.view.parts)
        self.evidence_ways = Pagers(
            self._words, f"{key}.evidence.html", self.evidence.counts, first=f"{key}.html#evidence"
        )

    def pages(
        self, places: range, shell: MakeShell, render: Render, table: Callable[[range], str]
    ) -> Iterator[tuple[str, SitePage]]:
        """Those at some places, of which some may be beyond the last; ``table`` gives rows as a page shows them."""
        rows = len(self.ways) - 1
        for place in places:
            if place < rows:
                yield self._part(place + 2, shell, render, table)
            elif place - rows + 2 <= len(self.evidence_ways):
                yield self._evidence_page(place - rows + 2, shell, render)

    def _part(
        self, number: int, shell: MakeShell, render: Render, table: Callable[[range], str]
    ) -> tuple[str, SitePage]:
        """A further part of the table."""
        key, (title, dot, crumbs), way = self._entry.table.key, self._above(), self.ways.of_many(number)
        context = PartContext(title, crumbs, table(self._entry.view.parts[number - 1]), way)
        path = part_path(f"tables/{key}.html", number)
        told = dot.join([str(self._entry.words["summary"]), way.told])
        around = shell("part", path, dot.join([title, way.told]), told, charts=False)
        return path, render("part", around, part=context)

    def _evidence_page(self, number: int, shell: MakeShell, render: Render) -> tuple[str, SitePage]:
        """A further part of the evidence."""
        key, (title, dot, crumbs), way = self._entry.table.key, self._above(), self.evidence_ways.of_many(number)
        title = dot.join([title, str(self._words["passport.evidence"])])
        context = EvidencePage(title, crumbs, self.evidence, number, way)
        path, told = part_path(f"tables/{key}.evidence.html", number), dot.join([title, way.told])
        return path, render("evidence", shell("part", path, told, told, charts=False), page=context)

    def _above(self) -> tuple[str, str, tuple[Link, Link]]:
        """The table's title, what parts titles, and the way back."""
        title = f"{self._entry.view.label} {self._entry.view.title}"
        crumbs = Link("index.html", str(self._words["ui.all_tables"])), Link(f"{self._entry.table.key}.html", title)
        return title, str(self._words["ui.dot"]), crumbs
