"""Pages of deals and banks on the tiny data: every expectation is worked out from its table of deals."""

from __future__ import annotations

from datetime import date

import pytest

from npl_report.model import Dataset, Result
from npl_report.present.profiles import Cells, DealPage, Deals, Strips, bank_list, deal_lists
from npl_report.present.profiles.sources import line_ranges
from npl_report.text.numbers import raw
from tests.helpers import tiny
from tests.present.profiled import changed, deal_specifications, deals_of, localized, localized_of
from tests.present.seen_profiles import LANGUAGES, banks_of, deals, every_cell, texts


def test_key_figures():
    """c1: 340 of 1000 collected at 45 months, 310 forecast by then; the senior is repaid."""
    tiles = deals()["c1"].tiles
    assert [tile.value.text for tile in tiles] == ["34.00%", "9.68%", "100.00%", "45.0 months"]
    assert [tile.value.number for tile in tiles] == [
        "deal_summary/c1/recovery",
        "deal_summary/c1/offset",
        "deal_tranches/c1@senior/paid",
        "deal_summary/c1/age",
    ]
    assert tiles[0].value.raw == "0.34"
    assert tiles[0].value.page == "tables/deal_summary.html#c1.recovery"
    assert tiles[2].value.page == "", "the table has no page here"


def test_a_deal_without_a_report_says_so():
    page = deals()["u2"]
    assert [tile.value.reason for tile in page.tiles] == ["no trustee report yet"] * 2 + ["", "no trustee report yet"]
    assert (page.collections.groups, page.collections.empty) == (
        (),
        "No trustee report had been published by the as-of date.",
    )
    assert (page.payments.groups, page.payments.empty) == ((), "No payment had been disclosed by the as-of date.")
    assert page.forecast.groups


def test_a_deal_without_a_forecast_says_so():
    page = deals()["m2"]
    assert page.tiles[1].value.reason == "the offering circular gives no comparable forecast"
    assert page.forecast.empty == "The data hold no gross forecast made by the as-of date."
    assert page.collections.reasons == ("the offering circular gives no comparable forecast",)


def test_head_of_the_page():
    page = deals()["c1"]
    assert (page.name, page.path, page.asset_type, page.year) == ("Tiny C1", "deals/c1.html", "Corporate", "2016")
    assert (page.bank.href, page.bank.title) == ("../originators/east.html", "East")
    assert [link.href for link in page.crumbs] == ["index.html", "index.html#corporate"]
    assert (
        page.description
        == "Tiny C1: recoveries against forecast, payments, tranches and pool. Originator: East; asset type: Corporate."
    )


@pytest.mark.parametrize(
    ("sample", "sentence"),
    [
        (
            "published",
            (
                "Named in the published report: the report’s figures for this deal are kept, everything else "
                "is reconstructed."
            ),
        ),
        ("reconstructed", "Fictitious deal: everything about it is reconstructed."),
        ("", ""),
    ],
)
def test_the_nature_of_the_record(sample: str, sentence: str):
    rows = [{**row, "sample": sample} for row in tiny.rows()["deals"]]
    assert deals_of(changed({"deals": rows}))["c1"].sample == sentence


def facts(page: DealPage) -> dict[str, str]:
    return {fact.label: fact.value.text for group in page.facts for fact in group.facts}


def test_facts_of_a_corporate_deal():
    assert facts(deals()["c1"]) == {
        "Originator": "East",
        "Asset type": "Corporate",
        "Cut-off date": "1 January 2016",
        "Issue date": "1 June 2016",
        "Closing date": "3 June 2016",
        "Liquidated on": "15 January 2020",
        "Pool balance": "CNY 1,000 mn",
        "of which principal": "CNY 990 mn",
        "Loans": "20",
        "Borrowers": "10",
        "Weighted average loan age": "30.0 months",
        "Weighted average time overdue": "12.0 months",
        "Weighted average borrower age": "does not apply to loans to firms",
        "Weighted average annual income": "does not apply to loans to firms",
        "Secured share": "50.00%",
        "Share of the largest region": "25.00%",
        "Expected recovery": "CNY 340 mn",
        "Fees and costs, of collections": "5.00%",
        "of which taxes": "0.30%",
        "of which trust fees": "0.70%",
        "Cap on trust fees, a year": "none",
        "Liquidity reserve, target": "CNY 120 mn",
        "Subordinated fixed return, a year": "10.00%",
        "Servicer’s excess reward, share of the residual": "80.00%",
    }


