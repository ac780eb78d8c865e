"""Every deal behind a mean: dots in rows, the mean as a bar across them."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.crowds import (
    COUNT,
    Bins,
    bar_sign,
    counted,
    counted_tips,
    crowded,
    highest,
    ranges,
    square_signs,
    squares,
)
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
from npl_report.present.charts.swarms import lifted

_SWARM = 82.0
"""Pixels that the row of a swarm of dots takes."""


@chart("strip", "the mean", fewest=1, points=True, deals=True)
def strip(source: ChartSource) -> Drawing | Panels:
    """Every deal behind a mean as a dot, the mean as a bar across them; of a crowd of deals how many lie where.

    Pairs get a panel an asset type, its rows sorted by the mean.
    """
    (mean,), points = source.chart.values, source.chart.points or ""
    rows = source.rows()
    room = extent(source.label(row) for row in rows)
    if source.table.rows is not Unit.PAIR:
        return _swarms(source, _scale(source.points(points, rows)), room)
    room = max(room, extent(source.others(rows).values())) if source.chart.sort else room
    right = right_room(source.texts(mean, rows).values())
    kinds = source.kinds()
    return {kind: _banks(source, kind, room, right, first=kind == kinds[0]) for kind in kinds}


def _scale(deals: list[Record]) -> alt.Scale:
    """From zero to a little beyond the highest deal."""
    return alt.Scale(domain=room_to(deals, 1.04), nice=False)


def _banks(source: ChartSource, kind: str, room: float, right: float, *, first: bool) -> Drawing:
    """One panel of a strip chart of pairs, on a scale of its own; the means stand in a column at the right."""
    (mean,) = source.chart.values
    scale = _scale(_deals(source, kind))
    rows, others = _ranked(source, kind)
    means = source.long((mean,), rows)
    labels = [*map(source.label, rows), *dict.fromkeys(others.values())]
    y = rows_axis(labels, room)
    x = alt.X("at:Q", title=source.axis(mean), scale=scale, axis=alt.Axis(tickCount=5))
    colour = source.colour(kind)
    deals = _deals(source, kind)
    row = ("row", source.word("row"))
    average = alt.Chart(data(means)).encode(y=y, tooltip=tooltip(row, ("text", source.title(mean))))
    tick = average.mark_tick(thickness=2.5, size=20, color=theme.INK, opacity=1).encode(x=x)
    many = crowded(source)
    marks, signs = _squares(source, deals, scale) if many else _dots(source, deals, colour)
    plotted = marks.encode(y=y, x=x)
    layers = [
        alt.Chart(data(_spans(deals))).mark_rule(color=theme.RULE, strokeWidth=1.5).encode(y=y, x=x, x2="to:Q"),
        *((plotted, tick) if many else (tick, plotted)),
        at_right(average, right),
        spacer(right),
    ]
    if first:
        layers += key([*signs, Sign("tick", theme.INK, source.title(mean))], room)
    return alt.layer(*layers, height=height(labels, BANK))


def _ranked(source: ChartSource, kind: str) -> tuple[list[str], dict[str, str]]:
    """The rows of a panel in their order, and those of too few deals to be ranked with what their place is called."""
    (mean,), rows = source.chart.values, source.rows(kind)
    ranked, thin = source.ranked(rows, mean) if source.chart.sort else (rows, [])
    return ranked, source.others(thin)


def _deals(source: ChartSource, kind: str) -> list[Record]:
    """The deals of a panel, those of rows that share a place as deals of that place."""
    rows, others = _ranked(source, kind)
    deals = source.points(source.chart.points or "", [*rows, *others])
    return [
        {**deal, "id": f"{kind}-{others[deal['id']]}", "row": others[deal["id"]]} if deal["id"] in others else deal
        for deal in deals
    ]


def _dots(source: ChartSource, deals: list[Record], colour: str) -> tuple[alt.Chart, list[Sign]]:
    """A dot a deal, and the key."""
    tips = tooltip(("row", source.word("row")), ("deal", source.word("point")), ("text", source.word("axis")))
    dots = alt.Chart(data(deals)).mark_point(
        size=DOT, filled=True, color=colour, stroke=theme.PAPER, strokeWidth=0.8, opacity=1
    )
    return dots.encode(tooltip=tips), [Sign("dot", colour, source.word("point"))]


def _squares(source: ChartSource, deals: list[Record], scale: alt.Scale) -> tuple[alt.Chart, list[Sign]]:
    """Squares in the rows in place of the dots of a crowd, and the key of all panels."""
    bins = _bins(source, scale)
    counts = _spread(deals, bins)
    panels = (_deals(source, kind) for kind in source.kinds())
    steps = ranges(chain.from_iterable(_spread(own, _bins(source, _scale(own))).values() for own in panels))
    names = {deal["id"]: deal["row"] for deal in deals}
    places = {(row, place): {"row": names[row], **bins.record(place, source)} for row, place in counts}
    tips = counted_tips(source, ("row", source.word("row")), bins.line)
    marks = squares(source, places, counts, steps, height=_SQUARE).encode(x2=f"{bins.field}_to", tooltip=tips)
    return marks, square_signs(source, steps)


def _bins(source: ChartSource, scale: alt.Scale) -> Bins:
    """The scale of a strip in ranges."""
    column = next(item for item in source.table.evidence if item.key == source.chart.points)
    return Bins("at", source.word("axis"), column, (0.0, float(scale.domain[1])), _BINS)


def _spread(deals: list[Record], bins: Bins) -> dict[tuple[str, int], int]:
    """Row and range → how many deals lie there."""
    return counted(((deal["id"], bins.place(deal["at"])), deal["deal"]) for deal in deals)


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
    marks, signs = _bars(source, deals, scale) if crowded(source) else (_swarm(source, deals, scale), [])
    average = alt.Chart(data(source.long((mean,), rows))).encode(
        y=y, x=x, tooltip=tooltip(("row", source.word("row")), ("text", source.title(mean)))
    )
    layers = [
        average.mark_tick(thickness=2.5, size=2 * _HIGHEST + 8, color=theme.INK, yOffset=_SUNK, opacity=1),
        marks.encode(y=y, x=x, color=row_colour(source)),
        average.mark_text(dy=_SUNK - _HIGHEST - 12, fontWeight="bold").encode(text="text:N"),
        *blanks(source, (mean,), rows, y),
    ]
    layers += key(signs, room) if signs else []
    return alt.layer(*layers, height=height(rows, _SWARM))


def _swarm(source: ChartSource, deals: list[Record], scale: alt.Scale) -> alt.Chart:
    """A dot a deal, smaller where they are many."""
    dot = DOT if max(Counter(deal["row"] for deal in deals).values(), default=0) <= _CROWD else _SMALL_DOT
    end = float(scale.domain[1])
    dots = alt.Chart(data(lifted(deals, lambda deal: deal["at"] / end, dot, _HIGHEST))).mark_point(
        size=dot,
        filled=True,
        stroke=theme.PAPER,
        strokeWidth=0.8,
        opacity=1,
        yOffset=alt.ExprRef(f"datum.lift + {_SUNK}"),
    )
    tips = tooltip(("row", source.word("row")), ("deal", source.word("point")), ("text", source.word("axis")))
    swarm: alt.Chart = dots.encode(tooltip=tips)
    return swarm


def _bars(source: ChartSource, deals: list[Record], scale: alt.Scale) -> tuple[alt.Chart, list[Sign]]:
    """Bars that stand in the rows in place of the dots of a crowd, and the key: the highest of each fills its row."""
    bins = _bins(source, scale)
    counts = _spread(deals, bins)
    most = highest(counts, lambda place: place[0])
    records = [
        {
            "id": row,
            "row": source.label(row),
            **bins.record(place, source),
            "deals": source.numbers.cell(count, COUNT),
            "tall": round(2 * _HIGHEST * count / most[row], 1),
        }
        for (row, place), count in counts.items()
    ]
    bars = alt.Chart(data(records)).mark_rect(
        height=alt.ExprRef("datum.tall"),
        yOffset=alt.ExprRef(f"{_SUNK + _HIGHEST} - datum.tall / 2"),
        stroke=theme.PAPER,
        strokeWidth=0.8,
    )
    tips = counted_tips(source, ("row", source.word("row")), bins.line)
    return bars.encode(x2=f"{bins.field}_to", tooltip=tips), [bar_sign(source)]


_BINS, _SQUARE = 40, 17.0
"""Ranges of a scale in which the deals of a crowd are counted, and height of a square in the row of a bank."""
_CROWD, _SMALL_DOT = 30, 44.0
"""Deals of a row beyond which its dots are small, and their area then."""
_HIGHEST, _SUNK = 21.0, 8.0
"""Pixels by which a dot that touches another is lifted or lowered at most, and by which the swarm stands below the
middle of its row, under the mean's figure."""
