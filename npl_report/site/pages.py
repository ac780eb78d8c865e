"""A localized edition → its pages, of which an engine makes files.

Quarto markdown goes through pandoc; the rest is what the templates receive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import jinja2

from npl_report.editions.folder import folder_of
from npl_report.exports.chartfiles import FOLDER, picture_name
from npl_report.exports.citation import FEED, address, citation, feed
from npl_report.exports.latex import tex_path, typeset
from npl_report.model import Chapter, Language, Unavailable
from npl_report.present.contexts import (
    Anchor,
    CatalogueChapter,
    CatalogueItem,
    FileGroup,
    FrontContext,
    LanguageLink,
    Link,
    PageContext,
    PassportContext,
    Shell,
)
from npl_report.present.localized import Entry, LocalizedEdition
from npl_report.present.pages import Page, Pages, PlacedChart
from npl_report.present.paging import deals_of, further_of
from npl_report.present.revisionviews import EarlierEditions
from npl_report.site.further import Further
from npl_report.site.outline import contents, sections
from npl_report.site.page import SitePage
from npl_report.site.preview import picture
from npl_report.site.profiles import Profiles
from npl_report.tables import inputs
from npl_report.typesetting.pandoc import Pandoc

_TIE_OUT = "tie-out"
"""Key of the chapter that sets the published figures beside the computed ones; a publication may have none."""
_PARTS = {
    "definition": "passport.definition",
    "sample": "passport.sample",
    "history": "passport.history",
    "downloads": "ui.downloads",
    "evidence": "passport.evidence",
}
"""Anchors of a passport's parts, and the words of their headings."""


_FORMULA = "<math"
_NOT_IN_CHAPTERS = frozenset({"table", "chart", "source", "draft"})
"""What the search passes over: tables and charts are found under their own names; ``source`` is BibTeX and the like."""
_NOT_IN_TABLES = frozenset({"downloads", "chart", "lead"})


