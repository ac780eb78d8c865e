"""Terms, order of payments and break-even rates: what is said where the sample has no such deals."""

from __future__ import annotations

import pytest

from tests.findings.facts import NOTHING, context, result, said, told

TERMS = {"total": {"n_deals": 3.0, "n_reserve": 1.0, "senior_share": 0.7, "advance_rate": 0.3, "cover": None}}
KINDS = {
    "corporate": {"n_deals": 2.0, "senior_share": 0.6, "advance_rate": 0.3, "cover": 1.5},
    "mortgage": {"n_deals": 1.0, "senior_share": 0.8, "advance_rate": 0.3, "cover": 1.2},
}


def _reserves(having: float) -> dict[str, object]:
    return context({"structure_by_type": {"total": {"n_deals": 3.0, "n_reserve": having}}})


@pytest.mark.parametrize(("having", "sentence"), [(0.0, "none"), (1.0, "some"), (3.0, "every")])
def test_how_many_deals_have_a_reserve(having: float, sentence: str):
    assert said("structure.reserve", _reserves(having)) == [sentence]


def test_one_deal_has_a_reserve_and_two_have():
    assert told("structure.reserve", _reserves(1.0)).endswith(" has one.")
    assert told("structure.reserve", _reserves(2.0)).endswith(" have one.")


def test_shares_of_one_class_have_no_spread():
    assert said("structure.tranches", context({"structure_by_type": TERMS})) == ["first", "last"]
    assert said("structure.tranches", context({"structure_by_type": KINDS | TERMS})) == ["first", "spread", "last"]
    first = told("structure.tranches", context({"structure_by_type": TERMS})).partition(". ")[0]
    assert first == "The senior tranche makes up 0.70 of the issue"


def test_rates_that_are_level_have_no_ends():
    assert said("structure.advance", context({"structure_by_type": KINDS | TERMS})) == []


def test_nothing_is_covered_without_a_forecast():
    assert said("structure.cover", context({"structure_by_type": TERMS})) == []


def test_a_headline_without_break_even_rates_is_of_what_is_issued():
    even = {"total": {"senior_at": None, "expected": None, "n_uncovered": 1.0}}
    prose = context({"break_even_by_type": even, "structure_by_type": TERMS})
    assert said("structure.headline", prose) == ["issued"]
    assert said("structure.deck", prose) == []
    covered = {
        "total": {"senior_at": 0.2, "expected": 0.3, "n_uncovered": 0.0, "n_subordinated_short": 0.0, "n_deals": 3.0}
    }
    prose = context({"break_even_by_type": covered, "structure_by_type": TERMS})
    assert said("structure.headline", prose) == ["covered"]
    assert said("structure.deck", prose) == ["every"]


def test_all_deals_liquidated_are_not_provisional():
    prose = context(
        {"redemption_status": {"liquidated": {"n_deals": 3.0}}, "issuance_by_type": {"total": {"n_deals": 3.0}}}
    )
    assert said("structure.caveats", prose) == []
    assert said("structure.caveats", prose | {"notice": "made up"}) == ["notice"]


def _case(*left: tuple[float, float], default: str = "no", reward: float = 0.0) -> dict[str, object]:
    """What is left of both tranches after each payment."""
    always = {"deal": "c1", "collected": 9.0, "fees": 1.0, "senior_interest": 1.0, "reward": reward, "default": default}
    always |= {"subordinated_return": reward, "subordinated_residual": reward}
    rows = {
        f"corporate-2020-0{month}-01": {**always, "senior": senior, "subordinated": junior}
        for month, (senior, junior) in enumerate(left, 1)
    }
    senior, junior = left[-1]
    total = {"corporate-total": {**always, "senior": senior, "subordinated": junior}}
    return context({"waterfall_case": rows | total, "structure_by_type": KINDS})


def test_a_deal_that_repays_neither_tranche():
    assert said("structure_waterfall.cases", _case((3.0, 2.0), (1.0, 2.0), default="yes")) == [
        *("shown", "item", "fees", "first_interest", "first_open", "last_open", "nothing", "default"),
    ]


def test_a_deal_that_repays_both():
    prose = _case((3.0, 2.0), (0.0, 1.0), (0.0, 0.0), reward=1.0)
    assert said("structure_waterfall.cases", prose) == [
        *("shown", "item", "fees", "first_interest", "first_redeemed", "last_repaid", "return", "shared"),
    ]
    text = told("structure_waterfall.cases", prose)
    assert "redeemed on 1 February 2020, payment date 2 of 3; subordinated principal is repaid by 1 March 2020." in text
    assert text.splitlines()[1:2] == [""]


