"""What each deal has paid against what was expected of it, as small multiples, a panel an asset type."""

from __future__ import annotations

from itertools import chain

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts import crowds
from npl_report.present.charts.crowds import Bins, Plane, common_steps, square_signs
from npl_report.present.charts.parts import (
    Drawing,
    Panels,
    Record,
    Sign,
    data,
    key,
    nothing,
    over_plot,
    rates_axis,
    tooltip,
)
from npl_report.present.charts.registry import chart

_HEIGHT = 190.0
_HEADROOM = 1.05
_DOT = 34.0
_APART = 11
"""Pixels from the plot to the figures under it, of which the first stands beside the lowest of the other axis."""
_BINS = 20
"""Squares across and up that stand for a crowd."""
_KEY_ROOM, _KEY_LIFT, _LEFT = 246.0, 20.0, 42.0
"""Width of the key, its distance from the plot, over which the vertical axis is named, and what that axis takes."""


@chart(
    "multiples",
    "the expected and the realised multiple",
    fewest=2,
    rows=(Unit.DEAL,),
    columns=("asset_type", "live"),
    beside=True,
)
def multiples(source: ChartSource) -> Panels:
    """A dot a deal, hollow while the deal is live, with the line on which both are equal.

    The deals of one panel, not all of the figure, are what a reader must tell apart: only a panel with a crowd of its
    own has squares, and its key says so.
    """
    kinds = [kind for kind in source.asset_types if (source.result.frame["asset_type"] == kind).any()]
    records = {kind: _deals(source, kind) for kind in kinds}
    places = [max(deal["x"], deal["at"]) for deal in chain.from_iterable(records.values())]
    top = max([*places, 0.0]) * _HEADROOM or 1.0
    planes = {kind: _plane(source, own, top) for kind, own in records.items() if len(own) > crowds.CROWD}
    return {kind: _panel(source, kind, records[kind], top, planes) for kind in kinds}


def _deals(source: ChartSource, kind: str) -> list[Record]:
    """The deals of a class that have both figures."""
    expected, realised = source.chart.values
    frame = source.result.frame
    own = [str(row) for row in frame.index[frame["asset_type"] == kind]]
    found = {record["id"]: record for record in source.long((expected,), own)}
    paid = source.long((realised,), list(found))
    return [
        {
            "id": record["id"],
            "deal": record["row"],
            "x": found[record["id"]]["at"],
            "expected": found[record["id"]]["text"],
            "at": record["at"],
            "realised": record["text"],
            "live": frame.at[record["id"], "live"] == "yes",
        }
        for record in paid
    ]


def _panel(source: ChartSource, kind: str, records: list[Record], top: float, planes: dict[str, Plane]) -> Drawing:
    """One panel: the line of equal multiples, and the deals."""
    expected, realised = source.chart.values
    scale = alt.Scale(domain=[0, top], nice=False)
    ticks = alt.Axis(labelExpr=source.ticks_with_unit(expected), tickCount=4, labelPadding=_APART)
    x = alt.X("x:Q", title=source.word("across"), scale=scale, axis=ticks)
    y = alt.Y("at:Q", title=None, scale=scale, axis=rates_axis(source, realised, 4))
    line = alt.Chart(data([{"x": 0.0, "at": 0.0}, {"x": top, "at": top}]))
    dashed = line.mark_line(color=theme.MUTED, strokeWidth=1, strokeDash=[4, 3]).encode(x=x, y=y)
    if kind in planes:
        steps = common_steps(planes.values())
        marks, signs = [planes[kind].squares(source, steps).encode(x=x, y=y)], square_signs(source, steps)
    else:
        marks, signs = _dots(source, kind, records, x, y)
    layers = [
        dashed,
        *marks,
        *key(signs, _LEFT, _KEY_LIFT, _KEY_ROOM),
        over_plot(source.word("axis"), -_LEFT + 4),
        *nothing(source, expected, [str(row) for row in _rows(source, kind)]),
    ]
    return alt.layer(*layers, height=_HEIGHT)


def _rows(source: ChartSource, kind: str) -> list[str]:
    frame = source.result.frame
    return [str(row) for row in frame.index[frame["asset_type"] == kind]]


def _dots(
    source: ChartSource, kind: str, records: list[Record], x: alt.X, y: alt.Y
) -> tuple[list[alt.Chart], list[Sign]]:
    """Filled dots over hollow ones, and the key."""
    colour = source.ink(kind)
    tips = tooltip(("deal", source.word("row")), ("expected", source.word("across")), ("realised", source.word("axis")))
    live, done = (
        alt.Chart(data(record for record in records if record["live"] is of)).encode(x=x, y=y, tooltip=tips)
        for of in (True, False)
    )
    marks = [
        live.mark_point(size=_DOT, filled=False, stroke=colour, strokeWidth=1.1, opacity=0.75),
        done.mark_point(size=_DOT, filled=True, fill=colour, stroke=theme.PAPER, strokeWidth=0.6, opacity=1),
    ]
    return marks, [Sign("dot", colour, source.word("done")), Sign("ring", colour, source.word("live"))]


def _plane(source: ChartSource, records: list[Record], top: float) -> Plane:
    """A crowd over both multiples."""
    expected, realised = source.chart.values
    across, up = (
        Bins(field, source.word(word), source.table.column(column), (0.0, top), _BINS)
        for field, word, column in (("x", "across", expected), ("at", "axis", realised))
    )
    return Plane.of(across, up, ((record["x"], record["at"], record["id"]) for record in records))
