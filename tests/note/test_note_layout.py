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

from tests.note.notes import MM

HEAD, FOOT, PAPER, HAN = 20 * MM, 18 * MM, 250, 0x2000
"""The margins of a page as note.css has them, the grey that is blank, and the first sign as wide as high."""
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
    assert sum(len(words) for _, words in pages) > 400
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
    said = {"en": r"\d+ further tables are on the site only", "zh": r"另有\s*\d+\s*张表仅见于网站"}
    assert len(re.findall(said[language], opening)) == 1


@pytest.mark.pdf
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("edition", ["built", "built_2021", pytest.param("built_2025", marks=pytest.mark.whole)])
def test_no_page_ends_a_third_empty(edition: str, language: str, request: pytest.FixtureRequest):
    """But the cover, which is a page of its own, and the last."""
    left = left_empty(request.getfixturevalue(edition) / language / "note.pdf")
    assert {number: share for number, share in enumerate(left, 1) if share > 1 / 3 and 1 < number < len(left)} == {}


def left_empty(note: Path) -> list[float]:
    """Of each page, the share between its margins that has no ink down to its foot."""
    shares = []
    with pymupdf.open(note) as pdf:
        for page in pdf:
            top, foot = HEAD, page.rect.height - FOOT
            inked = page.get_pixmap(dpi=36, colorspace="gray")
            rows = [inked.samples[at : at + inked.width] for at in range(0, len(inked.samples), inked.stride)]
            last = max((row for row in range(int(top / 2), int(foot / 2)) if min(rows[row]) < PAPER), default=top / 2)
            shares.append((foot / 2 - last) / (foot / 2 - top / 2))
    return shares


@pytest.mark.pdf
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("edition", ["built", "built_2021"])
def test_print_is_large_enough_and_lines_are_not_too_long(edition: str, language: str, request: pytest.FixtureRequest):
    """Text of 9.5 points in lines of at most 75 letters, 40 Chinese characters; nothing below 7.5 but in pictures."""
    with pymupdf.open(request.getfixturevalue(edition) / language / "note.pdf") as pdf:
        lines = [
            line
            for page in list(pdf)[1:]
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
        ]
    text = [line for line in lines if {round(span["size"], 1) for span in line["spans"]} == {9.5}]
    lengths = sorted(sum(letters(span["text"], language) for span in line["spans"]) for line in text)
    assert len(lengths) > 100
    low, high = {"en": (60, 78), "zh": (32, 40)}[language]
    assert low <= lengths[int(len(lengths) * 0.75)] <= high
    assert lengths[int(len(lengths) * 0.98)] <= high


def letters(text: str, language: str) -> float:
    """Letters of a line; in Chinese, where figures and Latin letters are half as wide, characters."""
    return sum(1.0 if language == "en" or ord(sign) > HAN else 0.55 for sign in text)


@pytest.mark.pdf
@pytest.mark.whole
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_latest_note_is_read_in_a_sitting(built_2025: Path, language: str):
    with pymupdf.open(built_2025 / language / "note.pdf") as pdf:
        assert 25 <= len(pdf) <= 35
