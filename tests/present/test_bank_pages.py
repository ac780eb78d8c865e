"""Pages of banks, and the lists of all deals and banks."""

from __future__ import annotations

from npl_report.present.profiles import Cells, Deals, Strips, bank_list, deal_lists
from tests.helpers import tiny
from tests.present.profiled import changed, localized
from tests.present.seen_profiles import banks_of, texts


def test_the_page_of_a_bank():
    """East: c1, m1, u1 of 400, 250, 120 out of 1000; pools of 1000, 400, 1000."""
    page = banks_of(localized())["east"]
    assert (page.name, page.full_name, page.path) == ("East", "Bank of the East", "originators/east.html")
    assert page.aliases == ("东方", "Eastern Bank")
    assert [tile.value.text for tile in page.tiles] == ["3 deals", "CNY 770 mn", "77.00%", "CNY 2,400 mn"]
    assert texts(page.by_type) == [
        ["Corporate", "1", "30.00%", "25.00%", "20.00%", "0.00%"],  # offsets of 20 % and −20 %
        ["Mortgage", "1", "40.00%", "40.00%", "60.00%", "60.00%"],
        ["Unsecured retail", "1", "15.00%", "15.00%", "0.00%", "0.00%"],
    ]
    assert [(group.label, [row.head.text for row in group.rows]) for group in page.deals.groups] == [
        ("Corporate", ["Tiny C1"]),
        ("Mortgage", ["Tiny M1"]),
        ("Unsecured retail", ["Tiny U1"]),
    ]
    assert [len(item.strip.marked) for item in page.strips] == [1, 1, 1]


def test_a_bank_without_readings_in_a_type_says_so():
    page = banks_of(localized())["west"]
    assert page.aliases == ()
    assert texts(page.by_type)[1] == ["Mortgage", "—", "—", "40.00%", "—", "60.00%"]
    assert page.by_type.reasons == ("no deal has a reading inside the observation window",)
    assert [item.asset_type for item in page.strips] == ["Corporate"]


def test_a_bank_whose_deals_have_no_forecast_says_so():
    files = {"forecasts": [row for row in tiny.rows()["forecasts"] if row["deal"] != "c2"]}
    grid = banks_of(changed(files))["west"].by_type
    assert texts(grid)[0] == ["Corporate", "1", "20.00%", "25.00%", "—", "20.00%"]
    assert grid.groups[0].rows[0].cells[3].reason == "the offering circular gives no comparable forecast"


def test_the_list_of_deals():
    [found] = deal_lists(Cells(localized()), Deals(Cells(localized()), Strips(Cells(localized()))).ordered)
    assert [(section.id, section.title, section.count) for section in found.sections] == [
        ("corporate", "Corporate", "2 deals"),
        ("mortgage", "Mortgage", "2 deals"),
        ("unsecured", "Unsecured retail", "2 deals"),
    ]
    assert [(group.label, len(group.rows)) for group in found.sections[2].deals.groups] == [
        ("Issued 2018", 1),
        ("Issued 2020", 1),
    ]
    assert texts(found.sections[0].deals)[0] == [
        "Tiny C1",
        "East",
        "2016-06-01",
        "400",
        "45.0",
        "34.00%",
        "9.68%",
        "100.00%",
    ]
    assert found.sections[0].deals.groups[0].rows[0].head.page == "deals/c1.html"


def test_the_list_of_banks():
    assert texts(bank_list(Cells(localized())).banks) == [
        ["Bank of the East", "3", "770", "77.00%", "2,400"],
        ["Bank of the West", "3", "230", "23.00%", "800"],
    ]
