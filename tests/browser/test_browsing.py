"""Every page in Chromium: it complains of nothing, asks no other host, fits the screen.

Links and downloads work as readers use them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import expect
from seeing import LANGUAGES, SOME_OR_ALL, Heard, charts, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


pytestmark = pytest.mark.browser
OTHER = {"zh": "en", "en": "zh"}
KINDS = (
    *("index.html", "recovery.html", "data.html", "tables/index.html", "tables/recovery_by_type.html"),
    "tables/deal_recovery.2.html",
)
"""A page of every kind, where looking at all of them would only cost time."""
SOME = (
    *KINDS,
    "market.html",
    "structure.html",
    "methodology.html",
    "tables/break_even_by_type.html",
    "deals/index.html",
    "deals/jianxin-2016-1.html",
    "originators/abc.html",
)
"""A dozen pages: of every kind, and those with the most charts and the widest tables."""
WIDTHS = {"phone": 390, "desk": 1280}


def paths(built: Path, language: str, extent: str = "all") -> list[str]:
    """Every page of a language, or some."""
    if extent == "some":
        return [f"{language}/{path}" for path in SOME]
    return sorted(path.relative_to(built).as_posix() for path in (built / language).rglob("*.html"))


@pytest.mark.parametrize("extent", SOME_OR_ALL)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_complaint_and_no_foreign_request(
    page: Page, heard: Heard, site: str, built: Path, language: str, extent: str
):
    """Console, policy, failed and foreign requests of pages, their charts drawn.

    From the server a page of every kind is enough.
    """
    for path in (
        paths(built, language, extent) if site.startswith("file:") else [f"{language}/{path}" for path in KINDS]
    ):
        page.goto(f"{site}/{path}")
        charts(page)
    assert heard.complaints == []
    assert {
        f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        for url in heard.requests
        if not url.startswith(("data:", "blob:"))
    } == {site if site.startswith("http") else "file://"}


@pytest.mark.parametrize(
    ("width", "extent"), [("phone", "some"), ("desk", "some"), pytest.param("phone", "all", marks=pytest.mark.whole)]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sideways_scrolling(page: Page, built: Path, language: str, width: str, extent: str):
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    wide = []
    for path in paths(built, language, extent):
        page.goto(f"{built.as_uri()}/{path}")
        charts(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    assert wide == []


@pytest.mark.parametrize("extent", SOME_OR_ALL)
@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_show_all_their_columns_on_a_desk(page: Page, built_2021: Path, language: str, width: int, extent: str):
    """On chapters, which show the research tables, and on passports alike.

    A table of twenty columns and more needs a larger window.
    """
    page.set_viewport_size({"width": width, "height": 800})
    cut = []
    for path in [
        path for path in paths(built_2021, language) if path.count("/") == 1 or (extent == "all" and "/tables/" in path)
    ]:
        page.goto(f"{built_2021.as_uri()}/{path}")
        cut += page.evaluate(
            "[...document.querySelectorAll('figure.table > .scroll')].filter("
            "box => box.scrollWidth > box.clientWidth + 1 && "
            "box.querySelectorAll('tbody tr:first-child > *').length < 20"
            ").map(box => box.parentElement.id)"
        )
    assert cut == []


def test_the_front_door_opens_the_first_language(page: Page, heard: Heard, site: str):
    page.goto(f"{site}/index.html")
    page.wait_for_url(f"{site}/zh/index.html")
    assert page.locator(".brand").inner_text().strip() == "不良资产证券化深度研究"
    assert heard.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_switch_stays_on_the_page(page: Page, site: str, language: str):
    for path in KINDS:
        page.goto(f"{site}/{language}/{path}")
        page.locator("a.language").click()
        page.wait_for_url(f"{site}/{OTHER[language]}/{path}*")
        assert page.evaluate("document.documentElement.lang").startswith(OTHER[language])


def test_language_switch_keeps_the_place(page: Page, site: str):
    page.goto(f"{site}/en/recovery.html#tbl-recovery_by_type")
    page.locator("a.language").click()
    page.wait_for_url(f"{site}/zh/recovery.html#tbl-recovery_by_type")
    assert page.locator(":target").get_attribute("id") == "tbl-recovery_by_type"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["index.html", "market.html", "recovery.html"])
def test_a_number_leads_to_its_cell(page: Page, site: str, language: str, path: str):
    page.goto(f"{site}/{language}/{path}")
    number = page.locator("article a.num").first
    data = number.locator("data")
    identity, value = data.get_attribute("data-number"), data.get_attribute("value")
    assert identity
    table, row, column = identity.split("/")
    number.click()
    page.locator(".of-figure").get_by_role("link").click()
    page.wait_for_url(f"{site}/{language}/tables/{table}.html#{row}.{column}")
    cell = page.locator(":target")
    assert cell.locator("data").get_attribute("value") == value
    assert cell.evaluate("cell => cell.tagName") == "TD"
    wait_until(
        page,
        "(() => { const box = document.querySelector(':target').getBoundingClientRect(); "
        "return box.top >= 0 && box.bottom <= innerHeight })()",
    )


def test_the_target_cell_stands_out(page: Page, site: str):
    page.goto(f"{site}/en/tables/recovery_by_type.html#mortgage.mean_recovery")
    look = (
        "cell => { const style = getComputedStyle(cell); "
        "return [style.backgroundColor, style.outlineStyle, style.boxShadow].join() }"
    )
    assert page.locator(":target").evaluate(look) != page.locator("[id='corporate.mean_recovery']").evaluate(look)


@pytest.mark.parametrize("extent", SOME_OR_ALL)
@pytest.mark.parametrize("language", LANGUAGES)
def test_downloads_exist(page: Page, served: str, built: Path, language: str, extent: str):
    for path in [
        path
        for path in paths(built, language, extent)
        if "/tables/" in path
        and path.count(".") == 1
        and not path.endswith("/index.html")  # no further page of a table
    ]:
        page.goto(f"{served}/{path}")
        addresses = page.locator("a[download]").evaluate_all("links => links.map(link => link.href)")
        assert len(addresses) >= 3
        for address in addresses:
            answer = page.request.get(address)
            assert answer.ok, address
            assert answer.body()


def test_note_is_offered_on_every_page(page: Page, served: str):
    page.goto(f"{served}/en/market.html")
    address = page.locator("a.button").get_attribute("href")
    assert address
    assert page.request.get(urljoin(page.url, address)).body().startswith(b"%PDF-")


def test_a_download_is_saved_under_its_name(page: Page, served: str, built: Path):
    page.goto(f"{served}/en/tables/recovery_by_type.html")
    with page.expect_download() as saved:
        page.locator("a[download][href$='tables/recovery_by_type.csv']").click()
    assert saved.value.suggested_filename == "recovery_by_type.csv"
    assert saved.value.path().read_bytes() == (built / "downloads" / "tables" / "recovery_by_type.csv").read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_evidence_goes_on_without_scripts(chromium: Browser, site: str, language: str):
    with chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{site}/{language}/tables/deal_recovery.html#evidence")
        assert page.locator("details.evidence").count() > 10
        page.locator("nav.pager [rel=next]").last.click()
        page.wait_for_url("**/deal_recovery.evidence.2.html")
        group = page.locator("details.evidence").first
        group.locator("summary").click()
        expect(group.locator("tbody tr").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator("nav.pager [rel=prev]").first.click()
        page.wait_for_url("**/deal_recovery.html#evidence")


def test_evidence_opens(page: Page, site: str):
    page.goto(f"{site}/en/tables/recovery_by_type.html")
    evidence = page.locator("details.evidence").first
    assert not evidence.locator("table").is_visible()
    evidence.locator("summary").click()
    assert evidence.locator("tbody tr").count() == 6
    assert evidence.locator("table").is_visible()


def test_keyboard_reaches_the_content_first(page: Page, site: str):
    page.goto(f"{site}/en/market.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_pages_are_set_in_their_own_fonts(page: Page, site: str):
    page.goto(f"{site}/zh/index.html")
    page.evaluate("document.fonts.ready.then(() => null)")
    loaded = page.evaluate(
        "[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family.replaceAll('\"', ''))"
    )
    assert "NPL Sans" in loaded
