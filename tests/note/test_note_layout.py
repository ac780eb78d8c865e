"""The opening pages of the note as they are printed.

Nothing stands on top of anything else, however long the lists are.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pdfplumber
import pymupdf
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
        pages = [
            (page.page_number, [word for word in page.extract_words() if word["x1"] > word["x0"]])
            for page in pdf.pages[:OPENING]
        ]
    assert sum(len(words) for _, words in pages) > 500
    return [
        f"page {number}: {one['text']} | {other['text']}"
        for number, words in pages
        for one, other in combinations(words, 2)
        if covered(one, other) > 0.5
    ]


@pytest.mark.pdf
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("edition", ["built", "built_2021"])
def test_no_words_stand_on_each_other(edition: str, language: str, request: pytest.FixtureRequest):
    assert on_each_other(request.getfixturevalue(edition) / language / "note.pdf") == []


@pytest.mark.pdf
@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_that_are_not_printed_are_said_to_be_on_the_site(built_2021: Path, language: str):
    with pdfplumber.open(built_2021 / language / "note.pdf") as pdf:
        opening = "".join((page.extract_text() or "") for page in pdf.pages[:OPENING])
    said = {
        "en": r"Table S1 to Table S\d+, to which the text refers, are not printed",
        "zh": r"正文引用的\s*附表\s*1\s*至\s*附表\s*\d+\s*不在本文件中列印",
    }
    assert len(re.findall(said[language], opening)) == 1


@pytest.mark.pdf
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_table_of_a_dozen_rows_stays_on_one_page(built_2021: Path, language: str):
    """That of the loadings has twelve, and stood on two pages: all its rows are told with its title."""
    title, last = {
        "en": ("Rotated factor loadings", "WA months overdue"),
        "zh": ("旋转后因子载荷", "贷款加权平均逾期期限"),
    }[language]
    with pymupdf.open(built_2021 / language / "note.pdf") as pdf:
        pages = [pdf[number].get_text() for number in range(OPENING, len(pdf))]
    (page,) = [text for text in pages if re.search(rf"^(?:Table|表)\s?\d+\s+{title}", text, re.MULTILINE)]
    assert last in page
