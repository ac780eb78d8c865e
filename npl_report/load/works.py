"""``report/<language>/references.bib`` → the keys of the works that a publication cites."""

from __future__ import annotations

import re
from pathlib import Path

from npl_report.files.texts import read_text

_ENTRY = re.compile(r"^\s*@(?!comment|string|preamble)\w+\s*\{\s*([^\s,{}]+)\s*,", re.MULTILINE | re.IGNORECASE)


def read_works(report: Path, language: str) -> frozenset[str]:
    """The keys of one language; none where there is no file."""
    path = report / language / "references.bib"
    return (
        frozenset(_ENTRY.findall(read_text(path, f"report/{language}/{path.name}"))) if path.is_file() else frozenset()
    )
