"""The pictures of deals' curves stand where the chart engine puts the same things, and say the same."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET  # our own pictures
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path

from npl_report.files.writing import as_json
from npl_report.present.dealchart import drawing, specification
from npl_report.present.dealcurve import WORDS, Curve, DealCurves, Point
from npl_report.present.templates import Templates
from npl_report.text.numbers import Marks
from npl_report.typesetting.curves import TEMPLATE, Curves, picture, ticks
from npl_report.typesetting.drawings import ALPHABET, characters, font_folder
from npl_report.typesetting.lettering import Lettering
from npl_report.typesetting.processes import draw, workers
from tests.helpers.running import ROOT
from tests.present.profiled import changed, localized

LANGUAGES = ("en", "zh")
HALF = 0.5
"""Pixels by which places may differ."""
Place = tuple[float, float]


def line(*places: Place) -> tuple[Point, ...]:
    return tuple(Point(age, at, "31 May 2021", f"{age} months", f"{at}%") for age, at in places)


def curve(actual: tuple[Point, ...], forecast: tuple[Point, ...], **others: object) -> Curve:
    words = {name: f'{name} <b>&amp; "it\'s"' for name in WORDS}
    return replace(Curve("d", actual, forecast, 30.0, (24.0, 30.0), "30.00%", '<what> & "how"', words), **others)


LONG = line(*((month, 80 - 80 * 12 / (12 + month)) for month in range(3, 60, 3)))
CASES = {
    "both": curve(LONG, line((6, 8), (12, 20), (48, 61.5))),
    "a forecast alone": curve((), LONG),
    "reports alone": curve(LONG, ()),
    "one point": curve(line((7.3, 12.345)), ()),
    "nothing recovered": curve(line((6, 0), (12, 0)), line((6, 0.0))),
    "nothing at all": curve(line((6, 0), (12, 0)), (), level=0.0),
    "all of the first day": curve(line((0, 5.0)), (), window=None),
    "1000 %": curve(line((6, 400), (12, 1000)), line((12, 20))),
    "one month": curve(line((1, 0.4)), line((1, 0.5)), window=None, level=0.45),
    "one day": curve(line((1 / 30, 0.004)), (), window=None, level=0.003),
    "twenty years": curve(line(*((month, month / 4) for month in range(3, 241, 3))), LONG),
    "a century": curve(line((1200, 50)), line((600, 50))),
    "no window": curve(LONG, LONG[:4], window=None),
    "a tick at the top": curve(line((24, 50.0)), (), window=None, level=100 / 1.12),
    "the window at the end": curve(line((12, 29)), line((20, 31))),
    "names at the rule": curve(line((36, 28)), line((36, 31))),
    "a short line with a long name": curve(line((0.5, 40)), line((0.4, 20))),
    "long names": curve(LONG, LONG[:-1], words={name: f"{name} and more than that," * 2 for name in WORDS}),
}


@dataclass
class Drawn:
    """A picture: its size, its texts with their look, and its shapes by their look, each with its places."""

    size: tuple[str, str]
    texts: dict[tuple[str, ...], list[Place]] = field(default_factory=lambda: defaultdict(list))
    shapes: dict[tuple[str, ...], list[list[Place]]] = field(default_factory=lambda: defaultdict(list))


def drawn(svg: str) -> Drawn:
    root = ET.fromstring(svg)  # noqa: S314 -- drawn by ourselves
    found = Drawn((root.attrib["width"], root.attrib["height"]))
    for element, x, y in _placed(root, 0.0, 0.0):
        tag, of = element.tag.rpartition("}")[2], element.attrib
        if tag == "text" and of.get("opacity") != "0":
            look = of["text-anchor"], of["font-size"].removesuffix("px"), of["fill"], of.get("font-weight", "normal")
            for part, down in zip([element] if element.text else list(element), (0, 14.5), strict=False):
                place = x + float(of.get("x", 0)), y + float(of.get("y", 0)) + down
                found.texts[(part.text or "", *look)].append(place)
        elif tag in ("line", "path") and ("stroke" in of or "fill" in of):
            look = of.get("fill", ""), of.get("stroke", ""), of.get("stroke-dasharray", "")
            thick = of.get("stroke-width", "1") if "stroke" in of else ""
            path = of.get("d") or f"M0,0L{of['x2']},{of['y2']}"
            found.shapes[(*look, thick)] += [[(x + a, y + b) for a, b in shape] for shape in _shapes(path)]
    return found


def _placed(element: ET.Element, x: float, y: float) -> Iterator[tuple[ET.Element, float, float]]:
    """Every element with where it is."""
    if moved := re.match(r"translate\((.+),(.+)\)", element.get("transform", "")):
        x, y = x + float(moved[1]), y + float(moved[2])
    yield element, x, y
    for child in element:
        yield from _placed(child, x, y)


def _shapes(path: str) -> Iterator[list[Place]]:
    """The corners of each line of a path, from the left; of what has an area those of the box around it."""
    for part in re.findall(r"M[^M]+", path):
        pen = RecordingPen()
        parse_path(part, pen)
        places = [place for _, points in pen.value for place in points]
        if "a" in part.lower() or "z" in part.lower():
            across, down = zip(*places, strict=True)
            yield [(min(across), min(down)), (max(across), max(down))]
        else:
            yield places if len(places) > 2 else sorted(places)


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    used = ALPHABET | characters("".join(DealCurves(localized(language)).texts for language in LANGUAGES))
    return font_folder(used, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def pairs(fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Drawn, Drawn]]:
    """Case, or language and deal of the tiny data → the engine's picture and ours."""
    templates, letters = Templates(ROOT / "templates"), Lettering(fonts)
    shared, title = drawing(localized().words), str(localized().words[WORDS["age"]])
    specs, ours = {}, {}
    for case, of in CASES.items():
        specs[case] = as_json(specification(shared, of)).replace(json.dumps(title), as_json(of.words["age"]))
        ours[case] = templates.get_template(TEMPLATE).render(curve=picture(of, letters, Marks()))
    for language in LANGUAGES:
        figures = Curves(localized(language), templates, tmp_path_factory.mktemp(language))
        for deal in localized(language).data.deals["deal"]:
            figure = figures.figure(deal)
            assert figure
            name, (panel,) = f"{language} {deal}", figure.panels
            specs[name], ours[name] = panel.spec, panel.svg
    with workers(2) as submit:  # a process of its own: the engine keeps the fonts that it was given
        theirs = submit(draw, list(specs.values()), fonts).result()
    return {name: (drawn(svg), drawn(ours[name])) for name, svg in zip(specs, theirs, strict=True)}


