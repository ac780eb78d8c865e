"""Everything of an edition as bytes in memory: charts, pages, downloads, notes. Nothing is written but the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from npl_report.build.job import Collected, Options
from npl_report.build.reading import read
from npl_report.compare.history import History, check_earlier, check_restatements, history, history_files
from npl_report.compare.recorded import table_json
from npl_report.editions.folder import Published
from npl_report.exports.chartfiles import chart_files, posters
from npl_report.exports.citation import cite_files
from npl_report.exports.datapackage import package_file
from npl_report.exports.downloads import evidence_csv, table_csv
from npl_report.exports.latex import tex_files
from npl_report.exports.workbook import workbook
from npl_report.files.hashing import digest
from npl_report.load.project import Project
from npl_report.model import Edition, Language
from npl_report.model.progress import Progress
from npl_report.note.html import note_html
from npl_report.note.pdf import PrintJob, make_pdf
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import PlacedChart
from npl_report.present.reading import Reading
from npl_report.present.revisions import revisions, table_history
from npl_report.present.revisionviews import EarlierEditions
from npl_report.present.templates import Templates
from npl_report.reconcile.reconciliation import check_reconciled
from npl_report.site.links import dead_links
from npl_report.site.page import SitePage
from npl_report.site.pages import Site
from npl_report.site.preview import previews, site_map
from npl_report.site.root import BESIDE, front_words
from npl_report.site.search import is_index, search_indexes
from npl_report.tables import catalogue
from npl_report.typesetting.drawings import (
    ALPHABET,
    Drawings,
    characters,
    deal_drawings,
    deal_figures,
    drawn,
    figures,
    table_drawings,
)
from npl_report.typesetting.fonts import FACES, LATIN_ONLY, check_glyphs, cut
from npl_report.typesetting.pandoc import Pandoc
from npl_report.typesetting.processes import Submit, chart_engine, web_font, workers

_FILTER, _STYLE = _PRINTED = ("note.lua", "note.css")
"""What the note needs beside its templates."""
_LATIN = "NPL Latin"
"""The family of the sans' Latin letters alone, which the style sheet names."""
_NAMING = (".css", ".js", ".svg")
"""Assets that may name others."""
_FIRST_CJK = "\u2e80"


