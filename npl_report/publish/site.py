"""A book → the HTML pages of one language, by the builtin engine: Quarto markdown through pandoc into the Jinja shell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2

from npl_report.model import Chapter, Language, Unavailable
from npl_report.present.book import Book, Entry
from npl_report.present.contexts import CatalogueChapter, CatalogueItem, LanguageLink, Link, PageContext, PassportContext, Shell
from npl_report.present.pages import Figure, Page, Pages
from npl_report.publish.pandoc import Pandoc
from npl_report.tables import inputs


@dataclass(frozen=True)
class Site:
    """What the pages of one language are made from; ``others`` are all languages of the edition, this one included."""

    book: Book
    looks: jinja2.Environment
    figures: Mapping[str, Figure]
    others: Mapping[Language, Book]
    report: Path
    pandoc: Pandoc
    note: bool

    def pages(self) -> dict[str, bytes]:
        """Every page of the language by its path in the edition's folder."""
        made = {}
        generator = Pages(self.book, self.looks, "site", self.figures)
        for chapter in self.book.series.chapters:
            page = generator.page(self.report, chapter)
            made[f"{chapter.key}.html"] = self._chapter(chapter, page)
        made["tables/index.html"] = self._catalogue()
        entries = [self.book.entries[key] for key in self.book.series.table_keys]
        definitions = self.pandoc.parts([entry.definition for entry in entries], f"npl_report/tables/*/{self.book.language}.toml, definition")
        samples = self.pandoc.parts([entry.sample for entry in entries], f"npl_report/tables/*/{self.book.language}.toml, sample")
        for entry, definition, sample in zip(entries, definitions, samples, strict=True):
            made[f"tables/{entry.table.key}.html"] = self._passport(entry, definition, sample)
        return {f"{self.book.language}/{path}": text.encode() for path, text in made.items()}

    def _render(self, template: str, shell: Shell, **values: object) -> str:
        return self.looks.get_template(f"html/{template}.html").render(
            shell=shell, words=self.book.words, series=self.book.series_words, edition=self.book.edition, notice=self.book.notice, language=self.book.language, **values
        )

    def _shell(self, kind: str, path: str, title: str, description: str, *, charts: bool) -> Shell:
        up = "../" * path.count("/")
        languages = tuple(
            LanguageLink(f"{up}../{code}/{path}", str(book.words["language.tag"]), str(book.words["language.name"]), str(book.words["language.switch"]), code == self.book.language)
            for code, book in self.others.items()
        )
        chapters = tuple(Link(f"{up}{chapter.key}.html", self.title(chapter.key), path == f"{chapter.key}.html") for chapter in self.book.series.chapters)
        chapters += (Link(f"{up}tables/index.html", str(self.book.words["ui.all_tables"]), path.startswith("tables/")),)
        note = f"{up}note.pdf" if self.note else ""
        return Shell(kind, title, description, f"{up}../", f"{up}index.html", note, charts, languages, chapters)

    def title(self, chapter: str) -> str:
        """A chapter's name in menus."""
        return self.book.titles[chapter]

    def _chapter(self, chapter: Chapter, page: Page) -> str:
        fragment = self.pandoc.html(page.markdown, f"report/{self.book.language}/{chapter.key}.qmd")
        keys = [item.key for item in self.book.series.chapters]
        place = keys.index(chapter.key)
        around = [Link(f"{keys[i]}.html", self.title(keys[i])) if 0 <= i < len(keys) else None for i in (place - 1, place + 1)]
        contents = fragment.contents()
        context = PageContext(page.title, fragment.html, place == 0, contents if len(contents) > 1 else (), *around)
        shell = self._shell("front" if place == 0 else "chapter", f"{chapter.key}.html", page.title, page.description, charts='class="spec"' in fragment.html)
        return self._render("page", shell, page=context)

    def _passport(self, entry: Entry, definition: str, sample: str) -> str:
        key, words = entry.table.key, self.book.words
        partial = {"words": words, "language": self.book.language, "medium": "site", "passport": ""}
        figure = self.figures.get(key)
        drawn = self.looks.get_template("html/_partials/figure.html").render(figure=figure, sources=entry.view.sources, **partial) if figure else ""
        downloads = [Link(f"../../downloads/tables/{key}.csv", words["ui.download_csv"]), Link(f"../../downloads/tables/{key}.json", words["ui.download_json"])]
        downloads.append(Link(f"../../downloads/evidence/{key}.csv", words["ui.evidence_csv"]))
        if figure:
            base = f"../../downloads/charts/{key}.{self.book.language}"
            downloads += [Link(f"{base}.svg", words["ui.download_svg"]), Link(f"{base}.vl.json", words["ui.download_spec"])]
        context = PassportContext(
            view=entry.view,
            summary=str(entry.words["summary"]),
            table=self.looks.get_template("html/_partials/table.html").render(view=entry.view, home=True, **partial),
            figure=drawn,
            definition=definition,
            sample=sample,
            evidence=entry.evidence,
            chapter=Link(f"../{entry.chapter}.html#tbl-{key}", self.title(entry.chapter)),
            inputs=tuple(self._input(name) for name in inputs(entry.table)),
            users=tuple(self._input(name) for name in self.book.used_by(key)),
            downloads=tuple(downloads),
            example=_example(entry),
        )
        shell = self._shell("passport", f"tables/{key}.html", f"{entry.view.label} {entry.view.title}", str(entry.words["summary"]), charts=figure is not None)
        return self._render("passport", shell, passport=context)

    def _input(self, name: str) -> Link:
        entry = self.book.entries.get(name)
        if entry:
            return Link(f"{name}.html", f"{entry.view.label} {entry.view.title}")
        if f"input.{name}" in self.book.words:
            return Link("", str(self.book.words[f"input.{name}"]))
        return Link("", self.book.supporting(name))

    def _catalogue(self) -> str:
        chapters = []
        for chapter in self.book.series.chapters:
            entries = [self.book.entries[key] for key in chapter.tables]
            items = tuple(CatalogueItem(item.view.label, item.view.title, str(item.words["summary"]), f"{item.table.key}.html") for item in entries)
            if items:
                chapters.append(CatalogueChapter(self.title(chapter.key), f"../{chapter.key}.html", items))
        words = self.book.words
        return self._render("tables", self._shell("catalogue", "tables/index.html", str(words["ui.all_tables"]), str(words["ui.all_tables"]), charts=False), chapters=chapters)


def _example(entry: Entry) -> str:
    """A number's place in the table, as an example of an identity."""
    if isinstance(entry.result, Unavailable):
        return f"…/{entry.table.columns[0].key}"
    return f"{entry.result.frame.index[0]}/{entry.table.columns[0].key}"
