"""Charts keep their place: one height before and after they become interactive, whole on paper, no text on another.

Sizes and boxes are those of the browser.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pymupdf
import pytest
from seeing import LANGUAGES, SOME_OR_ALL, charts, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


pytestmark = pytest.mark.browser
SOME = ("market.html", "recovery.html", "annex.html", "tables/time_to_half.html")
"""Pages with the most charts, and one of a table."""
WIDTHS = (390, 1280)
NEAR = 8
"""Pixels that a link may miss its target by."""
HEIGHTS = "all => all.map(one => one.getBoundingClientRect().height)"
OVERLAPS = """() => [...document.querySelectorAll("figure.chart")].flatMap(figure => {
  const texts = [...figure.querySelectorAll("svg text")].filter(
    text => text.textContent.trim() && text.getAttribute("opacity") !== "0" && text.getClientRects().length);
  const ink = text => { // of a line of letters about the middle three fifths
    const box = text.getBoundingClientRect(), air = box.height / 5;
    return { left: box.left, right: box.right, top: box.top + air, bottom: box.bottom - air };
  };
  const boxes = texts.map(text => [ink(text), text.textContent]);
  const found = [];
  boxes.forEach(([a, one], place) => boxes.slice(place + 1).forEach(([b, other]) => {
    const same = one === other && Math.abs(a.left - b.left) < 1 && Math.abs(a.top - b.top) < 1; // its own outline
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (!same && across > 1 && down > 1) found.push(`${figure.id}: ${one} | ${other}`);
  }));
  for (const picture of figure.querySelectorAll(".picture")) {
    const frame = picture.getBoundingClientRect();
    for (const text of picture.querySelectorAll("svg text")) {
      if (!text.getClientRects().length) continue;
      const box = text.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1) found.push(`${figure.id}: cut ${text.textContent}`);
    }
  }
  return found;
})"""

MISSED = """() => { // a page scrolls no farther than to its end
  const root = document.documentElement, target = document.querySelector(":target");
  const wanted = parseFloat(getComputedStyle(root).scrollPaddingTop) || 0;
  const margin = parseFloat(getComputedStyle(target).scrollMarginTop) || 0;
  const by = target.getBoundingClientRect().top - wanted - margin;
  return by > 0 && root.scrollHeight - root.clientHeight - scrollY < 1 ? 0 : by;
}"""
SHIFTED = """() => {
  window.shifted = 0;
  const ours = source => source.node?.nodeName === "FIGURE" || source.node?.parentElement?.closest("figure.chart");
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (entry.sources.some(ours)) window.shifted += entry.value;
  }).observe({ type: "layout-shift" });
}"""


def paths(built: Path, extent: str, languages: tuple[str, ...] = LANGUAGES) -> list[str]:
    """Pages with charts."""
    if extent == "some":
        return [f"{language}/{path}" for language in languages for path in SOME]
    every = (path for language in languages for path in sorted((built / language).rglob("*.html")))
    return [path.relative_to(built).as_posix() for path in every if b'<figure class="chart' in path.read_bytes()]


@pytest.mark.parametrize("extent", SOME_OR_ALL)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_figure_has_one_height(chromium: Browser, page: Page, built: Path, width: int, extent: str):
    """Without scripts, before they have run and after: to the pixel, so that nothing below it moves."""
    page.set_viewport_size({"width": width, "height": 900})
    with chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 900}) as context:
        still = context.new_page()
        for path in paths(built, extent):
            still.goto(f"{built.as_uri()}/{path}")
            without = still.locator("figure.chart").evaluate_all(HEIGHTS)
            page.goto(f"{built.as_uri()}/{path}")
            assert charts(page) == len(without) > 0
            assert page.locator("figure.chart").evaluate_all(HEIGHTS) == pytest.approx(without, abs=1), path


@pytest.mark.parametrize("extent", SOME_OR_ALL)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_link_in_a_page_lands_on_its_target(page: Page, built: Path, width: int, extent: str):
    """Near where the browser scrolls to, before the charts have become interactive and after."""
    page.set_viewport_size({"width": width, "height": 900})
    for path in paths(built, extent, ("en",)):
        for touched in (False, True):
            page.goto(f"{built.as_uri()}/{path}")
            wait_until(page, "document.fonts.status === 'loaded'")
            if touched:
                charts(page)
            targets = page.locator("main a[href^='#']").evaluate_all("all => [...new Set(all.map(one => one.hash))]")
            for target in filter(lambda hash_: len(hash_) > 1, targets):
                page.evaluate("hash => { location.hash = hash }", target)
                missed = page.evaluate(MISSED)
                assert abs(missed) <= NEAR, (path, target, touched)


def test_charts_shift_nothing(page: Page, built: Path):
    """The browser's own measure of what moves while charts are drawn and read through."""
    page.goto(f"{built.as_uri()}/en/recovery.html")
    wait_until(page, "document.fonts.status === 'loaded'")
    page.evaluate(SHIFTED)
    charts(page)
    assert page.evaluate("window.shifted") < 0.01


@pytest.mark.parametrize("interactive", [True, False])
def test_paper_has_every_chart_whole(page: Page, built: Path, tmp_path: Path, *, interactive: bool):
    """The same pictures whether or not charts became interactive on a wide screen: no text beyond the paper's edge."""
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(f"{built.as_uri()}/en/recovery.html")
    if interactive:
        charts(page)
    page.emulate_media(media="print")
    stills = page.locator("figure.chart .still:not(.narrow) svg")
    shown = [still for still in stills.all() if still.is_visible()]
    assert len(shown) == page.locator("figure.chart .panel").count()
    assert page.locator("figure.chart .stage").evaluate_all("all => all.every(one => !one.getClientRects().length)")
    wanted = stills.locator("text:not(:has(tspan)), tspan").all_text_contents()
    printed = tmp_path / "page.pdf"
    page.pdf(path=printed, format="A4", prefer_css_page_size=True)
    with pymupdf.open(printed) as pdf:
        words = [(word[4], pymupdf.Rect(word[:4]), page.rect) for page in pdf for word in page.get_text("words")]
    assert all(rect.x0 >= 0 and rect.x1 <= paper.x1 for _, rect, paper in words)
    there = {word for word, _, _ in words}
    assert {word for text in wanted for word in text.split()} <= there


@pytest.mark.parametrize("extent", SOME_OR_ALL)
@pytest.mark.parametrize("scripts", [True, False])
def test_no_text_of_a_chart_lies_on_another(chromium: Browser, built: Path, extent: str, *, scripts: bool):
    """On a phone, where charts are narrowest, as pictures and interactive; nothing leaves the picture."""
    with chromium.new_context(java_script_enabled=scripts, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        found = []
        for path in paths(built, extent):
            page.goto(f"{built.as_uri()}/{path}")
            if scripts:
                charts(page)
            found += [f"{path} {one}" for one in page.evaluate(OVERLAPS)]
        assert found == []
