"""Notes as their readers see them.

PDFium, poppler and MuPDF show the same characters on every page, and give the same text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from npl_report.delivery.watermark import watermarked
from npl_report.model import InputError
from npl_report.note import pdf
from npl_report.note.pdf import PrintJob, make_pdf
from npl_report.typesetting import fonts
from npl_report.typesetting.fonts import FACES, cut
from tests.helpers.markup import LANGUAGES
from tests.helpers.readers import squeezed, texts, unlike_pictures, unlike_texts
from tests.helpers.snapshots import assert_told

pytestmark = pytest.mark.pdf
EDITIONS = ("built", "built_2021")
CHINESE = "对公类不良的平均偏移率为−2.63%，个人抵押类不良为−0.07%，直至“清算”——角令海骨；" * 3
ENGLISH = (
    "The offering’s first forecast – an efficient, official figure – differs by −2.63%: affluent flows fit the shelf. "
    * 3
)
WORDS = (
    f"<h1>Offering: first flow −1.5%</h1><p>{ENGLISH}<b>{ENGLISH}</b></p>"
    f'<p lang="zh-Hans">{CHINESE}<b>{CHINESE}</b></p><img src="npl:chart.svg" alt="a chart">'
)
CHART = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40">'
    '<text x="9" y="20" font-family="NPL Sans">−0.8 回收率 coefficient</text></svg>'
)
CSS = """@font-face { font-family: "NPL Sans"; src: url("npl:npl-sans-400.otf"); font-weight: 400 }
@font-face { font-family: "NPL Sans"; src: url("npl:npl-sans-700.otf"); font-weight: 700 }
@font-face { font-family: "NPL Serif"; src: url("npl:npl-serif-600.otf"); font-weight: 600 }
html { font: 9pt "NPL Sans" } p { text-align: justify } h1 { font: 600 16pt "NPL Serif" }"""
LETTERS = frozenset(CHINESE + ENGLISH + WORDS + CHART)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "")  # make_pdf sets it; here it is put back


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    return cut_all(tmp_path_factory.mktemp("faces"))


@pytest.fixture(scope="module")
def misnumbered(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The same as the typeface numbers its glyphs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fonts, "_number_glyphs", lambda _: None)
        return cut_all(tmp_path_factory.mktemp("misnumbered"))


def cut_all(cache: Path) -> Mapping[str, bytes]:
    return {f"{face.name}.otf": cut(face, LETTERS, cache) for face in FACES}


def small_note(faces: Mapping[str, bytes]) -> bytes:
    """A page with everything that was lost in one reader: Chinese, minus signs, dashes, ligatures.

    In every face, in text and in a picture.
    """
    html = (
        '<!doctype html><html lang="en"><head><title>Note</title>'
        f'<link rel="stylesheet" href="npl:note.css"></head><body>{WORDS}</body></html>'
    )
    return make_pdf(
        PrintJob(html, {"note.css": CSS.encode(), "chart.svg": CHART.encode()} | faces, "0" * 32, "en/note.pdf")
    )


def saved(data: bytes, folder: Path) -> Path:
    path = folder / "note.pdf"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("edition", [pytest.param("built", marks=pytest.mark.whole), "built_2021"])
def test_every_page_shows_the_same_in_every_reader(edition: str, language: str, request: pytest.FixtureRequest):
    assert unlike_pictures(request.getfixturevalue(edition) / language / "note.pdf") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_gives_the_same_text_in_every_reader(edition: str, language: str, request: pytest.FixtureRequest):
    """All characters alike, none replaced; minus signs, of which every page of figures has some, are among them."""
    path = request.getfixturevalue(edition) / language / "note.pdf"
    assert unlike_texts(path) == []
    whole = {reader: "".join(pages) for reader, pages in texts(path).items()}
    assert [reader for reader, text in whole.items() if "\ufffd" in text] == []
    assert len({text.count("\u2212") for text in whole.values()}) == 1
    assert whole["mupdf"].count("\u2212") > 20


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_ligature_is_lost(edition: str, request: pytest.FixtureRequest):
    """Every word with ff, fi or fl in the front page's text, as the site has it, is in the note as well."""
    folder = request.getfixturevalue(edition) / "en"
    prose = [
        text
        for page in ("index",)
        for text in re.findall(
            r"<(p|li)\b[^>]*>(.*?)</\1>", (folder / f"{page}.html").read_text(encoding="utf-8"), re.DOTALL
        )
    ]
    words = {
        word for _, text in prose for word in re.findall(r"[A-Za-z]*f[fil][A-Za-z]*", re.sub(r"<[^>]+>", "|", text))
    }
    assert len(words) > 4
    for reader, pages in texts(folder / "note.pdf").items():
        whole = squeezed("".join(pages))
        assert [word for word in sorted(words) if word not in whole] == [], reader


def test_nothing_is_drawn_without_ink(built: Path):
    """Vega draws labels that would stand on others with an opacity of 0.

    Searching and copying found them in the note.
    """
    pictures = sorted((built / "downloads" / "charts").glob("*.svg"))
    assert len(pictures) > 20
    assert [
        path.name
        for path in pictures
        if re.search(r'<(?:text|path|line|rect) [^>]*(?<= )opacity="0"', path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize("subsetter", ["harfbuzz", "fonttools"])
def test_both_ways_of_cutting_fonts_once_more(
    subsetter: str, faces: Mapping[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The engine cuts with HarfBuzz, or with fontTools on a machine that has no libharfbuzz-subset."""
    pdf._weasyprint()
    from weasyprint.pdf import fonts as engine

    if subsetter == "harfbuzz" and not engine.harfbuzz_subset:
        pytest.skip("no libharfbuzz-subset: apt-get install libharfbuzz-subset0")
    if subsetter == "fonttools":
        monkeypatch.setattr(engine, "harfbuzz_subset", None)
    path = saved(small_note(faces), tmp_path)
    assert unlike_pictures(path) == []
    assert unlike_texts(path) == []
    found = squeezed(texts(path)["mupdf"][0])
    for text in (CHINESE, ENGLISH, "Offering: first flow −1.5%", "−0.8 回收率 coefficient"):
        assert squeezed(text) in found


def test_a_font_whose_charset_is_wrong_fails_the_note(misnumbered: Mapping[str, bytes]):
    """Both faces are named; the third has no CIDs."""
    with pytest.raises(InputError) as caught:
        small_note(misnumbered)
    assert_told("note-font-charset", caught.value.problems)


def test_such_a_note_is_seen_to_differ(
    misnumbered: Mapping[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What the comparison is for.

    PDFium and poppler forgive the charset, in MuPDF the Chinese, minus signs, dashes and ligatures are gone.
    """
    monkeypatch.setattr(pdf, "_misnumbered", lambda _: None)
    (lost,) = [text for text in unlike_pictures(saved(small_note(misnumbered), tmp_path)) if "does not show" in text]
    assert lost.startswith("page 1: mupdf does not show")
    assert [sign for sign in "−–回率角" if sign not in lost] == []


def test_the_recipients_line_is_shown_by_every_reader(faces: Mapping[str, bytes], tmp_path: Path):
    """Its font is embedded by us, not by the engine."""
    line = "收件人：王芳、欧阳鑫垚（wang.fang@example.cn）– ffi −1"
    path = saved(watermarked(small_note(faces), line), tmp_path)
    assert unlike_pictures(path) == []
    assert unlike_texts(path) == []
    assert all(squeezed(line) in squeezed(pages[0]) for pages in texts(path).values())
