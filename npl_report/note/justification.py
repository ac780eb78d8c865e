"""Chinese lines that end at the margin: WeasyPrint (70) justifies by widening spaces, of which Chinese has hardly any.

Here the rest of a line goes between its Chinese characters and beside them, as CSS Text 3 (``text-justify:
inter-character``) and W3C's Requirements for Chinese Text Layout have it; figures and words in Latin letters stay
whole. To be imported once WeasyPrint can be.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from weasyprint.formatting_structure.boxes import InlineBox, LineBox, TextBox
from weasyprint.layout import inline
from weasyprint.text.ffi import TO_UNITS, ffi
from weasyprint.text.line_break import Layout

_WIDEST = 0.095
"""Of the size of the smallest letters. A tenth is copied as a space by poppler, more by others; a line that would
need wider gaps stays short."""
_CHINESE = re.compile(r"[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_PICTURE = "\ufffc"
"""Stands for a formula or another picture in a line."""


class _Sign(NamedTuple):
    """A character or picture of a line, the box that holds it, and where it ends in the box's text (bytes)."""

    text: str
    box: Any
    end: int


@cache
def justify_chinese() -> None:
    """Make WeasyPrint justify lines in Chinese so; other languages keep its own way."""
    by_spaces = inline.justify_line

    def justify_line(context: Any, line: Any, rest: float) -> None:
        if not (line.style["lang"] or "").startswith("zh"):
            by_spaces(context, line, rest)
            return
        ends: dict[Any, set[int]] = defaultdict(set)
        for sign, following in pairwise(_signs(line)):
            if _opens(sign.text, following.text):
                ends[sign.box].add(sign.end)
        if ends:
            gap = rest / sum(map(len, ends.values()))
            if gap <= _WIDEST * min(box.style["font_size"] for box in ends):
                _widen(line, ends, gap, 0.0)

    inline.justify_line = justify_line


def _opens(text: str, following: str) -> bool:
    """Whether a gap may open between two neighbours."""
    return " " in (text, following) or bool(_CHINESE.match(text) or _CHINESE.match(following))


def _signs(box: Any) -> Iterator[_Sign]:
    """What stands in a line, in order."""
    if isinstance(box, TextBox):
        end = 0
        for char in box.text:
            end += len(char.encode())
            yield _Sign(char, box, end)
    elif isinstance(box, InlineBox | LineBox):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _signs(child)
    else:
        yield _Sign(_PICTURE, box, 0)


def _widen(box: Any, ends: Mapping[Any, set[int]], gap: float, shift: float) -> float:
    """Open the gaps (pixels) of a line or a part of it that begins ``shift`` further right.

    Returns the shift of what follows.
    """
    here = ends.get(box, set())
    after = shift + len(here) * gap
    if isinstance(box, TextBox):
        box.position_x += shift
        if here:
            box.width += after - shift
            box.pango_layout = _Wider(box.style, box.text, here, gap)
    elif isinstance(box, InlineBox | LineBox):
        box.position_x += shift
        for child in box.children:
            if child.is_in_normal_flow():
                after = _widen(child, ends, gap, after)
        box.width += after - shift
    else:
        box.translate(shift, 0)
    return after


class _Wider(Layout):  # type: ignore[misc]
    """The layout of a stretch of text in which glyphs that a gap follows are wider by it."""

    def __init__(self, style: Any, text: str, ends: set[int], gap: float) -> None:
        super().__init__(style)
        self.set_text(text)
        self.deactivate()
        self._ends, self._gap = ends, round(gap * TO_UNITS)

    def get_first_line(self) -> Any:
        """Called once for each drawing, for which the text is laid out anew."""
        line, index = super().get_first_line()
        run = line.runs[0]
        while run != ffi.NULL:
            item, glyphs = run.data.item, run.data.glyphs
            starts = [*glyphs.log_clusters[0 : glyphs.num_glyphs], item.length]
            for glyph, (start, end) in zip(glyphs.glyphs[0 : glyphs.num_glyphs], pairwise(starts), strict=True):
                if start < end and item.offset + end in self._ends:  # of several glyphs for a character the last
                    glyph.geometry.width += self._gap
            run = run.next
        return line, index
