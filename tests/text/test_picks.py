"""Rows that prose picks from a table, ranks, and tells one after the other."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from npl_report.model import Column, DefinitionError, ResearchTable, Result, Unit
from npl_report.text.binding import BindingError
from tests.helpers.tiny import ROOT
from tests.text.small_tables import EMPTY, RESULTS, TABLES, binding, told

PAGES = sorted(
    str(path.relative_to(ROOT)) for path in [*ROOT.glob("report/*/*.qmd"), *ROOT.glob("samples/*/report/*/*.qmd")]
)


def test_ranking_falls_and_leaves_out_totals_and_gaps():
    assert [pick.id for pick in binding().ranking("rates", "rate")] == ["mortgage", "corporate", "unsecured"]
    assert [pick.id for pick in binding().ranking("rates", "spread")] == ["corporate", "unsecured"]
    assert [pick.id for pick in binding().ranking("years", "flat")] == ["2016", "2017", "2018"]  # equal values by id
    assert [pick.id for pick in binding().ranking("rates", "rate", ["unsecured", "corporate"])] == [
        "corporate",
        "unsecured",
    ]
    assert [pick.id for pick in binding().ranking("rates", "rate", ["total", "corporate"])] == [
        "corporate",
        "total",
    ]  # asked for by name
    assert not binding().ranking("none", "rate")


def test_highest_and_lowest_with_gaps():
    high, low = binding().highest("rates", "spread"), binding().lowest("rates", "spread")
    assert (high.id, str(high), high.inline, high.value, high.number) == (
        "corporate",
        "Corporate",
        "corporate",
        "9.00 pp",
        0.09,
    )
    assert (low.id, str(low), low.inline, low.value, low.number) == (
        "unsecured",
        "Unsecured retail",
        "unsecured retail",
        "4.00 pp",
        0.04,
    )
    assert binding().highest("rates", "rate", ["corporate", "unsecured"]).id == "corporate"
    assert binding(plain=False).lowest("rates", "rate").value == "[10.00%|0.1|rates/unsecured/rate]"


def test_equal_figures_stand_by_id_whatever_the_order_of_the_table(monkeypatch: pytest.MonkeyPatch):
    """Ten times 0.1 + 0.2 and three are one figure: neither is the higher, and a trend of both is flat."""
    three = 10 * (0.1 + 0.2)
    assert three > 3
    columns = {"up": [three, 3.0, 1.0, three - 2], "down": [3.0, three, 3.0, three]}
    frame = pd.DataFrame(columns, index=["2018", "2016", "2019", "2017"])
    monkeypatch.setitem(RESULTS, "years", Result(frame, EMPTY))
    progress = binding()
    for rows in (progress.ranking("years", "up"), progress.series("years", "up").falling):
        assert [pick.id for pick in rows] == ["2016", "2018", "2017", "2019"]
    assert [pick.id for pick in progress.series("years", "up").rising] == ["2017", "2019", "2016", "2018"]
    assert (progress.highest("years", "up").id, progress.lowest("years", "up").id) == ("2016", "2017")
    assert (progress.highest("years", "down").id, progress.lowest("years", "down").id) == ("2016", "2016")
    assert [pick.id for pick in progress.ranking("years", "up").top] == ["2016", "2018"]
    assert [pick.id for pick in progress.ranking("years", "up").bottom] == ["2017", "2019"]
    assert progress.trend("years", "down") == "flat"
    assert not progress.series("years", "up").above(3)


def test_highest_of_nothing_prints_a_reason():
    for nothing in (binding().highest("rates", "spread", ["mortgage"]), binding().lowest("none", "rate")):
        assert (nothing.id, str(nothing), nothing.value) == ("", "no deals", "no deals")


def test_series_keeps_the_order_of_the_table_or_of_the_rows_asked_for():
    assert [(pick.id, pick.value) for pick in binding().series("years", "gap")] == [
        ("2016", "CNY 1 mn"),
        ("2018", "CNY 2 mn"),
    ]
    assert [pick.id for pick in binding().series("rates", "rate", ["unsecured", "corporate"])] == [
        "unsecured",
        "corporate",
    ]
    assert [pick.value for pick in binding().series("pairs", "sum", form="bn", asset_type="corporate")] == [
        "CNY 0.00 bn"
    ]
    assert not binding().series("none", "rate")


def test_where_keeps_the_rows_that_hold_an_id():
    picks = binding().ranking("pairs", "rate", asset_type="mortgage")
    assert [pick.id for pick in picks] == ["mortgage-west", "mortgage-east", "mortgage-2018"]
    assert [pick.name for pick in picks] == ["West", "East", "2018"]  # the type, which where names, is not said again
    assert binding().ranking("pairs", "rate", n=2)[0].name == "Mortgage · West"
    assert not binding().ranking("pairs", "rate", asset_type="unsecured")
    assert [
        binding().count("pairs", asset_type="mortgage"),
        binding().count("pairs", asset_type="mortgage", n=1),
        binding().count("pairs"),
        binding().count("none"),
    ] == [3, 1, 4, 0]
    assert binding().count("rates") == 3  # without the total
    for helper in (
        lambda: binding().ranking("pairs", "rate", tpye="mortgage"),
        lambda: binding().count("pairs", tpye="mortgage"),
    ):
        with pytest.raises(BindingError, match="no column 'tpye'"):
            helper()


def test_rows_that_print_alike_are_level():
    picks = binding().ranking("pairs", "rate", asset_type="mortgage")
    assert [pick.printed for pick in picks] == ["12.34%", "12.34%", "5.00%"]
    assert [[pick.name for pick in group] for group in (picks.top, picks.bottom)] == [["West", "East"], ["2018"]]
    assert (picks.apart, picks.leads) == (True, False)
    rest = picks[len(picks.top) :]
    assert ([pick.name for pick in rest], rest.apart, rest.leads) == (["2018"], False, True)
    assert (picks[:2].apart, picks[:2].leads) == (False, False)
    nothing = picks[:0]
    assert (len(nothing.top), len(nothing.bottom), nothing.apart, nothing.leads) == (0, 0, False, False)


def test_groups_of_few_deals_are_not_ranked():
    """Rows of pairs have 1, 0, 4 and 2 deals: of those that have any, two and more are enough here, or three."""
    two, three = (binding(fewest=fewest).ranking("pairs", "rate") for fewest in (2, 3))
    assert ([pick.at("n") for pick in two.thin], [pick.at("n") for pick in three.thin]) == ([1.0], [2.0, 1.0])
    assert {pick.id for pick in three.firm} | {pick.id for pick in three.thin} == {pick.id for pick in three}
    for picks in (two, three):
        assert not {pick.id for pick in (*picks.top, *picks.bottom)} & {pick.id for pick in picks.thin}
    assert binding(fewest=5).ranking("pairs", "rate", ["mortgage-west"]).thin
    assert binding(fewest=5).highest("pairs", "rate", ["mortgage-west"]).value == "no deals"
    assert not binding(fewest=5).ranking("pairs", "n").thin  # how many there are is what it is


def test_a_column_may_have_a_count_of_its_own(monkeypatch: pytest.MonkeyPatch):
    """Five deals in all, of which one is known to the later age: its figure is thin, that of the earlier is not."""
    columns = (Column("n", Unit.DEALS), Column("early", Unit.RATE), Column("late", Unit.RATE, count="n_late"))
    table = ResearchTable("two", Unit.YEAR, (*columns, Column("n_late", Unit.DEALS)), (), lambda: None, ("method",))
    frame = pd.DataFrame({"n": [5.0], "early": [0.5], "late": [0.9], "n_late": [1.0]}, index=["2019"])
    monkeypatch.setitem(TABLES, "two", table)
    monkeypatch.setitem(RESULTS, "two", Result(frame, EMPTY))
    picks = binding(fewest=3)
    assert [bool(picks.series("two", key).firm) for key in ("early", "late")] == [True, False]
    with pytest.raises(DefinitionError, match="no columns to count by: n_late"):
        ResearchTable("two", Unit.YEAR, columns, (), lambda: None, ("method",))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_prose_prints_the_figure_of_the_row_that_it_calls_highest(page: str):
    """Where a sentence names the highest rows (``x.top``), their figure is not that of any row (``x[0]``)."""
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        for name in set(re.findall(r"\b(\w+)\.(?:top|bottom)\) ?\}\}", line)):
            assert not re.search(rf"\b{name}\[-?[01]\]\.value", line.partition("{% elif")[0]), line


def test_rows_beyond_a_limit():
    picks = binding().series("pairs", "n")
    assert [pick.number for pick in picks.nonzero] == [1, 4, 2]
    assert [pick.number for pick in picks.above(1)] == [4, 2]


def test_a_row_gives_its_figures_one_by_one():
    row = binding().row("rates", "mortgage")
    assert (str(row), row.inline, row.n("rate"), row.at("n"), row.at("best"), row.has("spread")) == (
        "Mortgage",
        "mortgage",
        "50.00%",
        13.0,
        "m1",
        False,
    )
    assert row.n("spread") == "needs at least 2 deals, found 1"
    assert binding().row("years", "2018").n("up", form="bn") == "CNY 0.00 bn"
    with pytest.raises(BindingError, match="no row 'other'"):
        binding().row("rates", "other")


def test_rows_told_in_a_pattern():
    picks = binding().ranking("rates", "rate", ["mortgage", "corporate"])
    assert (
        binding().each(picks, "{value} for {name} ({n})")
        == "50.00% for mortgage (13 deals) and 30.00% for corporate (6 deals)"
    )
    assert (
        binding("zh").each(binding("zh").ranking("rates", "rate"), "{name}为{value}")
        == "个人抵押类不良为50.00%，对公类不良为30.00%，个人信用类不良为10.00%"
    )
    assert binding().each(picks, "{name}", "; ") == "mortgage; corporate"
    assert binding().each(binding().series("years", "up", ["2018"]), "{up} or {up:bn}") == "CNY 3 mn or CNY 0.00 bn"
    assert (
        binding().row("rates", "unsecured").told("{name}: {n}, best {best}") == "unsecured retail: 1 deal, best Tiny C1"
    )
    assert binding().each([], "{name}") == ""
    framing = binding(plain=False)
    assert framing.each(framing.ranking("rates", "rate")[:1], "{value}") == "[50.00%|0.5|rates/mortgage/rate]"
    with pytest.raises(BindingError) as error:
        binding().each(picks, "{rat}")
    assert told(error) == ("table rates has no column 'rat'", "did you mean rate?")


def test_names_together():
    picks = binding().ranking("rates", "rate")
    assert binding().together(picks) == "mortgage, corporate and unsecured retail"
    assert (
        binding("zh").together(binding("zh").ranking("rates", "rate")) == "个人抵押类不良、对公类不良和个人信用类不良"
    )
    assert binding().together(picks[:2]) == "mortgage and corporate"
    assert binding().together(["one name"]) == "one name"
    assert (
        binding().together(binding().ranking("pairs", "rate", asset_type="mortgage")) == "West, East and 2018"
    )  # proper names keep their capital


def test_names_inside_and_at_the_head_of_a_sentence():
    assert binding().inline("rates", "unsecured") == "unsecured retail"
    assert binding("zh").inline("rates", "unsecured") == "个人信用类不良"
    assert binding().inline("days", "c1") == "Tiny C1"
    assert binding().opening(binding().inline("rates", "unsecured")) == "Unsecured retail"
    assert binding().opening("") == ""
