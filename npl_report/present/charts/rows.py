"""Charts of rows: bars, dumbbells, strips, ranges.

Names stand at the left, figures at their marks or in a column at the right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import Any

import altair as alt

from npl_report.model import ASSET_TYPES, AssetType, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    Drawing,
    Panels,
    Record,
    Sign,
    at_right,
    blanks,
    data,
    extent,
    head_at_right,
    height,
    key,
    right_room,
    room_to,
    rows_axis,
    spacer,
    tooltip,
)

_ROW, _SLIM, _BANK, _PAIR, _RANGE, _SWARM = 36.0, 26.0, 27.0, 42.0, 50.0, 82.0
"""Pixels a row takes: a bar, a bar among many, a bank, two marks with figures, a range and marks, a swarm of dots."""
_MANY = 8
_FEW = 4
"""Columns below which they would be too broad, and get more room around them."""
_DOT = 64.0
"""Area of a dot in square pixels."""


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
    colour = _colour(source)
    layers = [
        base.mark_bar(size=step * 0.6).encode(color=colour),
        base.mark_text(align="left", dx=6).encode(text="text:N"),
    ]
    beside = spacer(right_room(record["text"] for record in records))
    return alt.layer(*layers, *blanks(source, (measure,), rows, y), beside).properties(height=height(rows, step))


def _colour(source: ChartSource) -> Any:
    """Colour by asset type where the rows are types, else the accent."""
    if source.table.rows is not Unit.ASSET_TYPE:
        return alt.value(theme.ACCENT)
    return alt.Color(
        "id:N",
        legend=None,
        scale=alt.Scale(domain=list(ASSET_TYPES), range=[theme.TYPE_COLOURS[kind] for kind in ASSET_TYPES]),
    )


def stacked_bars(source: ChartSource) -> Drawing:
    """Columns by row, stacked by asset type, with the total above."""
    rows, values = source.rows(), source.chart.values
    totals = source.long(("issuance",), rows)
    whole = {record["id"]: record["text"] for record in totals}
    records = [
        {**record, "order": values.index(record["key"]), "whole": whole.get(record["id"], "")}
        for record in source.long(values, rows)
        if record["at"]
    ]
    x = alt.X(
        "row:N",
        title=None,
        sort=None,
        axis=alt.Axis(labelAngle=0, grid=False, labelColor=theme.INK, labelFontSize=theme.LABEL),
        scale=alt.Scale(paddingInner=0.42, paddingOuter=0.25)
        if len(rows) >= _FEW
        else alt.Scale(paddingInner=0.65, paddingOuter=1),
    )
    y = alt.Y(
        "at:Q",
        title=None,
        scale=alt.Scale(domain=room_to(totals, 1.12), nice=False),
        axis=alt.Axis(
            grid=True,
            gridColor=theme.PALE,
            domain=False,
            tickCount=5,
            labelColor=theme.MUTED,
            labelFontSize=theme.SMALL,
        ),
    )
    colours = [theme.TYPE_COLOURS[kind] for kind in ASSET_TYPES]
    columns = (
        alt.Chart(data(records))
        .mark_bar(stroke=theme.PAPER, strokeWidth=0.7, cornerRadiusEnd=0)
        .encode(
            x=x,
            y=y,
            color=alt.Color("key:N", legend=None, scale=alt.Scale(domain=list(values), range=colours)),
            order="order:Q",
            tooltip=tooltip(
                ("row", source.word("row")),
                ("measure", source.word("part")),
                ("text", source.title("issuance")),
                ("whole", source.total),
            ),
        )
    )
    labels = (
        alt.Chart(data(totals))
        .mark_text(dy=-9, fontWeight="bold")
        .encode(
            x=x,
            y="at:Q",
            text="text:N",
            tooltip=tooltip(("row", source.word("row")), ("text", source.title("issuance"))),
        )
    )
    signs = key(
        [Sign("square", colour, source.title(value)) for value, colour in zip(values, colours, strict=True)], lift=20
    )
    unit = (
        alt.Chart(data([{"text": source.axis("issuance")}]))
        .mark_text(x=0, y=-12, align="left", baseline="middle", color=theme.MUTED, fontSize=theme.SMALL)
        .encode(text="text:N")
    )
    return alt.layer(columns, labels, *signs, unit).properties(height=270)


def progress(source: ChartSource) -> Drawing:
    """Shares of a whole: a filled part of a full bar."""
    (value,) = source.chart.values
    rows = source.rows()
    records = source.long((value,), rows)
    labels = [source.label(row) for row in rows]
    y = rows_axis(labels, extent(labels))
    x = alt.X(
        "at:Q",
        title=source.axis(value),
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(values=[0, 25, 50, 75, 100]),
    )
    tips = tooltip(("row", source.word("row")), ("text", source.title(value)))
    base = alt.Chart(data(records)).encode(y=y, x=x, tooltip=tips)
    back = (
        alt.Chart(data({**record, "at": 100.0} for record in records))
        .mark_bar(size=20, color=theme.RULE, opacity=0.6)
        .encode(y=y, x=x, tooltip=tips)
    )
    right = right_room(record["text"] for record in records)
    layers = [
        back,
        base.mark_bar(size=20, color=theme.ACCENT),
        at_right(alt.Chart(data(records)).encode(y=y, tooltip=tips), right),
        spacer(right),
        *blanks(source, (value,), rows, y),
    ]
    return alt.layer(*layers).properties(height=height(rows, _ROW))


def dumbbell(source: ChartSource) -> Drawing | Panels:
    """A measure and what it is compared with, joined by a line.

    A third column is their relative difference, printed at the right. Pairs get a panel an asset type.
    """
    if source.table.rows is not Unit.PAIR:
        return _two_measures(source)
    measure, reference, difference = source.chart.values
    rows = source.rows()
    scale = alt.Scale(domain=room_to(source.long((measure, reference), rows), 1.03), nice=False)
    room = extent(source.label(row) for row in rows)
    right = right_room(source.texts(difference, rows).values())
    kinds = source.kinds()
    return {
        kind: _against(source, source.rows(kind), scale, room, right, first=kind == kinds[0], last=kind == kinds[-1])
        for kind in kinds
    }


def _against(
    source: ChartSource, rows: Sequence[str], scale: alt.Scale, room: float, right: float, *, first: bool, last: bool
) -> Drawing:
    """One panel of actual against forecast: the colour is the sign of the mean offset rate, which stands at the right."""
    measure, reference, difference = source.chart.values
    rows = source.falling(rows, difference) if source.chart.sort else rows
    texts = {value: source.texts(value, rows) for value in source.chart.values}
    sides = _sides(source)
    records = [
        {**record, "sign": sides[record["id"]], **{value: texts[value].get(record["id"], "") for value in texts}}
        for record in source.long((measure, reference), rows)
    ]  # fmt: skip
    labels = [source.label(row) for row in rows]
    y = rows_axis(labels, room)
    x = alt.X("at:Q", title=source.axis(measure) if last else None, scale=scale, axis=alt.Axis(tickCount=5))
    colour = alt.Color("sign:N", legend=None, scale=alt.Scale(domain=list(_SIDES), range=list(_SIDES.values())))
    tips = tooltip(("row", source.word("row")), *((value, source.short(value)) for value in source.chart.values))
    base = alt.Chart(data(records)).encode(y=y, x=x, tooltip=tips)
    actual = alt.Chart(data(record for record in records if record["key"] == measure)).encode(y=y, x=x, tooltip=tips)
    layers = [
        base.mark_line(strokeWidth=3, opacity=0.75).encode(detail="row:N", color=colour),
        alt.Chart(data(record for record in records if record["key"] == reference))
        .mark_point(size=_DOT, fill=theme.PAPER, stroke=theme.MUTED, strokeWidth=1.8, opacity=1)
        .encode(y=y, x=x, tooltip=tips),
        actual.mark_point(size=_DOT + 26, filled=True, opacity=1).encode(color=colour),
        at_right(
            alt.Chart(data(record for record in records if record["key"] == measure)).encode(
                y=y, color=colour, tooltip=tips
            ),
            right,
            f"{difference}:N",
        ),
        *blanks(source, (measure, reference), rows, y),
        spacer(right),
    ]
    if first:
        dots = [Sign("dot", shade, source.word(side)) for side, shade in _SIDES.items()]
        there = [dot for dot, side in zip(dots, _SIDES, strict=True) if side in sides.values()]
        signs = [Sign("ring", theme.MUTED, source.word("reference")), *there]
        layers += [*key(signs, room, lift=14), head_at_right(source.short(difference), right)]
    return alt.layer(*layers).properties(height=height(rows, _BANK))


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
    room = extent(labels)
    y = rows_axis(labels, room)
    x = alt.X(
        "at:Q",
        title=source.axis(measure),
        scale=alt.Scale(domain=room_to(records, 1.02), nice=False),
        axis=alt.Axis(tickCount=6),
    )
    tips = tooltip(("row", source.word("row")), ("measure", source.word("part")), ("text", source.word("axis")))
    base = alt.Chart(data(records)).encode(y=y, x=x)
    ends = {
        record["row"]: sorted((item for item in records if item["row"] == record["row"]), key=lambda item: item["at"])
        for record in records
    }
    left = [pair[0] for pair in ends.values() if len(pair) > 1]
    beside = [pair[-1] for pair in ends.values()]
    layers = [
        base.mark_line(color=theme.MUTED, strokeWidth=2).encode(detail="row:N"),
        alt.Chart(data(record for record in records if record["key"] == reference))
        .mark_point(size=110, fill=theme.PAPER, stroke=theme.MUTED, strokeWidth=2, opacity=1)
        .encode(y=y, x=x, tooltip=tips),
        alt.Chart(data(record for record in records if record["key"] == measure))
        .mark_point(size=130, filled=True, color=theme.ACCENT, opacity=1)
        .encode(y=y, x=x, tooltip=tips),
        alt.Chart(data(left)).mark_text(align="right", dx=-11).encode(y=y, x=x, text="text:N", tooltip=tips),
        alt.Chart(data(beside)).mark_text(align="left", dx=11).encode(y=y, x=x, text="text:N", tooltip=tips),
        *blanks(source, (measure, reference), rows, y),
    ]
    signs = key(
        [Sign("dot", theme.ACCENT, source.title(measure)), Sign("ring", theme.MUTED, source.title(reference))], room
    )
    return alt.layer(*layers, *signs, spacer(8 + right_room(record["text"] for record in records))).properties(
        height=height(rows, _PAIR)
    )


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
    templates = [("dot", "circle", theme.ACCENT), ("diamond", "diamond", theme.SECOND)]
    layers = [bar, text]
    signs = [Sign("square", theme.SPAN, source.word("row"))]
    for mark, (sign, shape, colour) in zip(marks, templates, strict=False):
        found = [record for record in others if record["key"] == mark]
        tips = tooltip(("row", source.word("row")), ("measure", source.word("part")), ("text", source.word("axis")))
        layers.append(
            alt.Chart(data(found))
            .mark_point(filled=True, size=90, opacity=1, shape=shape, color=colour, yOffset=12)
            .encode(y=y, x=alt.X("at:Q", scale=x_scale), tooltip=tips)
        )
        signs.append(Sign("dot" if sign == "dot" else "diamond", colour, source.title(mark)))
    return alt.layer(*layers, *key(signs, room), spacer(right_room(span["text"] for span in spans))).properties(
        height=height(rows, _RANGE)
    )


def strip(source: ChartSource) -> Drawing | Panels:
    """Every deal behind a mean as a dot, the mean as a bar across them.

    Pairs get a panel an asset type, its rows sorted by the mean.
    """
    (mean,), points = source.chart.values, source.chart.points or ""
    rows = source.rows()
    scale = alt.Scale(domain=room_to(source.points(points, rows), 1.04), nice=False)
    room = extent(source.label(row) for row in rows)
    if source.table.rows is not Unit.PAIR:
        return _swarms(source, scale, room)
    right = right_room(source.texts(mean, rows).values())
    kinds = source.kinds()
    return {
        kind: _banks(source, kind, scale, room, right, first=kind == kinds[0], last=kind == kinds[-1]) for kind in kinds
    }


def _banks(
    source: ChartSource, kind: AssetType, scale: alt.Scale, room: float, right: float, *, first: bool, last: bool
) -> Drawing:
    """One panel of a strip chart of pairs; the means stand in a column at the right."""
    (mean,), points = source.chart.values, source.chart.points or ""
    rows = source.falling(source.rows(kind), mean) if source.chart.sort else source.rows(kind)
    means = source.long((mean,), rows)
    labels = [source.label(row) for row in rows]
    y = rows_axis(labels, room)
    x = alt.X("at:Q", title=source.axis(mean) if last else None, scale=scale, axis=alt.Axis(tickCount=5))
    colour = theme.TYPE_COLOURS[kind]
    deals = source.points(points, rows)
    row, deal, value = ("row", source.word("row")), ("deal", source.word("point")), ("text", source.word("axis"))
    average = alt.Chart(data(means)).encode(y=y, tooltip=tooltip(row, ("text", source.title(mean))))
    layers = [
        alt.Chart(data(_spans(deals))).mark_rule(color=theme.RULE, strokeWidth=1.5).encode(y=y, x=x, x2="to:Q"),
        average.mark_tick(thickness=2.5, size=20, color=theme.INK, opacity=1).encode(x=x),
        alt.Chart(data(deals))
        .mark_point(size=_DOT, filled=True, color=colour, stroke=theme.PAPER, strokeWidth=0.8, opacity=1)
        .encode(y=y, x=x, tooltip=tooltip(row, deal, value)),
        at_right(average, right),
        spacer(right),
    ]
    if first:
        layers += key([Sign("dot", colour, source.word("point")), Sign("tick", theme.INK, source.title(mean))], room)
    return alt.layer(*layers).properties(height=height(rows, _BANK))


def _spans(deals: list[Record]) -> list[Record]:
    """From the lowest to the highest deal of every row that has several."""
    ends: dict[str, list[float]] = {}
    for deal in deals:
        ends.setdefault(deal["row"], []).append(deal["at"])
    return [{"row": row, "at": min(places), "to": max(places)} for row, places in ends.items() if len(places) > 1]


def _swarms(source: ChartSource, scale: alt.Scale, room: float) -> Drawing:
    """A row an asset type; deals of like value are lifted off each other, the mean is printed above its bar."""
    (mean,), points = source.chart.values, source.chart.points or ""
    rows = source.rows()
    labels = [source.label(row) for row in rows]
    y = rows_axis(labels, room)
    x = alt.X("at:Q", title=source.axis(mean), scale=scale, axis=alt.Axis(tickCount=6))
    deals = source.points(points, rows)
    dot = _DOT if max(Counter(deal["row"] for deal in deals).values(), default=0) <= _CROWD else _SMALL_DOT
    deals = _lifted(deals, float(scale.domain[1]), reach=sqrt(dot) * 1.06)
    tips = tooltip(("row", source.word("row")), ("deal", source.word("point")), ("text", source.word("axis")))
    average = alt.Chart(data(source.long((mean,), rows))).encode(
        y=y, x=x, tooltip=tooltip(("row", source.word("row")), ("text", source.title(mean)))
    )
    layers = [
        average.mark_tick(thickness=2.5, size=2 * _HIGHEST + 8, color=theme.INK, yOffset=_SUNK, opacity=1),
        alt.Chart(data(deals))
        .mark_point(
            size=dot, filled=True, stroke=theme.PAPER, strokeWidth=0.8, opacity=1, yOffset=alt.ExprRef("datum.lift")
        )
        .encode(y=y, x=x, color=_colour(source), tooltip=tips),
        average.mark_text(dy=_SUNK - _HIGHEST - 12, fontWeight="bold").encode(text="text:N"),
        *blanks(source, (mean,), rows, y),
    ]
    return alt.layer(*layers).properties(height=height(rows, _SWARM))


_CROWD, _SMALL_DOT = 30, 44.0
"""Deals of a row beyond which its dots are small, and their area then."""
_STEP, _HIGHEST, _SUNK = 3.0, 21.0, 8.0
"""Pixels by which a dot that touches another is lifted or lowered, at most, and by which the swarm stands below the
middle of its row, under the mean's figure."""
_DRAWN = 400.0
"""Width of the plot in pixels for which dots are moved."""


