"""Declared charts → Vega-Lite specifications, by Altair. One function a kind; reading comes first: sorted bars with values, few colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt

from npl_report.model import ASSET_TYPES, ChartKind, DefinitionError, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource

alt.data_transformers.disable_max_rows()
Drawing = alt.LayerChart | alt.FacetChart
_ROW = 34  # pixels a bar and its distance take


def specification(source: ChartSource, description: str) -> dict[str, Any]:
    """The chart of a table as a Vega-Lite dict, with its alternative text as description."""
    chart = source.table.chart
    if chart is None:
        raise DefinitionError(f"table {source.table.key} declares no chart")
    drawn = KINDS[chart.kind](source).properties(width=theme.WIDTH, description=description, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    spec: dict[str, Any] = drawn.configure(**theme.config()).to_dict()
    spec["usermeta"] = {"embedOptions": {"actions": False}}
    return spec


def _values(records: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=records)


def _y(source: ChartSource, order: list[str] | None = None) -> alt.Y:
    """Rows from top to bottom in the table's order, or as given."""
    return alt.Y("row:N", title=None, sort=order or [source.label(row) for row in source.rows()], axis=alt.Axis(domain=False))


def _room(records: list[dict[str, Any]], share: float = 1.22) -> list[float]:
    """A scale from zero with room for the labels at its end."""
    return [0, max((record["at"] for record in records), default=1.0) * share or 1.0]


def _height(source: ChartSource, row: float) -> float:
    """Height of all rows. Given in pixels, because Vega-Lite cannot fit the width of a chart whose height is a step."""
    return row * max(1, len(source.rows()))


def _by_type(source: ChartSource) -> Any:
    """Colour by asset type where the rows are types, else the accent."""
    if source.table.rows is not Unit.ASSET_TYPE:
        return alt.value(theme.ACCENT)
    return alt.Color("id:N", legend=None, scale=alt.Scale(domain=list(ASSET_TYPES), range=[theme.TYPE_COLOURS[kind] for kind in ASSET_TYPES]))


def _tooltip(*fields: tuple[str, str]) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in fields]


def bars(source: ChartSource) -> Drawing:
    """Horizontal bars, one a row, with the figure at the end; further columns show in the tooltip."""
    chart = source.table.chart
    assert chart is not None
    key, *others = chart.values
    records = source.long((key,))
    for other in others:
        texts = {record["id"]: record["text"] for record in source.long((other,))}
        for record in records:
            record[other] = texts.get(record["id"], "")
    order = [item["row"] for item in sorted(records, key=lambda item: -item["at"])] if chart.sort else None
    base = alt.Chart(_values(records)).encode(
        y=_y(source, order),
        x=alt.X("at:Q", title=source.axis(key), scale=alt.Scale(domain=_room(records), nice=False), axis=alt.Axis(tickCount=5)),
        tooltip=_tooltip(("row", source.words["chart.row"]), ("text", source.title(key)), *((other, source.title(other)) for other in others)),
    )
    step = _ROW if len(records) < 8 else 24
    return alt.layer(base.mark_bar(size=step * 0.62).encode(color=_by_type(source)), base.mark_text(align="left", dx=5).encode(text="text:N")).properties(height=_height(source, step))


def stacked_bars(source: ChartSource) -> Drawing:
    """Columns by row, stacked by asset type."""
    chart = source.table.chart
    assert chart is not None
    records = source.long(chart.values)
    for record in records:
        record["order"] = chart.values.index(record["key"])
    sums: dict[str, float] = {}
    for record in records:
        sums[record["row"]] = sums.get(record["row"], 0.0) + record["at"]
    totals = [record for record in source.long(("issuance",)) if record["row"] in sums]
    titles = [source.title(key) for key in chart.values]
    x = alt.X("row:N", title=None, sort=None, axis=alt.Axis(labelAngle=0, grid=False))
    columns = (
        alt.Chart(_values(records))
        .mark_bar(size=62)
        .encode(
            x=x,
            y=alt.Y("at:Q", title=source.axis(*chart.values), axis=alt.Axis(grid=True, gridColor=theme.PALE, domain=False, tickCount=5)),
            color=alt.Color("measure:N", scale=alt.Scale(domain=titles, range=[theme.TYPE_COLOURS[kind] for kind in ASSET_TYPES])),
            order="order:Q",
            tooltip=_tooltip(("row", source.words["chart.row"]), ("measure", source.words["chart.part"]), ("text", source.title("issuance"))),
        )
    )
    labels = alt.Chart(_values(totals)).mark_text(dy=-9, fontWeight="bold").encode(x=x, y="at:Q", text="text:N")
    return alt.layer(columns, labels).properties(height=260)


