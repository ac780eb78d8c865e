"""``data/market.toml`` → the market that the data are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, product
from pathlib import Path
from typing import Any

from npl_report.files.texts import read_toml
from npl_report.load.cells import printable
from npl_report.load.keys import Check, Keys, Wrong, choice, is_objects, is_text, short, text
from npl_report.model import (
    ROW_IDS,
    AssetClass,
    InputError,
    Language,
    Market,
    Problem,
    Spoken,
    looks,
    nearest,
    uncapitalised,
)

MARKET = "market.toml"
RESERVED = ROW_IDS | {"row", "n_deals", "issuance", "issuance_share"}
"""Ids of rows and columns that tables use themselves."""
_LONGEST = 80  # characters of a name; the longest of the sample have 50
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WORDS = ("inline", "short", "pools")
"""What a class may be called beside its name."""
_HEADED = "head each of them with [[class]], in double brackets"


def _names(value: Any) -> list[Wrong]:
    """A name by language."""
    example = 'write a name for each language, as in {en = "…", zh = "…"}'
    if not isinstance(value, dict) or not value:
        return [(str(value), "must hold a name for each language", example)]
    wrong: list[Wrong] = []
    for language, name in value.items():
        if not is_text(name):
            wrong.append((str(name), f"the name in {language} must be text, and not empty", example))
        elif len(name) > _LONGEST:
            wrong.append((short(name), f"the name in {language} is longer than {_LONGEST} characters", "shorten it"))
        else:
            wrong += [(name, f"the name in {language} {rule}", fix) for rule, fix in printable(name)]
    return wrong


def _key(value: Any) -> list[Wrong]:
    if isinstance(value, str) and _KEY.fullmatch(value) and value not in RESERVED:
        return []
    rule = f"must be small letters, digits and _, at most 40, and none of {', '.join(sorted(RESERVED))}"
    return [(str(value), rule, "write a short word, as the classes of the sample have")]


_CLASS_CHECKS: Mapping[str, Check] = {
    "key": _key,
    "name": _names,
    **dict.fromkeys(_WORDS, _names),
    "group": text(),
    "borrowers": choice("persons", "firms"),
}
_CLASS = Keys("a class", _CLASS_CHECKS, needed=("key", "name"), example='key = "…" and name = {en = "…"}')
_FILE = Keys(
    "the description of the market",
    {"class": lambda value: [] if is_objects(value) and value else [(None, "must be a list of classes", _HEADED)]},
    needed=("class",),
    example='[[class]], key = "…", name = {en = "…"}',
)


def read_market(folder: Path) -> Market:
    """The description, or InputError with everything that is wrong with it.

    ``folder`` holds it. Whether every language has its names is asked by ``check_market``.
    """
    shown = f"{folder.name}/{MARKET}"
    raw = read_toml(folder / MARKET, shown)
    problems: list[Problem] = []
    sound = _FILE.read(raw, shown, "", problems)
    entries: Sequence[Mapping[str, Any]] = sound.get("class", [])
    read = [(_place(entry, number), entry) for number, entry in enumerate(entries, 1)]
    classes = [(place, _class(_CLASS.read(entry, shown, place, problems))) for place, entry in read]
    if not problems:
        known = {of.key: of for _, of in classes}
        problems += _alike((of for _, of in classes), shown)
        problems += chain.from_iterable(_unnamed(place, entry, shown) for place, entry in read)
        problems += chain.from_iterable(_wrong_group(of, known, place, shown) for place, of in classes)
    if problems:
        raise InputError(problems)
    return Market(tuple(of for _, of in classes))


def _place(entry: Mapping[str, Any], number: int) -> str:
    """What messages call an entry: by its key, or else by its number in the file."""
    return f"class {number if _key(entry.get('key')) else entry['key']}"


def _unnamed(place: str, entry: Mapping[str, Any], shown: str) -> Iterator[Problem]:
    """Words in a language in which the class has no name."""
    for key in _WORDS:
        for language in (language for language in entry.get(key, {}) if language not in entry["name"]):
            fix = f"add {language} to name, or correct the language here"
            rule = "the class has no name in this language"
            yield Problem(shown, column=f"{place}.{key}", value=language, rule=rule, fix=fix)


def _class(sound: Mapping[str, Any]) -> AssetClass:
    inline, heads, pools = (sound.get(key, {}) for key in _WORDS)
    spoken = {
        language: Spoken(
            name,
            inline.get(language, uncapitalised(name)),
            heads.get(language, name),
            pools.get(language, ""),
        )
        for language, name in sound.get("name", {}).items()
    }
    return AssetClass(str(sound.get("key", "")), spoken, sound.get("group", ""), sound.get("borrowers") == "firms")


def _alike(classes: Iterable[AssetClass], shown: str) -> Iterator[Problem]:
    """Two classes of one key, or with names that look the same in a language."""
    keys: set[str] = set()
    names: dict[tuple[str, Language, str], str] = {}
    for of in classes:
        if of.key in keys:
            yield Problem(
                shown, column="class", value=of.key, rule="two classes have this key", fix="give one of them another"
            )
        keys.add(of.key)
        for (language, spoken), kind in product(of.names.items(), ("name", "inline", "short")):
            value = getattr(spoken, kind)
            other, derived = (
                names.setdefault((kind, language, looks(value)), of.key),
                looks(value) == looks(spoken.name),
            )
            if other != of.key and (kind == "name" or not derived):  # what is derived from a name is told of the name
                rule, fix = f"looks like the {kind} of {other}", "give each class a name of its own"
                yield Problem(shown, column=f"class {of.key}.{kind}", value=value, rule=rule, fix=fix)


def _wrong_group(of: AssetClass, known: Mapping[str, AssetClass], place: str, shown: str) -> Iterator[Problem]:
    """A group is another class, and itself in none."""
    if not of.group:
        return
    if of.group not in known:
        rule, fix = "there is no such class", nearest(of.group, known)
    elif of.group == of.key or known[of.group].group:
        rule, fix = "a group is another class, and in no group itself", "name a class that has no group"
    elif of.firms != known[of.group].firms:
        rule, fix = "has borrowers of another kind than the class", "write the same borrowers in both"
    else:
        return
    yield Problem(shown, column=f"{place}.group", value=of.group, rule=rule, fix=fix)


def check_market(market: Market, languages: Iterable[Language]) -> None:
    """InputError where a language lacks the name of a class."""
    problems = [
        Problem(
            f"data/{MARKET}",
            column=f"class {of.key}.name",
            value=language,
            rule="is missing in this language",
            fix=f'add {language} = "…" to its name: tables and charts print it',
        )
        for language, of in product(languages, market.classes)
        if language not in of.names
    ]
    if problems:
        raise InputError(problems)
