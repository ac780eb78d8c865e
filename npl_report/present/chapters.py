"""``report/<language>/<chapter>.qmd`` → the texts of the chapters: head and prose, each file read once.

An edition's own page, ``report/editions/<id>/<language>/<chapter>.qmd``, stands in place of that of the series.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import yaml

from npl_report.files.texts import read_text
from npl_report.load.keys import Keys, anything, flag
from npl_report.load.project import Project
from npl_report.model import Chapter, InputError, Problem
from npl_report.text.lint import body_start

_HEAD = Keys("the head of a page", {**dict.fromkeys(("title", "nav", "description"), anything), "draft": flag()})
_CHART = re.compile(r"""(?:\{\{|\{%)-?\s*(?:call\s+)?chart\(\s*["'](\w+)["']""")
"""Where a page places a chart, with or without a finding."""

DRAFT = "the page is a draft, and is not published"
_MISSING = "the page is missing", "every language needs every chapter of report/series.toml"


@dataclass(frozen=True)
class ChapterText:
    """A chapter's page as its author wrote it; ``shown`` is the file as messages name it.

    ``menu`` is its name in menus; ``charts`` are those of the chapter's own tables, in the order in which they stand.
    A ``draft`` is built and not published.
    """

    shown: str
    source: str
    title: str
    description: str
    menu: str
    charts: tuple[str, ...] = ()
    draft: bool = False

    @property
    def body(self) -> str:
        """The prose below the head; empty lines in the head's place keep the line numbers of messages true."""
        start = body_start(self.source)
        return "\n" * self.source[:start].count("\n") + self.source[start:]


def chapter_texts(project: Project, edition: str, language: str, chapters: Iterable[Chapter]) -> dict[str, ChapterText]:
    """Chapter → its text in an edition; InputError with what is wrong with any of them."""
    texts: dict[str, ChapterText] = {}
    problems: list[Problem] = []
    for chapter in chapters:
        shown = project.page(edition, language, chapter.key)
        try:
            source = read_text(project.root / shown, shown, _MISSING)
            head = _head(source, shown)
        except InputError as error:
            problems += error.problems
            continue
        own = {*chapter.tables, *chapter.supporting}
        charts = tuple(key for key in _CHART.findall(source) if key in own)
        title, menu = str(head["title"]), str(head.get("nav", head["title"]))
        draft = head.get("draft", False)
        texts[chapter.key] = ChapterText(shown, source, title, str(head["description"]), menu, charts, draft)
    if problems:
        raise InputError(problems)
    return texts


def figure_order(texts: Iterable[ChapterText]) -> tuple[str, ...]:
    """The tables with a chart, in the order in which their charts stand on pages: that of the figures' numbers."""
    return tuple(dict.fromkeys(chain.from_iterable(text.charts for text in texts)))


def drafts(texts: Iterable[ChapterText], rule: str) -> Iterator[Problem]:
    """A problem for each page that its author has not edited yet."""
    yield from (Problem(text.shown, rule=rule, fix="edit it, and take out draft: true") for text in texts if text.draft)


def _head(source: str, shown: str) -> dict[str, Any]:
    """Title, description, name in menus, and whether it is a draft, of the YAML head."""
    try:
        head = yaml.safe_load(source[: body_start(source)].strip().strip("-"))
    except yaml.YAMLError as error:
        raise InputError(
            [
                Problem(
                    shown,
                    1,
                    rule=f"the page's head is not valid YAML: {error}",
                    fix="mend the lines between the two ---",
                )
            ]
        ) from None
    given = head.items() if isinstance(head, dict) else ()
    found = {str(key): text if key == "draft" else str(text) for key, text in given}
    problems: list[Problem] = []
    _HEAD.read(found, shown, "", problems)
    if problems:
        raise InputError(replace(problem, row=1) for problem in problems)
    missing = [key for key in ("title", "description") if not found.get(key)]
    if missing:
        raise InputError(
            [
                Problem(
                    shown,
                    1,
                    ", ".join(missing),
                    rule="the page's head lacks it",
                    fix="begin the file with ---, title: …, description: …, ---",
                )
            ]
        )
    return found
