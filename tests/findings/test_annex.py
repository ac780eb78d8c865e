"""Deals, curves and the state of the data: what is said where the sample has no such deals."""

from __future__ import annotations

import pytest

from tests.findings.facts import Cells, context, empty, result, said, told

CURVE = "recovery_curve_by_type"
QUALITY = {"n_deals": 3.0, "n_reporting": 2.0, "n_forecast": 3.0, "n_restated": 0.0, "n_outstanding": 1.0}
LATE = {"mean_lag": 12.0, "max_lag": 20.0, "max_silence": 9.0, "silent_deal": "c1"}


def _deals(*recoveries: float, coverage: float = 0.5, **own: object) -> dict[str, object]:
    rows = {
        f"deal-{place}": {"recovery": recovery, "coverage": coverage, "age": 12.0}
        for place, recovery in enumerate(recoveries)
    }
    tables = {
        "deal_summary": rows or empty("recovery", "coverage"),
        "deal_recovery": empty("recovery"),
        "issuance_by_type": {"total": {"n_deals": float(len(recoveries))}},
    }
    return context(tables, **{"deal_pages": False, "medium": "site", **own})  # type: ignore[arg-type]


def test_without_reports_there_is_no_list_of_deals():
    assert said("annex.deals", _deals()) == ["none"]


def test_deals_that_are_level_have_no_ends():
    assert said("annex.deals", _deals(0.4, 0.4)) == ["listed"]
    assert said("annex.deals", _deals(0.4, 0.6)) == ["listed", "ends", "uncovered", "ages"]


def test_deals_that_covered_their_first_tranche_are_counted():
    assert said("annex.deals", _deals(0.4, 0.6, coverage=1.5)) == ["listed", "ends", "covered", "ages"]
    assert "2 deals have collected more than the senior face." in told("annex.deals", _deals(0.4, 0.6, coverage=1.5))


def test_pages_of_deals_are_linked_on_the_site_and_named_in_print():
    assert said("annex.deals", _deals(deal_pages=True)) == ["none", "pages", "lists"]
    assert said("annex.deals", _deals(deal_pages=True, medium="print")) == ["none", "pages"]


def _curves(points: Cells | None) -> dict[str, object]:
    return context(
        {CURVE: points or empty("age", "mean_recovery"), "deal_recovery": {"c1": {"age": 12.0}}},
        age={"curve": "half-year"},
    )


def _point(age: float, *, enough: str = "yes") -> dict[str, float | str]:
    ends = {"low_quartile": 0.3, "high_quartile": 0.5, "n_deals": 4.0}
    return {"asset_type": "corporate", "age": age, "mean_recovery": 0.4, "enough": enough, **ends}


def test_curves_are_told_by_whole_years_and_else_at_their_end():
    assert said("annex.curves", _curves(None)) == ["none"]
    assert said("annex.composition", _curves(None)) == []
    assert said("annex.curves", _curves({"a": _point(6.0)})) == ["figures", "lines", "mean", "end"]
    assert said("annex.curves", _curves({"a": _point(6.0), "b": _point(12.0)})) == ["figures", "lines", "mean", "years"]


def test_a_curve_of_too_few_deals_is_said_to_be_dashed():
    points = {"a": _point(12.0), "b": _point(24.0, enough="no")}
    assert said("annex.curves", _curves(points)) == ["figures", "lines", "mean", "years", "beyond"]
    assert told("annex.curves", _curves(points)).endswith("there are too few deals, and the line is dashed.")


@pytest.mark.parametrize("withheld", [False, True])
def test_ranks_of_deals_that_are_not_public(*, withheld: bool):
    prose = context({"deal_position": result({"c1": {"rank": 1.0}}, withheld=withheld)})
    assert said("annex.positions", prose) == ["withheld" if withheld else "ranks"]


def test_what_is_known_of_the_data():
    late = context({"data_quality": {"total": QUALITY | LATE}})
    assert said("annex.quality", late) == ["some", "lag", "unchanged", "outstanding", "silent"]
    early = QUALITY | dict.fromkeys(LATE) | {"n_reporting": 3.0, "n_restated": 2.0}
    assert said("annex.quality", context({"data_quality": {"total": early}})) == ["every", "restated"]
