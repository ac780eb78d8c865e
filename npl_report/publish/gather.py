"""Everything of an edition as bytes in memory: charts, pages, downloads, notes. Nothing is written but the cache."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from concurrent.futures import Future
from importlib.metadata import version
from pathlib import Path

import jinja2

from npl_report.load.project import Project
from npl_report.model import Edition
from npl_report.present.book import Book
from npl_report.present.looks import Looks
from npl_report.present.pages import Figure
from npl_report.publish.build import Collected, Options, Reading, Say, as_json, read
from npl_report.publish.downloads import evidence_csv, table_csv, table_json
from npl_report.publish.fingerprint import digest
from npl_report.publish.fonts import FACES, check_glyphs, cut
from npl_report.publish.links import dead_links
from npl_report.publish.note import note_html
from npl_report.publish.output import keep
from npl_report.publish.pandoc import Pandoc
from npl_report.publish.pdf import PrintJob
from npl_report.publish.site import Site
from npl_report.publish.workers import Submit, chart_engine, draw, print_note, web_font, workers
from npl_report.tables import catalogue

_ALPHABET = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("…—–−“”‘’·×≤≥€¥、。，；：？！（）《》％•◦▪")
"""Characters that the interactive charts and the browser may show beyond those in the pages."""


def gather(project: Project, edition: Edition, options: Options, say: Say) -> dict[str, bytes]:
    """All files of the edition's folder by their path in it."""
    cache = project.build / ".cache"
    with workers(options.jobs) as submit:
        reading = read(project, edition, say)
        looks = Looks(project.templates)
        say("draw charts")
        engine = submit(chart_engine, cache)
        specs = _specifications(reading)
        svgs = _pictures(specs, cache, submit, options.jobs)
        say("make pages")
        collected = Collected()
        notes = {}
        for book in reading.books.values() if options.pdf else ():
            with collected.step():
                notes[book.language] = _note(book, reading, looks, _figures(book, specs, svgs, printed=True), svgs, project, submit)
        files = _downloads(reading, specs, svgs)
        for book in reading.books.values():
            with collected.step():
                files |= Site(book, looks, _figures(book, specs, svgs), reading.books, project.report, converter(project, book), options.pdf).pages()
        collected.done()
        files["index.html"] = _door(reading, looks)
        files |= _assets(project, files, svgs, cache, submit)
        files["assets/vega.js"] = engine.result()
        if notes:
            say(f"print {len(notes)} notes")
        for language, future in notes.items():
            with collected.step():
                files[f"{language}/note.pdf"] = future.result()
        collected.problems += dead_links(files)
        collected.done()
    return files


def _specifications(reading: Reading) -> dict[tuple[str, str], str]:
    """(table, language) → Vega-Lite JSON."""
    from npl_report.present.charts import specification

    specs = {}
    for language, book in reading.books.items():
        for key in reading.series.table_keys:
            source = book.chart_source(key)
            if source:
                specs[key, language] = as_json(specification(source, book.entries[key].alt))
    return specs


def _pictures(specs: Mapping[tuple[str, str], str], cache: Path, submit: Submit, jobs: int) -> dict[tuple[str, str], str]:
    """(table, language) → SVG; drawn only where the specification or the drawing library changed."""
    engine = version("vl-convert-python")
    fonts = cache / "measure" / digest("".join(sorted(characters("".join(specs.values())) | _ALPHABET)).encode())[:24]
    places = {key: cache / "svg" / f"{digest(f'{engine}{fonts.name}{spec}'.encode())}.svg" for key, spec in specs.items()}
    missing = [key for key, place in places.items() if not place.is_file()]
    if missing:
        fonts.mkdir(parents=True, exist_ok=True)
        for face in FACES:
            (fonts / f"{face.name}.otf").write_bytes(cut(face, characters("".join(specs.values())) | _ALPHABET, cache))
        (cache / "svg").mkdir(exist_ok=True)
        parts = [missing[start::jobs] for start in range(min(jobs, len(missing)))]
        for part, future in [(part, submit(draw, [specs[key] for key in part], fonts)) for part in parts]:
            for key, svg in zip(part, future.result(), strict=True):
                keep(places[key], svg.encode())
    return {(key, language): _own_ids(place.read_text(encoding="utf-8"), key) for (key, language), place in places.items()}


