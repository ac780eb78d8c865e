"""The opening pages of the note as they are printed: nothing stands on top of anything else, however long the lists are."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pdfplumber
import pytest

OPENING = 5
"""Pages that hold the cover, contents, lists and the beginning of the text in every edition."""


def covered(one: dict, other: dict) -> float:
    """Share of the smaller word that lies under the other."""
    width = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
    height = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    smaller = min((word["x1"] - word["x0"]) * (word["bottom"] - word["top"]) for word in (one, other))
    return max(width, 0.0) * max(height, 0.0) / smaller


def on_each_other(note: Path) -> list[str]:
    """Pairs of words on the opening pages of which more than half of one lies under the other."""
    with pdfplumber.open(note) as pdf:
        pages = [(page.page_number, [word for word in page.extract_words() if word["x1"] > word["x0"]]) for page in pdf.pages[:OPENING]]
    assert sum(len(words) for _, words in pages) > 500
    return [f"page {number}: {one['text']} | {other['text']}" for number, words in pages for one, other in combinations(words, 2) if covered(one, other) > 0.5]


@pytest.mark.pdf
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("edition", ["built", "built_2021"])
def test_no_words_stand_on_each_other(edition: str, language: str, request: pytest.FixtureRequest):
    assert on_each_other(request.getfixturevalue(edition) / language / "note.pdf") == []
