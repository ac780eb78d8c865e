"""Charts of deals against their forecast: collection ratios around par, and how many deals are in which band."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import fsum

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    Drawing,
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
    rows_axis,
    spacer,
    tooltip,
)
from npl_report.present.charts.registry import chart

_ROW = 38.0
"""Pixels a row takes."""
_PAR, _LEAST = 100.0, 4.0
"""Per cent of the forecast, and how many of them the scale shows at least to either side."""
_BANDS = (0, 2, 6, 8)
"""The steps of the diverging colours that bands have, from the lowest."""
_PALE = 0.45
"""Opacity of rows of fewer deals than are ranked."""
_BROAD = 9.0
"""Per cent of a row that a part needs to carry its figure."""


@chart(
    "ratios",
    "the ratio, and the lower and the upper end of the one beside it",
    fewest=3,
    rows=(Unit.ASSET_TYPE,),
)
def ratios(source: ChartSource) -> Drawing:
    """A dot a row for a ratio, a line for the ends of another, and a rule where what was forecast came in.

    Dots of few deals are grey. The ratio stands at the right.
    """
    ratio, low, high = source.chart.values
    rows = source.rows()
    thin = source.ranked(rows, ratio)[1]
    records = [{**item, "thin": item["id"] in thin} for item in source.long((ratio,), rows)]
    spans = _spans(source, low, high, rows)
    labels = [source.label(row) for row in rows]
    room, right = extent(labels), right_room(record["text"] for record in records)
    y = rows_axis(labels, room)
    places = [*(item["at"] for item in (*records, *spans)), *(item["to"] for item in spans)]
    x = alt.X("at:Q", title=source.axis(ratio), scale=_around(places), axis=alt.Axis(tickCount=5))
    row = ("row", source.word("row"))
    kinds = [record["id"] for record in records]
    colours = [theme.MUTED if record["thin"] else source.colour(record["id"]) for record in records]
    dots = alt.Chart(data(records)).encode(y=y, x=x, tooltip=tooltip(row, ("text", source.title(ratio))))
    layers = [
        alt.Chart(data([{"at": _PAR}])).mark_rule(color=theme.INK, strokeWidth=1.2).encode(x=x),
        alt.Chart(data(spans))
        .mark_rule(strokeWidth=6, strokeCap="round", color=theme.SPAN)
        .encode(y=y, x=x, x2="to:Q", tooltip=tooltip(row, ("text", source.word("other")))),
        dots.mark_point(size=110, filled=True, opacity=1).encode(
            color=alt.Color("id:N", legend=None, scale=alt.Scale(domain=kinds, range=colours))
        ),
        at_right(alt.Chart(data(records)).encode(y=y), right),
        *blanks(source, (ratio,), rows, y),
        spacer(right),
    ]
    signs = [Sign("dot", theme.MUTED, source.title(ratio)), Sign("line", theme.INK, source.word("reference"))]
    signs += [Sign("square", theme.SPAN, source.word("other"))] if spans else []
    return alt.layer(*layers, *key(signs, room), height=height(rows, _ROW))


def _spans(source: ChartSource, low: str, high: str, rows: Sequence[str]) -> list[Record]:
    """From one end to the other of every row that has both, with the text of both."""
    ends = {record["id"]: record for record in source.long((high,), rows)}
    starts = [record for record in source.long((low,), rows) if record["id"] in ends]
    return [
        {**start, "to": ends[start["id"]]["at"], "text": f"{start['text']} – {ends[start['id']]['text']}"}
        for start in starts
    ]


def _around(places: Sequence[float]) -> alt.Scale:
    """A scale around par with a little room at both ends; it does not begin at nought, for dots have no length."""
    low, high = min(places, default=_PAR), max(places, default=_PAR)
    low, high = min(low, _PAR - _LEAST), max(high, _PAR + _LEAST)
    return alt.Scale(domain=[max(0.0, low - (high - low) / 20), high + (high - low) / 20], nice=False)


@chart(
    "parted",
    "the numbers of the four bands, from the lowest",
    fewest=4,
    rows=(Unit.ASSET_TYPE,),
    columns=("n_deals",),
)
def parted(source: ChartSource) -> Drawing:
    """A bar a row, parted by what share of its deals is in which band, with the numbers; at the right that of all.

    Rows of few deals are pale.
    """
    values, rows = source.chart.values, source.rows()
    thin = source.ranked(rows, values[0])[1]
    records = list(_parts(source, rows, thin))
    labels = [source.label(row) for row in rows]
    whole = source.long(("n_deals",), rows)
    room, right = extent(labels), right_room([*(record["text"] for record in whole), source.title("n_deals")])
    y = rows_axis(labels, room)
    axis = alt.Axis(values=[0, 25, 50, 75, 100])
    x = alt.X("at:Q", title=source.word("axis"), scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)
    colours = [theme.DIVERGING[step] for step in _BANDS]
    colour = alt.Color("key:N", legend=None, scale=alt.Scale(domain=list(values), range=colours))
    inks = alt.Scale(domain=list(values), range=[theme.ON_DIVERGING[step] for step in _BANDS])
    tips = tooltip(("row", source.word("row")), ("measure", source.word("part")), ("text", source.title("n_deals")))
    faint = alt.Opacity("faint:Q", legend=None, scale=None)
    bars = alt.Chart(data(records)).encode(y=y, x=x, opacity=faint, tooltip=tips)
    broad = alt.Chart(data(record for record in records if record["to"] - record["at"] >= _BROAD))
    layers = [
        bars.mark_bar(size=22, stroke=theme.PAPER, strokeWidth=0.7).encode(x2="to:Q", color=colour),
        broad.mark_text(fontWeight="bold").encode(
            y=y, x="middle:Q", text="number:N", color=alt.Color("key:N", legend=None, scale=inks)
        ),
        at_right(alt.Chart(data(whole)).encode(y=y), right),
        head_at_right(source.title("n_deals"), right),
        *blanks(source, (*values,), [row for row in rows if not source.result.number(row, "n_deals")], y),
        spacer(right),
    ]
    signs = [Sign("square", shade, source.short(value)) for value, shade in zip(values, colours, strict=True)]
    drawn: Drawing = alt.layer(*layers, *key(signs, room, lift=14), height=height(rows, _ROW))
    separate: Drawing = drawn.resolve_scale(color="independent")
    return separate


def _parts(source: ChartSource, rows: Sequence[str], thin: Sequence[str]) -> Iterator[Record]:
    """The parts of every row that has deals, from the left, with their numbers."""
    for row in rows:
        found = source.long(source.chart.values, [row])
        whole = fsum(record["at"] for record in found)
        ends = list(accumulate((record["at"] for record in found), initial=0.0))
        for place, record in enumerate(found if whole else ()):
            if not record["at"]:
                continue
            start, end = (100 * ends[at] / whole for at in (place, place + 1))
            shown = {"at": start, "to": end, "middle": (start + end) / 2, "number": f"{record['at']:g}"}
            yield {**record, **shown, "faint": _PALE if row in thin else 1.0}
