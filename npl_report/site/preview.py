"""The edition → what search engines and social media read of it.

The site map, and the preview picture of each language.

Sources: the sitemaps.org protocol, the Open Graph protocol for the picture's size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from unicodedata import east_asian_width

import jinja2
from markupsafe import escape

from npl_report.exports.citation import address
from npl_report.files.hashing import digest
from npl_report.files.sealed import reused
from npl_report.present.contexts import PreviewContext
from npl_report.present.localized import LocalizedEdition
from npl_report.present.templates import css_string
from npl_report.present.theme import text_width
from npl_report.site.outline import Front
from npl_report.typesetting.drawings import ALPHABET, characters
from npl_report.typesetting.fonts import FACES, LATIN_ONLY, cut, made_from
from npl_report.typesetting.lettering import broken

_NOTICE_WIDTH, _NOTICE_LINES = 52.0, 4
"""Width of a line of the preview's notice in ems of its type, and how many lines there is room for."""
_HEADLINE_WIDTH, _HEADLINE_LINES = 20.6, 3
"""The same of its headline."""
_KICKER_WIDTH, _KICKER = 1000.0, 24.0
"""Pixels that the line above it may take, and the size of its type if it is shorter."""
_TILES, _DETAIL_WIDTH = 3, 16.8
"""How many key figures stand in it, and the width of what is said of one, in ems of its type."""


def site_map(
    by_language: Iterable[LocalizedEdition], templates: jinja2.Environment, files: Iterable[str]
) -> dict[str, bytes]:
    """``sitemap.xml`` with every page and its other languages, and a ``robots.txt`` that names it.

    Nothing if the series has no address.

    A search engine reads ``robots.txt`` at the root of a host only: where the edition stands in a folder, its line is
    copied there.
    """
    known = list(by_language)
    if not known[0].series.address:
        return {}
    paths = sorted(path for path in files if path.endswith(".html"))
    pages = [
        {
            language: address(localized, f"{language}/{path}")
            for language, localized in ((localized.language, localized) for localized in known)
        }
        for path in dict.fromkeys(path.partition("/")[2] for path in paths if "/" in path)
    ]
    tags = {localized.language: str(localized.words["language.tag"]) for localized in known}
    text = templates.get_template("html/sitemap.xml").render(
        pages=pages, tags=tags, changed=known[0].edition.published_iso
    )
    robots = f"User-agent: *\nAllow: /\nSitemap: {address(known[0], 'sitemap.xml')}\n"
    return {"sitemap.xml": text.encode(), "robots.txt": robots.encode()}


def picture(localized: LocalizedEdition) -> str:
    """Path of the preview picture in the edition's folder.

    Empty if the series has no address, for then no page can name it.
    """
    return f"assets/preview.{localized.language}.png" if localized.series.address else ""


def previews(
    by_language: Iterable[LocalizedEdition],
    templates: jinja2.Environment,
    fronts: Mapping[str, Front],
    cache: Path,
) -> dict[str, bytes]:
    """The preview picture of each language (PNG of 1200 × 630) by its path.

    ``fronts`` is what its front page says first.
    """
    return {
        path: draw_preview(preview(localized, templates, fronts[localized.language]), cache)
        for localized in by_language
        if (path := picture(localized))
    }


def preview(localized: LocalizedEdition, templates: jinja2.Environment, front: Front) -> str:
    """The preview picture as SVG, in our families' own names."""
    words, series, edition = localized.words, localized.series_words, localized.edition
    sans, serif = (
        next(face.family for face in FACES if (face.family in LATIN_ONLY) is latin) for latin in (False, True)
    )
    dated = str(words["ui.edition"]).format(id=edition.id), str(words["ui.as_of"]).format(date=edition.as_of)
    kicker = str(words["ui.dot"]).join([str(series["title"]), *dated])
    headline = front.headline or str(series["subtitle"])
    context = PreviewContext(
        tag=str(words["language.tag"]),
        kicker=kicker,
        size=round(min(_KICKER, _KICKER_WIDTH / text_width(kicker, 1.0, bold=True)), 1),
        headline=tuple(_lines(headline, _HEADLINE_WIDTH, _HEADLINE_LINES)),
        tiles=tuple(
            replace(tile, detail="".join(_lines(tile.detail, _DETAIL_WIDTH, 1))) for tile in front.tiles[:_TILES]
        ),
        notice=tuple(_lines(localized.notice, _NOTICE_WIDTH, _NOTICE_LINES)),
        notice_title=str(words["front.simulated"]),
        sans=sans,
        face=sans if any(_wide(sign) for sign in headline) else serif,
    )
    return templates.get_template("html/preview.svg").render(preview=context)


def draw_preview(svg: str, cache: Path) -> bytes:
    """SVG → PNG with our fonts, once per picture.

    The families get names that no other picture of this process has: fonts are registered for good, and a cut of the
    same name made for other characters would be taken for this one.
    """
    mark = digest((svg + made_from() + version("vl-convert-python")).encode())

    def made() -> bytes:
        import vl_convert

        used = characters(svg) | ALPHABET
        folder, drawn = cache / "preview" / mark[:24], svg
        folder.mkdir(parents=True, exist_ok=True)
        for face in FACES:
            own = replace(face, family=f"{face.family} {mark[:8]}")
            (folder / f"{face.name}.otf").write_bytes(cut(own, used, cache))
            for named in (face.family, _in_quotes(face.family)):  # older templates leave out the quotes
                drawn = drawn.replace(f'"{named}"', f'"{_in_quotes(own.family)}"')
        vl_convert.register_font_directory(str(folder))
        return vl_convert.svg_to_png(drawn)

    return reused(cache / "preview" / f"{mark}.png", made)


def _in_quotes(family: str) -> str:
    """A family as the template names it."""
    return str(escape(css_string(family)))


def _wide(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def _lines(text: str, width: float, most: int) -> list[str]:
    """A text in lines so many ems wide; what there is no room for ends in an ellipsis."""

    def fits(end: str) -> Callable[[str], bool]:
        return lambda line: text_width(line + end, 1.0) <= width

    lines = broken(text, fits(""))
    if len(lines) <= most:
        return lines
    *whole, last = lines[:most]
    return [*whole, broken(last, fits("…"))[0] + "…"]
