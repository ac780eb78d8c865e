"""The two notes as files: structure, words, fonts, tags and vectors, read by two independent libraries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
import yaml
from markup import CHAPTERS, LANGUAGES, ROOT, TABLES, read_page

from npl_report.text.words import program_words, read_words

pytestmark = [pytest.mark.pdf, pytest.mark.parametrize("language", LANGUAGES)]
IN_NOTE = [chapter["key"] for chapter in CHAPTERS if chapter.get("note", True)]


@cache
def note(built: Path, language: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(built / language / "note.pdf")


@cache
def pages(built: Path, language: str) -> list[str]:
    """Text of the pages without white space, which a PDF's lines place anywhere."""
    return [squeezed(page.extract_text()) for page in note(built, language).pages]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def title(language: str, chapter: str) -> str:
    head = (ROOT / "report" / language / f"{chapter}.qmd").read_text(encoding="utf-8").split("---")[1]
    return str(yaml.safe_load(head)["title"])


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            yield item


def elements(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    """Structure elements of a kind."""
    return [item for item in dictionaries(pdf) if item.get("/S") == kind and "/P" in item]


def top(outline: list[Any]) -> list[Any]:
    return [item for item in outline if not isinstance(item, list)]


def test_number_of_pages(built: Path, language: str):
    assert 15 <= len(note(built, language).pages) <= 30


def test_bookmarks_are_the_chapters(built: Path, language: str):
    words = program_words(language)
    wanted = [words["note.contents"], *(title(language, key) for key in IN_NOTE), words["note.references"], words["note.disclaimer"]]
    assert [item.title for item in top(note(built, language).outline)] == wanted


def test_bookmarks_open_the_page_with_the_heading(built: Path, language: str):
    reader = note(built, language)
    for item in top(reader.outline):
        assert squeezed(item.title) in pages(built, language)[reader.get_destination_page_number(item)]


def test_contents_page_gives_the_true_pages(built: Path, language: str):
    reader = note(built, language)
    for item in top(reader.outline)[1:]:
        number = reader.get_destination_page_number(item) + 1
        assert re.search(rf"{re.escape(squeezed(item.title))}\.+{number}(?!\d)", pages(built, language)[1])


def test_running_heads(built: Path, language: str):
    words = program_words(language)
    series = read_words(ROOT / "report" / language / "_series.toml", "")
    whole = pages(built, language)
    head = squeezed(f"{series['title']}{words['ui.dot']}{words['ui.edition'].format(id='2020-03')}")
    for number, text in enumerate(whole[1:], start=2):
        assert head in text
        assert f"{number}/{len(whole)}" in text
        assert squeezed(words["note.reconstructed"]) in text
    assert f"1/{len(whole)}" not in whole[0]


def test_notice_of_reconstructed_data(built: Path, language: str):
    notice = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))["synthetic"]["notice"][language]
    assert squeezed(notice) in pages(built, language)[0]


def test_every_table_and_figure_is_named(built: Path, language: str):
    whole = "".join(pages(built, language))
    for key in TABLES:
        assert squeezed(read_page(built / language / "tables" / f"{key}.html").headings[0]) in whole


def test_every_chart_has_its_alternative_text(built: Path, language: str):
    with pikepdf.open(built / language / "note.pdf") as pdf:
        said = {squeezed(str(item.Alt)) for item in elements(pdf, "/Figure") if "/Alt" in item}
        assert all("/Alt" in item for item in elements(pdf, "/Figure")), "a figure without words"
    charts = {squeezed(text) for key in TABLES for text in read_page(built / language / "tables" / f"{key}.html").pictures.values()}
    assert len(charts) > 5
    assert charts <= said


def test_cells_of_a_table_are_those_of_the_page(built: Path, language: str):
    """``recovery_by_type`` prints its columns as lines: head and the cells of the three types stand side by side."""
    cells = [number for number in read_page(built / language / "tables" / "recovery_by_type.html").numbers if number.in_table and number.identity.startswith("recovery_by_type/")]
    caption = squeezed(read_page(built / language / "tables" / "recovery_by_type.html").headings[0])
    page = next(text for text in pages(built, language)[2:] if caption in text)
    lines: dict[str, str] = {}
    for cell in cells:
        column = cell.identity.split("/")[2]
        lines[column] = lines.get(column, "") + squeezed(cell.text)
    assert len(lines) == 10
    for column, text in lines.items():
        assert text in page, column


def test_every_cell_of_every_table_is_printed(built: Path, language: str):
    whole = "".join(pages(built, language))
    missing = [number.identity for key in TABLES for number in read_page(built / language / "tables" / f"{key}.html").numbers if number.in_table and squeezed(number.text) not in whole]
    assert missing == []


