"""A figure that is clicked says what it is, on the spot; without scripts its link leads to the passport."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from seeing import LANGUAGES, Heard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
FIGURE = "article a.num:has(data[data-number='recovery_by_type/mortgage/mean_recovery'])"


@pytest.mark.parametrize(("language", "told"), [("en", "Mortgage · Mean recovery rate"), ("zh", None)])
def test_a_click_tells_value_definition_and_deals(page: Page, heard: Heard, site: str, language: str, told: str | None):
    page.goto(f"{site}/{language}/recovery.html")
    link = page.locator(FIGURE).first
    link.click()
    box = page.locator(".of-figure")
    expect(box).to_be_visible()
    expect(box.locator(".value")).to_have_text(link.inner_text())
    if told:
        expect(box.locator(".what")).to_have_text(told)
    expect(box.locator("dd")).to_have_count(3)
    expect(box.locator("dd").nth(2)).to_contain_text("13")
    inside = box.bounding_box()
    assert inside
    assert inside["x"] >= 0
    assert inside["x"] + inside["width"] <= 1280
    box.get_by_role("link").click()
    page.wait_for_url("**/tables/recovery_by_type.html#mortgage.mean_recovery")
    expect(page.locator("td:target")).to_be_in_viewport()
    assert heard.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_keyboard_opens_and_closes_it(page: Page, site: str, width: int):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/en/recovery.html")
    link = page.locator(FIGURE).first
    link.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name="Mortgage")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(box.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(link).to_be_focused()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_the_link_leads_to_the_passport(chromium: Browser, site: str, language: str):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/{language}/recovery.html")
        page.locator(FIGURE).first.click()
        page.wait_for_url("**/tables/recovery_by_type.html#mortgage.mean_recovery")


def test_nothing_is_loaded_before_the_first_click(page: Page, heard: Heard, site: str):
    page.goto(f"{site}/en/recovery.html")
    page.wait_for_load_state("load")
    assert [url for url in heard.requests if url.endswith("figure-index.js")] == []
