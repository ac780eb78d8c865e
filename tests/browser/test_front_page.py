"""The front page as a reader sees it who has a minute: on a phone and on a desk, with and without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from seeing import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
FIGURES = ".deck data, .tile .figure data"
BOTTOM = "all => all.map(one => one.getBoundingClientRect().bottom)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_finding_and_a_figure_of_it_are_on_the_first_screen_of_a_phone(
    page: Page, built: Path, built_2021: Path, language: str
):
    page.set_viewport_size(PHONE)
    for folder in (built, built_2021):
        page.goto(f"{folder.as_uri()}/{language}/index.html")
        assert max(page.locator("h1").evaluate_all(BOTTOM)) < PHONE["height"]
        assert min(page.locator(FIGURES).evaluate_all(BOTTOM)) < PHONE["height"]
        assert page.locator(".chip summary").evaluate_all(BOTTOM)[0] < PHONE["height"] / 2
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_is_on_the_first_screen_of_a_desk(page: Page, built: Path, language: str):
    page.goto(f"{built.as_uri()}/{language}/index.html")
    assert max(page.locator(".tile").evaluate_all(BOTTOM)) < DESK["height"]
    assert page.locator(".vintages svg").first.evaluate("one => one.getBoundingClientRect().top") < DESK["height"]


def test_the_parts_stand_in_the_order_of_a_reader_in_a_hurry(page: Page, built: Path):
    page.goto(f"{built.as_uri()}/en/index.html")
    parts = (".origin", "h1", ".deck", ".tiles", ".vintages", "#findings", "#caveats", ".quiet", "#cite")
    tops = [page.locator(part).first.evaluate("one => one.getBoundingClientRect().top") for part in parts]
    assert tops == sorted(tops)
    assert page.locator(".tile").count() == page.locator(".vintages svg").count()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_chapters_are_one_line_that_opens_without_scripts(chromium: Browser, built: Path, size: dict[str, int]):
    with chromium.new_context(viewport=size, java_script_enabled=False) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{built.as_uri()}/en/recovery.html")
        box, links = page.locator(".chapters"), page.locator(".chapters a")
        closed = box.bounding_box()
        assert closed
        assert closed["height"] < 48
        page.locator(".chapters summary").focus()
        page.keyboard.press("Enter")
        opened = box.bounding_box()
        assert opened
        assert opened["height"] > closed["height"] + 20
        for link in links.all():
            place = link.bounding_box()
            assert place
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= size["width"]


def test_the_menu_shows_the_chapter_that_one_reads(page: Page, built: Path):
    page.set_viewport_size(PHONE)
    for path in ("index", "methodology"):
        page.goto(f"{built.as_uri()}/en/{path}.html")
        current, row = (page.locator(of).bounding_box() for of in (".chapters [aria-current]", ".chapters .row"))
        assert current
        assert row
        assert row["x"] - 1 <= current["x"] < row["x"] + row["width"] / 2


def test_the_chip_opens_the_notice(page: Page, built: Path):
    page.goto(f"{built.as_uri()}/en/index.html")
    notice = page.locator(".chip p")
    assert not notice.is_visible()
    page.locator(".chip summary").click()
    assert notice.is_visible()
    assert "reconstructed sample" in notice.inner_text()
