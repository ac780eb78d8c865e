"""Charts: pictures without scripts, interactive with them.

In both cases a text says what they show, on a phone as on a desk, by day and by night.
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from seeing import Heard, charts, wait_until

from tests.helpers.markup import read_page, specifications

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


pytestmark = pytest.mark.browser
CHAPTERS = tuple(
    f"{language}/{chapter}.html"
    for chapter in ("market", "recovery", "distribution", "annex")
    for language in ("zh", "en")
)


@pytest.mark.parametrize("path", CHAPTERS)
def test_charts_become_interactive_and_keep_their_text(page: Page, heard: Heard, site: str, built: Path, path: str):
    page.goto(f"{site}/{path}")
    texts = page.locator("figure.chart .panels").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert charts(page) == len(texts) >= 1
    for figure, text in zip(page.locator("figure.chart").all(), texts, strict=True):
        panels = figure.locator(".panels")
        assert panels.get_attribute("role") == "img"
        assert panels.get_attribute("aria-label") == text
        assert len(text) > 40
        for panel in figure.locator(".panel").all():
            assert panel.locator(".stage svg").count() == 1
            assert not any(still.is_visible() for still in panel.locator(".still").all()), "pictures have made room"
            assert panel.locator(".stage svg text").count() > 3
    assert {spec["description"] for spec in specifications(built / path)} == set(texts)
    assert heard.complaints == []


@pytest.mark.parametrize("path", CHAPTERS)
def test_without_scripts_a_phone_shows_the_picture_at_a_legible_size(chromium: Browser, built_site: str, path: str):
    """Type of 12 pixels comes out at 11 or more: a narrow variant stands in the place of a picture drawn for a desk."""
    with chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{built_site}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        shown = [picture for picture in page.locator("figure.chart .still > svg").all() if picture.is_visible()]
        assert len(shown) == page.locator("figure.chart .panel").count()
        for picture in shown:
            box = picture.bounding_box()
            assert box
            assert box["height"] > 50
            assert box["x"] + box["width"] <= 390
            drawn = float((picture.get_attribute("viewBox") or "").split()[2])
            assert 12 * box["width"] / drawn >= 11


@pytest.fixture
def built_site(built: Path) -> str:
    """The edition from the disk."""
    return built.as_uri()


@pytest.mark.parametrize("path", ["en/recovery.html", "zh/annex.html"])
def test_static_and_interactive_chart_say_the_same(chromium: Browser, page: Page, built_site: str, path: str):
    """The labels of both, drawn by the same library from the same specification."""
    with chromium.new_context(java_script_enabled=False) as context:
        still = context.new_page()
        still.goto(f"{built_site}/{path}")
        static = [
            sorted(figure.locator(".still:not(.narrow) svg .mark-text text").all_text_contents())
            for figure in still.locator("figure.chart").all()
        ]
    page.goto(f"{built_site}/{path}")
    charts(page)
    drawn = [
        sorted(figure.locator(".stage svg .role-mark.mark-text text").all_text_contents())
        for figure in page.locator("figure.chart").all()
    ]
    for before, after in zip(static, drawn, strict=True):
        assert after
        assert set(after) <= set(before)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_panels_below_each_other_share_their_edges(page: Page, built_site: str, scheme: str, width: int):
    """The plots of a figure begin and end at the same pixel, so that one scale serves all."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{built_site}/en/recovery.html")
    charts(page)
    for figure in page.locator("figure.chart.several").all():
        plots = figure.locator(".stage svg .role-frame.root > g > path.background").evaluate_all(
            "all => all.map(one => { const box = one.getBoundingClientRect(); return [box.left, box.right] })"
        )
        assert len(plots) == figure.locator(".panel").count() >= 2
        for left, right in plots[1:]:
            assert left == pytest.approx(plots[0][0], abs=1)
            assert right == pytest.approx(plots[0][1], abs=1)


@pytest.mark.parametrize("path", ["en/market.html", "en/recovery.html", "zh/distribution.html", "zh/annex.html"])
def test_every_mark_has_a_tooltip(page: Page, heard: Heard, built_site: str, path: str):
    """Bars and dots carry one, or lie under the mark that does.

    A chart by age has one upright strip for all that stands at an age.
    """
    page.set_viewport_size({"width": 1280, "height": 3000})
    page.goto(f"{built_site}/{path}")
    charts(page)
    silent = page.evaluate(
        """[...document.querySelectorAll("figure.chart")].flatMap(figure => {
          figure.scrollIntoView();
          return [...figure.querySelectorAll(".stage svg .mark-rect.role-mark path, \
.stage svg .mark-symbol.role-mark path")].filter(mark => {
            const box = mark.getBoundingClientRect();
            const datum = mark.__data__?.datum;
            if (box.width + box.height < 4 || box.bottom < 0 || !datum || "shape" in datum) return false;
            const over = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2).find(\
one => one.closest?.(".stage") && one.__data__);
            return !mark.__data__.tooltip && !over?.__data__.tooltip;
          }).map(mark => figure.id);
        })"""
    )
    assert silent == []
    assert heard.complaints == []


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