def test_facts_of_a_retail_deal_in_chinese():
    found = facts(deals("zh")["m1"])
    assert found["未偿本息费余额"] == "4.00亿元"
    assert found["借款人加权平均年龄"] == "40.0岁"
    assert found["借款人加权平均年收入"] == "12.00万元"  # 120 thousand
    assert found["清算日"] == "截至2020年3月17日未清算"


def test_a_liquidation_after_the_as_of_date_is_not_known():
    assert facts(deals()["c2"])["Liquidated on"] == "not liquidated by 17 March 2020"


def test_what_is_not_disclosed_is_said():
    rows = [{**row, "wa_annual_income": ""} for row in tiny.rows()["deals"]]
    assert facts(deals_of(changed({"deals": rows}))["m1"])["Weighted average annual income"] == "not disclosed"


def test_columns_that_the_data_do_not_have():
    data = tiny.data()
    optional = ["sample", "wa_borrower_age", "wa_annual_income", "tax_rate", "trust_fee_cap"]
    lacking = Dataset(
        **{name: getattr(data, name) for name in ("as_of", *Dataset.PARTS, "notice", "about")}
        | {
            "deals": data.deals.drop(columns=optional),
            "originators": data.originators.drop(columns=["aliases", "sample"]),
        }
    )
    of = localized_of("en", lacking)
    page = deals_of(of)["m1"]
    assert page.sample == ""
    assert [
        facts(page)[label] for label in ("Weighted average borrower age", "of which taxes", "Cap on trust fees, a year")
    ] == ["not disclosed", "none", "none"]
    assert banks_of(of)["east"].aliases == ()


def test_the_deal_is_ranked_among_its_type():
    """c1 and c2 in their windows: 300/1000 and 100/500 recovered.

    300/300 and 100/80 covered; forecasts of 100 + 240 × 15/24 = 250 and of 125.
    """
    places = deals()["c1"].places
    assert [place.title for place in places] == ["Recovery rate", "Percentage deviation", "Senior coverage"]
    assert [place.value.text for place in places] == ["30.00%", "20.00%", "1.00x"]
    assert [(place.rank.text, place.peers.text) for place in places] == [
        ("no. 1", "2 deals"),
        ("no. 1", "2 deals"),
        ("no. 2", "2 deals"),
    ]
    recovery = places[0].strip
    assert (recovery.low.value.text, recovery.low.deal.page) == ("20.00%", "deals/c2.html")
    assert (recovery.high.value.text, recovery.high.deal.text) == ("30.00%", "Tiny C1")
    assert recovery.mean.number == "recovery_by_type/corporate/mean_recovery"
    assert recovery.mean.text == "25.00%"


def test_marks_lie_where_their_values_are():
    """Between 2 and 98 per cent of the width; offsets of 20 % and −20 % put zero in the middle."""
    recovery, offset, coverage = (place.strip for place in deals()["c1"].places)
    assert (
        [dot.at for dot in recovery.marked],
        [dot.at for dot in recovery.dots],
        recovery.mean_at,
        recovery.zero_at,
    ) == (["98.00%"], ["2.00%"], "50.00%", "")
    assert (offset.zero_at, [dot.at for dot in offset.dots]) == ("50.00%", ["2.00%"])
    assert [dot.at for dot in coverage.marked] == ["2.00%"]
    assert "Lowest 20.00%, highest 30.00%, mean 25.00%" in recovery.alt


def test_the_only_deal_of_its_type_stands_in_the_middle():
    assert [dot.at for place in deals()["m1"].places for dot in place.strip.marked] == ["50.00%"] * 3


def test_a_deal_that_jumps_its_window_is_not_ranked():
    page = deals()["m2"]
    assert page.places == ()
    assert page.window.text.startswith("Not ranked: the deal has no collection date inside the observation window")
    assert {key: cell.text for key, cell in page.window.values.items()} == {"low": "24 months", "high": "30 months"}
    assert [item.absent for item in page.coverage] == ["", "no collection date inside it"]


def test_the_window_names_the_reading():
    values = deals()["m1"].window.values
    assert {key: cell.number for key, cell in values.items()} == {
        "low": "observation_windows/mortgage/low",
        "high": "observation_windows/mortgage/high",
        "date": "window_readings/m1/date",
        "age": "window_readings/m1/age",
    }
    assert values["age"].text == "30.0 months"


