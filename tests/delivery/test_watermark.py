"""The personal line on a note: on every page, searchable, an artifact, and the structure tree as it was."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from npl_report.delivery.watermark import watermarked
from tests.helpers.mailing import tiny_pdf

LINES = (
    "收件人：王芳（wang.fang@example.cn）",
    "Sent to Zoë O'Neil (zoe@example.org)",
    "收件人：" + "长" * 100 + "（a@example.cn）",
)


def structure(data: bytes) -> list[tuple[str, int, int]]:
    """Kind, page and content of each element, and that the parent tree leads back to it."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        found = [(str(item.S), pages[item.Pg.objgen], int(item.K)) for item in pdf.Root.StructTreeRoot.K]
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        assert [numbers[2 * index + 1][0].objgen for index in range(len(pdf.pages))] == [
            item.objgen for item in pdf.Root.StructTreeRoot.K
        ]
        assert [int(page.StructParents) for page in pdf.pages] == list(range(len(pdf.pages)))
        assert pdf.Root.MarkInfo.Marked
        return found


@pytest.mark.parametrize("line", LINES)
def test_the_line_stands_on_every_page_and_the_text_stays(line: str):
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(watermarked(tiny_pdf("note"), line))).pages]
    assert [line in text for text in pages] == [True, True]
    assert ["note 1" in pages[0], "note 2" in pages[1]] == [True, True]


@pytest.mark.parametrize("line", LINES)
def test_the_structure_tree_survives_and_the_line_is_an_artifact(line: str):
    before = tiny_pdf("note", pages=3)
    after = watermarked(before, line)
    assert structure(after) == structure(before) == [("/P", 0, 0), ("/P", 1, 0), ("/P", 2, 0)]
    with pikepdf.open(io.BytesIO(after)) as pdf:
        for page in pdf.pages:
            told = [
                (str(item.operator), [str(operand) for operand in item.operands])
                for item in pikepdf.parse_content_stream(page)
            ]
            place = told.index(("Do", ["/NplRecipient"]))
            assert told[place - 1][0] == "BDC"
            assert told[place - 1][1][0] == "/Artifact"
            assert told[place + 1][0] == "EMC"
            assert told[place - 2][0] == "Q"  # the page's own coordinates are put back before
            assert told[0][0] == "q"


def test_every_font_of_the_line_is_embedded():
    with pikepdf.open(io.BytesIO(watermarked(tiny_pdf("note"), LINES[0]))) as pdf:
        form = pdf.pages[0].Resources.XObject.NplRecipient
        assert form == pdf.pages[1].Resources.XObject.NplRecipient
        font = form.Resources.Font.F
        assert "/FontFile3" in font.DescendantFonts[0].FontDescriptor
        assert "NPLSans" in str(font.BaseFont)


def test_a_long_line_stays_on_the_page():
    with pikepdf.open(io.BytesIO(watermarked(tiny_pdf("note"), LINES[2]))) as pdf:
        content = pdf.pages[0].Resources.XObject.NplRecipient.read_bytes().decode()
        size = float(content.split("/F ")[1].split()[0])
        assert size < 6.5
        assert size * len(LINES[2]) * 0.4 < 595.28 - 72


def test_the_same_line_gives_the_same_bytes_and_another_line_others():
    pdf = tiny_pdf("note")
    assert watermarked(pdf, LINES[0]) == watermarked(pdf, LINES[0])
    assert watermarked(pdf, LINES[0]) != watermarked(pdf, LINES[1])


def test_the_font_holds_no_other_characters_than_the_line_has():
    """A copy tells nothing of other recipients."""
    from fontTools.cffLib import CFFFontSet

    with pikepdf.open(io.BytesIO(watermarked(tiny_pdf("note"), "AB"))) as pdf:
        program = (
            pdf.pages[0]
            .Resources.XObject.NplRecipient.Resources.Font.F.DescendantFonts[0]
            .FontDescriptor.FontFile3.read_bytes()
        )
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(program), None)
    assert len(fonts[0].charset) == 3  # .notdef, A, B


@pytest.mark.pdf
def test_a_real_note(built: Path):
    before = (built / "zh" / "note.pdf").read_bytes()
    after = watermarked(before, LINES[0])
    pages = [PdfReader(io.BytesIO(data)).pages for data in (before, after)]
    assert len(pages[0]) == len(pages[1])
    assert all(LINES[0] in page.extract_text() for page in pages[1][:4])
    with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(after)) as new:
        assert count(old.Root.StructTreeRoot) == count(new.Root.StructTreeRoot)


def count(root: pikepdf.Object) -> int:
    waiting, found = [root], 0
    while waiting:
        item = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting += list(item)
        elif isinstance(item, pikepdf.Dictionary) and "/K" in item:
            found += 1
            waiting.append(item.K)
    return found