def progress(source: ChartSource) -> Drawing:
    """Shares of a whole: a filled part of a full bar."""
    chart = source.table.chart
    assert chart is not None
    records = source.long(chart.values)
    whole = [{**record, "at": 100.0} for record in records]
    x = alt.X("at:Q", title=source.axis(*chart.values), scale=alt.Scale(domain=[0, 114], nice=False), axis=alt.Axis(values=[0, 25, 50, 75, 100]))
    back = alt.Chart(_values(whole)).mark_bar(size=20, color=theme.PALE).encode(y=_y(source), x=x)
    tooltip = _tooltip(("row", source.words["chart.row"]), ("text", source.title(chart.values[0])))
    front = alt.Chart(_values(records)).mark_bar(size=20, color=theme.ACCENT).encode(y=_y(source), x=x, tooltip=tooltip)
    text = alt.Chart(_values([{**record, "at": 100.0} for record in records])).mark_text(align="left", dx=6).encode(y=_y(source), x=x, text="text:N")
    return alt.layer(back, front, text).properties(height=_height(source, _ROW))


def dumbbell(source: ChartSource) -> Drawing:
    """Two measures a row, joined by a line."""
    chart = source.table.chart
    assert chart is not None
    records = source.long(chart.values)
    x = alt.X("at:Q", title=source.axis(*chart.values), scale=alt.Scale(domain=_room(records, 1.1), nice=False))
    colour = alt.Color("measure:N", scale=alt.Scale(domain=[source.title(key) for key in chart.values], range=[theme.ACCENT, theme.SECOND]))
    base = alt.Chart(_values(records)).encode(y=_y(source), x=x)
    line = base.mark_line(color=theme.RULE, strokeWidth=5, strokeCap="round").encode(detail="row:N")
    tooltip = _tooltip(("row", source.words["chart.row"]), ("measure", source.words["chart.part"]), ("text", source.words["chart.axis"]))
    points = base.mark_circle(size=170, opacity=1).encode(color=colour, tooltip=tooltip)
    smallest = {record["row"]: min(item["at"] for item in records if item["row"] == record["row"]) for record in records}
    first = [record for record in records if record["at"] == smallest[record["row"]] and (record["key"] == chart.values[0] or record["at"] != _other(records, record))]
    rest = [record for record in records if record not in first]
    left = alt.Chart(_values(first)).mark_text(align="right", dx=-11).encode(y=_y(source), x=x, text="text:N")
    right = alt.Chart(_values(rest)).mark_text(align="left", dx=11).encode(y=_y(source), x=x, text="text:N")
    return alt.layer(line, points, left, right).properties(height=_height(source, 40))


def _other(records: list[dict[str, Any]], record: dict[str, Any]) -> float | None:
    """Position of the same row's other measure."""
    return next((item["at"] for item in records if item["row"] == record["row"] and item["key"] != record["key"]), None)


