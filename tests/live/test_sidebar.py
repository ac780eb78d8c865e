"""The sidebar of the preview: where the prose of a page stands, what to look at, and how prose binds a figure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.helpers.tinyproject import tiny_project
from tests.live.serving import LONGEST, Served, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DRAFT = "---\ntitle: Recovery\ndescription: How much was recovered.\ndraft: true\n---\n"
UNCLAIMED = "Almost half of the deals are mortgages.\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tiny_project(tmp_path_factory.mktemp("sidebar") / "project")
    series = (root / "report" / "en" / "recovery.qmd").read_text(encoding="utf-8")
    own = root / "report" / "editions" / "2020-03" / "en" / "recovery.qmd"
    own.parent.mkdir(parents=True)
    own.write_text(f"{DRAFT}\n{UNCLAIMED}{series.split('---', 2)[2]}", encoding="utf-8")
    with serving(root, "--edition", "2020-03") as found:
        yield found


def notes(served: Served, page: str) -> dict[str, Any]:
    return json.loads(served.text(f"/~live/notes?page={page}"))


def test_the_page_of_an_edition_is_named_with_what_to_look_at(served: Served):
    found = notes(served, "en/recovery.html")
    assert found["file"] == "report/editions/2020-03/en/recovery.qmd"
    draft, unclaimed = found["notes"][:2]
    assert draft.startswith("report/editions/2020-03/en/recovery.qmd: the page is a draft")
    assert unclaimed.startswith("report/editions/2020-03/en/recovery.qmd, row 7")
    assert "Almost half" in unclaimed


def test_the_other_language_has_the_page_of_the_series(served: Served):
    found = notes(served, "zh/recovery.html")
    assert found["file"] == "report/zh/recovery.qmd"
    assert not any("draft" in note for note in found["notes"])


@pytest.mark.parametrize("page", ["en/tables/recovery_by_type.html", "", "nowhere.html", "en/no-such-page.html"])
def test_pages_without_prose_have_no_file(served: Served, page: str):
    assert notes(served, page)["file"] == ""


@pytest.fixture
def page(chromium: Browser, served: Served) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.address)
    page = context.new_page()
    page.set_default_timeout(LONGEST * 1000)
    page.goto(f"{served.address}/en/recovery.html")
    yield page
    context.close()


@pytest.mark.browser
def test_a_clicked_figure_can_be_copied_as_prose_has_it(page: Page):
    page.locator(".npl-side > summary", has_text="to look at").click()
    assert page.locator(".npl-side li").first.inner_text().startswith("report/editions/2020-03/en/recovery.qmd")
    figure = page.locator("td data[data-number]").first
    table, row, column = str(figure.get_attribute("data-number")).split("/")
    figure.click()
    page.locator(".npl-side button").first.click()
    page.get_by_text("copied", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f'{{{{ n("{table}", "{row}", "{column}") }}}}'
    page.reload()
    assert page.locator(".npl-side").get_attribute("open") is not None


@pytest.mark.browser
def test_the_sidebar_is_not_printed(page: Page):
    assert page.locator(".npl-side").is_visible()
    page.emulate_media(media="print")
    assert not page.locator(".npl-side").is_visible()
