"""How a model fits: three panels over its observations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import pi, sqrt

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.crowds import Bins, Plane, common_steps, crowded, square_signs
from npl_report.present.charts.parts import (
    Drawing,
    Panels,
    Record,
    Sign,
    data,
    key,
    outlined,
    over_plot,
    rates_axis,
    tooltip,
)
from npl_report.present.charts.registry import chart

_HEIGHT = 230.0
_MARGIN = 0.05
"""Share of a scale left free at either end."""
_DOT, _SPOT = 34.0, 300.0
"""Area of a dot in square pixels; of the largest one where the area tells Cook's distance."""
_LEAST = 10.0
"""Area of the smallest such dot."""
_BINS = 20
"""Squares across and up that stand for a crowd: ten pixels of the static picture each."""
_NAMED = 3
"""How many of the most influential deals are named."""
_BETWEEN = 14.0
"""Pixels between two names above each other."""
_LEFT = 42.0
"""Pixels from the left edge of the picture to the plot: what the vertical axis takes."""
_SHIFTS = (0, 1, -1, 2, -2, 3, -3)
"""Lines by which a name may be moved down or up."""
_FAR, _OTHER = 0.3, 0.5
"""What a line away from its dot, and a side that is not the first choice, weigh against covering one dot."""
_WIDTH = theme.PANEL_WIDTH - _LEFT - 6.0
"""Width of the plot in pixels for which names are placed: that of the static picture; panels on a screen are rarely
narrower."""
_KEY_ROOM, _KEY_LIFT = 246.0, 20.0
"""Width of the key, and its distance from the plot: the title of the vertical axis stands between."""

_Scale = tuple[str, list[float]]
"""What an axis measures, and its ends."""
_Axes = tuple[_Scale, _Scale]
"""The axis across and the one up."""
_Marks = tuple[alt.Chart, list[Sign]]
"""What stands for the deals, and its key."""
_Place = tuple[str, float, float]
"""Alignment of a name and its distances from the dot."""
_Box = tuple[float, float, float, float]


@chart(
    "fit",
    "the observed and the fitted value, the residual, the leverage, the studentized residual and Cook's distance",
    fewest=6,
    rows=(Unit.DEAL,),
    columns=("asset_type",),
    beside=True,
    deals=True,
)
def fit(source: ChartSource) -> Panels:
    """Observed against fitted values with the diagonal.

    Residuals against fitted values; studentized residuals against leverage, the area being Cook's distance.
    """
    observed, fitted, residual, leverage, studentized, _ = source.chart.values
    records = _deals(source)
    both = _span(records, (observed, fitted))
    diagonal = [{fitted: end, observed: end} for end in both]
    zero = alt.Chart(data([{"at": 0}])).mark_rule(color=theme.MUTED, strokeWidth=1).encode(y=alt.Y("at:Q"))
    line = (
        alt.Chart(data(diagonal))
        .mark_line(color=theme.MUTED, strokeWidth=1, strokeDash=[4, 3])
        .encode(x=alt.X(f"{fitted}:Q"), y=alt.Y(f"{observed}:Q"))
    )
    around, spread = _span(records, (residual,), zero=True), _span(records, (studentized,), zero=True)
    reach = [0.0, _span(records, (leverage,), zero=True)[1]]
    axes: dict[str, _Axes] = {
        "fitted": ((fitted, both), (observed, both)),
        "residuals": ((fitted, both), (residual, around)),
        "influence": ((leverage, reach), (studentized, spread)),
    }
    crowds = _crowds(source, records, axes) if crowded(source) else {}
    return {
        name: _panel(
            source,
            records,
            *pair,
            line if name == "fitted" else zero,
            crowd=crowds.get(name),
            influence=name == "influence",
        )
        for name, pair in axes.items()
    }


def _deals(source: ChartSource) -> list[Record]:
    """One record a deal that the model takes: its name and type, and position and text of every value."""
    records: dict[str, Record] = {}
    for record in source.long(source.chart.values):
        row = record["id"]
        kind = str(source.result.frame.at[row, "asset_type"])
        held = records.setdefault(
            row, {"deal": record["row"], "kind": kind, "type": source.names.name(Unit.ASSET_TYPE, kind)}
        )
        held |= {record["key"]: record["at"], f"{record['key']}_text": record["text"]}
    return [record for record in records.values() if all(value in record for value in source.chart.values)]


