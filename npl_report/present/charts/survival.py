"""Shares outstanding by age as step lines, a line a year of issue, and under them how many are observed so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, count, pairwise
from typing import Any

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.ends import Place, beside
from npl_report.present.charts.parts import (
    Drawing,
    Panels,
    Record,
    data,
    nothing,
    outlined,
    over_plot,
    rates_axis,
    spacer,
    tooltip,
)
from npl_report.present.charts.registry import chart

_PLOT = 230.0
"""Height of the lines."""
_HEAD, _LINE, _AIR = 30.0, 17.0, 8.0
"""From the plot to the middle of the head of the counts, height of a line of them, and room under the last."""
_LEFT = 52.0
"""Pixels beside the plot: the name of a year, and half of the first count."""
_RIGHT, _WIDTH = 36.0, theme.PHONE_WIDTH - 100.0
"""Pixels beside the plot for the years at the ends, and width of a phone's plot, for which they are placed."""
_PALEST = 0.3
"""Opacity of the earliest year; the latest is drawn full."""
_YEAR, _MOST, _AFTER = 12, 7, 6
"""Months of a year; columns of counts that a phone has room for; months that are drawn after the last redemption."""
_PANELS = ("first", "last")
"""The chart's own words for the panels: ``panels.<name>``."""


@chart(
    "survival",
    "the share outstanding and the number at risk of the first tranche, perhaps those of the last",
    fewest=2,
    most=4,
    rows=(Unit.PAIR,),
    columns=("year", "age", "enough"),
    fits=lambda _, declared: len(declared.values) % 2 == 0,
)
def survival(source: ChartSource) -> Panels:
    """A panel a tranche: the later a year, the darker its line; the year stands at its end."""
    values = source.chart.values
    pairs = zip(_PANELS, values[::2], values[1::2], strict=False)
    return {name: _panel(source, share, count) for name, share, count in pairs}


def _panel(source: ChartSource, share: str, count: str) -> Drawing:
    """Step lines over the counts of the same years."""
    lines = _lines(source, share, count)
    step, end = _ticks(lines)
    years = list(lines)
    height = _PLOT + _HEAD + _LINE * len(years) + _AIR
    ticks = alt.Axis(values=list(range(0, end + 1, step)), grid=False, domain=False, ticks=False)
    scale = alt.Scale(domain=[0, end], nice=False)
    x = alt.X("age:Q", title=source.axis("age", source.title("age")), scale=scale, axis=ticks)
    shades = _shades(years)
    records = [record | {"shade": shades[record["year"]]} for record in _until(lines, end)]
    layers = [
        *_steps(source, records, x, share, end),
        *_counts(source, lines, x, (step, end), count),
        spacer(_RIGHT),
        over_plot(source.word("axis"), -_LEFT),
        *nothing(source, share, source.rows()),
    ]
    return alt.layer(*layers, height=height)


def _lines(source: ChartSource, share: str, count: str) -> dict[str, list[Record]]:
    """Year → its points by age that have a share, in the order of the table."""
    counts = {record["id"]: record for record in source.long((count,))}
    frame = source.result.frame
    lines: dict[str, list[Record]] = {str(year): [] for year in frame["year"]}
    for record in source.long((share,)):
        year = str(frame.at[record["id"], "year"])
        beside = counts[record["id"]]
        lines[year].append(
            {
                "age": int(source.result.number(record["id"], "age")),
                "at": record["at"],
                "text": record["text"],
                "year": year,
                "name": source.names.name(Unit.PAIR, record["id"]),
                "risk": beside["text"],
                "left": int(beside["at"]),
            }
        )
    return lines


