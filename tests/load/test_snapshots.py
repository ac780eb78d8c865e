"""The kept messages belong to cases that exist."""

from __future__ import annotations

import re

from tests.helpers import tiny
from tests.helpers.snapshots import FOLDER

KINDS = (
    "data",
    "package",
    "unit",
    "corrections",
    "edition",
    "series",
    "project",
    "ledger",
    "bindings",
    "prose",
    "page",
)
"""First words of the cases that tests/load and tests/text keep; other tests may keep theirs under other words."""


def test_no_message_is_kept_for_a_case_that_is_gone():
    sources = "".join(
        path.read_text(encoding="utf-8")
        for place in ("load", "text")
        for path in (tiny.ROOT / "tests" / place).glob("test_*.py")
    )
    named = set(re.findall(rf'"((?:{"|".join(KINDS)})-[a-z0-9-]+)"', sources))
    kept = {path.stem for path in FOLDER.glob("*.txt") if path.stem.split("-")[0] in KINDS}
    assert kept == named


def test_every_message_says_what_to_do():
    for path in FOLDER.glob("*.txt"):
        if path.stem.split("-")[0] in KINDS:
            lines = path.read_text(encoding="utf-8").splitlines()
            assert lines
            assert [line.startswith("    → ") for line in lines] == [False, True] * (len(lines) // 2), path.name
