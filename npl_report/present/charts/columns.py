"""Columns by row, stacked."""

from __future__ import annotations

import altair as alt

from npl_report.model import MOST_CLASSES
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import Drawing, Sign, data, grid_axis, key, over_plot, room_to, stacked, tooltip
from npl_report.present.charts.registry import chart

_FEW = 4
"""Columns below which they would be too broad, and get more room around them."""


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
    x = alt.X(
        "row:N",
        title=None,
        sort=None,
        axis=alt.Axis(labelAngle=0, grid=False, labelColor=theme.INK, labelFontSize=theme.LABEL),
        scale=alt.Scale(paddingInner=0.42, paddingOuter=0.25)
        if len(rows) >= _FEW
        else alt.Scale(paddingInner=0.65, paddingOuter=1),
    )
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=room_to(totals, 1.12), nice=False), axis=grid_axis(5))
    colours = [source.colour(kind) for kind in values]
    colour = alt.Color("key:N", legend=None, scale=alt.Scale(domain=list(values), range=colours))
    row, text = ("row", source.word("row")), ("text", source.title("issuance"))
    tips = tooltip(row, ("measure", source.word("part")), text, ("whole", source.total))
    columns = (
        alt.Chart(data(records))
        .mark_bar(stroke=theme.PAPER, strokeWidth=0.7, cornerRadiusEnd=0)
        .encode(x=x, y=y, color=colour, order="order:Q", tooltip=tips)
    )
    labels = alt.Chart(data(totals)).mark_text(dy=-9, fontWeight="bold")
    labels = labels.encode(x=x, y="at:Q", text="text:N", tooltip=tooltip(row, text))
    signs = [Sign("square", colour, source.title(value)) for value, colour in zip(values, colours, strict=True)]
    layers = [columns, labels, *key(signs, lift=20), over_plot(source.axis("issuance"))]
    return alt.layer(*layers, height=270)
