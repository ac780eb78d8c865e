"""Lines over age as small multiples, a panel an asset type.

Cumulative shares, every deal's curve, mean and quartiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import ceil
from typing import Literal

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.crowds import Bins, Plane, Steps, common_steps, crowded, square_signs
from npl_report.present.charts.parts import (
    Drawing,
    Panels,
    Record,
    data,
    key,
    measure_tips,
    nothing,
    rates_axis,
    tooltip,
)
from npl_report.present.charts.registry import chart

_LOW, _HIGH = 190.0, 230.0
"""Height of a panel, and of one with a window above or bars below."""
_STRIP, _AIR = 26.0, 20.0
"""Height of the bars of deals under a band, and their distance from it."""
_FOOT = _HIGH - _STRIP
"""Where these bars begin, from the top."""
_HEADROOM = 1.04
_BINS = 24
"""Squares across and up that stand for a crowd of curves."""
_KEY_ROOM, _KEY_LIFT, _LEFT = 246.0, 14.0, 42.0
"""Width of their key, its distance from the plot, over which the name of the window stands, and what the vertical axis
takes."""
_STEP, _YEAR = 6, 12
"""Months to which an axis of age is rounded up, and between its ticks."""


def _ages(end: float, title: str) -> alt.X:
    """An axis of age in months."""
    ticks = alt.Axis(
        values=list(range(0, int(end) + 1, _YEAR)), grid=False, ticks=True, tickSize=4, domain=True, labelPadding=4
    )
    return alt.X("age:Q", title=title, scale=alt.Scale(domain=[0, end], nice=False), axis=ticks)


def _end(source: ChartSource, column: str) -> float:
    """Where the axis of age ends."""
    return float(ceil(float(source.result.frame[column].max()) / _STEP) * _STEP)


def _window(source: ChartSource, kind: str, end: float) -> list[alt.Chart]:
    """The observation window of the type as a shaded span with its name above."""
    window = source.windows[kind]
    record = {
        "age": float(window.low),
        "to": min(float(window.high), end),
        "name": source.word("window"),
        "months": source.span(window.low, window.high, Unit.MONTHS),
    }
    base = alt.Chart(data([record] if window.low < end else []))
    low, high = (alt.X(f"{edge}:Q", scale=alt.Scale(domain=[0, end], nice=False)) for edge in ("age", "to"))
    late = window.low + window.high > end
    align: Literal["right", "left"] = "right" if late else "left"
    return [
        base.mark_rect(color=theme.PALE).encode(x=low, x2="to:Q", tooltip=tooltip(("months", source.word("window")))),
        *(base.mark_rule(color=theme.MUTED, strokeWidth=0.7, strokeDash=[2, 2]).encode(x=edge) for edge in (low, high)),
        base.mark_text(y=0, dy=-9, align=align, baseline="middle", color=theme.MUTED, fontSize=theme.SMALL).encode(
            x=high if late else low, text="name:N"
        ),
    ]


@chart(
    "paths",
    "cumulative shares named <word>_<age>",
    fewest=2,
    most=99,
    rows=(Unit.PAIR,),
    beside=True,
    fits=lambda _, declared: all(key.rpartition("_")[2].isdecimal() for key in declared.values),
)
def paths(source: ChartSource) -> Panels:
    """Cumulative shares by age, actual against forecast, with a line at one half."""
    return {kind: _path(source, kind) for kind in source.kinds()}


def _path(source: ChartSource, kind: str) -> Drawing:
    """One panel: the first row of the type in its colour, the second dashed; both begin at nothing."""
    ages = {value: int(value.rpartition("_")[2]) for value in source.chart.values}
    share = source.table.column(source.chart.values[0])
    rows = source.rows(kind)
    names = [source.label(row) for row in rows]
    records = [{**record, "age": ages[record["key"]]} for record in source.long(source.chart.values, rows)]
    starts = [{"row": name, "age": 0, "at": 0.0} for name in names if any(record["row"] == name for record in records)]
    x = _ages(max(ages.values()), source.with_unit(source.word("part"), Unit.MONTHS))
    y = alt.Y(
        "at:Q",
        title=None,
        scale=alt.Scale(domain=[0, source.position(1.0, share)], nice=False),
        axis=rates_axis(source, share.key, 3),
    )
    colour = alt.Color("row:N", legend=None, scale=alt.Scale(domain=names, range=[source.colour(kind), theme.MUTED]))
    dash = alt.StrokeDash("row:N", legend=None, scale=alt.Scale(domain=names, range=[[1, 0], [5, 3]]))
    half = alt.Chart(data([{"at": source.position(0.5, share), "text": source.word("half")}]))
    layers = [
        half.mark_rule(color=theme.MUTED, strokeWidth=1, strokeDash=[2, 3]).encode(y=y),
        half.mark_text(x="width", align="right", dy=8, color=theme.MUTED, fontSize=theme.SMALL).encode(
            y=y, text="text:N"
        ),
        alt.Chart(data([*starts, *records]))
        .mark_line(strokeWidth=2.2)
        .encode(x=x, y=y, color=colour, strokeDash=dash, detail="row:N", order="age:Q"),
        alt.Chart(data(records))
        .mark_point(size=42, opacity=1, filled=True, stroke=theme.PAPER, strokeWidth=0.8)
        .encode(x=x, y=y, color=colour, tooltip=measure_tips(source)),
        *_labels(records, names, (source.ink(kind), theme.MUTED), x, y),
        *nothing(source, share.key, rows),
    ]
    return alt.layer(*layers, height=_LOW)


def _labels(records: list[Record], names: list[str], inks: Iterable[str], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The name of each line, in bold."""
    return [
        alt.Chart(data([label]))
        .mark_text(align=align, dx=dx, dy=dy, fontWeight="bold", color=ink)
        .encode(x=x, y=y, text="row:N")
        for label, ink, align, dx, dy in _label_places(records, names, inks)
    ]


