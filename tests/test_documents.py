"""What the documents of the project name is there: files, and every record of a decision in its list."""

from __future__ import annotations

import re

from tests.helpers.running import ROOT

_NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.[a-z]+)`")
_LISTED = re.compile(r"\| \[(\d{3})\]\((.+?)\) \| (.+?) \| (.+?) \|")
_ROOTS = (ROOT, ROOT / "npl_report", ROOT / "templates")


def test_files_that_are_named_are_there():
    documents = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    named = {(path.name, name) for path in documents for name in _NAMED.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 40
    missing = {(document, name) for document, name in named if not any((root / name).exists() for root in _ROOTS)}
    assert missing == set()


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    records = {path.name: path.read_text(encoding="utf-8").splitlines() for path in folder.glob("[0-9]*.md")}
    listed = re.findall(
        r"\| \[(\d{3})\]\((.+?)\) \| (.+?) \| (.+?) \|", (folder / "README.md").read_text(encoding="utf-8")
    )
    assert [number for number, *_ in listed] == [f"{number:03}" for number in range(1, len(records) + 1)]
    assert {name: (f"# {title}", day) for _, name, day, title in listed} == {
        name: (lines[0], lines[2].partition(" ")[0]) for name, lines in records.items()
    }
