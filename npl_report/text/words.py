"""``<language>.toml`` → the words of the program and of each table.

Strict both ways: a missing key and an unused one are errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from npl_report.files.texts import read_toml
from npl_report.model import InputError, Market, Problem, Unavailable

FOLDER = Path(__file__).parent


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
    """The words of pages, units and terms."""
    return read_words(FOLDER / f"{language}.toml", f"npl_report/text/{language}.toml")


def table_words(folder: Path, language: str) -> Words:
    """The words of the table in this folder; messages name the file with the three folders above it."""
    path = folder / f"{language}.toml"
    return read_words(path, "/".join(path.parts[-4:]))


EACH = "{asset_type}"
"""In a key and its text: stands for each asset type in turn."""


def market_words(words: Words, language: str, market: Market) -> Words:
    """The words with those of each asset type in place of the ones that stand for all of them."""
    names = {of.key: of.names[language].short for of in market.classes}
    return words.replaced(lambda tree: _for_each(tree, names))


def _for_each(tree: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The tree with a key for each name where one holds ``EACH``."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        if EACH in key:
            found |= {key.replace(EACH, id_): str(value).replace(EACH, name) for id_, name in names.items()}
        elif isinstance(value, Mapping):
            found[key] = _for_each(value, names)
        else:
            found[key] = value
    return found


def compare(files: Mapping[str, Words]) -> list[Problem]:
    """Problems where the files of several languages do not hold the same keys.

    Units are each language's own affair (``text.numbers`` checks them).
    """
    leaves = chain.from_iterable(words.leaves() for words in files.values())
    every = {key for key in leaves if not key.startswith("unit.")}
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
