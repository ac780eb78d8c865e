"""A PDF as three readers show it: PDFium (Chrome, Edge), poppler (Evince, Okular) and MuPDF (SumatraPDF).

Its text, its pages as pictures, and what differs.

They read fonts by code of their own and forgive different faults, so what all three show alike is right, and what one
shows otherwise is a fault of the file.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pypdfium2
import pytest
from pypdfium2 import raw

DPI = 50
"""A character is 6 pixels high then: enough to tell whether it is there, and a note takes five seconds in all three."""
LESS_INK = 0.75
"""Readers smooth letters differently: over all pages of all notes MuPDF lays down 83 to 104 per cent of PDFium's
ink, poppler 92 to 105."""
LIKENESS = 0.65
"""Correlation of a page's pixels, each averaged with its neighbours, because poppler moves letters by fractions of a
pixel: 0.75 at least over all notes. With wrong glyphs it is 0.2 to 0.5."""
FAINTER = 0.12
"""Edges inside a character's box, as a share of those in the reader that has most: 0.16 at least (a full stop) over
the 404,000 characters of all notes. A character that is lost has none but its neighbours'."""
WIDE = 3
"""Pixels. A character as wide has a box of its own, without its neighbours' ink; that of a narrower one is taken
with the room around it."""
Picture = np.ndarray[Any, np.dtype[np.float64]]


@cache
def texts(path: Path) -> dict[str, list[str]]:
    """Text of each page by reader, in the order of the file."""
    with pypdfium2.PdfDocument(path) as pdf:
        pdfium = [page.get_textpage().get_text_bounded() for page in pdf]
    with pymupdf.open(path) as pdf:
        mupdf = [page.get_text() for page in pdf]
    printed = subprocess.run(
        [_poppler("pdftotext"), "-raw", "-enc", "UTF-8", path, "-"], capture_output=True, check=True
    ).stdout
    return {"pdfium": pdfium, "mupdf": mupdf, "poppler": printed.decode().split("\f")[:-1]}


def squeezed(text: str) -> str:
    """Without white space, which each reader guesses from distances, and without a hyphen at the end of a line,
    which PDFium marks (U+0002) and poppler takes away."""
    return re.sub(r"\s+", "", re.sub(r"-\s*\n|\x02", "", text))


def outlined(path: Path) -> list[Counter[str]]:
    """Characters that each page draws twice, first as their own outline, so that they are legible over lines: some
    readers give them once, some twice."""
    with pymupdf.open(path) as pdf:
        return [
            Counter(chr(char[0]) for span in page.get_texttrace() if span["type"] for char in span["chars"])
            for page in pdf
        ]


def unlike_texts(path: Path) -> list[str]:
    """Pages whose characters are not the same in all readers, with those that differ."""
    found = texts(path)
    assert len({len(pages) for pages in found.values()}) == 1
    problems = []
    for number, twice in enumerate(outlined(path)):
        counts = {reader: Counter(squeezed(pages[number])) for reader, pages in found.items()}
        for one, other in combinations(counts, 2):
            for has, lacks in ((one, other), (other, one)):
                if more := counts[has] - counts[lacks] - twice:
                    problems.append(f"page {number + 1}: {has} has more than {lacks}: {dict(more)}")
    return problems


def unlike_pictures(path: Path) -> list[str]:
    """Pages that hold more ink in one reader than in another or look different, and characters that one reader shows
    and another does not."""
    pages, boxes = pictures(path), characters(path)
    assert {len(shown) for shown in pages.values()} == {len(boxes)}
    problems = []
    for number, (names, tight, loose) in enumerate(boxes):
        shown = {reader: found[number] for reader, found in pages.items()}
        assert len({picture.shape for picture in shown.values()}) == 1
        problems += [
            f"page {number + 1}: {text}"
            for text in (*_unlike_pages(shown), *_lost(shown, names, _measured(tight, loose)))
        ]
    return problems


def _unlike_pages(shown: Mapping[str, Picture]) -> Iterator[str]:
    for one, other in combinations(shown, 2):
        ink = sorted([(shown[one].sum(), one), (shown[other].sum(), other)])
        if ink[0][0] < LESS_INK * ink[1][0]:
            yield f"{ink[0][1]} has {ink[0][0] / ink[1][0]:.0%} of the ink of {ink[1][1]}"
        likeness = np.corrcoef(_soft(shown[one]).ravel(), _soft(shown[other]).ravel())[0, 1]
        if likeness < LIKENESS:
            yield f"{one} and {other} are alike by {likeness:.2f} only"


