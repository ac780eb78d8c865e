"""Values → text.

Expectations are decimal arithmetic by hand; the rounding rule is METHODS': half up on the decimal value shown.
"""

from __future__ import annotations

import copy
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from npl_report.model import Column, InputError, Unit
from npl_report.text.numbers import MINUS, NumberStyle, figure, half_up, raw, raws
from tests.helpers.market import tree_of, words_of


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.125, 2, "0.13"),  # METHODS' own example
        (-0.125, 2, "-0.13"),  # away from zero
        (2.675, 2, "2.68"),  # the double lies below the tie (2.67499999999999982…): binary rounding gives 2.67
        (1.005, 2, "1.01"),  # likewise 1.00499999999999989…
        (0.1 + 0.2, 1, "0.3"),  # 0.30000000000000004
        (0.1 + 0.2, 12, "0.300000000000"),
        (-0.004, 2, "0.00"),  # no negative zero
        (-0.005, 2, "-0.01"),
        (0.0, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),  # not to even
        (2.5, 0, "3"),
        (99.995, 2, "100.00"),
        (0.29 * 100, 0, "29"),  # 28.999999999999996
        (1.15 * 100, 0, "115"),  # 114.99999999999999
        (0.54765 * 100, 2, "54.77"),  # a tie that scaling must not lose
        (58801.0, 2, "58801.00"),
        (0.045, 2, "0.05"),
        (3, 1, "3.0"),
    ],
)
def test_half_up(value: float, decimals: int, text: str):
    assert str(half_up(value, decimals)) == text


@settings(max_examples=500, derandomize=True, deadline=None)
@given(digits=st.integers(-(10**10), 10**10), places=st.integers(0, 6), decimals=st.integers(0, 4))
@example(digits=125, places=3, decimals=2)
@example(digits=-5, places=1, decimals=0)
def test_half_up_agrees_with_decimal_arithmetic(digits: int, places: int, decimals: int):
    """For every decimal of at most eleven digits the double is rounded as the decimal itself would be."""
    exact = Decimal(digits).scaleb(-places)
    rounded = half_up(float(exact), decimals)
    assert rounded == exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    assert not (rounded == 0 and rounded.is_signed())


def _by_decimals(value: float, decimals: int) -> str:
    """The figure by decimal arithmetic alone."""
    return f"{half_up(value, decimals):,}".replace("-", MINUS)


@settings(max_examples=1000, derandomize=True, deadline=None)
@given(value=st.floats(-1e15, 1e15), decimals=st.integers(0, 8))
@example(value=-0.0, decimals=2)
@example(value=-0.004, decimals=2)
@example(value=5e-324, decimals=6)
@example(value=999999999999.5, decimals=0)
@example(value=float("nan"), decimals=2)
def test_figure_is_half_up(value: float, decimals: int):
    assert figure(value, decimals) == _by_decimals(value, decimals)


@settings(max_examples=1000, derandomize=True, deadline=None)
@given(
    tie=st.integers(-(10**12), 10**12),
    decimals=st.integers(0, 6),
    off=st.integers(-10, 10),
    digit=st.integers(8, 17),
)
def test_figure_near_a_tie_is_half_up(tie: int, decimals: int, off: int, digit: int):
    """A tie, and what lies beside it by some units of a digit that is rounded away, or is not."""
    value = (tie + 0.5) / 10**decimals
    value += off * abs(value) / 10**digit
    assert figure(value, decimals) == _by_decimals(value, decimals)


@pytest.mark.parametrize("value", [float("inf"), 1e300])
def test_figure_refuses_what_half_up_refuses(value: float):
    with pytest.raises(InvalidOperation):
        half_up(value, 2)
    with pytest.raises(InvalidOperation):
        figure(value, 2)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(terms=st.lists(st.integers(-99999, 99999), min_size=1, max_size=30))
def test_half_up_of_a_sum_does_not_depend_on_its_last_bit(terms: list[int]):
    """A float sum of values in thousandths rounds as the exact sum does."""
    exact = Decimal(sum(terms)).scaleb(-3)
    assert half_up(sum(term / 1000 for term in terms), 2) == exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def words(language: str) -> dict[str, Any]:
    return tree_of(words_of(language))


def style(language: str) -> NumberStyle:
    return NumberStyle(words(language), f"{language}.toml")


