"""Redemption, pricing and multiples: what is said where the sample has no such deals."""

from __future__ import annotations

import pytest

from tests.findings.facts import NOTHING, context, result, said, told

Line = dict[str, float | str | None]
YEAR: Line = {
    "n_deals": 4.0,
    "n_redeemed": 1.0,
    "share_redeemed": 0.25,
    "mean_age": 9.0,
    "median_age": None,
    "rest_half_repaid": 0.5,
    "n_unpaid": 0.0,
    "n_last_redeemed": 0.0,
    "last_share_redeemed": 0.0,
    "last_median_age": None,
    "n_last_unpaid": 0.0,
}
NONE: Line = {"n_redeemed": 0.0, "share_redeemed": 0.0, "mean_age": None}


def _cohorts(total: Line, *years: Line, withheld: bool = False) -> dict[str, object]:
    rows = {str(year): YEAR | line for year, line in enumerate(years, 2016)}
    return context({"redemption_by_cohort": result(rows | {"total": YEAR | total}, withheld=withheld)}, fewest=2)


def test_nothing_is_redeemed():
    prose = _cohorts(NONE, NONE)
    assert said("redemption.headline", prose) == []
    assert said("redemption.first", prose) == ["none", "rest"]
    assert said("redemption.unsettled", prose) == []
    assert said("redemption.outstanding", prose) == []
    assert said("redemption.last", prose) == ["none"]
    assert said("redemption.first", _cohorts(NONE, NONE | {"n_deals": 1.0})) == ["none"]


def test_of_deals_that_are_not_published_nothing_is_denied():
    prose = _cohorts(NONE, NONE, withheld=True)
    assert said("redemption.first", prose) == []
    assert said("redemption.last", prose) == []


def test_fewer_than_half_are_redeemed():
    prose = _cohorts({}, {}, NONE)
    assert said("redemption.headline", prose) == ["share"]
    assert said("redemption.first", prose) == ["share", "fewer"]
    assert said("redemption.unsettled", prose) == ["early", "idle"]
    assert said("redemption.outstanding", prose) == ["rest"]


def test_half_are_redeemed():
    prose = _cohorts(
        {"median_age": 12.0, "n_unpaid": 1.0}, {"median_age": 9.0}, {"median_age": 15.0, "n_redeemed": 4.0}
    )
    assert said("redemption.headline", prose) == ["share", "half"]
    assert said("redemption.first", prose) == ["share", "half", "medians"]
    assert said("redemption.medians", prose) == ["apart"]
    assert said("redemption.outstanding", prose) == ["rest", "unpaid"]
    assert told("redemption.outstanding", prose).count("for issues of") == 1


def test_the_last_tranche():
    some: Line = {"n_last_redeemed": 1.0, "n_last_unpaid": 1.0}
    assert said("redemption.last", _cohorts(some)) == ["share", "fewer", "unpaid"]
    assert said("redemption.last", _cohorts(some | {"last_median_age": 30.0})) == ["share", "half", "unpaid"]


def _issued(*lines: tuple[str, str, float | None], coupon: float | None = 0.04) -> dict[str, object]:
    """Spreads by class and year."""
    rows: dict[str, Line] = {
        f"{kind}-{year}": {
            "asset_type": kind,
            "year": year,
            "n_deals": 3.0,
            "n_spread": 3.0,
            "issuance": 5.0,
            "spread": spread,
            "issuance_share": 0.5,
            "coupon": coupon,
            "issue_to_expected": coupon,
        }
        for kind, year, spread in lines
    }
    sizes = {"corporate": {"issuance": 1.0}, "mortgage": {"issuance": 2.0}}
    return context({"issue_pricing": rows, "issuance_by_type": sizes})


def test_spreads_that_differ():
    prose = _issued(("corporate", "2016", 3.0), ("corporate", "2017", 1.0), ("mortgage", "2017", 2.0))
    assert said("redemption.pricing", prose) == ["compared", "ends", "class", "class"]
    assert "widest for mortgage deals (2.00, 3 deals)" in told("redemption.pricing", prose)
    assert said("redemption.coupons", prose) == ["item", "coupon", "spread", "size"] * 2


def test_spreads_that_are_level():
    prose = _issued(("corporate", "2017", 1.0), ("mortgage", "2017", 1.0))
    assert said("redemption.pricing", prose) == ["compared", "means", "mean", "mean"]


def test_no_spread_and_no_coupon():
    prose = _issued(("corporate", "2016", 1.0), ("corporate", "2017", None), coupon=None)
    assert said("redemption.pricing", prose) == ["none"]
    assert said("redemption.coupons", prose) == ["item", "no_coupon"]
    empty = context({"issue_pricing": NOTHING, "issuance_by_type": NOTHING})
    assert [said(f"redemption.{name}", empty) for name in ("pricing", "coupons", "spread")] == [[], [], []]


@pytest.mark.parametrize(("now", "turn"), [(2.0, "has widened from 1.00 in"), (0.5, "has narrowed from 1.00 in")])
def test_the_largest_class_has_moved(now: float, turn: str):
    corporate = ("corporate", "2016", 1.0), ("corporate", "2017", 1.0)
    prose = _issued(*corporate, ("mortgage", "2016", 1.0), ("mortgage", "2017", now))
    assert "spread of mortgage deals" in told("redemption.spread", prose)
    assert turn in told("redemption.spread", prose)
    assert said("redemption.spread", _issued(*corporate)) == []


def _multiples(*realised: float, live: str = "no", withheld: bool = False) -> dict[str, object]:
    rows: dict[str, Line] = {
        f"d{at}": {"realised": of, "expected": 1.0, "live": live} for at, of in enumerate(realised)
    }
    cohorts = {"redemption_by_cohort": {"total": {"n_deals": 1.0}}}
    return context({"multiples": result(rows, withheld=withheld), **cohorts}, fewest=2)


@pytest.mark.parametrize(
    ("realised", "end"),
    [((1.0, 2.0), "in all of them."), ((1.0, 0.5), "in 1."), ((0.1, 0.5), "in none."), ((1.0,), "in 1.")],
)
def test_deals_that_were_paid_what_was_expected(realised: tuple[float, ...], end: str):
    prose = _multiples(*realised)
    assert said("redemption.multiples", prose) == ["single", "ended"]
    assert told("redemption.multiples", prose).endswith(end)
    assert said("redemption.met", prose) == (["met"] if realised[1:] else [])


def test_no_deal_is_liquidated():
    assert said("redemption.multiples", _multiples(1.0, live="yes")) == ["none"]
    assert said("redemption.multiples", _multiples(1.0, live="yes", withheld=True)) == ["withheld"]
