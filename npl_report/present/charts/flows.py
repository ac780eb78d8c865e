"""Payments of a deal: a column a payment date, stacked in the order in which the cash is paid."""

from __future__ import annotations

from math import fsum
from types import MappingProxyType

import altair as alt

from npl_report.model import TOTAL, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import Drawing, Panels, Sign, data, grid_axis, key, over_plot, stacked, tooltip
from npl_report.present.charts.registry import chart

_HEIGHT = 210.0
_HEADROOM = 1.05
"""Share of the highest column that the scale reaches."""
COLOURS = MappingProxyType(
    {
        "fees": theme.SPAN,
        "senior_interest": theme.DIVERGING[7],
        "senior_principal": theme.ACCENT,
        "subordinated_principal": theme.SECOND,
        "subordinated_return": theme.DIVERGING[2],
        "subordinated_residual": theme.DIVERGING[0],
        "reward": theme.CLASS_COLOURS[2],
    }
)
"""Blue for the senior tranche, orange for the subordinated one, the lighter the less it is principal; others for
what no tranche gets."""


@chart("flows", "the payments of a date, in their order", fewest=2, most=9, rows=(Unit.PAIR,), columns=("collected",))
def flows(source: ChartSource) -> Panels:
    """A panel an asset type, the key over the first. Every panel has its own scale: the deals differ in size."""
    kinds = source.kinds()
    return {kind: _panel(source, kind, first=kind == kinds[0]) for kind in kinds}


def _panel(source: ChartSource, kind: str, *, first: bool) -> Drawing:
    values = source.chart.values
    rows = [row for row in source.rows(kind) if not row.endswith(f"-{TOTAL}")]
    records = stacked(source, values, rows, source.texts("collected", rows))
    dates = [source.label(row) for row in rows]
    sums = [fsum(record["at"] for record in records if record["id"] == row) for row in rows]
    x = _months(dates)
    y = alt.Y(
        "at:Q",
        title=None,
        scale=alt.Scale(domain=[0.0, max(sums, default=0.0) * _HEADROOM or 1.0], nice=False),
        axis=grid_axis(4),
    )
    colour = alt.Color(
        "key:N", legend=None, scale=alt.Scale(domain=list(values), range=[COLOURS[value] for value in values])
    )
    tips = tooltip(
        ("row", source.word("row")),
        ("measure", source.word("part")),
        ("text", source.word("axis")),
        ("whole", source.title("collected")),
    )
    columns = (
        alt.Chart(data(records))
        .mark_bar(stroke=theme.PAPER, strokeWidth=0.5, cornerRadiusEnd=0)
        .encode(x=x, y=y, color=colour, order="order:Q", tooltip=tips)
    )
    signs = key([Sign("square", COLOURS[value], source.title(value)) for value in values], lift=20) if first else []
    return alt.layer(columns, over_plot(source.axis(values[0])), *signs, height=_HEIGHT)


def _months(dates: list[str]) -> alt.X:
    """A column a payment date; the axis names the month."""
    months = "{" + ", ".join(f"'{date}': '{date[:7]}'" for date in dates) + "}"
    return alt.X(
        "row:N",
        title=None,
        sort=dates,
        scale=alt.Scale(domain=dates, paddingInner=0.3, paddingOuter=0.15),
        axis=alt.Axis(
            labelAngle=0,
            grid=False,
            labelColor=theme.MUTED,
            labelFontSize=theme.SMALL,
            labelExpr=f"{months}[datum.value]",
            labelOverlap="greedy",
            labelSeparation=14,
        ),
    )