@dataclass(frozen=True)
class Gathered:
    """All files of an edition's folder by their path in it, and what is told of them.

    ``front`` is what the root of ``site/`` says of the edition, for its manifest; ``pages`` are the pages as another
    engine takes them; ``templates`` those that were read.
    """

    files: dict[str, bytes]
    front: dict[str, Any]
    pages: Mapping[str, SitePage] = field(default_factory=dict)
    templates: frozenset[str] = frozenset()

    def read(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """Of all inputs that there are, those that went into the edition."""
        return {
            path: sum_ for path, sum_ in inputs.items() if not path.startswith("templates/") or path in self.templates
        }


def gather(
    project: Project,
    edition: Edition,
    options: Options,
    progress: Progress,
    *,
    archived: bool = False,
    earlier: Sequence[Published] = (),
) -> Gathered:
    """Everything of the edition.

    ``earlier`` are the editions that its readers may know, oldest first: it is compared with the last.

    ``archived`` pages stand in ``site/`` beside other editions and lead to them, and their figures must tie out.
    """
    check_earlier(earlier)
    with workers(options.jobs) as submit:
        reading = read(project, edition, progress, None if options.force else project.build / ".cache" / "results")
        if archived:
            check_reconciled(next(iter(reading.by_language.values())).reconciled)
        return _Assembly(project, reading, options, progress, submit, archived, tuple(earlier)).gathered()


class _Assembly:
    """One edition on its way from what was read to files; ``collected`` holds what is wrong with any of them."""

    def __init__(
        self,
        project: Project,
        reading: Reading,
        options: Options,
        progress: Progress,
        submit: Submit,
        archived: bool,  # noqa: FBT001 -- as gather has it
        earlier: tuple[Published, ...],
    ) -> None:
        self.project, self.reading, self.options, self.progress = project, reading, options, progress
        self.submit, self.archived, self.earlier = submit, archived, earlier
        self.cache = project.build / ".cache"
        self.templates = Templates(project.templates)
        self.collected = Collected()
        self.localized = tuple(reading.by_language.values())

    def gathered(self) -> Gathered:
        """Everything; InputError with all that is wrong."""
        self.progress("draw charts")
        engine = self.submit(chart_engine, self.cache)
        self._draw()
        self.progress("make pages")
        charts = self._chart_files()
        notes = self._notes()
        files = _downloads(self.reading)
        found = self._history(files)
        pages = self._pages(found, files)
        self.collected.done()
        files |= _by_language(self.reading) | package_file(self.reading, files, found)
        files |= search_indexes(self.reading.by_language, files)
        shares = dict(previews(self.localized, self.templates, files, self.cache, self.submit))
        files |= site_map(self.localized, self.templates, files) | {"index.html": _door(self.reading, self.templates)}
        files |= _assets(self.project, files, self.svgs, self.cache, self.submit)
        files |= {"assets/vega.js": engine.result()} | charts()
        files |= {path: future.result() for path, future in shares.items()}
        files |= self._printed(notes)
        self.collected.problems += dead_links(files, BESIDE if self.archived else ())
        self.collected.done()
        read_there = _templates(self.templates, files, printed=bool(notes))
        return Gathered(files, _front(self.reading), pages, read_there)

    def _draw(self) -> None:
        """Specifications, drawings, and the figures that pages place."""
        self.specs = table_drawings(self.localized, self.submit)
        self.curves = _merged(map(deal_drawings, self.localized))
        self.svgs = drawn(self.specs | self.curves, self.cache, self.submit, self.options.jobs)
        self.shown = {item.language: figures(item, self.specs, self.svgs) for item in self.localized}

    def _chart_files(self) -> Callable[[], dict[str, bytes]]:
        """Begin the charts to take away; they are there when it is called."""
        begun: Callable[[], dict[str, bytes]] = dict
        with self.collected.step():
            posted = chain.from_iterable(posters(item, self.shown[item.language]) for item in self.localized)
            begun = chart_files(list(posted), self.templates, self.cache, self.submit, self.options.jobs)
        return begun  # noqa: RET504 -- the step may have ended with an error

    def _notes(self) -> dict[Language, Future[bytes]]:
        """Begin to print the note of each language."""
        notes = {}
        for item in self.localized if self.options.pdf else ():
            with self.collected.step():
                printed = figures(item, self.specs, self.svgs, printed=True)
                notes[item.language] = _note(
                    item, self.reading, self.templates, printed, self.svgs, self.project, self.submit
                )
        return notes

    def _printed(self, notes: Mapping[Language, Future[bytes]]) -> dict[str, bytes]:
        """The notes, when they are printed."""
        files = {}
        if notes:
            self.progress(f"print {len(notes)} notes")
        for language, future in notes.items():
            with self.collected.step():
                files[f"{language}/note.pdf"] = future.result()
        self.collected.done()
        return files

    def _history(self, files: dict[str, bytes]) -> History | None:
        """What changed since earlier editions; its downloads are added to ``files``."""
        recorded = {key: files[f"downloads/tables/{key}.json"] for key in self.reading.series.table_keys}
        edition, found = self.reading.edition, None
        with self.collected.step():
            found = history(self.project, edition, self.reading.source, self.earlier, recorded, self.progress)
        if found:
            with self.collected.step():
                check_restatements(found, edition)
            files |= history_files(found, edition)
        return found

    def _pages(self, found: History | None, files: dict[str, bytes]) -> dict[str, SitePage]:
        """The pages of every language; their files are added to ``files``."""
        pages: dict[str, SitePage] = {}
        for item in self.localized:
            with self.collected.step():
                made = self._site(item, found).pages()
                pages |= made
                files |= {path: page.html(self.templates) for path, page in made.items()}
        return pages

    def _site(self, item: LocalizedEdition, found: History | None) -> Site:
        """All that the pages of one language are made from."""
        return Site(
            item,
            self.templates,
            self.shown[item.language],
            deal_figures(item, self.curves, self.svgs),
            self.reading.by_language,
            converter(self.project, item),
            EarlierEditions(
                revisions(item, self.reading.edition, found),
                {key: table_history(item, found, key) for key in item.entries if found},
            ),
            self.options.pdf,
            self.archived,
        )


def _merged(parts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """All parts as one."""
    return dict(chain.from_iterable(part.items() for part in parts))


def _templates(templates: Templates, files: Iterable[str], *, printed: bool) -> frozenset[str]:
    """What the edition was made from in ``templates/``, by path in the project."""
    names = [
        *templates.read,
        *(f"print/{name}" for name in _PRINTED if printed),
        *(f"html/{path}" for path in files if path.startswith("assets/")),
    ]
    return frozenset(f"templates/{name}" for name in names)


def _front(reading: Reading) -> dict[str, Any]:
    """What the root of ``site/`` says of the edition."""
    series = reading.series
    return {
        "series": series.id,
        "address": series.address,
        "tables": series.table_keys,
        "front": {localized.language: front_words(localized) for localized in reading.by_language.values()},
    }


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


def _downloads(reading: Reading) -> dict[str, bytes]:
    files = {}
    for key in reading.series.table_keys:
        table, result = catalogue()[key], reading.results[key]
        files[f"downloads/tables/{key}.csv"] = table_csv(table, result)
        files[f"downloads/tables/{key}.json"] = table_json(
            table, result, reading.edition, reading.source.package.notice
        )
        files[f"downloads/evidence/{key}.csv"] = evidence_csv(table, result)
    return files


def _by_language(reading: Reading) -> dict[str, bytes]:
    """The downloads whose words are a language's."""
    files: dict[str, bytes] = {}
    for language, localized in reading.by_language.items():
        files |= (
            {f"downloads/tables.{language}.xlsx": workbook(localized)} | cite_files(localized) | tex_files(localized)
        )
    return files


def _note(
    localized: LocalizedEdition,
    reading: Reading,
    templates: jinja2.Environment,
    figures: Mapping[str, PlacedChart],
    svgs: Drawings,
    project: Project,
    submit: Submit,
) -> Future[bytes]:
    """Start printing the note of one language, with fonts of its own characters."""
    cache = project.build / ".cache"
    shown = f"{localized.language}/note.pdf"
    text, assets = note_html(localized, templates, converter(project, localized, printed=True), figures)
    used = characters(text)
    check_glyphs(used, shown)
    pictures = {f"{name}.svg": svg for name, svg in svgs.items() if f"npl:{name}.svg" in text}
    used |= ALPHABET | characters("".join(pictures.values()))
    assets |= {f"{face.name}.otf": cut(face, used, cache) for face in FACES} | {
        name: svg.encode() for name, svg in pictures.items()
    }
    assets[_STYLE] = (project.templates / "print" / _STYLE).read_bytes()
    edition = reading.edition
    identifier = digest(f"{reading.series.id}/{edition.id}/{edition.revision}/{localized.language}".encode())[:32]
    return submit(make_pdf, PrintJob(text, assets, identifier, shown))


def _assets(
    project: Project, files: Mapping[str, bytes], svgs: Drawings, cache: Path, submit: Submit
) -> dict[str, bytes]:
    """Styles, scripts and fonts, all local.

    The Latin letters come in files of their own as well, so that pages without Chinese load little.
    """
    pages = "".join(data.decode() for path, data in files.items() if path.endswith(".html") or is_index(path))
    used = ALPHABET | characters(pages) | characters("".join(svgs.values()))
    assets = _linked(project.templates / "html" / "assets", pages)
    latin = frozenset(char for char in used if char < _FIRST_CJK)
    faces = dict.fromkeys(FACES, used) | {
        replace(face, family=_LATIN): latin for face in FACES if face.family not in LATIN_ONLY
    }
    fonts = {face.name: submit(web_font, cut(face, signs, cache), cache) for face, signs in faces.items()}
    return assets | {f"assets/{name}.woff2": future.result() for name, future in fonts.items()}


def _linked(folder: Path, pages: str) -> dict[str, bytes]:
    """The assets that a page names, or another asset that does: what else lies there is not published."""
    waiting = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    found: dict[str, bytes] = {}
    texts = [pages]
    while texts:
        text = texts.pop()
        for name in [name for name in waiting if name in text or quote(name) in text]:
            found[f"assets/{name}"] = waiting.pop(name)
            texts += [found[f"assets/{name}"].decode(errors="replace")] if name.endswith(_NAMING) else []
    return found


def _door(reading: Reading, templates: jinja2.Environment) -> bytes:
    by_language = list(reading.by_language.values())
    languages = [
        {
            "href": f"{localized.language}/index.html",
            "tag": localized.words["language.tag"],
            "name": localized.words["language.name"],
            "notice": localized.notice,
        }
        for localized in by_language
    ]
    return (
        templates.get_template("html/root.html")
        .render(languages=languages, title=by_language[0].series_words["title"])
        .encode()
    )