def test_coverage_at_the_last_date_and_in_the_window():
    """c1: 340 and 300 over a senior face of 300."""
    assert [(item.value.text, item.date.text) for item in deals()["c1"].coverage] == [
        ("1.13x", "12 September 2019"),
        ("1.00x", "16 March 2019"),
    ]


def test_collections_carry_the_anchors_of_their_table():
    page = deals()["c2"]
    assert texts(page.collections) == [
        ["2017-06-26", "2016-07-01", "12.0", "20", "20", "4.00%", "25", "−5", "−20.00%", "2017-07-16"],
        ["2019-06-16", "2017-06-27", "36.0", "80", "100", "20.00%", "125", "−25", "−20.00%", "2019-07-06"],
    ]
    row = page.collections.groups[0].rows[1]
    assert row.head.id == "c2@2019-06-16.date"
    assert {cell.id for cell in row.cells if cell.id} == {
        f"c2@2019-06-16.{key}"
        for key in ("age", "collected", "cumulative", "recovery", "forecast", "deviation", "offset")
    }


def test_restated_values_are_marked():
    page = deals()["u1"]
    assert [row[-1] for row in texts(page.collections)] == ["2019-02-16", "2019-09-30 (restated)", "2020-02-11"]
    assert texts(page.payments) == [["2019-02-20", "Senior", "40", "1", "2019-03-25 (restated)"]]


def test_payments_in_the_order_of_their_dates():
    assert [row[:3] for row in texts(deals()["c1"].payments)] == [
        ["2017-01-20", "Senior", "200"],
        ["2018-01-20", "Senior", "100"],
        ["2019-10-10", "Subordinated", "60"],
    ]


def test_a_reader_turns_to_the_deals_of_the_type():
    pages = deals()
    assert list(pages) == ["c1", "c2", "m1", "m2", "u1", "u2"]
    turns = [
        (page.previous.href if page.previous else None, page.next.href if page.next else None)
        for page in pages.values()
    ]
    assert turns == [
        (None, "c2.html"),
        ("c1.html", None),
        (None, "m2.html"),
        ("m1.html", None),
        (None, "u2.html"),
        ("u1.html", None),
    ]


def test_sources_name_tables_and_lines():
    sources = deals()["c2"].sources
    assert [link.href for link in sources.tables] == [
        f"../tables/{key}.html"
        for key in ("deal_summary", "deal_recovery", "deal_position", "window_readings", "recovery_by_type")
    ]
    assert {item.file: item.lines for item in sources.files} == {
        "data/deals.csv": "3",
        "data/tranches.csv": "4–5",
        "data/collections.csv": "7–8",
        "data/forecasts.csv": "4–6",
        "data/payments.csv": "5",
    }
    assert sources.data_page == "../data.html"
    assert [item.count for item in deals()["u2"].sources.files] == [1, 2, 0, 1, 0]


@pytest.mark.parametrize(
    ("lines", "text"), [([], ""), ([7], "7"), ([9, 2, 3, 4], "2–4, 9"), ([1, 3, 5], "1, 3, 5"), ([5, 4], "4–5")]
)
def test_lines_in_ranges(lines: list[int], text: str):
    assert line_ranges(lines, ", ") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_identity_names_the_value_that_it_shows(language: str):
    of = localized(language)
    pages = (*deals(language).values(), *banks_of(of).values(), bank_list(Cells(of)))
    cells = [cell for page in pages for cell in every_cell(page) if cell.number and not cell.reason]
    assert len(cells) > 200
    for cell in cells:
        table, row, column = cell.number.split("/")
        result = of.results[table]
        assert isinstance(result, Result)
        assert cell.raw == raw(result.frame.at[row, column]) != ""


def test_languages_show_the_same_figures():
    numbers = [
        [(cell.number, cell.raw, cell.id) for page in deals(language).values() for cell in every_cell(page)]
        for language in LANGUAGES
    ]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_any_report(language: str):
    of = localized(language, date(2016, 6, 1))
    page = deals_of(of)["c1"]
    assert page.window.text
    assert set(page.window.values) == {"reason"}
    assert page.places == ()
    assert page.tiles[2].value.text == "0.00%"
    assert banks_of(of)["east"].strips == ()
    assert next(deal_lists(Cells(of), Deals(Cells(of), Strips(Cells(of))).ordered)).sections
    assert list(deal_specifications(of)) == ["c1"]


@pytest.mark.parametrize("file", ["collections", "forecasts", "payments"])
def test_a_file_without_records(file: str):
    of = changed({file: []})
    assert len(deals_of(of)) == 6
    assert len(banks_of(of)) == 2
