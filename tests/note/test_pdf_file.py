"""The note as a file: fonts, characters that can be copied, drawings, tags, dates and links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from npl_report.text.words import program_words
from tests.helpers.markup import LANGUAGES
from tests.note.notes import IN_NOTE, PRINTED, dictionaries, elements, note, pages

pytestmark = [pytest.mark.pdf, pytest.mark.parametrize("language", LANGUAGES)]


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
        streams: list[Any] = [
            *pdf.pages,
            *(item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form"),
        ]
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
        assert all(
            "/ToUnicode" in item
            for item in dictionaries(pdf)
            if item.get("/Type") == "/Font" and item.get("/Subtype") == "/Type0"
        )


def test_charts_are_vectors(built: Path, language: str):
    with pikepdf.open(built / language / "note.pdf") as pdf:
        assert [item for item in dictionaries(pdf) if item.get("/Subtype") == "/Image"] == []
        assert not any(
            str(operator) == "INLINE IMAGE"
            for page in pdf.pages
            for _, operator in pikepdf.parse_content_stream(page, "BI ID EI")
        )


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
        assert len(elements(pdf, "/Table")) == len(PRINTED)
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
