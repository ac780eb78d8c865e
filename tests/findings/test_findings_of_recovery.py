"""Recovery: what is said where the sample has no such deals."""

from __future__ import annotations

import pytest

from tests.findings.facts import context, result, said, told

SHARES = "forecast_accuracy_by_type"


def _rates(**rates: float) -> dict[str, dict[str, float]]:
    return {kind: {"mean_recovery": rate, "n_included": 4.0} for kind, rate in rates.items()}


def _shares(**shares: tuple[float, float, float]) -> dict[str, object]:
    """Classes with so many deals above forecast, on it and below it."""
    gaps = {"mean_deviation_above": None, "mean_offset_above": None, "mean_deviation_below": None}
    cells = {
        kind: gaps
        | {"n_above": above, "n_equal": equal, "n_below": below, "n_without_offset": 0.0}
        | {"share_above": above / (above + equal + below), "mean_offset_below": None}
        for kind, (above, equal, below) in shares.items()
    }
    return context({SHARES: cells})


@pytest.mark.parametrize(
    ("rates", "names"), [({"corporate": 0.4}, ["one"]), ({"corporate": 0.4, "mortgage": 0.6}, ["apart"])]
)
def test_one_class_is_not_held_against_itself(rates: dict[str, float], names: list[str]):
    assert said("recovery.headline", context({"recovery_by_type": _rates(**rates)})) == names


def test_without_a_report_nothing_is_old():
    prose = context({"seasoning_by_type": {"total": {"mean_age": None, "mean_senior_term": None}}})
    assert said("recovery.seasoning", prose) == ["none"]
    assert said("recovery.terms", prose) == []


@pytest.mark.parametrize(
    ("cover", "verdict"), [((1.2, 1.1), "all"), ((1.2, 0.9), "some"), ((0.8, 0.9), "no_type"), ((1.0, 1.0), "no_type")]
)
def test_how_many_classes_cover_the_first_tranche(cover: tuple[float, float], verdict: str):
    cells = dict(zip(("corporate", "mortgage"), ({"mean_coverage": of} for of in cover), strict=True))
    assert said("recovery.coverage", context({"recovery_by_type": cells})) == ["mean", verdict]


def test_deals_that_may_not_be_named_are_not():
    cells = {"mortgage": {"mean_recovery": 0.5, "volatility": 0.1, "share_by_count": 1.0, "share_by_amount": 1.0}}
    cells["mortgage"] |= {"min_recovery": 0.4, "max_recovery": 0.6, "min_deal": None, "max_deal": None}
    assert said("recovery.ranges", context({"recovery_by_type": cells})) == ["sample", "ranged", "range", "end", "end"]


@pytest.mark.parametrize(
    ("corporate", "mortgage", "verdict"),
    [
        ((3, 0, 1), (2, 0, 1), "every"),
        ((3, 0, 1), (1, 0, 1), "half"),
        ((1, 0, 1), (1, 0, 3), "no_type"),
        ((3, 0, 1), (1, 0, 3), "depends"),
    ],
)
def test_in_which_classes_most_deals_are_above_forecast(corporate: tuple, mortgage: tuple, verdict: str):
    prose = _shares(corporate=corporate, mortgage=mortgage)
    assert said("recovery_forecast.above", prose) == ["shares", verdict]


@pytest.mark.parametrize(
    ("corporate", "names"),
    [
        ((0, 0, 2), ["none_above", "below", "type_below"]),
        ((0, 1, 2), ["none_above", "equal", "below", "type_below"]),
        ((2, 0, 0), ["above", "type_above", "none_below"]),
    ],
)
def test_no_deal_is_above_forecast_or_below_it(corporate: tuple, names: list[str]):
    assert said("recovery_forecast.deals", _shares(corporate=corporate)) == names


def test_the_class_of_which_no_deal_is_above_forecast_is_named_beside_another():
    names = said("recovery_forecast.deals", _shares(corporate=(2, 0, 0), mortgage=(0, 0, 2)))
    assert names == ["above", "type_above", "none_of_them_above", "below", "type_below", "none_of_them_below"]


