"""What of a chapter the note prints, and where the rest is to be found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

import jinja2
from markupsafe import Markup

from npl_report.exports.citation import address
from npl_report.model import Chapter, InputError, Problem, nearest
from npl_report.present.contexts import Anchor
from npl_report.present.localized import LocalizedEdition
from npl_report.typesetting.pandoc import Fragment

_SECTION = re.compile(r'(?=<h2[^>]*? id=")')
_ANCHOR = re.compile(r"^#{2}\s.*\{#([\w-]+)[^}]*\}\s*$", re.MULTILINE)
_LINK = re.compile(r'<a href="#([^"]+)">(.*?)</a>')
_ID = re.compile(r' id="([^"]+)"')
_TABLE = re.compile(r"(?:site-)?(?:tbl|fig)-(\w+)")


def check_sections(localized: LocalizedEdition) -> None:
    """InputError for a section or cover that ``report/series.toml`` names and that there is not."""
    series = localized.series
    keys = [chapter.key for chapter in (*series.chapters, *series.later)]
    tables = [*localized.entries, *chain.from_iterable((*item.tables, *item.supporting) for item in series.later)]
    problems = []
    for chapter in series.chapters:
        text = localized.chapters[chapter.key]
        named = [
            ("note", section, _ANCHOR.findall(text.body), f"{text.shown} has no such section")
            for section in chapter.sections
        ]
        named += [("after", chapter.after, keys, "there is no such chapter")] if chapter.after else []
        named += [("cover", chapter.cover, tables, "no chapter lists this table")] if chapter.cover else []
        problems += [
            Problem("report/series.toml", None, f"chapter {chapter.key}, {name}", value, rule, nearest(value, there))
            for name, value, there, rule in named
            if value not in there
        ]
    if problems:
        raise InputError(problems)


def in_order(chapters: Iterable[Chapter]) -> list[Chapter]:
    """The chapters that the note prints, in its order."""
    printed = [chapter for chapter in chapters if chapter.note]
    for chapter in [chapter for chapter in printed if chapter.after]:
        if any(other.key == chapter.after for other in printed):
            printed.remove(chapter)
            printed.insert([other.key for other in printed].index(chapter.after) + 1, chapter)
    return printed


def cut(fragment: Fragment, chapter: Chapter) -> tuple[Fragment, tuple[Anchor, ...]]:
    """A chapter's body as the note prints it, and its sections that are on the site only.

    What stands before the first section is always printed.
    """
    if not chapter.sections:
        return fragment, ()
    kept, online = [], []
    printed = {f"{chapter.key}-{section}" for section in chapter.sections}
    for piece in _SECTION.split(fragment.html):
        (anchor, *_) = (*Fragment(piece).contents(), None)
        if anchor is None or anchor.id in printed:
            kept.append(piece)
        else:
            online.append(Anchor(anchor.id, anchor.text))
    return Fragment("".join(kept)), tuple(online)


def reachable(html: str, localized: LocalizedEdition, templates: jinja2.Environment) -> str:
    """Lead what points to a place that is not printed to the site, and unlink what points nowhere."""
    there = frozenset(_ID.findall(html))
    render = templates.get_template("html/_partials/link.html").render
    chapters = sorted((chapter.key for chapter in localized.series.chapters), key=len, reverse=True)

    def lead(match: re.Match[str]) -> str:
        target, text = match.groups()
        page = "" if target in there else _page(target, chapters)
        online = address(localized, f"{localized.language}/{page}") if page else ""
        if target in there:
            return match.group()
        return render(target=online, text=Markup(text)).strip() if online else text  # noqa: S704 -- made by our own templates

    return _LINK.sub(lead, html)


def _page(target: str, chapters: list[str]) -> str:
    """The page of the site, with the place on it, that an anchor of the note stands for; empty if there is none."""
    if table := _TABLE.fullmatch(target):
        return f"tables/{table[1]}.html"
    for key in chapters:
        if target == key or target.startswith(f"{key}-"):
            anchor = target[len(key) + 1 :]
            return f"{key}.html" + (f"#{anchor}" if anchor else "")
    return ""
