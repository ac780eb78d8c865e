"""Figures → files that can leave the site.

Pictures with title, source and notice, their letters as outlines (SVG, and PNG of twice the size), and specifications
that say the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import jinja2

from npl_report.files.hashing import digest
from npl_report.files.sealed import opened, seal, sealed
from npl_report.files.writing import as_json
from npl_report.present import theme
from npl_report.present.contexts import ChartContext, ChartDrawing, ChartLine
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import Panel, PlacedChart
from npl_report.typesetting import lettering
from npl_report.typesetting.drawings import ALPHABET, characters, font_folder
from npl_report.typesetting.fonts import check_glyphs, made_from
from npl_report.typesetting.lettering import TEMPLATE, Lettering
from npl_report.typesetting.processes import letter

FOLDER = "downloads/charts"
_PICTURES = ("svg", "png")
_LIBRARIES = ("fonttools", "pillow", "uharfbuzz", "vl-convert-python")
"""Those that can change a picture."""
_MARGIN, _GAP = 20.0, 22.0
"""Pixels around everything, and between panels."""
_ACROSS = 3
"""Panels beside each other, as on a wide page."""
_NARROWEST = 320.0
"""Pixels that the texts need, though a panel may be narrower."""
_LEADING = 1.45
"""Height of a line in sizes of its type."""
_SIZE = re.compile(r'<svg\b[^>]*\swidth="([\d.]+)" height="([\d.]+)"')
_SPEC_NARROWEST, _SPEC_ROOM, _SPEC_PADDING = 420, 0.85, 12
"""Pixels of an interactive chart, the share of its width that our letters may take where others, perhaps wider,
stand in for them, and pixels around it."""


@dataclass(frozen=True)
class Style:
    """The look of a text: size in pixels, colour, weight, and pixels above its first line."""

    size: float
    colour: str
    bold: bool = False
    above: float = 0.0


_TITLE, _PANEL = Style(17, theme.INK, bold=True), Style(13, theme.INK, bold=True, above=8)
_SOURCE, _NOTICE = Style(11, theme.MUTED, above=3), Style(11, theme.WARNING, bold=True, above=3)


@dataclass(frozen=True)
class Poster:
    """What the picture of a figure shows: its texts and all its panels.

    Some panels lean on others for a key or an axis. ``sources`` are the data's and the edition; ``notice`` is empty for
    real data; ``description`` says all of it to who cannot see the picture.
    """

    name: str
    tag: str
    title: str
    description: str
    panels: tuple[Panel, ...]
    beside: bool
    sources: tuple[str, ...]
    notice: str

    @property
    def texts(self) -> str:
        """Every character that is written."""
        return "".join((self.title, *self.sources, self.notice, *(panel.title + panel.svg for panel in self.panels)))


def posters(localized: LocalizedEdition, figures: Mapping[str, PlacedChart]) -> Iterator[Poster]:
    """The pictures of the tables of one language."""
    words = localized.words
    notice = str(words["picture.simulated"]) if localized.notice else ""
    for key, figure in figures.items():
        if not figure.absent:
            sources = (
                f"{words['ui.source']}{words['ui.colon']}{words['ui.semicolon'].join(localized.entries[key].view.sources)}",
                _edition(localized),
            )
            said = str(words["ui.between_sentences"]).join(filter(None, (figure.alt, *sources, localized.notice)))
            yield Poster(
                picture_name(key, localized.language),
                str(words["language.tag"]),
                figure.title,
                said,
                figure.panels,
                figure.beside,
                sources,
                notice,
            )


def picture_name(key: str, language: str) -> str:
    """Name of a figure's picture, without ending."""
    return f"{key}.{language}"


def _edition(localized: LocalizedEdition) -> str:
    """The series and the edition, as of its date."""
    words, edition, series = localized.words, localized.edition, localized.series_words
    revision = [words["ui.revision"].format(n=edition.revision)] if edition.revision > 1 else []
    return str(words["ui.dot"]).join(
        [
            series["title"],
            words["ui.edition"].format(id=edition.id),
            *revision,
            words["ui.as_of"].format(date=edition.as_of),
            series["publisher"],
        ]
    )


def chart_files(made: Iterable[Poster], templates: jinja2.Environment, cache: Path) -> dict[str, bytes]:
    """The files by path; InputError for a character without a glyph."""
    wanted = list(made)
    used = ALPHABET | characters("".join(poster.texts for poster in wanted))
    check_glyphs(used, FOLDER)
    fonts = font_folder(used, cache)
    letters = Lettering(fonts)
    template = templates.get_template(TEMPLATE)
    drawings = {poster.name: template.render(chart=_layout(poster, letters)) for poster in wanted}
    files: dict[str, bytes] = {}
    for poster in wanted:
        files |= {
            f"{FOLDER}/{panel.name}.vl.json": as_json(_titled(poster, panel, letters)).encode()
            for panel in poster.panels
        }
    return files | _outlines(drawings, fonts, cache)