def _label_places(
    records: list[Record], names: list[str], inks: Iterable[str]
) -> list[tuple[Record, str, Literal["right", "left"], int, int]]:
    """For the name of each line: its point, colour, alignment and distances.

    They stand where the lines are farthest apart, on the outer sides.
    """
    lines = {name: {record["age"]: record for record in records if record["row"] == name} for name in names}
    drawn = [line for line in lines.values() if line]
    shared = sorted(set.intersection(*(set(line) for line in drawn))) if drawn else []
    age = max(
        shared,
        key=lambda age: max(line[age]["at"] for line in drawn) - min(line[age]["at"] for line in drawn),
        default=None,
    )
    upper = max((line[age] for line in drawn), key=lambda record: record["at"]) if age is not None else None
    return [
        (lines[name][age], ink, "right", -7, -8) if lines[name][age] is upper else (lines[name][age], ink, "left", 7, 9)
        for name, ink in zip(names, inks, strict=False)
        if age is not None and lines[name]
    ]  # fmt: skip


@chart("curves", "the age and the rate", fewest=2, columns=("deal", "asset_type"), beside=True, deals=True)
def curves(source: ChartSource) -> Panels:
    """Every deal's cumulative rate by age as a thin line with a dot at its end, each panel on a scale of its own.

    The pointer brings out a deal and tells its figures. Of a crowd of deals, squares tell how many have which rate.
    """
    frame = source.result.frame
    kinds = [kind for kind in source.asset_types if (frame["asset_type"] == kind).any()]
    return _crowds(source, kinds) if crowded(source) else {kind: _curve(source, kind) for kind in kinds}


def _crowds(source: ChartSource, kinds: list[str]) -> Panels:
    """The panels of a crowd, each with the key of all."""
    planes = {kind: _plane(source, kind) for kind in kinds}
    steps = common_steps(planes.values())
    return {kind: _crowd(source, kind, plane, steps) for kind, plane in planes.items()}


def _plane(source: ChartSource, kind: str) -> Plane:
    """The deals of a type by age and rate; one is counted once where it has several dates in the same square."""
    age, rate = (source.table.column(key) for key in source.chart.values)
    part = source.result.frame.loc[source.result.frame["asset_type"] == kind]
    ages, rates = source.rounded(part[age.key], age), source.rounded(part[rate.key], rate)
    return Plane.of(
        Bins("age", source.title(age.key), age, (0.0, _end(source, age.key)), _BINS),
        Bins("at", source.word("axis"), rate, (0.0, max(rates) * _HEADROOM or 1.0), _BINS),
        zip(ages, rates, part["deal"], strict=True),
    )


