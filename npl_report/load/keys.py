"""What may stand under the keys of a description or of a settings file.

The lists are closed, so that a misspelt key is never passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from npl_report.model import Problem, nearest

Wrong = tuple[str | None, str, str]
"""(what was found, rule, what to do)"""
Check = Callable[[Any], list[Wrong]]
"""A key's value → all that is wrong with it."""
_LONGEST = 60  # characters of a value in a message
_LANGUAGE = re.compile(r"(?P<key>.+)_[a-z]{2,3}(?:-[A-Za-z0-9]+)*")


@dataclass(frozen=True)
class Keys:
    """The keys of one kind of entry, which ``what`` names as in "a chapter".

    ``needed``: those that must be there. ``translated``: those that may also stand with a language behind them, as
    ``title_zh``. ``example``: how an entry is written.
    """

    what: str
    checks: Mapping[str, Check]
    needed: tuple[str, ...] = ()
    translated: tuple[str, ...] = ()
    example: str = ""

    def read(self, entry: Mapping[str, Any], shown: str, place: str, problems: list[Problem]) -> dict[str, Any]:
        """The sound part of an entry, which stands at ``place`` of the file ``shown`` (empty: at its head).

        What is wrong is added to ``problems``.
        """
        sound: dict[str, Any] = {}
        at = f"{place}." if place else ""
        for key, value in entry.items():
            check = self._check(key)
            wrong = check(value) if check else [(None, f"{self.what} has no such key", nearest(key, self.checks))]
            problems += [
                Problem(shown, column=f"{at}{key}", value=found, rule=rule, fix=fix) for found, rule, fix in wrong
            ]
            if not wrong:
                sound[key] = value
        rule, fix = f"{self.what} needs it", f"write as in {self.example}"
        problems += [Problem(shown, column=f"{at}{key}", rule=rule, fix=fix) for key in self.needed if key not in entry]
        return sound

    def complete(self, sound: Mapping[str, Any]) -> bool:
        """Whether what must be there is there and sound."""
        return sound.keys() >= set(self.needed)

    def _check(self, key: str) -> Check | None:
        found = _LANGUAGE.fullmatch(key)
        plain = found["key"] if found and found["key"] in self.translated else key
        return self.checks.get(key) or self.checks.get(plain)


def need(rule: str, fix: str, fits: Callable[[Any], bool]) -> Check:
    """A check: the value ``fits``, or the rule is broken."""
    return lambda value: [] if fits(value) else [(short(value), rule, fix)]


def text(fix: str = "write it in quotation marks") -> Check:
    """Some text that is not empty."""
    return need("must be text, and not empty", fix, is_text)


def choice(*allowed: str, fix: str = "") -> Check:
    """One of a few words."""
    only_one = len(allowed) == 1
    rule = f"must be {'' if only_one else 'one of '}{', '.join(map(short, allowed))}"
    return need(
        rule,
        fix or ("write it so, or take it out" if only_one else "choose one of them"),
        lambda value: isinstance(value, str) and value in allowed,
    )


def flag(fix: str = "write true or false, without quotation marks") -> Check:
    """True or false."""
    return need("must be true or false", fix, lambda value: isinstance(value, bool))


def only(value: bool, fix: str) -> Check:  # noqa: FBT001 -- the value itself
    """Nothing but this value, which is how the program reads."""
    return need(f"must be {str(value).lower()}: this program reads nothing else", fix, lambda found: found is value)


def refused(fix: str) -> Check:
    """A property that the program knows and does not honour."""
    return need("this program does not honour it", fix, lambda _: False)


def whole(low: int, fix: str) -> Check:
    """A whole number from ``low`` on."""
    return need(
        f"must be a whole number from {low}",
        fix,
        lambda value: is_whole(value, low),
    )


def anything(_: object) -> list[Wrong]:
    """What people read and this program does not."""
    return []


def is_text(value: object) -> bool:
    """Whether it is text that is not empty."""
    return isinstance(value, str) and bool(value.strip())


def is_texts(value: object) -> bool:
    """Whether it is a list of texts, at least one, each once."""
    return isinstance(value, list) and bool(value) and all(map(is_text, value)) and len(set(value)) == len(value)


def is_number(value: object) -> bool:
    """Whether it is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_whole(value: object, low: int = 0) -> bool:
    """Whether it is a whole number from ``low`` on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= low


def is_object(value: object) -> bool:
    """Whether it is a table of keys and values."""
    return isinstance(value, dict)


def is_objects(value: object) -> bool:
    """Whether it is a list of such tables."""
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def is_sign(value: object) -> bool:
    """Whether it is one character that stands in no word and no number."""
    return isinstance(value, str) and len(value) == 1 and not value.isalnum()


def short(value: object) -> str:
    """A value as a message shows it."""
    shown = (
        value if isinstance(value, str) and value.isprintable() else json.dumps(value, ensure_ascii=False, default=str)
    )
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]} …"