NAMES = [*CASES, *(f"{language} {deal}" for language in LANGUAGES for deal in ("c1", "c2", "m1", "m2", "u1", "u2"))]


@pytest.mark.parametrize("name", NAMES)
def test_all_stands_where_the_engine_puts_it(name: str, pairs: dict[str, tuple[Drawn, Drawn]]):
    theirs, ours = pairs[name]
    assert ours.size == theirs.size
    for there, here in ((theirs.texts, ours.texts), (theirs.shapes, ours.shapes)):
        assert sorted(here) == sorted(there)
        for look, places in there.items():
            assert len(here[look]) == len(places), look
            assert list(_flat(here[look])) == pytest.approx(list(_flat(places)), abs=HALF), look


def _flat(places: object) -> Iterator[float]:
    if isinstance(places, float):
        yield places
    else:
        for place in places:  # type: ignore[attr-defined]
            yield from _flat(place)


@pytest.mark.parametrize(
    ("end", "count", "labels"),
    [
        (0.0, 8, ["0"]),
        (1.0, 8, ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1.0"]),
        (0.3, 6, ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"]),
        (48, 8, ["0", "5", "10", "15", "20", "25", "30", "35", "40", "45"]),
        (100, 6, ["0", "20", "40", "60", "80", "100"]),
        (1120, 6, ["0", "200", "400", "600", "800", "1,000"]),
    ],
)
def test_ticks_are_those_of_d3(end: float, count: int, labels: list[str]):
    """By hand: 48 / 8 = 6, which lies between √10 and √50 and gives steps of 5; 0.3 / 6 = 0.05."""
    assert [label for _, label in ticks(end, count, Marks())] == labels


def test_of_labels_that_are_too_near_every_second_is_left_out(pairs: dict[str, tuple[Drawn, Drawn]]):
    ages = [text for text, _, size, *_ in pairs["long names"][1].texts if size == "12" and text.isdigit()]
    assert ages == ["0", "10", "20", "30", "40", "50"]


def test_what_is_told_is_escaped_and_nothing_has_an_id(fonts: Path):
    svg = (
        Templates(ROOT / "templates")
        .get_template(TEMPLATE)
        .render(curve=picture(CASES["both"], Lettering(fonts), Marks()))
    )
    assert "actual &lt;b&gt;&amp;amp; &#34;it&#39;s" in svg
    assert not re.search(r'<b>| id="|url\(', svg)


def test_a_figure_has_the_picture_and_what_it_is_made_from(tmp_path: Path):
    figure = Curves(localized(), Templates(ROOT / "templates"), tmp_path).figure("c1")
    assert figure
    (panel,) = figure.panels
    assert panel.name == "deal-c1.en"
    assert json.loads(panel.spec)["description"] == figure.alt
    assert panel.svg.startswith("<svg ")
    assert "34.00%" in figure.alt


def test_a_deal_with_nothing_to_draw_has_no_figure(tmp_path: Path):
    of = changed({"collections": []})
    assert Curves(of, Templates(ROOT / "templates"), tmp_path).figure("m2") is None
