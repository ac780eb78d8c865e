"""What an edition must hold before it is published.

Figures are those that were published before, and the same wherever they stand. Links, glyphs and words are checked
where the pages are made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from npl_report.editions.printed import bound_figures
from npl_report.model import Figure, InputError, Language, Problem

_NUMBER = re.compile(r"\d")
_FIGURE = re.compile(r"[−<+]?\d[\d,.]*\d|[−<+]?\d")
"""A printed number, without its unit."""


def check_files(files: Mapping[str, bytes], languages: tuple[Language, ...], printed: Iterable[str]) -> None:
    """Raise InputError for what speaks against publishing.

    That is every figure that differs from the download of its table or is missing in the note, and every page of one
    language that another lacks. ``printed``: keys of the chapters that the note carries.
    """
    if problems := [*_differing(files), *_unprinted(files, languages, tuple(printed)), *_lacking(files, languages)]:
        raise InputError(problems)


def _stored(files: Mapping[str, bytes]) -> dict[str, object]:
    """Identity → value, as the JSON downloads hold them."""
    stored: dict[str, object] = {}
    for path, data in files.items():
        if path.startswith("downloads/tables/") and path.endswith(".json"):
            key = path.removeprefix("downloads/tables/").removesuffix(".json")
            for row, cells in json.loads(data).get("rows", {}).items():
                stored.update({Figure.of(key, row, column): value for column, value in cells.items()})
    return stored


def _differing(files: Mapping[str, bytes]) -> Iterator[Problem]:
    stored = _stored(files)
    for path, data in files.items():
        if not path.endswith(".html"):
            continue
        for identity, value, text in bound_figures(data):
            if identity in stored and not _same(value, stored[identity]):
                fix = "this is a fault of the program: please report it"
                yield Problem(
                    path, column=identity, value=value or text, rule=f"the download holds {stored[identity]}", fix=fix
                )


def _unprinted(
    files: Mapping[str, bytes], languages: tuple[Language, ...], printed: tuple[str, ...]
) -> Iterator[Problem]:
    """Figures of the pages that do not stand in the text of the note, as a reader of the PDF would copy it.

    Number by number, because lines and units break elsewhere.
    """
    for language in languages:
        pages = [f"{language}/{key}.html" for key in printed if f"{language}/{key}.html" in files]
        figures: dict[tuple[str, str, str], None] = {}
        for page in pages:
            figures |= {(page, identity, text): None for identity, _, text in bound_figures(files[page])}
        note = f"{language}/note.pdf"
        if not figures or note not in files:
            continue
        printed_there = _figures(files[note])
        for page, identity, text in figures:
            if not printed_there.issuperset(_FIGURE.findall(text)):
                fix = (
                    "a figure that the prose prints on the site only (medium) must stand elsewhere in the note; "
                    "otherwise this is a fault of the program: please report it"
                )
                yield Problem(note, column=identity, value=text, rule=f"the note lacks this figure of {page}", fix=fix)


def _figures(pdf: bytes) -> set[str]:
    """The numbers of a PDF's text."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        texts = (page.get_textpage().get_text_bounded() for page in document)
        return set(chain.from_iterable(map(_FIGURE.findall, texts)))


def _same(value: str, stored: object) -> bool:
    if isinstance(stored, int | float) and not isinstance(stored, bool):
        return bool(_NUMBER.search(value)) and float(value) == float(stored)
    return value == ("" if stored is None else str(stored))


def _lacking(files: Mapping[str, bytes], languages: tuple[Language, ...]) -> Iterator[Problem]:
    """Every language has the same pages."""
    pages = {
        language: {
            path.partition("/")[2]
            for path in files
            if path.startswith(f"{language}/") and path.endswith((".html", ".pdf"))
        }
        for language in languages
    }
    every = set().union(*pages.values())
    for language, there in pages.items():
        for path in sorted(every - there):
            yield Problem(
                f"{language}/{path}",
                rule=f"the page is missing in {language}",
                fix="give the chapter its prose in every language",
            )
