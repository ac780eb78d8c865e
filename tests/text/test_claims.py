"""Claims over a few small tables: what holds, what does not and what the data say, and what is not understood."""

from __future__ import annotations

import pytest

from npl_report.text.binding import BindingError
from npl_report.text.judge import Judge
from tests.text.small_tables import binding

HOLDS = (
    "highest rates/rate is mortgage",
    "  Mortgage   is HIGHEST  Rates/Rate",
    "lowest rates/rate is corporate",  # unsecured retail has one deal only
    "highest rates/rate among corporate, mortgage is mortgage",
    "rank 2 rates/rate is corporate",
    "second highest rates/rate is corporate",
    "2nd lowest rates/rate is mortgage",
    "highest years/up is 2018",
    "rates/mortgage/rate above 40%",
    "rates/mortgage/rate at least 50 per cent",
    "rates/mortgage/rate is 50%",
    "rates/mortgage/rate between 60 % and 50 %",
    "rates/mortgage/rate about half",
    "rates/mortgage/rate more than a third",
    "rates/total/rate is a quarter",
    "above rates/mortgage/rate rates/corporate/rate",
    "rates/corporate/rate is below rates/mortgage/rate with at least 5 deals",
    "years/total/up between years/2018/up and years/total/down",
    "years/2018/up below 1 bn",
    "pairs/mortgage-east/sum above 1,233 mn",
    "rates/corporate/best equal c1",
    "share years/2016/up of years/2018/up less than half",
    "years/2016/up about a third of years/2018/up",
    "years/2018/up about 3 times years/2016/up",
    "rises years/up",
    "years/down falls",
    "years/mixed rises overall",
    "years/up rises from 2016 to 2017",
    "rises from years/2016/up to years/2018/up",
    "years/flat equal",
    "years/up doubled from 2016 to 2017",
    "more than doubled from years/2016/up to years/2018/up",
    "years/up tripled from 2016 to 2018",
    "more than halved from years/2016/down to years/2018/down",
    "breaks years/mixed at 2017 by 2 mn",
    "count 3 of rates",
    "count 2 of rates/rate above 20%",
    "count at least 2 rates/rate above 20%",
    "most of rates/rate above 20%",
    "more than half of rates/rate above 20%",
    "all rates/rate above 5%",
    "none of rates/rate above 60%",
    "all of rates/rate above 20% with at least 3 deals",
    "count 1 of years/up below years/down",
    "count 3 of pairs/sum where asset_type is mortgage",
)


@pytest.mark.parametrize("claim", HOLDS)
def test_what_holds(claim: str):
    assert Judge(binding(fewest=3)).verdict(claim).holds


FAILS = {
    "highest rates/rate is corporate": (
        "mortgage 50.00% (13 deals), corporate 30.00% (6 deals), from the highest",
        ("highest rates/rate is mortgage", "rank 2 highest rates/rate is corporate"),
    ),
    "rates/mortgage/rate above 50%": (
        "mortgage 50.00%",
        ("rates/mortgage/rate equal 50%", "rates/mortgage/rate about 50%"),
    ),
    "rates/mortgage/rate almost half": (
        "mortgage 50.00%",
        ("rates/mortgage/rate equal half", "rates/mortgage/rate about half"),
    ),
    "years/mixed rises": ("2016 CNY 1 mn, 2017 CNY 3 mn, 2018 CNY 2 mn", ("rises overall years/mixed",)),
    "years/gap falls": ("2016 CNY 1 mn, 2018 CNY 2 mn", ("rises years/gap", "rises overall years/gap")),
    "years/up doubled from 2016 to 2018": (
        "from 2016 CNY 1 mn to 2018 CNY 3 mn, 3.00 times",
        (
            "tripled from years/2016/up to years/2018/up",
            "more than doubled from years/2016/up to years/2018/up",
            "rises from years/2016/up to years/2018/up",
        ),
    ),
    "count 3 of rates/rate above 20%": (
        "2 of 3 rows: corporate 30.00% (6 deals), mortgage 50.00% (13 deals)",
        ("count 2 of rates/rate above 20%", "most of rates/rate above 20%"),
    ),
    "years/flat rises": ("2016 CNY 2 mn, 2017 CNY 2 mn, 2018 CNY 2 mn", ()),
    "breaks years/mixed at 2017 by 3 mn": ("from 2016 CNY 1 mn to 2017 CNY 3 mn, less than 3mn", ()),
    "rates/corporate/best equal m1": ("it is Tiny C1", ("rates/corporate/best equal c1",)),
    "years/up equal": ("2016 CNY 1 mn, 2017 CNY 2 mn, 2018 CNY 3 mn", ()),
    "highest rates/spread is corporate": (
        "only one row can be compared: corporate 9.00 pp (6 deals)",
        (),
    ),
}


