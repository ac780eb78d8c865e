"""The two notes as files: structure, words, fonts, tags and vectors, read by independent libraries."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
import pypdf
import pytest
import yaml

from npl_report.text.words import program_words, read_words
from tests.helpers.markup import CHAPTERS, LANGUAGES, ROOT, TABLES, read_page

pytestmark = [pytest.mark.pdf, pytest.mark.parametrize("language", LANGUAGES)]
IN_NOTE = [chapter["key"] for chapter in CHAPTERS if chapter.get("note", True)]
PRINTED = [key for chapter in CHAPTERS if chapter.get("note", True) for key in chapter["tables"]]
SERIES = tomllib.loads((ROOT / "report" / "series.toml").read_text(encoding="utf-8"))
MM = 72 / 25.4
WIDTH, RIGHT, FOOT = 210 * MM, 18 * MM, 18 * MM
"""Of a page and its margins, in points, as note.css has them."""


@cache
def note(built: Path, language: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(built / language / "note.pdf")


@cache
def pages(built: Path, language: str) -> list[str]:
    """Text of the pages without white space, which a PDF's lines place anywhere."""
    with pymupdf.open(built / language / "note.pdf") as pdf:  # five times as fast as pypdf
        return [squeezed(page.get_text()) for page in pdf]


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


def places(reader: pypdf.PdfReader, prefix: str) -> dict[str, tuple[int, float]]:
    """Page (from 1) and height above the page's foot, in points, of every named place whose name begins so."""
    return {
        name: (reader.get_destination_page_number(item) + 1, float(item.top or 0))
        for name, item in reader.named_destinations.items()
        if name.startswith(prefix)
    }


def heads(outline: list[Any]) -> list[Any]:
    """Every bookmark, of all levels."""
    return [head for item in outline for head in (heads(item) if isinstance(item, list) else [item])]


def test_number_of_pages(built: Path, language: str):
    assert 28 <= len(note(built, language).pages) <= 38


def test_bookmarks_are_the_chapters(built: Path, language: str):
    words = program_words(language)
    chapters = [title(language, key) for key in IN_NOTE]
    found = [item.title for item in top(note(built, language).outline)]
    assert found[:4] == [chapters[0], words["note.contents"], words["note.tables"], words["note.figures"]]
    assert found[-len(chapters) - 2 :] == [
        *chapters[1:],
        words["note.references"],
        words["note.about"],
        words["note.disclaimer"],
    ]


def test_bookmarks_open_the_page_with_the_heading(built: Path, language: str):
    reader = note(built, language)
    for item in heads(reader.outline)[1:]:
        assert squeezed(item.title) in pages(built, language)[reader.get_destination_page_number(item)]


def test_contents_page_gives_the_true_pages(built: Path, language: str):
    """Of chapters and sections; the lists on the same page have tests of their own."""
    reader = note(built, language)
    lists = {program_words(language)[f"note.{name}"] for name in ("contents", "tables", "figures")}
    found = [item for item in heads(reader.outline) if item.title not in lists]
    assert len(found) > 3 * len(IN_NOTE)
    for item in found:
        number = reader.get_destination_page_number(item) + 1
        assert re.search(rf"{re.escape(squeezed(item.title))}\.+{number}(?!\d)", pages(built, language)[1]), item.title


def test_lists_of_tables_and_figures_give_the_true_pages(built: Path, language: str):
    reader = note(built, language)
    tables, figures = places(reader, "tbl-"), places(reader, "fig-")
    assert set(tables) == {f"tbl-{key}" for key in PRINTED}
    assert len(figures) > 5
    lists = "".join(pages(built, language)[1:3])
    for name, (number, _) in tables.items():
        caption = squeezed(read_page(built / language / "tables" / f"{name.removeprefix('tbl-')}.html").headings[0])
        assert re.search(rf"{re.escape(caption)}\.+{number}(?!\d)", lists), name
        assert caption in pages(built, language)[number - 1]


def test_cover_is_one_page_with_the_findings(built: Path, language: str):
    """Every finding of the site's front page in full, every key figure, the dates and the notice.

    The contents follow on the second page.
    """
    first, second = pages(built, language)[:2]
    findings = found_in((built / language / "index.html").read_text(encoding="utf-8"), "findings")
    assert len(findings) >= 3
    for finding in findings:
        assert squeezed(finding) in re.sub(page_reference(language), "", first)
    series = read_words(ROOT / "report" / language / "_series.toml", "")
    for text in (
        series["title"],
        series["subtitle"],
        series["publisher"],
        program_words(language)["note.key_figures"],
        SERIES["address"],
    ):
        assert squeezed(text) in first
    assert second.replace(squeezed(series["title"]), "").find(squeezed(program_words(language)["note.contents"])) >= 0


def page_reference(language: str) -> str:
    """What the cover adds to a reference: ``, page 9``."""
    return "|".join(
        re.escape(squeezed(program_words(language)[f"note.{key}"])).replace(re.escape("{n}"), r"\d+")
        for key in ("page", "at_page")
    )


def found_in(html: str, section: str) -> list[str]:
    """Items of the list under a heading of the site, as text."""
    body = html.split(f'id="{section}"', 1)[1].split("<h2", 1)[0]
    return [unescape(re.sub(r"<[^>]+>", "", item)) for item in re.findall(r"<li>(.*?)</li>", body, re.DOTALL)]


