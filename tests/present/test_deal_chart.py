"""The chart of a deal's page on the tiny data: what it draws, where names stand, and what all deals share."""

from __future__ import annotations

import json
from functools import cache

import pytest

from tests.helpers import tiny
from tests.present.profiled import changed, deal_specifications, deals_of, localized

LANGUAGES = ("en", "zh")


@cache
def specs(language: str = "en") -> dict[str, dict]:
    return deal_specifications(localized(language))


def test_the_chart_draws_the_computed_rates():
    data = specs()["c1"]["datasets"]
    assert [(point["age"], point["at"]) for point in data["actual"]] == [
        (0, 0),
        (12, 10),
        (24, 20),
        (33, 25),
        (39, 30),
        (45, 34),
    ]
    assert [(point["age"], point["at"]) for point in data["forecast"]] == [(0, 0), (24, 10), (48, 34)]
    assert data["cover"] == [{"at": 30}]
    assert [(span["low"], span["high"], span["text"]) for span in data["window"]] == [(33, 39, "Observation window")]
    assert len(data["points"]) == 7
    assert data["points"][-1]["recovery_text"] == "34.00%"


def test_lines_are_named_where_no_line_comes():
    """c1 ends above its forecast: its name stands above and left, the forecast's below and right.

    C2 the other way round.
    """
    for deal, above in (("c1", "Actual"), ("c2", "Forecast")):
        labels = {label["text"]: label["align"] for label in specs()[deal]["datasets"]["labels"]}
        assert [text for text, align in labels.items() if align == "right"] == [above]


def test_the_label_of_coverage_gives_way():
    """Pixels from the rule to its label's first line: c1's forecast ends at 34 %, m1's at 50 %, on the rule.

    Their names would cover it. u1's ends far above.
    """
    places = {deal: specs()[deal]["datasets"]["labels"][0]["dy"] for deal in ("c1", "m1", "u1")}
    assert places == {"c1": 11, "m1": -24, "u1": -7}


def test_a_name_keeps_clear_of_the_rule():
    """m1: recoveries of 50 % against a senior of 50 % are on the rule.

    Moved to 48 %, the rule lies 10 pixels above their end, where the name would be.
    """
    on = {label["text"]: label["dy"] for label in specs()["m1"]["datasets"]["labels"]}
    assert on["Actual"] == -8
    rows = [
        {**row, "collected": "32"}
        if (row["deal"], row["period_end"]) == ("m1", tiny.day("m1", 1080).isoformat())
        else row
        for row in tiny.rows()["collections"]
    ]
    near = {
        label["text"]: label["dy"]
        for label in deal_specifications(changed({"collections": rows}))["m1"]["datasets"]["labels"]
    }
    assert near["Actual"] == pytest.approx(-2 / (50 * 1.12) * 290 - 5)


def test_the_axis_reaches_to_the_end_of_both_lines():
    ends = {deal: spec["layer"][0]["encoding"]["x"]["scale"]["domain"] for deal, spec in specs().items()}
    assert ends == {"c1": [0, 48], "c2": [0, 48], "m1": [0, 48], "m2": [0, 31], "u1": [0, 30], "u2": [0, 24]}


def test_deals_share_one_drawing():
    one, other = specs()["c1"], specs()["u1"]
    assert {key for key in one if one[key] != other[key]} == {"datasets", "description", "layer"}
    assert [place for place in range(7) if one["layer"][place] != other["layer"][place]] == [0, 2], (
        "the layers that carry the scales"
    )


def test_a_changed_deal_changes_its_own_chart_only():
    rows = [
        {**row, "collected": "41"} if (row["deal"], row["collected"]) == ("m1", "40") else row
        for row in tiny.rows()["collections"]
    ]
    after = deal_specifications(changed({"collections": rows}))
    assert [deal for deal, spec in specs().items() if spec != after[deal]] == ["m1"]


def test_a_deal_that_collected_nothing_is_drawn():
    rows = [{**row, "collected": "0"} if row["deal"] == "m2" else row for row in tiny.rows()["collections"]]
    of = changed({"collections": rows})
    assert [point["at"] for point in deal_specifications(of)["m2"]["datasets"]["actual"]] == [0, 0, 0, 0]
    assert deals_of(of)["m2"].tiles[0].value.text == "0.00%"


def test_a_deal_with_nothing_to_draw_has_no_chart():
    assert "m2" not in deal_specifications(changed({"collections": []}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_description_says_what_the_chart_shows(language: str):
    text = specs(language)["c1"]["description"]
    assert all(part in text for part in ("34.00%", "30.00%", "45.0", "48.0"))


def test_the_drawing_library_draws_it():
    import vl_convert

    svg = vl_convert.vegalite_to_svg(json.loads(json.dumps(specs()["c1"])), allowed_base_urls=[])
    for text in ("Actual", "Forecast", "Observation window", "Senior covered", "30.00%", "Age (months since cut-off)"):
        assert f">{text}<" in svg, text
    assert "NaN" not in svg
