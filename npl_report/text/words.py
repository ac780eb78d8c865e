"""``<language>.toml`` → the words of the program and of each table.

Strict both ways: a missing key and an unused one are errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from npl_report.files.owned import WORDS, owned
from npl_report.files.texts import read_toml
from npl_report.model import ARTICLES, Ages, InputError, Market, Problem, Spoken, Unavailable, capitalised
from npl_report.text.ownwords import FINDINGS, FOLDER, is_ours, laid_over, own_file, own_tree


class Words:
    """A tree of words.

    ``words["ui.home"]`` in code, ``words.ui.home`` in templates; what was asked for is remembered.
    """

    def __init__(self, tree: Mapping[str, Any], file: str, prefix: str = "", used: set[str] | None = None) -> None:
        self._tree = tree
        self._file = file
        self._prefix = prefix
        self.used: set[str] = set() if used is None else used

    def replaced(self, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Words:
        """These words with what ``change`` makes of them."""
        return Words(change(self._tree), self._file, self._prefix)

    @property
    def source_file(self) -> str:
        """The file as messages name it."""
        return self._file

    def __getitem__(self, path: str) -> Any:
        node: Any = self._tree
        for part in path.split("."):
            if not isinstance(node, Mapping) or part not in node:
                raise InputError(
                    [
                        Problem(
                            self._file,
                            column=self._prefix + path,
                            rule="the word is missing",
                            fix="add the key; another language's file shows what it says",
                        )
                    ]
                )
            node = node[part]
        if isinstance(node, Mapping):
            return Words(node, self._file, f"{self._prefix}{path}.", self.used)
        self.used.add(self._prefix + path)
        return node

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __contains__(self, path: str) -> bool:
        node: Any = self._tree
        for part in path.split("."):
            if not isinstance(node, Mapping) or part not in node:
                return False
            node = node[part]
        return True

    def leaves(self) -> Iterator[str]:
        """Every leaf's path, with the prefix of this section."""
        yield from (self._prefix + path for path in _leaves(self._tree))


def told(gap: Unavailable, words: Words) -> str:
    """Why a value is not there, as a sentence."""
    needed, found = ("" if value is None else f"{value:g}" for value in (gap.needed, gap.found))
    return str(words[f"reason.{gap.reason}"]).format(needed=needed, found=found)


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key


def read_words(path: Path, shown: str) -> Words:
    """One file of words."""
    missing = "the file is missing", "every language needs it; copy another language's file and translate it"
    return Words(read_toml(path, shown, missing), shown)


def program_words(language: str) -> Words:
    """The words of pages, units and terms, as the project has them."""
    name = f"{language}.toml"
    if not is_ours(language):
        missing = "the file is missing", f"npl-report new-language {language} writes it, to be translated"
        tree = own_tree(name) or read_toml(Path(WORDS) / name, f"{WORDS}/{name}", missing)
        return Words(tree, f"{WORDS}/{name}")
    return read_words(FOLDER / name, f"npl_report/text/{name}").replaced(lambda tree: laid_over(tree, name))


def articles(language: str) -> tuple[str, ...]:
    """The articles with which texts of a language use terms of the market."""
    words = program_words(language)
    given = words["language.articles"]
    if not isinstance(given, list) or not {*map(str, given)} <= {*ARTICLES}:
        rule, fix = "must be a list of articles", f"write those of {', '.join(ARTICLES)} that the language uses, or []"
        raise InputError([Problem(words.source_file, column="language.articles", value=str(given), rule=rule, fix=fix)])
    return tuple(given)


def term_ids(*languages: str) -> frozenset[str]:
    """Terms that have words of the program's own in any of the languages."""
    leaves = chain.from_iterable(program_words(language)["term"].leaves() for language in languages)
    return frozenset(path.removeprefix("term.") for path in leaves)


def table_words(folder: Path, language: str) -> Words:
    """The words of the table in this folder, which messages name from the program's folder or the project's."""
    path, own = folder / f"{language}.toml", f"{language}/tables/{folder.name}.toml"
    if not path.is_file() and own_file(own):
        return Words(own_tree(own), f"{WORDS}/{own}")
    words = read_words(path, owned().shown(path) or "/".join(path.parts[-4:]))
    return words.replaced(lambda tree: laid_over(tree, own))


def finding_words(language: str, chapter: str) -> Words:
    """The words of a chapter's findings."""
    path, own = FINDINGS / language / f"{chapter}.toml", f"{language}/findings/{chapter}.toml"
    if not path.is_file() and own_file(own):
        return Words(own_tree(own), f"{WORDS}/{own}")
    words = read_words(path, "/".join(path.parts[-5:]))
    return words.replaced(lambda tree: laid_over(tree, own))


EACH_CLASS = "{asset_type}"
"""In a key and its text: stands for each asset type in turn, in the text for its short name."""
RUNGS: Mapping[str, slice] = {
    "tranche": slice(None),
    "upper": slice(None, -1),
    "lower": slice(1, None),
    "middle": slice(1, -1),
    "first": slice(1),
    "last": slice(-1, None),
}
"""What ``{tranche}`` and its like in a key stand for, of the ladder: each in turn. In the text of such a key they are
the tranche's name inside a sentence, with a capital, as ``{Tranche}``, its name as a head, and as ``{tranche.short}``
what heads a narrow column.

In every text may stand: ``{first}`` and ``{last}`` likewise; ``{tranches}``, all enumerated, with a capital or
without; ``{currency}``, which stands beside amounts, and ``{currency.name}``; and ``{term.circular}`` and its like
(``model.TERMS``), as ``{term.Circular}`` with a capital; and ``{age.months}`` and its like (``counted``). In keys
``{code}`` and ``{CODE}`` are that of the currency, and ``{age}`` stands for each horizon of the edition, in months.
"""


