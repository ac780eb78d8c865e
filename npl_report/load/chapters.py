"""Entries ``[[chapter]]`` of ``report/series.toml`` → the chapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, cast

from npl_report.load.keys import Keys, anything, is_objects, is_text, is_texts, need, text
from npl_report.model import ID_RULE, Chapter, InputError, Problem, is_id

_LISTS = ("deals", "originators", "tables")
"""Folders of the site beside the pages of the chapters."""
_CHAPTER = Keys(
    "a chapter",
    {
        "key": text(),
        "tables": anything,
        "supporting": anything,
        "note": need(
            "must be true, false or a list of sections, each once",
            'write false, or the anchors of what the PDF prints: note = ["issuance", "by-type"]',
            lambda value: isinstance(value, bool) or is_texts(value),
        ),
        "cover": text(),
        "after": text(),
        "since": anything,
    },
    needed=("key",),
    example='key = "market"',
)


def read_chapters(
    entries: Any, days: Mapping[str, date], known_tables: tuple[str, ...], shown: str, problems: list[Problem]
) -> tuple[Chapter, ...]:
    """The chapters in their order; what is wrong with them is added to ``problems``. ``days``: as-of dates of editions.

    InputError if they are no list. A table key that has no folder is an error with the nearest name.
    """
    if not is_objects(entries):
        fix = "head each of them with [[chapter]], in double brackets"
        raise InputError([Problem(shown, column="chapter", rule="must be a list of chapters", fix=fix)])
    chapters: list[Chapter] = []
    seen: set[str] = set()
    for entry in entries:
        place = f"chapter {entry.get('key')}"
        _CHAPTER.read(entry, shown, place, problems)
        problems += _wrong_page(entry, shown)
        keys, supporting = (_keys(entry, name, shown, problems) for name in ("tables", "supporting"))
        for key in (*keys, *supporting):
            problems += [
                Problem(shown, column=place, value=key, rule=rule, fix=fix)
                for rule, fix in _wrong_table(key, known_tables, seen)
            ]
            seen.add(key)
        if any(chapter.key == entry.get("key") for chapter in chapters):
            fix = "give one of them another; it names the page"
            problems.append(Problem(shown, column=place, rule="two chapters have this key", fix=fix))
        since = _since(entry, days, shown, problems)
        note = entry.get("note", True)
        printed = tuple(cast("list[str]", note)) if is_texts(note) else ()
        cover, after = (str(entry.get(name, "")) for name in ("cover", "after"))
        chapters.append(Chapter(str(entry.get("key", "")), keys, supporting, bool(note), *since, printed, cover, after))
    if not chapters or chapters[0].key != "index":
        rule, fix = "the first chapter must be index", 'begin with [[chapter]] key = "index"'
        problems.append(Problem(shown, rule=rule, fix=fix))
    return tuple(chapters)


def read_without(given: object, chapters: Sequence[Chapter], shown: str, problems: list[Problem]) -> tuple[str, ...]:
    """Keys of chapters that the series does not have, although prose that it shares speaks of them."""
    if given != [] and not is_texts(given):
        fix = 'write without = ["determinants"], or take it out'
        problems.append(Problem(shown, column="without", value=str(given), rule="must be a list of keys", fix=fix))
        return ()
    keys, there = tuple(cast("list[str]", given)), {chapter.key for chapter in chapters}
    for key in keys:
        if key in there:
            rule, fix = "the series has this chapter", "take the key out here, or the chapter"
            problems.append(Problem(shown, column="without", value=key, rule=rule, fix=fix))
        elif not is_id(key):
            rule, fix = "cannot be the key of a chapter", f"write it as in prose: {ID_RULE}"
            problems.append(Problem(shown, column="without", value=key, rule=rule, fix=fix))
    return keys


def _wrong_table(key: str, known: tuple[str, ...], seen: set[str]) -> list[tuple[str, str]]:
    """(rule, what to do) for the key of a table that there is not, or that chapters list already."""
    wrong = []
    if key not in known:
        near = get_close_matches(key, known, n=1)
        fix = (f"did you mean {near[0]}? " if near else "") + "a new table is begun by: npl-report new-table KEY"
        wrong.append(("there is no such table", fix))
    if key in seen:
        wrong.append(("the table is listed twice", "list it once"))
    return wrong


def _keys(entry: Mapping[str, Any], name: str, shown: str, problems: list[Problem]) -> tuple[str, ...]:
    keys = entry.get(name, [])
    if not isinstance(keys, list):
        column, fix = f"chapter {entry.get('key')}, {name}", f'write {name} = ["{keys}"]'
        problems.append(Problem(shown, column=column, value=str(keys), rule="must be a list of table keys", fix=fix))
        return ()
    return tuple(str(key) for key in keys)


def _wrong_page(entry: Mapping[str, Any], shown: str) -> list[Problem]:
    """Whether the key of a chapter can name its page."""
    key = entry.get("key")
    if not is_text(key) or not (rule := no_page(str(key))):
        return []
    fix = "give the chapter another key; it names its page"
    return [Problem(shown, column=f"chapter {key}", value=str(key), rule=rule, fix=fix)]


def no_page(key: str) -> str:
    """Why a key cannot name a chapter's page; empty if it can."""
    if key in _LISTS:
        return f"names the lists of all {key}"
    return "" if is_id(key) else ID_RULE


def _since(
    entry: Mapping[str, Any], days: Mapping[str, date], shown: str, problems: list[Problem]
) -> tuple[str, tuple[str, ...]]:
    """The edition with which the chapter begins, if one is named, and the editions before it, which do not have it.

    ``since`` is the id of an edition that is there, as its as-of date says which are later, or a day: editions as of an
    earlier one do not have the chapter, whichever editions there are.
    """
    since = entry.get("since", "")
    column, editions = f"chapter {entry.get('key')}, since", tuple(days)
    dated = type(since) is date
    if "since" in entry and not dated and since not in editions:
        near = get_close_matches(str(since), editions, n=1) or editions[-1:]
        fix = "".join(f'write since = "{id_}", in quotation marks, or its day, {days[id_]}, without; ' for id_ in near)
        fix += f"there are {', '.join(editions) or 'none'}; leave it out if every edition has the chapter"
        rule = "must be the id of an edition of report/editions, or a day"
        problems.append(Problem(shown, column=column, value=str(since), rule=rule, fix=fix))
        return "", ()
    if since and entry.get("key") == "index":
        rule, fix = "every edition needs the front page", "take out this line"
        problems.append(Problem(shown, column=column, value=str(since), rule=rule, fix=fix))
    if dated:
        return "", tuple(id_ for id_, day in days.items() if day < since)
    return str(since), editions[: editions.index(since)] if since else ()
