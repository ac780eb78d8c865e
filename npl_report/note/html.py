"""A localized edition → the print HTML of the PDF note, in one document.

Cover with the findings, contents, chapters, imprint.
"""

from __future__ import annotations

import math
import re
from collections import ChainMap
from collections.abc import Mapping, Sequence

import jinja2
from markupsafe import Markup

from npl_report.exports.citation import address, citation
from npl_report.model import Chapter
from npl_report.note.sections import check_sections, cut, in_order, reachable
from npl_report.note.spoken import spoken
from npl_report.present.contexts import Anchor, NoteFront, NoteItem, NotePart
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import Page, Pages, PlacedChart
from npl_report.text.words import Words
from npl_report.typesetting.pandoc import Pandoc

FRONT = "index"
"""The chapter that the cover takes its findings from."""
_PIECE = re.compile(r"<!-- piece (\S+) -->\n?")
"""What note.lua puts before each piece of the front page."""
_IDENTITY = re.compile(r"</?data\b[^>]*>")
"""The identity of a number leads nowhere in print, and its element would cost the layout a sixth of its time."""
_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_WRAPPING = re.compile(r"</?semantics>")
_DISPLAY_SIZE, _INLINE_SIZE = 13.5, 12.5  # pixels of the formula font
_POINTS = 0.75  # points a pixel
_TAG = re.compile(r"<[^>]+>")
_SHORT, _WIDER = 750, 2.2
"""Letters of findings that the cover has room for, and how many of them a Chinese character counts as."""
_TEX = re.compile(r"<annotation\b.*?</annotation>", re.DOTALL)
_ID = re.compile(r' id="[^"]+"')
_HAN = 0x2E80


def note_html(
    localized: LocalizedEdition,
    templates: jinja2.Environment,
    pandoc: Pandoc,
    figures: Mapping[str, PlacedChart],
) -> tuple[str, dict[str, bytes]]:
    """The whole note as one HTML page, and the formulas in it as pictures; all its assets are named ``npl:…``."""
    check_sections(localized)
    formulas: dict[str, bytes] = {}
    generator = Pages(localized, templates, "print", figures)
    front, parts, contents = None, [], []
    chapters = in_order(localized.series.chapters)
    pages = {chapter.key: generator.page(chapter) for chapter in chapters}
    findings = ChainMap(*({**page.findings} for page in pages.values()))
    for chapter in chapters:
        page = pages[chapter.key]
        shown = localized.chapters[chapter.key].shown
        whole = pandoc.html(page.markdown, shown, source=page.source, id_prefix=f"{chapter.key}-")
        fragment, online = cut(whole, chapter)
        body = _printed(fragment.html, localized, templates, formulas)
        contents.append(Anchor(chapter.key, page.title, fragment.contents()))
        if chapter.key == FRONT:
            front = _front(page, body, _cover(localized, templates, figures, chapter.cover, findings))
        else:
            items = _tables(localized, chapter, body), _figures(localized, figures, chapter, body)
            parts.append(NotePart(chapter.key, page.title, body, *items, online))
    contents += [Anchor(key, str(localized.words[f"note.{key}"])) for key in ("references", "about", "disclaimer")]
    html = _whole(localized, templates, pandoc, contents, front, parts)
    return reachable(html, localized, templates), formulas


def _front(page: Page, body: str, figure: str) -> NoteFront:
    lead, tiles, findings, rest = _pieces(body)
    told = _TAG.sub("", findings)
    letters = math.fsum(_WIDER if ord(sign) > _HAN else 1 for sign in told)
    return NoteFront(page.key, page.title, lead, tiles, findings, letters <= _SHORT, rest, figure)


def _cover(
    localized: LocalizedEdition,
    templates: jinja2.Environment,
    figures: Mapping[str, PlacedChart],
    key: str,
    findings: Mapping[str, Markup],
) -> str:
    """The figure that opens the note, which stands in its chapter too; nothing if this edition has none."""
    if key not in figures or not figures[key].panels:
        return ""
    html = templates.get_template("html/_partials/figure.html").render(
        figure=figures[key].found(findings.get(key, Markup())),
        sources=localized.entries[key].view.sources,
        words=localized.words,
        medium="print",
        up="",
    )
    return _IDENTITY.sub("", _ID.sub("", html, count=1))


