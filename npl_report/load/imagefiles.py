"""Image files of a project, looked at before a page or the note shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

KINDS = {".png": b"\x89PNG", ".jpg": b"\xff\xd8", ".jpeg": b"\xff\xd8", ".svg": b"<"}
"""Ending → how such a file begins."""
_NAMES = {".png": "a PNG", ".jpg": "a JPEG", ".jpeg": "a JPEG", ".svg": "an SVG"}
_FOREIGN = re.compile(
    rb"<script|@import|(?:href|src)\s*=\s*[\"']\s*(?:[a-z]+:)?//|url\(\s*[\"']?\s*(?:[a-z]+:)?//", re.IGNORECASE
)


def wrong_image(
    file: Path, within: Path, largest: int, missing: str, kinds: Sequence[str] = tuple(KINDS)
) -> tuple[str, str] | None:
    """(rule, what to do) for a file that cannot be shown.

    It is to lie below ``within`` and have at most ``largest`` bytes; ``missing``: what to do where there is none.
    """
    kind = file.suffix.lower()
    if kind not in kinds:
        *names, last = dict.fromkeys(_NAMES[of] for of in kinds)
        return f"must be {', '.join(names)} or {last}", "save it as one of them"
    if not file.resolve().is_relative_to(within.resolve()):
        return "leads out of the project", "put the file itself into the project, and write where it lies there"
    if not file.is_file():
        return "there is no such file", missing
    if (size := file.stat().st_size) > largest:
        rule = f"is of {size / 1e6:.1f} MB, and may have {largest / 1e6:.0f}"
        return rule, "make it smaller, for every reader loads it: a picture of 1600 pixels across will do"
    content = file.read_bytes()
    if not content.lstrip().startswith(KINDS[kind]):
        return f"is no {_NAMES[kind].split()[1]}, whatever its name", "save it in the form that its name says"
    if kind == ".svg" and _FOREIGN.search(content):
        return "loads something from elsewhere, or holds a script", "save it as a plain SVG"
    return None
