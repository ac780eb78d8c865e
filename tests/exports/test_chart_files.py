"""Charts that leave the site: each says what it shows, where it comes from and that its data are simulated, in
letters that every program shows."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET  # our own files
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pymupdf
import pytest
import vl_convert
from PIL import Image, ImageChops

from npl_report.exports import chartfiles
from npl_report.exports.chartfiles import FOLDER, Poster, chart_files
from npl_report.model import InputError
from npl_report.present.pages import Panel
from npl_report.present.templates import Templates
from npl_report.tables import catalogue
from npl_report.typesetting.drawings import font_folder
from npl_report.typesetting.lettering import Lettering
from npl_report.typesetting.processes import letter
from tests.helpers.market import MARKET, table_words_of, words_of
from tests.helpers.markup import LANGUAGES, TABLES, pictures, read_page, specifications
from tests.helpers.running import ROOT
from tests.helpers.snapshots import assert_told

DRAWN = [key for key in TABLES if catalogue(MARKET)[key].chart]
SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
EDITION = {
    "zh": "不良资产证券化深度研究｜第2020-03期｜数据截至2020年3月17日｜npl_report 研究组",
    "en": "NPL Securitisation Research · Edition 2020-03 · Data as of 17 March 2020 · npl_report research",
}
SIMULATED = {"zh": "模拟的项目数据，并非真实披露", "en": "Simulated deal data, not real disclosures"}


def said(key: str, language: str) -> list[str]:
    """What the picture of a table must say, from top to bottom."""
    words, own = words_of(language), table_words_of(key, language)
    sources = ("own",) if catalogue(MARKET)[key].sources == ("method",) else catalogue(MARKET)[key].sources
    named = words["ui.semicolon"].join(str(words[f"source.{name}"]) for name in sources)
    source = f"{words['ui.source']}{words['ui.colon']}{named}"
    return [str(own["chart.title"]), source, EDITION[language], SIMULATED[language]]


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Lettering:
    """The faces with every character that the texts of the pictures have."""
    used = "".join(text for key in DRAWN for language in LANGUAGES for text in said(key, language))
    return Lettering(font_folder(frozenset(used), tmp_path_factory.mktemp("cache")))


def glyphs(letters: Lettering, text: str, *, bold: bool) -> tuple[str, ...]:
    """The references by which a text is written. A ligature at the end of a line would be parted: there is none."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg"><text font-size="11" '
        f'font-weight="{700 if bold else 400}"></text></svg>'
    )
    root = ET.fromstring(svg)  # noqa: S314 -- our own
    root[0].text = text
    return references(ET.fromstring(letters.outlined(ET.tostring(root, encoding="unicode"))))  # noqa: S314 -- our own


def references(element: ET.Element) -> tuple[str, ...]:
    return tuple(use.get(f"{XLINK}href", "") for use in element.iter(f"{SVG}use"))


@cache
def picture(path: Path) -> ET.Element:
    return ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 -- our own file


def every(built: Path) -> Iterator[tuple[str, str, Path]]:
    for key in DRAWN:
        for language in LANGUAGES:
            yield key, language, built / FOLDER / f"{key}.{language}.svg"


def test_every_picture_says_its_title_source_edition_and_notice(built: Path, letters: Lettering):
    silent = []
    for key, language, path in every(built):
        written = " ".join(references(picture(path)))
        title, *rest = said(key, language)
        lines = {title: glyphs(letters, title, bold=True)} | {
            text: glyphs(letters, text, bold=text == SIMULATED[language]) for text in rest
        }
        silent += [f"{path.name}: {text}" for text, signs in lines.items() if " ".join(signs) not in written]
    assert silent == []


def test_every_picture_says_it_to_those_who_cannot_see_it_and_needs_nothing_else(built: Path):
    faults = []
    for key, language, path in every(built):
        root, text = picture(path), path.read_text(encoding="utf-8")
        described = root.findtext(f"{SVG}desc", "")
        page = read_page(built / language / "tables" / f"{key}.html")
        notice = json.loads((built / "downloads" / "tables" / f"{key}.json").read_bytes())["notice"][language]
        faults += [
            f"{path.name}: does not tell of {part}"
            for part in (page.pictures[f"fig-{key}"], EDITION[language], notice)
            if part not in described
        ]
        faults += [
            f"{path.name}: holds {word}"
            for word in ("<text", "font-", "<script", "<style", "url(http", "data:")
            if word in text
        ]
        shapes = {f"#{shape.get('id')}" for shape in root.iterfind(f"{SVG}defs/{SVG}path")}
        faults += [f"{path.name}: a glyph is missing"] * bool(set(references(root)) - shapes)
        faults += [f"{path.name}: no title"] * (root.findtext(f"{SVG}title") != said(key, language)[0])
    assert faults == []


def test_png_of_twice_the_size_is_the_same_picture_in_another_reader(built: Path):
    """MuPDF draws every third SVG; the drawing library drew the PNG.

    Programs that follow no fonts in SVG show what MuPDF shows.
    """
    faults = []
    for place, (_, _, path) in enumerate(every(built)):
        with Image.open(path.with_suffix(".png")) as png:
            width, height = (float(picture(path).get(side, 0)) for side in ("width", "height"))
            faults += [f"{path.name}: {png.size}, {png.mode}"] * (
                (png.size, png.mode) != ((round(2 * width), round(2 * height)), "RGB")
            )
            if place % 3:
                continue
            with pymupdf.open(path) as file:
                pixels = file[0].get_pixmap(dpi=144)
            seen = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples).resize(png.size)
            _, apart = ImageChops.difference(seen.convert("L"), png.convert("L")).reduce(16).getextrema()
            faults += [f"{path.name}: {apart} grey levels apart in a square"] * (
                apart > 40
            )  # edges differ by up to 29; a missing line by over 100
    assert faults == []


