"""The market: what is said where the sample has no such issuance."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.findings.facts import context, result, said

KINDS = [
    {"key": "corporate", "inline": "corporate", "pools": ""},
    {"key": "mortgage", "inline": "mortgage", "pools": ""},
]


def _classes(corporate: tuple[float, float], mortgage: tuple[float, float] = (0.0, 0.0)) -> dict[str, object]:
    """Issue size and deals of two classes."""
    cells = {
        kind: {"issuance": size, "n_deals": number, "issuance_share": size / 100}
        for kind, (size, number) in (("corporate", corporate), ("mortgage", mortgage))
    }
    return context({"issuance_by_type": cells}, classes=KINDS)


@pytest.mark.parametrize(
    ("classes", "names"),
    [
        (((50, 2),), ["one"]),
        (((50, 2), (30, 2)), ["largest"]),
        (((50, 2), (50, 3)), ["equal", "number"]),
        (((50, 2), (30, 3)), ["largest", "number", "smaller"]),
        (((50, 3), (30, 2)), ["largest", "number"]),
    ],
)
def test_which_class_is_the_largest(classes: tuple, names: list[str]):
    assert said("market.types", _classes(*classes)) == names


def _years(as_of: str, *numbers: float) -> dict[str, object]:
    cells = {str(2016 + at): {"n_deals": number, "issuance": 10.0} for at, number in enumerate(numbers)}
    return context({"issuance_by_year": cells}, edition=SimpleNamespace(as_of="today", as_of_iso=as_of))


@pytest.mark.parametrize(
    ("numbers", "moves"),
    [
        ((1, 2, 3), "rising"),
        ((3, 2, 1), "falling"),
        ((2, 2, 2), "flat"),
        ((1, 1, 3), "up"),
        ((3, 1, 1), "down"),
        ((2, 1, 2), "mixed"),
        ((1, 2), "few"),
    ],
)
def test_how_the_number_of_deals_moves(numbers: tuple[float, ...], moves: str):
    assert said("market.years", _years("2020-12-31", *numbers)) == ["number", moves]


def test_a_year_that_is_not_over_is_told_apart():
    assert said("market.years", _years("2018-06-30", 1, 2, 1)) == ["number", "few", "partial"]
    assert said("market.years", _years("2018-12-31", 1, 2, 1)) == ["number", "mixed"]
    assert said("market.years", _years("2016-06-30", 1)) == ["one"]


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        ((4,), ["one"]),
        ((4, 2), ["number", "frequent", "size"]),
        ((4, 4, 2), ["number", "level"]),
        ((4, 3, 2, 1), ["number", "frequent", "following", "size", "ahead", "concentrated"]),
        ((4, 3, 2, 2), ["number", "frequent", "size", "concentrated"]),
    ],
)
def test_originators_are_named_as_far_as_they_are_ahead(numbers: tuple[float, ...], names: list[str]):
    cells = {
        f"bank{at}": {"n_deals": float(number), "issuance": number * 10.0, "issuance_share": number / sum(numbers)}
        for at, number in enumerate(numbers)
    }
    assert said("market_originators.originators", context({"issuance_by_originator": cells})) == names


@pytest.mark.parametrize(
    ("settled", "names"),
    [
        ((0.0, 0.0, 0.0), ["none"]),
        ((9.0, 0.0, 0.0), ["principal", "none_of_it", "none_of_it"]),
        ((9.0, 3.0, 0.0), ["principal", "tranche", "none_of_it"]),
    ],
)
def test_what_of_each_tranche_is_repaid(settled: tuple[float, ...], names: list[str]):
    rungs = ("senior", "mezzanine", "subordinated")
    cells = {
        rung: {"settled": paid, "settled_share": 0.1, "n_deals": 0.0} for rung, paid in zip(rungs, settled, strict=True)
    }
    assert said("market_redemption.repaid", context({"redemption_status": cells}, ladder=3)) == names


@pytest.mark.parametrize(
    ("redeemed", "done", "names"), [(0, 0, ["none"]), (2, 2, ["done"]), (3, 2, ["done", "fewer", "lowest"])]
)
def test_how_many_deals_are_liquidated(redeemed: float, done: float, names: list[str]):
    cells = {
        row: {"n_deals": float(number), "settled": 1.0, "settled_share": 0.1}
        for row, number in (("senior", redeemed), ("liquidated", done))
    }
    assert said("market_redemption.liquidated", context({"redemption_status": cells})) == names


def test_the_balance_of_banks_may_not_be_public():
    shares = {"2018": {"pool_to_npl": 0.3}, "2019": {"pool_to_npl": 0.2}}
    closed = result({"2018": {"pool_to_npl": None}}, withheld=True)
    assert said("market_redemption.banks", context({"market_context": shares})) == ["range"]
    assert said("market_redemption.banks", context({"market_context": closed})) == ["withheld"]
    assert said("market_redemption.banks", context({"market_context": {"total": {"pool_to_npl": None}}})) == ["none"]
