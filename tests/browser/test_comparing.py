"""Deals side by side: chosen on the list, kept in the address, laid out without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from seeing import LANGUAGES, Heard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
DEALS = ("hecui-2017-2", "nongying-2018-1", "jianxin-2016-1")


@pytest.mark.parametrize("language", LANGUAGES)
def test_deals_are_chosen_on_the_list_and_kept_in_the_address(page: Page, heard: Heard, site: str, language: str):
    page.goto(f"{site}/{language}/deals/index.html")
    boxes = page.locator("tbody th input[type=checkbox]")
    assert boxes.count() == page.locator("tbody th[scope=row]").count()
    for place in range(4):
        boxes.nth(place).check()
    expect(boxes.nth(4)).to_be_disabled()
    assert page.url.partition("#deals=")[2].count(",") == 3
    page.reload()
    assert [boxes.nth(place).is_checked() for place in range(5)] == [True] * 4 + [False]
    page.locator(".choice a").click()
    page.wait_for_url("**/deals/compare.html#deals=*")
    expect(page.locator("#compared thead th")).to_have_count(5)
    assert heard.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_curves_terms_coverage_and_scenarios_stand_beside_each_other(page: Page, heard: Heard, site: str, width: int):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/en/deals/compare.html#deals={','.join(DEALS)}")
    table = page.locator("#compared table")
    expect(table.locator("thead th a[href$='.html']")).to_have_count(3)
    assert page.locator("#compared svg.curves polyline.actual").count() == 3
    assert page.locator("#compared svg.curves polyline.forecast").count() == 3
    row = table.locator("tbody tr", has=page.locator("th", has_text="Issue date"))
    page.goto(f"{site}/en/deals/{DEALS[0]}.html")
    own = page.locator(".facts-list div", has=page.locator("dt", has_text="Issue date")).locator("dd").inner_text()
    page.go_back()
    expect(row.locator("td").first).to_have_text(own)
    assert table.locator("tr.group").count() >= 6
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Take out").first.click()
    expect(table.locator("thead th a[href$='.html']")).to_have_count(2)
    assert heard.complaints == []


def test_no_deal_and_an_unknown_one_are_told(page: Page, site: str):
    page.goto(f"{site}/en/deals/compare.html")
    expect(page.locator("#compared")).to_contain_text("No deal is chosen yet")
    page.goto(f"{site}/en/deals/compare.html#deals=nobody,{DEALS[0]}")
    expect(page.locator("#compared .unavailable")).to_have_text("This edition has no deal with the id nobody.")
    expect(page.locator("#compared thead th")).to_have_count(2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_it_says_so(chromium: Browser, site: str, language: str):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/{language}/deals/compare.html#deals={DEALS[0]}")
        expect(page.locator("#compared .unavailable")).to_contain_text("JavaScript")
        page.goto(f"{site}/{language}/deals/index.html")
        assert page.locator("input[type=checkbox]").count() == 0
        expect(page.locator(".choice")).to_be_hidden()
