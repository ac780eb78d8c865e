"""One deal's recoveries against the offering forecast → a Vega-Lite specification.

All deals share one drawing: Altair makes and checks it once a language, and a deal's specification is a copy with its
own data and words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.charts import finished
from npl_report.present.localized import LocalizedEdition
from npl_report.present.profiles import Cells

_HEIGHT = 290
_ROOM = 40
"""Pixels that a line's label at the right edge needs from that of the level of coverage, which otherwise gives way."""

_NAME, _GAP = 26, 5
"""Pixels that a line's name and its distance take above or below the line's end, and that keep it from a rule."""
_ACROSS, _OVER, _UNDER = -7, -24, 11
"""Of a text of two lines: pixels from the rule beside it to the middle of its first line."""
_HEADROOM = 1.12
_MARKS = {
    "actual": {"colour": theme.ACCENT, "shape": "circle", "size": 62},
    "forecast": {"colour": theme.SECOND, "shape": "diamond", "size": 34},
}
_ABOVE = {"align": "right", "baseline": "bottom", "dx": 0, "dy": -8}
_BELOW = {"align": "left", "baseline": "top", "dx": 7, "dy": 2}
"""Where a line's name stands at its end: no line that rises or stays comes there."""

Point = dict[str, Any]


def deal_specifications(localized: LocalizedEdition) -> dict[str, dict[str, Any]]:
    """Deal → specification, for every deal with a report or a forecast; none if deals have no pages."""
    if not localized.deal_pages:
        return {}
    cells = Cells(localized)
    drawing = _drawing(cells)
    collected, forecast = cells.by_deal("deal_recovery"), cells.by_deal("deal_forecast")
    specs = {}
    for deal, kind in zip(localized.data.deals["deal"], localized.data.deals["asset_type"], strict=True):
        level = _position(float(cells.value("deal_tranches", f"{deal}@senior", "covered_at")), cells)
        curve = _Curve(
            _path(cells, "deal_recovery", collected.get(deal, [])),
            _path(cells, "deal_forecast", forecast.get(deal, [])),
            level,
        )
        if curve.actual or curve.forecast:
            specs[deal] = _filled(drawing, cells, deal, kind, curve)
    return specs


@dataclass(frozen=True)
class _Curve:
    """The points of both lines, without the origin that they start from, and the level at which the senior is covered.

    One of the lines may be empty.
    """

    actual: list[Point]
    forecast: list[Point]
    level: float

    @property
    def lines(self) -> list[list[Point]]:
        """The lines that there are."""
        return [line for line in (self.actual, self.forecast) if line]

    @property
    def top(self) -> float:
        """The end of the vertical axis, with room for a name above the highest point."""
        return max([self.level, *(float(line[-1]["at"]) for line in self.lines)]) * _HEADROOM

    def above_level(self, point: Point) -> float:
        """How many pixels a point lies above the level."""
        return float((point["at"] - self.level) / self.top * _HEIGHT)

    def actual_is_above(self) -> bool:
        """Whether actual recoveries end above the forecast, both seen at the age that the shorter line reaches."""
        if not self.actual or not self.forecast:
            return True
        age = min(self.actual[-1]["age"], self.forecast[-1]["age"])
        return _level(self.actual, age) >= _level(self.forecast, age)


def _path(cells: Cells, table: str, rows: list[str]) -> list[Point]:
    """The rows of a deal as points: age in months, recovery rate in its printed unit, and the texts of the tooltip."""
    points = []
    for row in rows:
        texts = {key: cells.in_text(table, row, key).text for key in ("date", "age", "recovery")}
        points.append(
            {
                "age": float(cells.value(table, row, "age")),
                "at": _position(float(cells.value(table, row, "recovery")), cells),
                **{f"{key}_text": text for key, text in texts.items()},
            }
        )
    return points


def _position(rate: float, cells: Cells) -> float:
    """The rate in its printed unit, without the noise of a double."""
    return float(f"{rate * cells.numbers.style(Unit.RATE).scale:.10g}")


def _level(line: list[Point], age: float) -> float:
    """Height of a line at an age."""
    before = {"age": 0.0, "at": 0.0}
    for point in line:
        if point["age"] >= age:
            share = (age - before["age"]) / (point["age"] - before["age"]) if point["age"] > before["age"] else 1.0
            return float(before["at"] + (point["at"] - before["at"]) * share)
        before = point
    return float(before["at"])


