"""What the charts of models draw, on small tables made by hand: signs, scales, order, cells and names."""

from __future__ import annotations

import json

import pytest
import vl_convert

from npl_report.model import Column, Unit
from npl_report.present import theme
from npl_report.present.charts import estimates, specifications
from npl_report.present.charts.matrices import BOUNDS, _fitted
from tests.present import small
from tests.present.estimates import (
    EFFECTS,
    EIGENVALUES,
    ESTIMATES,
    LANGUAGES,
    SOURCES,
    effects,
    eigenvalues,
    found,
    layers,
    loadings,
    matrix,
    panel,
    scale,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SOURCES)
def test_the_engine_draws_it(kind: str, language: str):
    for name, spec in specifications(SOURCES[kind](language), "What it shows.").items():
        assert spec["description"] == "What it shows."
        assert spec["width"] == (theme.PANEL_WIDTH if kind == "fit" else theme.WIDTH)
        assert spec["usermeta"].get("title", "") == (f"panels.{name}" if name else "")
        svg = vl_convert.vegalite_to_svg(json.loads(json.dumps(spec)), allowed_base_urls=[])
        assert "NaN" not in svg
        assert "undefined" not in svg
        assert svg.count("<text") > 5


# coefficients


def test_an_interval_that_leaves_out_zero_has_the_colour_of_its_sign():
    records = found(panel(effects()), "rule", strokeWidth=2.2)[0]
    assert {record["id"]: record["sign"] for record in records} == {
        "issuance": "above",
        "n_loans": "below",
        "wa_overdue": "within",
        "senior_share": "within",
    }
    colour = next(
        layer["encoding"]["color"]["scale"]
        for layer in layers(panel(effects()))
        if "scale" in layer.get("encoding", {}).get("color", {})
    )
    assert dict(zip(colour["domain"], colour["range"], strict=True)) == {
        "above": theme.ABOVE,
        "below": theme.BELOW,
        "within": theme.MUTED,
    }


def test_only_clear_effects_are_filled():
    spec = panel(effects())
    assert [record["id"] for record in found(spec, "point", filled=True)[0]] == ["issuance", "n_loans"]
    assert [record["id"] for record in found(spec, "point", fill=theme.PAPER, stroke=theme.MUTED)[0]] == [
        "wa_overdue",
        "senior_share",
    ]


def test_the_constant_is_never_drawn():
    text = json.dumps(panel(effects()))
    assert "Constant" not in text
    assert scale(panel(effects()), "x")[1] < 1


def test_coefficients_stand_in_the_tables_order_or_sorted():
    names = [
        small.source("coefficients", Unit.REGRESSOR, ESTIMATES, EFFECTS).label(row) for row in EFFECTS if row != "const"
    ]
    orders = [
        next(
            layer["encoding"]["y"]["sort"]
            for layer in layers(panel(effects(sort=sort)))
            if layer.get("encoding", {}).get("y", {}).get("sort")
        )
        for sort in (False, True)
    ]
    assert orders[0] == names
    assert orders[1] == [names[0], names[3], names[2], names[1], names[4]]  # 0.25, 0.25, 0.125, −0.5, nothing


def test_the_scale_holds_zero_and_every_interval():
    # from −0.75 to 0.5, and five hundredths of 1.25 at either end
    assert scale(panel(effects()), "x") == pytest.approx([-0.8125, 0.5625])
    above = small.source("coefficients", Unit.REGRESSOR, ESTIMATES, {"issuance": (2.0, 1.0, 3.0)})
    assert scale(panel(above), "x") == pytest.approx([-0.15, 3.15])


def test_estimates_stand_at_the_right_and_intervals_in_the_tooltip():
    records = found(panel(effects()), "text", fontWeight="bold")[0]
    assert [record["text"] for record in records] == ["0.250", "\u22120.500", "0.125", "0.250"]
    assert records[1]["interval"] == "[\u22120.750, \u22120.250]"


def test_a_coefficient_without_a_value_says_why():
    assert [{"row": "Secured share", "text": "no_variation"}] in found(panel(effects()), "text", align="left")


def test_an_estimate_without_interval_is_a_dot_alone():
    source = small.source("coefficients", Unit.REGRESSOR, ESTIMATES, {"issuance": (0.5, None, None)})
    assert found(panel(source), "rule", strokeWidth=2.2) == [[]]
    assert [record["sign"] for record in found(panel(source), "point", fill=theme.PAPER, stroke=theme.MUTED)[0]] == [
        "within"
    ]


# scree


def test_the_eigenvalues_fall_over_the_number_of_the_component():
    spec = panel(eigenvalues())
    real, random = (found(spec, "line", color=colour)[0] for colour in (theme.ACCENT, theme.SECOND))
    assert [(record["number"], record["at"]) for record in real] == [(1, 2.0), (2, 1.5), (3, 1.45), (4, 1.43), (5, 0.5)]
    assert [record["at"] for record in random] == [1.5, 1.25, 1.1, 1.0, 0.75]
    assert [record["at"] for record in found(spec, "rule", color=theme.MUTED)[0]] == [1.0]
    assert scale(spec, "y") == pytest.approx([0, 2.16])


def test_only_eigenvalues_above_the_limit_are_printed_and_out_of_each_others_way():
    """270 pixels for 2.16: the second is 62 below the first, the third 6 below the second, so under the line.

    The fourth 9 below that: no room on either side.
    """
    spec = panel(eigenvalues())
    over, under = (found(spec, "text", fontWeight="bold", align=side)[0] for side in ("left", "right"))
    assert [record["text"] for record in over] == ["2.000", "1.500"]
    assert [record["text"] for record in under] == ["1.450"]


