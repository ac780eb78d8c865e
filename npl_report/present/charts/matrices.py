"""Matrices of correlations and loadings.

A cell a pair of row and column, coloured in steps from negative to positive.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil

import altair as alt

from npl_report.model import Unavailable
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    Drawing,
    Record,
    broken,
    data,
    extent,
    height,
    in_lines,
    rows_axis,
    tooltip,
)
from npl_report.present.charts.registry import chart
from npl_report.text.numbers import MINUS

BOUNDS = (-0.7, -0.5, -0.3, -0.1, 0.1, 0.3, 0.5, 0.7)
"""Values between the steps of ``theme.DIVERGING`` (ours): next to nothing within 0.1, close beyond 0.7."""
_FIGURES = 8
"""Columns up to which every cell has room for its figure, on a phone too."""
_LOW, _HIGH = 27.0, 34.0
"""Height of a row, and of one whose name has two lines."""
_LINE, _MOST = 14.0, 3
"""Height of a line of a column's head, and most lines of one."""
_GAP = 8.0
"""Pixels between the heads of columns and the plot."""
_BOX, _THICK = 34.0, 11.0
"""Width and height of a step in the key; the width holds the figure at its edge."""
_NUMBERS, _TITLE = 10.0, 34.0
"""Pixels over the plot at which the figures of the key and its title stand."""
_LEAST = 0.83
"""Share of a figure's estimated width that the smaller figure takes at least: the estimate is generous."""
_NOTHING = "\u2014"


@dataclass(frozen=True)
class _Heads:
    """Column → the lines of its head; ``upright`` heads are in one line and turned."""

    lines: Mapping[str, list[str]]
    upright: bool

    @property
    def depth(self) -> float:
        """Pixels that the heads take above the plot."""
        if self.upright:
            lines = chain.from_iterable(self.lines.values())
            return max(theme.text_width(line, theme.SMALL) for line in lines) + _GAP
        return _LINE * max(map(len, self.lines.values())) + _GAP


@chart("heatmap", "the columns of the matrix, each between -1 and 1", fewest=2, most=20)
def heatmap(source: ChartSource) -> Drawing:
    """A matrix with its figures while columns are few.

    Of one whose columns are its rows only what is below the diagonal is drawn, which then holds the numbers of the
    rows.
    """
    rows = source.rows()
    columns = [
        value for value in source.chart.values if not source.table.column(value).optional or source.result.filled(value)
    ]
    square = columns == list(rows)
    names = {
        row: f"{place}\u00a0{source.label(row)}" if square else source.label(row)
        for place, row in enumerate(rows, start=1)
    }
    labels = list(names.values())
    room = extent(labels)
    heads = (
        _numbers(columns)
        if square
        else _heads({column: source.short(column) for column in columns}, theme.PHONE_WIDTH - room)
    )
    x, y = _columns_axis(heads, square=square), rows_axis(labels, room)
    tips = tooltip(("name", source.word("row")), ("head", source.word("column")), ("text", source.word("axis")))
    cells = _cells(source, names, columns, square=square)
    base = alt.Chart(data(cells)).encode(x=x, y=y, tooltip=tips)
    layers = [base.mark_rect(fill=alt.ExprRef("datum.fill"), stroke=theme.PAPER, strokeWidth=1.2)]
    if len(columns) <= _FIGURES:
        layers.append(_figures(base, cells, len(columns)))
    if square:
        numbers = [{"row": names[row], "column": row, "text": heads.lines[row][0]} for row in rows]
        layers.append(
            alt.Chart(data(numbers)).mark_text(fontSize=theme.SMALL, color=theme.MUTED).encode(x=x, y=y, text="text:N")
        )
    tall = any(len(broken(label)) > 1 for label in labels)
    depth = _GAP if square else heads.depth
    return alt.layer(*layers, *_steps(source, columns[0], room, depth)).properties(
        height=height(rows, _HIGH if tall else _LOW)
    )


def _cells(source: ChartSource, names: Mapping[str, str], columns: Sequence[str], *, square: bool) -> list[Record]:
    """One record a cell: its figure, the colour of its step and of the text on it.

    A gap has no colour, and its reason is told with it.
    """
    records = []
    for place, (row, label) in enumerate(names.items()):
        for column in columns[:place] if square else columns:
            declared, value = source.table.column(column), source.result.cell(row, column)
            record = {"row": label, "column": column, "name": source.label(row), "head": source.title(column)}
            if isinstance(value, Unavailable):
                records.append({**record, "text": _NOTHING, "fill": "transparent", "ink": theme.MUTED})
                continue
            step = bisect_right(BOUNDS, round(value, 9))
            records.append(
                {
                    **record,
                    "text": source.numbers.cell(value, declared),
                    "fill": theme.DIVERGING[step],
                    "ink": theme.ON_DIVERGING[step],
                }
            )
    return records