def _lifted(deals: list[Record], end: float, reach: float) -> list[Record]:
    """Deals with the pixels by which each is moved off those beside it; two dots touch within ``reach`` pixels.

    Where no place is free they overlap.
    """
    placed: dict[str, list[tuple[float, float]]] = {}
    steps = [0.0, *(sign * _STEP * count for count in range(1, int(_HIGHEST / _STEP) + 1) for sign in (-1, 1))]
    moved = []
    for deal in sorted(deals, key=lambda deal: (deal["at"], deal["deal"])):
        at = deal["at"] / end * _DRAWN
        others = placed.setdefault(deal["row"], [])
        lift = (
            max(
                steps,
                key=lambda step: min(
                    min(sqrt((at - x) * (at - x) + (step - y) * (step - y)), reach) for x, y in others
                ),
            )
            if others
            else 0.0
        )
        others.append((at, lift))
        moved.append({**deal, "lift": lift + _SUNK})
    return moved


def diverging(source: ChartSource) -> Drawing:
    """One measure to the right of zero, another to the left."""
    rows = source.rows()
    records = source.long(source.chart.values, rows)
    low, high = min((item["at"] for item in records), default=0.0), max((item["at"] for item in records), default=1.0)
    low, high = min(low, 0.0), max(high, 0.0)
    labels = [source.label(row) for row in rows]
    figures = right_room(record["text"] for record in records)
    room = extent(labels) + figures
    y = rows_axis(labels, extent(labels), offset=figures)
    x = alt.X(
        "at:Q",
        title=source.axis(source.chart.values[0]),
        scale=alt.Scale(domain=[low, high or 1.0], nice=False),
        axis=alt.Axis(tickCount=6),
    )
    colour = alt.Color(
        "key:N", legend=None, scale=alt.Scale(domain=list(source.chart.values), range=[theme.ABOVE, theme.BELOW])
    )
    base = alt.Chart(data(records)).encode(
        y=y,
        x=x,
        tooltip=tooltip(("row", source.word("row")), ("measure", source.word("part")), ("text", source.word("axis"))),
    )
    zero = alt.Chart(data([{"at": 0}])).mark_rule(color=theme.MUTED).encode(x=x)
    right = base.transform_filter("datum.at >= 0").mark_text(align="left", dx=6).encode(text="text:N")
    left = base.transform_filter("datum.at < 0").mark_text(align="right", dx=-6).encode(text="text:N")
    signs = key(
        [
            Sign("square", shade, source.title(value))
            for value, shade in zip(source.chart.values, (theme.ABOVE, theme.BELOW), strict=True)
        ],
        room,
    )
    layers = [
        base.mark_bar(size=20).encode(color=colour),
        zero,
        right,
        left,
        *signs,
        *blanks(source, source.chart.values, rows, y),
        spacer(figures),
    ]
    return alt.layer(*layers).properties(height=height(rows, _ROW))
