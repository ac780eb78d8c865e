"""Light and dark: as the system asks, or as the reader chose, on every page from the first paint on.

And paper is white.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from seeing import LANGUAGES, Heard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


pytestmark = pytest.mark.browser
PAPER = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(251, 250, 247)", "rgb(17, 23, 29)"
REFUSED = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError') } })"
)


@pytest.mark.parametrize(("scheme", "paper"), [("light", LIGHT), ("dark", DARK)])
def test_the_system_decides_first(page: Page, site: str, scheme: str, paper: str):
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{site}/zh/index.html")
    assert page.evaluate(PAPER) == paper


def test_the_reader_s_choice_holds_on_the_next_page(page: Page, heard: Heard, site: str):
    page.emulate_media(color_scheme="light")
    page.goto(f"{site}/en/index.html")
    button = page.locator("button.theme")
    expect(button).to_have_accessible_name("Appearance: as the system")
    button.click()
    expect(button).to_have_accessible_name("Appearance: light")
    button.click()
    expect(button).to_have_accessible_name("Appearance: dark")
    assert page.evaluate(PAPER) == DARK
    page.goto(f"{site}/zh/tables/recovery_by_type.html")
    assert page.evaluate(PAPER) == DARK
    expect(page.locator("button.theme")).to_have_accessible_name("外观：深色")
    page.locator("button.theme").click()
    assert page.evaluate(PAPER) == LIGHT
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(PAPER) == DARK, "back to the system's"
    assert heard.complaints == []


def test_a_choice_against_the_system(page: Page, site: str):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site}/en/index.html")
    page.locator("button.theme").click()
    assert page.evaluate(PAPER) == LIGHT
    page.reload()
    assert page.evaluate(PAPER) == LIGHT


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_choice_is_read_before_anything_is_painted(built: Path, language: str):
    """A script without ``defer`` or ``async`` holds the page; it stands ahead of the style sheets."""
    for page in (built / language).rglob("*.html"):
        head = page.read_text(encoding="utf-8").split("</head>")[0]
        scripts = re.findall(r"<script\b[^>]*>", head)
        assert len(scripts) == 1
        assert re.fullmatch(r'<script src="(\.\./)+assets/theme\.js"( data-formulas)?>', scripts[0])
        assert head.index("<script") < head.index('rel="stylesheet"')


def test_a_refused_storage_costs_only_the_memory(chromium: Browser, heard: Heard, served: str):
    with chromium.new_context(color_scheme="light") as context:
        context.add_init_script(REFUSED)
        page = context.new_page()
        heard.listen(page)
        page.goto(f"{served}/en/index.html")
        button = page.locator("button.theme")
        button.click()
        button.click()
        assert page.evaluate(PAPER) == DARK
        assert heard.complaints == []


def test_without_scripts_there_is_no_dead_button(chromium: Browser, site: str):
    with chromium.new_context(java_script_enabled=False, color_scheme="dark") as context:
        page = context.new_page()
        page.goto(f"{site}/en/index.html")
        expect(page.locator("button.theme")).to_be_hidden()
        expect(page.locator("button.copy").first).to_be_hidden()
        expect(page.locator("main h1")).to_be_visible()


def test_print_is_black_on_white_without_the_screen_s_furniture(page: Page, site: str):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site}/zh/recovery.html")
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    for furniture in (".tools", ".chapters", ".contents", ".turn", ".bottom .links"):
        expect(page.locator(furniture)).to_be_hidden()
    expect(page.locator("figure.table table").first).to_be_visible()
    expect(page.locator(".notice summary")).to_be_visible()
