"""A book → the print HTML of the PDF note: cover, contents, chapters, disclaimer in one document."""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Mapping
from pathlib import Path

import jinja2

from npl_report.present.book import Book
from npl_report.present.contexts import NotePart
from npl_report.present.pages import Figure, Pages
from npl_report.publish.pandoc import Pandoc

_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_WRAPPING = re.compile(r"</?semantics>")
_DISPLAY_SIZE, _INLINE_SIZE = 15.0, 13.5  # pixels of the formula font
_POINTS = 0.75  # points a pixel
_TEX = re.compile(r'<annotation encoding="application/x-tex">(.*?)</annotation>', re.DOTALL)


def note_html(book: Book, looks: jinja2.Environment, pandoc: Pandoc, figures: Mapping[str, Figure], report: Path) -> tuple[str, dict[str, bytes]]:
    """The whole note as one HTML page, and the formulas in it as pictures; all its assets are named ``npl:…``."""
    formulas: dict[str, bytes] = {}

    def picture(match: re.Match[str]) -> str:
        return _picture(match.group(), looks, formulas)

    generator = Pages(book, looks, "print", figures)

    parts = []
    for chapter in book.series.chapters:
        if not chapter.note:
            continue
        page = generator.page(report, chapter)
        fragment = pandoc.html(page.markdown, f"report/{book.language}/{chapter.key}.qmd", id_prefix=f"{chapter.key}-")
        body = _MATH.sub(picture, fragment.html)
        parts.append(NotePart(chapter.key, page.title, body, fragment.contents()))
    references = pandoc.html("---\nnocite: '@*'\n---\n", "report/references.bib", id_prefix="references-").html
    html = looks.get_template("print/note.html").render(
        words=book.words, series=book.series_words, edition=book.edition, notice=book.notice, language=book.language, parts=parts, references=references
    )
    return html, formulas


def _picture(source: str, looks: jinja2.Environment, formulas: dict[str, bytes]) -> str:
    """A formula as a picture with its TeX as alternative text: WeasyPrint knows no MathML."""
    from ziamath.zmath import Math

    tex = _TEX.search(source)
    display = 'display="block"' in source
    svg = Math(_WRAPPING.sub("", _TEX.sub("", source)), size=_DISPLAY_SIZE if display else _INLINE_SIZE).svg()
    box = re.search(r'viewBox="[\d.-]+ ([\d.-]+) ([\d.]+) ([\d.]+)"', svg)
    top, width, height = (float(text) for text in box.groups()) if box else (0.0, 0.0, 0.0)
    name = f"formula-{len(formulas)}.svg"
    formulas[name] = svg.encode()
    return looks.get_template("print/_formula.html").render(
        name=name,
        alt=html_module.unescape(tex.group(1)) if tex else "",
        display=display,
        width=f"{width * _POINTS:.2f}",
        height=f"{height * _POINTS:.2f}",
        drop=f"{(top + height) * _POINTS:.2f}",
    )
