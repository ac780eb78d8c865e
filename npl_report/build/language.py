"""The steps of one language, made: pages, drawings, downloads in its words, the note.

Takes and gives what can go from one process to another; what is made stands in the store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from npl_report.build.job import Collected
from npl_report.build.steps import BANKS, CATALOGUE, CHAPTER, DEALS, EXPORTS, OF_FILES, PICTURES, TABLE, Step
from npl_report.compare.history import History
from npl_report.exports.chartfiles import chart_files, posters
from npl_report.exports.citation import cite_files
from npl_report.exports.latex import tex_files
from npl_report.exports.workbook import workbook
from npl_report.files.hashing import digest
from npl_report.files.memory import give_back
from npl_report.files.store import Product, Store
from npl_report.load.brand import read_brand
from npl_report.load.pictures import pictures
from npl_report.load.project import Project
from npl_report.load.tablefolders import answerable
from npl_report.model import Edition, Language, Problem
from npl_report.note.html import note_html
from npl_report.note.pdf import PrintJob, make_pdf
from npl_report.present.branding import branded, drawn_in, printed
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import PlacedChart
from npl_report.present.profiles import DealPage
from npl_report.present.revisions import revisions, table_history
from npl_report.present.revisionviews import EarlierEditions
from npl_report.present.templates import Templates
from npl_report.site.comparison import comparison_path, comparison_script
from npl_report.site.facts import named, page_facts
from npl_report.site.page import BUILTIN_LAYOUT, SitePage
from npl_report.site.pages import Site
from npl_report.typesetting.curves import Curves
from npl_report.typesetting.drawings import (
    ALPHABET,
    Drawings,
    characters,
    chart_scripts,
    drawn,
    figures,
    narrow,
    table_specs,
)
from npl_report.typesetting.fonts import FACES, check_glyphs, cut
from npl_report.typesetting.pandoc import Pandoc

_FILTER, _STYLE = PRINTED = ("note.lua", "note.css")
"""What the note needs beside its templates."""


@dataclass(frozen=True)
class Work:
    """What the steps of one language are made from.

    ``charts``: table → the hash of what its chart is made from; ``assets`` are the names of those that pages may name;
    """

    project: Project
    edition: Edition
    language: Language
    by_language: Mapping[Language, LocalizedEdition]
    history: History | None
    charts: Mapping[str, str]
    assets: Sequence[str]
    store: Store
    pdf: bool
    archived: bool

    @property
    def localized(self) -> LocalizedEdition:
        """The edition in the language."""
        return self.by_language[self.language]

    @property
    def cache(self) -> Path:
        """Where drawings and fonts are kept."""
        return self.project.build / ".cache"


@dataclass(frozen=True)
class Made:
    """What was made, by the hash of its step, and what was wrong."""

    products: Mapping[str, Product]
    problems: Sequence[Problem]


def make(work: Work, steps: Sequence[Step]) -> Made:
    """Make steps of a language, and keep what they give."""
    maker, collected = Maker(work), Collected()
    products = {}
    with collected.step():
        maker.draw(chain.from_iterable(step.charts for step in steps))
    last = steps[0].kind
    for step in steps:
        if step.kind != last:
            maker.let_go()
            last = step.kind
        with collected.step():
            products[step.mark] = maker.product(step)
    return Made(products, collected.problems)


_BOLD = re.compile(r"<(b|dt|figcaption|h[1-4]|strong|summary|th)\b.*?</\1>", re.DOTALL)
"""What a page sets in bold type, or may: the order of bold characters depends on it, and not whether they are there."""


class _Told:
    """What other steps ask of the pages of one, heard while they are made."""

    def __init__(self, assets: Sequence[str]) -> None:
        self._waiting = assets
        self._pages: dict[str, dict[str, Any]] = {}
        self._signs: set[str] = set()
        self._bold: set[str] = set()
        self._assets: set[str] = set()

    def page(self, path: str, text: str, page: SitePage) -> None:
        """A page is made."""
        headline = page.shell.headline if page.shell.kind == "front" else None
        self._pages[path] = page_facts(path, text, without=page.without, also=page.also, headline=headline).told()
        self._assets.update(named(text, self._waiting))
        self._bold |= characters("".join(match[0] for match in _BOLD.finditer(text)))
        self.shown(text)

    def shown(self, text: str) -> None:
        """Something is shown."""
        self._signs |= characters(text)

    def all(self) -> dict[str, Any]:
        """As JSON has it: facts of pages by path, every character once, those in bold type, and assets by name."""
        signs, bold = ("".join(sorted(found)) for found in (self._signs, self._bold))
        return {"pages": self._pages, "signs": signs, "bold": bold, "assets": sorted(self._assets)}


class _Figures(Mapping[str, PlacedChart]):
    """The figures of tables; one that was not foreseen is drawn when a page asks for it, whoever makes the page."""

    def __init__(self, placed: Mapping[str, PlacedChart], draw: Callable[[str], None]) -> None:
        self._placed, self._draw = placed, draw

    def __getitem__(self, key: str) -> PlacedChart:
        if key not in self._placed:
            self._draw(key)
        return self._placed[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._placed)

    def __len__(self) -> int:
        return len(self._placed)


class Maker:
    """Makes the steps of one language; what several of them need is made once."""

    def __init__(self, work: Work) -> None:
        self._work, self._localized = work, work.localized
        self._templates = Templates(work.project.templates)
        self._brand = read_brand(work.project.root)
        self._specs: dict[str, str] = {}
        self._svgs: dict[str, str] = {}
        self._placed: dict[str, PlacedChart] = {}
        self._figures = _Figures(self._placed, lambda key: self.draw([key]))

    def draw(self, tables: Iterable[str]) -> None:
        """Draw the charts of tables, at once; those that are there stay."""
        wanted = [key for key in dict.fromkeys(tables) if key not in self._placed]
        if not wanted:
            return
        specs: dict[str, str] = {}
        for key in wanted:
            specs |= self._specified(key)
        svgs = drawn({**specs, **narrow(specs)}, self._work.cache)
        self._specs |= specs
        self._svgs |= svgs
        self._placed |= figures(self._localized, wanted, specs, svgs)

    def _specified(self, key: str) -> Drawings:
        """The specifications of a table's chart, which are kept."""
        mark = self._work.charts[key]
        found = self._work.store.found(mark)
        if not found:
            specs = table_specs(self._localized, key)
            found = self._work.store.keep(mark, (), lambda: {"specs": specs})
        return dict(found.told["specs"])

    def let_go(self) -> None:
        """Let go what steps of one kind have asked for."""
        for name in ("_site", "_curves"):
            self.__dict__.pop(name, None)
        give_back()

    def product(self, step: Step) -> Product:
        """A step made and kept; InputError for what is wrong with it."""
        self.draw(step.charts)  # so that the templates of this step alone are counted
        self._templates.read.clear()
        told = _Told(self._work.assets)
        files = self._files(step) if step.kind in OF_FILES else self._rendered(step, told)
        with answerable(step.key, "cannot be printed") if step.kind == TABLE else nullcontext():
            return self._work.store.keep(
                step.mark, files, lambda: told.all() | {"templates": sorted(self._templates.read)}
            )

    def pages(self, step: Step) -> Iterator[tuple[str, SitePage]]:
        """The pages of a step by path in the edition's folder, as an engine takes them; each as it is made."""
        self.draw(step.charts)
        pages: Mapping[str, Callable[[], Iterator[tuple[str, SitePage]]]] = {
            CHAPTER: lambda: self._site.chapter(step.key),
            TABLE: lambda: self._site.table(step.key, step.part),
            CATALOGUE: self._site.catalogue,
            BANKS: self._site.banks,
            DEALS: lambda: self._site.deals(step.part),
        }
        for path, page in pages[step.kind]():
            yield f"{self._localized.language}/{path}", page

    def _rendered(self, step: Step, told: _Told) -> Iterator[tuple[str, bytes]]:
        """The files of a step's pages, of which ``told`` hears."""
        for path, page in self.pages(step):
            text = page.rendered(self._templates, BUILTIN_LAYOUT)
            told.page(path, text, page)
            yield path, text.encode()
            yield from self._scripts(page.values.get("figure"), told)  # a deal's
            yield from self._compared(page, told)
        if step.kind == TABLE and not step.part:
            yield from self._scripts(self._figures.get(step.key), told)

    def _compared(self, page: SitePage, told: _Told) -> Iterator[tuple[str, bytes]]:
        """What the page that lays deals side by side loads of a deal; nothing for any other page."""
        deal, figure, words = page.values.get("deal"), page.values.get("figure"), self._localized.words
        if isinstance(deal, DealPage):
            own = {"key": str(words["compare.key"]), "coverage": str(words["profile.coverage"])}
            script = comparison_script(deal, figure if isinstance(figure, PlacedChart) else None, own)
            told.shown(script)
            yield f"{self._localized.language}/{comparison_path(deal)}", script.encode()

    def _files(self, step: Step) -> Iterator[tuple[str, bytes]]:
        """What a step makes that is no page."""
        localized, cache = self._localized, self._work.cache
        if step.kind == PICTURES:
            placed = {key: branded(figure, self._brand) for key, figure in self._placed.items()}
            yield from chart_files(posters(localized, placed), self._templates, cache).items()
        elif step.kind == EXPORTS:
            yield f"downloads/tables.{localized.language}.xlsx", workbook(localized)
            yield from (cite_files(localized) | tex_files(localized)).items()
        else:
            yield f"{localized.language}/note.pdf", make_pdf(self._note())

    def _scripts(self, figure: object, told: _Told) -> Iterator[tuple[str, bytes]]:
        """The scripts from which pages load the specifications of a figure; none of a page without one."""
        panels = figure.panels if isinstance(figure, PlacedChart) else ()
        for path, script in chart_scripts({panel.name: panel.spec for panel in panels}):
            told.shown(script)
            yield path, script.encode()

    @cached_property
    def _curves(self) -> Curves:
        return Curves(self._localized, self._templates, self._work.cache)

    def _placed_curve(self, deal: str) -> PlacedChart | None:
        """The recovery curve of a deal."""
        return self._curves.figure(deal)

    @cached_property
    def _site(self) -> Site:
        """All that the pages are made from."""
        work, localized = self._work, self._localized
        found = work.history
        return Site(
            localized,
            self._templates,
            self._figures,
            self._placed_curve,
            work.by_language,
            converter(work.project, localized),
            EarlierEditions(
                revisions(localized, work.edition, found),
                {key: table_history(localized, found, key) for key in localized.entries if found},
            ),
            work.pdf,
            work.archived,
        )

    def _note(self) -> PrintJob:
        """The note, with fonts of its own characters."""
        localized, project, edition = self._localized, self._work.project, self._work.edition
        shown = f"{localized.language}/note.pdf"
        placed = figures(localized, self._placed, self._specs, self._svgs, printed=True)
        text, assets = note_html(localized, self._templates, converter(project, localized, printed=True), placed)
        used = characters(text)
        check_glyphs(used, shown)
        charts = {f"{name}.svg": svg for name, svg in self._svgs.items() if f"npl:{name}.svg" in text}
        charts = {name: drawn_in(svg, self._brand) for name, svg in charts.items()}
        used |= ALPHABET | characters("".join(charts.values()))
        assets |= {f"{face.name}.otf": cut(face, used, self._work.cache) for face in FACES}
        assets |= {name: svg.encode() for name, svg in charts.items()}
        sheet = (project.templates / "print" / _STYLE).read_text(encoding="utf-8")
        assets[_STYLE] = printed(sheet, self._brand).encode()
        own = pictures(project.report, localized.language)
        own |= {name: project.root / path for name, path in self._brand.assets.items()}
        assets |= {name: path.read_bytes() for name, path in own.items() if f"npl:{name}" in text}
        named_by = f"{localized.series.id}/{edition.id}/{edition.revision}/{localized.language}"
        return PrintJob(text, assets, digest(named_by.encode())[:32], shown)


def converter(project: Project, localized: LocalizedEdition, *, printed: bool = False) -> Pandoc:
    """Pandoc for one language, for the site or the note."""
    tag = str(localized.words["language.tag"])
    return Pandoc(
        tag,
        project.report / localized.language / "references.bib",
        project.report / localized.language / "citations.csl",
        project.build / ".cache",
        project.templates / "print" / _FILTER if printed else None,
    )
