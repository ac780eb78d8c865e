"""Every cell of every research table in the PDF, read through its tags, is the cell of the site's table.

Same row, same column, same text.

With ``test_numbers`` (pages against CSV, both languages), ``test_downloads`` (JSON) and ``test_workbook`` (XLSX) this
makes one chain from a number's identity through all that is published.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from tests.helpers.every import every
from tests.helpers.markup import CHAPTERS, LANGUAGES
from tests.note.notes import PRINTED

pytestmark = pytest.mark.pdf
CHAPTER = {key: chapter["key"] for chapter in CHAPTERS for key in chapter["tables"]}

Rows = list[list[str]]


class Tables(HTMLParser):
    """Rows of cells of every table of a page, by the id of the figure around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: dict[str, Rows] = {}
        self._figure = ""
        self._in_cell = False
        self._unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "figure":
            self._figure = given.get("id") or ""
        elif tag == "tr":
            self.rows.setdefault(self._figure, []).append([])
        elif tag in ("td", "th"):
            self.rows[self._figure][-1].append("")
            self._in_cell = True
        elif given.get("class") == "of":  # the group above, for who hears the row: in the note it stands there alone
            self._unseen = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._in_cell = False
        self._unseen = self._unseen and tag != "span"

    def handle_data(self, data: str) -> None:
        if self._in_cell and not self._unseen:
            self.rows[self._figure][-1][-1] += data


def squeezed(text: str) -> str:
    """Without white space and soft hyphens, which lines of a page put anywhere."""
    return re.sub(r"[\s\u00ad]+", "", text)


@cache
def on_site(page: Path) -> dict[str, Rows]:
    parser = Tables()
    parser.feed(page.read_text(encoding="utf-8"))
    return {figure: [[squeezed(cell) for cell in row] for row in rows] for figure, rows in parser.rows.items()}


@cache
def in_note(path: Path) -> list[Rows]:
    """The tables of the structure tree in reading order.

    A cell's text comes from the marked content that the tree names.
    """
    said: defaultdict[tuple[int, int], str] = defaultdict(str)
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            for char in page.chars:
                if char.get("mcid") is not None:
                    said[page.page_number, char["mcid"]] += char["text"]
        tree = pdf.structure_tree

    def text(node: dict[str, Any], page: int) -> str:
        here = node.get("page_number", page)
        return "".join(said[here, mark] for mark in node.get("mcids", ())) + "".join(
            text(child, here) for child in node.get("children", ())
        )

    def rows(node: dict[str, Any], page: int) -> Rows:
        here = node.get("page_number", page)
        if node["type"] == "TR":
            return [[squeezed(text(cell, here)) for cell in node.get("children", ())]]
        return [row for child in node.get("children", ()) for row in rows(child, here)]

    found: list[Rows] = []

    def walk(node: dict[str, Any], page: int) -> None:
        here = node.get("page_number", page)
        if node["type"] == "Table":
            found.append(rows(node, here))
            return
        for child in node.get("children", ()):
            walk(child, here)

    for node in tree:
        walk(node, 0)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@every("table", PRINTED)
def test_cells_of_the_note_are_those_of_the_site(built: Path, table: str, language: str):
    expected = on_site(built / language / f"{CHAPTER[table]}.html")[f"tbl-{table}"]
    assert len(expected) > 1
    found = in_note(built / language / "note.pdf")
    if len(expected[0]) < len(expected[-1]):  # two rows of heads, of which on the site cells span both
        assert expected[2:] in [rows[2:] for rows in found]
    else:
        assert expected in found


def test_there_is_something_to_compare():
    assert len(PRINTED) > 6