def test_without_random_data_the_eigenvalues_are_drawn_alone():
    source = small.source("scree", Unit.TERM, EIGENVALUES, {"1": (2.0, None, 1.0), "2": (0.5, None, 1.0)})
    assert found(panel(source), "line", color=theme.SECOND) == [[]]
    assert "NaN" not in vl_convert.vegalite_to_svg(panel(source), allowed_base_urls=[])


# heatmap


def test_of_a_square_matrix_only_what_is_below_the_diagonal_is_drawn():
    spec = panel(matrix())
    cells = found(spec, "rect", stroke=theme.PAPER)[0]
    assert [(cell["name"], cell["column"], cell["text"]) for cell in cells] == [
        ("Number of loans (log)", "issuance", "0.500"),
        ("WA months overdue", "issuance", "\u22120.710"),
        ("WA months overdue", "n_loans", "\u2014"),
    ]
    assert [record["text"] for record in found(spec, "text", color=theme.MUTED)[0]] == ["1", "2", "3"]
    assert {cell["row"] for cell in cells} == {"2\u00a0Number of loans (log)", "3\u00a0WA months overdue"}


@pytest.mark.parametrize(
    ("value", "step"),
    [
        (-1.2, 0),
        (-1.0, 0),
        (-0.71, 0),
        (-0.7, 1),
        (-0.31, 2),
        (-0.1, 4),
        (0.0, 4),
        (0.099, 4),
        (0.1, 5),
        (0.3, 6),
        (0.5, 7),
        (0.7, 8),
        (1.0, 8),
    ],
)
def test_a_cell_has_the_colour_of_its_step(value: float, step: int):
    (cell,) = found(panel(loadings(["f1", "f2"], {"issuance": (value, None)})), "rect", stroke=theme.PAPER)[0]
    assert (cell["fill"], cell["ink"]) == (theme.DIVERGING[step], theme.ON_DIVERGING[step])


def test_steps_and_bounds_agree():
    assert len(theme.DIVERGING) == len(theme.ON_DIVERGING) == len(BOUNDS) + 1
    assert [-bound for bound in reversed(BOUNDS)] == list(BOUNDS)
    boxes, edges = (
        found(panel(matrix()), "rect")[1],
        next(records for records in found(panel(matrix()), "text") if records[0].get("text") == "\u22120.7"),
    )
    assert [box["fill"] for box in boxes] == list(theme.DIVERGING)
    assert [edge["x"] for edge in edges] == [box["x"] for box in boxes[1:]]


def test_a_gap_has_no_colour_and_says_nothing():
    cell = found(panel(matrix()), "rect", stroke=theme.PAPER)[0][2]
    assert (cell["fill"], cell["text"]) == ("transparent", "\u2014")


def test_columns_without_any_value_are_left_out():
    source = loadings(["f1", "f2", "f3"], {"issuance": (0.5, None, None), "n_loans": (0.5, 0.25, None)})
    assert scale(panel(source), "x") == ["f1", "f2"]
    kept = small.source(
        "heatmap", Unit.REGRESSOR, [Column("f1", Unit.NUMBER), Column("f2", Unit.NUMBER)], {"issuance": (0.5, None)}
    )
    assert scale(panel(kept), "x") == ["f1", "f2"]  # not optional


@pytest.mark.parametrize(("columns", "figures"), [(2, True), (8, True), (9, False), (20, False)])
def test_figures_stand_in_the_cells_of_few_columns(columns: int, *, figures: bool):
    spec = panel(loadings([f"f{place}" for place in range(columns)]))
    assert (
        any(records and records[0].get("ink") and records[0]["text"] == "0.500" for records in found(spec, "text"))
        == figures
    )


def test_heads_are_broken_or_stand_upright():
    axis = {
        "short": {"f1": "Size", "f2": "Age of loans"},
        "long": {f"f{place}": "Characteristics of borrowers" for place in range(7)},
    }
    angles = {}
    for name, titles in axis.items():
        spec = panel(loadings(list(titles), titles=titles))
        angles[name] = next(
            layer["encoding"]["x"]["axis"]["labelAngle"]
            for layer in layers(spec)
            if layer.get("encoding", {}).get("x", {}).get("axis")
        )
    assert angles == {"short": 0, "long": -90}


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Issue size", 100, ["Issue size"]),
        ("Average loan balance", 60, ["Average", "loan", "balance"]),
        ("发行规模", 41, ["发行", "规模"]),  # 48 pixels in two parts alike, not three signs and one
        ("借款人特征", 41, ["借款人", "特征"]),
        ("账龄", 41, ["账龄"]),
    ],
)
def test_a_head_is_fitted_to_its_column(text: str, width: float, lines: list[str]):
    assert _fitted(text, width) == lines


# fit


def test_eigenvalues_nearly_alike_are_printed_over_and_under_the_dots():
    records = [{"number": place, "at": at} for place, at in enumerate((4.0, 1.037, 1.034, 0.5), start=1)]
    over, under = estimates._beside(records[:3], 4.3)
    assert [record["number"] for record in over] == [1, 2]
    assert [record["number"] for record in under] == [3]
    assert [record["dy"] for record in estimates._clear(over, records, 4.3, over=True)] == [
        -7.5,
        -15.0,
    ]  # the second would lie on the third dot
    assert [record["dy"] for record in estimates._clear(under, records, 4.3, over=False)] == [15.0]
