"""Columns by row, single or stacked."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from npl_report.model import MOST_CLASSES
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    Drawing,
    Record,
    Sign,
    data,
    grid_axis,
    key,
    nothing,
    over_plot,
    room_to,
    stacked,
    tooltip,
)
from npl_report.present.charts.registry import chart

_FEW = 4
"""Columns below which they would be too broad, and get more room around them."""
_HEIGHT, _LOW = 270.0, 200.0
"""Height of a plot in pixels, and of one of single columns."""
_KEY_ROOM = theme.PHONE_WIDTH - 60.0
"""Width of the key, which begins at the plot: what a phone shows, less the figures of the vertical axis."""
_HEADROOM = 1.22
"""Share of the highest column that the scale reaches, so that its figure stands over it, upright too."""


@chart(
    "stacked_bars",
    "the asset types, in their order",
    fewest=1,
    most=MOST_CLASSES,
    columns=("issuance",),
)
def stacked_bars(source: ChartSource) -> Drawing:
    """Columns by row, stacked by asset type, with the total above."""
    rows, values = source.rows(), source.chart.values
    totals = source.long(("issuance",), rows)
    records = stacked(source, values, rows, {record["id"]: record["text"] for record in totals})
    x = _across([source.label(row) for row in rows])
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=room_to(totals, _HEADROOM), nice=False), axis=grid_axis(5))
    colours = [source.colour(kind) for kind in values]
    colour = alt.Color("key:N", legend=None, scale=alt.Scale(domain=list(values), range=colours))
    row, text = ("row", source.word("row")), ("text", source.title("issuance"))
    tips = tooltip(row, ("measure", source.word("part")), text, ("whole", source.total))
    columns = (
        alt.Chart(data(records))
        .mark_bar(stroke=theme.PAPER, strokeWidth=0.7, cornerRadiusEnd=0)
        .encode(x=x, y=y, color=colour, order="order:Q", tooltip=tips)
    )
    labels = _over(totals).encode(x=x, y="at:Q", text="text:N", tooltip=tooltip(row, text))
    signs = [Sign("square", colour, source.title(value)) for value, colour in zip(values, colours, strict=True)]
    layers = [columns, labels, *key(signs, lift=20, room=_KEY_ROOM), over_plot(source.axis("issuance"))]
    return alt.layer(*layers, height=_HEIGHT)


@chart("columns", "the measure, then what the tooltip adds", fewest=1, most=9)
def columns(source: ChartSource) -> Drawing:
    """A column a row, with the figure above; further columns of the table show in the tooltip."""
    measure, *others = source.chart.values
    rows = source.rows()
    texts = {other: source.texts(other, rows) for other in others}
    records = [
        record | {other: texts[other].get(record["id"], "") for other in others}
        for record in source.long((measure,), rows)
    ]
    x = _across([source.label(row) for row in rows])
    scale = alt.Scale(domain=room_to(records, _HEADROOM), nice=False)
    y = alt.Y("at:Q", title=None, scale=scale, axis=grid_axis(4))
    tips = tooltip(
        ("row", source.word("row")),
        ("text", source.title(measure)),
        *((other, source.title(other)) for other in others),
    )
    base = alt.Chart(data(records)).encode(x=x, y=y, tooltip=tips)
    layers = [
        base.mark_bar(color=theme.ACCENT),
        _over(records).encode(x=x, y=y, text="text:N", tooltip=tips),
        over_plot(source.axis(measure)),
        *nothing(source, measure, rows),
    ]
    return alt.layer(*layers, height=_LOW)


def _across(labels: Sequence[str]) -> alt.X:
    """A column a row, from left to right."""
    inner, outer = (0.42, 0.25) if len(labels) >= _FEW else (0.65, 1.0)
    return alt.X(
        "row:N",
        title=None,
        sort=list(labels),
        axis=alt.Axis(labelAngle=0, grid=False, labelColor=theme.INK, labelFontSize=theme.LABEL, labelOverlap=True),
        scale=alt.Scale(domain=list(labels), paddingInner=inner, paddingOuter=outer),
    )


def _over(records: Sequence[Record]) -> alt.Chart:
    """The figures over their columns, upright where they would meet."""
    widest = max((theme.text_width(record["text"], bold=True) for record in records), default=0.0)
    meet = f"width / {max(1, len(records))} < {widest:.1f}"
    mark: alt.Chart = alt.Chart(data(records)).mark_text(
        angle=alt.ExprRef(f"{meet} ? 270 : 0"),
        align=alt.ExprRef(f"{meet} ? 'left' : 'center'"),
        baseline=alt.ExprRef(f"{meet} ? 'middle' : 'bottom'"),
        dx=alt.ExprRef(f"{meet} ? 5 : 0"),
        dy=alt.ExprRef(f"{meet} ? 0 : -3"),
        fontWeight="bold",
    )
    return mark