def _own_ids(svg: str, key: str) -> str:
    """The drawing library counts its clip paths over all that a process drew; in a picture's own names they are the same in every build, and unique on a page."""
    names: dict[str, str] = {}
    return re.sub(r'( id="|url\(#)(clip\d+)', lambda match: match[1] + names.setdefault(match[2], f"{key}-clip-{len(names)}"), svg)


def converter(project: Project, book: Book, *, printed: bool = False) -> Pandoc:
    """Pandoc for one language, for the site or the note."""
    tag = str(book.words["language.tag"])
    return Pandoc(tag, project.report / "references.bib", project.report / book.language / "citations.csl", project.build / ".cache", project.templates / "print" / "note.lua" if printed else None)


def _figures(book: Book, specs: Mapping[tuple[str, str], str], svgs: Mapping[tuple[str, str], str], *, printed: bool = False) -> dict[str, Figure]:
    figures = {}
    for key, entry in book.entries.items():
        at = (key, book.language)
        if at in svgs:
            label = str(book.words["ui.figure_label"]).format(n=entry.figure)
            title, spec = str(entry.words["chart.title"]), "" if printed else specs[at]
            figures[key] = Figure(key, label, title, entry.alt, f"npl:{key}.svg", "" if printed else svgs[at], spec)
    return figures


def _downloads(reading: Reading, specs: Mapping[tuple[str, str], str], svgs: Mapping[tuple[str, str], str]) -> dict[str, bytes]:
    files = {}
    for key in reading.series.table_keys:
        table, result = catalogue()[key], reading.results[key]
        files[f"downloads/tables/{key}.csv"] = table_csv(table, result)
        files[f"downloads/tables/{key}.json"] = table_json(table, result, reading.edition, reading.source.package.notice)
        files[f"downloads/evidence/{key}.csv"] = evidence_csv(table, result)
    for (key, language), spec in specs.items():
        files[f"downloads/charts/{key}.{language}.vl.json"] = spec.encode()
        files[f"downloads/charts/{key}.{language}.svg"] = svgs[key, language].encode()
    return files


def _note(book: Book, reading: Reading, looks: jinja2.Environment, figures: Mapping[str, Figure], svgs: Mapping[tuple[str, str], str], project: Project, submit: Submit) -> Future[bytes]:
    """Start printing the note of one language, with fonts of its own characters."""
    cache = project.build / ".cache"
    shown = f"{book.language}/note.pdf"
    text, assets = note_html(book, looks, converter(project, book, printed=True), figures, project.report)
    used = characters(text)
    check_glyphs(used, shown)
    pictures = {f"{key}.svg": svg for (key, language), svg in svgs.items() if language == book.language}
    used |= _ALPHABET | characters("".join(pictures.values()))
    assets |= {f"{face.name}.otf": cut(face, used, cache) for face in FACES} | {name: svg.encode() for name, svg in pictures.items()}
    assets["note.css"] = (project.templates / "print" / "note.css").read_bytes()
    edition = reading.edition
    identifier = digest(f"{reading.series.id}/{edition.id}/{edition.revision}/{book.language}".encode())[:32]
    return submit(print_note, PrintJob(text, assets, identifier, shown))


def characters(text: str) -> frozenset[str]:
    """Every character that HTML or SVG text can show; tags and entities included, which does no harm."""
    return frozenset(html.unescape(re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match.group(1), 16)), text)))


def _assets(project: Project, files: Mapping[str, bytes], svgs: Mapping[tuple[str, str], str], cache: Path, submit: Submit) -> dict[str, bytes]:
    """Styles, scripts and fonts, all local."""
    pages = "".join(data.decode() for path, data in files.items() if path.endswith(".html"))
    used = _ALPHABET | characters(pages) | characters("".join(svgs.values()))
    assets = {f"assets/{path.name}": path.read_bytes() for path in sorted((project.templates / "html" / "assets").iterdir()) if path.is_file()}
    fonts = {face.name: submit(web_font, cut(face, used, cache), cache) for face in FACES}
    return assets | {f"assets/{name}.woff2": future.result() for name, future in fonts.items()}


def _door(reading: Reading, looks: jinja2.Environment) -> bytes:
    books = list(reading.books.values())
    languages = [{"href": f"{book.language}/index.html", "tag": book.words["language.tag"], "name": book.words["language.name"], "notice": book.notice} for book in books]
    return looks.get_template("html/root.html").render(languages=languages, title=books[0].series_words["title"]).encode()
