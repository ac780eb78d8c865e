"""Charts of rows: bars, dumbbells, ranges.

Names stand at the left, figures at their marks or in a column at the right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    BANK,
    DOT,
    Drawing,
    Panels,
    Record,
    Shape,
    Sign,
    at_right,
    blanks,
    data,
    extent,
    head_at_right,
    height,
    key,
    measure_tips,
    right_room,
    room_to,
    row_colour,
    rows_axis,
    spacer,
    tooltip,
)
from npl_report.present.charts.registry import chart

_ROW, _SLIM, _PAIR, _RANGE = 36.0, 26.0, 42.0, 50.0
"""Pixels a row takes: a bar, a bar among many, two marks with figures, a range and marks."""
_MANY = 8
_EDGE = 0.35
"""Share of the scale below which a figure left of its mark needs room beside the plot of a phone."""


@chart("bars", "the measure, then what the tooltip adds", fewest=1, most=9)
def bars(source: ChartSource) -> Drawing:
    """Horizontal bars, one a row, with the figure at the end; further columns show in the tooltip."""
    measure, *others = source.chart.values
    rows = source.falling(source.rows(), measure) if source.chart.sort else source.rows()
    records = source.long((measure,), rows)
    for other in others:
        texts = source.texts(other, rows)
        for record in records:
            record[other] = texts.get(record["id"], "")
    labels = [source.label(row) for row in rows]
    y = rows_axis(labels, extent(labels))
    base = alt.Chart(data(records)).encode(
        y=y,
        x=alt.X(
            "at:Q",
            title=source.axis(measure),
            scale=alt.Scale(domain=room_to(records, 1.02), nice=False),
            axis=alt.Axis(tickCount=5),
        ),
        tooltip=tooltip(
            ("row", source.word("row")),
            ("text", source.title(measure)),
            *((other, source.title(other)) for other in others),
        ),
    )
    step = _ROW if len(rows) < _MANY else _SLIM
    colour = row_colour(source)
    layers = [
        base.mark_bar(size=step * 0.6).encode(color=colour),
        base.mark_text(align="left", dx=6).encode(text="text:N"),
    ]
    beside = spacer(right_room(record["text"] for record in records))
    return alt.layer(*layers, *blanks(source, (measure,), rows, y), beside, height=height(rows, step))


@chart(
    "dumbbell",
    "the measure, what it is compared with and, in a table of pairs, their relative difference",
    fewest=2,
    most=3,
    rows=(Unit.ASSET_TYPE, Unit.PAIR),
    fits=lambda table, declared: len(declared.values) == (3 if table.rows is Unit.PAIR else 2),
)
def dumbbell(source: ChartSource) -> Drawing | Panels:
    """A measure and what it is compared with, joined by a line.

    A third column is their relative difference, printed at the right. Pairs get a panel an asset type, each on a scale
    of its own: types differ by more than their rows do.
    """
    if source.table.rows is not Unit.PAIR:
        return _two_measures(source)
    kinds = source.kinds()
    return {kind: _against(source, source.rows(kind), first=kind == kinds[0]) for kind in kinds}


def _against(source: ChartSource, rows: Sequence[str], *, first: bool) -> Drawing:
    """One panel of actual against forecast, the numbers of deals beside the names.

    The colour is the sign of the mean offset rate, which stands at the right.
    """
    (measure, reference, difference), every = source.chart.values, source.rows()
    right = right_room(source.texts(difference, every).values())
    scale = alt.Scale(domain=room_to(source.long((measure, reference), rows), 1.03), nice=False)
    room = extent([*map(source.label, every), *(source.others(every).values() if source.chart.sort else ())])
    rows, others = _placed(source, rows)
    counts, beside = _counts(source, difference, rows)
    texts, sides = {value: source.texts(value, rows) for value in source.chart.values}, _sides(source)
    records = [
        {**record, "sign": sides[record["id"]], **{value: texts[value].get(record["id"], "") for value in texts}}
        for record in source.long((measure, reference), rows)
    ]  # fmt: skip
    mine, other = (data(record for record in records if record["key"] == value) for value in (measure, reference))
    labels = [*map(source.label, rows), *dict.fromkeys(others.values())]
    y = rows_axis(labels, room, offset=beside)
    x = alt.X("at:Q", title=source.axis(measure), scale=scale, axis=alt.Axis(tickCount=5))
    colour = alt.Color("sign:N", legend=None, scale=alt.Scale(domain=list(_SIDES), range=list(_SIDES.values())))
    tips = tooltip(("row", source.word("row")), *((value, source.short(value)) for value in source.chart.values))
    base, actual = (alt.Chart(of).encode(y=y, x=x, tooltip=tips) for of in (data(records), mine))
    layers = [
        base.mark_line(strokeWidth=3, opacity=0.75).encode(detail="row:N", color=colour),
        alt.Chart(other)
        .mark_point(size=DOT, fill=theme.PAPER, stroke=theme.MUTED, strokeWidth=1.8, opacity=1)
        .encode(y=y, x=x, tooltip=tips),
        actual.mark_point(size=DOT + 26, filled=True, opacity=1).encode(color=colour),
        at_right(alt.Chart(mine).encode(y=y, color=colour, tooltip=tips), right, f"{difference}:N"),
        alt.Chart(data(counts)).mark_text(x=-4, align="right", color=theme.MUTED).encode(y=y, text="text:N"),
        *_unranked(source, others, y, x),
        *blanks(source, (measure, reference), rows, y),
        spacer(right),
    ]
    if first:
        signs = _side_signs(source, sides.values())
        layers += [*key(signs, room + beside, lift=14), head_at_right(source.short(difference), right)]
    return alt.layer(*layers, height=height(labels, BANK))


def _placed(source: ChartSource, rows: Sequence[str]) -> tuple[Sequence[str], dict[str, str]]:
    """The rows in their order, and those of too few deals to be ranked with what their place is called."""
    ranked, thin = source.ranked(rows, source.chart.values[-1]) if source.chart.sort else (rows, [])
    return ranked, source.others(thin)


def _side_signs(source: ChartSource, sides: Collection[str]) -> list[Sign]:
    """The key: what rows are compared with, and the sides that there are."""
    dots = [Sign("dot", shade, source.word(side)) for side, shade in _SIDES.items() if side in sides]
    return [Sign("ring", theme.MUTED, source.word("reference")), *dots]


def _counts(source: ChartSource, column: str, rows: Sequence[str]) -> tuple[list[Record], float]:
    """The numbers of deals behind a column of the rows, and the room that those of all panels take."""
    counted = source.table.counted(column)
    if not counted:
        return [], 0.0
    texts = source.texts(counted, source.rows())
    return [{"row": source.label(row), "text": texts[row]} for row in rows], right_room(texts.values())


def _unranked(source: ChartSource, others: Mapping[str, str], y: alt.Y, x: alt.X) -> list[alt.Chart]:
    """Rows of few deals in one row, pale: each its line, its measure full and what that is compared with hollow."""
    measure, reference, _ = source.chart.values
    records = [{**record, "row": others[record["id"]]} for record in source.long((measure, reference), list(others))]
    if not records:
        return []
    mine, other = (
        alt.Chart(data(item for item in records if (item["key"] == measure) == own)) for own in (True, False)
    )
    return [
        alt.Chart(data(records)).mark_line(strokeWidth=1.5, color=theme.RULE).encode(y=y, x=x, detail="id:N"),
        other.mark_point(size=DOT / 2, fill=theme.PAPER, stroke=theme.MUTED, strokeWidth=1, opacity=1).encode(y=y, x=x),
        mine.mark_point(size=DOT / 2, filled=True, color=theme.MUTED, opacity=1).encode(y=y, x=x),
    ]


_SIDES = {"above": theme.ABOVE, "equal": theme.MUTED, "below": theme.BELOW}
"""Where a row lies against what it is compared with, and its colour."""


def _sides(source: ChartSource) -> dict[str, str]:
    """Row → its side by the relative difference as it prints, or by the measure if it is compared with nothing."""
    measure, reference, difference = source.chart.values
    sides = {}
    for row in source.rows():
        if (row, difference) in source.result.gaps:
            apart = source.result.number(row, measure) - source.result.number(row, reference)
        else:
            (apart,) = source.rounded([source.result.number(row, difference)], source.table.column(difference))
        sides[row] = "above" if apart > 0 else "below" if apart < 0 else "equal"
    return sides


def _two_measures(source: ChartSource) -> Drawing:
    """Two measures a row, the figures beside them."""
    measure, reference = source.chart.values
    rows = source.rows()
    records = source.long((measure, reference), rows)
    labels = [source.label(row) for row in rows]
    right = right_room(record["text"] for record in records)
    room, beside_axis = extent(labels), right if _at_the_edge(records) else 0.0
    y = rows_axis(labels, room, offset=beside_axis)
    x = alt.X(
        "at:Q",
        title=source.axis(measure),
        scale=alt.Scale(domain=room_to(records, 1.02), nice=False),
        axis=alt.Axis(tickCount=6),
    )
    tips = measure_tips(source)
    base = alt.Chart(data(records)).encode(y=y, x=x)
    mine, other = (data(record for record in records if record["key"] == value) for value in (measure, reference))
    ends = {
        record["row"]: sorted((item for item in records if item["row"] == record["row"]), key=lambda item: item["at"])
        for record in records
    }
    left = [pair[0] for pair in ends.values() if len(pair) > 1]
    beside = [pair[-1] for pair in ends.values()]
    layers = [
        base.mark_line(color=theme.MUTED, strokeWidth=2).encode(detail="row:N"),
        alt.Chart(other)
        .mark_point(size=110, fill=theme.PAPER, stroke=theme.MUTED, strokeWidth=2, opacity=1)
        .encode(y=y, x=x, tooltip=tips),
        alt.Chart(mine).mark_point(size=130, filled=True, color=theme.ACCENT, opacity=1).encode(y=y, x=x, tooltip=tips),
        alt.Chart(data(left)).mark_text(align="right", dx=-11).encode(y=y, x=x, text="text:N", tooltip=tips),
        alt.Chart(data(beside)).mark_text(align="left", dx=11).encode(y=y, x=x, text="text:N", tooltip=tips),
        *blanks(source, (measure, reference), rows, y),
    ]
    signs = [Sign("dot", theme.ACCENT, source.title(measure)), Sign("ring", theme.MUTED, source.title(reference))]
    layers += [*key(signs, room + beside_axis), spacer(8 + right)]
    return alt.layer(*layers, height=height(rows, _PAIR))


def _at_the_edge(records: Sequence[Record]) -> bool:
    """Whether a figure left of its mark would reach over the edge of a phone's plot."""
    return any(record["at"] < _EDGE * max(other["at"] for other in records) for record in records)