def _printed(html: str, localized: LocalizedEdition, templates: jinja2.Environment, formulas: dict[str, bytes]) -> str:
    """A chapter's body as the note prints it; its formulas become pictures, which ``formulas`` gets."""

    def picture(match: re.Match[str]) -> str:
        return _picture(match.group(), localized.words["spoken"], templates, formulas)

    return _MATH.sub(picture, _IDENTITY.sub("", html))


def _whole(
    localized: LocalizedEdition,
    templates: jinja2.Environment,
    pandoc: Pandoc,
    contents: Sequence[Anchor],
    front: NoteFront | None,
    parts: Sequence[NotePart],
) -> str:
    """The page of the whole note, in which links may still lead nowhere."""
    series = localized.series
    cited = f"report/{localized.language}/references.bib"
    return templates.get_template("print/note.html").render(
        words=localized.words,
        series=localized.series_words,
        edition=localized.edition,
        notice=localized.notice,
        language=localized.language,
        licence=localized.package.licence,
        deal_pages=localized.deal_pages,
        address=address(localized, f"{localized.language}/"),
        citation=citation(localized).text,
        contents=contents,
        front=front,
        parts=parts,
        left=len(series.table_keys) - sum(len(part.tables) for part in parts),
        references=pandoc.html("---\nnocite: '@*'\n---\n", cited, id_prefix="references-").html,
    )


def _pieces(body: str) -> tuple[str, str, str, str]:
    """The front page → introduction, key figures, findings and the rest.

    A piece that the page does not have is empty.
    """
    lead, *others = _PIECE.split(body)
    pieces = {"lead": lead, "tiles": "", "findings": ""}
    rest = ""
    for name, html in zip(others[::2], others[1::2], strict=True):
        if name in pieces:
            pieces[name] += html
        else:
            rest += html
    return pieces["lead"], pieces["tiles"], pieces["findings"], rest


def _tables(localized: LocalizedEdition, chapter: Chapter, body: str) -> tuple[NoteItem, ...]:
    """The tables that stand in a chapter."""
    views = [localized.entries[key].view for key in chapter.tables]
    return tuple(
        NoteItem(f"tbl-{view.key}", view.label, view.title)
        for view in views
        if view.brief and f' id="tbl-{view.key}"' in body
    )


def _figures(
    localized: LocalizedEdition, figures: Mapping[str, PlacedChart], chapter: Chapter, body: str
) -> tuple[NoteItem, ...]:
    """The figures that stand in a chapter, by number."""
    drawn = [
        figures[key]
        for key in sorted((*chapter.tables, *chapter.supporting), key=lambda key: localized.entries[key].figure)
        if key in figures and f' id="fig-{key}"' in body
    ]
    return tuple(NoteItem(f"fig-{figure.key}", figure.label, figure.title) for figure in drawn)


def _picture(source: str, words: Words, templates: jinja2.Environment, formulas: dict[str, bytes]) -> str:
    """A formula as a picture with its words as alternative text: WeasyPrint knows no MathML."""
    from ziamath.zmath import Math

    display = 'display="block"' in source
    svg = Math(_WRAPPING.sub("", _TEX.sub("", source)), size=_DISPLAY_SIZE if display else _INLINE_SIZE).svg()
    box = re.search(r'viewBox="[\d.-]+ ([\d.-]+) ([\d.]+) ([\d.]+)"', svg)
    top, width, height = (float(text) for text in box.groups()) if box else (0.0, 0.0, 0.0)
    name = f"formula-{len(formulas)}.svg"
    formulas[name] = svg.encode()
    return templates.get_template("print/_formula.html").render(
        name=name,
        alt=spoken(source, words),
        display=display,
        width=f"{width * _POINTS:.2f}",
        height=f"{height * _POINTS:.2f}",
        drop=f"{(top + height) * _POINTS:.2f}",
    )
