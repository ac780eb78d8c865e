"""Quarters of the calendar as small multiples, a panel an asset type and one for all of them together.

Indices as lines around their neutral level, collections as bars with the line that has no seasons. A quarter from which
reports are missing is hollow.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from math import ceil, floor

import altair as alt

from npl_report.model import QUARTERS, TOTAL, Unit, quarter_number
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    Drawing,
    Panels,
    Record,
    Sign,
    data,
    grid_axis,
    key,
    nothing,
    over_plot,
    rates_axis,
    tooltip,
)
from npl_report.present.charts.registry import chart

_HEIGHT = 190.0
_HEADROOM = 1.08
_NEUTRAL = 100.0
"""Level of an index that is neither above nor below history."""
_STEP = 50.0
"""To which the scale of indices is rounded."""
_BAR = 0.8
"""Share of a quarter that its bar takes."""
_LIFT, _ROOM, _LEFT = 24.0, 246.0, 40.0
"""Distance of the key from the plot, over which the vertical axis has its title; its width, and what the axis takes."""
_MANY = 8
"""Years of which the axis names every other one."""


@chart(
    "index",
    "the current and the cumulative index",
    fewest=2,
    rows=(Unit.PAIR,),
    columns=("quarter", "complete", "enough"),
    beside=True,
)
def index(source: ChartSource) -> Panels:
    """The current index with its points, the cumulative one as a broad line; too few deals are not drawn."""
    frame = source.result.frame
    few = {str(row) for row in frame.index[frame["enough"] == "no"]}
    records = {kind: [of for of in _records(source, kind) if of["id"] not in few] for kind in _kinds(source)}
    levels = [_NEUTRAL, *(of["at"] for of in chain.from_iterable(records.values()))]
    ends = [floor(min(levels) / _STEP) * _STEP, max(levels) * _HEADROOM]
    shown = [kind for kind, those in records.items() if those] or list(records)[:1]
    return {kind: _index(source, kind, records[kind], ends) for kind in shown}


def _index(source: ChartSource, kind: str, records: list[Record], ends: list[float]) -> Drawing:
    """One panel."""
    current, cumulative = source.chart.values
    x, colour = _years(source), _colour(source, kind)
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=ends, nice=False), axis=rates_axis(source, current, 4))
    looks = {current: (colour, 1.4, 1.0), cumulative: (theme.MUTED, 3.0, 0.55)}
    neutral = alt.Chart(data([{"at": _NEUTRAL}]))
    lines, points = [], []
    for value, (shade, width, opacity) in reversed(looks.items()):
        own = [of for of in records if of["key"] == value]
        line = alt.Chart(data(_unbroken(own))).mark_line(color=shade, strokeWidth=width, opacity=opacity)
        lines.append(line.encode(x=x, y=y, detail="run:N"))
        if value == current:
            points.append(_dots(source, [of for of in own if of["whole"]], shade, shade).encode(x=x, y=y))
        points.append(_dots(source, [of for of in own if not of["whole"]], shade, theme.PAPER).encode(x=x, y=y))
    signs = [
        Sign("line", colour, source.short(current)),
        Sign("line", theme.MUTED, source.short(cumulative)),
        Sign("ring", colour, source.word("provisional")),
    ]
    return alt.layer(
        neutral.mark_rule(color=theme.MUTED, strokeWidth=1, strokeDash=[2, 3]).encode(y=y),
        *lines,
        *points,
        *_key(signs),
        over_plot(source.word("axis"), -_LEFT),
        *(() if records else nothing(source, current, source.rows(kind)[-1:])),
        height=_HEIGHT,
    )


def _dots(source: ChartSource, records: list[Record], stroke: str, fill: str) -> alt.Chart:
    """The points of a line."""
    dots: alt.Chart = (
        alt.Chart(data(records))
        .mark_point(filled=True, fill=fill, stroke=stroke, strokeWidth=1.4, opacity=1, size=22)
        .encode(tooltip=_tips(source))
    )
    return dots


@chart(
    "quarters",
    "the amount of a quarter and the same without seasons",
    fewest=2,
    rows=(Unit.PAIR,),
    columns=("quarter", "complete"),
    beside=True,
)
def quarters(source: ChartSource) -> Panels:
    """Bars by quarter with the adjusted line; each panel has a scale of its own, for classes differ in size."""
    return {kind: _quarters(source, kind, _records(source, kind)) for kind in _kinds(source)}


def _quarters(source: ChartSource, kind: str, records: list[Record]) -> Drawing:
    """One panel."""
    amount, adjusted = source.chart.values
    colour = _colour(source, kind)
    top = max((of["at"] for of in records), default=0.0) * _HEADROOM or 1.0
    x = _years(source)
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=grid_axis(4))
    bars = [
        alt.Chart(data({**of, "to": of["from"] + _BAR / QUARTERS, "foot": 0.0} for of in some))
        .mark_bar(cornerRadiusEnd=0, stroke=colour, strokeWidth=width, fill=fill, fillOpacity=0.55)
        .encode(x=_years(source, "from"), x2="to:Q", y=y, y2="foot:Q", tooltip=_tips(source))
        for some, fill, width in (
            ([of for of in records if of["key"] == amount and of["whole"]], colour, 0),
            ([of for of in records if of["key"] == amount and not of["whole"]], theme.PAPER, 1),
        )
    ]
    line = alt.Chart(data(_unbroken([of for of in records if of["key"] == adjusted])))
    signs = [
        Sign("square", colour, source.title(amount)),
        Sign("line", theme.INK, source.title(adjusted)),
        Sign("frame", colour, source.word("provisional")),
    ]
    return alt.layer(
        *bars,
        line.mark_line(color=theme.INK, strokeWidth=1.6).encode(x=x, y=y, detail="run:N", tooltip=_tips(source)),
        *_key(signs),
        over_plot(source.axis(amount), -_LEFT),
        height=_HEIGHT,
    )


def _kinds(source: ChartSource) -> list[str]:
    """The panels: the asset types that have a row, and their total if it is not one of them."""
    kinds = source.kinds()
    return [TOTAL, *kinds] if len(kinds) > 1 else kinds


def _colour(source: ChartSource, kind: str) -> str:
    """Of a panel: that of its asset type."""
    return theme.INK if kind == TOTAL else source.ink(kind)


def _key(signs: Sequence[Sign]) -> list[alt.Chart]:
    """The key of a panel; every one has it, for on a phone they stand below each other."""
    return key(signs, _LEFT, lift=_LIFT, room=_ROOM)


def _years(source: ChartSource, field: str = "middle") -> alt.X:
    """The axis of time, in years and the same in all panels."""
    found = [_year(str(id_)) for id_ in source.result.frame["quarter"]]
    first, last = floor(min(found)), max(found) + 1 / QUARTERS
    years = range(first, ceil(last) + 1, 2 if last - first > _MANY else 1)
    axis = alt.Axis(
        values=list(years),
        labelExpr="'' + datum.value",
        grid=False,
        ticks=True,
        tickSize=4,
        domain=True,
        labelPadding=4,
    )
    return alt.X(f"{field}:Q", title=None, scale=alt.Scale(domain=[first, last], nice=False), axis=axis)


def _year(quarter: str) -> float:
    """Where ``2025Q3`` begins, in years."""
    return quarter_number(quarter) / QUARTERS


def _records(source: ChartSource, kind: str) -> list[Record]:
    """The values of a panel by quarter: where it begins and its middle, whether it is whole, and what is told of it."""
    rows, frame = source.rows(kind), source.result.frame
    begins = {row: _year(str(frame.at[row, "quarter"])) for row in rows}
    whole = {row: frame.at[row, "complete"] == "yes" for row in rows}
    return [
        {
            **of,
            "from": begins[of["id"]] + (1 - _BAR) / 2 / QUARTERS,
            "middle": begins[of["id"]] + 0.5 / QUARTERS,
            "whole": bool(whole[of["id"]]),
            "state": "" if whole[of["id"]] else source.word("provisional"),
        }
        for of in source.long(source.chart.values, rows)
    ]


def _unbroken(records: list[Record]) -> list[Record]:
    """The points of a line with the number of the run that they belong to: a new one begins after a gap."""
    gaps = [later["middle"] - former["middle"] > 1.5 / QUARTERS for former, later in pairwise(records)]
    return [{**of, "run": gaps[:place].count(True)} for place, of in enumerate(records)]


def _tips(source: ChartSource) -> list[alt.Tooltip]:
    """What is told of a quarter."""
    return tooltip(
        ("row", source.word("row")),
        ("measure", source.word("part")),
        ("text", source.word("axis")),
        ("state", source.title("complete")),
    )
