"""Charts: pictures without scripts, interactive with them; in both cases a text says what they show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from seeing import Heard, charts, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


pytestmark = pytest.mark.browser
CHAPTERS = ("zh/market.html", "en/market.html", "zh/recovery.html", "en/recovery.html")


@pytest.mark.parametrize("path", CHAPTERS)
def test_charts_become_interactive_and_keep_their_text(page: Page, heard: Heard, site: str, path: str):
    page.goto(f"{site}/{path}")
    texts = page.locator("figure.chart .picture").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert charts(page) == len(texts) >= 3
    for figure, text in zip(page.locator("figure.chart").all(), texts, strict=True):
        picture = figure.locator(".picture")
        assert picture.get_attribute("role") == "img"
        assert picture.get_attribute("aria-label") == text
        assert len(text) > 40
        assert text == json.loads(figure.locator(".spec").text_content() or "")["description"]
        assert picture.locator(".stage svg").count() == 1
        assert picture.locator("> svg").count() == 0, "the static picture has made room"
        assert picture.locator("svg text").count() > 3
    assert heard.complaints == []


@pytest.mark.parametrize("path", CHAPTERS)
def test_without_scripts_the_picture_is_shown(chromium: Browser, site: str, path: str):
    with chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{site}/{path}")
        figures = page.locator("figure.chart")
        assert figures.count() >= 3
        for figure in figures.all():
            box = figure.locator(".picture > svg").bounding_box()
            assert box
            assert 200 < box["width"] <= 390
            assert box["height"] > 50
            assert figure.locator("svg text").first.is_visible()


def test_static_and_interactive_chart_say_the_same(chromium: Browser, page: Page, site: str):
    """The labels of both, drawn by the same library from the same specification."""
    with chromium.new_context(java_script_enabled=False) as context:
        still = context.new_page()
        still.goto(f"{site}/en/recovery.html")
        static = [sorted(figure.locator("svg .mark-text text").all_text_contents()) for figure in still.locator("figure.chart").all()]
    page.goto(f"{site}/en/recovery.html")
    charts(page)
    drawn = [sorted(figure.locator(".stage svg .role-mark.mark-text text").all_text_contents()) for figure in page.locator("figure.chart").all()]
    for before, after in zip(static, drawn, strict=True):
        assert after
        assert set(after) <= set(before)


def test_a_tooltip_shows_names_and_values(page: Page, heard: Heard, site: str):
    page.goto(f"{site}/en/tables/recovery_by_type.html")
    charts(page)
    page.locator(".stage svg .mark-symbol path").first.hover()
    box = page.locator("#vg-tooltip-element.visible")
    box.wait_for()
    assert box.locator("tr").count() >= 2
    assert "%" in box.inner_text()
    page.mouse.move(5, 5)
    box.wait_for(state="hidden")
    assert heard.complaints == []


def test_charts_follow_the_width(page: Page, heard: Heard, site: str):
    page.goto(f"{site}/en/market.html")
    charts(page)
    for width in (390, 820, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        wait_until(
            page,
            "[...document.querySelectorAll('figure.chart .picture')].every(one => { const drawn = one.querySelector('svg').getBoundingClientRect().width; return drawn <= one.clientWidth && drawn > one.clientWidth * .7 })",
        )
    assert heard.complaints == []


def test_without_the_engine_the_picture_stays(chromium: Browser, served: str):
    """A network that loses the script costs the reader the interaction, not the chart."""
    with chromium.new_context() as context:
        context.route("**/vega.js", lambda route: route.abort())
        page = context.new_page()
        page.goto(f"{served}/en/recovery.html")
        page.locator("figure.chart").first.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        assert page.locator("figure.chart .picture > svg").count() == page.locator("figure.chart").count()
        assert page.locator("figure.chart .picture > svg").first.is_visible()
