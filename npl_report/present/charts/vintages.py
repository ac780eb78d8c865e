"""Years of issue at the same age: a line a year, and the level on the two sides of a break."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, product
from math import ceil

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.ends import Place, beside
from npl_report.present.charts.parts import (
    DOT,
    Drawing,
    Panels,
    Record,
    Sign,
    at_right,
    data,
    extent,
    head_at_right,
    height,
    key,
    outlined,
    rates_axis,
    right_room,
    rows_axis,
    spacer,
    tooltip,
)
from npl_report.present.charts.registry import chart

_HEIGHT, _WIDTH = 210.0, 195.0
"""Of a panel's plot in pixels; its width is that of the static picture."""
_HEADROOM = 1.06
_STEP, _YEAR = 6, 12
"""Months to which the axis of age is rounded up, and between its ticks."""
_ROOM = 1.17
"""Share of the axis to which it goes on, so that the year of the longest line stands beside its end."""
_PALEST = 0.3
"""Opacity of the earliest year; the latest is drawn full."""


@chart(
    "vintages",
    "the actual rate, the forecast one and the number of deals",
    fewest=3,
    rows=(Unit.PAIR,),
    columns=("year", "age"),
    beside=True,
)
def vintages(source: ChartSource) -> Panels:
    """A line a year of issue, the later the darker, its forecast dashed; the year stands at its end.

    Lines of few deals are thin. The pointer brings out a year and tells its figures.
    """
    end = float(ceil(float(source.result.frame["age"].max()) / _STEP) * _STEP)
    return {kind: _vintage(source, kind, end) for kind in source.kinds()}


