"""Fans: quantiles of errors that open with the distance, a panel a kind of forecast."""

from __future__ import annotations

from itertools import pairwise, product

import altair as alt

from npl_report.model import Chart, ResearchTable, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import (
    Drawing,
    Panels,
    Record,
    data,
    nothing,
    over_plot,
    rates_axis,
    tooltip,
)
from npl_report.present.charts.registry import chart

_FAN = ("n", "low", "low_quartile", "median", "high_quartile", "high")
"""What stands after the kind in the names of its columns."""
_HIGH, _FOOT = 230.0, 24.0
"""Height of a panel, and of the numbers of forecasts under its fan."""
_FEWEST = 3
"""Forecasts behind a point; quantiles of fewer only interpolate, and are drawn as a dashed line alone."""
_MARGIN, _ASIDE = 1.06, 3.0
"""What is left free above and below, and months at either side."""


def _kinds(declared: Chart) -> list[str]:
    return [key.removesuffix("_n") for key in declared.values[:: len(_FAN)]]


def _fits(_: ResearchTable, declared: Chart) -> bool:
    """Whether the columns are those of one kind after the other."""
    return list(declared.values) == [f"{kind}_{part}" for kind, part in product(_kinds(declared), _FAN)]


@chart(
    "fans",
    "of each kind <kind>_n, _low, _low_quartile, _median, _high_quartile and _high",
    fewest=len(_FAN),
    most=4 * len(_FAN),
    rows=(Unit.TERM,),
    columns=("distance",),
    beside=True,
    fits=_fits,
)
def fans(source: ChartSource) -> Panels:
    """The median as a line, two bands around it, zero as a rule, and the number of forecasts at every distance."""
    values = [value for value in source.chart.values if not value.endswith("_n")]
    bound = max((abs(record["at"]) for record in source.long(values)), default=0.0) * _MARGIN or 1.0
    return {kind: _fan(source, kind, bound) for kind in _kinds(source.chart)}


def _fan(source: ChartSource, kind: str, bound: float) -> Drawing:
    """One panel on the scale of all."""
    median, records = f"{kind}_median", _points(source, kind)
    ends = [source.result.number(row, "distance") for row in source.rows()]
    scale = alt.Scale(domain=[min(ends) - _ASIDE, max(ends) + _ASIDE], nice=False)
    ticks = alt.Axis(values=ends, grid=False, ticks=True, tickSize=4, domain=True, labelPadding=4)
    x = alt.X("age:Q", title=source.with_unit(source.word("row"), Unit.MONTHS), scale=scale, axis=ticks)
    span = alt.Scale(domain=[-bound, bound], nice=False, range=[_HIGH - _FOOT, 0])
    y = alt.Y("median:Q", title=None, scale=span, axis=rates_axis(source, median, 5))
    enough = alt.Chart(data(record for record in records if record["enough"])).encode(x=x)
    points = alt.Chart(data(records)).encode(x=x)
    tips = tooltip(
        ("name", source.word("row")), *((f"{part}_text", source.short(f"{kind}_{part}")) for part in reversed(_FAN))
    )
    dash = alt.StrokeDash("enough:N", legend=None, scale=alt.Scale(domain=[True, False], range=[[1, 0], [4, 3]]))
    layers = [
        enough.mark_area(color=theme.ACCENT, opacity=0.14).encode(y=alt.Y("low:Q", title=None), y2="high:Q"),
        enough.mark_area(color=theme.ACCENT, opacity=0.26).encode(
            y=alt.Y("low_quartile:Q", title=None), y2="high_quartile:Q"
        ),
        alt.Chart(data([{"median": 0.0}])).mark_rule(color=theme.INK, strokeWidth=1).encode(y=y),
        alt.Chart(data(_pieces(records)))
        .mark_line(color=theme.ACCENT, strokeWidth=2.2)
        .encode(x=x, y=y, detail="piece:N", strokeDash=dash),
        points.mark_point(filled=True, size=24, color=theme.ACCENT, opacity=1).encode(y=y),
        points.mark_text(y=_HIGH - 8, baseline="middle", color=theme.MUTED, fontSize=theme.SMALL).encode(
            text="n_text:N"
        ),
        points.mark_rule(color=theme.INK, strokeWidth=14, opacity=0, y=0, y2=_HIGH).encode(tooltip=tips),
        over_plot(source.axis(median)),
        *nothing(source, median, source.rows()),
    ]
    return alt.layer(*layers, height=_HIGH)


def _points(source: ChartSource, kind: str) -> list[Record]:
    """One record a distance at which the kind has errors: positions and texts of its quantiles, and the number."""
    keys = {f"{kind}_{part}": part for part in _FAN}
    drawn = [row for row in source.rows() if (row, f"{kind}_median") not in source.result.gaps]
    records: dict[str, Record] = {
        row: {
            "age": source.result.number(row, "distance"),
            "name": source.label(row),
            "enough": source.result.number(row, f"{kind}_n") >= _FEWEST,
        }
        for row in drawn
    }
    for record in source.long(tuple(keys), drawn):
        part = keys[record["key"]]
        records[record["id"]] |= {part: record["at"], f"{part}_text": record["text"]}
    return list(records.values())


def _pieces(records: list[Record]) -> list[Record]:
    """The median between two distances each; whole where both have enough forecasts behind them."""
    pieces: list[Record] = []
    for place, ends in enumerate(pairwise(records)):
        enough = all(end["enough"] for end in ends)
        pieces += ({"age": end["age"], "median": end["median"], "piece": place, "enough": enough} for end in ends)
    return pieces
