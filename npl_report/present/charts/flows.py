"""Payments of a deal: a column a payment date, stacked in the order in which the cash is paid, a part a receiver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, product
from math import fsum

import altair as alt

from npl_report.model import MOST_TRANCHES, TOTAL, Chart, ResearchTable, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    Drawing,
    Panels,
    Record,
    Sign,
    data,
    grid_axis,
    key,
    over_plot,
    spacer,
    tooltip,
)
from npl_report.present.charts.registry import chart

_HEIGHT = 210.0
_HEADROOM = 1.05
"""Share of the highest column that the scale reaches."""
_PRINCIPAL = "principal"
_KEY_ROOM = theme.PHONE_WIDTH - 60.0
"""Width of the key, which begins at the plot: what a phone shows, less the figures of the vertical axis."""
_FEWEST = 7
"""Parts of a column where there are two tranches; each further one has two."""


def parts(source: ChartSource) -> dict[str, list[str]]:
    """What a column is parted into → the values of each: fees, what a tranche gets in all, and the reward."""
    first, *paid, reward = source.chart.values
    ladder = dict.fromkeys(value.rpartition("_")[0] for value in paid)
    return {
        first: [first],
        **{of: [value for value in paid if value.rpartition("_")[0] == of] for of in ladder},
        reward: [reward],
    }


def colours(values: Sequence[str]) -> dict[str, str]:
    """Payment → its colour, here and on the pages of deals.

    A hue for each tranche, the interest lighter than the principal; others for what no tranche gets.
    """
    upper = chain.from_iterable(theme.RUNGS[: (len(values) - _FEWEST) // 2 + 1])
    return dict(zip(values, (theme.SPAN, *upper, *theme.LAST_RUNG, theme.CLASS_COLOURS[2]), strict=True))


def _shades(source: ChartSource, held: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Part of a column → its colour: that of its principal, if it is a tranche."""
    found = colours(source.chart.values)
    return {of: found.get(f"{of}_{_PRINCIPAL}") or found[of] for of in held}


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
    held = parts(source)
    shades, names = _shades(source, held), {of: _part(source, of) for of in held}
    rows = [row for row in source.rows(kind) if not row.endswith(f"-{TOTAL}")]
    records = _records(source, held, names, rows)
    dates = [source.label(row) for row in rows]
    sums = [fsum(record["at"] for record in records if record["id"] == row) for row in rows]
    x = _months(dates)
    y = alt.Y(
        "at:Q",
        title=None,
        scale=alt.Scale(domain=[0.0, max(sums, default=0.0) * _HEADROOM or 1.0], nice=False),
        axis=grid_axis(4),
    )
    colour = alt.Color("key:N", legend=None, scale=alt.Scale(domain=list(shades), range=list(shades.values())))
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
    signs = (
        key([Sign("square", shade, names[of]) for of, shade in shades.items()], lift=20, room=_KEY_ROOM)
        if first
        else []
    )
    beside = spacer(theme.text_width("0000-00", theme.SMALL) / 2)
    return alt.layer(columns, beside, over_plot(source.axis(source.chart.values[0])), *signs, height=_HEIGHT)


def _part(source: ChartSource, of: str) -> str:
    """The name of a part: a tranche, or a column."""
    return source.title(of) if of in source.chart.values else source.names.name(Unit.TRANCHE, of)


def _records(
    source: ChartSource, held: Mapping[str, Sequence[str]], names: Mapping[str, str], rows: Sequence[str]
) -> list[Record]:
    """The parts of every payment date, from the lowest, each with the whole of its column."""
    whole, column = source.texts("collected", rows), source.table.column("collected")
    records = []
    for row, (order, (of, values)) in product(rows, enumerate(held.items())):
        paid = [source.result.number(row, value) for value in values if (row, value) not in source.result.gaps]
        if total := fsum(paid):
            told = {"key": of, "measure": names[of], "order": order, "whole": whole.get(row, "")}
            at, text = source.position(total, column), source.numbers.cell(total, column)
            records.append({"id": row, "row": source.label(row), **told, "at": at, "text": text})
    return records


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
            labelPadding=9,
        ),
    )