@pytest.mark.parametrize(
    ("mean", "sums", "names"),
    [
        (0.2, -0.1, ["means", "apart"]),
        (0.2, 0.1, ["means", "small"]),
        (0.1, 0.2, ["means", "large"]),
        (0.1, 0.12, ["means"]),
    ],
)
def test_the_deviation_of_sums_against_the_mean_of_deviations(mean: float, sums: float, names: list[str]):
    cells = {"corporate": {"share_above": 0.5, "n_included": 4.0, "mean_offset": mean, "offset_of_sums": sums}}
    assert said("recovery_forecast.sums", context({SHARES: cells})) == names


def _banks(*numbers: float) -> dict[str, object]:
    of_types = {"corporate": {"mean_recovery": 0.5}}
    banks = {
        f"bank{at}": {"asset_type": "corporate", "mean_recovery": at / 10, "n_included": number}
        for at, number in enumerate(numbers)
    }
    return {"recovery_by_type": of_types, "recovery_by_originator": banks}


@pytest.mark.parametrize(("numbers", "name"), [((1.0, 1.0), "all"), ((1.0, 2.0), "some")])
def test_how_many_originators_have_a_single_deal(numbers: tuple[float, ...], name: str):
    assert said("recovery_originators.groups", context(_banks(*numbers))) == [name]


def test_originators_cannot_be_compared_without_readings():
    prose = context(
        {
            "recovery_by_type": {"total": {"mean_recovery": None}},
            "recovery_by_originator": {"total": {"n_included": None}},
        }
    )
    assert said("recovery_originators.groups", prose) == ["none"]


def test_a_paragraph_begins_with_its_class():
    text = told("recovery_originators.rates", context(_banks(2.0)))
    assert text.startswith(("**corporate.** ", "**Corporate.** "))
    assert said("recovery_originators.rates", context(_banks(2.0))) == ["type", "level", "lone"]


def _years(*deals: tuple[float, float, float]) -> dict[str, object]:
    """Years with so many deals above forecast, on it and below it."""
    cells = {
        f"corporate-{2016 + at}": {"asset_type": "corporate", "n_above": above, "n_equal": equal, "n_below": below}
        | {"n_included": above + equal + below, "mean_offset_above": None, "mean_absolute_offset": None}
        for at, (above, equal, below) in enumerate(deals)
    }
    return context({"forecast_accuracy_by_year": cells, "recovery_by_type": _rates(corporate=0.5)})


@pytest.mark.parametrize(
    ("deals", "names"),
    [
        ((0, 1, 1), ["none"]),
        ((1, 1, 1), ["few", "on_forecast", "others"]),
        ((1, 0, 2), ["few", "others"]),
        ((6, 1, 1), ["all_but_both"]),
        ((6, 1, 0), ["all_but_level"]),
        ((6, 0, 1), ["all_but_behind"]),
        ((6, 0, 0), ["all"]),
    ],
)
def test_how_many_deals_of_a_year_are_above_forecast(deals: tuple, names: list[str]):
    assert said("recovery_years.accuracy", _years(deals)) == ["type", *names]


def test_breaks_are_told_where_there_is_a_chapter_of_them():
    tested = {"a": {"rank": 1.0, "holds": "no"}}
    prose = context({"level_breaks": tested})
    assert said("recovery_years.untested", prose) == []
    prose = context({"level_breaks": tested}, has_page=lambda _: True)
    assert said("recovery_years.untested", prose) == ["test", "none_held"]
    assert said(
        "recovery_years.untested",
        context({"level_breaks": {"total": {"rank": None, "holds": "no"}}}, has_page=lambda _: True),
    ) == ["test"]


def test_groups_are_not_counted_where_some_are_withheld():
    cells = {f"corporate-{2016 + at}": {"mean_offset": -0.1} for at in range(4)}
    shown, closed = (context({"forecast_accuracy_by_year": result(cells, withheld=of)}) for of in (False, True))
    assert said("recovery_years.negative", shown) == ["short"]
    assert said("recovery_years.negative", closed) == []
