"""Colours of charts.

Every colour of a picture has its dark counterpart in charts.css, and both stand out from their paper (WCAG 2.2, 1.4.3
and 1.4.11).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
import vl_convert

from npl_report.model import MOST_TRANCHES, DefinitionError, Tranche
from npl_report.present import theme
from npl_report.present.charts.flows import colours as of_payments
from npl_report.present.charts.registry import kind_of
from npl_report.tables.waterfall_case import table as waterfall_case
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.present.drawings import DRAWN, drawn

CSS = (tiny.ROOT / "templates" / "html" / "assets" / "charts.css").read_text(encoding="utf-8")
VARIABLES = {
    name: (light, dark) for name, light, dark in re.findall(r"--chart-([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)
}
USED = dict(re.findall(r'\.chart svg \[fill="(#\w{6})"\] \{ fill: var\(--chart-([\w-]+)\); \}', CSS))
TEXTS = {theme.INK, theme.MUTED, theme.ABOVE, theme.BELOW, *theme.CLASS_INKS}
MARKS = {
    *(theme.ACCENT, theme.SECOND, theme.MUTED, *theme.CLASS_COLOURS),
    *(principal for _, principal in theme.RUNGS),
}
SURFACES = {theme.RULE, theme.PALE, theme.SPAN, theme.PAPER}
"""What carries no information by itself: grid lines, shaded spans (which have an edge) and rings around dots."""
STEPS = set(theme.DIVERGING)
"""Fills of cells, each with a figure on it or in its tooltip."""
TINTS = {interest for interest, _ in theme.RUNGS}
"""Fills of interest, beside the principal of the same tranche."""


PAID = ("interest", "principal")
"""What every tranche but the last is paid."""


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def colours(table: str) -> frozenset[str]:
    svgs = "".join(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]) for spec in drawn(table).values())
    return frozenset(re.findall(r'(?:fill|stroke)="([^"]+)"', svgs)) - {"none", "transparent"}


def test_contrast_by_known_pairs():
    # WCAG: black on white 21; #767676 is the lightest grey that reaches 4.5 on white
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("table", DRAWN)
def test_a_picture_has_no_colour_but_the_themes(table: str):
    assert colours(table) <= TEXTS | MARKS | SURFACES | STEPS | TINTS


def test_every_colour_has_its_counterpart():
    assert set(USED) == TEXTS | MARKS | SURFACES | STEPS | TINTS
    assert {colour: VARIABLES[name][0] for colour, name in USED.items()} == {colour: colour for colour in USED}
    strokes = dict(re.findall(r'\.chart svg \[stroke="(#\w{6})"\] \{ stroke: var\(--chart-([\w-]+)\); \}', CSS))
    assert strokes == USED


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_marks_and_text_stand_out(scheme: int):
    paper = VARIABLES["paper"][scheme]
    assert {
        colour: round(contrast(VARIABLES[USED[colour]][scheme], paper), 2)
        for colour in TEXTS
        if contrast(VARIABLES[USED[colour]][scheme], paper) < 4.5
    } == {}
    assert {
        colour: round(contrast(VARIABLES[USED[colour]][scheme], paper), 2)
        for colour in MARKS
        if contrast(VARIABLES[USED[colour]][scheme], paper) < 3.0
    } == {}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_figures_stand_out_on_every_step(scheme: int):
    on = zip(theme.DIVERGING, theme.ON_DIVERGING, strict=True)
    found = [contrast(VARIABLES[USED[step]][scheme], VARIABLES[USED[text]][scheme]) for step, text in on]
    assert min(found) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_steps_go_from_one_end_over_the_middle_to_the_other(scheme: int):
    """Away from the middle they get darker on light paper and brighter on dark.

    Opposite steps are alike in lightness, apart in hue.
    """
    shown = [VARIABLES[USED[step]][scheme] for step in theme.DIVERGING]
    middle = len(shown) // 2
    sign = 1 if scheme else -1
    for arm in (shown[middle:], shown[middle::-1]):
        outwards = [sign * luminance(colour) for colour in arm]
        assert outwards == sorted(outwards)
    for place in range(1, middle + 1):
        assert contrast(shown[middle - place], shown[middle + place]) < 1.35


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_opposite_steps_differ_without_red_or_green(scheme: int):
    shown = [VARIABLES[USED[step]][scheme] for step in theme.DIVERGING]
    middle = len(shown) // 2
    for place in range(2, middle + 1):
        assert apart([shown[middle - place], shown[middle + place]]) > 0.2
    assert apart([shown[middle - 1], shown[middle + 1]]) > 0.08  # next to nothing, so hardly coloured


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_types_differ_without_red_or_green(scheme: int):
    """Every two types stay a fifth of the way from black to one pure screen colour apart."""
    assert apart([VARIABLES[USED[colour]][scheme] for colour in theme.CLASS_COLOURS]) > 0.2


def payments(n: int) -> dict[str, str]:
    """Part of the payments of a ladder of n tranches → its colour; the parts as the page of a deal calls them."""
    upper = [f"{part}-{rank}" for rank in range(1, n) for part in PAID]
    return of_payments(("fees", *upper, "last-principal", "last-return", "last-residual", "reward"))


def test_a_ladder_of_two_is_blue_and_orange():
    assert payments(2) == {
        "fees": theme.SPAN,
        "interest-1": theme.DIVERGING[7],
        "principal-1": theme.ACCENT,
        "last-principal": theme.SECOND,
        "last-return": theme.DIVERGING[2],
        "last-residual": theme.DIVERGING[0],
        "reward": theme.CLASS_COLOURS[2],
    }


@pytest.mark.parametrize("n", range(2, MOST_TRANCHES + 1))
def test_a_part_looks_the_same_in_every_ladder(n: int):
    longest = payments(MOST_TRANCHES)
    assert payments(n) == {part: longest[part] for part in payments(n)}


@pytest.mark.parametrize("n", range(2, MOST_TRANCHES + 1))
def test_the_payments_of_every_ladder_can_be_drawn(n: int):
    keys = ["a", "b", "c", "d", "e"][:n]
    table = waterfall_case(replace(MARKET, tranches=tuple(Tranche(key, {}, key == keys[-1]) for key in keys)))
    assert table.chart
    assert kind_of(table, table.chart).most >= len(table.chart.values)
    ranks = {f"{key}_{part}": f"{part}-{rank}" for rank, key in enumerate(keys[:-1], 1) for part in PAID}
    last = {f"{keys[-1]}_{part}": f"last-{part}" for part in ("principal", "return", "residual")}
    looks = {"fees": "fees", **ranks, **last, "reward": "reward"}
    assert of_payments(table.chart.values) == {key: payments(n)[look] for key, look in looks.items()}
    mixed = replace(table.chart, values=(*table.chart.values[:-3], *reversed(table.chart.values[-3:])))
    with pytest.raises(DefinitionError, match="fees, interest and principal of each tranche"):
        kind_of(table, mixed)


def test_the_page_of_a_deal_has_the_colours_of_the_chart():
    sheet = (tiny.ROOT / "templates" / "html" / "assets" / "profiles.css").read_text(encoding="utf-8")
    assert dict(re.findall(r"rect\.([\w-]+) \{ fill: (#\w{6}); \}", sheet)) == payments(MOST_TRANCHES)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_principal_stands_out_more_than_its_interest(scheme: int):
    paper = VARIABLES["paper"][scheme]
    for pair in theme.RUNGS:
        interest, principal = (contrast(VARIABLES[USED[colour]][scheme], paper) for colour in pair)
        assert principal > 1.5 * interest > 1.5 * 1.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_parts_of_payments_differ_without_red_or_green(scheme: int):
    """Every two parts stay an eighth of the way from black to one pure screen colour apart."""
    assert apart([VARIABLES[USED[colour]][scheme] for colour in payments(MOST_TRANCHES).values()]) > 0.125


def apart(shown: list[str]) -> float:
    """The least distance of any two colours under full deuteranopia and protanopia (Viénot, Brettel and Mollon 1999, in
    linear RGB), in the plane that is left.
    """
    blind = {
        "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
        "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    }
    found = []
    for matrix in blind.values():
        seen = []
        for colour in shown:
            linear = [(int(colour[place : place + 2], 16) / 255) ** 2.2 for place in (1, 3, 5)]
            seen.append(
                [
                    max(0.0, sum(weight * part for weight, part in zip(row, linear, strict=True))) ** (1 / 2.2)
                    for row in matrix
                ]
            )
        found += [
            sum((one - other) ** 2 for one, other in zip(first, second, strict=True)) ** 0.5
            for place, first in enumerate(seen)
            for second in seen[:place]
        ]
    return min(found)
