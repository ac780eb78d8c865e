"""Results of models: coefficients with their intervals, eigenvalues of components."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import altair as alt

from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    Drawing,
    Record,
    Shape,
    Sign,
    at_right,
    blanks,
    data,
    extent,
    grid_axis,
    head_at_right,
    height,
    key,
    outlined,
    over_plot,
    right_room,
    rows_axis,
    spacer,
    tooltip,
)
from npl_report.present.charts.registry import chart

CONSTANT = "const"
"""Row id of a model's constant, which is in no unit that other coefficients could be compared with, and is never
drawn."""
_ROW = 31.0
"""Pixels that a coefficient takes."""
_TICK = 62
"""Pixels for a tick of the scale and its figure with a minus sign."""
_MARGIN = 0.05
"""Share of the scale left free at either end."""
_HEIGHT = 270.0
_HEADROOM = 1.08
_LINE = 15.0
"""Pixels between two figures above each other."""
_KEY_ROOM = theme.PHONE_WIDTH - 40.0
"""Width of a key that begins at the plot: what a phone shows, less the figures of the vertical axis."""
_SIGNS: dict[str, tuple[Shape, str]] = {
    "above": ("dot", theme.ABOVE),
    "below": ("dot", theme.BELOW),
    "within": ("ring", theme.MUTED),
}
"""Where an interval lies against zero, and how that is shown: the shape in the key, and the colour."""
_DOT = 80.0
"""Area of a dot in square pixels."""


@chart("coefficients", "the estimate, the lower and the upper end of its interval", fewest=3)
def coefficients(source: ChartSource) -> Drawing:
    """A dot for the estimate and a line for its interval.

    Both are in colour, and the dot filled, where the interval leaves out zero, by the sign. The estimate stands at the
    right.
    """
    estimate = source.chart.values[0]
    rows = [row for row in source.rows() if row != CONSTANT]
    rows = source.falling(rows, estimate) if source.chart.sort else rows
    records = _effects(source, rows)
    labels = [source.label(row) for row in rows]
    room = extent(labels)
    y = rows_axis(labels, room)
    scale = alt.Scale(domain=_around_zero(records.values()), nice=False)
    ticks = alt.Axis(tickCount=alt.ExprRef(f"ceil(width / {_TICK})"))
    x = alt.X("at:Q", title=source.axis(estimate), scale=scale, axis=ticks)
    tips = tooltip(("row", source.word("row")), ("text", source.title(estimate)), ("interval", source.word("interval")))
    colours = alt.Scale(domain=list(_SIGNS), range=[colour for _, colour in _SIGNS.values()])
    colour = alt.Color("sign:N", legend=None, scale=colours)
    every = alt.Chart(data(records.values())).encode(y=y, color=colour, tooltip=tips)
    clear = alt.Chart(data(record for record in records.values() if record["sign"] != "within"))
    unclear = alt.Chart(data(record for record in records.values() if record["sign"] == "within"))
    spans = alt.Chart(data(record for record in records.values() if "low" in record))
    right = right_room(record["text"] for record in records.values())
    layers = [
        alt.Chart(data([{"at": 0}])).mark_rule(color=theme.INK, strokeWidth=1.2).encode(x=x),
        spans.mark_rule(strokeWidth=2.2).encode(y=y, color=colour, tooltip=tips, x=alt.X("low:Q"), x2="high:Q"),
        clear.mark_point(size=_DOT, filled=True, opacity=1).encode(y=y, x=x, tooltip=tips, color=colour),
        unclear.mark_point(size=_DOT - 20, fill=theme.PAPER, stroke=theme.MUTED, strokeWidth=1.8, opacity=1).encode(
            y=y, x=x, tooltip=tips
        ),
        at_right(every, right),
        head_at_right(source.short(estimate), right),
        spacer(right),
        *blanks(source, (estimate,), rows, y),
    ]
    signs = [Sign(shape, colour, source.word(sign)) for sign, (shape, colour) in _SIGNS.items()]
    return alt.layer(*layers, *key(signs, room, lift=14), height=height(rows, _ROW))


def _effects(source: ChartSource, rows: Sequence[str]) -> dict[str, Record]:
    """Row → its estimate, the ends of its interval where there are some, and its sign.

    ``above`` or ``below`` zero with the whole interval, or ``within``.
    """
    estimate, low, high = source.chart.values
    records = {record["id"]: {**record, "sign": "within", "interval": ""} for record in source.long((estimate,), rows)}
    ends = {(record["id"], record["key"]): record for record in source.long((low, high), rows)}
    for row, record in records.items():
        if (row, low) in ends and (row, high) in ends:
            lower, upper = ends[row, low], ends[row, high]
            sign = "above" if lower["at"] > 0 else "below" if upper["at"] < 0 else "within"
            record |= {
                "low": lower["at"],
                "high": upper["at"],
                "interval": f"[{lower['text']}, {upper['text']}]",
                "sign": sign,
            }
    return records


def _around_zero(records: Iterable[Record]) -> list[float]:
    """A scale that holds zero, every estimate and every interval, with a margin."""
    places = [0.0]
    for record in records:
        places += (record[end] for end in ("at", "low", "high") if end in record)
    low, high = min(places), max(places)
    margin = (high - low) * _MARGIN or 1.0
    return [low - margin, high + margin]


@chart("scree", "the eigenvalue, that of random data and the limit above which factors are kept", fewest=3)
def scree(source: ChartSource) -> Drawing:
    """Eigenvalues by component, those of random data beside them, and the limit above which factors are kept.

    The eigenvalues above it are printed.
    """
    eigenvalue, random, limit = source.chart.values
    rows = source.rows()
    records = _components(source, rows)
    real, chance = ([record for record in records if record["key"] == value] for value in (eigenvalue, random))
    limits = [record for record in records if record["key"] == limit][:1]
    kept = [record for record in real if limits and record["at"] > limits[0]["at"]]
    top = max((record["at"] for record in records), default=0.0) * _HEADROOM or 1.0
    places = list(range(1, len(rows) + 1))
    ticks = alt.Axis(values=places, grid=False, ticks=True, tickSize=4, domain=True, labelPadding=4)
    scale = alt.Scale(domain=[0.6, len(rows) + 0.4], nice=False)
    x = alt.X("number:Q", title=source.word("row"), scale=scale, axis=ticks)
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=grid_axis(5))
    tips = tooltip(("row", source.word("row")), *((value, source.title(value)) for value in source.chart.values))
    base = alt.Chart(data(real)).encode(x=x, y=y, tooltip=tips)
    over, under = _beside(kept, top)
    layers = [
        alt.Chart(data(limits)).mark_rule(color=theme.MUTED, strokeWidth=1).encode(y=y),
        alt.Chart(data(chance)).mark_line(color=theme.SECOND, strokeWidth=1.8, strokeDash=[5, 3]).encode(x=x, y=y),
        base.mark_line(color=theme.ACCENT, strokeWidth=2.2),
        base.mark_point(
            color=theme.ACCENT, filled=True, size=_DOT - 10, opacity=1, stroke=theme.PAPER, strokeWidth=0.8
        ),
        *_figures(_clear(over, real, top, over=True), "left", 7, x=x, y=y, tooltip=tips),
        *_figures(_clear(under, real, top, over=False), "right", 8, x=x, y=y, tooltip=tips),
        over_plot(source.axis(eigenvalue)),
    ]
    signs = [
        Sign("dot", theme.ACCENT, source.title(eigenvalue)),
        Sign("dashes", theme.SECOND, source.title(random)),
        Sign("line", theme.MUTED, source.title(limit)),
    ]
    return alt.layer(*layers, *key(signs, lift=20, room=_KEY_ROOM), height=_HEIGHT)


def _components(source: ChartSource, rows: Sequence[str]) -> list[Record]:
    """One record a component and value, with the component's number and the texts of all its values."""
    number = {row: place for place, row in enumerate(rows, start=1)}
    texts = {value: source.texts(value, rows) for value in source.chart.values}
    return [
        {**record, "number": number[record["id"]], **{value: texts[value].get(record["id"], "") for value in texts}}
        for record in source.long(source.chart.values, rows)
    ]


