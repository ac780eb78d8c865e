"""Every deal behind a mean: dots in rows, the mean as a bar across them."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import product
from math import sqrt

import altair as alt

from npl_report.model import AssetType, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    BANK,
    DOT,
    Drawing,
    Panels,
    Record,
    Sign,
    at_right,
    blanks,
    data,
    extent,
    height,
    key,
    right_room,
    room_to,
    row_colour,
    rows_axis,
    spacer,
    tooltip,
)
from npl_report.present.charts.registry import chart

_SWARM = 82.0
"""Pixels that the row of a swarm of dots takes."""


@chart("strip", "the mean", fewest=1, points=True)
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
        .mark_point(size=DOT, filled=True, color=colour, stroke=theme.PAPER, strokeWidth=0.8, opacity=1)
        .encode(y=y, x=x, tooltip=tooltip(row, deal, value)),
        at_right(average, right),
        spacer(right),
    ]
    if first:
        layers += key([Sign("dot", colour, source.word("point")), Sign("tick", theme.INK, source.title(mean))], room)
    return alt.layer(*layers).properties(height=height(rows, BANK))


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
    dot = DOT if max(Counter(deal["row"] for deal in deals).values(), default=0) <= _CROWD else _SMALL_DOT
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
        .encode(y=y, x=x, color=row_colour(source), tooltip=tips),
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
    steps = [0.0, *(sign * _STEP * count for count, sign in product(range(1, int(_HIGHEST / _STEP) + 1), (-1, 1)))]

    def free(at: float, step: float, others: list[tuple[float, float]]) -> float:
        """The distance to the nearest other, up to ``reach``."""
        return min(min(sqrt((at - x) * (at - x) + (step - y) * (step - y)), reach) for x, y in others)

    moved = []
    for deal in sorted(deals, key=lambda deal: (deal["at"], deal["deal"])):
        at = deal["at"] / end * _DRAWN
        others = placed.setdefault(deal["row"], [])
        lift = max(steps, key=partial(free, at, others=others)) if others else 0.0
        others.append((at, lift))
        moved.append({**deal, "lift": lift + _SUNK})
    return moved