def _ticks(lines: dict[str, list[Record]]) -> tuple[int, int]:
    """Months between counts, and where the axis ends: some time after the last redemption."""
    observed = max((line[-1]["age"] for line in lines.values() if line), default=_YEAR)
    steps = chain.from_iterable(map(pairwise, lines.values()))
    changes = [after["age"] for before, after in steps if after["at"] != before["at"]]
    last = min(observed, max(changes) + _AFTER) if changes else observed
    wider = (_YEAR * number for number in count(1))
    step = next(step for step in chain([_YEAR // 2], wider) if last <= step * (_MOST - 1))
    return step, max(step, -(-last // step) * step)


def _shades(years: Sequence[str]) -> dict[str, float]:
    """Opacity of each year: the later, the darker."""
    steps = max(1, len(years) - 1)
    return {year: round(1 - (1 - _PALEST) * (steps - place) / steps, 3) for place, year in enumerate(years)}


def _until(lines: dict[str, list[Record]], end: int) -> Iterator[Record]:
    """The points that are drawn."""
    return (record for record in chain.from_iterable(lines.values()) if record["age"] <= end)


def _steps(source: ChartSource, records: list[Record], x: alt.X, share: str, end: int) -> Iterator[alt.Chart]:
    """The lines with their years at the ends; those of few deals are dashed.

    The pointer finds the points where they fall, and brings out the year.
    """
    frame = source.result.frame
    thin = {str(year) for year in frame.loc[frame["enough"] == "no", "year"]}
    axis = rates_axis(source, share, 5)
    axis.minExtent = axis.maxExtent = _LEFT
    top = source.position(1.0, source.table.column(share))
    y = alt.Y("at:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False, range=[_PLOT, 0]), axis=axis)
    shade = alt.Opacity("shade:Q", legend=None, scale=None)
    drawn = _corners(records)
    over = alt.selection_point(name="year", fields=["year"], on="pointerover", clear="pointerout", empty=False)
    for some, dash in (
        ([record for record in drawn if record["year"] not in thin], [1, 0]),
        ([record for record in drawn if record["year"] in thin], [4, 3]),
    ):
        line = alt.Chart(data({key: record[key] for key in ("age", "at", "year", "shade")} for record in some))
        stepped = line.encode(x=x, y=y, detail="year:N", order="age:Q")
        look: dict[str, Any] = {"interpolate": "step-after", "strokeDash": dash, "clip": True}
        yield stepped.mark_line(strokeWidth=2, color=theme.ACCENT, **look).encode(opacity=shade)
        yield stepped.transform_filter(over).mark_line(strokeWidth=3, color=theme.INK, **look)
    yield from _names(drawn, x, y, end, top)
    tips = tooltip(("name", source.word("row")), ("text", source.word("axis")), ("risk", source.word("risk")))
    found = alt.Chart(data(drawn)).mark_point(filled=True, size=90, opacity=0).encode(x=x, y=y, tooltip=tips)
    yield found.add_params(over)


def _names(drawn: list[Record], x: alt.X, y: alt.Y, end: int, top: float) -> Iterator[alt.Chart]:
    """The years at the ends of their lines."""
    lines: dict[str, list[Place]] = {}
    for record in drawn:
        across, down = record["age"] / end * _WIDTH, (1 - record["at"] / top) * _PLOT
        line = lines.setdefault(record["year"], [])
        line += [(across, line[-1][1]), (across, down)] if line else [(across, down)]
    lasts = {record["year"]: record for record in drawn}
    for year, away in beside(lines, _PLOT).items():
        mark = alt.Chart(data([lasts[year]])).encode(x=x, y=y, text="year:N")
        yield from outlined(mark, align="left", dx=4, dy=away, color=theme.ACCENT, fontSize=theme.SMALL)


def _corners(records: list[Record]) -> list[Record]:
    """The points where a line begins, falls and ends: the others lie on it."""
    kept = []
    for number, record in enumerate(records):
        before = records[number - 1] if number else None
        after = records[number + 1] if number + 1 < len(records) else None
        begins = before is None or before["year"] != record["year"]
        ends = after is None or after["year"] != record["year"]
        if begins or ends or (before is not None and before["at"] != record["at"]):
            kept.append(record)
    return kept


def _counts(
    source: ChartSource,
    lines: dict[str, list[Record]],
    x: alt.X,
    ticks: tuple[int, int],
    count: str,
) -> Iterator[alt.Chart]:
    """A line a year: its name, and the number at risk at each tick."""
    step, end = ticks
    records, names = [], []
    for place, (year, line) in enumerate(lines.items()):
        under = _PLOT + _HEAD + _LINE * (place + 0.9)
        names.append({"text": year, "y": under})
        by_age = {record["age"]: record for record in line}
        records += [
            {"age": age, "text": source.numbers.cell(by_age[age]["left"], source.table.column(count)), "y": under}
            for age in range(0, end + 1, step)
            if age in by_age and by_age[age]["left"]
        ]
    y = alt.ExprRef("datum.y")
    head = alt.Chart(data([{"text": source.word("risk"), "y": _PLOT + _HEAD - 6}]))
    yield head.mark_text(x=-_LEFT, y=y, align="left", color=theme.MUTED, fontSize=theme.SMALL).encode(text="text:N")
    named = alt.Chart(data(names))
    yield named.mark_text(x=-_LEFT, y=y, align="left", fontWeight="bold", fontSize=theme.SMALL).encode(text="text:N")
    yield alt.Chart(data(records)).mark_text(y=y, align="center", fontSize=theme.SMALL).encode(x=x, text="text:N")