def _outlines(drawings: Mapping[str, str], fonts: Path, cache: Path) -> dict[str, bytes]:
    """The pictures, of which only new ones are made."""
    engine = "".join((*map(version, _LIBRARIES), made_from(), digest(Path(lettering.__file__).read_bytes())))
    places = {name: cache / "charts" / digest(f"{engine}{svg}".encode()) for name, svg in drawings.items()}
    missing = [
        name for name, place in places.items() if not all(sealed(place.with_suffix(f".{kind}")) for kind in _PICTURES)
    ]
    for name, (svg, png) in zip(missing, letter([drawings[name] for name in missing], fonts), strict=True):
        seal(places[name].with_suffix(".svg"), svg.encode())
        seal(places[name].with_suffix(".png"), png)
    files: dict[str, bytes] = {}
    for name, place in places.items():
        files |= {f"{FOLDER}/{name}.{kind}": opened(place.with_suffix(f".{kind}")) for kind in _PICTURES}
    return files


class _Sheet:
    """A picture being laid out from the top."""

    def __init__(self, letters: Lettering, room: float) -> None:
        self._letters, self._room = letters, room
        self.y = _MARGIN
        self.lines: list[ChartLine] = []
        self.drawings: list[ChartDrawing] = []

    def write(self, text: str, style: Style, x: float = _MARGIN, room: float = 0.0) -> None:
        """A text below what is there, in as many lines as it needs."""
        self.y += style.above if text else 0.0
        for line in self._letters.lines(text, room or self._room, style.size, bold=style.bold):
            self.y += style.size * _LEADING
            self.lines.append(
                ChartLine(line, x, round(self.y - style.size * (_LEADING - 1), 1), style.size, style.colour, style.bold)
            )

    def place(self, panels: Iterable[tuple[Panel, float]]) -> None:
        """Panels beside each other, each at its x, its title above it."""
        top, bottom = self.y, self.y
        for panel, x in panels:
            self.y = top
            width, height = _size(panel)
            self.write(panel.title, _PANEL, x, width)
            self.drawings.append(
                ChartDrawing(
                    x, round(self.y + _MARGIN / 2, 1), panel.svg[panel.svg.index(">") + 1 : panel.svg.rindex("</svg>")]
                )
            )
            bottom = max(bottom, self.y + _MARGIN / 2 + height)
        self.y = bottom


def _layout(poster: Poster, letters: Lettering) -> ChartContext:
    """The title at the top, the panels as on the page, the source and the notice at the foot."""
    widest = max(_size(panel)[0] for panel in poster.panels)
    across = min(len(poster.panels), _ACROSS) if poster.beside else 1
    room = max(across * (widest + _GAP) - _GAP, _NARROWEST)
    sheet = _Sheet(letters, room)
    sheet.write(poster.title, _TITLE)
    for start in range(0, len(poster.panels), across):
        sheet.place(
            (panel, _MARGIN + place * (widest + _GAP))
            for place, panel in enumerate(poster.panels[start : start + across])
        )
    sheet.y += _MARGIN / 4
    for text in poster.sources:
        sheet.write(text, _SOURCE)
    sheet.write(poster.notice, _NOTICE)
    return ChartContext(
        poster.tag,
        room + 2 * _MARGIN,
        round(sheet.y + _MARGIN),
        poster.title,
        poster.description,
        tuple(sheet.lines),
        tuple(sheet.drawings),
        theme.SANS,
        theme.PAPER,
    )


def _size(panel: Panel) -> tuple[float, float]:
    """Width and height of its drawing in pixels."""
    found = _SIZE.match(panel.svg)
    if not found:
        raise ValueError(f"the drawing {panel.name} has no size")
    return float(found[1]), float(found[2])


def _titled(poster: Poster, panel: Panel, letters: Lettering) -> dict[str, Any]:
    """The specification of an interactive chart with title, source and notice in it.

    Its font families are those that other machines have.
    """
    spec: dict[str, Any] = json.loads(panel.spec.replace(json.dumps(theme.SANS), json.dumps(theme.STACK)))
    width = max(spec["width"], _SPEC_NARROWEST)
    room = width * _SPEC_ROOM
    texts = (*poster.sources, poster.notice)
    under = list(chain.from_iterable(letters.lines(text, room, _SOURCE.size) for text in texts))
    title = {
        "text": letters.lines(poster.title, room, _TITLE.size, bold=True),
        "subtitle": [*filter(None, [panel.title]), *under],
        "anchor": "start",
        "frame": "bounds",
        "offset": _MARGIN,
        "fontSize": _TITLE.size,
        "color": _TITLE.colour,
        "lineHeight": _TITLE.size * _LEADING,
        "subtitleFontSize": _SOURCE.size,
        "subtitleLineHeight": _SOURCE.size * _LEADING,
        "subtitleColor": _SOURCE.colour,
        "subtitlePadding": _SPEC_PADDING / 2,
        "font": theme.STACK,
        "subtitleFont": theme.STACK,
    }
    return spec | {
        "width": width,
        "padding": _SPEC_PADDING,
        "title": title,
        "background": theme.PAPER,
        "usermeta": {"description": poster.description},
    }
