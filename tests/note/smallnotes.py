"""Small notes that are laid out by the engine as the real ones are, with their style sheet and a face of theirs."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pymupdf

from npl_report.note.pdf import PrintJob, make_pdf
from npl_report.typesetting.fonts import FACES, cut
from tests.helpers.markup import ROOT

STYLE = (ROOT / "templates" / "print" / "note.css").read_bytes()


def faces(folder: Path) -> Mapping[str, bytes]:
    """The faces of the notes with the letters of English."""
    return {f"{face.name}.otf": cut(face, frozenset(map(chr, range(0x20, 0x7F))) | {"▪"}, folder) for face in FACES}


def printed(body: str, faces: Mapping[str, bytes], **pictures: str) -> bytes:
    """The PDF of a body of HTML; ``pictures`` are SVG by name."""
    html = (
        '<!doctype html><html lang="en"><head><title>Note</title><link rel="stylesheet" href="npl:note.css"></head>'
        f'<body><p class="running-title">Note</p><p class="running-notice">Sample</p>{body}</body></html>'
    )
    assets = {"note.css": STYLE} | dict(faces) | {f"{name}.svg": svg.encode() for name, svg in pictures.items()}
    return make_pdf(PrintJob(html, assets, "0" * 32, "en/note.pdf"))


def opened(data: bytes) -> pymupdf.Document:
    """A note in MuPDF."""
    return pymupdf.open(stream=io.BytesIO(data), filetype="pdf")