MONEY, RATE, POINTS = Column("m", Unit.MONEY), Column("r", Unit.RATE), Column("p", Unit.POINTS)
DEALS, MONTHS, AGE = Column("n", Unit.DEALS), Column("t", Unit.MONTHS), Column("a", Unit.MONTHS, decimals=1)
MULTIPLE, COUNT, YEAR = Column("x", Unit.MULTIPLE), Column("c", Unit.COUNT), Column("y", Unit.YEAR)


@pytest.mark.parametrize(
    ("value", "column", "zh", "en"),
    [
        # one stored value, CNY mn: 100 mn are one 亿; two decimals of 亿 are whole millions
        (58801.0, MONEY, "588.01亿元", "CNY 58,801 mn"),
        (249417.4, MONEY, "2,494.17亿元", "CNY 249,417 mn"),
        (1234567.0, MONEY, "12,345.67亿元", "CNY 1,234,567 mn"),
        (-231.5, MONEY, "−2.32亿元", "CNY −232 mn"),  # −2.315 and −231.5, both half up away from zero
        (0.4, MONEY, "0.00亿元", "CNY 0 mn"),
        (-0.4, MONEY, "0.00亿元", "CNY 0 mn"),
        (0.5476, RATE, "54.76%", "54.76%"),
        (-0.0241, RATE, "−2.41%", "−2.41%"),
        (11.481, RATE, "1,148.10%", "1,148.10%"),
        (0.1244, POINTS, "12.44个百分点", "12.44 pp"),
        (1.25, MULTIPLE, "1.25倍", "1.25x"),
        (96.0, DEALS, "96单", "96 deals"),
        (1.0, DEALS, "1单", "1 deal"),
        (0.0, DEALS, "0单", "0 deals"),
        (-1.0, DEALS, "−1单", "−1 deals"),
        (1234.0, DEALS, "1,234单", "1,234 deals"),
        (22.4, MONTHS, "22个月", "22 months"),
        (1.2, MONTHS, "1个月", "1 month"),  # singular by what is printed
        (1.0, AGE, "1.0个月", "1.0 months"),
        (2016.0, YEAR, "2016年", "2016"),  # a year has no thousands separator
        (1000.0, COUNT, "1,000", "1,000"),
    ],
)
def test_text_in_both_languages(value: float, column: Column, zh: str, en: str):
    assert style("zh").text(value, column) == zh
    assert style("en").text(value, column) == en


@pytest.mark.parametrize(
    ("value", "column", "zh", "en"),
    [
        (58801.0, MONEY, "588.01", "58,801"),  # the unit stands in the head
        (0.5476, RATE, "54.76%", "54.76%"),
        (0.1244, POINTS, "12.44", "12.44"),
        (1.25, MULTIPLE, "1.25", "1.25x"),
        (1.0, DEALS, "1", "1"),
        (-3.25, AGE, "−3.3", "−3.3"),
    ],
)
def test_cells_leave_the_unit_to_the_head(value: float, column: Column, zh: str, en: str):
    assert style("zh").cell(value, column) == zh
    assert style("en").cell(value, column) == en


P, P1, NUMBER = Column("p", Unit.PROBABILITY), Column("p", Unit.PROBABILITY, decimals=1), Column("b", Unit.NUMBER)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (0.0312, P, "0.031"),
        (0.0005, P, "0.001"),  # half up
        (0.00049999, P, "<0.001"),
        (1e-300, P, "<0.001"),
        (0.0, P, "<0.001"),  # an underflow: no p value is nought
        (1.0, P, "1.000"),
        (0.04, P1, "<0.1"),
        (0.05, P1, "0.1"),
        (0.0004, NUMBER, "0.000"),  # a coefficient has no floor
        (-1234.5678, NUMBER, "\u22121,234.568"),
        (2.0, Column("n", Unit.NUMBER, decimals=0), "2"),
    ],
)
def test_statistics_are_plain_and_probabilities_have_a_floor(value: float, column: Column, text: str, language: str):
    assert style(language).cell(value, column) == style(language).text(value, column) == text
    assert (
        style(language).number(value, column)[0].lstrip("<") == style(language).number(value, column)[0]
    )  # what is computed with stays a figure


def test_money_in_billions_is_a_named_form_of_english():
    assert style("en").text(58801.0, MONEY, "bn") == "CNY 58.80 bn"  # 58.801
    assert style("en").text(-0.4, MONEY, "bn") == "CNY 0.00 bn"
    assert style("zh").text(58801.0, MONEY, "bn") == "588.01亿元"  # Chinese has one form only


