"""``make_pdf`` on small notes.

Nothing from elsewhere, no font but ours, nothing that the engine could not do, same bytes twice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.model import InputError
from npl_report.note.pdf import PrintJob, _weasyprint, make_pdf
from npl_report.typesetting.fonts import FACES, check_glyphs, cut

pytestmark = pytest.mark.pdf
LETTERS = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("回收率")
HEAD = (
    '<!doctype html><html lang="en"><head><title>Note</title><link rel="stylesheet" href="npl:note.css"></head><body>'
)
CSS = '@font-face { font-family: "NPL Sans"; src: url("npl:npl-sans-400.otf") } html { font-family: "NPL Sans" }'
TABLE = (
    '<table><thead><tr><th scope="col">Type</th><th scope="col">回收率</th></tr></thead><tbody>'
    '<tr><th scope="row">All</th><td>31%</td></tr></tbody></table>'
)


@pytest.fixture(scope="session")
def face(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return cut(FACES[0], LETTERS, tmp_path_factory.mktemp("fonts"))


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "")  # make_pdf sets it; here it is put back


def job(face: bytes, body: str, css: str = CSS) -> PrintJob:
    return PrintJob(HEAD + body, {"note.css": css.encode(), "npl-sans-400.otf": face}, "0" * 32, "en/note.pdf")


def problem(face: bytes, body: str, css: str = CSS) -> str:
    with pytest.raises(InputError) as caught:
        make_pdf(job(face, body, css))
    return str(caught.value)


def test_same_bytes_twice(face: bytes):
    """Structure ids come from memory addresses, which differ between the two."""
    first = make_pdf(job(face, TABLE * 3))
    ballast = [bytearray(1000) for _ in range(1000)]
    assert make_pdf(job(face, TABLE * 3)) == first
    assert ballast


@pytest.mark.parametrize(
    "address", ["https://example.org/a.svg", "file:///etc/hostname", "npl:other.svg", "data:image/svg+xml,<svg/>"]
)
def test_nothing_is_fetched_from_elsewhere(face: bytes, address: str):
    text = problem(face, f'<p>31%</p><img src="{address}" alt="a picture">')
    assert text.startswith("en/note.pdf: the PDF engine reports: ")
    assert address.split(",", maxsplit=1)[0] in text


def test_a_style_that_the_engine_does_not_know(face: bytes):
    assert "float: somewhere" in problem(face, "<p>31%</p>", CSS + " p { float: somewhere }")


def test_the_notice_that_fonts_are_cut_more_slowly_is_no_fault(
    face: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """As on a desktop that has Pango and not HarfBuzz-Subset.

    What else WeasyPrint says there, such as a font that could not be cut, still fails.
    """
    monkeypatch.setattr(_weasyprint().pdf.fonts, "harfbuzz_subset", None)
    assert make_pdf(job(face, "<p>31% 回收率</p>")).startswith(b"%PDF-")
    assert "Using fontTools instead of HarfBuzz-Subset for font" in caplog.text
    monkeypatch.setattr("weasyprint.pdf.fonts.TTFont", _no_font)
    assert 'Unable to subset "NPL Sans" with fontTools' in problem(face, "<p>31%</p>")


def _no_font(*_: object, **__: object) -> None:
    from fontTools.ttLib import TTLibError

    raise TTLibError


def test_another_family_finds_no_font_of_the_system(face: bytes):
    """The system's fonts are out of reach: text of another family is set in ours, or fails.

    It is never set in theirs.
    """
    try:
        data = make_pdf(job(face, '<p style="font-family: DejaVu Sans, serif">31%</p>'))
    except InputError as error:
        assert "font" in str(error)  # noqa: PT017 -- either is right
    else:
        assert b"DejaVu" not in data


def test_characters_without_a_glyph_are_named():
    with pytest.raises(InputError, match=r"zh/note.pdf: found '𒀀 \(U\+12000\)'") as caught:
        check_glyphs(frozenset("回收率 31%\u200b\n𒀀"), "zh/note.pdf")
    assert "replace the character" in str(caught.value)


def test_every_face_is_private_and_embeds_its_licence(tmp_path: Path):
    from fontTools.ttLib import TTFont

    for item in FACES:
        place = tmp_path / f"{item.name}.otf"
        place.write_bytes(cut(item, LETTERS, tmp_path))
        with TTFont(place) as font:
            names = {record.nameID: str(record) for record in font["name"].names}
            assert names[1] == item.family
            assert names[6].startswith("NPL")
            assert {0, 13, 14} <= set(names)


def test_a_cut_font_is_the_same_each_time(tmp_path: Path):
    assert cut(FACES[2], LETTERS, tmp_path / "one") == cut(
        FACES[2], frozenset(sorted(LETTERS, reverse=True)), tmp_path / "two"
    )
