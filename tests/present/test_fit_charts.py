"""Charts of observed against fitted values and of residuals: a dot a deal, and names where they fit."""

from __future__ import annotations

from itertools import combinations

import pytest
import vl_convert

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.charts import specifications
from npl_report.present.charts.residuals import _beside, _named
from tests.present import small
from tests.present.estimates import (
    DEALS,
    FIT,
    fitted,
    found,
    panel,
    scale,
)


def test_the_panels_are_named_by_the_charts_own_words():
    assert list(specifications(fitted(), "x")) == ["fitted", "residuals", "influence"]


def test_every_deal_with_all_values_is_a_dot_in_its_type():
    for name in ("fitted", "residuals", "influence"):
        dots = found(panel(fitted(), name), "point", filled=True)[0]
        assert [(dot["deal"], dot["type"]) for dot in dots] == [
            ("Tiny D1", "Mortgage"),
            ("Tiny D2", "Mortgage"),
            ("Tiny D3", "Unsecured retail"),
            ("Tiny D4", "Unsecured retail"),
        ]
    assert (dots[0]["observed"], dots[0]["residual_text"]) == (50.0, "10.00")  # in the printed unit


def test_observed_and_fitted_share_their_scale_with_the_diagonal():
    spec = panel(fitted(), "fitted")
    assert (
        scale(spec, "x") == scale(spec, "y") == pytest.approx([8.0, 52.0])
    )  # 10 to 50 per cent, and a twentieth of 40 at either end
    (diagonal,) = found(spec, "line")
    assert all(record["fitted"] == record["observed"] for record in diagonal)


def test_residuals_are_seen_around_zero():
    spec = panel(fitted(), "residuals")
    assert scale(spec, "x") == scale(panel(fitted(), "fitted"), "x")
    assert scale(spec, "y") == pytest.approx([-11.0, 11.0])
    assert found(spec, "rule") == [[{"at": 0}]]


def test_area_is_cooks_distance_and_the_most_influential_are_named():
    spec = panel(fitted(), "influence")
    areas = {dot["deal"]: dot["area"] for dot in found(spec, "point", filled=True)[0]}
    assert areas["Tiny D4"] == 300.0
    assert areas["Tiny D1"] == pytest.approx(10 + 290 * 0.02 / 0.5)
    outline, names = (
        records for records in found(spec, "text", fontSize=theme.SMALL) if records and "deal" in records[0]
    )
    assert outline == names
    assert [record["deal"] for record in names] == [
        "Tiny D3",
        "Tiny D1",
        "Tiny D4",
    ]  # from top to bottom; D2 has the least
    assert (names[0]["dy"], names[1]["dy"]) == (0.0, 14.0)  # at one point: moved apart
    assert [record["align"] for record in names] == ["left", "left", "right"]


@pytest.mark.parametrize(
    ("name", "left", "side"),
    [("Tiny", 20, "left"), ("Tiny", 195, "right"), ("A name as long as half the plot", 100, "over")],
)
def test_a_name_stands_where_it_fits(name: str, left: float, side: str):
    """The plot of the static picture is 202 pixels wide."""
    width = theme.text_width(name, theme.SMALL)
    align, dx, dy = _beside({"deal": name, "area": 300.0}, left)
    if side == "over":
        assert dy < -12  # clear of a dot with a radius of ten
        assert left + dx >= 0
        assert left + dx + width <= 202
    else:
        assert (align, dy) == (side, 0)
        assert abs(dx) > 12


def test_a_model_without_residuals_is_still_drawn():
    rows = {
        deal: (kind, rate, rate, 0.0, 0.1, 0.0, 0.0) for deal, (kind, rate, *_) in DEALS.items() if rate is not None
    }
    source = small.source(
        "fit", Unit.DEAL, FIT, rows, values=[column.key for column in FIT[1:]], deals={deal: deal for deal in rows}
    )
    for spec in specifications(source, "x").values():
        assert "NaN" not in vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


def test_a_name_covers_no_dot_where_there_is_room_beside():
    """The three most influential of a dozen dots, all names at once.

    In the plot of 202 by 230 pixels, on no dot and on no other name.
    """
    dots = [
        {
            "deal": f"Mortgage 2018-{place}",
            "area": 40.0,
            "leverage": 0.02 * (place % 4 + 1),
            "studentized": float(place // 4) - 1,
            "cook": float(place % 5),
        }
        for place in range(12)
    ]
    across, up = ("leverage", [0.0, 0.1]), ("studentized", [-2.0, 2.0])
    names = _named(dots, "cook", across, up)
    assert len(names) == 3
    boxes = []
    for name in names:
        x, y, width = (
            202 * name["leverage"] / 0.1,
            230 * (2 - name["studentized"]) / 4,
            theme.text_width(name["deal"], theme.SMALL),
        )
        left = x + name["dx"] - (width if name["align"] == "right" else 0)
        boxes.append((left, y + name["dy"] - 7, left + width, y + name["dy"] + 7))
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert right <= 202
        assert top >= 0
        assert bottom <= 230
    assert not any(
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        for one, other in combinations(boxes, 2)
    )
    for left, top, right, bottom in boxes:
        inside = [
            dot["deal"]
            for dot in dots
            if left < 202 * dot["leverage"] / 0.1 < right and top < 230 * (2 - dot["studentized"]) / 4 < bottom
        ]
        assert inside == []