def _crowd(source: ChartSource, kind: str, plane: Plane, steps: Steps) -> Drawing:
    """One panel of squares."""
    (_, end), rate = plane.across.ends, source.chart.values[1]
    x = _ages(end, source.axis(plane.across.column.key, plane.across.title))
    scale = alt.Scale(domain=list(plane.up.ends), nice=False)
    y = alt.Y("at:Q", title=None, scale=scale, axis=rates_axis(source, rate, 4))
    signs = key(square_signs(source, steps), _LEFT, lift=_KEY_LIFT, room=_KEY_ROOM)
    marks = plane.squares(source, steps).encode(x=x, y=y)
    return alt.layer(*_window(source, kind, end), marks, *signs, height=_HIGH)


def _curve(source: ChartSource, kind: str) -> Drawing:
    """One panel.

    A deal is one record with lists, which Vega flattens: the points are too many for a record with texts each.
    """
    age, rate = (source.table.column(key) for key in source.chart.values)
    part = source.result.frame.loc[source.result.frame["asset_type"] == kind]
    records: list[Record] = [
        {
            "deal": source.names.name(Unit.DEAL, str(deal)),
            "age": source.rounded(curve[age.key], age),
            "at": source.rounded(curve[rate.key], rate),
        }
        for deal, curve in part.groupby("deal", sort=False)
    ]
    end = _end(source, age.key)
    top = max(max(record["at"]) for record in records) * _HEADROOM or 1.0
    x = _ages(end, source.axis(age.key, source.title(age.key)))
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=rates_axis(source, rate.key, 4))
    over = alt.selection_point(name="deal", fields=["deal"], on="pointerover", clear="pointerout", empty=False)
    points = alt.Chart(data(records)).transform_flatten(["age", "at"]).encode(x=x, y=y)
    told = points.transform_calculate(months=source.shown("age", age), rate=source.shown("at", rate))
    chosen = points.transform_filter(over)
    ends = alt.Chart(data({"age": record["age"][-1], "at": record["at"][-1]} for record in records)).encode(x=x, y=y)
    layers = [
        *_window(source, kind, end),
        points.mark_line(color=source.ink(kind), strokeWidth=1, opacity=0.75).encode(detail="deal:N"),
        ends.mark_point(color=source.ink(kind), filled=True, size=9, opacity=1),
        chosen.mark_line(color=theme.INK, strokeWidth=2.5).encode(detail="deal:N"),
        chosen.mark_point(color=theme.INK, filled=True, size=30, opacity=1),
        told.mark_point(filled=True, size=90, opacity=0)
        .encode(
            tooltip=tooltip(
                ("deal", source.word("row")), ("months", source.title(age.key)), ("rate", source.word("axis"))
            )
        )
        .add_params(over),
    ]
    return alt.layer(*layers, height=_HIGH)


@chart(
    "band",
    "the mean, the lower and the upper quartile and the number of deals",
    fewest=4,
    rows=(Unit.PAIR,),
    columns=("asset_type", "age", "enough"),
    beside=True,
)
def band(source: ChartSource) -> Panels:
    """Mean and quartiles by age on common scales, the number of deals as bars below.

    Where there are too few deals, the line is dashed and has no quartiles.
    """
    mean, _, high, count = source.chart.values
    top = max((record["at"] for record in source.long((mean, high))), default=0.0) * _HEADROOM or 1.0
    most = max((record["at"] for record in source.long((count,))), default=0.0) or 1.0
    return {kind: _band(source, kind, top, most) for kind in source.kinds()}


def _band(source: ChartSource, kind: str, top: float, most: float) -> Drawing:
    """One panel. Means and bars have scales of their own, one above the other in the same plot."""
    records = _by_age(source, source.rows(kind))
    end = _end(source, "age")
    x = _ages(end, source.axis("age", source.title("age")))
    lines = alt.layer(*_window(source, kind, end), *_mean_lines(source, records, x, top, source.colour(kind)))
    bars = alt.layer(*_deal_bars(source, records, x, most))
    panel: Drawing = alt.layer(lines, bars, height=_HIGH).resolve_scale(y="independent")
    return panel


