"""Everything of an edition as bytes in memory: charts, pages, downloads, notes. Nothing is written but the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from npl_report.build.job import Collected, Options
from npl_report.build.reading import read
from npl_report.compare.history import check_earlier, check_restatements, history, history_files
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
from npl_report.model import Edition
from npl_report.model.progress import Progress
from npl_report.note.html import note_html
from npl_report.note.pdf import PrintJob, make_pdf
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import Figure
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
from npl_report.site.search import INDEX, search_indexes
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
    cache = project.build / ".cache"
    check_earlier(earlier)
    with workers(options.jobs) as submit:
        reading = read(project, edition, progress)
        if archived:
            check_reconciled(next(iter(reading.by_language.values())).reconciled)
        templates = Templates(project.templates)
        progress("draw charts")
        engine = submit(chart_engine, cache)
        specs = {
            name: spec for localized in reading.by_language.values() for name, spec in table_drawings(localized).items()
        }
        curves = {
            name: spec for localized in reading.by_language.values() for name, spec in deal_drawings(localized).items()
        }
        svgs = drawn(specs | curves, cache, submit, options.jobs)
        shown = {language: figures(localized, specs, svgs) for language, localized in reading.by_language.items()}
        progress("make pages")
        collected = Collected()
        charts: Callable[[], dict[str, bytes]] = dict  # until they are begun
        with collected.step():
            charts = chart_files(
                [
                    poster
                    for language, localized in reading.by_language.items()
                    for poster in posters(localized, shown[language])
                ],
                templates,
                cache,
                submit,
                options.jobs,
            )
        notes = {}
        for localized in reading.by_language.values() if options.pdf else ():
            with collected.step():
                notes[localized.language] = _note(
                    localized, reading, templates, figures(localized, specs, svgs, printed=True), svgs, project, submit
                )
        files = _downloads(reading)
        pages: dict[str, SitePage] = {}
        found = None
        with collected.step():
            found = history(
                project,
                edition,
                reading.source,
                earlier,
                {key: files[f"downloads/tables/{key}.json"] for key in reading.series.table_keys},
                progress,
            )
        if found:
            with collected.step():
                check_restatements(found, edition)
            files |= history_files(found, edition)
        for localized in reading.by_language.values():
            before = EarlierEditions(
                revisions(localized, edition, found),
                {key: table_history(localized, found, key) for key in localized.entries if found},
            )
            with collected.step():
                made = Site(
                    localized,
                    templates,
                    shown[localized.language],
                    deal_figures(localized, curves, svgs),
                    reading.by_language,
                    project.report,
                    converter(project, localized),
                    before,
                    options.pdf,
                    archived,
                ).pages()
                pages |= made
                files |= {path: page.html(templates) for path, page in made.items()}
        collected.done()
        files |= _by_language(reading) | package_file(reading, files, found)
        files |= search_indexes(reading.by_language, files)
        shares = dict(previews(reading.by_language.values(), templates, files, cache, submit))
        files |= site_map(reading.by_language.values(), templates, files) | {"index.html": _door(reading, templates)}
        files |= _assets(project, files, svgs, cache, submit)
        files |= (
            {"assets/vega.js": engine.result()} | charts() | {path: future.result() for path, future in shares.items()}
        )
        if notes:
            progress(f"print {len(notes)} notes")
        for language, future in notes.items():
            with collected.step():
                files[f"{language}/note.pdf"] = future.result()
        collected.done()
        collected.problems += dead_links(files, BESIDE if archived else ())
        collected.done()
    return Gathered(files, _front(reading), pages, _templates(templates, files, printed=bool(notes)))


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
        "tables": list(series.table_keys),
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
    figures: Mapping[str, Figure],
    svgs: Drawings,
    project: Project,
    submit: Submit,
) -> Future[bytes]:
    """Start printing the note of one language, with fonts of its own characters."""
    cache = project.build / ".cache"
    shown = f"{localized.language}/note.pdf"
    text, assets = note_html(localized, templates, converter(project, localized, printed=True), figures, project.report)
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
    pages = "".join(data.decode() for path, data in files.items() if path.endswith((".html", INDEX)))
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
