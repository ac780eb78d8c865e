"""Tables that are wider or longer than their place: names and heads stay, and a shadow tells where they go on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageStat

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
WIDTHS = (390, 1280)
LAST = "table => [...table.querySelectorAll('tbody tr:last-child td[id]')].at(-1).id"
BROKEN = """tables => tables.flatMap(table => [...table.querySelectorAll("thead th")].flatMap(head => {
  const texts = document.createTreeWalker(head, NodeFilter.SHOW_TEXT), broken = [];
  while (texts.nextNode()) {
    for (const { index, 0: word } of texts.currentNode.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + word.length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) broken.push(word);
    }
  }
  return broken;
}))"""


def box(element: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of an element in the window."""
    found = element.bounding_box()
    assert found
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


def brightness(page: Page, frame: Locator) -> float:
    """How bright the right edge of a frame's first rows is."""
    _, top, right, _ = box(frame)
    clip = {"x": right - 6, "y": top + 100, "width": 4, "height": 80}
    return ImageStat.Stat(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("L")).mean[0]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scripts", [True, False])
def test_names_and_heads_stay_in_view(chromium: Browser, site: str, width: int, *, scripts: bool):
    size = {"width": width, "height": 844}
    with chromium.new_context(viewport=size, java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(f"{site}/en/tables/deal_summary.html")
        frame = page.locator("#tbl-deal_summary .scroll")
        frame.scroll_into_view_if_needed()
        frame.evaluate("frame => frame.scrollTo(150, 400)")
        left, top, _, bottom = box(frame)
        assert bottom - top < 844
        assert abs(box(page.locator("#tbl-deal_summary thead"))[1] - top) <= 1
        name = page.locator("#tbl-deal_summary tbody tr").nth(14).locator("th")
        assert abs(box(name)[0] - left) <= 1
        assert box(page.locator("#tbl-deal_summary tbody tr").first)[1] < top


def test_a_shadow_tells_that_a_table_goes_on(page: Page, site: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/en/tables/deal_summary.html")
    frame = page.locator("#tbl-deal_summary .scroll")
    frame.scroll_into_view_if_needed()
    goes_on = brightness(page, frame)
    frame.evaluate("frame => frame.scrollTo(frame.scrollWidth, 0)")
    assert goes_on < brightness(page, frame) - 10


@pytest.mark.parametrize(
    "path", ["recovery", "market", "tables/deal_summary", "tables/issuance_by_type", "deals/index"]
)
def test_no_head_breaks_inside_a_word_on_a_phone(page: Page, site: str, path: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/en/{path}.html")
    assert page.locator("table thead th").count()
    assert page.locator("table").evaluate_all(BROKEN) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("table", ["deal_summary", "issuance_by_originator", "recovery_by_type"])
def test_a_figure_that_is_led_to_stands_with_its_head_in_view(page: Page, site: str, table: str, width: int):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/en/tables/{table}.html")
    anchor = page.locator(f"#tbl-{table} table").evaluate(LAST)
    page.goto("about:blank")
    page.goto(f"{site}/en/tables/{table}.html#{anchor}")
    page.wait_for_timeout(300)
    cell, head = box(page.locator("td:target")), box(page.locator(f"#tbl-{table} thead"))
    frame, name = box(page.locator(f"#tbl-{table} .scroll")), box(page.locator("tr:has(> td:target) > th"))
    assert 0 <= head[1] < head[3] <= cell[1] + 1
    assert cell[3] <= 844
    assert name[2] <= cell[0] + 1
    assert cell[2] <= frame[2] + 1
