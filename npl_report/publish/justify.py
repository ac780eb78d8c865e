"""Chinese lines that end at the margin: WeasyPrint (70) justifies by widening spaces, of which Chinese has hardly any.

Here the rest of a line goes between all its characters, as CSS Text 3 (``text-justify: inter-character``) and W3C's Requirements for Chinese Text Layout have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

_WIDEST = 1 / 8
"""Of the font's size: wider gaps would read as spaces, so a line that would need them stays short."""


@cache
def justify_chinese() -> None:
    """Make WeasyPrint justify lines in Chinese so; other languages keep its own way. To be called once WeasyPrint can be imported."""
    from weasyprint.layout import inline

    by_spaces = inline.justify_line

    def justify_line(context: Any, line: Any, rest: float) -> None:
        if not (line.style["lang"] or "").startswith("zh"):
            by_spaces(context, line, rest)
            return
        characters = sum(len(box.text) for box in _texts(line))
        if characters and (gap := rest / characters) <= _WIDEST * line.style["font_size"]:
            _widen(context, line, gap, 0.0)

    inline.justify_line = justify_line


def _texts(box: Any) -> Iterator[Any]:
    """The stretches of text in a line, in order."""
    from weasyprint.formatting_structure.boxes import InlineBox, LineBox, TextBox

    if isinstance(box, TextBox):
        yield box
    elif isinstance(box, InlineBox | LineBox):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _texts(child)


def _widen(context: Any, box: Any, gap: float, shift: float) -> float:
    """Put ``gap`` (pixels) around every character of a line or a part of it, half on each side, as Pango does. The part begins ``shift`` further right; returns the shift of what follows."""
    from weasyprint.formatting_structure.boxes import InlineBox, LineBox, TextBox
    from weasyprint.text.line_break import create_layout, line_size

    before = shift
    if isinstance(box, TextBox):
        style = box.style.copy()
        style["letter_spacing"] = gap
        layout = create_layout(box.text, style, context, max_width=None, justification_spacing=0)
        width, _ = line_size(layout.get_first_line()[0], style)
        layout.deactivate()
        box.style, box.pango_layout = style, layout
        box.position_x += before
        shift += width - box.width
    elif isinstance(box, InlineBox | LineBox):
        box.position_x += before
        for child in box.children:
            if child.is_in_normal_flow():
                shift = _widen(context, child, gap, shift)
    else:
        box.translate(before, 0)
        return shift
    box.width += shift - before
    return shift
