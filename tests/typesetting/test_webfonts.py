"""Fonts of the site: every character is in the file that a browser loads for it, and few files are loaded."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from npl_report.typesetting.webfonts import Shown, web_fonts

COMMON = "本期项目回收"
PAGES = [
    "Recovery 12.3% “x” — 中文",
    COMMON + "率，。" + "".join(map(chr, range(0x4E00, 0x4E00 + 90))),
    COMMON + "".join(map(chr, range(0x5300, 0x5300 + 60))),
]
RULE = re.compile(
    r'font-family: "([^"]+)"; src: url\("([^"]+)"\)[^;]*; font-weight: ([^;]+);[^}]*?(?:unicode-range: ([^;]+); )?}'
)


def spans(text: str) -> list[tuple[int, int]]:
    """The ranges of a rule."""
    pairs = [span.strip().removeprefix("U+").split("-") for span in text.split(",")]
    return [(int(pair[0], 16), int(pair[-1], 16)) for pair in pairs]


def loaded(rules: str, text: str, family: str, weight: str) -> list[str]:
    """Files of a family that a browser loads for a text."""
    found = []
    for name, file, weights, ranges in RULE.findall(rules):
        given = spans(ranges) if name == family and weights == weight else []
        if any(any(a <= ord(sign) <= b for a, b in given) for sign in text):
            found.append(file)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], str]:
    """The files and their rules."""
    return web_fonts([Shown(page, page[-9:]) for page in PAGES], "中文", tmp_path_factory.mktemp("fonts"))


def test_every_character_is_in_the_file_that_is_loaded_for_it(made: tuple[dict[str, bytes], str]):
    files, rules = made
    for weight in ("400", "600 700"):
        for sign in sorted({sign for sign in "".join(PAGES) if ord(sign) >= 0x2E80}):
            (file,) = loaded(rules, sign, "NPL Sans", weight)
            assert ord(sign) in TTFont(io.BytesIO(files[file])).getBestCmap()
    assert {file for _, file, _, _ in RULE.findall(rules)} == set(files)


def test_a_page_loads_what_it_shows(made: tuple[dict[str, bytes], str]):
    _, rules = made
    assert loaded(rules, "Recovery 12.3%", "NPL Sans", "400") == []
    assert loaded(rules, "Recovery", "NPL Latin", "400") == ["npl-latin-400.woff2"]
    assert len(loaded(rules, "中文", "NPL Sans", "400")) == 1
    assert len(loaded(rules, COMMON, "NPL Sans", "400")) == 1, "what most pages show comes together"
    assert len(loaded(rules, PAGES[2], "NPL Sans", "400")) < len(loaded(rules, "".join(PAGES), "NPL Sans", "400"))


def test_chinese_has_its_place_before_it_is_there(made: tuple[dict[str, bytes], str]):
    """The file that comes first has a space as wide as an ideograph for every character of Chinese, and no other."""
    files, rules = made
    font = TTFont(io.BytesIO(files["npl-latin-400.woff2"]))
    known = font.getBestCmap()
    assert ("NPL Blank", "npl-latin-400.woff2") in {(name, file) for name, file, _, _ in RULE.findall(rules)}
    widths = {font["hmtx"][known[ord(sign)]][0] for sign in COMMON + "中，"}
    assert widths == {font["head"].unitsPerEm}
    assert 0x9F98 not in known


def test_letters_of_formulas_are_there(made: tuple[dict[str, bytes], str]):
    """A browser makes a letter that is a variable italic, and stretches signs by the table MATH."""
    files, _ = made
    font = TTFont(io.BytesIO(files["npl-math-400.woff2"]))
    assert "MATH" in font
    assert {0x1D465, 0x210E, ord("x"), ord("1")} <= set(font.getBestCmap())


def test_the_same_pages_give_the_same_files(made: tuple[dict[str, bytes], str], tmp_path: Path):
    assert web_fonts([Shown(page, page[-9:]) for page in PAGES], "中文", tmp_path) == made
