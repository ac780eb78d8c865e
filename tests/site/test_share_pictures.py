"""The pictures shown where an edition is shared have letters on them, all of them: seen in the picture itself."""

from __future__ import annotations

import io
from importlib.metadata import version
from pathlib import Path

import jinja2
import pytest
from PIL import Image

from npl_report.files.hashing import digest
from npl_report.present.templates import css_string
from npl_report.site.preview import draw_preview
from npl_report.typesetting.fonts import made_from
from tests.helpers.markup import LANGUAGES

LINES = {
    "kicker": (122, 68, 350, 100),
    "headline": (70, 118, 600, 172),
    **{f"caption {number + 1}": (70 + 362 * number, 330, 150 + 362 * number, 354) for number in range(3)},
    **{f"figure {number + 1}": (70 + 362 * number, 360, 150 + 362 * number, 400) for number in range(3)},
    **{f"detail {number + 1}": (70 + 362 * number, 408, 150 + 362 * number, 430) for number in range(3)},
    "title of the notice": (70, 474, 158, 500),
    "notice": (70, 508, 900, 530),
}
"""Where the lines of ``templates/html/preview.svg`` stand: left, top, right, bottom."""
SMALL = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60"><!-- {} --><g font-family={}><text x="10" '
    'y="40" font-size="30">回收 %</text></g></svg>'
)


def ink(picture: Image.Image, box: tuple[int, int, int, int]) -> float:
    """Share of the pixels in a box that are clearly darker than its lightest."""
    counts = picture.convert("L").crop(box).histogram()
    lightest = max(value for value, count in enumerate(counts) if count)
    return sum(counts[: max(0, lightest - 60)]) / sum(counts)


def test_every_line_of_every_picture_is_printed(built: Path, built_2021: Path):
    empty = []
    for folder in (built, built_2021):
        for language in LANGUAGES:
            with Image.open(folder / "assets" / f"preview.{language}.png") as picture:
                empty += [
                    f"{folder.name} {language}: {line}"
                    for line, box in LINES.items()
                    if not 0.04 < ink(picture, box) < 0.6
                ]
    assert empty == []


@pytest.mark.parametrize(
    "quotes", ['"NPL Sans"', '"&#39;NPL Sans&#39;"'], ids=["as older templates name it", "as a string of CSS"]
)
def test_whatever_the_hash_in_the_name_of_the_family_begins_with(tmp_path: Path, quotes: str):
    """A name that begins with a digit is no identifier of CSS; half of all pictures had no letters."""
    marks = {}
    for number in range(100):
        svg = SMALL.format(number, quotes)
        marks.setdefault(digest((svg + made_from() + version("vl-convert-python")).encode())[0].isdigit(), svg)
    assert set(marks) == {True, False}
    for svg in marks.values():
        with Image.open(io.BytesIO(draw_preview(svg, tmp_path))).convert("RGBA") as letters:
            paper = Image.new("RGBA", letters.size, "white")
            assert ink(Image.alpha_composite(paper, letters), (10, 10, 100, 50)) > 0.1


def test_words_in_a_style_keep_their_quotes():
    """The note's style sheet takes "page " from the words; an apostrophe in a language must not end it."""
    templates = jinja2.Environment(autoescape=True)
    templates.filters["css_string"] = css_string
    shown = templates.from_string('<p style="--a: {{ text | css_string }}">').render(text="l'aval \\ d'un \"mot\"\n")
    assert shown == '<p style="--a: &#39;l\\&#39;aval \\\\ d\\&#39;un &#34;mot&#34;\\a &#39;">'