def test_the_order_has_an_item_for_each_tranche_but_the_last():
    three = context({}, ladder=3)
    assert told("structure_waterfall.interest", three) == "#. senior interest;\n#. mezzanine interest;"
    assert said("structure_waterfall.default", three) == ["others"]
    assert said("structure_waterfall.default", context({})) == []


def test_no_case_is_shown_without_one():
    assert said("structure_waterfall.cases", context({"waterfall_case": NOTHING})) == []


TOTAL = {"n_deals": 5.0, "n_formula": 5.0, "n_uncovered": 0.0, "n_run_off": 2.0, "run_off_margin": 0.1}
SHORT = {"n_senior_short": 4.0, "n_subordinated_short": 1.0}


def _deals(count: int, margin: float, status: str = "run_off") -> dict[str, dict[str, float | str | None]]:
    return {
        f"d{status}{at}": {
            "expected": 0.3,
            "actual": 0.2,
            "status": status,
            "senior_margin": 0.1,
            "senior_margin_actual": margin,
        }
        for at in range(count)
    }


def _even(deals: object, **total: float) -> dict[str, object]:
    tables = {"break_even_by_type": {"total": TOTAL | SHORT | total}, "break_even": deals}
    return context({**tables, "redemption_status": {"liquidated": {"n_deals": total.get("n_run_off", 2.0)}}})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "margin", "uncovered", "sentence"),
    [
        (2, 0.1, 0.0, "no_negative"),
        (2, -0.1, 0.0, "named_negative"),
        (4, -0.1, 0.0, "many_negative"),
        (2, -0.1, 1.0, "short"),
    ],
)
def test_liquidated_deals_below_the_break_even(count: int, margin: float, uncovered: float, sentence: str):
    names = said("structure_break_even.margins", _even(_deals(count, margin), n_uncovered=uncovered))
    assert names == ["none_negative", *(["never"] if uncovered else []), "run_off", sentence]


def test_withheld_deals_are_counted_and_not_named():
    prose = _even(result(_deals(2, -0.1), withheld=True))
    assert said("structure_break_even.margins", prose) == ["run_off", "many_negative"]


def test_deals_that_still_collect_are_behind():
    prose = _even(_deals(1, -0.1, "live"), n_run_off=0.0)
    assert said("structure_break_even.margins", prose) == ["none_negative", "none_final", "behind"]
    assert "1 has not reached" in told("structure_break_even.margins", prose)


def test_a_forecast_below_the_break_even():
    deals = _deals(2, 0.1)
    deals["drun_off0"] |= {"senior_margin": None}
    deals["drun_off1"] |= {"senior_margin": -0.1}
    assert "the senior in 2 deals." in told("structure_break_even.margins", _even(deals))


def test_a_class_that_no_recovery_covers():
    line = {"n_deals": 2.0, "n_uncovered": 2.0, "senior_margin": None, "least_margin": None, "senior_at": None}
    line |= {"subordinated_at": None, "expected": None, "n_subordinated_short": 2.0}
    tables = {"break_even_by_type": {"corporate": line, "total": line | {"n_formula": 1.0}}}
    assert said("structure_break_even.classes", context(tables)) == ["item", "never", "short"]
    assert said("structure_break_even.formula", context(tables)) == ["some"]
    assert said("structure_break_even.formula", context({"break_even_by_type": NOTHING})) == []
    assert said("structure_break_even.margins", context({"break_even_by_type": NOTHING})) == []


@pytest.mark.parametrize(
    ("least", "mean", "sentences"), [(0.1, 0.2, ["every"]), (-0.1, 0.2, ["average"]), (-0.2, -0.1, [])]
)
def test_the_least_margin(least: float, mean: float, sentences: list[str]):
    total = {"least_margin": least, "senior_margin": mean, "n_uncovered": 0.0}
    assert said("structure_break_even.least", context({"break_even_by_type": {"total": total}})) == sentences


def test_what_the_relation_says_of_two_tranches_and_of_three():
    names = [f"structure_break_even.{name}" for name in ("between", "ahead", "servicer", "each_tranche")]
    assert [said(name, context({})) for name in names] == [[], ["first"], ["bears"], []]
    assert [said(name, context({}, ladder=3)) for name in names] == [["counted"], ["several"], [], ["several"]]
