"""Lines of the built Chinese notes.

They end at the margin, no line is torn to get there, and their text can be searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pymupdf
import pytest

from tests.helpers.readers import squeezed, texts
from tests.note.notes import IN_NOTE

pytestmark = [pytest.mark.pdf, pytest.mark.parametrize("edition", ["built", "built_2021"])]
RIGHT = (210 - 18) * 72 / 25.4
"""The right margin in points, as note.css has it."""
BODY, LEADING, LONG = 8.0, 1.65, 300.0
"""Type of the body is 8.2 points and larger, its lines follow each other at 1.42 to 1.6 times the size, and
paragraphs at more."""
WIDEST = 0.1
"""Of the size: from here on poppler takes a gap for a space."""
PICTURE = 0.4
"""Of the size: less than any formula takes, with the spaces around it."""


class Sign(NamedTuple):
    """A character as it is printed: where it begins and ends, its base line and size, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float


@cache
def lines(note: Path) -> list[list[list[Sign]]]:
    """The lines of each page but the cover, which has two columns, from top to bottom.

    Pictures in a line leave it whole.
    """
    with pymupdf.open(note) as pdf:
        return [_lines(list(_signs(page))) for page in list(pdf)[1:]]


def _signs(page: pymupdf.Page) -> Iterator[Sign]:
    for block in page.get_text("rawdict", flags=0)["blocks"]:
        for line in block["lines"]:
            for span in line["spans"]:
                yield from (
                    Sign(char["c"], char["bbox"][0], char["bbox"][2], char["origin"][1], span["size"])
                    for char in span["chars"]
                )


def _lines(signs: list[Sign]) -> list[list[Sign]]:
    found: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda sign: (round(sign.base), sign.left)):
        if found and abs(found[-1][-1].base - sign.base) < 1:
            found[-1].append(sign)
        else:
            found.append([sign])
    return found


def han(text: str) -> bool:
    return "\u4e00" <= text <= "\u9fff"


def text(line: list[Sign]) -> str:
    return "".join(sign.text for sign in line)


def continued(line: list[Sign], other: list[Sign]) -> bool:
    """Whether a long line of Chinese text, not of contents, has its paragraph go on in the next."""
    chinese = (
        sum(han(sign.text) for sign in line) >= 12
        and line[-1].right - line[0].left > LONG
        and line[0].size > BODY
        and "...." not in text(line)
    )
    return (
        chinese
        and 0 < other[-1].base - line[-1].base < LEADING * line[0].size
        and abs(other[0].size - line[0].size) < 0.5
        and abs(other[0].left - line[0].left) < 20
    )


def filled(edition: str, request: pytest.FixtureRequest) -> list[list[Sign]]:
    """The lines that are to end at the margin."""
    found = [
        line
        for page in lines(request.getfixturevalue(edition) / "zh" / "note.pdf")
        for line, other in pairwise(page)
        if continued(line, other)
    ]
    assert len(found) > 100
    return found


def test_chinese_lines_reach_the_margin(edition: str, request: pytest.FixtureRequest):
    """Nineteen of twenty, to a point.

    A line before a long formula or figure may stay short, by less than such a one.
    """
    found = filled(edition, request)
    short = [(round(RIGHT - line[-1].right, 1), text(line)) for line in found if abs(RIGHT - line[-1].right) > 1]
    assert len(short) <= len(found) / 20, short
    assert [item for item in short if not 0 < item[0] < 110] == []


def test_no_line_is_torn(edition: str, request: pytest.FixtureRequest):
    """Chinese characters stand closer than a space would be read, and figures are not spaced at all."""
    torn = []
    for line in filled(edition, request):
        gaps = [(one.text + other.text, (other.left - one.right) / one.size) for one, other in pairwise(line)]
        wide = [
            pair
            for pair, gap in gaps
            if (all(map(han, pair)) and WIDEST <= gap < PICTURE) or (re.fullmatch(r"\d\d", pair) and gap > 0.02)
        ]
        torn += [(wide, text(line))] if wide else []
    assert torn == []


def test_phrases_can_be_searched(edition: str, request: pytest.FixtureRequest):
    """Runs of Chinese in the text of the site that the note prints are found in it, but for the ends of its lines.

    A page's end may interrupt one.
    """
    folder = request.getfixturevalue(edition) / "zh"
    prose = [
        text
        for page in IN_NOTE
        for _, text in re.findall(
            r"<(p|li)\b[^>]*>(.*?)</\1>", (folder / f"{page}.html").read_text(encoding="utf-8"), re.DOTALL
        )
    ]
    phrases = {
        phrase
        for text in prose
        for phrase in re.findall(r"[\u4e00-\u9fff，。；、]{8,}", unescape(re.sub(r"<[^>]+>", "|", text)))
    }
    found = texts(folder / "note.pdf")
    printed = {phrase for phrase in phrases if any(phrase in squeezed("".join(pages)) for pages in found.values())}
    assert len(printed) > 100
    for reader, pages in found.items():
        whole = re.sub(r"[\r\n]+", "", "".join(pages))
        lost = [phrase for phrase in sorted(printed) if phrase not in whole]
        assert len(lost) <= len(pages) / 5, (reader, lost)