def test_heads():
    assert [style("en").head(unit) for unit in (Unit.MONEY, Unit.POINTS, Unit.DEALS, Unit.DEAL)] == [
        "CNY mn",
        "pp",
        "",
        "",
    ]
    assert [style("zh").head(unit) for unit in (Unit.MONEY, Unit.POINTS, Unit.DEAL)] == ["亿元", "百分点", ""]


def test_dates_and_months():
    day = date(2020, 3, 7)
    assert (style("zh").day(day), style("en").day(day)) == ("2020年3月7日", "7 March 2020")
    assert (style("zh").month(day), style("en").month(day)) == ("2020年3月", "March 2020")


@pytest.mark.parametrize(
    "path",
    [
        ("unit", "rate"),
        ("unit", "money", "scale"),
        ("unit", "deals", "text"),
        ("date", "day"),
        ("date", "months"),
        ("unit",),
    ],
)
def test_a_missing_unit_or_date_key_is_told(path: tuple[str, ...]):
    tree = copy.deepcopy(words("en"))
    node = tree
    for part in path[:-1]:
        node = node[part]
    del node[path[-1]]
    with pytest.raises(InputError) as raised:
        NumberStyle(tree, "npl_report/text/en.toml")
    (problem,) = raised.value.problems
    assert str(problem) == (
        f"npl_report/text/en.toml, column number/unit/date '{path[-1]}': the key is missing\n    → compare with "
        "another language's file"
    )


@pytest.mark.parametrize(
    ("language", "value", "unit", "text"),
    [
        ("en", 0.0125, Unit.RATE, "+1.25 pp"),
        ("zh", -0.0125, Unit.RATE, "−1.25个百分点"),
        ("en", 0.00001, Unit.RATE, "0.00 pp"),  # no sign where nothing shows
        ("en", -0.00001, Unit.RATE, "0.00 pp"),
        ("en", 1, Unit.DEALS, "+1 deal"),
        ("en", -1, Unit.DEALS, "−1 deal"),
        ("en", 2, Unit.DEALS, "+2 deals"),
        ("en", 1234.5, Unit.MONEY, "+CNY 1,235 mn"),
        ("zh", -1234.5, Unit.MONEY, "−12.35亿元"),
        ("en", -0.0004, Unit.PROBABILITY, "0.000"),  # a difference has no floor
        ("en", -2, Unit.RANK, "−2"),
        ("zh", 1, Unit.YEAR, "+1"),
    ],
)
def test_a_difference_has_its_sign_and_unit(language: str, value: float, unit: Unit, text: str):
    style = NumberStyle(tree_of(words_of(language)), language)
    assert style.signed(value, Column("x", unit)) == text


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 0.1 + 0.2, -0.0, float("nan"), 1e300, 12345678.9],
        [3, 4, 3],
        ["回收", None, "a"],
        [],
    ],
)
def test_a_column_is_stored_as_its_values_are(values: list[Any]):
    column = pd.Series(values, dtype="str" if values and isinstance(values[0], str) else None)
    assert raws(column) == [raw(value) for value in column.tolist()]
    days = pd.Series(pd.to_datetime(["2020-02-29", None, "1999-12-31"]))
    assert raws(days) == ["2020-02-29", "", "1999-12-31"]


def test_a_language_with_a_decimal_comma():
    """Figures, differences, thousands and levels below the least that prints; years stay whole."""
    tree = copy.deepcopy(words("en"))
    tree["number"] = {"decimal": ",", "thousands": "."}
    style = NumberStyle(tree, "x")
    assert style.cell(1234567.5, Column("x", Unit.NUMBER, 1)) == "1.234.567,5"
    assert style.text(0.12345, Column("x", Unit.RATE, 2)) == "12,35%"
    assert style.signed(-0.0525, Column("x", Unit.RATE, 2)) == "\u22125,25 pp"
    assert style.signed(0.0, Column("x", Unit.RATE, 2)) == "0,00 pp"
    assert style.signed(0.00001, Column("x", Unit.RATE, 2)) == "0,00 pp"
    assert style.cell(0.00001, Column("x", Unit.PROBABILITY, 3)) == "<0,001"
    assert style.cell(2025, Column("x", Unit.YEAR)) == "2025"
    assert style.marks.whole(1234567) == "1.234.567"
    assert style.exact(1234.56, Column("x", Unit.NUMBER, 1)) == Decimal("1234.6")
