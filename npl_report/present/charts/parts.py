"""What every kind of chart is put together from.

Data, tooltips, axes of rows, scales, keys, and words in the place of missing values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource

Drawing = alt.LayerChart | alt.FacetChart
Panels = dict[str, Drawing]
"""Name of a panel → its drawing. The name is an asset type, or one of the chart's own words: ``panels.<name>``."""

BANK = 27.0
"""Pixels that the row of a bank takes."""
DOT = 64.0
"""Area of a dot in square pixels."""

Record = dict[str, Any]
Shape = Literal["dot", "ring", "diamond", "tick", "line", "dashes", "square", "frame"]

_SHAPES: dict[Shape, str] = {
    "dot": "circle",
    "ring": "circle",
    "diamond": "diamond",
    "tick": "M0,-1.3V1.3",
    "line": "M-1.3,0H1.3",
    "dashes": "M-1.3,0H-0.3M0.3,0H1.3",
    "square": "square",
    "frame": "square",
}
_SIGN, _GAP = 17.0, 16.0
"""Pixels that a sign of a key takes before its text, and between two entries."""
_KEY_WIDTH = theme.PHONE_WIDTH - 12.0
"""A key breaks beyond it: what a phone shows beside the margins of page and figure."""
_KEY_LINE = 19.0
"""Height of a line of a key."""
_LONGEST = 125.0
"""Pixels beyond which the name of a row is broken, so that a phone keeps room for the plot."""
_HALF_LINE = 7.0
"""Half the height of a line of the names of rows."""
_GUTTER = 8.0
"""Pixels between the labels of the rows and the plot."""

_TICKS = 34.0
"""Pixels that the labels of a vertical axis take beside the plot: the same in all panels."""


def data(records: Iterable[Record]) -> alt.InlineData:
    """Records as the data of a layer: several as a tuple, which Altair hands on where it would copy a list."""
    values = tuple(records)
    return alt.InlineData(values=values if len(values) > 1 else list(values))


def tooltip(*fields: tuple[str, str]) -> list[alt.Tooltip]:
    """Lines of a tooltip: field and its name."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in fields]


def measure_tips(source: ChartSource) -> list[alt.Tooltip]:
    """What is told of a mark that is one of several measures of its row."""
    return tooltip(("row", source.word("row")), ("measure", source.word("part")), ("text", source.word("axis")))


def stacked(source: ChartSource, values: Sequence[str], rows: Sequence[str], whole: Mapping[str, str]) -> list[Record]:
    """The parts of columns in the order of ``values``, each with its column's ``whole`` by row."""
    return [
        {**record, "order": values.index(record["key"]), "whole": whole.get(record["id"], "")}
        for record in source.long(values, rows)
        if record["at"]
    ]


def type_colour(source: ChartSource, field: str) -> alt.Color:
    """Colour by asset type."""
    kinds = list(source.asset_types)
    scale = alt.Scale(domain=kinds, range=[source.colour(kind) for kind in kinds])
    return alt.Color(f"{field}:N", legend=None, scale=scale)


def row_colour(source: ChartSource) -> Any:
    """Colour by asset type where the rows are types, else the accent."""
    return type_colour(source, "id") if source.table.rows is Unit.ASSET_TYPE else alt.value(theme.ACCENT)


def extent(labels: Iterable[str]) -> float:
    """Pixels that the labels of the rows take beside the plot: given to all panels, so that their left edges agree."""
    lines = chain.from_iterable(map(broken, labels))
    return round(max((theme.text_width(line, theme.LABEL) for line in lines), default=0.0)) + _GUTTER


def broken(label: str) -> list[str]:
    """A long name in two lines.

    Broken before a bracket if what stands before it is short enough, or else at the space that makes them most alike.
    """
    brackets = [place for place, sign in enumerate(label) if sign in "(（" and place]
    spaces = [place for place, sign in enumerate(label) if sign == " "]
    places = [
        place for place in brackets if not spaces or theme.text_width(label[:place].strip(), theme.LABEL) <= _LONGEST
    ] or spaces
    if theme.text_width(label, theme.LABEL) <= _LONGEST or not places:
        return [label]
    place = min(
        places, key=lambda place: (max(theme.text_width(label[:place]), theme.text_width(label[place:])), place)
    )
    return [label[:place].strip(), label[place:].strip()]


