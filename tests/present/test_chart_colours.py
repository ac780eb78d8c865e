"""Colours of charts: every colour of a picture has its dark counterpart in charts.css, and both stand out from their paper (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from functools import cache

import pytest
import vl_convert

from npl_report.present import theme
from npl_report.present.charts import specifications
from tests import tiny
from tests.present.test_charts import DRAWN, book

CSS = (tiny.ROOT / "templates" / "html" / "assets" / "charts.css").read_text(encoding="utf-8")
VARIABLES = {name: (light, dark) for name, light, dark in re.findall(r"--chart-([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)}
USED = dict(re.findall(r'\.chart svg \[fill="(#\w{6})"\] \{ fill: var\(--chart-([\w-]+)\); \}', CSS))
TEXTS = {theme.INK, theme.MUTED, theme.ABOVE, theme.BELOW, *theme.TYPE_INKS.values()}
MARKS = {theme.ACCENT, theme.SECOND, theme.MUTED, *theme.TYPE_COLOURS.values()}
SURFACES = {theme.RULE, theme.PALE, theme.SPAN, theme.PAPER}
"""What carries no information by itself: grid lines, shaded spans (which have an edge) and rings around dots."""


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def colours(table: str) -> frozenset[str]:
    source = book("en").chart_source(table)
    assert source
    svgs = "".join(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]) for spec in specifications(source, "x").values())
    return frozenset(re.findall(r'(?:fill|stroke)="([^"]+)"', svgs)) - {"none", "transparent"}


def test_contrast_by_known_pairs():
    # WCAG: black on white 21; #767676 is the lightest grey that reaches 4.5 on white
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("table", DRAWN)
def test_a_picture_has_no_colour_but_the_themes(table: str):
    assert colours(table) <= TEXTS | MARKS | SURFACES


def test_every_colour_has_its_counterpart():
    assert set(USED) == TEXTS | MARKS | SURFACES
    assert {colour: VARIABLES[name][0] for colour, name in USED.items()} == {colour: colour for colour in USED}
    strokes = dict(re.findall(r'\.chart svg \[stroke="(#\w{6})"\] \{ stroke: var\(--chart-([\w-]+)\); \}', CSS))
    assert strokes == USED


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_marks_and_text_stand_out(scheme: int):
    paper = VARIABLES["paper"][scheme]
    assert {colour: round(contrast(VARIABLES[USED[colour]][scheme], paper), 2) for colour in TEXTS if contrast(VARIABLES[USED[colour]][scheme], paper) < 4.5} == {}
    assert {colour: round(contrast(VARIABLES[USED[colour]][scheme], paper), 2) for colour in MARKS if contrast(VARIABLES[USED[colour]][scheme], paper) < 3.0} == {}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_types_differ_without_red_or_green(scheme: int):
    """Under full deuteranopia and protanopia (Viénot, Brettel and Mollon 1999, in linear RGB), every two types stay apart in the plane that is left."""
    shown = [VARIABLES[USED[colour]][scheme] for colour in theme.TYPE_COLOURS.values()]
    blind = {
        "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
        "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    }
    for matrix in blind.values():
        seen = []
        for colour in shown:
            linear = [(int(colour[place : place + 2], 16) / 255) ** 2.2 for place in (1, 3, 5)]
            seen.append([max(0.0, sum(weight * part for weight, part in zip(row, linear, strict=True))) ** (1 / 2.2) for row in matrix])
        apart = [sum((one - other) ** 2 for one, other in zip(first, second, strict=True)) ** 0.5 for place, first in enumerate(seen) for second in seen[:place]]
        assert min(apart) > 0.2  # a fifth of the way from black to one pure screen colour
