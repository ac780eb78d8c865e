"""The notes as built, and what is read off them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
import pypdf
import yaml

from tests.helpers.markup import CHAPTERS, ROOT

IN_NOTE = [chapter["key"] for chapter in CHAPTERS if chapter.get("note", True)]


def _printed(chapter: dict[str, Any]) -> Iterator[str]:
    """The tables in the sections of a chapter that the note prints, as its page places them."""
    sections = chapter.get("note", True)
    page = (ROOT / "report" / "en" / f"{chapter['key']}.qmd").read_text(encoding="utf-8")
    for piece in re.split(r"^(?=## )", page, flags=re.MULTILINE):
        anchor = re.match(r"## .*\{#([\w-]+)\}", piece)
        if sections is True or not anchor or anchor[1] in sections:
            yield from re.findall(r'\{\{ table\("(\w+)"\) \}\}', piece)


PRINTED = [key for chapter in CHAPTERS if chapter.get("note", True) for key in _printed(chapter)]
SERIES = tomllib.loads((ROOT / "report" / "series.toml").read_text(encoding="utf-8"))
MM = 72 / 25.4


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