def test_references_on_the_cover_name_the_page(built: Path, language: str):
    tables = places(note(built, language), "tbl-")
    words = program_words(language)
    named = 0
    for key in PRINTED:
        label = squeezed(words["ui.table_label"].format(n=PRINTED.index(key) + 1))
        before, after = (re.escape(squeezed(part)) for part in words["note.at_page"].split("{n}"))
        for match in re.finditer(rf"{re.escape(label)}{before}(\d+){after}", pages(built, language)[0]):
            named += 1
            assert int(match.group(1)) == tables[f"tbl-{key}"][0], key
    assert named >= 3


def test_no_heading_ends_a_page(built: Path, language: str):
    """Under a heading there is room for two lines at least: 12 mm above the margin."""
    reader = note(built, language)
    for item in heads(reader.outline):
        assert float(item.top) > FOOT + 12 * MM, item.title


def test_no_caption_ends_a_page(built: Path, language: str):
    """Under the caption of a table or figure there are its head and first rows, or the whole picture.

    20 mm at least.
    """
    for name, (number, top_) in (places(note(built, language), "tbl-") | places(note(built, language), "fig-")).items():
        assert top_ > FOOT + 20 * MM, (name, number)


def test_nothing_leaves_the_page(built: Path, language: str):
    """Every line of every table, that is every drawn rectangle and stroke, ends at the right margin or before.

    The cover's band alone bleeds.
    """
    with pikepdf.open(built / language / "note.pdf") as pdf:
        reach = [reached(page) for page in list(pdf.pages)[1:]]
    assert max(reach) == pytest.approx(WIDTH - RIGHT, abs=0.8)


def reached(page: pikepdf.Page) -> float:
    """The rightmost point of the paths of a page, in points.

    Pictures are forms, with streams of their own, and are not looked into.
    """
    matrices = [pikepdf.Matrix()]
    right = 0.0
    for operands, operator in pikepdf.parse_content_stream(page, "q Q cm re m l"):
        numbers = [float(number) for number in operands]
        match str(operator):
            case "q":
                matrices.append(matrices[-1])
            case "Q":
                matrices.pop()
            case "cm":
                matrices[-1] = pikepdf.Matrix(*numbers) @ matrices[-1]
            case "re" if numbers[2] < WIDTH / 0.75:  # wider: the clip of a page or of its background
                right = max(right, matrices[-1].transform((numbers[0] + numbers[2], numbers[1]))[0])
            case "m" | "l":
                right = max(right, matrices[-1].transform((numbers[0], numbers[1]))[0])
    return right


def test_the_end_says_how_to_cite_and_where_the_site_is(built: Path, language: str):
    words, last = program_words(language), "".join(pages(built, language)[-2:])
    series = read_words(ROOT / "report" / language / "_series.toml", "")
    address = f"{SERIES['address']}/2020-03/{language}/"
    for text in (
        words["cite.title"],
        f"{series['publisher']}",
        words["note.online"],
        words["note.licence"],
        series["copyright"],
        *series["disclaimer"],
        address,
    ):
        assert squeezed(text) in last, text
    links = {
        str(item.get_object().get("/A", {}).get("/URI"))
        for page in note(built, language).pages
        for item in page.get("/Annots") or []
    }
    assert address in links


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
    notice = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))["synthetic"]["notice"][
        language
    ]
    assert squeezed(notice) in pages(built, language)[0]


def test_every_table_and_figure_is_named(built: Path, language: str):
    whole = "".join(pages(built, language))
    for key in PRINTED:
        assert squeezed(read_page(built / language / "tables" / f"{key}.html").headings[0]) in whole


def test_every_chart_has_its_alternative_text(built: Path, language: str):
    with pikepdf.open(built / language / "note.pdf") as pdf:
        said = {squeezed(str(item.Alt)) for item in elements(pdf, "/Figure") if "/Alt" in item}
        assert all("/Alt" in item for item in elements(pdf, "/Figure")), "a figure without words"
    charts = {
        squeezed(text)
        for key in TABLES
        for text in read_page(built / language / "tables" / f"{key}.html").pictures.values()
    }
    assert len(charts) > 5
    assert charts <= said


def test_cells_of_a_table_are_those_of_the_page(built: Path, language: str):
    """``recovery_by_type`` prints its columns as lines: head and the cells of the three types stand side by side."""
    cells = [
        number
        for number in read_page(built / language / "tables" / "recovery_by_type.html").numbers
        if number.in_table and number.identity.startswith("recovery_by_type/")
    ]
    number, _ = places(note(built, language), "tbl-")["tbl-recovery_by_type"]
    page = "".join(pages(built, language)[number - 1 : number + 1])
    lines: dict[str, str] = {}
    for cell in cells:
        column = cell.identity.split("/")[2]
        lines[column] = lines.get(column, "") + squeezed(cell.text)
    assert len(lines) == 10
    for column, text in lines.items():
        assert text in page, column


def test_every_cell_of_every_table_is_printed(built: Path, language: str):
    whole = "".join(pages(built, language))
    missing = [
        number.identity
        for key in PRINTED
        for number in read_page(built / language / "tables" / f"{key}.html").numbers
        if number.in_table and squeezed(number.text) not in whole
    ]
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
        assert len(elements(pdf, "/Table")) > sum(
            len(chapter["tables"]) for chapter in CHAPTERS if chapter.get("note", True)
        )
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
