"""A page with its findings written out says what it said, every figure in it is bound, and claims are held."""

from __future__ import annotations

import copy
import re
from dataclasses import replace

import pytest

from npl_report.findings import CHAPTERS
from npl_report.model import InputError
from npl_report.present.drafting import drafted
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import Page, Pages
from npl_report.present.templates import Templates
from npl_report.text.lint import hand_typed
from tests.helpers import sampled

_CLAIM = re.compile(
    r"""\s+|`?<span class="claim"[^>]*>(?:`\{=html\})?|`?</span>(?:`\{=html\})?|[][]|\{\.claim [^}]*\}"""
)
"""What may differ: white space, and that a sentence stands in its claim."""
TEMPLATES = Templates(sampled.PROJECT.templates)


def _page(localized: LocalizedEdition, key: str) -> Page:
    chapter = next(chapter for chapter in localized.series.chapters if chapter.key == key)
    return Pages(localized, TEMPLATES, "site", {}).page(chapter)


def _said(page: Page) -> tuple[str, ...]:
    words = (page.headline, page.deck, *page.findings.values(), page.markdown)
    return tuple(_CLAIM.sub("", text) for text in words)


@pytest.mark.parametrize("edition", ["2020-03@2017-12-31", "2021-12@2018-06-30", "2021-12", "2025-12"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_draft_says_what_the_page_of_the_series_says(language: str, edition: str):
    """On early days too, on which there is little to compare."""
    id_, _, day = edition.partition("@")
    localized = sampled.reading(id_, day).by_language[language]
    for chapter in localized.series.chapters:
        text = localized.chapters[chapter.key]
        source = drafted(localized, TEMPLATES, chapter)
        assert hand_typed(source, text.shown) == []
        own = copy.copy(localized)
        own.chapters = {**localized.chapters, chapter.key: replace(text, source=source)}
        assert _said(_page(own, chapter.key)) == _said(_page(localized, chapter.key)), chapter.key


def test_findings_are_written_out():
    localized = sampled.reading("2025-12").by_language["en"]
    for chapter in localized.series.chapters:
        before, after = localized.chapters[chapter.key].source, drafted(localized, TEMPLATES, chapter)
        if 'finding("' in before:
            assert after.count('finding("') < before.count('finding("') / 2, chapter.key
            assert after.count("{{ n(") > before.count("{{ n("), chapter.key
    front = drafted(localized, TEMPLATES, localized.series.chapters[0])
    assert '{{ finding("index.since") }}' in front, "what follows a published edition is told when there is one"
    assert {chapter.key for chapter in localized.series.chapters} >= {name.partition("_")[0] for name in CHAPTERS}


def test_a_written_finding_is_held_to_its_claim():
    localized = sampled.reading("2025-12").by_language["en"]
    chapter = next(chapter for chapter in localized.series.chapters if chapter.key == "distribution")
    text = localized.chapters["distribution"]
    source = drafted(localized, TEMPLATES, chapter)
    false = source.replace("lowest time_to_half/mean_actual is consumer", "lowest time_to_half/mean_actual is vehicle")
    own = copy.copy(localized)
    own.chapters = {**localized.chapters, "distribution": replace(text, source=false)}
    with pytest.raises(InputError, match="the claim 'lowest time_to_half/mean_actual is vehicle' does not hold"):
        _page(own, "distribution")
