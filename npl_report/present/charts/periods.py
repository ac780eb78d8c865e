"""A measure over the quarters or years of issue as small multiples, a panel an asset type."""

from __future__ import annotations

import altair as alt

from npl_report.model import QUARTERS, Unit, quarter_number
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import Drawing, Panels, Record, data, nothing, over_plot, rates_axis, tooltip
from npl_report.present.charts.registry import chart

_HEIGHT = 150.0
_HEADROOM = 1.1
_TICKS = 5
"""Years that a panel names at most."""
_ROOM = 0.5
"""Years before the first and after the last dot."""


@chart(
    "periods",
    "the measure and the number of deals",
    fewest=2,
    rows=(Unit.PAIR,),
    columns=("asset_type",),
    beside=True,
)
def periods(source: ChartSource) -> Panels:
    """Dots joined by a line, on common scales; hollow where a period has few deals.

    A table with a column ``enough`` says itself which those are.
    """
    measure, count = source.chart.values
    counts = {record["id"]: record["text"] for record in source.long((count,))}
    few = _few(source, count)
    records = [
        {
            "id": record["id"],
            "period": _place(record["id"]),
            "name": source.names.name(Unit.PAIR, record["id"]),
            "at": record["at"],
            "text": record["text"],
            "count": counts[record["id"]],
            "enough": record["id"] not in few,
        }
        for record in source.long((measure,))
    ]
    return {kind: _panel(source, kind, records) for kind in source.kinds()}


def _few(source: ChartSource, count: str) -> set[str]:
    """The rows of few deals."""
    frame = source.result.frame
    few = frame["enough"] == "no" if "enough" in frame else frame[count] < source.fewest
    return {str(row) for row in frame.index[few]}


def _place(row: str) -> float:
    """A year, or a quarter as a point of time in years."""
    period = row.partition("-")[2]
    return float(period) if period.isdecimal() else quarter_number(period) / QUARTERS


def _panel(source: ChartSource, kind: str, records: list[Record]) -> Drawing:
    """One panel: the line, and a dot a period."""
    measure, count = source.chart.values
    rows = set(source.rows(kind))
    own = sorted((record for record in records if record["id"] in rows), key=lambda record: record["period"])
    places = [record["at"] for record in records]
    top, low = max([*places, 0.0]) * _HEADROOM or 1.0, min([*places, 0.0]) * _HEADROOM
    x = _years([_place(row) for row in source.rows()])
    axis = rates_axis(source, measure, 4)
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=[low, top], nice=False), axis=axis)
    tips = tooltip(("name", source.word("row")), ("text", source.word("axis")), ("count", source.title(count)))
    colour = source.ink(kind)
    every, firm, thin = (
        alt.Chart(data(some)).encode(x=x, y=y)
        for some in (
            own,
            [record for record in own if record["enough"]],
            [record for record in own if not record["enough"]],
        )
    )
    layers = [
        every.mark_line(color=colour, strokeWidth=1.2, opacity=0.55),
        thin.mark_point(fill=theme.PAPER, stroke=theme.MUTED, strokeWidth=1.3, size=22, opacity=1).encode(tooltip=tips),
        firm.mark_point(filled=True, color=colour, stroke=theme.PAPER, strokeWidth=0.8, size=52, opacity=1).encode(
            tooltip=tips
        ),
        over_plot(source.axis(measure), -34),
        *nothing(source, measure, source.rows(kind)),
    ]
    return alt.layer(*layers, height=_HEIGHT)


def _years(places: list[float]) -> alt.X:
    """An axis over all periods, which names some years at their beginning."""
    first, last = int(min(places)), int(max(places))
    step = -(-(last - first + 1) // _TICKS)
    ticks = list(range(first, last + 1, step))
    axis = alt.Axis(
        values=ticks, labelExpr="'' + datum.value", grid=True, gridColor=theme.PALE, domain=False, labelPadding=4
    )
    scale = alt.Scale(domain=[first - _ROOM, max(places) + _ROOM], nice=False)
    return alt.X("period:Q", title=None, scale=scale, axis=axis)
