"""What a reader takes away.

Files that hold the numbers of the page, citations, and nothing that a page would fetch from elsewhere.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import expect
from seeing import LANGUAGES, Heard, charts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route


pytestmark = pytest.mark.browser
KINDS = (
    "index.html",
    "recovery.html",
    "methodology.html",
    "tables/recovery_by_type.html",
    "tables/index.html",
    "deals/jianxin-2016-1.html",
    "originators/abc.html",
    "deals/index.html",
    "originators/index.html",
)
CELLS = "all => all.map(one => [one.dataset.number, one.value])"


def fetched(page: Page, link: str) -> bytes:
    """What the link's address gives."""
    address = page.locator(link).first.get_attribute("href")
    assert address
    answer = page.request.get(urljoin(page.url, address))
    assert answer.ok
    return answer.body()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "table",
    [
        "issuance_by_type",
        "recovery_by_type",
        "recovery_by_originator",
        "forecast_accuracy_by_type",
        "redemption_status",
        "recovery_distribution",
    ],
)
def test_the_csv_holds_the_values_of_the_page(page: Page, served: str, language: str, table: str):
    page.goto(f"{served}/{language}/tables/{table}.html")
    shown = dict(page.locator(f"#tbl-{table} td data").evaluate_all(CELLS))
    head, *rows = csv.reader(io.StringIO(fetched(page, "a[download][href$='.csv']").decode(), newline=""))
    stored = {
        f"{table}/{row[0]}/{name.split(' [')[0]}": value
        for row in rows
        for name, value in zip(head[1:], row[1:], strict=True)
        if value
    }
    assert shown
    assert shown.items() <= stored.items()
    assert len(shown) >= 0.5 * len(stored), "the page prints most of what it offers"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapter_and_the_passport_show_the_same_values(page: Page, served: str, language: str):
    page.goto(f"{served}/{language}/recovery.html")
    there = {
        key: dict(page.locator(f"#tbl-{key} td data").evaluate_all(CELLS))
        for key in ("recovery_by_type", "forecast_accuracy_by_type")
    }
    for key, values in there.items():
        page.goto(f"{served}/{language}/tables/{key}.html")
        assert values == dict(page.locator(f"#tbl-{key} td data").evaluate_all(CELLS)) != {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_offers_note_workbook_tables_and_tie_out(page: Page, served: str, language: str):
    page.goto(f"{served}/{language}/index.html")
    assert fetched(page, ".actions a[href$='.pdf']").startswith(b"%PDF-")
    assert fetched(page, ".actions a[href$='.xlsx']").startswith(b"PK")
    assert page.locator(".actions a").evaluate_all("links => links.map(link => link.getAttribute('href'))")[2:] == [
        "tables/index.html",
        "tie-out.html",
        "#cite",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_offers_every_table_as_csv(page: Page, served: str, built: Path, language: str):
    page.goto(f"{served}/{language}/tables/index.html")
    links = page.locator("section.catalogue li a[href$='.csv']")
    names = [
        urlsplit(address).path.rsplit("/", 1)[1]
        for address in links.evaluate_all("links => links.map(link => link.href)")
    ]
    assert sorted(names) == sorted(path.name for path in (built / "downloads" / "tables").glob("*.csv"))
    for name, link in zip(names[:3], links.all()[:3], strict=True):
        with page.expect_download() as saved:
            link.click()
        assert saved.value.path().read_bytes() == (built / "downloads" / "tables" / name).read_bytes()


def test_the_citation_is_copied(context: BrowserContext, page: Page, served: str):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{served}/en/index.html")
    button = page.locator("button[data-copy=cite-text]")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#cite-text").inner_text()
    page.locator(".cite details").nth(1).locator("summary").click()
    page.locator("button[data-copy=cite-csl]").click()
    expect(page.locator("button[data-copy=cite-csl]")).to_have_text("Copied")
    assert json.loads(page.evaluate("navigator.clipboard.readText()"))[0]["type"] == "report"


def test_a_refused_clipboard_selects_the_text(chromium: Browser, served: str):
    with chromium.new_context() as context:
        context.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        page = context.new_page()
        page.goto(f"{served}/zh/index.html")
        page.locator("button[data-copy=cite-text]").click()
        assert page.evaluate("getSelection().toString().trim()") == page.locator("#cite-text").inner_text()


@pytest.mark.parametrize("kind", ["bib", "json"])
def test_citation_files_are_saved(page: Page, served: str, built: Path, kind: str):
    page.goto(f"{served}/zh/index.html")
    page.locator(".cite details").nth(["bib", "json"].index(kind)).locator("summary").click()
    with page.expect_download() as saved:
        page.locator(f".cite a[href$='.{kind}']").click()
    assert saved.value.path().read_bytes() == (built / "downloads" / f"cite.zh.{kind}").read_bytes()


def test_every_page_leads_to_the_citation(page: Page, site: str):
    page.goto(f"{site}/zh/deals/hecui-2017-2.html")
    page.locator(".bottom a[href$='#cite']").click()
    page.wait_for_url(f"{site}/zh/index.html#cite")
    expect(page.locator("#cite")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1280, 390])
def test_no_request_leaves_the_site(chromium: Browser, heard: Heard, served: str, width: int):
    """Everything foreign is stopped at the door and written down; charts and the search are used as well."""
    foreign = []

    def stop(route: Route) -> None:
        foreign.append(route.request.url)
        route.abort()

    with chromium.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce") as context:
        context.route(lambda url: not url.startswith((served, "data:", "blob:")), stop)
        page = context.new_page()
        heard.listen(page)
        for place, path in enumerate(KINDS):
            page.goto(f"{served}/{LANGUAGES[place % 2]}/{path}")
            charts(page)
            page.locator("button.find").click()
            page.locator("dialog.search input").fill("2016")
            expect(page.locator("dialog.search li").first).to_be_visible()
            assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), (
                path
            )
    assert foreign == []
    assert heard.complaints == []
