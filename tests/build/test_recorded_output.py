"""The net below every rebuilding of the program: both editions of the sample, file by file, as they were recorded.

After a wanted change of what is written run

    NPL_REPORT_WRITE_OUTPUT=1 python -m pytest tests/build/test_recorded_output.py

and read in the difference which files it has changed. Recorded is a hash of each file, but of ``manifest.json`` and
``SHA256SUMS``, which hold the hash of the program's code; the page of revisions prints its first digits, which are
passed over. Notes depend on the system's libraries as well and are compared where these are the recorded ones.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from npl_report.editions.fingerprint import code_hash
from npl_report.files.hashing import digest
from tests.helpers.running import EDITION, LATER_EDITION, ROOT

RECORDED = ROOT / "tests" / "recorded"
APART = ("manifest.json", "SHA256SUMS")
TYPESETTING = ("Fontconfig", "FreeType", "HarfBuzz", "HarfBuzz-Subset", "Pango")
"""What notes depend on beside the program and its libraries."""
DIGITS, PRINTED = 16, 12
"""Digits of a hash: those recorded here, and those of the code's that the page of revisions prints."""


def hashes(folder: Path) -> dict[str, str]:
    """Path → the first digits of its hash."""
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    found = {}
    for name, path in files.items():
        if name not in APART:
            found[name] = digest(path.read_bytes().replace(code_hash()[:PRINTED].encode(), b""))[:DIGITS]
    return found


def system(folder: Path) -> str:
    """The versions that notes depend on."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return json.dumps({name: manifest["environment"]["system"][name] for name in TYPESETTING})


def read(path: Path) -> tuple[str, dict[str, str]]:
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    return head, {name: mark for mark, name in (line.split("  ", 1) for line in lines)}


def written(head: str, found: Mapping[str, str]) -> str:
    return "".join(f"{line}\n" for line in (head, *(f"{mark}  {name}" for name, mark in found.items())))


@pytest.mark.pdf
@pytest.mark.whole
@pytest.mark.parametrize(("edition", "fixture"), [(EDITION, "built"), (LATER_EDITION, "built_2021")])
def test_the_editions_are_as_recorded(edition: str, fixture: str, request: pytest.FixtureRequest):
    folder = request.getfixturevalue(fixture)
    found, here, path = hashes(folder), system(folder), RECORDED / f"{edition}.txt"
    if os.environ.get("NPL_REPORT_WRITE_OUTPUT"):
        RECORDED.mkdir(exist_ok=True)
        path.write_text(written(here, found), encoding="utf-8")
    there, recorded = read(path)
    names = {name for name in recorded.keys() | found.keys() if there == here or not name.endswith(".pdf")}
    assert sorted(name for name in names if recorded.get(name) != found.get(name)) == []