def test_a_curve_under_the_pointer_stands_out(page: Page, heard: Heard, site: str):
    """One deal of many: a line above the others, and its name, age and rate."""
    page.goto(f"{site}/en/annex.html")
    charts(page)
    panel = page.locator("#fig-deal_recovery .panel").nth(1)
    lines = panel.locator(".stage svg .mark-line.role-mark path")
    before = lines.count()
    panel.locator(".stage svg .mark-symbol.role-mark path").last.hover()
    box = page.locator("#vg-tooltip-element.visible")
    box.wait_for()
    assert box.locator("td.key").first.inner_text() == "Deal"
    assert box.locator("tr").count() == 3
    wait_until(
        page,
        "document.querySelectorAll('#fig-deal_recovery .panel:nth-of-type(2) .stage svg "
        f".mark-line.role-mark path').length === {before + 1}",
    )
    page.mouse.move(5, 5)
    wait_until(
        page,
        "document.querySelectorAll('#fig-deal_recovery .panel:nth-of-type(2) .stage svg "
        f".mark-line.role-mark path').length === {before}",
    )
    assert heard.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_by_night_text_is_light_and_nothing_is_a_white_box(chromium: Browser, built_site: str, scripts: bool):  # noqa: FBT001 -- a parameter of the test
    with chromium.new_context(
        java_script_enabled=scripts, color_scheme="dark", viewport={"width": 1280, "height": 900}
    ) as context:
        page = context.new_page()
        page.goto(f"{built_site}/en/distribution.html")
        if scripts:
            charts(page)
        figure = page.locator("figure.chart").first
        text = figure.locator("svg .mark-text text, svg .role-axis-label text").first
        assert _lightness(text.evaluate("one => getComputedStyle(one).fill")) > 0.5
        assert _lightness(figure.evaluate("one => getComputedStyle(one).backgroundColor")) < 0.2
        for background in figure.locator(".picture, .stage, svg").evaluate_all(
            "all => all.map(one => getComputedStyle(one).backgroundColor)"
        ):
            assert background == "rgba(0, 0, 0, 0)"
        light = figure.locator("svg .mark-rect path, svg path.background").evaluate_all(
            "all => all.map(one => getComputedStyle(one).fill).filter(fill => fill === 'rgb(255, 255, 255)')"
        )
        assert light == []


def _lightness(colour: str) -> float:
    parts = [float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    return sum(parts) / 3 / 255


@pytest.mark.parametrize("path", ["en/market.html", "zh/annex.html"])
def test_charts_follow_the_width(page: Page, heard: Heard, site: str, path: str):
    page.goto(f"{site}/{path}")
    charts(page)
    for width in (390, 820, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        wait_until(
            page,
            "[...document.querySelectorAll('figure.chart .picture')].every(one => { "
            "const drawn = one.querySelector('.stage svg').getBoundingClientRect().width; "
            "return drawn <= one.clientWidth && drawn > one.clientWidth * .7 })",
        )
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert heard.complaints == []


def test_small_multiples_stand_beside_each_other_where_there_is_room(page: Page, built_site: str):
    for width, columns in ((1280, 3), (390, 1)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{built_site}/en/distribution.html")
        charts(page)
        lefts = page.locator("#fig-recovery_distribution .panel").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().left)"
        )
        assert len(lefts) == 3
        assert len({round(left) for left in lefts}) == columns


def test_without_the_engine_the_picture_stays(chromium: Browser, served: str):
    """A network that loses the script costs the reader the interaction, not the chart."""
    with chromium.new_context() as context:
        context.route("**/vega.js", lambda route: route.abort())
        page = context.new_page()
        page.goto(f"{served}/en/recovery.html")
        page.locator("figure.chart").first.dispatch_event("pointerenter")
        page.wait_for_load_state("networkidle")
        assert all(still.is_visible() for still in page.locator("figure.chart .still:not(.narrow)").all())


def test_specifications_are_loaded_once_and_only_when_touched(page: Page, heard: Heard, site: str, built: Path):
    named = [address.rpartition("/")[2] for address in read_page(built / "en/annex.html").specs]

    def loaded() -> Counter[str]:
        return Counter(url.rpartition("/")[2] for url in heard.requests if "/assets/charts/" in url)

    page.goto(f"{site}/en/annex.html")
    page.wait_for_load_state("networkidle")
    page.locator("figure.chart").first.scroll_into_view_if_needed()
    assert not loaded(), "what nobody touches is not asked for"
    charts(page)
    page.evaluate("scrollTo(0, 0)")
    charts(page)
    assert loaded() == Counter(named)
    assert max(Counter(named).values()) == 1
    assert heard.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("way", ["disk", "server"])
def test_without_its_specification_a_figure_stays_and_the_others_do_not(
    chromium: Browser, request: pytest.FixtureRequest, built: Path, tmp_path: Path, way: str, width: int
):
    """A file that was lost on the way: on a disk, where it is not, or on a server that says so."""
    lost = "recovery_by_type.en.js"
    with chromium.new_context(viewport={"width": width, "height": 900}) as context:
        if way == "disk":
            shutil.copytree(built / "assets", tmp_path / "assets", ignore=shutil.ignore_patterns(lost))
            (tmp_path / "en").mkdir()
            shutil.copy(built / "en/recovery.html", tmp_path / "en")
            site = tmp_path.as_uri()
        else:
            context.route(f"**/{lost}", lambda route: route.fulfill(status=404))
            site = request.getfixturevalue("served")
        page = context.new_page()
        page.goto(f"{site}/en/recovery.html")
        for figure in page.locator("figure.chart").all():
            figure.dispatch_event("pointerenter")
            still = figure.get_attribute("id") == "fig-recovery_by_type"
            expect(figure).to_have_attribute("data-still" if still else "data-interactive", "true")
        figure = page.locator("#fig-recovery_by_type")
        shown = [still for still in figure.locator(".still").all() if still.is_visible()]
        assert len(shown) == figure.locator(".panel").count()
        assert figure.locator(".stage").count() == 0
        assert figure.get_attribute("data-interactive") is None