def _vintage(source: ChartSource, kind: str, end: float) -> Drawing:
    records = _points(source, kind)
    top = max((record[side] for record, side in product(records, ("at", "foreseen")) if side in record), default=0.0)
    top = top * _HEADROOM or 1.0
    ticks = alt.Axis(values=list(range(0, int(end) + 1, _YEAR)), grid=False, ticks=True, tickSize=4, domain=True)
    title = source.axis("age", source.title("age"))
    x = alt.X("age:Q", title=title, scale=alt.Scale(domain=[0, end * _ROOM], nice=False), axis=ticks)
    scale, axis = alt.Scale(domain=[0, top], nice=False), rates_axis(source, source.chart.values[0], 4)
    y, foreseen = (alt.Y(f"{field}:Q", title=None, scale=scale, axis=axis) for field in ("at", "foreseen"))
    starts = [{**record, "age": 0, "at": 0.0, "foreseen": 0.0} for record in _ends(records, last=False)]
    expected = [record for record in [*starts, *records] if "foreseen" in record and record["expected"]]
    over = alt.selection_point(name="year", fields=["year"], on="pointerover", clear="pointerout", empty=False)
    shade = alt.Opacity("shade:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[0, 1]))
    width = alt.StrokeWidth("width:Q", legend=None, scale=None)
    lines, dashes = alt.Chart(data([*starts, *records])), alt.Chart(data(expected))
    layers = [
        dashes.mark_line(color=theme.MUTED, strokeWidth=0.9, strokeDash=[3, 3]).encode(
            x=x, y=foreseen, detail="year:N", opacity=alt.Opacity("faint:Q", legend=None, scale=None)
        ),
        lines.mark_line(color=source.ink(kind)).encode(x=x, y=y, detail="year:N", opacity=shade, strokeWidth=width),
        *_names(source, kind, records, end * _ROOM, top, x, y),
        dashes.transform_filter(over)
        .mark_line(color=theme.INK, strokeWidth=1.6, strokeDash=[4, 3])
        .encode(x=x, y=foreseen, detail="year:N"),
        lines.transform_filter(over).mark_line(color=theme.INK, strokeWidth=2.6).encode(x=x, y=y, detail="year:N"),
        alt.Chart(data(records))
        .mark_point(filled=True, size=90, opacity=0)
        .encode(x=x, y=y, tooltip=_tips(source))
        .add_params(over),
    ]
    return alt.layer(*layers, height=_HEIGHT)


def _tips(source: ChartSource) -> list[alt.Tooltip]:
    *_, count = source.chart.values
    names = {"year": "row", "months": "", "text": "axis", "expected": "forecast", "deals": ""}
    titles = {"months": source.title("age"), "deals": source.title(count)}
    return tooltip(*((field, titles.get(field) or source.word(word)) for field, word in names.items()))


def _points(source: ChartSource, kind: str) -> list[Record]:
    """One record a year and age: positions and texts of both rates, and how the line of the year is drawn."""
    actual, expected, count = source.chart.values
    rows = source.rows(kind)
    texts = {column: source.texts(column, rows) for column in (expected, count, "age")}
    at = {record["id"]: record["at"] for record in source.long((expected,), rows)}
    years = sorted({int(source.result.number(row, "year")) for row in rows})
    records = []
    for record in source.long((actual,), rows):
        row, year = record["id"], int(source.result.number(record["id"], "year"))
        place = years.index(year) / (len(years) - 1) if years[1:] else 1.0
        shade = round(_PALEST + (1 - _PALEST) * place, 3)
        drawn: Record = {"age": int(source.result.number(row, "age")), "at": record["at"], "text": record["text"]}
        drawn |= {"year": str(year), "shade": shade, "faint": round(shade * 0.6, 3)}
        drawn["width"] = 2.0 if source.result.number(row, count) >= source.fewest else 0.9
        drawn |= {"months": texts["age"][row], "deals": texts[count][row], "expected": texts[expected].get(row, "")}
        records.append(drawn | ({"foreseen": at[row]} if row in at else {}))
    return records


def _ends(records: list[Record], *, last: bool) -> list[Record]:
    """The first or the last point of every line."""
    return list({record["year"]: record for record in (records if last else records[::-1])}.values())


def _names(
    source: ChartSource, kind: str, records: list[Record], end: float, top: float, x: alt.X, y: alt.Y
) -> Iterator[alt.Chart]:
    """The year at the end of each line, moved where it would cover another year or a line."""
    lines: dict[str, list[Place]] = {}
    for record in records:
        place = record["age"] / end * _WIDTH, (1 - record["at"] / top) * _HEIGHT
        lines.setdefault(record["year"], [(0.0, _HEIGHT)]).append(place)
    for year, away in beside(lines, _HEIGHT).items():
        (last,) = (record for record in _ends(records, last=True) if record["year"] == year)
        mark = alt.Chart(data([last])).encode(x=x, y=y, text="year:N")
        yield from outlined(mark, align="left", dx=4, dy=away, color=source.ink(kind), fontSize=theme.SMALL)


_ROW = 44.0
"""Pixels that the row of a break takes: two lines of its name."""
_BEFORE, _AFTER = "before", "after"


@chart(
    "shift",
    "the share before, the share after and the p value",
    fewest=3,
    rows=(Unit.PAIR,),
    columns=(
        "rank",
        "holds",
        *(f"{part}_{side}" for part, side in product(("first", "last", "n", "n_above"), (_BEFORE, _AFTER))),
    ),
)
def shift(source: ChartSource) -> Drawing:
    """The strongest break of every type: the share before as a ring, that after as a dot, their deals under and over.

    What does not hold is pale. The p value stands at the right.
    """
    rows = {kind: min(source.rows(kind), key=lambda row: _rank(source, row)) for kind in source.kinds()}
    names = {row: _name(source, kind, row) for kind, row in rows.items()}
    records = list(chain.from_iterable(_sides(source, row, names[row]) for row in rows.values()))
    labels = list(names.values())
    room, y = extent(labels), rows_axis(labels, extent(labels))
    share, p = source.table.column(source.chart.values[0]), source.chart.values[2]
    whole = source.position(1.0, share)
    scale = alt.Scale(domain=[0, whole], nice=False)
    x = alt.X("at:Q", title=source.axis(share.key), scale=scale, axis=alt.Axis(tickCount=5))
    texts = source.texts(p, list(rows.values()))
    right = right_room([*texts.values(), source.title(p)])
    figures = [{"row": names[row], "text": text} for row, text in texts.items()]
    base = alt.Chart(data(records)).encode(y=y, x=x, tooltip=_break_tips(source))
    colour = alt.Color("shade:N", legend=None, scale=None)
    rings, dots = (
        alt.Chart(data(item for item in records if item["side"] == side)).encode(y=y, x=x, tooltip=_break_tips(source))
        for side in (_BEFORE, _AFTER)
    )
    layers = [
        base.mark_line(strokeWidth=3, opacity=0.75).encode(detail="row:N", color=colour),
        rings.mark_point(size=DOT, fill=theme.PAPER, strokeWidth=1.8, opacity=1).encode(
            stroke=alt.Stroke("shade:N", legend=None, scale=None)
        ),
        dots.mark_point(size=DOT + 20, filled=True, opacity=1).encode(color=colour),
        *(_deals(side, lift) for side, lift in ((rings, 14), (dots, -14))),
        at_right(alt.Chart(data(figures)).encode(y=y), right),
        *_unbroken(source, rows, names, y),
        spacer(right),
        *key(_signs(source, records), room, lift=14),
        head_at_right(source.title(p), right),
    ]
    return alt.layer(*layers, height=height(labels, _ROW))


def _deals(side: alt.Chart, lift: int) -> alt.Chart:
    """The deals of a side, so many pixels under its dots or over them."""
    look = side.mark_text(dy=lift, fontSize=theme.SMALL, color=theme.MUTED, align=alt.ExprRef("datum.align"))
    told: alt.Chart = look.encode(text="deals:N")
    return told


def _signs(source: ChartSource, records: list[Record]) -> list[Sign]:
    signs = [Sign("ring", theme.MUTED, source.word(_BEFORE)), Sign("dot", theme.ACCENT, source.word(_AFTER))]
    unproven = Sign("dot", theme.MUTED, source.word("unproven"))
    if any(record["shade"] == theme.MUTED for record in records):
        signs.append(unproven)
    return signs


def _rank(source: ChartSource, row: str) -> float:
    """Place of a break; those that there are not come last."""
    found = source.result.gaps.get((row, "rank"))
    return float("inf") if found else source.result.number(row, "rank")


def _years(source: ChartSource, row: str, side: str) -> str:
    """Years of a side, such as 2016–19."""
    first, last = (int(source.result.number(row, f"{end}_{side}")) for end in ("first", "last"))
    return str(first) if first == last else f"{first}–{last % 100:02d}"


def _name(source: ChartSource, kind: str, row: str) -> str:
    """The type, and the years of both sides in brackets, which the axis sets in a second line."""
    name = source.names.name(Unit.ASSET_TYPE, kind)
    if (row, "rank") in source.result.gaps:
        return name
    return f"{name} ({_years(source, row, _BEFORE)} → {_years(source, row, _AFTER)})"


def _sides(source: ChartSource, row: str, name: str) -> list[Record]:
    """The two dots of a break, with deals above forecast and all; none if there is no break."""
    before, after, _ = source.chart.values
    shade = theme.ACCENT if source.result.frame.at[row, "holds"] == "yes" else theme.MUTED
    records = []
    for record in source.long((before, after), [row]):
        side = _BEFORE if record["key"] == before else _AFTER
        above, deals = (int(source.result.number(row, f"{part}_{side}")) for part in ("n_above", "n"))
        told = {"side": side, "row": name, "years": _years(source, row, side), "deals": f"{above}/{deals}"}
        whole = source.position(1.0, source.table.column(record["key"]))
        align = "left" if record["at"] < whole * 0.1 else "right" if record["at"] > whole * 0.9 else "center"
        records.append({**record, **told, "shade": shade, "align": align})
    return records


def _break_tips(source: ChartSource) -> list[alt.Tooltip]:
    words = (("row", "row"), ("years", "years"), ("text", "axis"), ("deals", "deals"))
    return tooltip(*((field, source.word(word)) for field, word in words))


def _unbroken(source: ChartSource, rows: dict[str, str], names: dict[str, str], y: alt.Y) -> list[alt.Chart]:
    """Why a type has no break, in its place."""
    gaps = source.result.gaps
    records = [
        {"row": names[row], "text": source.reason(gaps[row, "rank"])} for row in rows.values() if (row, "rank") in gaps
    ]
    if not records:
        return []
    mark = alt.Chart(data(records)).mark_text(
        x=4, align="left", color=theme.MUTED, limit=alt.ExprRef("width"), fontSize=theme.SMALL
    )
    return [mark.encode(y=y, text="text:N")]