def rows_axis(labels: Sequence[str], room: float, offset: float = 0.0) -> alt.Y:
    """One row a label, from top to bottom; ``offset`` leaves room for figures between labels and plot."""
    lines = {label: broken(label) for label in labels}
    several = [label for label, parts in lines.items() if len(parts) > 1]
    axis = alt.Axis(
        offset=offset,
        domain=False,
        minExtent=room,
        maxExtent=room,
        labelLimit=room,
        labelPadding=_GUTTER,
        labelExpr=in_lines(lines),
    )
    if several:  # Vega centres the first line
        axis.labelLineHeight = 2 * _HALF_LINE
        axis.labelOffset = {
            "condition": {"test": f"indexof({_quoted(several)}, datum.value) >= 0", "value": -_HALF_LINE},
            "value": 0,
        }
    return alt.Y("row:N", title=None, sort=list(labels), scale=alt.Scale(domain=list(labels)), axis=axis)


def in_lines(labels: Mapping[str, list[str]]) -> str:
    """Expression for the labels of an axis: value → its lines."""
    cases = [
        f"datum.label === {_quoted(label)} ? {_quoted(lines)} : " for label, lines in labels.items() if lines != [label]
    ]
    return "".join([*cases, "datum.label"])


def _quoted(value: str | list[str]) -> str:
    """Text, or the lines of a text, as an expression."""
    return json.dumps(value, ensure_ascii=False)


def room_to(records: Iterable[Record], share: float) -> list[float]:
    """A scale from zero to the highest position and a share more."""
    return [0.0, max((record["at"] for record in records), default=0.0) * share or 1.0]


def height(rows: Sequence[str], row: float) -> float:
    """Height of all rows. Given in pixels, because Vega-Lite cannot fit the width of a chart whose height is a step."""
    return row * max(1, len(rows))


@dataclass(frozen=True)
class Sign:
    """An entry of a key."""

    shape: Shape
    colour: str
    text: str


def key(signs: Sequence[Sign], left: float = 0.0, lift: float = 0.0, room: float = _KEY_WIDTH) -> list[alt.Chart]:
    """A key in lines above the plot, from ``left`` pixels before it on and ``lift`` over it, ``room`` pixels wide.

    It stands in for Vega's legends, which do not break.
    """
    placed = _placed(signs, room)
    lines = placed[-1][1] + 1 if placed else 1
    records = []
    for sign, (x, line) in zip(signs, placed, strict=True):
        hollow = sign.shape in ("tick", "line", "dashes")
        records.append(
            {
                "x": round(x - left, 1),
                "shape": _SHAPES[sign.shape],
                "fill": theme.PAPER if sign.shape in ("ring", "frame") else "transparent" if hollow else sign.colour,
                "stroke": sign.colour,
                "text": sign.text,
                "y": round(-_KEY_LINE * (lines - line) + 3.0 - lift, 1),
            }
        )
    y = alt.ExprRef("datum.y")
    base = alt.Chart(data(records))
    marks = base.mark_point(
        x=alt.ExprRef(f"datum.x + {_SIGN / 2 - 2}"),
        y=y,
        size=62,
        strokeWidth=1.8,
        opacity=1,
        shape=alt.ExprRef("datum.shape"),
        fill=alt.ExprRef("datum.fill"),
        stroke=alt.ExprRef("datum.stroke"),
    )
    texts = base.mark_text(x=alt.ExprRef(f"datum.x + {_SIGN}"), y=y, align="left", baseline="middle").encode(
        text="text:N"
    )
    return [marks, texts]


