"""Texts broken into lines by what they measure, and made outlines that stand where the texts stood.

Compared with the drawing library's own letters.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET  # our own pictures
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
import vl_convert
from PIL import Image, ImageChops

from npl_report.typesetting.drawings import font_folder
from npl_report.typesetting.fonts import FACES
from npl_report.typesetting.lettering import Lettering

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120">'
    '<rect width="300" height="120" fill="#ffffff"/>{}</svg>'
)
TEXTS = {
    "from its start": (
        '<text x="10.5" y="40" font-family="NPL Sans" font-size="13px" fill="#1d2733">回收率 63.22% of AVATAR To</text>'
    ),
    "about its middle, bold": (
        '<text text-anchor="middle" transform="translate(150,60)" font-family="NPL Sans" font-size="20" '
        'font-weight="bold" fill="#1d2733">63.22% 回收</text>'
    ),
    "up to its end": (
        '<text text-anchor="end" x="290" y="60" font-family="NPL Sans" font-size="15" fill="#1f4e79" '
        'opacity="0.5">−2.63% 直骨</text>'
    ),
    "upright": (
        '<text transform="translate(60,110) rotate(-90)" font-family="NPL Sans" font-size="15" '
        'fill="#1f4e79">3 months</text>'
    ),
    "of two lines": (
        '<text transform="translate(20,40)" font-family="NPL Sans" font-size="14" '
        'fill="#000"><tspan>officially</tspan><tspan x="0" dy="18">二</tspan></text>'
    ),
    "as its group says": (
        '<g font-family="NPL Sans" font-size="18" font-weight="700" text-anchor="middle">'
        '<text x="150" y="50">深度</text></g>'
    ),
    "with a line around": (
        '<rect width="300" height="120" fill="#888"/><text x="20" y="60" font-family="NPL Sans" '
        'font-size="30" fill="#fff" stroke="#000" stroke-width="3" stroke-linejoin="round">63%</text>'
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return font_folder(
        frozenset("".join(TEXTS.values()) + "“”（），。；abcdefghijklmnopqrstuvwxyz 一"),
        tmp_path_factory.mktemp("cache"),
    )


@pytest.fixture(scope="module")
def drawn(folder: Path) -> Iterator[Callable[[str], Image.Image]]:
    """Draws a picture in a process that has our fonts and no others.

    They are registered for good, and a cut of the same name that a test before needed would be taken for this one.
    """
    with ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=vl_convert.register_font_directory, initargs=(str(folder),)
    ) as process:
        yield lambda svg: Image.open(io.BytesIO(process.submit(vl_convert.svg_to_png, svg, 2).result())).convert("L")


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_outlines_are_the_letters_in_their_place(folder: Path, drawn: Callable[[str], Image.Image], text: str):
    outlined = Lettering(folder).outlined(FRAME.format(text))
    assert "<text" not in outlined
    assert "font-" not in outlined
    letters, outlines = drawn(FRAME.format(text)), drawn(outlined)
    assert letters.getextrema() != drawn(FRAME.format("")).getextrema(), "the drawing library knows our fonts"
    differing = ImageChops.difference(letters, outlines).histogram()
    assert sum(differing[100:]) <= 6, "pixels at the edges of a letter"


def test_every_glyph_stands_once_and_is_there(folder: Path):
    root = ET.fromstring(Lettering(folder).outlined(FRAME.format("".join(TEXTS.values()))))  # noqa: S314 -- our own picture
    shapes = [path.get("id") for path in root.iterfind(f"{SVG}defs/{SVG}path")]
    used = [use.get(f"{XLINK}href", "").removeprefix("#") for use in root.iter(f"{SVG}use")]
    assert len(set(shapes)) == len(shapes)
    assert set(used) == set(shapes)
    assert len(used) > len(shapes)


def test_the_same_text_gives_the_same_bytes(folder: Path):
    svg = FRAME.format("".join(TEXTS.values()))
    assert Lettering(folder).outlined(svg) == Lettering(folder).outlined(svg)
    assert "e-" not in re.sub(r'id="[^"]*"|href="[^"]*"|stroke-\w+', "", Lettering(folder).outlined(svg)), (
        "numbers without exponents, which some programs cannot read"
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一" * 25, ["一" * 10, "一" * 10, "一" * 5]),
        ("一" * 10 + "，一", ["一" * 9, "一，一"]),
        ("一" * 9 + "（一）", ["一" * 9, "（一）"]),
        ("ab abc", ["ab abc"]),
        ("officially " * 3, ["officially officially", "officially"]),
        ("unbreakableunbreakable a", ["unbreakableunbreakable", "a"]),
        ("", []),
    ],
)
def test_lines(folder: Path, text: str, lines: list[str]):
    """Of 100 pixels, in letters of 10."""
    assert Lettering(folder).lines(text, 100.0, 10) == lines


def test_only_our_sans_is_needed(folder: Path):
    assert {path.stem for path in folder.iterdir()} == {face.name for face in FACES}
    assert Lettering(folder).width("一二", 10) == 20.0
    assert Lettering(folder).width("mm", 10, bold=True) > Lettering(folder).width("mm", 10)
