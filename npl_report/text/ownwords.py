"""Words of a project: ``words/<language>.toml`` over the program's, or in place of them where it has no such language.

Words of tables are ``words/<language>/tables/<key>.toml``, of findings ``words/<language>/findings/<chapter>.toml``.
What is said otherwise must be a word that there is, of the same kind, and with the same places to fill.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from npl_report.files.owned import WORDS, owned
from npl_report.files.texts import read_toml
from npl_report.model import InputError, Problem, nearest

FOLDER = Path(__file__).parent
FINDINGS = FOLDER.parent / "findings" / "words"
"""The words of findings: a folder for each language, a file for each chapter."""
_EXAMPLE = "en"
"""The language by which it is counted what a new one lacks."""
_DRAFT = "draft"
_PLACE = re.compile(r"\{(\w*)\}")
_MARKET = frozenset({"currency", "first", "last", "tranche", "Tranche", "tranches", "Tranches", "asset_type"})
"""Places that the market fills, which every word may have."""
_OWN_AFFAIR = ("unit.", "language.")
"""Sections of which each language has keys of its own."""

Tree = Mapping[str, Any]


def own_file(name: str) -> Path | None:
    """A file of the project's words, by its path in their folder; None if there is none."""
    folder = owned().folder(WORDS)
    return folder / name if folder and (folder / name).is_file() else None


def is_ours(language: str) -> bool:
    """Whether the program has the language."""
    return (FOLDER / f"{language}.toml").is_file()


def is_draft(language: str) -> bool:
    """Whether the words of a language of the project are marked as not translated yet."""
    path = None if is_ours(language) else own_file(f"{language}.toml")
    return bool(path and read_toml(path, f"{WORDS}/{language}.toml").get(_DRAFT, False))


def own_tree(name: str) -> Tree:
    """The words of a file of the project; empty if there is none."""
    path = own_file(name)
    return {key: of for key, of in (read_toml(path, f"{WORDS}/{name}") if path else {}).items() if key != _DRAFT}


def laid_over(tree: Tree, name: str) -> Tree:
    """The words of the program with those that a file of the project says otherwise; InputError for what it may not."""
    own = own_tree(name)
    if not own:
        return tree
    before, after = dict(leaves(tree)), dict(leaves(own))
    if problems := list(_wrong(before, after, f"{WORDS}/{name}")):
        raise InputError(problems)
    return _merged(tree, own)


def _wrong(before: Tree, after: Tree, shown: str) -> Iterator[Problem]:
    for key, value in after.items():
        if key not in before:
            yield Problem(shown, column=key, rule="the program has no such word", fix=nearest(key, before))
        elif type(value) is not type(before[key]):
            kind = "text" if isinstance(before[key], str) else type(before[key]).__name__
            yield Problem(shown, column=key, value=str(value), rule=f"must be {kind}", fix=f"as in {before[key]!r}")
        elif _places(value) != _places(before[key]):
            said = " and ".join(f"{{{name}}}" for name in sorted(_places(before[key])))
            rule = f"must hold {said}, which the program fills" if said else "may hold nothing that the program fills"
            yield Problem(shown, column=key, value=str(value), rule=rule, fix=f"as in {before[key]!r}")


def _places(value: object) -> frozenset[str]:
    """What the program fills in a word; a text with Jinja is its own affair."""
    text = value if isinstance(value, str) and not re.search(r"\{\{|\{%", value) else ""
    return frozenset(_PLACE.findall(text)) - _MARKET


def _merged(tree: Tree, own: Tree) -> Tree:
    """A tree with the leaves of another in place of its own."""
    return {**tree, **{key: _merged(tree[key], of) if isinstance(of, Mapping) else of for key, of in own.items()}}


def leaves(tree: Tree, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every word with its path."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def check_whole(languages: Iterable[str], folders: Mapping[str, Path]) -> None:
    """InputError for a language of the project that lacks words: one problem, which counts them and names the first.

    ``folders``: table → where the program, or the project, has its words.
    """
    if problems := list(chain.from_iterable(_lacking(of, folders) for of in languages if not is_ours(of))):
        raise InputError(problems)


def _lacking(language: str, folders: Mapping[str, Path]) -> Iterator[Problem]:
    wanted: list[tuple[str, str]] = []
    missing: list[tuple[str, str]] = []
    for name, example, given in _files(language, folders):
        there = {key for key, _ in leaves(given)}
        words = [(name, key) for key, _ in leaves(example) if not key.startswith(_OWN_AFFAIR) or not there]
        wanted += words
        missing += [(file, key) for file, key in words if key not in there]
    if missing:
        rule = f"the language {language} lacks {len(missing):,} of {len(wanted):,} words; the first is {missing[0][1]}"
        fix = f"translate it, and those after it; npl-report new-language {language} writes those that are not there"
        yield Problem(missing[0][0], column=missing[0][1], rule=rule, fix=fix)


def _files(language: str, folders: Mapping[str, Path]) -> Iterator[tuple[str, Tree, Tree]]:
    """(file, words of the example, words of the language) of the interface, of each table and of findings."""
    yield f"{WORDS}/{language}.toml", read_toml(FOLDER / f"{_EXAMPLE}.toml", ""), own_tree(f"{language}.toml")
    for key, folder in folders.items():
        beside = folder / f"{language}.toml"
        example = folder / f"{_EXAMPLE}.toml"
        if beside.is_file() or not example.is_file():
            continue
        name = f"{language}/tables/{key}.toml"
        yield f"{WORDS}/{name}", read_toml(example, ""), own_tree(name)
    for example in sorted((FINDINGS / _EXAMPLE).glob("*.toml")):
        name = f"{language}/findings/{example.name}"
        yield f"{WORDS}/{name}", read_toml(example, ""), own_tree(name)
