"""Actual against forecast over the years of issue as small multiples, a panel an asset type."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import Drawing, Panels, Record, Sign, data, key, nothing, rates_axis, tooltip
from npl_report.present.charts.registry import chart

_HEIGHT = 150.0
_HEADROOM = 1.1
_UNDER, _NAMED = 14.0, 32.0
"""From the plot to the middle of the numbers of deals under it, and of the years below them."""
_ROOM, _LIFT, _LEFT = 246.0, 22.0, 42.0
"""Width of the key and its distance from the plot, over which a break is named; what the vertical axis takes."""
_WIDTH = theme.PANEL_WIDTH - _LEFT
"""Width of the plot in pixels for which years and numbers are chosen: that of the static picture."""


@chart("years", "the actual rate, the forecast one and the number of deals", fewest=3, rows=(Unit.PAIR,), beside=True)
def years(source: ChartSource) -> Panels:
    """The actual rate as dots and line, hollow where deals are few, the forecast in grey, both on common scales.

    The number of deals stands over the year. A line marks where the level breaks, if the edition knows of one.
    """
    actual, expected, _ = source.chart.values
    places = [record["at"] for record in source.long((actual, expected))]
    top = max([*places, 0.0]) * _HEADROOM or 1.0
    return {kind: _panel(source, kind, top) for kind in source.kinds()}


def _year(row: str) -> int:
    return int(row.rpartition("-")[2])


def _panel(source: ChartSource, kind: str, top: float) -> Drawing:
    """One panel."""
    actual, expected, _ = source.chart.values
    records = _records(source, kind)
    every = sorted({_year(row) for row in source.rows()})
    scale = alt.Scale(domain=[every[0] - 0.5, every[-1] + 0.5], nice=False)
    x = alt.X("year:Q", title=None, scale=scale, axis=None)
    axis = rates_axis(source, actual, 4)
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=axis)
    colour = source.ink(kind)
    mine, other = ([record for record in records if record["key"] == key_] for key_ in (actual, expected))
    base, grey = (alt.Chart(data(some)).encode(x=x, y=y, tooltip=_tips(source)) for some in (mine, other))
    firm, thin = (
        alt.Chart(data(of for of in mine if of["firm"] is firm)).encode(x=x, y=y, tooltip=_tips(source))
        for firm in (True, False)
    )
    signs = [Sign("dot", colour, source.word("actual")), Sign("ring", theme.MUTED, source.word("reference"))]
    layers = [
        *_break(source, kind, x),
        grey.mark_line(color=theme.MUTED, strokeWidth=1.2, strokeDash=[3, 3]),
        base.mark_line(color=colour, strokeWidth=1.8),
        grey.mark_point(fill=theme.PAPER, stroke=theme.MUTED, strokeWidth=1.4, size=34, opacity=1),
        thin.mark_point(fill=theme.PAPER, stroke=colour, strokeWidth=1.4, size=44, opacity=1),
        firm.mark_point(filled=True, color=colour, stroke=theme.PAPER, strokeWidth=0.8, size=54, opacity=1),
        *_foot(mine, every, x),
        *key(signs, _LEFT, lift=_LIFT, room=_ROOM),
        *nothing(source, actual, source.rows(kind)),
    ]
    return alt.layer(*layers, height=_HEIGHT)


def _records(source: ChartSource, kind: str) -> list[Record]:
    """One record a year and rate, with what is told of the year."""
    actual, expected, count = source.chart.values
    rows = source.rows(kind)
    texts = {value: source.texts(value, rows) for value in source.chart.values}
    return [
        {
            "key": record["key"],
            "year": _year(record["id"]),
            "at": record["at"],
            "row": record["row"],
            "actual": texts[actual].get(record["id"], ""),
            "expected": texts[expected].get(record["id"], ""),
            "count": texts[count][record["id"]],
            "n": f"{source.result.number(record['id'], count):g}",
            "firm": source.result.number(record["id"], count) >= source.fewest,
        }
        for record in source.long((actual, expected), rows)
    ]


def _tips(source: ChartSource) -> list[alt.Tooltip]:
    """What is told of a year."""
    actual, expected, count = source.chart.values
    return tooltip(
        ("row", source.word("row")),
        ("actual", source.short(actual)),
        ("expected", source.short(expected)),
        ("count", source.short(count)),
    )


def _break(source: ChartSource, kind: str, x: alt.X) -> list[alt.Chart]:
    """A line between the years where the level breaks, its name at the top."""
    if kind not in source.breaks:
        return []
    last, first = source.breaks[kind]
    base = alt.Chart(data([{"year": (last + first) / 2, "text": source.word("break")}])).encode(x=x)
    return [
        base.mark_rule(color=theme.MUTED, strokeWidth=1, strokeDash=[1, 2]),
        base.mark_text(y=-8, baseline="middle", color=theme.MUTED, fontSize=theme.SMALL).encode(text="text:N"),
    ]


def _foot(records: list[Record], every: list[int], x: alt.X) -> list[alt.Chart]:
    """The numbers of deals under the plot, and years below them, of either so many as have room."""
    step = _WIDTH / (every[-1] - every[0] + 1)
    numbers, named = (_apart(_widest(texts), step) for texts in ([of["n"] for of in records], map(str, every)))
    told = [{"year": of["year"], "text": of["n"]} for of in records if (every[-1] - of["year"]) % numbers == 0]
    years_ = [{"year": year, "text": str(year)} for year in range(every[-1], every[0] - 1, -named)]
    head = alt.Chart(data([{"text": "n"}])).mark_text(
        x=-8, y=_HEIGHT + _UNDER, align="right", baseline="middle", color=theme.MUTED, fontSize=theme.SMALL
    )
    return [
        head.encode(text="text:N"),
        *(
            alt.Chart(data(some))
            .mark_text(y=_HEIGHT + under, baseline="middle", color=colour, fontSize=theme.SMALL)
            .encode(x=x, text="text:N")
            for some, under, colour in ((told, _UNDER, theme.MUTED), (years_, _NAMED, theme.INK))
        ),
    ]


def _widest(texts: Iterable[str]) -> float:
    """Pixels that the longest text takes."""
    return max((theme.text_width(text, theme.SMALL) for text in texts), default=0.0)


def _apart(width: float, step: float) -> int:
    """Every which year has room for a text of that width."""
    return int(-(-(width + 3) // step))
