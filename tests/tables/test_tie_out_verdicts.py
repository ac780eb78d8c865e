"""Published figures against computed ones, case by case, on the tiny data (figures: tests/tables/test_by_hand.py)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npl_report.load.ledger import FigureBinding, Kind, Published
from npl_report.model import Figure, InputError, Unavailable
from npl_report.reconcile.reconciliation import Reconciled, counts, reconcile
from npl_report.tables import catalogue
from tests.helpers import tiny
from tests.helpers.market import MARKET


def printed(value: str, unit: str = "CNY_100m", decimals: int = 2, kind: Kind = "exact") -> Published:
    return Published("L1", "2", "phrase", value, unit, decimals, kind, "how to read it")


def reconciled(item: Published, binding: FigureBinding | None) -> Reconciled:
    (answer,) = reconcile([item], {} if binding is None else {item.id: binding}, catalogue(MARKET), tiny.results())
    return answer


@pytest.mark.parametrize(
    ("item", "cell", "computed"),
    [
        (printed("10.00"), "issuance_by_type/total/issuance", "10.00"),  # 1000 mn are 10 亿
        (printed("10.0", decimals=1), "issuance_by_type/total/issuance", "10.0"),
        (printed("-0.25"), "forecast_accuracy_by_type/corporate/mean_deviation_below", "-0.25"),
        (
            printed("0.001", "CNY_tn", 3),
            "issuance_by_type/total/issuance",
            "0.001",
        ),  # 1000 mn are a thousandth of a trillion
        (printed("3.20", "CNY_bn"), "issuance_by_type/total/pool_balance", "3.20"),
        (printed("58.33", "pct"), "issuance_by_type/mortgage/issuance_to_pool", "58.33"),  # 7/12 = 0.58333…
        (printed("13.64", "pct"), "issuance_by_type/unsecured/issuance_to_pool", "13.64"),  # 3/22 = 0.13636…
        (printed("7.07", "pct_pts"), "recovery_by_type/corporate/volatility", "7.07"),  # √0.005 = 0.070710…
        (printed("1.13", "x"), "recovery_by_type/corporate/mean_coverage", "1.13"),  # 1.125, half up
        (printed("41", "months", 0), "seasoning_by_type/corporate/mean_age", "41"),  # 40.5, half up
        (printed("6", "deals", 0), "issuance_by_type/total/n_deals", "6"),
        (printed("2", "deals", 0), "issuance_by_originator/@count/n_deals", "2"),  # banks, not the total
        (printed("4", "deals", 0), "issuance_by_year/@count/n_deals", "4"),  # years, not mean and total
        (printed("4.5", decimals=1), "issuance_by_year/@highest/issuance", "4.5"),
        (printed("0.3", decimals=1), "issuance_by_year/@lowest/issuance", "0.3"),
        (
            printed("60.0", "pct", 1),
            "forecast_accuracy_by_type/@highest/mean_offset_above",
            "60.0",
        ),  # a gap is no value
    ],
)
def test_equal_at_the_printed_decimals(item: Published, cell: str, computed: str):
    answer = reconciled(item, FigureBinding(Figure(cell)))
    assert (answer.verdict, answer.computed, answer.cell, answer.published) == ("equal", computed, cell, item.value)
    assert float(answer.difference) == 0
    assert answer.reason == ""


def test_a_figure_may_be_the_sum_of_two_cells():
    # corporate 500 mn and mortgage 350 mn are 8.50 of 亿
    first, second = Figure("issuance_by_type/corporate/issuance"), Figure("issuance_by_type/mortgage/issuance")
    answer = reconciled(printed("8.50"), FigureBinding(first, plus=second))
    assert (answer.verdict, answer.computed, answer.reason) == ("equal", "8.50", f"with {second}")
    absent = FigureBinding(first, plus=Figure("issuance_by_type/nobody/issuance"))
    assert reconciled(printed("8.50"), absent).verdict == "unreachable"


@pytest.mark.parametrize(
    ("value", "difference"), [("9.99", "0.01"), ("10.01", "-0.01"), ("-10.00", "20.00"), ("10.004", "-0.004")]
)
def test_differs_by_computed_less_published(value: str, difference: str):
    answer = reconciled(printed(value), FigureBinding(Figure("issuance_by_type/total/issuance")))
    assert (answer.verdict, answer.computed, answer.difference) == ("differs", "10.00", difference)


def test_a_figure_is_not_rounded_twice():
    # 1/15 = 0.0666…: at one decimal of a per cent 6.7, at none 7
    assert (
        reconciled(
            printed("6.7", "pct", 1), FigureBinding(Figure("forecast_accuracy_by_type/corporate/offset_of_sums"))
        ).verdict
        == "equal"
    )
    assert (
        reconciled(
            printed("7", "pct", 0), FigureBinding(Figure("forecast_accuracy_by_type/corporate/offset_of_sums"))
        ).verdict
        == "equal"
    )
    # 58.333… is 58 at no decimals, though 58.5 would be 59
    assert (
        reconciled(printed("59", "pct", 0), FigureBinding(Figure("issuance_by_type/mortgage/issuance_to_pool"))).verdict
        == "differs"
    )


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(9.5, 10.5, "within"), (10.0, 10.0, "within"), (10.01, 12.0, "differs"), (1.0, 9.99, "differs")],
)
def test_an_approximate_figure_has_a_range_in_its_own_unit(low: float, high: float, verdict: str):
    answer = reconciled(
        printed("10", decimals=0, kind="approximate"),
        FigureBinding(Figure("issuance_by_type/total/issuance"), low=low, high=high),
    )
    assert answer.verdict == verdict
    assert answer.reason == f"range {low:g} to {high:g}"


def test_a_range_is_not_rounded():
    # 1/3 = 33.33…% lies outside 33.34–40 though it prints as 33
    assert (
        reconciled(
            printed("33", "pct", 0, "approximate"),
            FigureBinding(Figure("issuance_by_type/corporate/issuance_to_pool"), low=33.34, high=40),
        ).verdict
        == "differs"
    )


def test_an_ambiguous_figure_shows_both_readings_and_claims_neither():
    item = printed("0.00", "pct", 2, "ambiguous")
    binding = FigureBinding(
        Figure("forecast_accuracy_by_type/corporate/mean_offset"),
        other=Figure("forecast_accuracy_by_type/corporate/offset_of_sums"),
    )
    answer = reconciled(item, binding)
    assert (answer.verdict, answer.computed) == ("ambiguous", "0.00")
    assert (answer.other_cell, answer.other, answer.reason) == (binding.other, "6.67", "how to read it")  # 1/15
    assert not answer.failed
    assert reconciled(item, replace(binding, other=None)).reason == "no second reading; how to read it"


@pytest.mark.parametrize(
    ("item", "binding", "failed"),
    [
        (printed("10.00"), FigureBinding(Figure("issuance_by_type/total/issuance")), False),
        (printed("9.00"), FigureBinding(Figure("issuance_by_type/total/issuance")), True),
        (
            printed("9.00"),
            FigureBinding(Figure("issuance_by_type/nothing/issuance")),
            True,
        ),  # bound, but its cell is gone
        (printed("9.00"), None, False),  # never bound
        (
            printed("9", kind="approximate"),
            FigureBinding(Figure("issuance_by_type/total/issuance"), low=1, high=2),
            False,
        ),
    ],
)
def test_what_fails_is_an_exact_figure_that_does_not_come_out_of_its_cell(
    item: Published, binding: FigureBinding | None, *, failed: bool
):
    assert reconciled(item, binding).failed is failed


def test_context_is_not_compared():
    answer = reconciled(printed("2016", "year", 0, "context"), FigureBinding(Figure("issuance_by_type/total/n_deals")))
    assert (answer.verdict, answer.computed, answer.difference, answer.cell) == ("context", "", "", "")
    assert answer.reason == "not a result of deal-level data"


@pytest.mark.parametrize(
    ("binding", "reason"),
    [
        (None, "no table of this version computes it"),
        (FigureBinding(reason="in a later part"), "in a later part"),
        (FigureBinding(Figure("issuance_by_year/2019/issuance")), "table issuance_by_year has no row 2019"),
        (
            FigureBinding(Figure("recovery_by_type/mortgage/volatility")),
            "recovery_by_type/mortgage/volatility is unavailable: too_few_deals",
        ),
        (
            FigureBinding(Figure("recovery_by_type/corporate/max_deal")),
            "recovery_by_type/corporate/max_deal is no number",
        ),
        (
            FigureBinding(Figure("window_readings/@highest/recovery"), where={"asset_type": "other"}),
            "table window_readings has no row",
        ),
        (
            FigureBinding(Figure("window_readings/@highest/recovery"), where={"colour": "red"}),
            "table window_readings has no column colour",
        ),
    ],
)
def test_unreachable_says_why(binding: FigureBinding | None, reason: str):
    answer = reconciled(printed("1"), binding)
    assert (answer.verdict, answer.computed, answer.difference, answer.reason) == ("unreachable", "", "", reason)


def test_a_figure_of_an_unavailable_table_is_unreachable():
    results = {"issuance_by_type": Unavailable("no_deals", 1, 0)}
    (answer,) = reconcile(
        [printed("1")], {"L1": FigureBinding(Figure("issuance_by_type/total/n_deals"))}, catalogue(MARKET), results
    )
    assert (answer.verdict, answer.reason) == ("unreachable", "table issuance_by_type is unavailable: no_deals")


@pytest.mark.parametrize(
    ("binding", "computed"),
    [
        (FigureBinding(Figure("issuance_by_originator/@highest/n_deals"), without=("east",)), "3"),
        (FigureBinding(Figure("issuance_by_year/@highest/n_deals"), without=("2017",)), "1"),
        (FigureBinding(Figure("issuance_by_year/@count/n_deals"), without=("2017", "2020")), "2"),
        (FigureBinding(Figure("window_readings/@count/age"), where={"asset_type": "corporate"}), "2"),
        (FigureBinding(Figure("window_readings/@highest/age"), where={"asset_type": "mortgage"}), "30"),
        (
            FigureBinding(
                Figure("window_readings/@lowest/age"), where={"asset_type": "corporate", "originator": "east"}
            ),
            "39",
        ),
        (FigureBinding(Figure("window_readings/m1/offset"), rank=True), "1"),  # 0.6, 0.2, 0, −0.2
        (FigureBinding(Figure("window_readings/c2/offset"), rank=True), "4"),
        (FigureBinding(Figure("window_readings/c2/offset"), rank=True, where={"asset_type": "corporate"}), "2"),
        (FigureBinding(Figure("window_readings/u1/offset"), rank=True, without=("m1",)), "2"),
    ],
)
def test_statements_look_at_some_rows_only(binding: FigureBinding, computed: str):
    answer = reconciled(printed(computed, "deals", 0), binding)
    assert (answer.verdict, answer.computed) == ("equal", computed)


NAMED = FigureBinding(
    Figure("recovery_by_type/corporate/max_recovery"), names=Figure("recovery_by_type/corporate/max_deal")
)


@pytest.mark.parametrize(
    ("binding", "verdict", "reason"),
    [
        (replace(NAMED, is_id="c1"), "equal", ""),
        (replace(NAMED, is_id="c2"), "differs", "recovery_by_type/corporate/max_deal is c1, not c2"),
        (
            replace(NAMED, names=Figure("recovery_by_type/other/max_deal"), is_id="c1"),
            "differs",
            "recovery_by_type/other/max_deal does not exist",
        ),
        (replace(NAMED, names=Figure("window_readings/@highest/recovery"), is_id="m1"), "equal", ""),
        (
            replace(NAMED, names=Figure("window_readings/@highest/recovery"), is_id="m1", without=("m1",)),
            "differs",
            "window_readings/@highest/recovery is c1, not m1",
        ),
        (replace(NAMED, names=Figure("window_readings/@lowest/recovery"), is_id="u1"), "equal", ""),
    ],
)
def test_a_statement_that_names_a_row_or_a_deal(binding: FigureBinding, verdict: str, reason: str):
    answer = reconciled(printed("30.00", "pct"), binding)
    assert (answer.verdict, answer.reason) == (verdict, reason)


def test_figures_come_in_the_ledger_s_order_and_are_counted_by_kind():
    ledger = [
        replace(printed("10.00"), id="L3"),
        replace(printed("9"), id="L1"),
        replace(printed("1", kind="context"), id="L2"),
        replace(printed("1"), id="L4"),
    ]
    answers = reconcile(
        ledger,
        {
            "L3": FigureBinding(Figure("issuance_by_type/total/issuance")),
            "L1": FigureBinding(Figure("issuance_by_type/total/issuance")),
        },
        catalogue(MARKET),
        tiny.results(),
    )
    assert [(answer.id, answer.verdict) for answer in answers] == [
        ("L3", "equal"),
        ("L1", "differs"),
        ("L2", "context"),
        ("L4", "unreachable"),
    ]
    assert counts(answers) == {"context": {"context": 1}, "exact": {"differs": 1, "equal": 1, "unreachable": 1}}


@pytest.mark.parametrize(
    "binding",
    [
        FigureBinding(Figure("weather/total/n_deals")),
        FigureBinding(Figure("issuance_by_type/total/number")),
        FigureBinding(Figure("issuance_by_type/total/issuance"), other=Figure("nothing/a/b")),
        FigureBinding(
            Figure("issuance_by_type/total/issuance"), names=Figure("recovery_by_type/corporate/deal"), is_id="c1"
        ),
    ],
)
def test_a_binding_to_what_no_table_declares_is_a_problem(binding: FigureBinding):
    with pytest.raises(InputError, match=r"bindings\.toml, column L1.*there is no"):
        reconciled(printed("1"), binding)
