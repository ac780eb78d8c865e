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
from npl_report.model import DAYS_PER_MONTH, steps_of
from npl_report.present.templates import Templates
from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import YEAR, Priority, Terms, payees, run
from npl_report.stats.yields import returns
from npl_report.tables.structure import forecast_profile, terms_of
from tests.helpers import ladders
from tests.helpers.market import MARKET
from tests.helpers.tiny import ROOT
from tests.present.profiled import deals_of, ladder_of_three

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
DEAL = "jianxin-2016-1"
TIMES, MONTHS, SHARES = (0.0, 0.5, 0.73, 1.0, 1.31, 1.5), (0, 5, 12), (0.0, 0.8, 1.0)
PAGE_DATA = "JSON.parse(document.querySelector('section.scenario script').textContent)"
ASSETS = ROOT / "templates" / "html" / "assets"
THREE = ("senior", "mezzanine", "junior")
MEASURES = ("rate", "multiple", "life", "loss")


@pytest.fixture(scope="module")
def sample() -> tuple[list[str], Profile, Terms]:
    """Deals, flows and terms of edition 2020-03, whose pages are built."""
    edition = read_edition(Project(ROOT), "2020-03")
    data = dataset(read_source(ROOT / "data"), edition.as_of, MARKET)
    names, flows = forecast_profile(data.deals, data.forecasts, edition.structure)
    return list(names), flows, terms_of(data.deals, data.tranches, data.priorities, names, MARKET.ladder)


def expected(flows: Profile, terms: Terms, position: int, grid: list[tuple[float, int, float]]) -> list[dict[str, Any]]:
    """What Python's engine makes of each scenario of one deal: as many deals alike, a scenario each.

    Of the tranches that the deal has.
    """
    times, months, shares = (np.array(of) for of in zip(*grid, strict=True))
    same = np.full(len(grid), position)
    alike = terms.take(same)
    alike.reward_share[:] = shares
    found = run(flows.collected[:, same] * times, flows.days[:, same] + months * DAYS_PER_MONTH, alike)
    by_tranche = {
        tranche: returns(face, found.days, found.paid[f"{tranche}_principal"], found.to(tranche))
        for tranche, face in zip(alike.ladder, alike.face, strict=True)
        if face[0]
    }
    return [
        {
            "default": bool(found.default[-1, place]),
            **{
                f"{tranche}.{measure}": float(getattr(earned, measure)[place])
                for tranche, earned in by_tranche.items()
                for measure in MEASURES
            },
            **{f"totals.{name}": float(found.paid[name][:, place].sum()) for name in payees(tuple(by_tranche))},
        }
        for place in range(len(grid))
    ]


def in_browser(found: dict[str, Any]) -> dict[str, Any]:
    """The browser's answer in the same words; its lives are in days."""
    flat = {
        f"{tranche}.{measure}": earned[measure] for tranche, earned in found["tranches"].items() for measure in MEASURES
    }
    for tranche in found["tranches"]:
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


def three_tranches(n: int = 36, dates: int = 9) -> tuple[Profile, Terms]:
    """Deals with three tranches, every fourth without the one between; lean ones and rich ones, by either priority.

    By the first, interest of the second tranche comes before principal of the first; the second has no event of
    default, and its reserve stands far ahead of that principal.
    """
    random = np.random.default_rng(7)
    face = random.uniform(10, 1000, (3, n)).round(4)
    face[1, ::4] = 0.0
    coupon = random.uniform(0, 0.1, (2, n)).round(4) * (face[:2] > 0)
    after_default = (
        *("taxes", "trust_fees", "senior_interest", "senior_principal", "mezzanine_interest", "mezzanine_principal"),
        *("servicing", "excess_fees", "reserve", "junior_principal", "junior_return", "residual"),
    )
    other = (
        *("taxes", "reserve", "trust_fees", "servicing", "excess_fees", "senior_interest", "senior_principal"),
        *("mezzanine_interest", "mezzanine_principal", "junior_return", "junior_principal", "residual"),
    )
    days = np.cumsum(random.integers(1, 250, (dates, n)), axis=0).astype(float)
    shares = random.random((dates, n)) * (random.random((dates, n)) > 0.2)
    collected = (shares / shares.sum(axis=0) * face.sum(axis=0) * random.uniform(0.3, 2, n)).round(4)
    terms = Terms(
        ladder=THREE,
        face=face,
        coupon=coupon,
        tax_rate=random.uniform(0, 0.01, n),
        trust_fee_rate=random.uniform(0, 0.3, n),
        trust_fee_cap=np.where(random.random(n) < 0.3, np.inf, face[0] * 0.01),
        servicing_rate=random.uniform(0, 0.1, n),
        reserve=np.where(random.random(n) < 0.4, 0.0, face[0] * 0.1),
        fixed_return=random.uniform(0, 0.15, n),
        reward_share=np.full(n, 0.8),
        legal_maturity=np.ceil(days[-1] * random.uniform(0.5, 1.5, n)),
        priority=(np.arange(n) % 3 == 2).astype(np.intp),
        priorities=(Priority(steps_of(THREE), after_default), Priority(other)),
    )
    return Profile(collected, days), terms


