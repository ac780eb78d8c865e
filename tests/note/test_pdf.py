"""The two notes as files: structure, words, fonts, tags and vectors, read by independent libraries."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pikepdf
import pytest

from npl_report.text.words import read_words
from tests.helpers.market import words_of
from tests.helpers.markup import CHAPTERS, LANGUAGES, ROOT, read_page
from tests.note.notes import IN_NOTE, MM, PRINTED, SERIES, elements, heads, note, pages, places, squeezed, title, top

pytestmark = [pytest.mark.pdf, pytest.mark.parametrize("language", LANGUAGES)]
WIDTH, RIGHT, FOOT = 210 * MM, 18 * MM, 18 * MM
"""Of a page and its margins, in points, as note.css has them."""
STANDING = [key for chapter in CHAPTERS for key in chapter["tables"]]
"""The tables of the edition in their order, which numbers them."""


def test_number_of_pages(built: Path, language: str):
    assert 12 <= len(note(built, language).pages) <= 24


def test_bookmarks_are_the_chapters(built: Path, language: str):
    words = words_of(language)
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
    lists = {words_of(language)[f"note.{name}"] for name in ("contents", "tables", "figures")}
    found = [item for item in heads(reader.outline) if item.title not in lists]
    assert len(found) > 3 * len(IN_NOTE)
    for item in found:
        number = reader.get_destination_page_number(item) + 1
        assert re.search(
            rf"{re.escape(squeezed(item.title))}\.+{number}(?!\d)", "".join(pages(built, language)[1:4])
        ), item.title


def test_lists_of_tables_and_figures_give_the_true_pages(built: Path, language: str):
    reader = note(built, language)
    tables, figures = places(reader, "tbl-"), places(reader, "fig-")
    assert set(tables) == {f"tbl-{key}" for key in PRINTED}
    assert len(figures) > 5
    lists = "".join(pages(built, language)[1:4])
    for name, (number, _) in tables.items():
        caption = squeezed(read_page(built / language / "tables" / f"{name.removeprefix('tbl-')}.html").headings[0])
        assert re.search(rf"{re.escape(caption)}\.+{number}(?!\d)", lists), name
        assert caption in pages(built, language)[number - 1]


def test_the_cover_is_one_page_worth_sending(built: Path, language: str):
    """Title, what the edition is and of what day, that the data are simulated, the key figures and a picture."""
    first, second = pages(built, language)[:2]
    series, words = read_words(ROOT / "report" / language / "_series.toml", ""), words_of(language)
    tiles = re.findall(r'class="figure">(.*?)</div>', (built / language / "index.html").read_text(encoding="utf-8"))
    assert len(tiles) >= 3
    for text in (
        *(series[key] for key in ("title", "subtitle", "publisher", "note_kind")),
        words["note.reconstructed"],
        words["ui.edition"].format(id="2020-03"),
        SERIES["address"],
        *(unescape(re.sub(r"<[^>]+>", "", tile)) for tile in tiles),
    ):
        assert squeezed(text) in first, text
    with pikepdf.open(built / language / "note.pdf") as pdf:
        assert [item for item in elements(pdf, "/Figure") if item.Pg.objgen == pdf.pages[0].obj.objgen]
    assert f"2/{len(pages(built, language))}" in second


def test_every_finding_is_printed_in_full(built: Path, language: str):
    """On the cover if there is room, otherwise behind it."""
    opening = re.sub(page_reference(language), "", "".join(pages(built, language)[:3]))
    findings = found_in((built / language / "index.html").read_text(encoding="utf-8"), "findings")
    assert len(findings) >= 3
    for finding in findings:
        assert squeezed(finding) in opening


def page_reference(language: str) -> str:
    """What the cover adds to a reference: ``, page 9``."""
    return "|".join(
        re.escape(squeezed(words_of(language)[f"note.{key}"])).replace(re.escape("{n}"), r"\d+")
        for key in ("page", "at_page")
    )


def found_in(html: str, section: str) -> list[str]:
    """Items of the list under a heading of the site, as text."""
    body = html.split(f'id="{section}"', 1)[1].split("<h2", 1)[0]
    return [unescape(re.sub(r"<[^>]+>", "", item)) for item in re.findall(r"<li>(.*?)</li>", body, re.DOTALL)]


def test_references_in_the_findings_name_the_page(built: Path, language: str):
    tables = places(note(built, language), "tbl-")
    words = words_of(language)
    named = 0
    for key in PRINTED:
        label = squeezed(words["ui.table_label"].format(n=STANDING.index(key) + 1))
        before, after = (re.escape(squeezed(part)) for part in words["note.at_page"].split("{n}"))
        for match in re.finditer(rf"{re.escape(label)}{before}(\d+){after}", "".join(pages(built, language)[:3])):
            named += 1
            assert int(match.group(1)) == tables[f"tbl-{key}"][0], key
    assert named >= 2


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
    words, last = words_of(language), "".join(pages(built, language)[-2:])
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
    words = words_of(language)
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
        for key in (name.removeprefix("fig-") for name in places(note(built, language), "fig-"))
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
