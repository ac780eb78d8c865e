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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from page import ValidationProfile, validate_pdf

from npl_report.note import tags as pdftags
from npl_report.note.pdf import PrintJob, make_pdf
from npl_report.text.words import program_words
from npl_report.typesetting.fonts import FACES, cut
from tests.helpers.markup import LANGUAGES
from tests.note.notes import PRINTED
from tests.note.tagrules import RULES, contents, elements, headers, ids, inner, kids, numbers, rows, tree

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
<h2>Long</h2><ol><li><p>One</p><p>Two</p></li><li>Three</li></ol>
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


def test_items_of_lists_have_bodies(printed: Printed):
    """WeasyPrint writes none around paragraphs."""
    items = elements(printed.pdf, "/LI")[2:]  # behind those of the contents
    assert [[str(kid.S) for kid in inner(item)] for item in items] == [["/Lbl", "/LBody"], ["/Lbl", "/LBody"]]
    assert [str(kid.S) for kid in inner(inner(items[0], "/LBody")[0])] == ["/P", "/P"]


# The built notes


@cache
def note(built: Path, language: str) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO((built / language / "note.pdf").read_bytes()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULES)
def test_rules_hold_for_the_notes(built: Path, language: str, rule: Any):
    assert rule(note(built, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_of_a_note_are_those_it_prints(built: Path, language: str):
    """One table element each, and each has a head."""
    found = elements(note(built, language), "/Table")
    assert len(found) == len(PRINTED)
    assert [table for table in found if not inner(table, "/THead")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_keeps_the_rules_of_pdf_ua(built: Path, language: str):
    """All rules of PDF/UA-1 that a machine can check, by another reader of them than ours."""
    report = validate_pdf(built / language / "note.pdf", profile=ValidationProfile.PDF_UA_1)
    assert report.rules.total > 100
    assert {(failure.rule_id, failure.message) for failure in report.failures} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_are_said_in_words(built: Path, language: str):
    said = [str(item.Alt) for item in elements(note(built, language), "/Formula")]
    assert len(said) > 5
    assert [text for text in said if re.search(r"[\\{}_^$]", text)] == []
    words = {"en": "sub", "zh": "下标"}[language]
    assert any(words in text for text in said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_names_its_language(built: Path, language: str):
    assert str(note(built, language).Root.Lang) == program_words(language)["language.tag"]
