"""Long tables keep no page from answering: what is out of view is laid out later, and is all there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from seeing import Heard

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
FIRST = 24
"""Rows of a table, heads among them, that are laid out before the page is there."""
LAID_OUT = """
addEventListener("DOMContentLoaded", () => {
  const seen = (table) => [...table.rows].filter((row) => row.getClientRects().length).length;
  globalThis.laidOut = [...document.querySelectorAll(".long > table")].map((table) => [seen(table), table.rows.length]);
});
"""
PAGES = ("tables/deal_summary", "deals/index")


@pytest.mark.parametrize("mistyped", ["", "#100%"])
@pytest.mark.parametrize("path", PAGES)
def test_rows_below_the_frame_come_later_and_all_come(page: Page, heard: Heard, site: str, path: str, mistyped: str):
    page.add_init_script(LAID_OUT)
    page.goto(f"{site}/en/{path}.html{mistyped}")
    found = page.evaluate("laidOut")
    assert any(whole > FIRST for _, whole in found)
    assert all(seen <= FIRST for seen, _ in found)
    expect(page.locator("tr.waiting")).to_have_count(0)
    assert heard.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_row_that_is_led_to_is_there_at_once(page: Page, site: str, width: int):
    """It stands where it does once all rows are there."""
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/en/tables/deal_summary.html")
    anchor = page.locator(".long td[id]").last.get_attribute("id")
    page.goto("about:blank")
    page.goto(f"{site}/en/tables/deal_summary.html#{anchor}")
    cell = page.locator("td:target")
    first = cell.bounding_box()
    expect(page.locator("tr.waiting")).to_have_count(0)
    page.wait_for_timeout(300)
    last = cell.bounding_box()
    assert first
    assert last
    assert abs(first["y"] - last["y"]) <= 8
    assert 0 < last["y"] < 844


def test_what_is_out_of_view_waits_but_not_on_paper(page: Page, site: str):
    page.goto(f"{site}/en/deals/index.html")
    frame, row = page.locator(".long").last, page.locator(".long tbody tr").last
    row.evaluate("row => row.classList.add('waiting')")
    expect(frame).to_have_css("content-visibility", "auto")
    expect(row).to_have_css("display", "none")
    page.emulate_media(media="print")
    expect(frame).to_have_css("content-visibility", "visible")
    expect(row).to_have_css("display", "table-row")
