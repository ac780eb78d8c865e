"""A deal's curve → a Vega-Lite specification, from which browsers make the picture interactive.

All deals share one drawing: Altair makes and checks it once a language, and a deal's specification is a copy with its
own data and words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from npl_report.present import theme
from npl_report.present.charts import finished
from npl_report.present.dealcurve import AGES, HEIGHT, LEVEL, LOOKS, PADDING, RATES, WINDOW, WORDS, Curve, Label
from npl_report.text.numbers import marks
from npl_report.text.words import Words

_LOOK = ("align", "baseline", "dx", "dy", "fontWeight")
"""What a label says of its look."""
_TOLD = ("date", "age", "recovery")
"""What is told of a point to which the reader points."""


def specification(drawing: Mapping[str, Any], curve: Curve) -> dict[str, Any]:
    """The drawing with a deal's data: every layer's data set is named in it."""
    low, high = curve.window or (0.0, 0.0)
    window = {"low": low, "high": high, "middle": (low + high) / 2, "text": curve.words["window"]}
    data: dict[str, list[dict[str, Any]]] = {
        "window": [window] if curve.window else [],
        "cover": [{"at": curve.level}],
        "points": [],
        "labels": [_told(label) for label in curve.labels],
    }
    for name, look in LOOKS.items():
        points = curve.lines.get(name, ())
        origin = [{"age": 0.0, "at": 0.0}] if points else []
        data[name] = origin + [{"age": point.age, "at": point.at} for point in points]
        data["points"] += [
            vars(point) | {"colour": look.colour, "shape": look.shape, "size": look.size} for point in points
        ]
    layers = list(drawing["layer"])
    for index, channel, highest in ((0, "x", curve.end), (2, "y", curve.top)):  # the window and the rule: the scales
        layers[index] = _scaled(layers[index], channel, highest)
    return {**drawing, "description": curve.description, "layer": layers, "datasets": data}


def drawing(words: Words) -> dict[str, Any]:
    """The specification without its data.

    Marks take their look from their records, so that few layers do: each costs drawing time.
    """
    age = alt.Axis(title=str(words[WORDS["age"]]), tickCount=AGES)
    x = alt.X("age:Q", axis=age)
    rates = alt.Axis(labelExpr="datum.label + '%'", tickCount=RATES, grid=True, gridColor=theme.PALE, domain=False)
    y = alt.Y("at:Q", title=None, axis=rates)
    colour = alt.Color("colour:N", scale=None)
    tooltip = [alt.Tooltip(f"{key}_text:N", title=str(words[f"field.{key}"])) for key in _TOLD]
    look: dict[str, Any] = {name: alt.ExprRef(f"datum.{name}") for name in _LOOK}

    def chart(data: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(data))

    layers = [
        chart("window")
        .mark_rect(color=theme.PALE)
        .encode(x=alt.X("low:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=age), x2="high:Q"),
        chart("window")
        .mark_text(baseline="bottom", dy=WINDOW, color=theme.MUTED)
        .encode(x="middle:Q", y=alt.value(0), text="text:N"),
        chart("cover")
        .mark_rule(color=theme.MUTED, strokeWidth=LEVEL)
        .encode(y=alt.Y("at:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=rates)),
        *(
            chart(name)
            .mark_line(color=of.colour, strokeWidth=of.width, strokeDash=list(of.dash) or alt.Undefined)
            .encode(x=x, y=y)
            for name, of in LOOKS.items()
        ),
        chart("points")
        .mark_point(filled=True, opacity=1, size=alt.ExprRef("datum.size"))
        .encode(x=x, y=y, color=colour, shape=alt.Shape("shape:N", scale=None), tooltip=tooltip),
        chart("labels").mark_text(lineBreak="\n", **look).encode(x=x, y=y, text="text:N", color=colour),
    ]
    return finished(alt.layer(*layers).properties(height=HEIGHT, padding=dict(PADDING)), "", marks(words))


def _told(label: Label) -> dict[str, Any]:
    """A label as the drawing takes it."""
    at = {"age": label.age, "at": label.at, "text": label.text, "colour": label.colour, "fontWeight": label.weight}
    return at | vars(label.place)


def _scaled(layer: dict[str, Any], channel: str, highest: float) -> dict[str, Any]:
    """A layer whose axis goes from zero to the highest value."""
    encoding = layer["encoding"]
    axis = {**encoding[channel], "scale": {**encoding[channel]["scale"], "domain": [0, highest]}}
    return {**layer, "encoding": {**encoding, channel: axis}}