def _span(records: Sequence[Record], values: Sequence[str], *, zero: bool = False) -> list[float]:
    """A scale that holds the values, and zero if wanted, with a margin."""
    places = [record[value] for record, value in product(records, values)]
    places += [0.0] if zero or not records else []
    low, high = min(places), max(places)
    margin = (high - low) * _MARGIN or 1.0
    return [low - margin, high + margin]


def _panel(
    source: ChartSource,
    records: Sequence[Record],
    across: _Scale,
    up: _Scale,
    reference: alt.Chart,
    *,
    crowd: _Marks | None,
    influence: bool,
) -> Drawing:
    """One panel over a line of reference, with its key; ``crowd``: what stands for its dots if they are too many.

    With ``influence`` the area of a dot is Cook's distance, and the deals with the largest are named.
    """
    cook = source.chart.values[5]
    x, y = _axes(source, across, up)
    tips = tooltip(
        ("deal", source.word("row")),
        ("type", source.word("part")),
        *((f"{value}_text", source.title(value)) for value in source.chart.values),
    )
    sized = _sized(records, cook) if influence else [{**record, "area": _DOT} for record in records]
    marks, signs = crowd or _dots(source, sized, tips)
    plotted = marks.encode(x=x, y=y)
    layers = [
        *((plotted, reference) if crowd else (reference, plotted)),
        over_plot(_measured(source, up[0]), -_LEFT),
        *key(signs, _LEFT, lift=_KEY_LIFT, room=_KEY_ROOM),
    ]
    if influence:
        named = alt.Chart(data(_named(_largest(sized, cook) if crowd else sized, cook, across, up)))
        place = {side: alt.ExprRef(f"datum.{side}") for side in ("align", "dx", "dy")}
        layers += outlined(named.encode(x=x, y=y, text="deal:N", tooltip=tips), **place, fontSize=theme.SMALL)
    return alt.layer(*layers, height=_HEIGHT)


def _dots(source: ChartSource, records: Sequence[Record], tips: list[alt.Tooltip]) -> _Marks:
    """A dot a deal in the colour of its type, and the key."""
    kinds = [kind for kind in source.asset_types if any(record["kind"] == kind for record in records)]
    colours = [source.colour(kind) for kind in kinds]
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=colours))
    signs = [Sign("dot", source.colour(kind), source.names.name(Unit.ASSET_TYPE, kind)) for kind in kinds]
    dots = alt.Chart(data(records)).mark_point(
        filled=True, size=alt.ExprRef("datum.area"), opacity=0.75, stroke=theme.PAPER, strokeWidth=0.6
    )
    return dots.encode(color=colour, tooltip=tips), signs


def _crowds(source: ChartSource, records: Sequence[Record], axes: Mapping[str, _Axes]) -> dict[str, _Marks]:
    """Squares in place of the dots of a crowd for each panel, with the key of all."""
    planes = {name: _plane(source, records, *pair) for name, pair in axes.items()}
    steps = common_steps(planes.values())
    signs = square_signs(source, steps)
    return {name: (plane.squares(source, steps), signs) for name, plane in planes.items()}


def _plane(source: ChartSource, records: Sequence[Record], across: _Scale, up: _Scale) -> Plane:
    """The deals of a panel, counted where they lie."""
    columns = [
        Bins(field, source.title(field), source.table.column(field), (low, high), _BINS)
        for field, (low, high) in (across, up)
    ]
    return Plane.of(columns[0], columns[1], ((record[across[0]], record[up[0]], record["deal"]) for record in records))


def _measured(source: ChartSource, column: str) -> str:
    """What a vertical axis measures; its ticks carry the unit of a rate."""
    title = source.title(column)
    return title if source.table.column(column).unit is Unit.RATE else source.axis(column, title)


def _sized(records: Sequence[Record], value: str) -> list[Record]:
    """The records with an area of their dot that tells a value."""
    most = max((record[value] for record in records), default=0.0) or 1.0
    return [{**record, "area": _LEAST + (_SPOT - _LEAST) * record[value] / most} for record in records]


def _axes(source: ChartSource, across: _Scale, up: _Scale) -> tuple[alt.X, alt.Y]:
    """Both axes of a panel, each with its value and its scale."""
    (horizontal, x_span), (vertical, y_span) = across, up
    ticks = alt.Axis(tickCount=5, grid=False, ticks=True, tickSize=4, domain=True, labelPadding=4)
    title = source.axis(horizontal, source.title(horizontal))
    scales = [alt.Scale(domain=span, nice=False) for span in (x_span, y_span)]
    return (
        alt.X(f"{horizontal}:Q", title=title, scale=scales[0], axis=ticks),
        alt.Y(f"{vertical}:Q", title=None, scale=scales[1], axis=rates_axis(source, vertical, 5)),
    )


