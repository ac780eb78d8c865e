"""Lines over the years of issue, one per asset type."""

from __future__ import annotations

from itertools import product

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    Drawing,
    Record,
    data,
    nothing,
    over_plot,
    rates_axis,
    spacer,
    tooltip,
    type_colour,
)
from npl_report.present.charts.registry import chart

_HEIGHT = 300.0
_EMPTY = 40.0
"""Height of a chart without a line."""
_HEADROOM = 1.15
"""Share of the highest value that the scale reaches, so that a number of deals stands above it."""
_LIFT = 14
"""Pixels from a point to its number of deals."""
_ASIDE, _UNDER = 12, 34
"""Pixels from a line's last point to its name: beside the last year, or over and under a line that ends before."""
_LINES, _BLOCK = (-7, 8), 33.0
"""Offsets of a name and of its figures, and the height of both."""
_LOWEST = _HEIGHT - 16
"""Where both still stand above the years."""


@chart("trend", "the measure and the number of deals", fewest=2, rows=(Unit.PAIR,))
def trend(source: ChartSource) -> Drawing:
    """Lines with the number of deals at every point, and the line's name and last figures at its end."""
    measure, count = source.chart.values
    if not (records := _yearly(source, measure, count)):
        return alt.layer(*nothing(source, measure, source.rows()), height=_EMPTY)
    years = sorted({record["year"] for record in records})
    top = max(record["at"] for record in records) * _HEADROOM or 1.0
    names = alt.Axis(labelAngle=0, grid=False, labelColor=theme.INK, labelFontSize=theme.LABEL)
    x = alt.X("year:N", title=None, scale=alt.Scale(type="point", domain=years, padding=0.3), axis=names)
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=rates_axis(source, measure, 5))
    tips = tooltip(
        ("row", source.word("row")),
        ("name", source.word("part")),
        ("text", source.word("axis")),
        ("count", source.title(count)),
    )
    lines = alt.Chart(data(records)).encode(x=x, y=y, color=type_colour(source, "kind"))
    between = alt.Chart(data(record for record in records if not record["last"]))
    last = [record for record in records if record["last"]]
    ends = alt.Chart(data(_placed(last, years[-1], top)))
    final = [record for record in last if record["year"] == years[-1]]
    beside = max(theme.text_width(record[line], bold=True) for record, line in product(final, ("name", "figures")))
    layers = [
        lines.mark_line(strokeWidth=2.5).encode(detail="kind:N"),
        lines.mark_point(filled=True, size=80, opacity=1, stroke=theme.PAPER, strokeWidth=1).encode(tooltip=tips),
        between.mark_text(dy=alt.ExprRef("datum.lift"), color=alt.ExprRef("datum.ink"), fontSize=theme.SMALL).encode(
            x=x, y=y, text="count:N", tooltip=tips
        ),
        *(
            _end(ends, line, offset).encode(x=x, y=y, text=f"{line}:N", tooltip=tips)
            for line, offset in zip(("name", "figures"), _LINES, strict=True)
        ),
        over_plot(source.axis(measure)),
        spacer(round(_ASIDE + beside)),
    ]
    return alt.layer(*layers, height=_HEIGHT)


def _end(ends: alt.Chart, line: str, offset: float) -> alt.Chart:
    """The name of each line of the plot, or the figures under it, where they were placed."""
    marks: alt.Chart = ends.mark_text(
        align=alt.ExprRef("datum.align"),
        dx=alt.ExprRef("datum.dx"),
        dy=alt.ExprRef(f"datum.dy + {offset}"),
        color=alt.ExprRef("datum.ink"),
        fontWeight="bold" if line == "name" else "normal",
    )
    return marks


def _yearly(source: ChartSource, measure: str, count: str) -> list[Record]:
    """Points with their year, asset type and number of deals, and on which side of the point that number has room."""
    rows = source.rows()
    counts = {row: source.numbers.text(source.result.number(row, count), source.table.column(count)) for row in rows}
    records = []
    for record in source.long((measure,), rows):
        kind, _, year = record["id"].partition("-")
        records.append({**record, "kind": kind, "year": year, "count": counts[record["id"]]})
    for record in records:
        record["name"] = source.names.name(Unit.ASSET_TYPE, record["kind"])
        record["figures"] = f"{record['text']} · {record['count']}"
        record["ink"] = source.ink(record["kind"])
        record["last"] = record["year"] == max(other["year"] for other in records if other["kind"] == record["kind"])
        others = [other["at"] for other in records if other["year"] == record["year"]]
        above = min((at for at in others if at > record["at"]), default=float("inf")) - record["at"]
        below = record["at"] - max((at for at in others if at < record["at"]), default=float("-inf"))
        record["lift"] = -_LIFT if above >= below else _LIFT
    return records


def _placed(last: list[Record], final: str, top: float) -> list[Record]:
    """Where the name of each line stands: right of its point in the final year, moved apart from the others.

    A line that ends before has it over or under its last point.
    """
    placed: list[Record] = []
    floor = float("inf")
    for record in sorted(last, key=lambda record: record["at"]):
        point = _HEIGHT * (1 - record["at"] / top)
        if record["year"] != final:
            under = record["lift"] > 0 and point + _UNDER < _LOWEST
            placed.append({**record, "align": "center", "dx": 0, "dy": _UNDER if under else -_UNDER})
            continue
        floor = min(point, floor - _BLOCK, _LOWEST)
        placed.append({**record, "align": "left", "dx": _ASIDE, "dy": round(floor - point, 1)})
    return placed