def _figures(base: alt.Chart, cells: Sequence[Record], columns: int) -> alt.Chart:
    """The figures in the cells: a little smaller where columns are narrow, and none where even that would not fit."""
    widest = max(theme.text_width(cell["text"], theme.SMALL) for cell in cells)
    tight = f"width / {columns} < {widest:.1f}"
    hidden = f"width / {columns} < {widest * _LEAST:.1f}"
    figures: alt.Chart = base.mark_text(
        fontSize=alt.ExprRef(f"{tight} ? {theme.SMALL - 1} : {theme.SMALL}"),
        opacity=alt.ExprRef(f"{hidden} ? 0 : 1"),
        color=alt.ExprRef("datum.ink"),
    ).encode(text="text:N")
    return figures


def _numbers(columns: Sequence[str]) -> _Heads:
    """Columns that are numbered as the rows are."""
    return _Heads({column: [str(place)] for place, column in enumerate(columns, start=1)}, upright=False)


def _heads(names: Mapping[str, str], room: float) -> _Heads:
    """Names broken to what a column is wide on a phone, or upright where that does not help."""
    width = room / max(1, len(names))
    lines = {column: _fitted(name, width) for column, name in names.items()}
    fits = all(
        len(parts) <= _MOST and all(theme.text_width(part, theme.SMALL) <= width for part in parts)
        for parts in lines.values()
    )
    most = max(map(len, lines.values()), default=1)
    return (
        _Heads({column: [""] * (most - len(parts)) + parts for column, parts in lines.items()}, upright=False)
        if fits
        else _Heads({column: [name] for column, name in names.items()}, upright=True)
    )


def _fitted(text: str, width: float) -> list[str]:
    """A text in lines of that width: broken at spaces, or, in a script without them, into parts alike."""
    if not text.isascii() and " " not in text:
        size = ceil(len(text) / ceil(theme.text_width(text, theme.SMALL) / width))
        return [text[start : start + size] for start in range(0, len(text), size)]
    lines: list[str] = []
    for word in text.split(" "):
        if lines and theme.text_width(f"{lines[-1]} {word}", theme.SMALL) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _columns_axis(heads: _Heads, *, square: bool) -> alt.X:
    """The columns from left to right with their heads above, or below in a square matrix, where its cells are."""
    axis = alt.Axis(
        orient="bottom" if square else "top",
        grid=False,
        labelAngle=-90 if heads.upright else 0,
        labelColor=theme.MUTED if square else theme.INK,
        labelLimit=300,
        labelLineHeight=_LINE,
        # Vega puts the first line of several where an only one would be
        labelPadding=_GAP / 2 + (0 if heads.upright else heads.depth - _GAP - _LINE),
        labelOverlap=square,
        labelExpr=in_lines(heads.lines),
    )
    return alt.X(
        "column:N", title=None, sort=list(heads.lines), scale=alt.Scale(domain=list(heads.lines), padding=0), axis=axis
    )


def _steps(source: ChartSource, column: str, room: float, lift: float) -> list[alt.Chart]:
    """The key: all steps in a line with the values between them.

    It begins at the left edge of the names, ``lift`` pixels over the plot.
    """
    declared = source.table.column(column)
    boxes = [{"x": place * _BOX - room, "fill": colour} for place, colour in enumerate(theme.DIVERGING)]
    edges = [
        {"x": place * _BOX - room, "text": f"{source.position(value, declared):g}".replace("-", MINUS)}
        for place, value in enumerate(BOUNDS, start=1)
    ]
    x = alt.ExprRef("datum.x")
    top = -lift - _NUMBERS - _THICK - 8
    return [
        alt.Chart(data(boxes)).mark_rect(
            x=x,
            x2=alt.ExprRef(f"datum.x + {_BOX}"),
            y=top,
            y2=top + _THICK,
            fill=alt.ExprRef("datum.fill"),
            stroke=theme.PAPER,
            strokeWidth=0.8,
        ),
        alt.Chart(data(edges))
        .mark_text(x=x, y=-lift - _NUMBERS + 2, baseline="middle", color=theme.MUTED, fontSize=theme.SMALL)
        .encode(text="text:N"),
        alt.Chart(data([{"text": source.axis(column)}]))
        .mark_text(
            x=-room, y=-lift - _TITLE - 5, align="left", baseline="middle", color=theme.MUTED, fontSize=theme.SMALL
        )
        .encode(text="text:N"),
    ]
