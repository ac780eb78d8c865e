"""Years of issue at the same age: what is said where the sample has no such years."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.findings.facts import context, result, said, told

KINDS = ("corporate", "mortgage", "unsecured", "card")
NONE = {"total": {"asset_type": "corporate", "holds": "no", "rank": None, "age": None}}
OF = {
    "asset_types": KINDS,
    "horizons": (12, 24),
    "edition": SimpleNamespace(determinants=SimpleNamespace(significance="5%")),
}
TYPES = {kind: {"mean_recovery": 0.5} for kind in KINDS}


def _breaks(*held: str) -> dict[str, object]:
    """Classes whose break holds, or does not."""
    cells = {
        f"{kind}-1": {"asset_type": kind, "holds": holds, "rank": float(at), "age": 24.0, "p_adjusted": 0.01}
        | {"first_before": 2016.0, "last_before": 2017.0, "first_after": 2018.0, "last_after": 2018.0}
        | {"n_before": 5.0, "n_after": 6.0, "n_above_before": 4.0, "n_above_after": 1.0}
        | {"share_before": 0.8, "share_after": 0.2, "offset_before": None, "offset_after": None}
        for at, (kind, holds) in enumerate(zip(KINDS, held, strict=False), start=1)
    }
    return context({"level_breaks": cells or NONE, "recovery_by_type": TYPES}, **OF)


@pytest.mark.parametrize(
    ("held", "headline", "breaks"),
    [
        ((), [], ["none"]),
        (("no", "no"), ["none"], ["none_held"]),
        (("no", "yes"), ["types"], ["held"]),
        (("yes", "yes", "yes", "yes"), ["many"], ["held"]),
    ],
)
def test_how_many_classes_have_a_break(held: tuple[str, ...], headline: list[str], breaks: list[str]):
    assert said("vintages.headline", _breaks(*held)) == headline
    assert said("vintages.breaks", _breaks(*held)) == breaks
    assert said("vintages.method", _breaks(*held)) == (["test"] if held else [])


def test_breaks_that_may_not_be_told_are_not_said_to_be_none():
    for withheld, names in ((False, ["none"]), (True, [])):
        prose = context({"level_breaks": result(NONE, withheld=withheld)}, horizons=(12, 24))
        assert said("vintages.breaks", prose) == names


def _accuracy(*shares: tuple[float, float]) -> dict[str, object]:
    """Years with their shares above forecast at twelve and at twenty-four months."""
    cells = {
        f"corporate-{2016 + at}": {"asset_type": "corporate", "above_12": early, "above_24": late}
        | {"n_12": 5.0, "n_24": 5.0}
        for at, (early, late) in enumerate(shares)
    }
    return context({"level_breaks": NONE, "vintage_accuracy": cells, "recovery_by_type": TYPES}, horizons=(12, 24))


def test_groups_that_move_by_twice_the_age_are_counted():
    moved = _accuracy((0.5, 0.6), (0.5, 0.4), (0.5, 0.7))
    assert said("vintages.accuracy", moved) == ["shares", "type"]
    text = told("vintages.later", moved)
    assert "Of the 3 groups" in text
    assert "2 had a higher share" in text
    assert "1 a lower one and none the same" in text


def test_no_year_has_reached_the_age():
    empty = {"total": {"above_12": None, "asset_type": "corporate"}}
    prose = context({"level_breaks": NONE, "vintage_accuracy": empty}, horizons=(12, 24))
    assert said("vintages.accuracy", prose) == []
    assert said("vintages.exact", prose) == ["none"]


@pytest.mark.parametrize(("years", "pools"), [(1, 1), (2, 2), (3, 2)])
def test_the_first_and_the_last_pool_are_told(years: int, pools: int):
    cells = {
        f"corporate-{2016 + at}": {"asset_type": "corporate", "age": 12.0, "recovery": 0.5, "year": 2016.0 + at}
        | {"n_deals": 5.0, "n_forecast": 5.0 - at, "forecast_recovery": 0.4}
        for at in range(years)
    }
    prose = context({"level_breaks": NONE, "vintage_curves": cells, "recovery_by_type": TYPES}, horizons=(12, 24))
    names = said("vintages.pools", prose)
    assert names[:4] == ["rates", "type", "pool", "forecast"]
    assert names.count("pool") == pools
    assert names.count("forecast") == 1
