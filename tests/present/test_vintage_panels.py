"""The small pictures of the front page: what they show, where it stands, and what stands in for what lacks."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from npl_report.model import Result, Unavailable
from npl_report.present.localized import LocalizedEdition
from npl_report.present.theme import text_width
from npl_report.present.vintagepanels import VintagePanel, VintagePanels, vintage_panels
from tests.helpers import sampled

SIZE = 11.0
"""Of the texts, as the style sheet has it."""
LANGUAGES = ("zh", "en")
MARKET = "2025-12"
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


def localized(edition: str, language: str, **changed: Result | Unavailable) -> LocalizedEdition:
    found = sampled.reading(edition)
    own = copy(found.by_language[language])
    own.results = {**found.results, **changed}
    return own


def drawn(edition: str, language: str, **changed: Result | Unavailable) -> VintagePanels:
    panels = vintage_panels(localized(edition, language, **changed))
    assert panels
    return panels


def boxes(panel: VintagePanel) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of every text."""
    found = []
    for line in panel.texts:
        width = text_width(line.text, SIZE, bold=line.bold)
        left = line.x - width * ANCHORS[line.anchor]
        found.append((left, line.y - 8, left + width, line.y + 2))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("edition", ["2020-03", "2021-12", MARKET])
def test_no_text_stands_on_another_or_outside(edition: str, language: str):
    panels = drawn(edition, language)
    assert [panel.name for panel in panels.panels]
    for panel in panels.panels:
        for box in boxes(panel):
            assert min(box) >= 0, (panel.name, box)
            assert box[2] <= panels.width, (panel.name, box)
            assert box[3] <= panels.height, (panel.name, box)
        for one, other in combinations(boxes(panel), 2):
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (panel.name, one, other)


def test_a_picture_a_class_with_its_years_in_order():
    panels = drawn(MARKET, "en")
    reading = sampled.reading(MARKET)
    assert len(panels.panels) == len(reading.edition.market.asset_types)
    assert panels.table == "vintage_curves"
    curves = reading.results["vintage_curves"]
    assert isinstance(curves, Result)
    rows = curves.frame.loc[(curves.frame["asset_type"] == "cards") & (curves.frame["age"] == 12)]
    panel = next(item for item in panels.panels if item.name == "Credit card")
    assert len(panel.dots) == len(rows)
    assert all(left.x < right.x for left, right in pairwise(panel.dots))
    for (_, row), dot in zip(rows.iterrows(), panel.dots, strict=True):
        assert dot.told.startswith(f"{row['year']}: recovered {row['compared_recovery'] * 100:.2f}%, forecast ")
        assert dot.filled == (row["n_forecast"] >= 3)


def test_the_line_between_levels_stands_where_the_break_is():
    panels = drawn(MARKET, "en")
    breaks = sampled.reading(MARKET).results["level_breaks"]
    assert isinstance(breaks, Result)
    held = set(breaks.frame.loc[breaks.frame["holds"] == "yes", "asset_type"])
    kinds = sampled.edition(MARKET).market.asset_types
    assert {kind for kind, panel in zip(kinds, panels.panels, strict=True) if panel.change} == held
    none = replace(breaks, frame=breaks.frame.assign(holds="no"))
    unbroken = drawn(MARKET, "en", level_breaks=none)
    assert not any(panel.change for panel in unbroken.panels)
    assert "Dashed" in panels.note
    assert "Dashed" not in unbroken.note


def test_without_static_pools_the_readings_at_about_one_year_stand_in():
    young = Unavailable("too_young", needed=12, found=3)
    assert drawn("2020-03", "en").table == "forecast_accuracy_by_year"
    assert drawn(MARKET, "en", vintage_curves=young).table == "forecast_accuracy_by_year"


def test_without_any_reading_there_is_no_picture():
    none = Unavailable("no_reports")
    assert vintage_panels(localized("2020-03", "en", forecast_accuracy_by_year=none)) is None


def test_one_year_is_a_dot_and_a_dash():
    result = sampled.reading("2020-03").results["forecast_accuracy_by_year"]
    assert isinstance(result, Result)
    one = replace(result, frame=result.frame.loc[["mortgage-2018"]])
    (panel,) = drawn("2020-03", "en", forecast_accuracy_by_year=one).panels
    assert len(panel.dots) == 1
    assert "L" not in panel.forecast + panel.actual
    assert [line.text for line in panel.texts if line.text == "2018"] == ["2018"]
