"""Pages are HTML by the rules: a label has one control, ids and attributes are not repeated, and the validator of the
W3C finds nothing.

The validator is a program for Java, ``npm install vnu-jar``: it is found in ``node_modules`` of this folder or by the
variable ``NPL_REPORT_VNU``, and its test is skipped where it or Java is not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.helpers.every import every
from tests.helpers.markup import PAGES
from tests.helpers.running import ROOT

CONTROLS = frozenset({"button", "input", "meter", "output", "progress", "select", "textarea"})
"""What a label may belong to (HTML, section 4.10.2)."""
VALIDATOR = Path(os.environ.get("NPL_REPORT_VNU", ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"))


class Rules(HTMLParser):
    """What a page breaks of the rules, with its line."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.broken: list[str] = []
        self._ids: Counter[str] = Counter()
        self._controls: list[int] = []
        self.feed(page)
        self.broken += [f"{count} elements of id {id_}" for id_, count in self._ids.items() if count > 1]

    def _break(self, what: str) -> None:
        self.broken.append(f"line {self.getpos()[0]}: {what}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) > len(set(names)):
            self._break(f"an attribute twice on <{tag}>")
        given = dict(attrs)
        if "id" in given:
            self._ids[given["id"] or ""] += 1
        if tag == "label":
            if self._controls:
                self._break("a label inside a label")
            self._controls.append(0)
        elif tag in CONTROLS and self._controls and given.get("type") != "hidden":
            self._controls[-1] += 1
            if self._controls[-1] > 1:
                self._break("a label with more than one control")

    def handle_endtag(self, tag: str) -> None:
        if tag == "label" and self._controls:
            self._controls.pop()


@pytest.mark.parametrize(
    ("page", "broken"),
    [
        ("<label>A <input></label> <label>B <select></select></label>", []),
        ("<label>A <output></output><input></label>", ["line 1: a label with more than one control"]),
        (
            '<p id="a"></p>\n<p id="a" class="b" class="c"></p>',
            ["line 2: an attribute twice on <p>", "2 elements of id a"],
        ),
    ],
)
def test_rules(page: str, broken: list[str]) -> None:
    assert Rules(page).broken == broken


@every("page", PAGES)
def test_pages_keep_the_rules(built: Path, page: str) -> None:
    assert Rules((built / page).read_text(encoding="utf-8")).broken == []


@pytest.mark.skipif(not shutil.which("java"), reason="the validator of the W3C needs Java")
@pytest.mark.skipif(not VALIDATOR.is_file(), reason="the validator of the W3C is not there: npm install vnu-jar")
def test_the_validator_of_the_w3c_finds_nothing(built: Path) -> None:
    found = subprocess.run(
        ["java", "-jar", str(VALIDATOR), "--errors-only", *(str(built / page) for page in PAGES)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stderr == ""
