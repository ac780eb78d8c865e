"""Words and prose of the repository keep the house's style: the field's terms, one kind of quotation mark a language.

``house_style.toml`` lists what is not said, with the term that is preferred.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from npl_report.text.lint import body_start
from npl_report.text.ownwords import FINDINGS, FOLDER
from npl_report.text.spans import silent
from tests.helpers.every import every
from tests.helpers.running import ROOT

LANGUAGES = ("zh", "en", "it")
STYLE = tomllib.loads(Path(__file__).with_name("house_style.toml").read_text(encoding="utf-8"))
PROSE = {"zh": "report/zh", "en": "report/en", "it": "samples/euro/report/it"}
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$|`[^`\n]*`", re.DOTALL)
"""Formulas and code."""
SILENT = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{##.*?##\}"  # Jinja
    rf"|{FORMULA.pattern}"
    r"|\\\\[a-z]+\{[^}]*\}|\{#[^}]*\}|\]\([^)\n]*\)",  # LaTeX, pandoc's ids and addresses
    re.DOTALL,
)
"""What is no text for a reader."""
MARKS = {
    "zh": (r"[A-Za-z\u4e00-\u9fff]['\"]|['\"][\u4e00-\u9fff]|[«»‹›]", "“…”"),
    "en": (r"(?<=\w)'|'(?=\w)|\"|[«»‹›]", "“…” and ’"),
    "it": (r"(?<=\w)'|'(?=\w)|\"|[«»‹›]", "“…” and ’"),
}
"""Quotation marks that a language does not use, and those it does."""


class Text(NamedTuple):
    place: str
    text: str


def words(language: str) -> Iterator[Text]:
    """The program's words: their files' values, with the key of each."""
    for path in (FOLDER / f"{language}.toml", *sorted(FOLDER.parent.glob(f"tables/*/{language}.toml"))):
        shown = path.relative_to(ROOT).as_posix()
        for key, text in leaves(tomllib.loads(path.read_text(encoding="utf-8"))):
            if not key.startswith(("language.contractions.", "ui.crumb")):
                yield Text(f"{shown}: {key}", text)


def leaves(tree: dict[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield from ((f"{prefix}{key}", str(item)) for item in value)
        else:
            yield prefix + key, str(value)


def prose(language: str) -> Iterator[Text]:
    """Pages line by line."""
    for path in sorted((ROOT / PROSE[language]).glob("*.qmd")):
        shown = path.relative_to(ROOT).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield Text(f"{shown}:{number}", line)
    yield from findings(language)


def findings(language: str) -> Iterator[Text]:
    """The words of findings, which are set as pages are."""
    for path in sorted((FINDINGS / language).glob("*.toml")):
        for key, text in leaves(tomllib.loads(path.read_text(encoding="utf-8"))):
            yield Text(f"{path.relative_to(ROOT).as_posix()}: {key}", text)


@every("language", LANGUAGES)
def test_the_terms_of_the_field(language: str) -> None:
    found = [
        f"{place}: “{match.group()}”, say {entry['use']}"
        for entry in STYLE[language]
        for place, match in hits(language, entry["not"])
    ]
    assert found == []


def hits(language: str, pattern: str) -> Iterator[tuple[str, re.Match[str]]]:
    wrong = re.compile(pattern)
    for of in (words, prose):
        for place, text in of(language):
            yield from ((place, match) for match in wrong.finditer(FORMULA.sub(" ", text)))


@every("language", LANGUAGES)
def test_quotation_marks_of_words(language: str) -> None:
    wrong, right = MARKS[language]
    found = [
        f"{place}: {match.group()}, write {right}"
        for place, text in words(language)
        for match in re.finditer(wrong, SILENT.sub(" ", text))
    ]
    assert found == []


@every("language", LANGUAGES)
def test_quotation_marks_of_prose(language: str) -> None:
    """Pandoc makes straight ones of Latin prose typographic, but not those of titles; in Chinese they stay as typed."""
    found = []
    for path in sorted((ROOT / PROSE[language]).glob("*.qmd")):
        text = path.read_text(encoding="utf-8")
        start = body_start(text)
        titles = "\n".join(line.partition(": ")[2].strip('"') for line in text[:start].splitlines())
        wrong = MARKS[language][0] if language == "zh" else "[«»‹›„]"
        body = SILENT.sub(" ", silent(text[start:]))
        found += [f"{path.name}: {match.group()}" for match in re.finditer(MARKS[language][0], SILENT.sub(" ", titles))]
        found += [f"{path.name}: {match.group()}" for match in re.finditer(wrong, body)]
    wrong = MARKS[language][0] if language == "zh" else "[«»‹›„]"
    for place, text in findings(language):
        found += [f"{place}: {match.group()}" for match in re.finditer(wrong, SILENT.sub(" ", text))]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_can_be_found(language: str) -> None:
    for entry in STYLE[language]:
        assert set(entry) == {"not", "use"}
        assert not re.search(entry["not"], entry["use"]), f"what is preferred is refused: {entry['use']}"