def as_on_a_page(flows: Profile, terms: Terms, position: int) -> dict[str, Any]:
    """A deal as its page gives it to the engine: of the ladder its own tranches, of the priority every step."""
    own = np.flatnonzero(terms.face[:, position])
    names = ("tax_rate", "trust_fee_rate", "servicing_rate", "reserve", "fixed_return", "reward_share")
    cap, priority = terms.trust_fee_cap[position], terms.priorities[terms.priority[position]]
    return {
        **{name: float(getattr(terms, name)[position]) for name in (*names, "legal_maturity")},
        "trust_fee_cap": float(cap) if np.isfinite(cap) else None,
        "ladder": [terms.ladder[rung] for rung in own],
        "face": terms.face[own, position].tolist(),
        "coupon": terms.coupon[own[:-1], position].tolist(),
        "ordinary": priority.ordinary,
        "default": priority.default,
        "collected": flows.collected[:, position].tolist(),
        "days": flows.days[:, position].tolist(),
    }


def test_the_browser_computes_a_ladder_of_three(page: Page):
    """As Python does, whether or not a deal has the tranche between."""
    page.set_content("<p>the engine alone</p>")
    page.add_script_tag(path=ASSETS / "waterfall.js")
    flows, terms = three_tranches()
    grid = list(product(TIMES, (0, 12), (0.8, 1.0)))
    events, between = 0, []
    for position in range(len(terms)):
        answers = page.evaluate(
            "([deal, month, grid]) => grid.map(([times, months, share]) => "
            "nplWaterfall.scenario(deal, times, months * month, share))",
            [as_on_a_page(flows, terms, position), DAYS_PER_MONTH, grid],
        )
        for scenario, answer, wanted in zip(grid, answers, expected(flows, terms, position, grid), strict=True):
            assert in_browser(answer) == pytest.approx(wanted, rel=1e-6, abs=1e-6, nan_ok=True), (position, scenario)
            events += wanted["default"]
            between.append(wanted.get("mezzanine.loss"))
    assert events
    assert None in between  # deals without that tranche
    assert {0.0, 1.0} < {round(loss, 9) for loss in between if loss is not None}  # repaid, lost, and something between


@pytest.mark.parametrize(("deal", "own"), [("c1", ladders.LADDER), ("c2", ("senior", "subordinated"))])
def test_the_sliders_agree_with_the_table_of_a_ladder_of_three(
    page: Page, heard: Heard, deal: str, own: tuple[str, ...]
):
    """Live figures, coloured bar and table of a deal's own tranches."""
    partial = Templates(ROOT / "templates").get_template("html/_partials/scenario.html")
    of_three = ladder_of_three()
    page.set_content(partial.render(deal=deals_of(of_three)[deal], words=of_three.words))
    page.add_style_tag(path=ASSETS / "profiles.css")
    for script in ("waterfall.js", "scenario.js"):
        page.add_script_tag(path=ASSETS / script)
    assert page.locator(".live tbody tr").count() == len(own)
    for percent in (60, 100, 140):
        page.locator("input[name=recovery]").fill(str(percent))
        for tranche in own:
            table = page.locator(f'[id="{deal}.{tranche}_{percent}pc"]')
            assert page.locator(f'[data-out="{tranche}.rate"]').inner_text() == table.inner_text(), (tranche, percent)
    bar = page.locator(".split svg rect[data-part]")
    colours = bar.evaluate_all("parts => parts.map(part => getComputedStyle(part).fill)")
    assert len(set(colours)) == len(colours) == 2 * len(own) + 3
    assert "rgb(0, 0, 0)" not in colours  # that of a part that the sheet does not know
    widths = bar.evaluate_all("parts => parts.map(part => parseFloat(part.getAttribute('width')))")
    assert sum(widths) == pytest.approx(100)
    assert heard.complaints == []


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
