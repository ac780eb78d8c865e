"""What a screen reader meets in a note.

Rules of veraPDF's profile PDF/UA-1 and stricter ones, over a small note made to be awkward and over the built ones.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from npl_report.note import tags as pdftags
from npl_report.note.pdf import PrintJob, make_pdf
from npl_report.text.words import program_words
from npl_report.typesetting.fonts import FACES, cut
from tests.helpers.markup import CHAPTERS, LANGUAGES

pytestmark = pytest.mark.pdf

ROWS = 96
CSS = """@font-face { font-family: "NPL Sans"; src: url("npl:npl-sans-400.otf") }
html { font: 9pt/1.4 "NPL Sans" } body, .pictures p { margin: 0 }
@page { size: 300pt 400pt; margin: 40pt; @top-left { content: "Head" } @bottom-right { content: counter(page) } }
.toc .label { display: inline-block; width: 40pt } \
.toc a::after { content: leader(".") target-counter(attr(href), page) }
table { border-collapse: collapse } tr { break-inside: avoid } .tall, .tall tr { break-inside: auto }
.pictures { position: relative; break-before: page } \
.square { position: absolute; left: 30pt; top: 20pt; width: 60pt; height: 50pt }"""
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="50"><rect width="60" height="50" fill="#1f4e79"/></svg>'
)
SPANNED = """<thead><tr><th scope="col" rowspan="2">Deal</th><th scope="colgroup" colspan="2">Recovery</th>\
<th scope="col" rowspan="2">Months</th></tr>
<tr><th scope="col">Actual</th><th scope="col">Forecast</th></tr></thead>"""
BODY = "".join(
    f'<tr><th scope="row">Deal {n}</th><td>{n}%</td><td>{n + 1}%</td><td>{n % 36}</td></tr>' for n in range(ROWS)
)
NOTE = f"""<!doctype html><html lang="en"><head><title>Note</title>\
<link rel="stylesheet" href="npl:note.css"></head><body>
<ol class="toc"><li><a href="#one"><span class="label">Part 1</span> Recovery</a></li>\
<li><a href="#two">Forecast</a></li></ol>
<h1 id="one">Recovery</h1>\
<p>See <a href="#two">the forecasts of all deals that are compared with what was collected from them</a>.</p>\
<h2>Long</h2>
<figure><figcaption>Long table</figcaption><div><table>{SPANNED}<tbody>{BODY}</tbody>
<tfoot><tr><th scope="row">Mean</th><td>1%</td><td>2%</td><td>3</td></tr></tfoot></table></div><p>Source</p></figure>
<h1 id="two">Forecast</h1>
<table class="tall"><caption>Tall</caption><thead><tr><th>Term</th><th>Meaning</th></tr></thead>\
<tbody><tr><th>Recovery</th><td>{"collected " * 400}</td></tr></tbody></table>
<table><tbody><tr><th>Closed</th><td>2020</td></tr></tbody></table>\
<table><tbody><tr><th>Closed</th><td>2021</td></tr></tbody></table>
<div class="pictures"><img class="square" src="npl:square.svg" alt="A square">\
<p>The count: <img class="formula" src="npl:formula.svg" alt="n"></p></div>
</body></html>"""
LONG, TALL, CLOSED = 0, 1, 2
"""Places of the tables."""


@dataclass(frozen=True)
class Printed:
    """A note, its bytes, and the content of its pages as WeasyPrint wrote it."""

    pdf: pikepdf.Pdf
    data: bytes
    written: list[bytes]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> PrintJob:
    face = cut(FACES[0], frozenset(map(chr, range(0x20, 0x7F))), tmp_path_factory.mktemp("fonts"))
    pictures = {name: PICTURE.encode() for name in ("square.svg", "formula.svg")}
    return PrintJob(NOTE, {"note.css": CSS.encode(), "npl-sans-400.otf": face} | pictures, "0" * 32, "en/note.pdf")


@pytest.fixture(scope="session")
def printed(small: PrintJob) -> Iterator[Printed]:
    written: list[bytes] = []
    repair = pdftags.repair

    def listening(pdf: pikepdf.Pdf) -> None:
        written.extend(page.Contents.read_bytes() for page in pdf.pages)
        repair(pdf)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", "")  # make_pdf sets it; here it is put back
        patch.setattr(pdftags, "repair", listening)
        data = make_pdf(small)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield Printed(pdf, data, written)


# Reading the tree


def kids(item: Any) -> list[Any]:
    return list(item.get("/K", ()))


def inner(item: Any, kind: str = "") -> list[Any]:
    """The elements right below one, of a kind."""
    return [
        kid
        for kid in kids(item)
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid and str(kid.S) == (kind or str(kid.S))
    ]


def tree(item: Any) -> Iterator[Any]:
    """All elements below one, in reading order."""
    for kid in inner(item):
        yield kid
        yield from tree(kid)


def elements(pdf: pikepdf.Pdf, *kinds: str) -> list[Any]:
    return [item for item in tree(pdf.Root.StructTreeRoot) if item.S in kinds]


def rows(table: Any) -> list[Any]:
    return [row for group in inner(table) for row in inner(group, "/TR")]


def contents(item: Any, pages: dict[Any, int]) -> list[tuple[int, int]]:
    """Page and number of all marked content below an element, in reading order."""
    found = []
    for kid in kids(item):
        if isinstance(kid, int):
            found.append((pages[item.Pg.objgen], kid))
        elif "/S" in kid:
            found += contents(kid, pages)
    return found


def numbers(pdf: pikepdf.Pdf) -> dict[Any, int]:
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages)}


def ids(cells: list[Any]) -> list[str]:
    return [bytes(cell.ID).decode() for cell in cells]


def headers(cell: Any) -> list[str]:
    return [bytes(name).decode() for name in cell.A.get("/Headers", ())]


# The rules: each returns what is wrong


def parents(pdf: pikepdf.Pdf) -> list[str]:
    """Every element knows the one that holds it (7.1-12), and stands once in the tree."""
    root = pdf.Root.StructTreeRoot
    wrong = [
        f"{kid.S} does not know its parent"
        for item in (root, *tree(root))
        for kid in inner(item)
        if kid.P.objgen != item.objgen
    ]
    counted = Counter(item.objgen for item in tree(root))
    return wrong + [
        f"element {place} stands {count} times in the tree" for place, count in counted.items() if count > 1
    ]


def marks(pdf: pikepdf.Pdf) -> list[str]:
    """All that is painted is an artifact or tagged, never both (7.1-1 to 3).

    What is tagged leads to the element that holds it, and back.
    """
    wrong = []
    holders = {
        (numbers(pdf)[item.Pg.objgen], kid): item
        for item in tree(pdf.Root.StructTreeRoot)
        for kid in kids(item)
        if isinstance(kid, int)
    }
    leading = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    index = dict(zip(map(int, leading[::2]), leading[1::2], strict=True))
    painting = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "EI"}
    for number, page in enumerate(pdf.pages):
        open_: list[Any] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BDC" | "BMC":
                    if open_:
                        wrong.append(f"page {number}: {operands[0]} inside {open_[-1]}")
                    open_.append(operands)
                    if operands[0] != "/Artifact":
                        mark = int(operands[1].MCID)
                        holder = holders.pop((number, mark), None)
                        if holder is None or index[int(page.obj.StructParents)][mark].objgen != holder.objgen:
                            wrong.append(f"page {number}: content {mark} is lost")
                case "EMC":
                    open_.pop()
                case paint if paint in painting and not open_:
                    wrong.append(f"page {number}: {paint} paints outside marks")
    for page in pdf.pages:
        leads = index[int(page.obj.StructParents)]
        wrong += [
            f"{place} of a page leads to an element without it"
            for place, item in enumerate(leads)
            if item is not None and place not in kids(item)
        ]
    return wrong + [f"{place} is held by {item.S}, but stands on no page" for place, item in holders.items()]


def annotations(pdf: pikepdf.Pdf) -> list[str]:
    """Every annotation is a link in a Link (7.18.5-1) with a description (7.18.5-2), and no Link stands in another."""
    leading = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    index = dict(zip(map(int, leading[::2]), leading[1::2], strict=True))
    wrong = [
        f"annotation {place}: not in its Link"
        for place, item in index.items()
        if place >= len(pdf.pages) and not any("/Obj" in kid for kid in kids(item) if not isinstance(kid, int))
    ]
    for page in pdf.pages:
        for item in page.get("/Annots", ()):
            holder = index[int(item.StructParent)]
            if holder.S != "/Link" or item.objgen not in {
                kid.Obj.objgen for kid in kids(holder) if not isinstance(kid, int) and "/Obj" in kid
            }:
                wrong.append("an annotation is not held by a Link")
            if not str(item.get("/Contents", "")).strip():
                wrong.append("an annotation without description")
    return wrong + [
        f"{item.S} in a Link" for link in elements(pdf, "/Link") for item in tree(link) if item.S == "/Link"
    ]


def tables(pdf: pikepdf.Pdf) -> list[str]:
    """Tables are regular (7.2-3 to 16, 36 to 43).

    Every header cell has a scope and an id, and every other cell knows its headers (7.5).
    """
    allowed = {
        "/Table": {"/Caption", "/THead", "/TBody", "/TFoot"},
        "/THead": {"/TR"},
        "/TBody": {"/TR"},
        "/TFoot": {"/TR"},
        "/TR": {"/TH", "/TD"},
    }
    wrong = [
        f"{kid.S} in {item.S}"
        for item in elements(pdf, *allowed)
        for kid in inner(item)
        if str(kid.S) not in allowed[str(item.S)]
    ]
    for table in elements(pdf, "/Table"):
        groups = [str(group.S) for group in inner(table)]
        if (
            re.fullmatch(
                r"(/Caption )?(/THead )?(/TBody )+(/TFoot )?(/Caption )?", "".join(f"{group} " for group in groups)
            )
            is None
            or groups.count("/Caption") > 1
        ):
            wrong.append(f"a table of {groups}")
        cells = [cell for row in rows(table) for cell in inner(row)]
        heads = [cell for cell in cells if cell.S == "/TH"]
        wrong += [
            f"a header cell with {dict(cell.A)}"
            for cell in heads
            if cell.A.O != "/Table" or cell.A.get("/Scope") not in {"/Column", "/Row"} or "/ID" not in cell
        ]
        wrong += [
            f"a cell with headers {headers(cell)}"
            for cell in cells
            if cell.S == "/TD" and not (cell.A.O == "/Table" and set(headers(cell)) <= set(ids(heads)))
        ]
        filled: defaultdict[int, set[int]] = defaultdict(set)
        for number, row in enumerate(rows(table)):
            column = 0
            for cell in inner(row):
                while column in filled[number]:
                    column += 1
                width, height = int(cell.A.get("/ColSpan", 1)), int(cell.A.get("/RowSpan", 1))
                for line in range(number, number + height):
                    if filled[line] & set(range(column, column + width)):
                        wrong.append("cells overlap")
                    filled[line] |= set(range(column, column + width))
        if len(filled) != len(rows(table)) or len({frozenset(line) for line in filled.values()}) != 1:
            wrong.append("a table that is not rectangular")
    return wrong


def figures(pdf: pikepdf.Pdf) -> list[str]:
    """Figures and formulas have words (7.3-1, 7.7-1), and a frame that stands on their page."""
    wrong = [
        f"{item.S} without words" for item in elements(pdf, "/Figure", "/Formula") if not str(item.get("/Alt", ""))
    ]
    for item in elements(pdf, "/Figure", "/Formula"):
        left, foot, right, top = map(float, item.A.BBox)
        _, _, width, height = map(float, item.Pg.MediaBox)
        if not (0 <= left < right <= width and 0 <= foot < top <= height):
            wrong.append(f"{item.S} is framed at {left}, {foot}, {right}, {top}")
    return wrong


def headings(pdf: pikepdf.Pdf) -> list[str]:
    """H1 comes first, and no level is left out on the way down (7.4.2-1)."""
    levels = [0] + [
        int(str(item.S)[2:]) for item in tree(pdf.Root.StructTreeRoot) if re.fullmatch(r"/H[1-6]", str(item.S))
    ]
    return [
        f"heading {place}: H{level} after H{before}"
        for place, (before, level) in enumerate(pairwise(levels))
        if level > before + 1
    ]


def described(pdf: pikepdf.Pdf) -> list[str]:
    """Language, title (7.1-9, 10; 7.2-29) and nothing left of the marks that lead from the HTML to the tree."""
    wrong = [] if re.fullmatch(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", str(pdf.Root.get("/Lang"))) else ["no language"]
    if not pdf.Root.ViewerPreferences.DisplayDocTitle or not pdf.open_metadata().get("dc:title"):
        wrong.append("no title")
    return wrong + [
        f"{key} is left"
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary)
        for key in ("/Source", "/Leader")
        if key in item
    ]


RULES = (parents, marks, annotations, tables, figures, headings, described)


# The small note


@pytest.mark.parametrize("rule", RULES)
def test_rules_hold_for_a_small_note(printed: Printed, rule: Any):
    assert rule(printed.pdf) == []


def test_a_table_over_several_pages_is_one(printed: Printed):
    """Four tables in the HTML; the two short ones, alike and side by side, stay two."""
    found = elements(printed.pdf, "/Table")
    assert len(found) == NOTE.count("<table") == 4
    assert [str(group.S) for group in inner(found[LONG])] == ["/THead", "/TBody", "/TFoot"]
    assert [len(inner(group)) for group in inner(found[LONG])] == [2, ROWS, 1]
    assert [str(group.S) for group in inner(found[TALL])] == ["/Caption", "/THead", "/TBody"]
    assert [len(rows(table)) for table in found[CLOSED:]] == [1, 1]


def test_rows_are_read_in_order(printed: Printed):
    places = contents(inner(elements(printed.pdf, "/Table")[LONG], "/TBody")[0], numbers(printed.pdf))
    assert len(places) == ROWS * 4
    assert places == sorted(places)
    assert len({page for page, _ in places}) > 3


def test_a_row_over_several_pages_is_one(printed: Printed):
    """Its parts have cells of their own on each page; the words of all stand in one cell."""
    table = elements(printed.pdf, "/Table")[TALL]
    term, meaning = inner(rows(table)[1])
    assert {page for page, _ in contents(term, numbers(printed.pdf))} < {
        page for page, _ in contents(meaning, numbers(printed.pdf))
    }
    assert headers(meaning) == ids([term, *inner(rows(table)[0])[1:]])


def test_scopes_and_spans(printed: Printed):
    table = elements(printed.pdf, "/Table")[LONG]
    top, second = (
        [(str(cell.A.Scope), int(cell.A.get("/ColSpan", 1)), int(cell.A.get("/RowSpan", 1))) for cell in inner(row)]
        for row in rows(table)[:2]
    )
    assert top == [("/Column", 1, 2), ("/Column", 2, 1), ("/Column", 1, 2)]
    assert second == [("/Column", 1, 1), ("/Column", 1, 1)]
    assert {str(inner(row)[0].A.Scope) for row in rows(table)[2:]} == {"/Row"}


def test_scopes_that_the_html_leaves_out(printed: Printed):
    table = elements(printed.pdf, "/Table")[TALL]
    assert [[str(cell.A.Scope) for cell in inner(row, "/TH")] for row in rows(table)] == [
        ["/Column", "/Column"],
        ["/Row"],
    ]


def test_cells_know_the_heads_above_the_split_ones(printed: Printed):
    """Deal, Recovery, Months stand in the first row; Actual, Forecast under Recovery.

    The last row of the body stands on another page than they.
    """
    table = elements(printed.pdf, "/Table")[LONG]
    _, recovery, months = ids(inner(rows(table)[0]))
    actual, forecast = ids(inner(rows(table)[1]))
    deal, *cells = inner(rows(table)[1 + ROWS])
    assert [headers(cell) for cell in cells] == [
        [*ids([deal]), recovery, actual],
        [*ids([deal]), recovery, forecast],
        [*ids([deal]), months],
    ]


def test_what_is_printed_again_is_an_artifact(printed: Printed):
    """On each page of the long table but the first.

    Five cells of the head and four of the foot, which is read from the first page.
    """
    pages = sorted({page for page, _ in contents(elements(printed.pdf, "/Table")[LONG], numbers(printed.pdf))})
    seen = [
        Counter(
            re.findall(
                rb"/Artifact\n<</Type /(\w+)( /Subtype /\w+)?>>\nBDC", printed.pdf.pages[page].Contents.read_bytes()
            )
        )
        for page in pages
    ]
    assert all(
        count[b"Pagination", b" /Subtype /Header"] == count[b"Pagination", b" /Subtype /Footer"] == 1 for count in seen
    )
    assert [count[b"Pagination", b""] for count in seen] == [0] + [5 + 4] * (len(pages) - 1)


def test_a_line_of_the_contents_is_one_link(printed: Printed):
    toc = elements(printed.pdf, "/L")[0]
    links = [item for item in tree(toc) if item.S == "/Link"]
    assert [len([kid for kid in kids(link) if isinstance(kid, int)]) for link in links] == [2, 2], (
        "words and page number"
    )
    described = [str(item.Contents) for item in printed.pdf.pages[0].Annots]
    assert described[:2] == ["Part 1 Recovery", "Forecast"]
    assert set(described[2:]) == {"the forecasts of all deals that are compared with what was collected from them"}
    assert len(described) == 4, "the second link is broken over two lines"
    assert b"/Type /Layout" in printed.pdf.pages[0].Contents.read_bytes()


def test_frames_and_kinds_of_pictures(printed: Printed):
    """The page is 300 pt by 400 pt with margins of 40 pt.

    The square stands 30 pt and 20 pt inside them and measures 60 pt by 50 pt.
    """
    (figure,), (formula,) = elements(printed.pdf, "/Figure"), elements(printed.pdf, "/Formula")
    assert (str(figure.Alt), str(formula.Alt)) == ("A square", "n")
    assert [float(side) for side in figure.A.BBox] == pytest.approx(
        [70, 400 - 40 - 20 - 50, 130, 400 - 40 - 20], abs=0.01
    )


def test_nothing_but_marks_is_changed_on_the_pages(printed: Printed):
    marked = re.compile(rb"/\w+\s+(<<.*?>>\s+BDC|BMC)")
    for before, page in zip(printed.written, printed.pdf.pages, strict=True):
        assert marked.sub(b"", page.Contents.read_bytes()) == marked.sub(b"", before)


def test_same_bytes_under_another_hash_seed(small: PrintJob, printed: Printed, tmp_path: Path):
    place = tmp_path / "job.pickle"
    place.write_bytes(pickle.dumps((small.html, dict(small.assets), small.identifier, small.shown)))
    script = (
        "import pickle, sys, pathlib; from npl_report.note.pdf import PrintJob, make_pdf; "
        "sys.stdout.buffer.write(make_pdf(PrintJob(*pickle.loads(pathlib.Path(sys.argv[1]).read_bytes()))))"
    )
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", script, str(place)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        assert hashlib.sha256(done.stdout).hexdigest() == hashlib.sha256(printed.data).hexdigest()


# The built notes


@cache
def note(built: Path, language: str) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO((built / language / "note.pdf").read_bytes()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULES)
def test_rules_hold_for_the_notes(built: Path, language: str, rule: Any):
    assert rule(note(built, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_of_a_note_are_those_of_its_pages(built: Path, language: str):
    """One table element for each table of the chapters that the note carries, and one for the facts on its cover.

    All but that have heads.
    """
    pages = [
        (built / language / f"{chapter['key']}.html").read_text(encoding="utf-8")
        for chapter in CHAPTERS
        if chapter.get("note", True)
    ]
    found = elements(note(built, language), "/Table")
    assert len(found) == 1 + sum(page.count("<table") for page in pages)
    assert [table for table in found[1:] if not inner(table, "/THead")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_names_its_language(built: Path, language: str):
    assert str(note(built, language).Root.Lang) == program_words(language)["language.tag"]
