"""Print HTML → a tagged PDF (WeasyPrint), made reproducible and proved.

It has only our fonts, nothing is missing, and nothing is fetched from elsewhere. The sandbox: WeasyPrint gets its style
sheet, pictures and fonts from memory under the scheme ``npl:``; any other address is an error.
"""

from __future__ import annotations

import io
import logging
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from npl_report.files.systemlibraries import command, missing
from npl_report.model import InputError, Problem

_FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><cachedir>{folder}</cachedir></fontconfig>
"""
_IGNORED = re.compile(
    r"Ignored `(?:font-synthesis|hyphenate-limit-chars)|Using fontTools instead of HarfBuzz-Subset for font "
)
"""What WeasyPrint warns of that no reader sees.

Two properties are for browsers, and it says that it cuts fonts in the slower of its two ways. The last is its only
notice of that kind (``weasyprint.pdf.fonts``); ``systemlibraries.slower`` tells it once, with what to install.
"""
_TAG = re.compile(r"^/(?:[A-Z]{6}\+)?")
"""What stands before the name of a font: a PDF's name begins with a slash, that of a part of a font with six
letters."""


@dataclass(frozen=True)
class PrintJob:
    """One PDF to make.

    ``assets``: name → bytes, reachable as ``npl:name``; ``identifier`` makes the file's id, ``shown`` names it in
    messages.
    """

    html: str
    assets: Mapping[str, bytes]
    identifier: str
    shown: str


def make_pdf(job: PrintJob) -> bytes:
    """Render one note; raise InputError if anything of it could not be shown."""
    records = _Records()
    with tempfile.TemporaryDirectory(prefix="npl-fonts-") as folder:
        config = Path(folder) / "fonts.conf"
        config.write_text(_FONTCONFIG.format(folder=escape(folder)))
        # before WeasyPrint loads fontconfig: no font of the system can step in
        os.environ["FONTCONFIG_FILE"] = str(config)
        weasyprint = _weasyprint()
        from npl_report.note.justification import justify_chinese  # which imports WeasyPrint

        justify_chinese()
        data = _written(weasyprint, job, records)
    said = [text for text in records.said if not _IGNORED.search(text)]
    if said:
        raise InputError(
            [
                Problem(
                    job.shown,
                    rule=f"the PDF engine reports: {text}",
                    fix="mend the template, style or picture it names",
                )
                for text in dict.fromkeys(said)
            ]
        )
    return _proved(_stable(data), job.shown)


def _written(weasyprint: Any, job: PrintJob, records: _Records) -> bytes:
    """The note as WeasyPrint writes it, once all that is in it fits its pages.

    Parts that are laid out alone to be measured point to others that are not there: ``records`` hears of the whole.
    """
    from npl_report.note.fitting import check_widths, fit_tables
    from npl_report.note.floats import fill_pages
    from npl_report.note.tags import note_sources

    place: dict[str, Any] = {"base_url": "npl:", "url_fetcher": _fetcher(weasyprint, job.assets)}
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "pdf_identifier": job.identifier.encode()}
    fonts = weasyprint.text.fonts.FontConfiguration()

    def render(text: str) -> Any:
        return weasyprint.HTML(string=text, **place).render(font_config=fonts, **options)

    html = weasyprint.HTML(string=job.html, **place)
    with _heard(None):
        fit_tables(html.etree_element, render, job.shown)
        fill_pages(html.etree_element, render)
    with _heard(records):
        document = html.render(font_config=fonts, **options)
        check_widths(document, job.shown)
        return bytes(document.write_pdf(finisher=note_sources, **options))


@contextmanager
def _heard(records: _Records | None) -> Iterator[None]:
    """Let ``records`` hear what WeasyPrint warns of, or nobody."""
    logger = logging.getLogger("weasyprint")
    logger.setLevel(logging.WARNING if records else logging.CRITICAL)
    if records:
        logger.addHandler(records)
    try:
        yield
    finally:
        if records:
            logger.removeHandler(records)


def _weasyprint() -> Any:
    """Import WeasyPrint, or say which system libraries it lacks.

    All of them, before WeasyPrint prints of the first on standard output.
    """
    lacking = missing()
    needed = [library.name for library in lacking if library.needed]
    if needed:
        fix = f"{command(lacking)}; or build without the PDF: --no-pdf"
        raise InputError([Problem("WeasyPrint", rule=f"system libraries are missing: {', '.join(needed)}", fix=fix)])
    try:
        with warnings.catch_warnings():
            # that is meant: the note brings its own
            warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
            warnings.filterwarnings("ignore", "HarfBuzz-Subset will be required")  # told by systemlibraries.slower
            import weasyprint
    except OSError as error:
        raise InputError(
            [
                Problem(
                    "WeasyPrint",
                    rule=f"a system library cannot be loaded: {error}",
                    fix="npl-report doctor names what is missing; or build without the PDF: --no-pdf",
                )
            ]
        ) from None
    return weasyprint


def _fetcher(weasyprint: Any, assets: Mapping[str, bytes]) -> Any:
    from weasyprint.urls import URLFetcherResponse

    kinds = {"css": "text/css", "svg": "image/svg+xml", "otf": "font/otf"}

    class Fetcher(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> object:  # noqa: ARG002 -- the signature is WeasyPrint's
            name = url.removeprefix("npl:")
            if name == url or name not in assets:
                raise ValueError(f"{url} is not one of the note's own assets")
            return URLFetcherResponse(url, assets[name], {"Content-Type": kinds[name.rsplit(".", 1)[-1]]})

    return Fetcher()


class _Records(logging.Handler):
    """Collects what WeasyPrint warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def _stable(data: bytes) -> bytes:
    """Repair the structure tree, and write the file so that only its content counts.

    WeasyPrint's differs from run to run.
    """
    import pikepdf

    from npl_report.note.tags import repair

    with pikepdf.open(io.BytesIO(data)) as pdf:
        repair(pdf)
        out = io.BytesIO()
        pdf.save(
            out,
            static_id=False,
            deterministic_id=True,
            linearize=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def _proved(data: bytes, shown: str) -> bytes:
    """Return the PDF if every font in it is embedded, ours, and shows the same glyphs in every reader."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/DescendantFonts" not in item
        ]
        problems = [problem for font in fonts if (problem := _font_problem(font, shown))]
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return data


def _font_problem(font: Any, shown: str) -> Problem | None:
    name, descriptor = _TAG.sub("", str(font.get("/BaseFont", ""))), font.get("/FontDescriptor", {})
    if "NPL" not in name or not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
        rule = f"the PDF uses the font {name}, which is not one of the embedded ones"
        return Problem(shown, value=name, rule=rule, fix="a style asks for another family: use NPL Sans or NPL Serif")
    if "/FontFile3" in descriptor and (other := _misnumbered(descriptor.FontFile3.read_bytes())):
        rule = (
            f"the font's charset gives glyph {other[0]} the CID {other[1]}, "
            "so that readers which look CIDs up show another character, or none"
        )
        fix = "embed the font as npl_report/typesetting/fonts.py cuts it, where each glyph's CID is its index"
        return Problem(shown, value=name, rule=rule, fix=fix)
    return None


def _misnumbered(program: bytes) -> tuple[int, int] | None:
    """The first glyph of an embedded CFF whose CID is not its index, and that CID.

    The engine codes text by glyph index; a reader looks the code up in the charset, if the font has CIDs (ISO 32000-1,
    9.7.4.2).
    """
    from fontTools.cffLib import CFFFontSet
    from fontTools.ttLib import TTFont

    fonts = CFFFontSet()
    fonts.decompile(
        io.BytesIO(TTFont(io.BytesIO(program)).reader["CFF "] if program.startswith(b"OTTO") else program), None
    )
    cids = [int(name.removeprefix("cid")) for name in fonts[0].charset[1:]] if hasattr(fonts[0], "ROS") else []
    return next(((glyph, cid) for glyph, cid in enumerate(cids, 1) if glyph != cid), None)
