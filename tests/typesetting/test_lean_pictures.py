"""What the drawing library writes to no effect is left out of pictures, and nothing that can be seen."""

from __future__ import annotations

import io
import json
from pathlib import Path

import vl_convert
from PIL import Image, ImageChops

from npl_report.typesetting.drawings import drawn

SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "width": 300,
    "height": 120,
    "data": {"values": [{"x": x / 7, "y": (x % 5) / 3, "name": f"0.{x}23456"} for x in range(12)]},
    "layer": [
        {"mark": {"type": "line"}},
        {"mark": {"type": "text", "dy": -6}, "encoding": {"text": {"field": "name"}}},
    ],
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
}


def seen(svg: str) -> Image.Image:
    return Image.open(io.BytesIO(vl_convert.svg_to_png(svg))).convert("L")


def test_pictures_are_lean_and_look_the_same(tmp_path: Path):
    (tmp_path / "svg").mkdir()
    whole = vl_convert.vegalite_to_svg(SPEC)
    lean = drawn({"some.en": json.dumps(SPEC)}, tmp_path)["some.en"]
    assert len(lean) < 0.75 * len(whole)
    assert not [idle for idle in ("aria-", "role=", 'd=""', "translate(0,0)") if idle in lean]
    assert [f"0.{x}23456" for x in range(12) if f">0.{x}23456<" not in lean] == []
    assert seen(lean).size == seen(whole).size
    assert (
        ImageChops.difference(seen(lean), seen(whole)).getextrema()[1] < 100
    )  # of 255: edges move by fractions of a pixel
