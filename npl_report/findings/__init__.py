"""What the program itself says of the tables: findings, each of a sentence or several.

A finding is a function of a chapter's module, named by both: ``recovery.age``. It decides what holds of these data, and
so what is said; how it is said stands in ``words/<language>/<chapter>.toml``, in its section and by the names that it
yields. Prose prints it with ``{{ finding("recovery.age") }}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import isfunction
from types import MappingProxyType
from typing import Any

from npl_report.text.picks import Row

CHAPTERS = (
    "annex",
    "collections",
    "determinants",
    "determinants_factors",
    "determinants_panels",
    "determinants_regression",
    "distribution",
    "forecasts",
    "index",
    "latest",
    "market",
    "market_originators",
    "market_redemption",
    "methodology",
    "recovery",
    "recovery_forecast",
    "recovery_originators",
    "recovery_years",
    "redemption",
    "structure",
    "structure_break_even",
    "structure_return",
    "structure_scenarios",
    "structure_waterfall",
    "vintages",
)
"""Modules of findings."""


@dataclass(frozen=True)
class Sentence:
    """What is said, by the name of its words, and what they may use beside the helpers of all prose.

    What is ``given`` may hold sentences itself, alone or in a list: parts of this one, each in its own words. Words of
    several findings are named by their section too: ``typed.same``. ``that`` is the claim that it makes, as prose
    writes claims: whoever takes the sentence into a page of an edition takes it with its claim, so that it cannot stay
    when it no longer holds.
    """

    words: str
    given: Mapping[str, object]
    that: str = ""


class Facts:
    """What a finding knows: the helpers and the names of all prose (``LocalizedEdition.context``), as attributes."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        try:
            return self._context[name]
        except KeyError:
            raise AttributeError(f"prose has no {name!r}") from None


Finding = Callable[[Facts], Iterable[Sentence]]


def say(words: str, that: str = "", /, **given: object) -> Sentence:
    """A sentence, with what it claims, or a part of one."""
    return Sentence(words, given, that)


def named(rows: Iterable[Row]) -> str:
    """Rows as claims name them."""
    return ", ".join(row.id for row in rows)


@cache
def catalogue() -> Mapping[str, Finding]:
    """Every finding by its name: the functions of the chapters' modules that are not private."""
    found: dict[str, Finding] = {}
    for chapter in CHAPTERS:
        module = import_module(f"{__name__}.{chapter}")
        for name, value in vars(module).items():
            if isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
                found[f"{chapter}.{name}"] = value
    return MappingProxyType(found)