def test_every_font_is_embedded_and_ours(built: Path, language: str):
    with pikepdf.open(built / language / "note.pdf") as pdf:
        fonts = [item for item in dictionaries(pdf) if item.get("/Type") == "/Font" and "/DescendantFonts" not in item]
        names = {str(item.BaseFont) for item in fonts}
        assert all(re.fullmatch(r"/[A-Z]{6}\+NPL-?(Sans|Serif)\b.*", name) for name in names), names
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(item.FontDescriptor.keys()) for item in fonts)
    assert len(names) >= 2


def test_no_glyph_is_missing(built: Path, language: str):
    """Glyph 0, .notdef, is shown nowhere: every string of every content stream is a row of two-byte glyph numbers."""
    shown = 0
    with pikepdf.open(built / language / "note.pdf") as pdf:
        streams: list[Any] = [*pdf.pages, *(item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form")]
        for stream in streams:
            for instruction in pikepdf.parse_content_stream(stream, "Tj TJ ' \""):
                operands = instruction.operands[-1]
                for text in operands if isinstance(operands, pikepdf.Array) else [operands]:
                    if isinstance(text, pikepdf.String):
                        data = bytes(text)
                        assert len(data) % 2 == 0
                        glyphs = [data[at : at + 2] for at in range(0, len(data), 2)]
                        assert b"\0\0" not in glyphs
                        shown += len(glyphs)
    assert shown > 5_000


def test_characters_can_be_copied(built: Path, language: str):
    """Every font maps its glyphs to characters, and no text comes out as a replacement or a private character."""
    whole = "".join(pages(built, language))
    assert not re.search(r"[\ufffd\ue000-\uf8ff]", whole)
    with pikepdf.open(built / language / "note.pdf") as pdf:
        assert all("/ToUnicode" in item for item in dictionaries(pdf) if item.get("/Type") == "/Font" and item.get("/Subtype") == "/Type0")


def test_charts_are_vectors(built: Path, language: str):
    with pikepdf.open(built / language / "note.pdf") as pdf:
        assert [item for item in dictionaries(pdf) if item.get("/Subtype") == "/Image"] == []
        assert not any(str(operator) == "INLINE IMAGE" for page in pdf.pages for _, operator in pikepdf.parse_content_stream(page, "BI ID EI"))


def test_tagged_and_described(built: Path, language: str):
    reader = note(built, language)
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 -- a PDF object
    assert root["/Lang"] == program_words(language)["language.tag"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert "/K" in root["/StructTreeRoot"]
    assert reader.metadata
    assert reader.metadata.title
    assert "2020-03" in reader.metadata.title
    assert reader.metadata.author
    assert re.search(rb'pdfuaid:part(="|>)1', root["/Metadata"].get_data())


def test_structure_has_headings_tables_and_scopes(built: Path, language: str):
    with pikepdf.open(built / language / "note.pdf") as pdf:
        assert len(elements(pdf, "/H1")) >= len(IN_NOTE)
        assert len(elements(pdf, "/Table")) >= len(TABLES)
        assert elements(pdf, "/TH")
        assert elements(pdf, "/TD")


def test_ids_of_the_structure_are_counted(built: Path, language: str):
    """Not memory addresses, which change from run to run; and the tree of ids is in order."""
    with pikepdf.open(built / language / "note.pdf") as pdf:
        ids = [bytes(item.ID).decode() for item in dictionaries(pdf) if "/ID" in item and "/S" in item]
        index = list(pdf.Root.StructTreeRoot.IDTree.Names)
        names = [bytes(name).decode() for name in index[::2]]
        assert [bytes(element.ID).decode() for element in index[1::2]] == names
        headers = {bytes(name).decode() for item in dictionaries(pdf) if "/Headers" in item for name in item.Headers}
    assert ids
    assert all(re.fullmatch(r"s\d{6}", id_) for id_ in ids)
    assert names == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert headers <= set(ids)


def test_dates_are_those_of_the_edition(built: Path, language: str):
    metadata = note(built, language).metadata
    assert metadata
    assert metadata.creation_date_raw == metadata.modification_date_raw == "D:20200415"


def test_links_inside_the_note_lead_somewhere(built: Path, language: str):
    reader = note(built, language)
    named = set(reader.named_destinations)
    for page in reader.pages:
        for reference in page.get("/Annots") or []:
            action = reference.get_object()
            target = action.get("/Dest") or action.get("/A", {}).get("/D")
            assert target is None or str(target) in named or isinstance(target, list)
            if target is None:
                assert str(action["/A"]["/URI"]).startswith("https://")
