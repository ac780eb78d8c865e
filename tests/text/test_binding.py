"""What prose may say of tables, on a few small tables whose answers are plain to see."""

from __future__ import annotations

import math
import tomllib

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Column, ResearchTable, Result, Unavailable, Unit
from npl_report.text.binding import HELPERS, Binding, BindingError
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle
from npl_report.text.words import FOLDER, program_words

FEW = Unavailable("too_few_deals", needed=2, found=1)


def declared(key: str, rows: Unit, *columns: Column) -> ResearchTable:
    return ResearchTable(key, rows, columns, (), lambda: None, ("method",))  # type: ignore[arg-type,return-value]


TABLES = {
    "rates": declared(
        "rates",
        Unit.ASSET_TYPE,
        Column("rate", Unit.RATE),
        Column("n", Unit.DEALS),
        Column("spread", Unit.POINTS),
        Column("best", Unit.DEAL),
    ),
    "years": declared(
        "years",
        Unit.YEAR,
        Column("up", Unit.MONEY),
        Column("down", Unit.MONEY),
        Column("flat", Unit.MONEY),
        Column("mixed", Unit.MONEY),
        Column("gap", Unit.MONEY),
    ),
    "days": declared("days", Unit.DEAL, Column("date", Unit.DATE), Column("bank", Unit.ORIGINATOR)),
    "none": declared("none", Unit.ASSET_TYPE, Column("rate", Unit.RATE)),
    "pairs": declared(
        "pairs",
        Unit.PAIR,
        Column("asset_type", Unit.ASSET_TYPE),
        Column("rate", Unit.RATE),
        Column("n", Unit.DEALS),
        Column("sum", Unit.MONEY),
    ),
}
_EMPTY = pd.DataFrame({"row": []})
RESULTS: dict[str, Result | Unavailable] = {
    "rates": Result(
        pd.DataFrame(
            {
                "rate": [0.3, 0.5, 0.1, 0.25],
                "n": [6.0, 13.0, 1.0, 20.0],
                "spread": [0.09, np.nan, 0.04, np.nan],
                "best": ["c1", "m1", "c1", "m1"],
            },
            index=["corporate", "mortgage", "unsecured", "total"],
        ),
        _EMPTY,
        {("mortgage", "spread"): FEW, ("total", "spread"): FEW},
    ),
    "years": Result(
        pd.DataFrame(
            {
                "up": [1.0, 2, 3, 2, 6],
                "down": [3.0, 2, 1, 2, 6],
                "flat": [2.0, 2, 2, 2, 6],
                "mixed": [1.0, 3, 2, 2, 6],
                "gap": [1.0, np.nan, 2.0, 1.5, 3.0],
            },
            index=["2016", "2017", "2018", "mean", "total"],
        ),
        _EMPTY,
        {("2017", "gap"): FEW},
    ),
    "days": Result(pd.DataFrame({"date": pd.to_datetime(["2019-03-16"]), "bank": ["east"]}, index=["c1"]), _EMPTY),
    "none": Unavailable("no_deal_in_window", needed=1, found=0),
    "pairs": Result(
        pd.DataFrame(
            # 12.341 % and 12.344 % print alike: level to a reader; the corporate row stands between them
            {
                "asset_type": ["mortgage", "corporate", "mortgage", "mortgage"],
                "rate": [0.12341, 0.9, 0.12344, 0.05],
                "n": [1.0, 4.0, 2.0, 0.0],
                "sum": [1234.0, 2.0, 3.0, 4.0],
            },
            index=["mortgage-east", "corporate-east", "mortgage-west", "mortgage-2018"],
        ),
        _EMPTY,
    ),
}


def framed(text: str, raw: str, table: str, row: str, column: str) -> str:
    return f"[{text}|{raw}|{table}/{row}/{column}]"


def binding(language: str = "en", *, plain: bool = True) -> Binding:
    tree = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    words = program_words(language)
    names = Names({"c1": "Tiny C1", "m1": "Tiny M1"}, {"east": "East", "west": "West"}, words)
    return Binding(TABLES, RESULTS, names, NumberStyle(tree, "x"), words, (lambda text, *_: text) if plain else framed)


def told(error: pytest.ExceptionInfo[BindingError]) -> tuple[str, str]:
    return str(error.value), error.value.fix


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


def test_labels():
    assert binding().label("rates", "mortgage") == "Mortgage"
    assert binding().label("rates", "total") == "Total"
    assert binding("zh").label("rates", "mortgage") == "个人抵押类不良"
    assert binding().label("years", "2016") == "2016"
    assert binding().label("days", "c1") == "Tiny C1"


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
    monkeypatch.setitem(RESULTS, "years", Result(frame, _EMPTY))
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
    results = {"years": Result(pd.DataFrame({"up": 1.0}, index=rows), _EMPTY)}
    words = program_words("en")
    small = Binding(
        {"years": TABLES["years"]},
        results,
        Names({}, {}, words),
        NumberStyle(tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8")), "x"),
        words,
        lambda text, *_: text,
    )
    with pytest.raises(BindingError) as error:
        small.n("years", "zzz", "up")
    assert error.value.fix == f"there are {', '.join(rows[:12])} …{GUARD}"  # twelve of twenty


def test_names_of_summary_rows_and_terms():
    names = Names({"c1": "Tiny C1"}, {"east": "East"}, program_words("en"))
    assert names.name(Unit.DEAL, "total") == "Total"
    assert names.name(Unit.YEAR, "mean") == "Annual average"
    assert names.name(Unit.TRANCHE, "liquidated") == "Liquidated deals"
    assert names.name(Unit.TRANCHE, "senior") == "Senior"
    assert names.name(Unit.TERM, "published") == "Published report"
    assert names.name(Unit.TERM, "c1@x") == "c1@x"  # an id without words names itself
    assert names.name(Unit.TERM, "c9@senior") == "c9@senior"  # so does that of a deal that is not known


@pytest.mark.parametrize(
    ("id_", "english", "chinese"),
    [
        ("12m", "12 months", "12个月"),
        ("50pc", "50% of forecast", "预测的50%"),
        ("100pc0m", "100% of forecast, on time", "预测的100%，按期"),
        ("50pc3m", "50% of forecast, 3 months late", "预测的50%，推迟3个月"),
        ("2018-03-10", "2018-03-10", "2018-03-10"),
        ("total", "Total", "合计"),
    ],
)
def test_names_of_ages_scenarios_and_dates(id_: str, english: str, chinese: str):
    for language, told, kind in (("en", english, "Corporate"), ("zh", chinese, "对公类不良")):
        names = Names({"c1": "Tiny C1"}, {"east": "East"}, program_words(language))
        assert names.name(Unit.TERM, id_) == told
        assert names.other(f"corporate-{id_}") == told
        assert names.name(Unit.PAIR, f"corporate-{id_}") == f"{kind} · {told}"


@pytest.mark.parametrize(
    ("id_", "english", "chinese"),
    [
        ("c1@senior", "Tiny C1 · Senior", "Tiny C1 · 优先档"),
        ("c1@50pc3m", "Tiny C1 · 50% of forecast, 3 months late", "Tiny C1 · 预测的50%，推迟3个月"),
        ("c1@2019-03-16", "Tiny C1 · 2019-03-16", "Tiny C1 · 2019-03-16"),
    ],
)
def test_names_of_a_deal_s_tranches_scenarios_and_dates(id_: str, english: str, chinese: str):
    for language, told in (("en", english), ("zh", chinese)):
        assert Names({"c1": "Tiny C1"}, {}, program_words(language)).name(Unit.TERM, id_) == told