def _lost(shown: Mapping[str, Picture], names: Sequence[str], boxes: np.ndarray[Any, Any]) -> Iterator[str]:
    """Characters that a reader does not show, counted."""
    if not names:
        return
    edges = {reader: _inside(_edges(picture), boxes) for reader, picture in shown.items()}
    most = np.max(list(edges.values()), axis=0)
    for reader, found in edges.items():
        if lost := Counter(str(name) for name in np.array(names)[found < FAINTER * most]):
            yield f"{reader} does not show {dict(lost)}"


def pictures(path: Path) -> dict[str, list[Picture]]:
    """The ink of each page by reader: 0 for paper, 255 for black."""
    with tempfile.TemporaryDirectory() as folder:
        poppler = subprocess.Popen([_poppler("pdftoppm"), "-r", str(DPI), "-gray", path, f"{folder}/p"])
        with pypdfium2.PdfDocument(path) as pdf:
            pdfium = [255.0 - page.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze() for page in pdf]
        with pymupdf.open(path) as pdf:
            maps = [page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY) for page in pdf]
        mupdf = [
            255.0 - np.frombuffer(item.samples, np.uint8).reshape(item.h, item.stride)[:, : item.w] for item in maps
        ]
        assert poppler.wait() == 0
        return {
            "pdfium": pdfium,
            "mupdf": mupdf,
            "poppler": [_grey_map(page) for page in sorted(Path(folder).iterdir())],
        }


def _grey_map(path: Path) -> Picture:
    """A file in the format PGM: two letters, width and height, the greatest value, the pixels."""
    _, size, _, pixels = path.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    return 255.0 - np.frombuffer(pixels, np.uint8).reshape(height, width)


def characters(path: Path) -> list[tuple[list[str], Picture, Picture]]:
    """Of each page the visible characters and their boxes (left, top, right, bottom, in pixels): around the ink, and
    with the room of the line."""
    corners, room = [ctypes.c_double() for _ in range(4)], raw.FS_RECTF()
    found = []
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            text, height = page.get_textpage(), page.get_height()
            names, tight, loose = [], [], []
            for place in range(raw.FPDFText_CountChars(text)):
                name = chr(raw.FPDFText_GetUnicode(text, place))
                if (
                    name > " "
                    and not name.isspace()
                    and raw.FPDFText_GetCharBox(text, place, *corners)
                    and raw.FPDFText_GetLooseCharBox(text, place, room)
                ):
                    left, right, bottom, top = (corner.value for corner in corners)
                    names.append(name)
                    tight.append((left, height - top, right, height - bottom))
                    loose.append((room.left, height - room.top, room.right, height - room.bottom))
            found.append((names, np.array(tight) * DPI / 72, np.array(loose) * DPI / 72))
    return found


def _measured(tight: Picture, loose: Picture) -> np.ndarray[Any, Any]:
    """Whole pixels in which a character is looked for (see WIDE)."""
    if not len(tight):
        return np.zeros((0, 4), int)
    own = np.stack(
        [tight[:, 0].round(), np.floor(tight[:, 1]) - 1, tight[:, 2].round(), np.ceil(tight[:, 3]) + 1], axis=1
    )
    around = np.stack(
        [np.floor(loose[:, 0]), np.floor(loose[:, 1]) - 1, np.ceil(loose[:, 2]), np.ceil(loose[:, 3])], axis=1
    )
    return np.where((tight[:, 2] - tight[:, 0] >= WIDE)[:, None], own, around).astype(int)


def _inside(picture: Picture, boxes: np.ndarray[Any, Any]) -> Picture:
    """Sum over each box."""
    height, width = picture.shape
    sums = np.zeros((height + 1, width + 1))
    sums[1:, 1:] = picture.cumsum(0).cumsum(1)
    left, right = (boxes[:, side].clip(0, width) for side in (0, 2))
    top, bottom = (boxes[:, side].clip(0, height) for side in (1, 3))
    return sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]


def _edges(picture: Picture) -> Picture:
    """How much each pixel differs from its neighbours: ink on paper and paper on ink alike, and no flat background."""
    edges = np.zeros_like(picture)
    edges[:, :-1] += abs(np.diff(picture, axis=1))
    edges[:-1] += abs(np.diff(picture, axis=0))
    return edges


def _soft(picture: Picture) -> Picture:
    return (picture[:-1, :-1] + picture[1:, :-1] + picture[:-1, 1:] + picture[1:, 1:]) / 4


def _poppler(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"no {program} on PATH: apt-get install poppler-utils")
    return path