@dataclass(frozen=True)
class Site:
    """What the pages of one language are made from.

    ``figures`` by table; ``curve`` gives that of a deal, if there is one.

    ``others`` are all languages of the edition, this one included; ``earlier`` is what they say of editions before it.

    ``archived`` pages stand in ``site/`` beside other editions, and lead to them.
    """

    localized: LocalizedEdition
    templates: jinja2.Environment
    figures: Mapping[str, PlacedChart]
    curve: Callable[[str], PlacedChart | None]
    others: Mapping[Language, LocalizedEdition]
    pandoc: Pandoc
    earlier: EarlierEditions
    note: bool
    archived: bool = False
    _last: dict[str, Further] = field(default_factory=dict)

    def chapter(self, key: str) -> Iterator[tuple[str, SitePage]]:
        """The page of a chapter, with its path in the language's folder."""
        chapter = next(chapter for chapter in self.localized.series.chapters if chapter.key == key)
        generator = Pages(self.localized, self.templates, "site", self.figures, self.earlier.revisions)
        yield f"{key}.html", self._chapter(chapter, generator.page(chapter))

    def table(self, key: str, part: int = 0) -> Iterator[tuple[str, SitePage]]:
        """The pages of a table: of few all, of many those of a part (``parts_of``)."""
        entry = self.localized.entries[key]
        further = self._further(key)
        if part == 0:
            yield f"tables/{key}.html", self._passport(entry, further, *self._texts[key])
        yield from further.pages(further_of(part), self._shell, self._render, partial(self._rows, entry))

    def _further(self, key: str) -> Further:
        """The further pages of a table, kept for its next part: they know where each of its rows stands."""
        if key not in self._last:
            self._last.clear()
            self._last[key] = Further(self.localized, self.localized.entries[key])
        return self._last[key]

    def deals(self, part: int) -> Iterator[tuple[str, SitePage]]:
        """The pages of some deals."""
        yield from self._profiles.deals(deals_of(part))

    def banks(self) -> Iterator[tuple[str, SitePage]]:
        """The pages of banks, and the lists of deals and banks."""
        yield from self._profiles.banks()

    @cached_property
    def _profiles(self) -> Profiles:
        return Profiles(self.localized, self.curve, self._shell, self._render)

    @cached_property
    def _texts(self) -> dict[str, tuple[str, str]]:
        """Definition and sample of each table."""
        entries = [self.localized.entries[key] for key in self.localized.series.table_keys]
        shown = f"npl_report/tables/*/{self.localized.language}.toml"
        definitions = self.pandoc.parts([entry.definition for entry in entries], f"{shown}, definition")
        samples = self.pandoc.parts([entry.sample for entry in entries], f"{shown}, sample")
        return dict(zip(self.localized.series.table_keys, zip(definitions, samples, strict=True), strict=True))

    def _render(self, template: str, shell: Shell, markdown: str = "", **values: object) -> SitePage:
        localized = self.localized
        return SitePage(
            template,
            shell,
            {
                "words": localized.words,
                "series": localized.series_words,
                "edition": localized.edition,
                "notice": localized.notice,
                "language": localized.language,
                **values,
            },
            markdown,
        )

    def _shell(
        self, kind: str, path: str, title: str, description: str, *, charts: bool, formulas: bool = False
    ) -> Shell:
        up, words = "../" * path.count("/"), self.localized.words
        chapters = tuple(
            Link(f"{up}{chapter.key}.html", self.title(chapter.key), path == f"{chapter.key}.html")
            for chapter in self.localized.series.chapters
        )
        lists = {
            **({"deals": "profile.all_deals"} if self.localized.deal_pages else {}),
            "originators": "profile.all_banks",
            "tables": "ui.all_tables",
        }
        chapters += tuple(
            Link(f"{up}{folder}/index.html", str(words[word]), path.startswith(f"{folder}/"))
            for folder, word in lists.items()
        )
        return Shell(
            kind=kind,
            title=title,
            description=description,
            root=f"{up}../",
            up=up,
            note=f"{up}note.pdf" if self.note else "",
            address=address(self.localized, f"{self.localized.language}/{path}"),
            picture=address(self.localized, picture(self.localized)),
            charts=charts,
            formulas=formulas,
            languages=tuple(self._in_language(localized, f"{up}../", path) for localized in self.others.values()),
            chapters=chapters,
            archive=f"{up}../../" if self.archived else "",
            feed=feed(self.localized) or (f"{up}../../{FEED}" if self.archived else ""),
            folder=folder_of(self.localized.edition.id, self.localized.edition.revision),
            path=path,
        )

    def _in_language(self, localized: LocalizedEdition, root: str, path: str) -> LanguageLink:
        """The page at ``path`` in another language, or in this one."""
        words, there = localized.words, f"{localized.language}/{path}"
        return LanguageLink(
            href=f"{root}{there}",
            address=address(localized, there) or f"{root}{there}",
            tag=str(words["language.tag"]),
            locale=str(words["ui.locale"]),
            name=str(words["language.name"]),
            switch=str(words["language.switch"]),
            current=localized.language == self.localized.language,
        )

    def title(self, chapter: str) -> str:
        """A chapter's name in menus."""
        return self.localized.titles[chapter]

    def _chapter(self, chapter: Chapter, page: Page) -> SitePage:
        shown = self.localized.chapters[chapter.key].shown
        fragment = self.pandoc.html(page.markdown, shown, source=page.source)
        keys = [item.key for item in self.localized.series.chapters]
        place = keys.index(chapter.key)
        around = [
            Link(f"{keys[i]}.html", self.title(keys[i])) if 0 <= i < len(keys) else None for i in (place - 1, place + 1)
        ]
        front = self._front() if place == 0 else None
        anchors = () if front else contents(sections(fragment.html))  # the front page is seen at once
        context = PageContext(
            page.title,
            page.description,
            page.headline,
            page.deck,
            fragment.html,
            front,
            anchors if len(anchors) > 1 else (),
            *around,
        )
        title = str(self.localized.words["ui.edition"]).format(id=self.localized.edition.id) if front else page.title
        shell = self._shell(
            "front" if front else "chapter",
            f"{chapter.key}.html",
            title,
            page.deck.striptags() or page.description,
            charts='data-spec="' in fragment.html,
            formulas=_FORMULA in fragment.html,
        )
        shell = replace(shell, headline=page.headline.striptags())
        return replace(self._render("page", shell, page.markdown, page=context), without=_NOT_IN_CHAPTERS, source=shown)

    def _front(self) -> FrontContext:
        words = self.localized.words
        downloads = [Link("note.pdf", str(words["ui.note_pdf"]))] if self.note else []
        downloads += [
            Link(f"../downloads/tables.{self.localized.language}.xlsx", str(words["ui.tables_xlsx"])),
            Link("tables/index.html", str(words["ui.tables_csv"])),
        ]
        tie_out = Link(f"{_TIE_OUT}.html", self.title(_TIE_OUT)) if _TIE_OUT in self.localized.titles else None
        return FrontContext(tuple(downloads), tie_out, citation(self.localized))

    def _passport(self, entry: Entry, further: Further, definition: str, sample: str) -> SitePage:
        key, words = entry.table.key, self.localized.words
        figure = self.figures.get(key)
        drawn = (
            self._partial("figure", figure=figure, sources=entry.view.sources) if figure and not figure.absent else ""
        )
        context = PassportContext(
            view=entry.view,
            summary=str(entry.words["summary"]),
            table=self._rows(entry, entry.view.parts[0]),
            figure=drawn,
            definition=definition,
            sample=sample,
            evidence=further.evidence,
            chapter=Link(
                f"../{entry.chapter}.html" + ("" if key in self.localized.series.supporting else f"#tbl-{key}"),
                self.title(entry.chapter),
            ),
            inputs=tuple(map(self._input, self._data_of(entry))),
            users=tuple(self._input(name) for name in self.localized.used_by(key)),
            downloads=self._files(entry),
            example=_example(entry),
            history=self.earlier.tables.get(key),
            contents=tuple(
                Anchor(id_, str(words[word]))
                for id_, word in _PARTS.items()
                if id_ != "history" or key in self.earlier.tables
            ),
            pager=further.ways.on(1),
            evidence_pager=further.evidence_ways.on(1),
        )
        title, told = f"{entry.view.label} {entry.view.title}", str(entry.words["summary"])
        formulas = _FORMULA in definition + sample
        shell = self._shell("passport", f"tables/{key}.html", title, told, charts=figure is not None, formulas=formulas)
        return _searched(self._render("passport", shell, passport=context), entry)

    def _rows(self, entry: Entry, part: range) -> str:
        """Some rows of a table as its own pages show them."""
        return self._partial("table", view=entry.view, rows=entry.view.rows.of(part), home=True)

    def _partial(self, name: str, **values: object) -> str:
        """A table or figure as it stands on its passport."""
        given = {"words": self.localized.words, "language": self.localized.language}
        template = self.templates.get_template(f"html/_partials/{name}.html")
        return template.render(medium="site", passport="", up="../", **given, **values)

    def _files(self, entry: Entry) -> tuple[FileGroup, ...]:
        """The table's files, those of its figure, and of several panels each one's own."""
        key, words = entry.table.key, self.localized.words
        table = [
            Link(f"../../downloads/tables/{key}.csv", words["ui.download_csv"]),
            Link(f"../../downloads/tables/{key}.json", words["ui.download_json"]),
        ]
        if typeset(entry.table):
            table.append(Link(f"../../{tex_path(key, self.localized.language)}", words["ui.download_tex"]))
        groups = [
            FileGroup(
                str(words["passport.table_files"]),
                (*table, Link(f"../../downloads/evidence/{key}.csv", words["ui.evidence_csv"])),
            )
        ]
        figure = self.figures.get(key)
        if figure and not figure.absent:
            base = f"../../{FOLDER}/{picture_name(key, self.localized.language)}"
            pictures = (Link(f"{base}.svg", words["ui.download_svg"]), Link(f"{base}.png", words["ui.download_png"]))
            spec = str(words["ui.download_spec"])
            specs = tuple(
                Link(f"../../{FOLDER}/{panel.name}.vl.json", f"{spec} {panel.title}".strip()) for panel in figure.panels
            )
            groups.append(FileGroup(str(words["passport.figure_files"]), pictures + specs))
        return tuple(groups)

    def _data_of(self, entry: Entry) -> Iterator[str]:
        """The data, settings and tables that a table is computed from; its market goes without saying."""
        market = self.localized.market.inputs()
        return (name for name in inputs(entry.table) if name not in market)

    def _input(self, name: str) -> Link:
        entry = self.localized.entries.get(name)
        if entry:
            return Link(f"{name}.html", f"{entry.view.label} {entry.view.title}")
        if f"input.{name}" in self.localized.words:
            return Link("", str(self.localized.words[f"input.{name}"]))
        return Link("", self.localized.supporting(name))

    def catalogue(self) -> Iterator[tuple[str, SitePage]]:
        """The list of all tables."""
        chapters = []
        for chapter in self.localized.series.chapters:
            entries = [self.localized.entries[key] for key in (*chapter.tables, *chapter.supporting)]
            items = tuple(self._item(entry) for entry in entries)
            if items:
                chapters.append(CatalogueChapter(self.title(chapter.key), f"../{chapter.key}.html", items))
        title = str(self.localized.words["ui.all_tables"])
        shell = self._shell("catalogue", "tables/index.html", title, title, charts=False)
        yield "tables/index.html", self._render("tables", shell, chapters=chapters)

    def _item(self, entry: Entry) -> CatalogueItem:
        key, words = entry.table.key, self.localized.words
        downloads = tuple(
            Link(f"../../downloads/tables/{key}.{kind}", str(words[f"ui.download_{kind}"])) for kind in ("csv", "json")
        )
        return CatalogueItem(entry.view.label, entry.view.title, str(entry.words["summary"]), f"{key}.html", downloads)


def _searched(passport: SitePage, entry: Entry) -> SitePage:
    """With what the search finds of a table: of a long one no rows, which it finds as deals."""
    view = entry.view
    further = () if view.long else view.rows.of(range(view.parts[0].stop, len(view.rows)))  # rows on other pages
    without = _NOT_IN_TABLES | ({"table"} if entry.view.long else set())
    return replace(passport, without=without, also=" ".join(row.label for row in further))


def _example(entry: Entry) -> str:
    """A number's place in the table, as an example of an identity."""
    if isinstance(entry.result, Unavailable):
        return f"…/{entry.table.columns[0].key}"
    return f"{entry.result.frame.index[0]}/{entry.table.columns[0].key}"
