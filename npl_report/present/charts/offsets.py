"""Every deal about zero: dots in rows, those above in one colour and those below in another, and how many are above."""

from __future__ import annotations

from collections import Counter

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.crowds import COUNT, Bins, bar_sign, counted, counted_tips, highest
from npl_report.present.charts.parts import (
    DOT,
    Drawing,
    Record,
    Sign,
    at_right,
    blanks,
    data,
    extent,
    head_at_right,
    height,
    key,
    right_room,
    rows_axis,
    spacer,
    tooltip,
)
from npl_report.present.charts.registry import chart
from npl_report.present.charts.swarms import lifted

_ROW = 58.0
"""Pixels that a row takes."""
_HIGHEST = 20.0
"""Pixels by which a dot is moved off its row at most; half the height of the highest bar."""
_MANY, _SMALL_DOT, _CROWD = 20, 34.0, 70
"""Deals of a row beyond which dots are small, the area that these have, and deals beyond which a row has bars."""
_BINS = 40
"""Ranges of the scale in which the deals of a crowd are counted."""
_FAR, _MARGIN = 2.0, 0.05
"""Times the scale that holds nine deals of ten: beyond it a deal stands at the edge; share left free at both ends."""
_MOST = 0.95
"""Share of the deals that the scale must hold."""
_SIDES = {"above": theme.ABOVE, "equal": theme.MUTED, "below": theme.BELOW}
"""Where a deal lies, and its colour."""


@chart(
    "offsets",
    "the number above, the number of all and the mean",
    fewest=3,
    rows=(Unit.ASSET_TYPE,),
    points=True,
)
def offsets(source: ChartSource) -> Drawing:
    """A dot a deal, the mean as a bar across them; at the right how many are above zero, of how many.

    The deals of one row, not all of the figure, are what a reader must tell apart: only a row with a crowd of its own
    has bars, and the key says so.
    """
    above, every, mean = source.chart.values
    rows = source.rows()
    deals = [deal | {"side": _side(deal["at"])} for deal in source.points(source.chart.points or "", rows)]
    labels = [source.label(row) for row in rows]
    texts = {row: _told(source, row, above, every) for row in rows}
    room, right = extent(labels), right_room(texts.values())
    ends = _ends(deals)
    y = rows_axis(labels, room)
    scale = alt.Scale(domain=ends, nice=False, clamp=True)
    x = alt.X("at:Q", title=source.axis(mean), scale=scale, axis=alt.Axis(tickCount=5))
    colour = alt.Color("side:N", legend=None, scale=alt.Scale(domain=list(_SIDES), range=list(_SIDES.values())))
    sizes = Counter(deal["row"] for deal in deals)
    few, many = ([deal for deal in deals if (sizes[deal["row"]] > _CROWD) is of] for of in (False, True))
    bars, signs = _bars(source, many, ends) if many else ([], [])
    averages = alt.Chart(data(source.long((mean,), rows))).encode(
        y=y, x=x, tooltip=tooltip(("row", source.word("row")), ("text", source.title(mean)))
    )
    sides = [
        Sign("dot", _SIDES[side], source.word(side)) for side in _SIDES if side in {deal["side"] for deal in deals}
    ]
    layers = [
        alt.Chart(data([{"at": 0}])).mark_rule(color=theme.INK, strokeWidth=1.2).encode(x=x),
        *(marks.encode(y=y, x=x, color=colour) for marks in (*bars, _dots(source, few, ends))),
        averages.mark_tick(thickness=2.5, size=2 * _HIGHEST + 8, color=theme.INK, opacity=1),
        at_right(
            alt.Chart(data({"row": source.label(row), "text": text} for row, text in texts.items())).encode(y=y), right
        ),
        head_at_right(source.title(above), right),
        spacer(right),
        *blanks(source, (mean,), rows, y),
        *key([*sides, *signs, Sign("tick", theme.INK, source.title(mean))], room, lift=14),
    ]
    return alt.layer(*layers, height=height(rows, _ROW))


def _side(at: float) -> str:
    return "above" if at > 0 else "below" if at < 0 else "equal"


def _told(source: ChartSource, row: str, above: str, every: str) -> str:
    """How many of a row's deals are above zero, of how many."""
    if any((row, column) in source.result.gaps for column in (above, every)):
        return ""
    count, whole = (f"{source.result.number(row, column):g}" for column in (above, every))
    return str(source.program["chart.of"]).format(n=count, whole=whole)


def _ends(deals: list[Record]) -> list[float]:
    """A scale that holds zero and nearly all deals; single ones far beyond stand at its edge."""
    places = sorted(deal["at"] for deal in deals) or [0.0]
    within = places[min(len(places) - 1, int(_MOST * len(places)))]
    low = min(places[0], 0.0)
    high = max(min(places[-1], _FAR * max(within, -low)), 0.0)
    margin = (high - low) * _MARGIN or 1.0
    return [low - margin, high + margin]


def _dots(source: ChartSource, deals: list[Record], ends: list[float]) -> alt.Chart:
    """A dot a deal, smaller where they are many, moved off each other."""
    dot = DOT if max(Counter(deal["row"] for deal in deals).values(), default=0) <= _MANY else _SMALL_DOT
    low, high = ends
    shifted = lifted(deals, lambda deal: (min(deal["at"], high) - low) / (high - low), dot, _HIGHEST)
    tips = tooltip(("row", source.word("row")), ("deal", source.word("point")), ("text", source.word("axis")))
    marks: alt.Chart = alt.Chart(data(shifted)).mark_point(
        size=dot, filled=True, stroke=theme.PAPER, strokeWidth=0.8, opacity=1, yOffset=alt.ExprRef("datum.lift")
    )
    return marks.encode(tooltip=tips)


def _bars(source: ChartSource, deals: list[Record], ends: list[float]) -> tuple[list[alt.Chart], list[Sign]]:
    """Bars in place of the dots of a crowd, above and below zero apart, and their key; the highest fills its row."""
    column = next(item for item in source.table.evidence if item.key == source.chart.points)
    bins = Bins("at", source.word("axis"), column, (ends[0], ends[1]), _BINS)
    counts = counted(((deal["id"], deal["side"], bins.place(deal["at"])), deal["deal"]) for deal in deals)
    most = highest(counts, lambda place: place[0])
    records = [
        {
            "row": source.label(row),
            "side": side,
            **bins.record(place, source),
            "deals": source.numbers.cell(count, COUNT),
            "tall": round(2 * _HIGHEST * count / most[row], 1),
        }
        for (row, side, place), count in counts.items()
    ]
    bars = alt.Chart(data(records)).mark_rect(
        height=alt.ExprRef("datum.tall"),
        yOffset=alt.ExprRef(f"{_HIGHEST} - datum.tall / 2"),
        stroke=theme.PAPER,
        strokeWidth=0.8,
    )
    tips = counted_tips(source, ("row", source.word("row")), bins.line)
    return [bars.encode(x2=f"{bins.field}_to", tooltip=tips)], [bar_sign(source)]
