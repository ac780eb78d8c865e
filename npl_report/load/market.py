"""``data/market.toml`` → the market that the data are about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise, product
from pathlib import Path
from typing import Any

from npl_report.files.texts import read_toml
from npl_report.load.cells import printable
from npl_report.load.keys import Check, Keys, Wrong, choice, is_objects, is_text, is_whole, need, short, text, whole
from npl_report.model import (
    ARTICLES,
    CONTRACT,
    FORECASTER,
    MEASURES,
    MOST_TRANCHES,
    ROW_IDS,
    TERMS,
    AssetClass,
    Currency,
    InputError,
    Language,
    Market,
    OriginatorKind,
    Problem,
    Spoken,
    Tranche,
    Trigger,
    looks,
    nearest,
    uncapitalised,
)

_Named = AssetClass | Tranche | OriginatorKind | Trigger
MARKET = "market.toml"
RESERVED = ROW_IDS | {"row", "n_deals", "issuance", "issuance_share"}
"""Ids of rows and columns that tables use themselves."""
RESERVED_FOR_TRANCHES = RESERVED | {
    *("taxes", "fee", "fees", "servicing", "reserve", "residual", "reward", "collected", "default", "deal"),
    *("late", "least", "expected", "actual", "after"),
}
"""The same of the tables whose columns are called after tranches."""
RESERVED_FOR_TRIGGERS = RESERVED | {"first", "last", "upper", "lower", "middle", "tranche"}
"""Ids that words of tables use for rungs of the ladder."""
_MOST_FINER = 2
_LONGEST = 80  # characters of a name; the longest of the sample have 50
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TRANCHE_KEY = re.compile(r"[a-z][a-z0-9]{0,19}")
_WORDS = ("inline", "short", "pools")
"""What a class or a tranche may be called beside its name."""
_ALIASES = "aliases"


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


def _aliases(value: Any) -> list[Wrong]:
    """Lists of names by language."""
    example = 'write a list for each language, as in {en = ["…", "…"]}'
    if not isinstance(value, dict) or not all(isinstance(names, list) and names for names in value.values()):
        return [(str(value), "must hold a list of names for each language", example)]
    given = chain.from_iterable(product([language], names) for language, names in value.items())
    return [*chain.from_iterable(_names({language: name}) for language, name in given)]


def _key(value: Any) -> list[Wrong]:
    if isinstance(value, str) and _KEY.fullmatch(value) and value not in RESERVED:
        return []
    rule = f"must be small letters, digits and _, at most 40, and none of {', '.join(sorted(RESERVED))}"
    return [(str(value), rule, "write a short word, as the classes of the sample have")]


def _tranche_key(value: Any) -> list[Wrong]:
    if isinstance(value, str) and _TRANCHE_KEY.fullmatch(value) and value not in RESERVED_FOR_TRANCHES:
        return []
    rule = f"must be small letters and digits, at most 20, and none of {', '.join(sorted(RESERVED_FOR_TRANCHES))}"
    return [(str(value), rule, "write a short word, as the tranches of the sample have")]


_OTHER_COLUMN = "give it and its column in data/deals.csv another"


def _trigger_key(value: Any) -> list[Wrong]:
    """A column of ``deals.csv`` that the program does not read for something else."""
    if isinstance(value, str) and value in CONTRACT["deals"].columns:
        return [(value, "is a column that the program reads already", "name the column that holds the levels")]
    if isinstance(value, str) and value in RESERVED_FOR_TRIGGERS:
        return [(value, "is a word that tables use themselves", _OTHER_COLUMN)]
    return _key(value)


def _section(what: str) -> Check:
    """Keys under one head."""
    return need("must be a section", f"head it with [{what}]", lambda value: isinstance(value, dict))


def _is_code(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch("[A-Z]{3}", value))


def _list_of(what: str) -> Check:
    """Entries, each headed by its kind."""
    wrong: Wrong = (None, "must be a list, and not empty", f"head each {what} with [[{what}]], in double brackets")
    return lambda value: [] if is_objects(value) and value else [wrong]


_NAMES: Mapping[str, Check] = {"name": _names, **dict.fromkeys(_WORDS, _names), _ALIASES: _aliases}
_CLASS = Keys(
    "a class",
    {"key": _key, **_NAMES, "group": text(), "borrowers": choice("persons", "firms")},
    needed=("key", "name"),
    example='key = "…" and name = {en = "…"}',
)
_TRANCHE = Keys(
    "a tranche",
    {
        "key": _tranche_key,
        **{key: check for key, check in _NAMES.items() if key != "pools"},
        "rank": whole(1, "1 is what is paid first"),
        "coupon": choice("fixed", "residual"),
    },
    needed=("key", "name", "rank", "coupon"),
    example='key = "…", rank = 1, coupon = "fixed" and name = {en = "…"}',
)
_CURRENCY = Keys(
    "the currency",
    {
        "code": need("must be a code of three capitals", "write it as in EUR (ISO 4217)", _is_code),
        "unit": _names,
        "name": _names,
        "finer": need("must be 0, 1 or 2", "0 is usual", lambda value: is_whole(value, 0) and value <= _MOST_FINER),
    },
    needed=("code", "unit", "name"),
    example='[currency], code = "EUR", unit = {en = "EUR"}, name = {en = "euro"}',
)
_WITH_ARTICLE = {article: tuple(f"{article}_{term}" for term in terms) for article, terms in ARTICLES.items()}
_TERMS = Keys(
    "the list of terms",
    dict.fromkeys([*TERMS, FORECASTER, *chain.from_iterable(_WITH_ARTICLE.values())], _names),
    needed=TERMS,
    example='[terms], circular = {en = "…"}',
)
_KIND = Keys(
    "a kind of originator",
    {"key": _key, "name": _names},
    needed=("key", "name"),
    example='key = "…" and name = {en = "…"}',
)
_TRIGGER = Keys(
    "a trigger",
    {"key": _trigger_key, "name": _names, "inline": _names, "measure": choice(*MEASURES)},
    needed=("key", "name", "measure"),
    example='key = "…", measure = "ccr_gross" and name = {en = "…"}',
)
_ENTRIES = {"class": _CLASS, "tranche": _TRANCHE, "originator": _KIND, "trigger": _TRIGGER}
_NEEDED = ("class", "tranche")
_SECTIONS = {"currency": _CURRENCY, "terms": _TERMS}
_MANY = {"class": "classes", "tranche": "tranches", "originator": "kinds of originator", "trigger": "triggers"}
_FILE = Keys(
    "the description of the market",
    {
        **{what: _list_of(what) for what in _ENTRIES},
        **{what: _section(what) for what in _SECTIONS},
    },
    needed=(*_NEEDED, *_SECTIONS),
    example="[currency], [terms], [[class]] and [[tranche]], as the sample has them",
)


def read_market(folder: Path) -> Market:
    """The description, or InputError with everything that is wrong with it.

    ``folder`` holds it. Whether every language has its names is asked by ``check_market``.
    """
    shown = f"{folder.name}/{MARKET}"
    raw = read_toml(folder / MARKET, shown)
    problems: list[Problem] = []
    sound = _FILE.read(raw, shown, "", problems)
    read = {
        what: [
            (place := _place(what, entry, number), entry, keys.read(entry, shown, place, problems))
            for number, entry in enumerate(sound.get(what, []), 1)
        ]
        for what, keys in _ENTRIES.items()
    }
    currency, terms = (
        keys.read(sound[what], shown, what, problems) if what in sound else {} for what, keys in _SECTIONS.items()
    )
    if problems:
        raise InputError(problems)
    for what, entries in read.items():
        problems += chain.from_iterable(_unnamed(what, place, entry, shown) for place, entry, _ in entries)
    classes = tuple(_class(entry) for _, _, entry in read["class"])
    ranks = {str(entry["key"]): int(entry["rank"]) for _, _, entry in read["tranche"]}
    tranches = tuple(sorted((_tranche(entry) for _, _, entry in read["tranche"]), key=lambda of: ranks[of.key]))
    problems += _alike("class", classes, shown)
    problems += _alike("tranche", tranches, shown)
    kinds = tuple(OriginatorKind(entry["key"], _spoken(entry)) for _, _, entry in read["originator"])
    problems += _alike("originator", kinds, shown)
    triggers = tuple(Trigger(of["key"], _spoken(of), of["measure"]) for _, _, of in read["trigger"])
    problems += _alike("trigger", triggers, shown)
    problems += _taken(triggers, {"class": classes, "tranche": tranches}, shown)
    problems += chain.from_iterable(_wrong_group(of, {of.key: of for of in classes}, shown) for of in classes)
    problems += _wrong_ladder(tranches, ranks, shown)
    if problems:
        raise InputError(problems)
    return Market(classes, tranches, _currency(currency), terms, kinds, triggers)


def _place(what: str, entry: Mapping[str, Any], number: int) -> str:
    """What messages call an entry: by its key, or else by its number in the file."""
    wrong = _ENTRIES[what].checks["key"](entry.get("key"))
    return f"{what} {number if wrong else entry['key']}"


def _unnamed(what: str, place: str, entry: Mapping[str, Any], shown: str) -> Iterator[Problem]:
    """Words in a language in which it has no name."""
    for key in (*_WORDS, _ALIASES):
        for language in (language for language in entry.get(key, {}) if language not in entry["name"]):
            fix = f"add {language} to name, or correct the language here"
            rule = f"the {what} has no name in this language"
            yield Problem(shown, column=f"{place}.{key}", value=language, rule=rule, fix=fix)


def _spoken(sound: Mapping[str, Any]) -> dict[Language, Spoken]:
    inline, heads, pools = (sound.get(key, {}) for key in _WORDS)
    return {
        language: Spoken(
            name,
            inline.get(language, uncapitalised(name)),
            heads.get(language, name),
            pools.get(language, ""),
            tuple(sound.get(_ALIASES, {}).get(language, ())),
        )
        for language, name in sound["name"].items()
    }


def _currency(sound: Mapping[str, Any]) -> Currency:
    return Currency(sound["code"], sound["unit"], sound["name"], sound.get("finer", 0))


def _class(sound: Mapping[str, Any]) -> AssetClass:
    return AssetClass(sound["key"], _spoken(sound), sound.get("group", ""), sound.get("borrowers") == "firms")


def _tranche(sound: Mapping[str, Any]) -> Tranche:
    return Tranche(sound["key"], _spoken(sound), sound["coupon"] == "residual")


def _alike(what: str, entries: Iterable[_Named], shown: str) -> Iterator[Problem]:
    """Two entries of one key, or with names that look the same in a language."""
    keys: set[str] = set()
    names: dict[tuple[str, Language, str], str] = {}
    for of in entries:
        if of.key in keys:
            rule, fix = f"two {_MANY[what]} have this key", "give one of them another"
            yield Problem(shown, column=what, value=of.key, rule=rule, fix=fix)
        keys.add(of.key)
        for (language, spoken), kind in product(of.names.items(), ("name", "inline", "short")):
            value = getattr(spoken, kind)
            other, derived = (
                names.setdefault((kind, language, looks(value)), of.key),
                looks(value) == looks(spoken.name),
            )
            if other != of.key and (kind == "name" or not derived):  # what is derived from a name is told of the name
                rule, fix = f"looks like the {kind} of {other}", f"give each {what} a name of its own"
                yield Problem(shown, column=f"{what} {of.key}.{kind}", value=value, rule=rule, fix=fix)


def _taken(triggers: Iterable[Trigger], others: Mapping[str, Iterable[_Named]], shown: str) -> Iterator[Problem]:
    """A trigger of the key of a class or a tranche, whose cells it would rename."""
    for what, entries in others.items():
        keys = {of.key for of in entries}
        for of in (of for of in triggers if of.key in keys):
            yield Problem(
                shown, column=f"trigger {of.key}.key", value=of.key, rule=f"a {what} has this key", fix=_OTHER_COLUMN
            )


def _wrong_group(of: AssetClass, known: Mapping[str, AssetClass], shown: str) -> Iterator[Problem]:
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
    yield Problem(shown, column=f"class {of.key}.group", value=of.group, rule=rule, fix=fix)


def _wrong_ladder(tranches: Sequence[Tranche], ranks: Mapping[str, int], shown: str) -> Iterator[Problem]:
    """A ladder has two rungs or more, each at a rank of its own, and the last alone takes what is left."""
    if not 1 < len(tranches) <= MOST_TRANCHES:
        rule = f"a ladder has 2 to {MOST_TRANCHES} tranches, the last of which takes what is left"
        yield Problem(shown, column="tranche", value=str(len(tranches)), rule=rule, fix="add or take out tranches")
    for above, below in pairwise(tranches):
        if above.key != below.key and ranks[above.key] == ranks[below.key]:
            rule, fix = f"is the rank of {above.key} as well", "number the tranches 1, 2, … as they are paid"
            yield Problem(shown, column=f"tranche {below.key}.rank", value=str(ranks[below.key]), rule=rule, fix=fix)
    for of in tranches:
        if of.residual != (of is tranches[-1]):
            given, right = ("residual", "fixed") if of.residual else ("fixed", "residual")
            rule = f"the tranche of the last rank, {tranches[-1].key}, takes what is left, and no other"
            fix = f'write coupon = "{right}", or correct the ranks'
            yield Problem(shown, column=f"tranche {of.key}.coupon", value=given, rule=rule, fix=fix)


_OWN_TERM = "is a term that the program has words for"


def check_market(market: Market, languages: Mapping[Language, Sequence[str]], taken: Collection[str] = ()) -> None:
    """InputError where a language lacks the name of an entry, or what currency and terms are in it.

    ``languages``: each with the articles with which its texts use terms. ``taken``: terms that have words of the
    program's own, so that no trigger can have their names.
    """
    named: list[tuple[str, _Named]] = [("class", of) for of in market.classes]
    named += [("tranche", of) for of in market.tranches] + [("originator", of) for of in market.kinds]
    named += [("trigger", of) for of in market.triggers]
    problems = [
        Problem(
            f"data/{MARKET}",
            column=f"{what} {of.key}.name",
            value=language,
            rule="is missing in this language",
            fix=f'add {language} = "…" to its name: pages print it',
        )
        for language, (what, of) in product(languages, named)
        if language not in of.names
    ]
    problems += [
        Problem(f"data/{MARKET}", column=f"trigger {of.key}.key", value=of.key, rule=_OWN_TERM, fix=_OTHER_COLUMN)
        for of in market.triggers
        if of.key in taken
    ]
    others = {"currency.unit": market.currency.units, "currency.name": market.currency.names}
    for language, articles in languages.items():
        terms = [*TERMS, *chain.from_iterable(_WITH_ARTICLE[article] for article in articles)]
        terms += [FORECASTER] if FORECASTER in market.terms else []
        needed = others | {f"terms.{key}": market.terms.get(key, {}) for key in terms}
        for key in (key for key, given in needed.items() if language not in given):
            rule, fix = "is missing in this language", f'add {language} = "…": pages print it'
            problems.append(Problem(f"data/{MARKET}", column=key, value=language, rule=rule, fix=fix))
    if problems:
        raise InputError(problems)
