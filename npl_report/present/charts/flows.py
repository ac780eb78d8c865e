"""Payments of a deal: a column a payment date, stacked in the order in which the cash is paid."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import fsum

import altair as alt

from npl_report.model import MOST_TRANCHES, TOTAL, Chart, ResearchTable, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import Drawing, Panels, Sign, data, grid_axis, key, over_plot, stacked, tooltip
from npl_report.present.charts.registry import chart

_HEIGHT = 210.0
_HEADROOM = 1.05
"""Share of the highest column that the scale reaches."""
_FEWEST = 7
"""Parts of a column where there are two tranches; each further one has two."""


def colours(values: Sequence[str]) -> dict[str, str]:
    """Part of a column → its colour.

    A hue for each tranche, the interest lighter than the principal; others for what no tranche gets.
    """
    upper = chain.from_iterable(theme.RUNGS[: (len(values) - _FEWEST) // 2 + 1])
    return dict(zip(values, (theme.SPAN, *upper, *theme.LAST_RUNG, theme.CLASS_COLOURS[2]), strict=True))


def _by_tranche(_: ResearchTable, declared: Chart) -> bool:
    """Whether the values, but for the first and the last, are those of a ladder."""
    parts = [value.rpartition("_")[2] for value in declared.values[1:-1]]
    return parts == [*["interest", "principal"] * (len(parts) // 2 - 1), "principal", "return", "residual"]


@chart(
    "flows",
    "fees, interest and principal of each tranche but the last, principal, return and residual of that, and the reward",
    fewest=_FEWEST,
    most=_FEWEST + 2 * (MOST_TRANCHES - 2),
    rows=(Unit.PAIR,),
    columns=("collected",),
    fits=_by_tranche,
)
def flows(source: ChartSource) -> Panels:
    """A panel an asset type, the key over the first. Every panel has its own scale: the deals differ in size."""
    kinds = source.kinds()
    return {kind: _panel(source, kind, first=kind == kinds[0]) for kind in kinds}


def _panel(source: ChartSource, kind: str, *, first: bool) -> Drawing:
    values = source.chart.values
    shades = colours(values)
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
        "key:N", legend=None, scale=alt.Scale(domain=list(values), range=[shades[value] for value in values])
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
    signs = key([Sign("square", shades[value], source.title(value)) for value in values], lift=20) if first else []
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