@pytest.mark.parametrize("claim", FAILS)
def test_what_does_not_hold(claim: str):
    verdict = Judge(binding(fewest=3)).verdict(claim)
    assert (verdict.holds, verdict.says, verdict.near) == (False, *FAILS[claim])


@pytest.mark.parametrize("claim", FAILS)
def test_what_is_said_to_hold_near_by_does(claim: str):
    judge = Judge(binding(fewest=3))
    assert all(judge.verdict(near).holds for near in judge.verdict(claim).near)


def test_rows_that_print_alike_are_level_to_the_reader():
    judge = Judge(binding())
    assert not judge.verdict("highest pairs/rate where asset_type is mortgage is west").holds  # 12.344 beside 12.341 %
    assert judge.verdict("highest pairs/rate where asset_type is mortgage is west, east").holds
    assert not judge.verdict("pairs/mortgage-west/rate above pairs/mortgage-east/rate").holds


def test_of_pairs_the_second_part_is_enough_where_the_first_is_named():
    judge = Judge(binding())
    assert judge.verdict("highest pairs/sum where asset_type is mortgage is mortgage-east").holds
    assert judge.verdict("highest pairs/sum where asset_type = mortgage is East").holds


def test_each_language_compares_what_it_prints():
    claim = "years/2018/up above 3 mn"
    assert not Judge(binding()).verdict(claim).holds
    assert Judge(binding("zh")).verdict("pairs/corporate-east/sum equal pairs/mortgage-west/sum").holds is False
    assert Judge(binding("zh")).verdict("pairs/mortgage-east/sum is 1234 mn").holds  # 12.34亿元


REFUSED = {
    "hihgest rates/rate is mortgage": ("does not understand 'hihgest'", "did you mean highest?"),
    "rates/mortgage/rate": ("has no predicate", "there are above, "),
    "rates/mortgage/rate is exceptional": ("does not understand 'exceptional'", "there are above, "),
    "highest": ("does not say which row is highest", "write for example"),
    "highest rates/rate": ("does not say which row is highest", "write for example"),
    "above 40%": ("names no figure", "write for example"),
    "highest rate/rate is mortgage": ("there is no table 'rate'", "did you mean rates?"),
    "highest rates/rat is mortgage": ("has no column 'rat'", "did you mean rate?"),
    "highest rates/rate is mortage": ("has no row 'mortage'", "did you mean mortgage?"),
    "highest rates/rate is unsecured": ("has 1 deal, and rows are compared from 3 deals on", "without a superlative"),
    "rates/unsecured/rate above 5% with at least 2 deals": ("is of 1 deal, fewer than 2", "ask for fewer"),
    "highest none/rate is mortgage": ("no deal has a reading inside", '{% if count("none") %}'),
    "years/2017/gap above 1 mn": ("needs at least 2 deals, found 1", "guard the claim"),
    "highest rates/spread is mortgage": ("needs at least 2 deals, found 1", "guard the claim"),
    "rates/corporate/rate above years/2016/up": ("different units", "columns of one unit"),
    "rates/corporate/rate above 0.3": ("0.3 is not held against rate", "write a number with %"),
    "years/2016/up above 3": ("3 is not held against money", "write a number with mn"),
    "highest rates/best is mortgage": ("holds no numbers", "a column of numbers"),
    "highest rates/rate rates/n is mortgage": ("rates/n has no part", "leave it out"),
    "rises years/up by 10%": ("does not go with 'rises'", "write for example"),
    "rises falls years/up": ("says two things", "two claims"),
    "all rates/mortgage/rate above 5%": ("does not go with 'compare'", "write for example"),
    "rates/mortgage/rate between 40%": ("between takes 2 to compare with, and has 1", "name a number"),
    "rates/rate above 40%": ("is a column", "write all of rates/rate"),
    "doubled years/2016/up years/2018/up by 3": ("takes no number", "write more than"),
    "share years/2016/up of years/2018/up equal 33%": ("a quotient is not printed", "write about"),
    "highest pairs/sum where asset_type is mortage is east": ("no row of table pairs has 'mortage'", "mortgage?"),
    "a/b/c/d above 3": ("'a/b/c/d' is no figure", "table/row/column"),
    "rank rates/rate is corporate": ("rank is not followed by a place", "rank 2"),
}


@pytest.mark.parametrize("claim", REFUSED)
def test_what_is_not_understood_or_not_known(claim: str):
    with pytest.raises(BindingError) as raised:
        Judge(binding(fewest=3)).verdict(claim)
    rule, fix = REFUSED[claim]
    assert rule in str(raised.value)
    assert fix in raised.value.fix
