"""What prose may say of figures, trends and sides of a few small tables, and of names that are not there."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from npl_report.model import Result, Unavailable
from npl_report.text.binding import HELPERS, Binding, BindingError
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle
from tests.helpers.market import tree_of, words_of
from tests.text.small_tables import EMPTY, FEW, TABLES, binding, told


def test_n_prints_the_figure_with_its_unit_in_each_language():
    assert binding().n("rates", "corporate", "rate") == "30.00%"
    assert binding().n("rates", "unsecured", "n") == "1 deal"
    assert binding("zh").n("rates", "unsecured", "n") == "1单"
    assert binding().n("years", "2018", "up") == "CNY 3 mn"
    assert binding().n("years", "2018", "up", "bn") == "CNY 0.00 bn"
    assert binding("zh").n("years", "2018", "up") == "0.03亿元"


def test_n_gives_the_medium_the_stored_value_and_the_identity():
    assert binding(plain=False).n("rates", "corporate", "rate") == "[30.00%|0.3|rates/corporate/rate]"
    assert binding(plain=False).n("days", "c1", "date") == "[16 March 2019|2019-03-16|days/c1/date]"


def test_n_of_an_id_is_its_name():
    assert binding().n("rates", "corporate", "best") == "Tiny C1"
    assert binding().n("days", "c1", "bank") == "East"


def test_n_of_a_gap_is_its_reason():
    assert binding().n("rates", "mortgage", "spread") == "needs at least 2 deals, found 1"
    assert binding("zh").n("rates", "mortgage", "spread") == "至少需要2单项目，现有1单"
    assert binding().n("none", "corporate", "rate") == "no deal has a reading inside the observation window"


def test_value_is_for_conditions():
    assert binding().value("rates", "corporate", "rate") == 0.3
    assert binding().value("rates", "corporate", "best") == "c1"
    assert math.isnan(float(binding().value("rates", "mortgage", "spread")))
    assert math.isnan(float(binding().value("none", "corporate", "rate")))


def test_has():
    has = binding().has
    assert has("rates", "corporate")
    assert has("rates", "corporate", "spread")
    assert has("rates", "mortgage")
    assert not has("rates", "mortgage", "spread")  # a gap
    assert not has("rates", "other")
    assert not has("rates", "other", "spread")
    assert not has("none", "corporate")  # the whole table is unavailable
    with pytest.raises(BindingError, match="no column 'spreads'"):
        has("rates", "corporate", "spreads")


def test_has_table():
    assert binding().has_table("rates")
    assert binding().has_table("none")  # computed, and without rows
    with pytest.raises(BindingError, match="no table 'rate'"):
        binding().has_table("rate")


def test_labels():
    assert binding().label("rates", "mortgage") == "Mortgage"
    assert binding().label("rates", "total") == "Total"
    assert binding("zh").label("rates", "mortgage") == "个人抵押类不良"
    assert binding().label("years", "2016") == "2016"
    assert binding().label("days", "c1") == "Tiny C1"


def test_helpers_are_all_there():
    assert list(binding().helpers()) == list(HELPERS)


@pytest.mark.parametrize(("column", "rows", "word"), [
    ("up", None, "rising"),
    ("down", None, "falling"),
    ("flat", None, "flat"),
    ("mixed", None, "mixed"),
    ("mixed", ["2017", "2018"], "falling"),
    ("down", ["2018", "2017"], "rising"),  # in the order asked for
    ("up", ["2016", "2018", "2017"], "mixed"),  # 1, 3, 2: neither at every step nor from the lowest to the highest
    ("mixed", ["2016", "2018", "2017"], "rising"),
    # 1, 2, 3, 3: not at every step, but from the lowest to the highest
    ("down", ["2018", "2017", "2016", "2016"], "up"),
    ("up", ["2018", "2017", "2017", "2016"], "down"),
    ("up", ["2016"], "mixed"),  # one value has no trend
    ("gap", None, "rising"),  # 1, –, 2: over what there is
])  # fmt: skip
def test_trend(column: str, rows: list[str] | None, word: str):
    assert binding().trend("years", column, rows) == word


def test_trend_of_an_unavailable_table_is_no_claim():
    assert binding().trend("none", "rate") == "mixed"


def test_side():
    side = binding().side
    assert side("rates", "corporate", "rate") == "above"
    assert side("years", "2016", "up", ("years", "2018", "up")) == "below"  # 1 against 3
    assert side("years", "2018", "up", ("years", "2016", "up")) == "above"
    assert side("years", "2017", "up", ("years", "2017", "down")) == "equal"  # 2 and 2


def test_sides_are_those_of_the_printed_figures():
    side = binding().side
    assert side("pairs", "mortgage-east", "rate", ("pairs", "mortgage-west", "rate")) == "equal"  # 12.34 % both
    assert side("pairs", "mortgage-2018", "n") == "equal"  # nought
    assert side("rates", "mortgage", "spread") == "unknown"  # a gap
    assert side("rates", "corporate", "spread", ("rates", "mortgage", "spread")) == "unknown"


def test_differences_are_those_of_the_printed_figures():
    difference = binding().difference
    assert (
        difference("rates", "mortgage", "rate", ("rates", "unsecured", "rate")) == "40.00 pp"
    )  # rates differ by percentage points
    assert (
        difference("pairs", "mortgage-2018", "rate", ("pairs", "mortgage-west", "rate")) == "7.34 pp"
    )  # 5.00 and 12.34, without sign
    assert difference("rates", "unsecured", "n", ("rates", "mortgage", "n")) == "12 deals"
    assert difference("pairs", "mortgage-west", "n", ("pairs", "mortgage-east", "n")) == "1 deal"
    assert difference("pairs", "mortgage-east", "sum", ("pairs", "corporate-east", "sum")) == "CNY 1,232 mn"
    assert binding("zh").difference("rates", "mortgage", "rate", ("rates", "unsecured", "rate")) == "40.00个百分点"
    assert (
        difference("rates", "corporate", "spread", ("rates", "mortgage", "spread")) == "needs at least 2 deals, found 1"
    )  # a gap's reason


def test_explicit_forms():
    assert binding().date("2020-03-17") == "17 March 2020"
    assert binding("zh").date("2020-03-17") == "2020年3月17日"
    assert binding().section("2.1") == "2.1"
    assert binding().verbatim("G-SIB 2020", why="name of a list") == "G-SIB 2020"


@pytest.mark.parametrize("text", ["2020-02-30", "17 March 2020", ""])
def test_a_wrong_date(text: str):
    with pytest.raises(BindingError) as error:
        binding().date(text)
    assert told(error) == (f"{text!r} is no date", "write it as 2020-03-17")


@pytest.mark.parametrize("why", ["", "  "])
def test_verbatim_needs_a_reason(why: str):
    with pytest.raises(BindingError) as error:
        binding().verbatim("12", why)
    assert told(error) == ("verbatim('12') gives no reason", 'write verbatim("…", why="…")')


def test_reasons_print_their_numbers():
    assert binding().reason(FEW) == "needs at least 2 deals, found 1"
    assert binding().reason(Unavailable("too_few_deals", needed=2.5, found=None)) == "needs at least 2.5 deals, found "
    assert binding().reason(Unavailable("none_above")) == "no deal recovered more than forecast"


GUARD = '; guard a row that may be absent with {% if has("table", "row") %}'


@pytest.mark.parametrize(
    ("cell", "rule", "fix"),
    [
        (("rate", "corporate", "rate"), "there is no table 'rate'", "did you mean rates?"),
        (("zzz", "corporate", "rate"), "there is no table 'zzz'", "there are days, none, pairs, rates, years"),
        (("rates", "corporate", "rtae"), "table rates has no column 'rtae'", "did you mean rate?"),
        (("rates", "corporate", "zzz"), "table rates has no column 'zzz'", "there are rate, n, spread, best"),
        (
            ("rates", "corporat", "rate"),
            "table rates has no row 'corporat' on this as-of date",
            "did you mean corporate?" + GUARD,
        ),
        (
            ("rates", "2016", "rate"),
            "table rates has no row '2016' on this as-of date",
            "there are corporate, mortgage, unsecured, total" + GUARD,
        ),
        (("none", "corporate", "rates"), "table none has no column 'rates'", "did you mean rate?"),
    ],
)
def test_what_does_not_exist_is_told_with_what_does(cell: tuple[str, str, str], rule: str, fix: str):
    for helper in (binding().n, binding().value):
        with pytest.raises(BindingError) as error:
            helper(*cell)
        assert told(error) == (rule, fix)


def test_other_helpers_tell_the_same():
    with pytest.raises(BindingError, match="no column 'rat'"):
        binding().trend("rates", "rat")
    with pytest.raises(BindingError, match="no column 'rat'"):
        binding().highest("rates", "rat")
    with pytest.raises(BindingError, match="no row 'other'"):
        binding().ranking("rates", "rate", ["other"])
    with pytest.raises(BindingError, match="no row 'other'"):
        binding().label("rates", "other")
    with pytest.raises(BindingError, match="there is no table 'x'"):
        binding().has("x", "y")


def test_a_long_list_of_what_exists_is_cut():
    rows = [f"19{number}" for number in range(10, 30)]
    results = {"years": Result(pd.DataFrame({"up": 1.0}, index=rows), EMPTY)}
    words = words_of("en")
    small = Binding(
        {"years": TABLES["years"]},
        results,
        Names({}, {}, {}, words),
        NumberStyle(tree_of(words_of("en")), "x"),
        words,
        lambda text, *_: text,
    )
    with pytest.raises(BindingError) as error:
        small.n("years", "zzz", "up")
    assert error.value.fix == f"there are {', '.join(rows[:12])} …{GUARD}"  # twelve of twenty
