"""What readers without a mouse or without sight meet.

Axe finds nothing grave, the keyboard reaches everything, tables and parts of the page have names.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from seeing import LANGUAGES, Heard, charts, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


pytestmark = pytest.mark.browser
KINDS = {
    "front": "index.html",
    "chapter": "recovery.html",
    "dictionary": "data.html",
    "passport": "tables/recovery_by_type.html",
    "part": "tables/deal_recovery.2.html",
    "evidence": "tables/deal_recovery.evidence.2.html",
    "catalogue": "tables/index.html",
    "deal": "deals/jianxin-2016-1.html",
    "bank": "originators/abc.html",
    "deals": "deals/index.html",
    "banks": "originators/index.html",
}
"""A page of every kind."""
GRAVE = ("serious", "critical")


def violations(page: Page) -> list[tuple[str, Any]]:
    return [
        (found["id"], found["nodes"][0]["target"])
        for found in Axe().run(page).response["violations"]
        if found["impact"] in GRAVE
    ]


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        (390, "dark"),
        *(pytest.param(*both, marks=pytest.mark.whole) for both in ((1280, "dark"), (390, "light"))),
    ],
)
def test_axe_finds_nothing_grave(page: Page, built: Path, scheme: str, width: int):
    """Charts as drawn pictures.

    The language alternates with the kind, and every kind is seen in both over the two widths.
    """
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = {}
    for place, (kind, path) in enumerate(KINDS.items()):
        language = LANGUAGES[(place + (width > 500)) % 2]
        page.goto(f"{built.as_uri()}/{language}/{path}")
        found[f"{language} {kind}"] = violations(page)
    assert {kind: what for kind, what in found.items() if what} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_with_everything_open(page: Page, built: Path, scheme: str):
    """Interactive charts, unfolded evidence and citations, the search with results."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in ("zh/tables/recovery_by_type.html", "en/index.html"):
        page.goto(f"{built.as_uri()}/{path}")
        charts(page)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert violations(page) == [], path
    page.keyboard.press("/")
    page.locator("dialog.search input").fill("recovery")
    expect(page.locator("dialog.search li").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_at_the_front_door(chromium: Browser, built: Path, scheme: str):
    with chromium.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        context.route("**/zh/index.html", lambda route: route.fulfill(status=204))  # the door would open
        page = context.new_page()
        page.goto(f"{built.as_uri()}/index.html")
        assert page.locator("h1").inner_text() == "不良资产证券化深度研究"
        assert violations(page) == []


@pytest.mark.parametrize("kind", KINDS)
def test_landmarks_and_headings(page: Page, built: Path, kind: str):
    page.goto(f"{built.as_uri()}/en/{KINDS[kind]}")
    for landmark, count in {"main": 1, "body > header": 1, "body > footer": 1, "main h1": 1, "h1": 1}.items():
        assert page.locator(landmark).count() == count, landmark
    levels = page.locator("main :is(h1, h2, h3, h4)").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    names = page.locator("nav").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert all(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("index.html", "Key findings"),
        ("recovery.html", "Recovery and forecast accuracy"),
        ("tables/recovery_by_type.html", "All tables and figures"),
        ("deals/hecui-2017-2.html", "All deals"),
    ],
)
def test_the_menu_says_where_one_is(page: Page, built: Path, path: str, name: str):
    page.goto(f"{built.as_uri()}/en/{path}")
    assert page.locator(".chapters [aria-current=page]").all_inner_texts() == [name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_are_named_by_their_captions(page: Page, built: Path, language: str):
    page.goto(f"{built.as_uri()}/{language}/recovery.html")
    figures = page.locator("figure.table")
    assert figures.count() > 3
    for figure in figures.all():
        caption = " ".join(figure.locator("figcaption :is(.label, .title)").all_inner_texts())
        expect(figure.locator("table")).to_have_accessible_name(caption)
        expect(figure.locator(".scroll")).to_have_accessible_name(caption)
        assert figure.locator("thead th:not([scope])").count() == 0


@pytest.mark.parametrize("path", ["en/recovery.html", "zh/data.html", "zh/deals/jianxin-2016-1.html"])
def test_what_scrolls_is_reached_by_keyboard(page: Page, built: Path, path: str):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{built.as_uri()}/{path}")
    lost = (
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1 && one.tabIndex < 0"
        " && !one.querySelector('a')).length"
    )
    assert page.locator(".scroll, pre").evaluate_all(lost) == 0


def test_focus_is_seen(page: Page, built: Path):
    page.goto(f"{built.as_uri()}/en/recovery.html")
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => { const style = getComputedStyle(document.activeElement); "
            "return [style.outlineStyle, parseFloat(style.outlineWidth)] })()"
        )
        assert style[0] == "solid"
        assert style[1] >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_offer_a_link_to_themselves(page: Page, built: Path, language: str):
    page.goto(f"{built.as_uri()}/{language}/methodology.html")
    anchors = page.locator("main :is(h2, h3)[id] > a.anchor")
    assert anchors.count() == page.locator("main :is(h2, h3)[id]").count() > 3
    first = anchors.first
    expect(first).to_have_accessible_name({"zh": "本节链接", "en": "Link to this section"}[language])
    assert first.evaluate("link => getComputedStyle(link).opacity") == "0"
    first.focus()
    wait_until(page, "getComputedStyle(document.querySelector('a.anchor')).opacity === '1'")
    page.keyboard.press("Enter")
    assert page.locator(":target").get_attribute("id") == page.url.partition("#")[2]


def test_the_contents_follow_the_reader_on_a_wide_screen(page: Page, heard: Heard, built: Path):
    page.goto(f"{built.as_uri()}/en/methodology.html")
    links = page.locator("nav.contents a")
    assert links.all_inner_texts() == [
        text.removesuffix(" #") for text in page.locator("main :is(h2, h3)[id]").all_inner_texts()
    ]
    target = links.nth(3)
    target.click()
    expect(target).to_have_attribute("aria-current", "location")
    assert page.locator("nav.contents [aria-current]").count() == 1
    box = target.bounding_box()
    assert box
    assert 0 <= box["y"] <= 900, "the column stays in view"
    assert heard.complaints == []


def test_the_contents_fold_on_a_narrow_screen(page: Page, built: Path):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{built.as_uri()}/zh/methodology.html")
    first = page.locator("nav.contents a").first
    expect(first).to_be_hidden()
    page.locator("nav.contents summary").click()
    expect(first).to_be_visible()
    first.click()
    expect(first).to_be_hidden()
    wait_until(page, "Math.abs(document.querySelector(':target').getBoundingClientRect().top) < 60")


def test_without_scripts_the_contents_can_be_opened(chromium: Browser, built: Path):
    with chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{built.as_uri()}/en/methodology.html")
        page.locator("nav.contents summary").click()
        expect(page.locator("nav.contents a").first).to_be_visible()