def _placed(signs: Sequence[Sign], room: float) -> list[tuple[float, int]]:
    """Where each entry of a key begins in its line, and which line that is."""
    placed: list[tuple[float, int]] = []
    x, line = 0.0, 0
    for sign in signs:
        width = _SIGN + theme.text_width(sign.text) + _GAP
        if x and x + width - _GAP > room:
            x, line = 0.0, line + 1
        placed.append((x, line))
        x += width
    return placed


def outlined(base: alt.Chart, **mark: Any) -> list[alt.Chart]:
    """Text over other marks, with a line of paper around its letters."""
    return [base.mark_text(stroke=theme.PAPER, strokeWidth=3, strokeJoin="round", **mark), base.mark_text(**mark)]


def at_right(base: alt.Chart, right: float, text: str = "text:N") -> alt.Chart:
    """The text of every row in a column at the right edge, ``right`` pixels wide."""
    column: alt.Chart = base.mark_text(x="width", dx=right, align="right", fontWeight="bold").encode(text=text)
    return column


def head_at_right(title: str, right: float) -> alt.Chart:
    """The head of that column, which ends with it; ``right`` is the room beside the plot."""
    head: alt.Chart = (
        alt.Chart(data([{"text": title}]))
        .mark_text(x="width", dx=right, y=-8, align="right", baseline="middle", color=theme.MUTED, fontSize=theme.SMALL)
        .encode(text="text:N")
    )
    return head


def right_room(texts: Iterable[str]) -> float:
    """Pixels that a column at the right edge takes."""
    return round(max((theme.text_width(text, bold=True) for text in texts), default=0.0)) + 12.0


def spacer(right: float) -> alt.Chart:
    """An invisible mark so many pixels beside the plot.

    Vega fits the width to what overhangs, and panels whose figures differ in length would differ in width.
    """
    mark: alt.Chart = alt.Chart(data([{}])).mark_point(x=alt.ExprRef(f"width + {right - 1}"), y=0, size=1, opacity=0)
    return mark


def blanks(source: ChartSource, columns: Sequence[str], rows: Sequence[str], y: alt.Y) -> list[alt.Chart]:
    """Why rows have nothing to show, in their place."""
    records = source.blanks(columns, rows)
    if not records:
        return []
    return [
        alt.Chart(data(records))
        .mark_text(x=4, align="left", color=theme.MUTED, limit=alt.ExprRef("width"), fontSize=theme.SMALL)
        .encode(y=y, text="text:N")
    ]


def nothing(source: ChartSource, column: str, rows: Sequence[str]) -> list[alt.Chart]:
    """Why a panel is empty, if none of its rows has a value."""
    found = source.blanks((column,), rows)
    if len(found) < len(rows):
        return []
    return [
        alt.Chart(data(found[:1]))
        .mark_text(x=8, y=16, align="left", color=theme.MUTED, limit=alt.ExprRef("width - 8"), fontSize=theme.SMALL)
        .encode(text="text:N")
    ]


def over_plot(text: str, x: float = 0) -> alt.Chart:
    """What the vertical axis measures, in words over its end, ``x`` pixels from the plot's left edge."""
    words: alt.Chart = (
        alt.Chart(data([{"text": text}]))
        .mark_text(x=x, y=-12, align="left", baseline="middle", color=theme.MUTED, fontSize=theme.SMALL)
        .encode(text="text:N")
    )
    return words


def grid_axis(ticks: int) -> alt.Axis:
    """A vertical axis of plain figures, with a line through the plot at each."""
    return alt.Axis(
        grid=True,
        gridColor=theme.PALE,
        domain=False,
        tickCount=ticks,
        labelColor=theme.MUTED,
        labelFontSize=theme.SMALL,
    )


def rates_axis(source: ChartSource, column: str, ticks: int) -> alt.Axis:
    """A vertical axis whose ticks carry the unit, so that it needs no title."""
    return alt.Axis(
        labelExpr=source.ticks_with_unit(column),
        grid=True,
        gridColor=theme.PALE,
        domain=False,
        tickCount=ticks,
        labelColor=theme.MUTED,
        labelFontSize=theme.SMALL,
        minExtent=_TICKS,
        maxExtent=_TICKS,
    )
