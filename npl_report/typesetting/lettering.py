"""Texts → lines by what they measure, and SVG with texts → the same picture with their letters as outlines.

A picture that leaves the site finds our fonts nowhere: browsers alone follow ``@font-face`` in an SVG; Inkscape,
LibreOffice, librsvg and office programs take another font of other widths, which need not have Chinese characters.
Outlines look the same in all of them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from npl_report.files.hashing import digest
from npl_report.model import InputError, Problem
from npl_report.typesetting.fonts import BOLD, FACES, LATIN_ONLY

TEMPLATE = "html/chart.svg"
"""Of the pictures that are lettered here."""
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
"""The older form of references, which office programs read as well."""
_FIRST = (f"{_SVG}title", f"{_SVG}desc")
_PLACE, _STROKE = ("x", "y"), "stroke-width"
"""What groups of outlines say otherwise than texts."""
_TYPE = ("font-family", "font-size", "font-weight", "text-anchor")
"""What is said of letters alone."""
_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""Share of a text's width that stands before its anchor."""
_DECIMALS = 2
"""Of a pixel in the places of what is drawn."""
_NEVER_FIRST, _NEVER_LAST = frozenset("，。；：、？！”’）》」』】％"), frozenset("“‘（《「『【")
_PIECE = re.compile(r"[^\s\u2e80-\uffff]+\s*|\s+|.")
"""What a line may be broken after: a Chinese character, or a word with the space behind it."""


class Lettering:
    """The faces of our sans in a folder, cut to the characters that are written."""

    def __init__(self, folder: Path) -> None:
        import uharfbuzz as hb

        faces = [face for face in FACES if face.family not in LATIN_ONLY]
        self._shapes: dict[tuple[int, bool], str] = {}
        self._fonts = {
            face.weight >= BOLD: hb.Font(hb.Face(hb.Blob.from_file_path(str(folder / f"{face.name}.otf"))))
            for face in faces
        }

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width of a line of text in pixels."""
        font = self._fonts[bold]
        return float(sum(place.x_advance for _, place in _shaped(font, text)) * size / font.face.upem)

    def lines(self, text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
        """The text in lines of at most ``room`` pixels, but for a word that is longer."""
        return broken(text, lambda line: self.width(line, size, bold=bold) <= room)

    def outlined(self, svg: str) -> str:
        """The picture with its letters as outlines.

        Each glyph stands in it once, and a text is a group that uses glyphs.
        """
        for prefix, space in (("", _SVG), ("xlink", _XLINK)):
            ET.register_namespace(prefix, space.strip("{}"))
        try:
            root = ET.fromstring(svg)  # noqa: S314 -- drawn by ourselves
        except ET.ParseError as error:
            raise InputError(
                [
                    Problem(
                        f"templates/{TEMPLATE}",
                        rule=f"gives no valid XML: {error}",
                        fix="close every element and quote every attribute",
                    )
                ]
            ) from None
        glyphs: dict[str, str] = {}
        self._outline(root, {}, glyphs)
        shapes = ET.Element(f"{_SVG}defs")
        shapes.extend(ET.Element(f"{_SVG}path", id=name, d=path) for path, name in glyphs.items())
        root.insert(sum(child.tag in _FIRST for child in root), shapes)
        return ET.tostring(root, encoding="unicode")

    def _outline(self, element: ET.Element, inherited: dict[str, str], glyphs: dict[str, str]) -> None:
        style = inherited | {name: element.attrib[name] for name in (*_TYPE, _STROKE) if name in element.attrib}
        for name in _TYPE:
            element.attrib.pop(name, None)
        if element.tag != f"{_SVG}text":
            for child in element:
                self._outline(child, style, glyphs)
            return
        x, y = (float(element.attrib.get(name, 0)) for name in _PLACE)
        groups = [self._group(element.text or "", x, y, style, glyphs)]
        for line in element:  # of a text of several lines
            y += float(line.attrib.get("dy", 0))
            groups.append(self._group(line.text or "", float(line.attrib.get("x", x)), y, style, glyphs))
        element.tag, element.text = f"{_SVG}g", None
        element[:] = [group for group in groups if len(group)]
        for name in (*_PLACE, _STROKE):
            element.attrib.pop(name, None)

    def _group(self, text: str, x: float, y: float, style: dict[str, str], glyphs: dict[str, str]) -> ET.Element:
        """A line of text whose baseline begins, or ends, at a place, in units of the font."""
        size, bold = _pixels(style.get("font-size", ""), text), _is_bold(style.get("font-weight", ""))
        scale = size / self._fonts[bold].face.upem
        x -= self.width(text, size, bold=bold) * _BEFORE[style.get("text-anchor", "start")]
        group = ET.Element(f"{_SVG}g", transform=f"translate({short(x)},{short(y)}) scale({scale:.8g},{-scale:.8g})")
        if _STROKE in style:
            group.set(_STROKE, short(float(style[_STROKE]) / scale))
        at = 0
        for glyph, place in _shaped(self._fonts[bold], text):
            path = self._shape(glyph, bold=bold)
            if path:
                name = glyphs.setdefault(path, f"g{digest(path.encode())[:10]}")
                moved = {"x": at + place.x_offset, "y": place.y_offset}
                ET.SubElement(
                    group,
                    f"{_SVG}use",
                    {f"{_XLINK}href": f"#{name}"} | {axis: str(by) for axis, by in moved.items() if by},
                )
            at += place.x_advance
        return group

    def _shape(self, glyph: int, *, bold: bool) -> str:
        """A glyph as a path; nothing for a space."""
        from fontTools.pens.svgPathPen import SVGPathPen

        if (glyph, bold) not in self._shapes:
            pen = SVGPathPen(None)
            self._fonts[bold].draw_glyph_with_pen(glyph, pen)
            self._shapes[glyph, bold] = str(pen.getCommands())
        return self._shapes[glyph, bold]


def broken(text: str, fits: Callable[[str], bool]) -> list[str]:
    """The text in lines that fit, broken where its language allows it.

    What cannot be broken stands on a line of its own.
    """
    lines, line = [], ""
    for piece in _unbroken(text):
        if line and not fits((line + piece).rstrip()):
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _shaped(font: Any, text: str) -> list[tuple[int, Any]]:
    """The glyphs of a text, each with its place in units of the font."""
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    return [
        (glyph.codepoint, place) for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions or (), strict=True)
    ]


def _unbroken(text: str) -> Iterator[str]:
    """The pieces of a text between which a line may end."""
    held = ""
    for piece in _PIECE.findall(text):
        if held and held[-1] not in _NEVER_LAST and piece[0] not in _NEVER_FIRST:
            yield held
            held = ""
        held += piece
    if held:
        yield held


def _pixels(size: str, text: str) -> float:
    try:
        return float(size.removesuffix("px"))
    except ValueError:
        rule = f"a text's size is {size!r}, and must be a number of pixels" if size else "a text has no size"
        raise InputError(
            [
                Problem(
                    f"templates/{TEMPLATE}",
                    value=text,
                    rule=rule,
                    fix='give it font-size="12", itself or in a group around it',
                )
            ]
        ) from None


def _is_bold(weight: str) -> bool:
    return weight == "bold" or (weight.isdecimal() and int(weight) >= BOLD)


def short(value: float) -> str:
    """Pixels as pictures have them."""
    return f"{round(value, _DECIMALS) + 0.0:.8g}"  # no negative nought