def market_words(words: Words, language: str, market: Market, joints: Words) -> Words:
    """The words with those of each asset type and tranche, and of the currency, in place of what stands for them.

    ``joints``: the program's words for the parts of an enumeration.
    """
    classes = {of.key: {EACH_CLASS: of.names[language].short} for of in market.classes}
    each = {EACH_CLASS: classes}
    for rung, part in RUNGS.items():
        of_rung = market.tranches[part]
        each[f"{{{rung}}}"] = {of.key: _said(rung, of.names[language]) for of in of_rung}
    spoken = [of.names[language] for of in market.tranches]
    always = _said("first", spoken[0]) | _said("last", spoken[-1])
    always |= {f"{{term.{key}}}": text for key, text in market_terms(market, language).items()}
    always |= {f"{{age.{key}}}": text for key, text in counted(market.ages, joints).items()}
    each["{age}"] = {str(age): {"{age}": str(age)} for age in market.horizons}
    of = market.currency
    each["{code}"], each["{CODE}"] = {of.code.lower(): {}}, {of.code: {}}
    always |= {"{currency}": of.units[language], "{currency.name}": of.names[language]}
    comma, last = str(joints["list.comma"]), str(joints["list.last"])
    always["{tranches}"] = joined([of.inline for of in spoken], comma, last)
    always["{Tranches}"] = joined([spoken[0].name, *(of.inline for of in spoken[1:])], comma, last)
    contract = Contraction.of(joints)
    return words.replaced(
        lambda tree: _for_each(tree, each, lambda text, names: contract(_put(text, {**names, **always})))
    )


def counted(ages: Ages, words: Words) -> dict[str, str]:
    """How an edition counts age, in words.

    ``months`` of age; ``lives``: of delays and average lives; a period of the ``panel`` and of the ``curve``, with a
    capital, as many and in months.
    """
    kind = "calendar_" if ages.calendar else ""
    said = {key: str(words[f"age.{kind}{key}"]) for key in ("months", "lives")}
    for key, months in (("panel", ages.panel), ("curve", ages.curve)):
        said[key], said[f"{key}s"] = str(words[f"age.period.{months}"]), str(words[f"age.periods.{months}"])
        said[key.capitalize()], said[f"{key}_months"] = capitalised(said[key]), str(months)
    return said


def market_terms(market: Market, language: str) -> dict[str, str]:
    """The market's terms in a language, each also with a capital: ``circular`` and ``Circular``."""
    said = {key: term[language] for key, term in market.terms.items() if language in term}
    return said | {key.capitalize(): capitalised(text) for key, text in said.items()}


@dataclass(frozen=True)
class Contraction:
    """What draws words of a language together, as Italian draws "di il" together to "del"; most languages have none."""

    pairs: Mapping[str, str]
    found: re.Pattern[str] | None = None

    @classmethod
    def of(cls, words: Words) -> Contraction:
        """That of a language, by its words."""
        pairs: dict[str, str] = {}
        section = "language.contractions"
        for path in words[section].leaves() if section in words else ():
            apart, together = path.rpartition(".")[2], str(words[path])
            pairs |= {apart: together, capitalised(apart): capitalised(together)}
        pairs |= {text.replace("'", "\u2019"): drawn.replace("'", "\u2019") for text, drawn in pairs.items()}
        return cls(pairs, re.compile(rf"\b(?:{'|'.join(map(re.escape, pairs))})") if pairs else None)

    def __call__(self, text: str) -> str:
        """The text with these words drawn together."""
        return text if self.found is None else self.found.sub(lambda match: self.pairs[match.group()], text)


def _said(rung: str, spoken: Spoken) -> dict[str, str]:
    return {
        f"{{{rung}}}": spoken.inline,
        f"{{{rung.capitalize()}}}": spoken.name,
        f"{{{rung}.short}}": spoken.short,
    }


def _for_each(
    tree: Mapping[str, Any],
    each: Mapping[str, Mapping[str, Mapping[str, str]]],
    put: Callable[[str, Mapping[str, str]], str],
) -> dict[str, Any]:
    """The tree with a key for each name where one holds what stands for ``each``."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            found[key] = _for_each(value, each, put)
        elif of := next((placeholder for placeholder in each if placeholder in key), ""):
            for id_, texts in each[of].items():
                found[key.replace(of, id_)] = put(str(value), texts)
        else:
            found[key] = put(value, {}) if isinstance(value, str) else value
    return found


def _put(text: str, names: Mapping[str, str]) -> str:
    for placeholder, name in names.items():
        text = text.replace(placeholder, name)
    return text


def joined(parts: Iterable[str], comma: str, last: str) -> str:
    """Parts of a sentence in a row: ``comma`` between them, ``last`` before the last."""
    *head, tail = list(parts) or [""]
    return comma.join(head) + last + tail if head else tail


def compare(files: Mapping[str, Words]) -> list[Problem]:
    """Problems where the files of several languages do not hold the same keys.

    Units and contractions are each language's own affair (``text.numbers`` checks the former).
    """
    leaves = chain.from_iterable(words.leaves() for words in files.values())
    every = {key for key in leaves if not key.startswith(("unit.", "language.contractions."))}
    problems = []
    for language, words in files.items():
        for key in sorted(every - set(words.leaves())):
            others = [other for other, held in files.items() if key in set(held.leaves())]
            problems.append(
                Problem(
                    words.source_file,
                    column=key,
                    rule=f"the word is missing in {language}",
                    fix=f"it stands in {', '.join(others)}; translate it",
                )
            )
    return problems