def _drawing(cells: Cells) -> dict[str, Any]:
    """The specification without its data.

    Marks take their look from their records, so that few layers do: each costs drawing time.
    """
    age = alt.Axis(title=cells.word("profile.chart_age"), tickCount=8)
    x = alt.X("age:Q", axis=age)
    rates = alt.Axis(labelExpr="datum.label + '%'", tickCount=6, grid=True, gridColor=theme.PALE, domain=False)
    y = alt.Y("at:Q", title=None, axis=rates)
    colour = alt.Color("colour:N", scale=None)
    tooltip = [alt.Tooltip(f"{key}_text:N", title=cells.word(f"field.{key}")) for key in ("date", "age", "recovery")]
    look: dict[str, Any] = {
        name: alt.ExprRef(f"datum.{name}") for name in ("align", "baseline", "dx", "dy", "fontWeight")
    }

    def chart(data: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(data))

    layers = [
        chart("window")
        .mark_rect(color=theme.PALE)
        .encode(x=alt.X("low:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=age), x2="high:Q"),
        chart("window")
        .mark_text(baseline="bottom", dy=-5, color=theme.MUTED)
        .encode(x="middle:Q", y=alt.value(0), text="text:N"),
        chart("cover")
        .mark_rule(color=theme.MUTED, strokeWidth=1.2)
        .encode(y=alt.Y("at:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=rates)),
        chart("forecast").mark_line(color=theme.SECOND, strokeWidth=2, strokeDash=[6, 3]).encode(x=x, y=y),
        chart("actual").mark_line(color=theme.ACCENT, strokeWidth=2.5).encode(x=x, y=y),
        chart("points")
        .mark_point(filled=True, opacity=1, size=alt.ExprRef("datum.size"))
        .encode(x=x, y=y, color=colour, shape=alt.Shape("shape:N", scale=None), tooltip=tooltip),
        chart("labels").mark_text(lineBreak="\n", **look).encode(x=x, y=y, text="text:N", color=colour),
    ]
    return finished(
        alt.layer(*layers).properties(height=_HEIGHT, padding={"left": 2, "top": 6, "right": 6, "bottom": 4}), ""
    )


def _filled(drawing: dict[str, Any], cells: Cells, deal: str, kind: str, curve: _Curve) -> dict[str, Any]:
    """The drawing with a deal's data: every layer's data set is named in it."""
    windows, senior = bool(cells.rows("observation_windows")), f"{deal}@senior"
    ends = (float(cells.value("observation_windows", kind, end)) for end in ("low", "high"))
    low, high = ends if windows else (0.0, 0.0)
    end = max([line[-1]["age"] for line in curve.lines] + [high])
    above = "actual" if curve.actual_is_above() else "forecast"
    text = "\n".join((cells.word("profile.chart_cover"), cells.in_text("deal_tranches", senior, "covered_at").text))
    place = {"align": "left", "baseline": "middle", "dx": 6, "dy": _beside(curve, above, end)}
    labels = [_label({"age": end, "at": curve.level}, text, theme.MUTED, "normal", place)]
    data: dict[str, list[Point]] = {
        "window": [{"low": low, "high": high, "middle": (low + high) / 2, "text": cells.word("profile.chart_window")}]
        if windows
        else [],
        "cover": [{"at": curve.level}],
        "points": [],
        "labels": labels,
    }
    for line, points in (("forecast", curve.forecast), ("actual", curve.actual)):
        data[line] = (
            [{"age": 0.0, "at": 0.0}, *({"age": point["age"], "at": point["at"]} for point in points)] if points else []
        )
        data["points"] += [point | _MARKS[line] for point in points]
        if points:
            place = _clear(_ABOVE if line == above else _BELOW, curve.above_level(points[-1]))
            labels.append(_label(points[-1], cells.word(f"term.{line}"), _MARKS[line]["colour"], "bold", place))
    layers = list(drawing["layer"])
    for index, channel, highest in ((0, "x", end), (2, "y", curve.top)):  # the window and the rule carry the scales
        layers[index] = _scaled(layers[index], channel, highest)
    return {**drawing, "description": _alt(cells, deal, curve), "layer": layers, "datasets": data}


def _label(point: Point, text: str, colour: Any, weight: str, place: Point) -> Point:
    """A text at a point; ``place``: its alignment and distances."""
    at = {"age": point["age"], "at": point["at"]}
    return {**at, "text": text, "colour": colour, "fontWeight": weight, **place}


def _scaled(layer: dict[str, Any], channel: str, highest: float) -> dict[str, Any]:
    """A layer whose axis goes from zero to the highest value."""
    encoding = layer["encoding"]
    axis = {**encoding[channel], "scale": {**encoding[channel]["scale"], "domain": [0, highest]}}
    return {**layer, "encoding": {**encoding, channel: axis}}


def _clear(place: Point, height: float) -> Point:
    """The place of a line's name, moved where the level of coverage would strike it through.

    The level is ``height`` pixels below the line's end.
    """
    if place is _ABOVE and -_NAME < height < 0:
        return {**place, "dy": height - _GAP}
    if place is _BELOW and 0 < height < _NAME:
        return {**place, "dy": height + _GAP}
    return place


def _beside(curve: _Curve, above: str, end: float) -> int:
    """Where the two lines of the level's label stand beside its rule, in pixels.

    Across it, unless the name of a line that ends at the right edge is too near.
    """
    line = curve.forecast if above == "actual" else curve.actual
    if not line or line[-1]["age"] < end:
        return _ACROSS
    distance = curve.above_level(line[-1])
    return _ACROSS if abs(distance) > _ROOM else _UNDER if distance >= _NAME else _OVER


def _alt(cells: Cells, deal: str, curve: _Curve) -> str:
    """What the picture shows, in a sentence or two."""
    text = cells.word("profile.alt", name=cells.names.name(Unit.DEAL, deal))
    for word, line in (("profile.alt_actual", curve.actual), ("profile.alt_forecast", curve.forecast)):
        if line:
            text += cells.word(
                word, rate=line[-1]["recovery_text"], age=line[-1]["age_text"], date=line[-1]["date_text"]
            )
    return text + cells.word(
        "profile.alt_cover", rate=cells.in_text("deal_tranches", f"{deal}@senior", "covered_at").text
    )