def windows(source: ChartSource) -> Drawing:
    """Ranges of age as bars, with what they were chosen from as marks."""
    chart = source.table.chart
    assert chart is not None
    low, high, *marks = chart.values
    lows = {record["id"]: record for record in source.long((low,))}
    spans = [{**record, "from": lows[record["id"]]["at"], "text": f"{lows[record['id']]['text']}–{record['text']}"} for record in source.long((high,))]
    others = source.long(tuple(marks))
    x_scale = alt.Scale(domain=_room(others + spans, 1.1), nice=False)
    bar = (
        alt.Chart(_values(spans))
        .mark_bar(size=20, opacity=0.85)
        .encode(
            y=_y(source),
            x=alt.X("from:Q", title=source.axis(low), scale=x_scale),
            x2="at:Q",
            color=alt.value("#b9cbdc"),
            tooltip=_tooltip(("row", source.words["chart.row"]), ("text", source.words["chart.part"])),
        )
    )
    middle = [{**span, "at": (span["from"] + span["at"]) / 2} for span in spans]
    text = alt.Chart(_values(middle)).mark_text(fontWeight="bold").encode(y=_y(source), x=alt.X("at:Q", scale=x_scale), text="text:N")
    titles = [source.title(key) for key in marks]
    points = (
        alt.Chart(_values(others))
        .mark_point(filled=True, size=110, opacity=1, yOffset=0)
        .encode(
            y=_y(source),
            x=alt.X("at:Q", scale=x_scale),
            color=alt.Color("measure:N", scale=alt.Scale(domain=titles, range=[theme.ACCENT, theme.SECOND])),
            shape=alt.Shape("measure:N", scale=alt.Scale(domain=titles, range=["circle", "diamond"])),
            yOffset=alt.value(4),
            tooltip=_tooltip(("row", source.words["chart.row"]), ("measure", source.words["chart.part"]), ("text", source.words["chart.axis"])),
        )
    )
    return alt.layer(bar, text, points).properties(height=_height(source, 46))


def strip(source: ChartSource) -> Drawing:
    """Every deal behind a mean as a dot, the mean as a bar across them."""
    chart = source.table.chart
    assert chart is not None and chart.points is not None
    means, points = source.long(chart.values), source.points(chart.points)
    x = alt.X("at:Q", title=source.axis(*chart.values), scale=alt.Scale(domain=_room(points, 1.05), nice=False))
    dots = (
        alt.Chart(_values(points))
        .mark_circle(size=85, opacity=0.5)
        .encode(
            y=_y(source),
            x=x,
            color=_by_type(source),
            tooltip=_tooltip(("deal", source.words["chart.point"]), ("text", source.words["chart.axis"])),
        )
    )
    mean = alt.Chart(_values(means)).encode(y=_y(source), x=x, tooltip=_tooltip(("row", source.words["chart.row"]), ("text", source.title(chart.values[0]))))
    return alt.layer(dots, mean.mark_tick(thickness=3, size=34, color=theme.INK), mean.mark_text(dy=-25, fontWeight="bold").encode(text="text:N")).properties(height=_height(source, 62))


def diverging(source: ChartSource) -> Drawing:
    """One measure to the right of zero, another to the left."""
    chart = source.table.chart
    assert chart is not None
    records = source.long(chart.values)
    low, high = min((item["at"] for item in records), default=0.0), max((item["at"] for item in records), default=1.0)
    room = (high - min(low, 0.0)) * 0.34 or 1.0
    x = alt.X("at:Q", title=source.axis(*chart.values), scale=alt.Scale(domain=[min(low, 0.0) - room, high + room], nice=False))
    titles = [source.title(key) for key in chart.values]
    colour = alt.Color("measure:N", scale=alt.Scale(domain=titles, range=[theme.ABOVE, theme.BELOW]))
    base = alt.Chart(_values(records)).encode(y=_y(source), x=x, tooltip=_tooltip(("row", source.words["chart.row"]), ("measure", source.words["chart.part"]), ("text", source.words["chart.axis"])))
    zero = alt.Chart(_values([{"at": 0}])).mark_rule(color=theme.MUTED).encode(x=x)
    right = base.transform_filter("datum.at >= 0").mark_text(align="left", dx=5).encode(text="text:N")
    left = base.transform_filter("datum.at < 0").mark_text(align="right", dx=-5).encode(text="text:N")
    return alt.layer(base.mark_bar(size=20).encode(color=colour), zero, right, left).properties(height=_height(source, _ROW + 6))


KINDS: dict[ChartKind, Callable[[ChartSource], Drawing]] = {
    "bars": bars,
    "stacked_bars": stacked_bars,
    "progress": progress,
    "dumbbell": dumbbell,
    "windows": windows,
    "strip": strip,
    "diverging": diverging,
}
