"""What pages of the sample weigh on the first visit, and that nothing on them moves while they come up.

``make bench`` prints the same of every kind of page.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse

import pytest
from seeing import LANGUAGES, Heard

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
FRONT, CHAPTER, CHINESE = 150_000, 350_000, 270_000
"""Bytes as they are sent, pictures and fonts included, before a chart is touched.

On a machine that has no Chinese of its own our Chinese comes on top.
"""
PACKED = (".woff2", ".png")
SHIFTS = """
new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((item) => { sum += item.value; }))
    .observe({ type: "layout-shift", buffered: true });
  document.fonts.ready.then(() => setTimeout(() => resolve(sum), 300));
})
"""


def sent(url: str) -> int:
    """Bytes of a file as a server sends them that packs text with gzip at level 6."""
    path = Path(unquote(urlparse(url).path))
    data = path.read_bytes()
    return len(data) if path.suffix in PACKED else len(gzip.compress(data, 6, mtime=0))


def weight(page: Page, heard: Heard, address: str) -> dict[str, int]:
    """Bytes of everything that a page asks for, by name."""
    heard.requests.clear()
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => null)")
    return {url.rpartition("/")[2]: sent(url) for url in dict.fromkeys(heard.requests)}


def test_the_first_english_page_is_light(page: Page, heard: Heard, built_2021: Path):
    found = weight(page, heard, f"{built_2021.as_uri()}/en/index.html")
    assert sum(found.values()) < FRONT
    assert "npl-latin-400.woff2" in found
    assert sum(size for name, size in found.items() if name.startswith("npl-sans")) < 10_000, "of Chinese a few names"
    assert heard.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_chapters_are_light_before_a_chart_is_touched(page: Page, heard: Heard, built_2021: Path, language: str):
    folder = built_2021 / language
    heavy = {}
    for path in sorted(folder.glob("*.html")):
        found = weight(page, heard, path.as_uri())
        assert "vega.js" not in found
        chinese = sum(size for name, size in found.items() if name.startswith("npl-sans"))
        if sum(found.values()) - chinese >= CHAPTER or chinese >= (CHINESE if language == "zh" else 10_000):
            heavy[path.name] = found
    assert heavy == {}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_moves_when_a_page_comes_up(page: Page, served: str, language: str, width: int):
    page.set_viewport_size({"width": width, "height": 844})
    for name in ("index", "recovery", "methodology"):
        page.goto(f"{served}/{language}/{name}.html")
        assert page.evaluate(SHIFTS) < 0.05, name


@pytest.mark.parametrize("path", ["deals/index", "originators/index", "tables/deal_recovery", "latest"])
def test_nothing_moves_where_scripts_come_late(page: Page, served: str, path: str):
    """What scripts give life to has its place before they are there; the network is that of a slow phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
    session.send("Network.emulateNetworkConditions", slow)
    page.goto(f"{served}/en/{path}.html", wait_until="networkidle")
    assert page.evaluate(SHIFTS) < 0.04, path


def test_the_font_of_formulas_is_asked_for_where_there_are_some(page: Page, served: str):
    for name, there in (("methodology", 1), ("recovery", 0)):
        page.goto(f"{served}/en/{name}.html")
        assert page.locator("head link[rel=preload][href*=npl-math]").count() == there, name
        assert (page.locator("math").count() > 0) == bool(there), name