@chart("windows", "both ends of the window, then what it was chosen from", fewest=2, most=4)
def windows(source: ChartSource) -> Drawing:
    """Ranges of age as bars, with what they were chosen from as marks below."""
    low, high, *marks = source.chart.values
    rows = source.rows()
    lows = {record["id"]: record for record in source.long((low,), rows)}
    spans = [
        {**record, "from": lows[record["id"]]["at"], "text": f"{lows[record['id']]['text']}–{record['text']}"}
        for record in source.long((high,), rows)
    ]
    others = source.long(tuple(marks), rows)
    labels = [source.label(row) for row in rows]
    room = extent(labels)
    y = rows_axis(labels, room)
    x_scale = alt.Scale(domain=room_to(others + spans, 1.02), nice=False)
    x = alt.X("from:Q", title=source.axis(low), scale=x_scale, axis=alt.Axis(tickCount=6))
    tips = tooltip(("row", source.word("row")), ("text", source.word("axis")))
    bar = (
        alt.Chart(data(spans))
        .mark_bar(size=18, color=theme.SPAN, stroke=theme.ACCENT, strokeWidth=0.8, cornerRadius=1.5, yOffset=-7)
        .encode(y=y, x=x, x2="at:Q", tooltip=tips)
    )
    text = (
        alt.Chart(data(spans))
        .mark_text(fontWeight="bold", align="left", dx=6, yOffset=-7)
        .encode(y=y, x=alt.X("at:Q", scale=x_scale), text="text:N", tooltip=tips)
    )
    layers = [bar, text]
    signs = [Sign("square", theme.SPAN, source.word("row"))]
    for mark, (sign, shape, colour) in zip(marks, _MARKS, strict=False):
        points = alt.Chart(data(record for record in others if record["key"] == mark))
        layers.append(
            points.mark_point(filled=True, size=90, opacity=1, shape=shape, color=colour, yOffset=12).encode(
                y=y, x=alt.X("at:Q", scale=x_scale), tooltip=measure_tips(source)
            )
        )
        signs.append(Sign(sign, colour, source.title(mark)))
    layers += [*key(signs, room), spacer(right_room(span["text"] for span in spans))]
    return alt.layer(*layers, height=height(rows, _RANGE))


_MARKS: tuple[tuple[Shape, str, str], ...] = (("dot", "circle", theme.ACCENT), ("diamond", "diamond", theme.SECOND))
"""What a range was chosen from: its sign in the key, its shape in the plot, its colour."""