def _figures(records: Sequence[Record], align: str, dx: int, **channels: Any) -> list[alt.Chart]:
    """Eigenvalues as text beside their dots."""
    base = alt.Chart(data(records)).encode(text="text:N", **channels)
    return outlined(base, align=align, dx=dx, dy=alt.ExprRef("datum.dy"), fontWeight="bold")


def _beside(kept: Sequence[Record], top: float) -> tuple[list[Record], list[Record]]:
    """The eigenvalues printed over the falling line, and those under it, where the one before would be in the way.

    Where both are, it goes without.
    """
    over: list[Record] = []
    under: list[Record] = []
    for record in kept:
        free = [side for side in (over, under) if not side or (side[-1]["at"] - record["at"]) / top * _HEIGHT >= _LINE]
        if free:
            free[0].append(record)
    return over, under


def _clear(records: Sequence[Record], real: Sequence[Record], top: float, *, over: bool) -> list[Record]:
    """The figures with their distance from the dot.

    Over the line they stand higher where the next dot is nearly level, because they would cover it; under it below all
    dots.
    """
    following = {record["number"]: after["at"] for record, after in pairwise(real)}

    def level(record: Record) -> bool:
        return bool((record["at"] - following.get(record["number"], 0.0)) / top * _HEIGHT < _LINE)

    return [{**record, "dy": (-_LINE if level(record) else -_LINE / 2) if over else _LINE} for record in records]
