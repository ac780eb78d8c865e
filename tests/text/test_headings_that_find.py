"""Headlines of chapters and findings of figures: short, true to their guards, and absent where nothing was found."""

from __future__ import annotations

import re
from functools import cache

import pytest
from markupsafe import Markup

from npl_report.present.pages import Page, Pages, PlacedChart
from npl_report.present.templates import Templates
from tests.helpers.findings import too_long
from tests.text.test_report_prose import DAYS, LANGUAGES, PROJECT, WRONG, chapters, generated, reading

LISTS = {"index", "annex", "methodology", "data", "tie-out", "revisions"}
"""Chapters that state no finding of their own, and the front page."""
FINDINGS = ("2020-03", "2021-12")
every_page = pytest.mark.parametrize(("language", "day"), [(of, day) for day in DAYS for of in LANGUAGES])


@cache
def pages(day: str, language: str, medium: str = "site") -> dict[str, Page]:
    """The chapters of research."""
    return {key: generated(day, language, key, medium) for key in chapters(day) if key not in LISTS}


def said(page: Page) -> dict[str, Markup]:
    """Its headline, and the findings of its figures by table."""
    return ({"headline": page.headline} if page.headline else {}) | dict(page.findings)


@every_page
def test_headings_are_short_and_without_a_full_stop(language: str, day: str):
    told = {
        f"{key} {name}": text.striptags()
        for key, page in pages(day, language).items()
        for name, text in said(page).items()
    }
    assert {name: text for name, text in told.items() if too_long(text) or text.endswith((".", "。"))} == {}
    assert {
        (name, what, text) for name, text in told.items() for what, of in WRONG.items() if re.search(of, text)
    } == set()


@every_page
def test_decks_are_sentences_with_a_figure(language: str, day: str):
    decks = {key: page.deck for key, page in pages(day, language).items() if page.deck}
    assert {
        key: deck for key, deck in decks.items() if "<data " not in deck or not re.search(r"[.。]$", deck.striptags())
    } == {}
    texts = {key: deck.striptags() for key, deck in decks.items()}
    assert {(key, what) for key, text in texts.items() for what, of in WRONG.items() if re.search(of, text)} == set()


@pytest.mark.parametrize("day", FINDINGS)
def test_every_chapter_of_research_has_a_headline_and_ten_figures_a_finding(day: str):
    for language in LANGUAGES:
        found = pages(day, language)
        assert [key for key, page in found.items() if "<data " not in page.headline] == []
        assert len([key for page in found.values() for key in page.findings]) >= 10


@pytest.mark.parametrize("day", DAYS)
def test_languages_find_the_same(day: str):
    first, second = ({key: list(said(page)) for key, page in pages(day, of).items()} for of in LANGUAGES)
    assert first == second


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_grounds_nothing_is_found(language: str):
    """Before the first report no deal has recovered anything."""
    found = pages(DAYS[0], language)
    for key in ("recovery", "distribution"):
        assert not found[key].headline
        assert not found[key].findings
    assert not pages("2021-12@2016-12-31", language)["determinants"].headline


@pytest.mark.parametrize("medium", ["site", "print"])
@pytest.mark.parametrize("day", ["2020-03", DAYS[0]])
def test_a_finding_stands_above_the_title(day: str, medium: str):
    key, found, finds = "recovery_by_type", reading(day), day == "2020-03"
    localized = found.by_language["en"]
    figure = PlacedChart(key, "Figure 1", "What is shown", "", (), beside=False)
    made = Pages(localized, Templates(PROJECT.templates), medium, {key: figure})  # type: ignore[arg-type]
    page = made.page(next(item for item in found.series.chapters if item.key == "recovery"))
    caption = re.search(rf'id="fig-{key}">\n<figcaption>(.*?)</figcaption>', page.markdown)[1]  # type: ignore[index]
    title = '<span class="label">Figure 1</span> <span class="title">What is shown</span>'
    above = f'<span class="finding">{page.findings[key]}</span> ' if finds else ""
    assert bool(page.findings.get(key)) is finds
    assert caption == above + title


def test_a_figure_that_is_absent_shows_nothing():
    figure = PlacedChart("key", "Figure 1", "What is shown", "", (), beside=False, absent="No chart.")
    assert figure.found(Markup("It rose")) is figure
