"""Pages of deals and banks in Chromium, on a desk and on a phone, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from seeing import LANGUAGES, Heard, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
DEAL = "deals/jianxin-2016-1.html"
"""A deal of the published report, with a place among its type and a redeemed senior tranche."""
PATHS = (DEAL, "deals/jsb-unsecured-2019-1r.html", "originators/ccb.html", "deals/index.html", "originators/index.html")
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def drawn(page: Page) -> None:
    """Bring the curve into view and wait until it is interactive."""
    page.locator("figure.chart").dispatch_event("pointerenter")
    page.locator("figure.chart .panel[data-interactive]").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_fit_and_complain_of_nothing(
    chromium: Browser, heard: Heard, built: Path, language: str, width: int, scheme: str
):
    with chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        heard.listen(page)
        for path in PATHS:
            page.goto(f"{built.as_uri()}/{language}/{path}")
            if page.locator("figure.chart").count():
                drawn(page)
            assert page.evaluate(FITS), path
    assert heard.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_wide_tables_scroll_inside_their_box(page: Page, built: Path, language: str):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{built.as_uri()}/{language}/{DEAL}")
    box = page.locator("#collections .scroll")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    box.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    wait_until(page, "document.querySelector('#collections .scroll').scrollLeft > 0")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_figure_leads_to_its_cell(page: Page, site: str, language: str):
    page.goto(f"{site}/{language}/{DEAL}")
    number = page.locator(".tile data").first
    identity, value = number.get_attribute("data-number"), number.get_attribute("value")
    assert identity == "deal_summary/jianxin-2016-1/recovery"
    number.click()
    page.locator(".of-figure").get_by_role("link").click()
    page.wait_for_url(f"{site}/{language}/tables/deal_summary.html#jianxin-2016-1.recovery")
    assert page.locator(":target data").get_attribute("value") == value


@pytest.mark.parametrize("language", LANGUAGES)
def test_cells_of_the_long_table_are_reached_here(page: Page, site: str, language: str):
    """``deal_recovery`` is too long for its own page; its anchors stand on the pages of the deals."""
    page.goto(f"{site}/{language}/{DEAL}#jianxin-2016-1@2019-12-31.recovery")
    target = page.locator(":target")
    assert target.evaluate("cell => cell.tagName") == "TD"
    assert target.locator("data").get_attribute("data-number") == "deal_recovery/jianxin-2016-1@2019-12-31/recovery"
    wait_until(
        page,
        "(() => { const box = document.querySelector(':target').getBoundingClientRect(); "
        "return box.top >= 0 && box.bottom <= innerHeight })()",
    )


def test_the_curve_says_what_it_shows(page: Page, heard: Heard, site: str):
    page.goto(f"{site}/en/{DEAL}")
    drawn(page)
    texts = page.locator("figure.chart .stage svg text").all_text_contents()
    assert {"Actual", "Forecast", "Observation window"} <= set(texts)
    page.locator("figure.chart .stage svg .mark-symbol path").last.hover()
    box = page.locator("#vg-tooltip-element.visible")
    box.wait_for()
    assert "50.70%" in box.inner_text()
    assert heard.complaints == []


def test_without_scripts_the_curve_is_a_picture(chromium: Browser, site: str):
    with chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{site}/zh/{DEAL}")
        picture, box = (
            page.locator("figure.chart .still.narrow > svg").bounding_box(),
            page.locator("figure.chart .panels").bounding_box(),
        )
        assert picture
        assert box
        assert picture["x"] + picture["width"] <= box["x"] + box["width"] <= 390
        assert picture["width"] >= 340, "as wide as it was drawn"
        assert page.locator("figure.chart .narrow text", has_text="预测").is_visible()


def test_every_deal_of_a_type_is_reached_by_turning(page: Page, built: Path):
    page.goto(f"{built.as_uri()}/en/deals/index.html")
    listed = page.locator("#deals_corporate tbody th a").evaluate_all("links => links.map(link => link.href)")
    assert len(listed) == 12
    page.goto(listed[0])
    seen = [page.url]
    while page.locator("a[rel=next]").count():
        page.goto(page.locator("a[rel=next]").evaluate("link => link.href"))
        seen.append(page.url)
    assert seen == listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_comes_from_a_list_to_a_bank_and_its_deals(page: Page, site: str, language: str):
    page.goto(f"{site}/{language}/originators/index.html")
    page.locator("#banks a[href$='ccb.html']").click()
    page.wait_for_url(f"{site}/{language}/originators/ccb.html")
    assert page.locator(".strip .marked").count() >= 2
    page.locator("#bank_deals a[href$='jianxin-2016-1.html']").click()
    page.wait_for_url(f"{site}/{language}/{DEAL}")
    page.locator(".lead a").click()
    page.wait_for_url(f"{site}/{language}/originators/ccb.html")


def test_the_forecast_opens(page: Page, site: str):
    page.goto(f"{site}/en/{DEAL}")
    table = page.locator("#forecast table")
    assert not table.is_visible()
    page.locator("details.evidence summary").click()
    assert table.is_visible()
    assert table.locator("tbody tr").count() == 20
