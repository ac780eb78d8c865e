"""What a tranche earns over how much is recovered, as small multiples: a panel an asset type, a line a delay."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import Drawing, Panels, Record, data, nothing, over_plot, rates_axis, tooltip
from npl_report.present.charts.registry import chart

_HEIGHT = 190.0
_LEFT = 42.0
"""Pixels that the vertical axis takes."""
_WIDTH = theme.PANEL_WIDTH - _LEFT
"""Width of the plot in pixels for which names are placed: that of the static picture."""
_AIR = 10.0
"""Pixels from a line to its name."""
_WHOLE = 100.0
"""Per cent of the forecast, when as much is recovered as foreseen."""
_MARGIN = 0.05
_PALEST = 0.35
"""Opacity of the last line; the first is drawn full."""


@chart(
    "scenarios",
    "the yields by delay, from none up",
    fewest=1,
    most=9,
    rows=(Unit.PAIR,),
    columns=("multiplier",),
    beside=True,
    fits=lambda table, declared: len({table.column(value).span for value in declared.values}) == 1,
)
def scenarios(source: ChartSource) -> Panels:
    """A line a delay, the later the paler, on common scales; the first and the last are named at their ends.

    Rules mark a yield of zero and a recovery as forecast.
    """
    records = source.long(source.chart.values)
    ends = [min([0.0, *(of["at"] for of in records)]), max([0.0, *(of["at"] for of in records)])]
    margin = (ends[1] - ends[0]) * _MARGIN or 1.0
    return {kind: _panel(source, kind, [ends[0] - margin, ends[1] + margin]) for kind in source.kinds()}


def _panel(source: ChartSource, kind: str, ends: list[float]) -> Drawing:
    """One panel."""
    values, rows = source.chart.values, source.rows(kind)
    records = _records(source, rows)
    places = [source.result.number(row, "multiplier") * _WHOLE for row in source.rows()]
    span = [min(places), max(places)]
    ticks = alt.Axis(tickCount=4, labelExpr="datum.label + '%'")
    x = alt.X("x:Q", title=source.word("row"), scale=alt.Scale(domain=span, nice=False), axis=ticks)
    axis = rates_axis(source, values[0], 5)
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=ends, nice=False), axis=axis)
    shade = alt.Opacity("shade:Q", legend=None, scale=None)
    lines = alt.Chart(data(records)).encode(x=x, y=y)
    tips = tooltip(("row", source.word("row")), ("delay", source.word("column")), ("text", source.word("axis")))
    layers = [
        alt.Chart(data([{"at": 0.0}])).mark_rule(color=theme.MUTED, strokeWidth=1).encode(y=y),
        alt.Chart(data([{"x": _WHOLE}])).mark_rule(color=theme.MUTED, strokeDash=[2, 3]).encode(x=x),
        lines.mark_line(color=source.ink(kind), strokeWidth=2).encode(detail="delay:N", opacity=shade),
        lines.mark_point(filled=True, size=90, opacity=0).encode(tooltip=tips),
        *(
            mark.encode(x=x, y=y, text="delay:N")
            for mark in _names(records, (values[0], values[-1]), span, ends, source.ink(kind))
        ),
        over_plot(source.word("axis"), -_LEFT),
        *nothing(source, values[0], rows),
    ]
    return alt.layer(*layers, height=_HEIGHT)


def _records(source: ChartSource, rows: list[str]) -> list[Record]:
    """One record a recovery and delay."""
    values = source.chart.values
    steps = max(1, len(values) - 1)
    return [
        {
            **of,
            "x": source.result.number(of["id"], "multiplier") * _WHOLE,
            "delay": source.short(of["key"]),
            "shade": round(1 - (1 - _PALEST) * values.index(of["key"]) / steps, 3),
        }
        for of in source.long(values, rows)
    ]


def _names(
    records: list[Record], outer: tuple[str, str], span: list[float], ends: list[float], ink: str
) -> Iterator[alt.Chart]:
    """The names of the outer lines: the upper one over its end, the lower one below it, clear of the line and zero."""
    lines = [[of for of in records if of["key"] == value] for value in dict.fromkeys(outer)]
    for place, line in enumerate(sorted(filter(None, lines), key=lambda line: -float(line[-1]["at"]))):
        last, lift = line[-1], -_AIR
        if place:
            width = theme.text_width(last["delay"], theme.SMALL)
            begins = last["x"] - (span[1] - span[0]) * width / _WIDTH
            under = [last["at"] - of["at"] for of in line if of["x"] >= begins]
            pixel = (ends[1] - ends[0]) / _HEIGHT
            lift = max(under) / pixel + _AIR
            zero = last["at"] / pixel
            lift = zero + _AIR if abs(lift - zero) < _AIR else lift
        yield alt.Chart(data([last])).mark_text(
            align="right", dy=round(lift, 1), color=ink, fontSize=theme.SMALL, fontWeight="bold"
        )
