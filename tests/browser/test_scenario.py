"""The scenario on the page of a deal: the browser's engine against Python's, and the sliders as a reader uses them."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from seeing import LANGUAGES, Heard

from npl_report.load.data import dataset, read_source
from npl_report.load.project import Project, read_edition
from npl_report.model import DAYS_PER_MONTH
from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import YEAR, Terms, run
from npl_report.stats.yields import returns
from npl_report.tables.structure import forecast_profile, terms_of
from tests.helpers.market import MARKET
from tests.helpers.tiny import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
DEAL = "jianxin-2016-1"
TIMES, MONTHS, SHARES = (0.0, 0.5, 0.73, 1.0, 1.31, 1.5), (0, 5, 12), (0.0, 0.8, 1.0)
PAGE_DATA = "JSON.parse(document.querySelector('section.scenario script').textContent)"


@pytest.fixture(scope="module")
def sample() -> tuple[list[str], Profile, Terms]:
    """Deals, flows and terms of edition 2020-03, whose pages are built."""
    edition = read_edition(Project(ROOT), "2020-03")
    data = dataset(read_source(ROOT / "data"), edition.as_of, MARKET)
    names, flows = forecast_profile(data.deals, data.forecasts, edition.structure)
    return list(names), flows, terms_of(data.deals, data.tranches, data.priorities, names)


def expected(flows: Profile, terms: Terms, position: int, grid: list[tuple[float, int, float]]) -> list[dict[str, Any]]:
    """What Python's engine makes of each scenario of one deal: as many deals alike, a scenario each."""
    times, months, shares = (np.array(of) for of in zip(*grid, strict=True))
    same = np.full(len(grid), position)
    alike = terms.take(same)
    alike.reward_share[:] = shares
    found = run(flows.collected[:, same] * times, flows.days[:, same] + months * DAYS_PER_MONTH, alike)
    by_tranche = {
        tranche: returns(getattr(alike, tranche), found.days, found.paid[f"{tranche}_principal"], found.to(tranche))
        for tranche in ("senior", "subordinated")
    }
    return [
        {
            "default": bool(found.default[-1, place]),
            **{
                f"{tranche}.{measure}": float(getattr(earned, measure)[place])
                for tranche, earned in by_tranche.items()
                for measure in ("rate", "multiple", "life", "loss")
            },
            **{f"totals.{name}": float(amounts[:, place].sum()) for name, amounts in found.paid.items()},
        }
        for place in range(len(grid))
    ]


def in_browser(found: dict[str, Any]) -> dict[str, Any]:
    """The browser's answer in the same words; its lives are in days."""
    flat = {
        f"{tranche}.{measure}": found[tranche][measure]
        for tranche in ("senior", "subordinated")
        for measure in ("rate", "multiple", "life", "loss")
    }
    for tranche in ("senior", "subordinated"):
        life = flat[f"{tranche}.life"]
        flat[f"{tranche}.life"] = float("nan") if life is None else life / YEAR
    return {
        "default": found["default"],
        **flat,
        **{f"totals.{name}": amount for name, amount in found["totals"].items()},
    }


def test_the_browser_computes_what_python_computes(page: Page, built: Path, sample: tuple[list[str], Profile, Terms]):
    """On a grid of recovery, delay and share, for deals of each type with and without reserve and cap.

    To 1e-6, in amounts of up to thousands.
    """
    names, flows, terms = sample
    kinds = {
        name: (name.split("-")[1], bool(terms.reserve[place]), bool(np.isfinite(terms.trust_fee_cap[place])))
        for place, name in enumerate(names)
    }
    chosen = sorted({kind: name for name, kind in reversed(kinds.items())}.values())
    assert len(chosen) >= 10  # types (or series) × reserve × cap
    grid = list(product(TIMES, MONTHS, SHARES))
    events = 0
    for name in chosen:
        page.goto(f"{built.as_uri()}/en/deals/{name}.html")
        answers = page.evaluate(
            f"grid => {{ const deal = {PAGE_DATA}; return grid.map(([times, months, share]) => "
            f"nplWaterfall.scenario(deal, times, months * deal.month, share)); }}",
            grid,
        )
        for scenario, answer, wanted in zip(
            grid, answers, expected(flows, terms, names.index(name), grid), strict=True
        ):
            assert in_browser(answer) == pytest.approx(wanted, rel=1e-6, abs=1e-6, nan_ok=True), (name, scenario)
            events += wanted["default"]
    assert events  # the grid reaches the order after an event of default


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sliders_agree_with_the_table(page: Page, heard: Heard, site: str, language: str):
    """At each multiplier of the static table the live figures print the same."""
    page.goto(f"{site}/{language}/deals/{DEAL}.html")
    assert page.locator(".scenario .live").is_visible()
    shown = {
        key: page.locator(f'#scenarios data[data-number="deal_scenarios/{DEAL}/{key}"]').inner_text()
        for key in (
            "senior_60pc",
            "subordinated_80pc",
            "subordinated_100pc",
            "subordinated_140pc",
            "late_100pc",
            "late_120pc",
        )
    }
    for key, text in shown.items():
        span, _, percent = key.partition("_")
        page.locator("input[name=recovery]").fill(percent.removesuffix("pc"))
        page.locator("input[name=delay]").fill("12" if span == "late" else "0")
        live = page.locator(f'[data-out="{"senior" if span == "senior" else "subordinated"}.rate"]')
        assert live.inner_text() == text, key
    assert heard.complaints == []


def test_the_reader_moves_a_slider_by_key_and_returns(page: Page, built: Path):
    page.goto(f"{built.as_uri()}/en/deals/{DEAL}.html")
    offered = page.locator('[data-out="subordinated.rate"]').inner_text()
    page.locator("input[name=recovery]").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert page.locator('[data-out="recovery"]').inner_text().startswith("110% of forecast")
    higher = page.locator('[data-out="subordinated.rate"]').inner_text()
    assert higher != offered
    page.locator("input[name=reward]").fill("0")
    without_reward = page.locator('[data-out="subordinated.rate"]').inner_text()
    assert float(without_reward.rstrip("%")) > float(higher.rstrip("%"))
    assert page.locator('[data-out="part.reward"]').inner_text() == "CNY 0 mn"
    page.get_by_role("button", name="As offered").click()
    page.wait_for_function(
        "text => document.querySelector('[data-out=\"subordinated.rate\"]').textContent === text", arg=offered
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_javascript_there_is_the_table(chromium: Browser, built: Path, language: str):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{built.as_uri()}/{language}/deals/{DEAL}.html")
        assert page.locator(".scenario .live").is_hidden()
        assert page.locator("#scenarios tbody tr").count() == 5
        assert page.locator("#scenarios").is_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scenario_fits(page: Page, built: Path, language: str, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{built.as_uri()}/{language}/deals/{DEAL}.html")
    assert page.locator(".scenario .live").evaluate("box => box.scrollWidth <= box.clientWidth")
    right = page.locator(".split svg rect[data-part]").last.evaluate(
        "rect => rect.getBoundingClientRect().right - rect.ownerSVGElement.getBoundingClientRect().right"
    )
    assert right == pytest.approx(0, abs=1.0)  # what is paid fills the bar
