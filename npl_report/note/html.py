"""A localized edition → the print HTML of the PDF note, in one document.

Cover with the findings, contents, chapters, imprint.
"""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Mapping, Sequence

import jinja2
from markupsafe import Markup

from npl_report.exports.citation import address, citation
from npl_report.model import Chapter
from npl_report.present.contexts import Anchor, NoteFront, NoteItem, NotePart
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import Pages, PlacedChart
from npl_report.typesetting.pandoc import Pandoc

FRONT = "index"
"""The chapter that the cover takes its findings from."""
_PIECE = re.compile(r"<!-- piece (\S+) -->\n?")
"""What note.lua puts before each piece of the front page."""
_IDENTITY = re.compile(r"</?data\b[^>]*>")
"""The identity of a number leads nowhere in print, and its element would cost the layout a sixth of its time."""
_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_LINK = re.compile(r'<a href="#([^"]+)">(.*?)</a>')
_ID = re.compile(r' id="([^"]+)"')
_WRAPPING = re.compile(r"</?semantics>")
_DISPLAY_SIZE, _INLINE_SIZE = 13.5, 12.5  # pixels of the formula font
_POINTS = 0.75  # points a pixel
_CHAPTER_LINE = 1.5  # height of a chapter's line in the contents, in lines of a section
_TEX = re.compile(r'<annotation encoding="application/x-tex">(.*?)</annotation>', re.DOTALL)


def note_html(
    localized: LocalizedEdition,
    templates: jinja2.Environment,
    pandoc: Pandoc,
    figures: Mapping[str, PlacedChart],
) -> tuple[str, dict[str, bytes]]:
    """The whole note as one HTML page, and the formulas in it as pictures; all its assets are named ``npl:…``."""
    formulas: dict[str, bytes] = {}
    generator = Pages(localized, templates, "print", figures)
    front, parts, contents = None, [], []
    for chapter in localized.series.chapters:
        if not chapter.note:
            continue
        page = generator.page(chapter)
        shown = localized.chapters[chapter.key].shown
        fragment = pandoc.html(page.markdown, shown, source=page.source, id_prefix=f"{chapter.key}-")
        body = _printed(fragment.html, templates, formulas)
        contents.append(Anchor(chapter.key, page.title, fragment.contents()))
        if chapter.key == FRONT:
            front = NoteFront(chapter.key, page.title, *_pieces(body))
        else:
            items = _tables(localized, chapter), _figures(localized, figures, chapter)
            parts.append(NotePart(chapter.key, page.title, body, *items))
    contents += [Anchor(key, str(localized.words[f"note.{key}"])) for key in ("references", "about", "disclaimer")]
    html = _whole(localized, templates, pandoc, contents, front, parts)
    online = {
        chapter.key: address(localized, f"{localized.language}/{chapter.key}.html")
        for chapter in localized.series.chapters
        if not chapter.note
    }
    return _reachable(html, online, templates), formulas


def _printed(html: str, templates: jinja2.Environment, formulas: dict[str, bytes]) -> str:
    """A chapter's body as the note prints it; its formulas become pictures, which ``formulas`` gets."""

    def picture(match: re.Match[str]) -> str:
        return _picture(match.group(), templates, formulas)

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
        contents=_columns(contents),
        front=front,
        parts=parts,
        supporting=[localized.entries[key].view.label for key in series.table_keys if key in series.supporting],
        references=pandoc.html("---\nnocite: '@*'\n---\n", cited, id_prefix="references-").html,
    )


def _reachable(html: str, online: Mapping[str, str], templates: jinja2.Environment) -> str:
    """Lead what points to a chapter that is not printed to its page on the site, and unlink what points nowhere.

    ``online``: chapter → address, if there is one.
    """
    there = frozenset(_ID.findall(html))
    render = templates.get_template("html/_partials/link.html").render

    def lead(match: re.Match[str]) -> str:
        target, text = match.groups()
        if target in there:
            return match.group()
        for key, page in online.items():
            if page and (target == key or target.startswith(f"{key}-")):
                anchor = target[len(key) + 1 :]
                return render(target=page + (f"#{anchor}" if anchor else ""), text=Markup(text)).strip()  # noqa: S704 -- made by our own templates
        return text

    return _LINK.sub(lead, html)


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


def _columns(contents: Sequence[Anchor]) -> tuple[Sequence[Anchor], Sequence[Anchor]]:
    """The contents in two columns of about the same length."""
    lines = [_CHAPTER_LINE + len(chapter.under) for chapter in contents]
    split = min(range(1, len(lines)), key=lambda place: abs(sum(lines[:place]) - sum(lines[place:])))
    return contents[:split], contents[split:]


def _tables(localized: LocalizedEdition, chapter: Chapter) -> tuple[NoteItem, ...]:
    """The tables that stand in a chapter."""
    views = [localized.entries[key].view for key in chapter.tables]
    return tuple(NoteItem(f"tbl-{view.key}", view.label, view.title) for view in views)


def _figures(localized: LocalizedEdition, figures: Mapping[str, PlacedChart], chapter: Chapter) -> tuple[NoteItem, ...]:
    """The figures that stand in a chapter, by number."""
    drawn = [
        figures[key]
        for key in sorted((*chapter.tables, *chapter.supporting), key=lambda key: localized.entries[key].figure)
        if key in figures
    ]
    return tuple(NoteItem(f"fig-{figure.key}", figure.label, figure.title) for figure in drawn)


def _picture(source: str, templates: jinja2.Environment, formulas: dict[str, bytes]) -> str:
    """A formula as a picture with its TeX as alternative text: WeasyPrint knows no MathML."""
    from ziamath.zmath import Math

    tex = _TEX.search(source)
    display = 'display="block"' in source
    svg = Math(_WRAPPING.sub("", _TEX.sub("", source)), size=_DISPLAY_SIZE if display else _INLINE_SIZE).svg()
    box = re.search(r'viewBox="[\d.-]+ ([\d.-]+) ([\d.]+) ([\d.]+)"', svg)
    top, width, height = (float(text) for text in box.groups()) if box else (0.0, 0.0, 0.0)
    name = f"formula-{len(formulas)}.svg"
    formulas[name] = svg.encode()
    return templates.get_template("print/_formula.html").render(
        name=name,
        alt=html_module.unescape(tex.group(1)) if tex else "",
        display=display,
        width=f"{width * _POINTS:.2f}",
        height=f"{height * _POINTS:.2f}",
        drop=f"{(top + height) * _POINTS:.2f}",
    )