def test_specifications_say_the_same_and_pages_say_it_once(built: Path):
    faults = []
    for key in DRAWN:
        for language in LANGUAGES:
            names = pictures(key)
            for name, on_page in zip(names, specifications(built / language / "tables" / f"{key}.html"), strict=True):
                spec = json.loads((built / FOLDER / f"{name}.{language}.vl.json").read_text(encoding="utf-8"))
                title, *rest = said(key, language)
                plain = (
                    "".join(spec["title"]["text"]).replace(" ", ""),
                    "".join(spec["title"]["subtitle"]).replace(" ", ""),
                )
                faults += [f"{name}.{language}: no title"] * (plain[0] != title.replace(" ", ""))
                faults += [f"{name}.{language}: no {text}" for text in rest if text.replace(" ", "") not in plain[1]]
                faults += [f"{name}.{language}: no title of the panel"] * (
                    len(names) > 1 and spec["title"]["subtitle"][0] != on_page["usermeta"]["title"]
                )
                faults += [f"{name}.{language}: the page says it twice"] * ("title" in on_page)
                changed = {part for part in spec.keys() | on_page.keys() if spec.get(part) != on_page.get(part)}
                faults += [f"{name}.{language}: differs from the page's in {changed}"] * (
                    not changed <= {"title", "padding", "background", "usermeta", "width", "config"}
                )
                faults += [f"{name}.{language}: loads something"] * (
                    "http" in json.dumps({part: value for part, value in spec.items() if part != "$schema"})
                )
    assert faults == []


@pytest.mark.parametrize(
    "name",
    [
        "recovery_by_type.zh",
        "recovery_by_originator-corporate.en",
        "yield_scenarios-mortgage.zh",
        "recovery_curve_by_type-unsecured.en",
    ],
)
def test_the_title_of_a_specification_stands_above_the_chart(built: Path, name: str):
    """As Vega draws it: every line of the title above every other text."""
    spec = json.loads((built / FOLDER / f"{name}.vl.json").read_text(encoding="utf-8"))
    scene: dict[str, Any] = vl_convert.vegalite_to_scenegraph(spec)["scenegraph"]
    texts = dict(_texts(scene))
    lines = {*spec["title"]["text"], *spec["title"]["subtitle"]}
    told = [y for text, y in texts.items() if text in lines]
    assert lines <= set(texts)
    assert max(told) < min(y for text, y in texts.items() if text not in lines and text.strip())


def _texts(item: dict[str, Any], below: float = 0.0) -> Iterator[tuple[str, float]]:
    """Every line of text below an item of a scene, with its height on the page."""
    for mark in item.get("items", ()):
        y = below + (float(mark.get("y", 0)) if "items" in mark and item.get("marktype") == "group" else 0.0)
        if item.get("marktype") == "text":
            text = mark.get("text", "")
            for line in text if isinstance(text, list) else [str(text)]:
                yield line, below + float(mark.get("y", 0))
        yield from _texts(mark, y)


DRAWING = '<svg width="250" height="40"><g><text font-size="12px" fill="#000">63%</text></g></svg>'
SMALL = Poster(
    "small.en",
    "en",
    "Title",
    "What it shows.",
    (Panel("small.en", "", DRAWING, "", '{"width":250,"config":{"font":"NPL Sans"}}'),),
    beside=True,
    sources=("Source: s", "Edition"),
    notice="",
)


def test_what_was_made_is_taken_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """And real data bear no notice."""

    made = chart_files([SMALL], Templates(ROOT / "templates"), tmp_path)
    assert set(made) == {f"{FOLDER}/small.en.{kind}" for kind in ("svg", "png", "vl.json")}
    lettered: list[list[str]] = []

    def counted(pictures: list[str], fonts: Path) -> list[tuple[str, bytes]]:
        lettered.append(pictures)
        return letter(pictures, fonts)

    monkeypatch.setattr(chartfiles, "letter", counted)
    assert chart_files([SMALL], Templates(ROOT / "templates"), tmp_path) == made
    next((tmp_path / "charts").glob("*.svg")).unlink()  # the cache lost one of the two
    assert chart_files([SMALL], Templates(ROOT / "templates"), tmp_path) == made
    assert [len(pictures) for pictures in lettered] == [0, 1]
    assert json.loads(made[f"{FOLDER}/small.en.vl.json"])["title"]["subtitle"] == ["Source: s", "Edition"]
    with Image.open(io.BytesIO(made[f"{FOLDER}/small.en.png"])) as png:
        assert png.size == (720, 316)


def test_a_character_without_a_glyph_is_told(tmp_path: Path):
    with pytest.raises(InputError) as refused:
        chart_files([replace(SMALL, title="Title \U0001f600")], Templates(ROOT / "templates"), tmp_path)
    assert_told("chart-glyph-missing", refused.value.problems)


@pytest.mark.parametrize(
    ("case", "template"),
    [
        ("chart-template-no-size", '<svg xmlns="http://www.w3.org/2000/svg"><text>{{ chart.title }}</text></svg>'),
        (
            "chart-template-relative-size",
            '<svg xmlns="http://www.w3.org/2000/svg"><text font-size="1.2em">{{ chart.title }}</text></svg>',
        ),
        ("chart-template-no-xml", "<svg><text font-size=12>{{ chart.title }}</text></svg>"),
    ],
)
def test_a_template_that_cannot_be_lettered_is_told(tmp_path: Path, case: str, template: str):
    templates = jinja2.Environment(autoescape=True, loader=jinja2.DictLoader({"html/chart.svg": template}))
    with pytest.raises(InputError) as refused:
        chart_files([SMALL], templates, tmp_path)
    assert_told(case, refused.value.problems)