def _largest(records: Sequence[Record], cook: str) -> list[Record]:
    """The most influential deals: in a crowd only their names keep clear of each other."""
    return sorted(records, key=lambda record: (-record[cook], record["deal"]))[:_NAMED]


def _named(records: Sequence[Record], cook: str, across: _Scale, up: _Scale) -> list[Record]:
    """The most influential deals with the place of their names.

    That is where they cover neither dots nor each other, and stay in the plot, near their own dot.
    """
    (horizontal, (start, end)), (vertical, (low, high)) = across, up
    spots = [
        (
            _WIDTH * (record[horizontal] - start) / (end - start),
            _HEIGHT * (high - record[vertical]) / (high - low),
            sqrt(record["area"] / pi),
        )
        for record in records
    ]
    most = sorted(range(len(records)), key=lambda place: (-records[place][cook], records[place]["deal"]))[:_NAMED]
    placed: list[Record] = []
    boxes: list[_Box] = []
    for place in sorted(most, key=lambda place: -records[place][vertical]):
        record, (x, y, _) = records[place], spots[place]
        width = theme.text_width(record["deal"], theme.SMALL)
        choices = [(_box(x, y, width, choice), choice, away) for choice, away in _places(record, x)]
        apart = [choice for choice in choices if not _covered(choice[0], spots[place])] or choices
        box, (side, dx, dy), _ = min(apart, key=lambda item: item[2] + _cost(item[0], spots, boxes))
        boxes.append(box)
        placed.append({**record, "align": side, "dx": round(dx, 1), "dy": round(dy, 1)})
    return placed


def _places(record: Record, left: float) -> Iterator[tuple[_Place, float]]:
    """Places for a dot's name and what speaks against each.

    They are beside it where it fits best, on the other sides, and some lines higher or lower.
    """
    reach, width = sqrt(record["area"] / pi) + 3, theme.text_width(record["deal"], theme.SMALL)
    middle = max(-left, min(-width / 2, _WIDTH - left - width))
    others: list[_Place] = [
        ("left", reach, 0.0),
        ("right", -reach, 0.0),
        ("left", middle, -reach - 5),
        ("left", middle, reach + 5),
    ]
    for number, (side, dx, dy) in enumerate([_beside(record, left), *others]):
        for lines in _SHIFTS:
            yield (side, dx, dy + lines * _BETWEEN), _FAR * abs(lines) + (_OTHER if number else 0.0)


def _box(x: float, y: float, width: float, place: _Place) -> _Box:
    """Left, top, right and bottom of a name."""
    side, dx, dy = place
    left = x + dx - (width if side == "right" else 0.0)
    return left, y + dy - _BETWEEN / 2, left + width, y + dy + _BETWEEN / 2


def _cost(box: _Box, spots: Sequence[tuple[float, float, float]], boxes: Sequence[_Box]) -> float:
    """What speaks against a name there.

    Most of all the edge of the plot, then other names, then every dot that it covers.
    """
    left, top, right, bottom = box
    outside = left < 0 or right > _WIDTH or top < 0 or bottom > _HEIGHT
    names = sum(left < other[2] and other[0] < right and top < other[3] and other[1] < bottom for other in boxes)
    return 1000.0 * outside + 100.0 * names + sum(_covered(box, spot) for spot in spots)


def _covered(box: _Box, spot: tuple[float, float, float]) -> bool:
    """Whether a name lies on a dot."""
    (left, top, right, bottom), (x, y, radius) = box, spot
    across, down = max(left - x, 0.0, x - right), max(top - y, 0.0, y - bottom)
    return bool(across * across + down * down < radius * radius)


def _beside(record: Record, left: float) -> tuple[str, float, float]:
    """Where a dot's name fits, ``left`` pixels from the axis: its alignment and distances.

    It is to the right, or to the left, or over the dot and inside the plot.
    """
    width, reach = theme.text_width(record["deal"], theme.SMALL), sqrt(record["area"] / pi) + 3
    if width + reach <= _WIDTH - left:
        return "left", reach, 0.0
    if width + reach <= left:
        return "right", -reach, 0.0
    return "left", max(-left, min(-width / 2, _WIDTH - left - width)), -reach - 5
