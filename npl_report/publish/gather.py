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
from npl_report.present.book import Book, html_environment
from npl_report.present.pages import Figure
from npl_report.publish.build import Collected, Options, Reading, Say, as_json, read
from npl_report.publish.downloads import evidence_csv, table_csv, table_json
from npl_report.publish.fingerprint import digest
from npl_report.publish.fonts import FACES, as_woff2, check_glyphs, cut
from npl_report.publish.note import note_html
from npl_report.publish.pdf import PrintJob
from npl_report.publish.site import Site
from npl_report.publish.workers import Submit, draw, print_note, workers
from npl_report.tables import catalogue

_ALPHABET = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("…—–−“”‘’·×≤≥€¥、。，；：？！（）《》％•◦▪")
"""Characters that the interactive charts and the browser may show beyond those in the pages."""


def gather(project: Project, edition: Edition, options: Options, say: Say) -> dict[str, bytes]:
    """All files of the edition's folder by their path in it."""
    cache = project.build / ".cache"
    with workers(options.jobs) as submit:
        reading = read(project, edition, say)
        looks = html_environment(project.templates)
        say("draw charts")
        specs = _specifications(reading)
        svgs = _pictures(specs, cache, submit, options.jobs)
        say("make pages")
        files = _downloads(reading, specs, svgs)
        jobs: dict[str, tuple[str, dict[str, bytes]]] = {}
        collected = Collected()
        for language, book in reading.books.items():
            with collected.step():
                figures = _figures(book, specs, svgs)
                files |= Site(book, looks, figures, reading.books, project.report, options.pdf).pages()
            if options.pdf:
                with collected.step():
                    jobs[language] = note_html(book, looks, project.templates, _figures(book, specs, svgs, printed=True), project.report)
        collected.done()
        files["index.html"] = _door(reading, looks)
        pages = "".join(data.decode() for path, data in files.items() if path.endswith(".html"))
        used = _ALPHABET | _characters(pages) | _characters("".join(svgs.values())) | _characters("".join(text for text, _ in jobs.values()))
        faces = {face.name: cut(face, used, cache) for face in FACES}
        for language, (text, _) in jobs.items():
            with collected.step():
                check_glyphs(_characters(text), f"{language}/note.pdf")
        collected.done()
        if jobs:
            say(f"print {len(jobs)} notes")
        notes = {language: _print(language, reading, job, faces, svgs, project, submit) for language, job in jobs.items()}
        files |= _assets(project, faces, cache)
        for language, future in notes.items():
            with collected.step():
                files[f"{language}/note.pdf"] = future.result()
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
    fonts = cache / "measure" / digest("".join(sorted(_characters("".join(specs.values())) | _ALPHABET)).encode())[:24]
    places = {key: cache / "svg" / f"{digest(f'{engine}{fonts.name}{spec}'.encode())}.svg" for key, spec in specs.items()}
    missing = [key for key, place in places.items() if not place.is_file()]
    if missing:
        fonts.mkdir(parents=True, exist_ok=True)
        for face in FACES:
            (fonts / f"{face.name}.otf").write_bytes(cut(face, _characters("".join(specs.values())) | _ALPHABET, cache))
        (cache / "svg").mkdir(exist_ok=True)
        parts = [missing[start::jobs] for start in range(min(jobs, len(missing)))]
        for part, future in [(part, submit(draw, [specs[key] for key in part], fonts)) for part in parts]:
            for key, svg in zip(part, future.result(), strict=True):
                _keep(places[key], svg.encode())
    return {key: place.read_text(encoding="utf-8") for key, place in places.items()}


def _keep(place: Path, data: bytes) -> None:
    """Write a cache file whole or not at all."""
    partial = place.with_suffix(".part")
    partial.write_bytes(data)
    partial.replace(place)


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


def _print(language: str, reading: Reading, job: tuple[str, dict[str, bytes]], faces: Mapping[str, bytes], svgs: Mapping[tuple[str, str], str], project: Project, submit: Submit) -> Future[bytes]:
    text, formulas = job
    assets = {f"{name}.otf": data for name, data in faces.items()} | formulas
    assets |= {f"{key}.svg": svg.encode() for (key, code), svg in svgs.items() if code == language}
    assets["note.css"] = (project.templates / "print" / "note.css").read_bytes()
    edition = reading.edition
    identifier = digest(f"{reading.series.id}/{edition.id}/{edition.revision}/{language}".encode())[:32]
    return submit(print_note, PrintJob(text, assets, identifier, f"{language}/note.pdf"))


def _characters(text: str) -> frozenset[str]:
    """Every character that HTML or SVG text can show; tags and entities included, which does no harm."""
    return frozenset(html.unescape(re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match.group(1), 16)), text)))


def _assets(project: Project, faces: Mapping[str, bytes], cache: Path) -> dict[str, bytes]:
    """Styles, scripts, fonts and the chart engine: all local."""
    files = {f"assets/{path.name}": path.read_bytes() for path in sorted((project.templates / "html" / "assets").iterdir()) if path.is_file()}
    for name, data in faces.items():
        place = cache / "fonts" / f"{digest(data)[:32]}.woff2"
        if not place.is_file():
            _keep(place, as_woff2(data))
        files[f"assets/{name}.woff2"] = place.read_bytes()
    files["assets/vega.js"] = _vega(cache)
    return files


def _vega(cache: Path) -> bytes:
    """The chart engine (vega, vega-lite, vega-embed) as one script, from the drawing library itself, so that both draw alike."""
    place = cache / f"vega-{version('vl-convert-python')}.js"
    if not place.is_file():
        import vl_convert

        cache.mkdir(parents=True, exist_ok=True)
        script = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its stub forgets the default
        _keep(place, script.encode())
    return place.read_bytes()


def _door(reading: Reading, looks: jinja2.Environment) -> bytes:
    books = list(reading.books.values())
    languages = [{"href": f"{book.language}/index.html", "tag": book.words["language.tag"], "name": book.words["language.name"]} for book in books]
    return looks.get_template("html/root.html").render(languages=languages, title=books[0].series_words["title"]).encode()