def _mean_lines(source: ChartSource, records: list[Record], x: alt.X, top: float, colour: str) -> Iterator[alt.Chart]:
    """The area between the quartiles, its edges, and the mean with its points."""
    mean, low, high, _ = source.chart.values
    enough = alt.Chart(data(record for record in records if record["enough"]))
    y = alt.Y(
        f"{mean}:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], nice=False, range=[_FOOT - _AIR, 0]),
        axis=rates_axis(source, mean, 4),
    )
    low_y, high_y = (alt.Y(f"{edge}:Q", title=None) for edge in (low, high))
    dash = alt.StrokeDash("enough:N", legend=None, scale=alt.Scale(domain=[True, False], range=[[1, 0], [4, 3]]))
    yield enough.mark_area(color=colour, opacity=0.22).encode(x=x, y=low_y, y2=f"{high}:Q")
    for edge in (low_y, high_y):
        yield enough.mark_line(color=colour, strokeWidth=0.8).encode(x=x, y=edge)
    stretches = alt.Chart(data(_stretches(records, mean))).mark_line(color=colour, strokeWidth=2.2)
    yield stretches.encode(x=x, y=y, detail="stretch:N", strokeDash=dash)
    yield alt.Chart(data(records)).mark_point(filled=True, size=24, color=colour, opacity=1).encode(x=x, y=y)


def _deal_bars(source: ChartSource, records: list[Record], x: alt.X, most: float) -> Iterator[alt.Chart]:
    """The bars of deals under the lines, the first and the last with their number; they carry the tooltip of both."""
    mean, low, high, count = source.chart.values
    every, first, last = (alt.Chart(data(some)) for some in (records, records[:1], records[1:][-1:]))
    scale = alt.Scale(domain=[0, most], nice=False, range=[_HIGH, _FOOT])
    deals = alt.Y(f"{count}:Q", title=None, axis=None, scale=scale)
    head = (("name", source.word("row")), (f"{mean}_text", f"{source.word('axis')} · {source.title(mean)}"))
    tips = tooltip(*head, *((f"{key}_text", source.title(key)) for key in (low, high, count)))
    yield every.mark_bar(color=theme.MUTED, size=5, opacity=0.75, cornerRadiusEnd=0).encode(x=x, y=deals)
    number = first.mark_text(align="left", dx=-3, dy=-8, color=theme.MUTED, fontSize=theme.SMALL)
    yield number.encode(x=x, y=deals, text="deals:N")
    number = last.mark_text(align="right", dx=3, dy=-8, color=theme.MUTED, fontSize=theme.SMALL)
    yield number.encode(x=x, y=deals, text="deals:N")
    yield every.mark_rule(color=theme.INK, strokeWidth=11, opacity=0, y=0, y2=_HIGH).encode(x=x, tooltip=tips)


def _by_age(source: ChartSource, rows: list[str]) -> list[Record]:
    """One record a row that has a mean.

    Its age and name, whether its deals are enough, and position and text of every value; ``deals`` is their number with
    its unit.
    """
    age, count = source.table.column("age"), source.table.column(source.chart.values[3])
    records: dict[str, Record] = {}
    drawn = [row for row in rows if (row, source.chart.values[0]) not in source.result.gaps]
    for row in drawn:
        months, deals = source.result.number(row, "age"), source.result.number(row, count.key)
        name = f"{source.names.name(Unit.ASSET_TYPE, row.partition('-')[0])} · {source.numbers.text(months, age)}"
        enough = source.result.frame.at[row, "enough"] == "yes"
        records[row] = {"age": months, "name": name, "enough": enough, "deals": source.numbers.text(deals, count)}
    for record in source.long(source.chart.values, drawn):
        records[record["id"]] |= {record["key"]: record["at"], f"{record['key']}_text": record["text"]}
    return list(records.values())


def _stretches(records: list[Record], value: str) -> list[Record]:
    """The points once for every stretch of the line that they belong to.

    A stretch is whole where both ends of its pieces have enough deals, else dashed.
    """
    points: list[Record] = []
    for start, stop in pairwise(records):
        enough = start["enough"] and stop["enough"]
        if not points or points[-1]["enough"] != enough:
            stretch = points[-1]["stretch"] + 1 if points else 0
            points.append({"age": start["age"], value: start[value], "enough": enough, "stretch": stretch})
        points.append({"age": stop["age"], value: stop[value], "enough": enough, "stretch": points[-1]["stretch"]})
    return points
