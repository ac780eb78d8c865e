"""A section of an edition's file → the rules that it sets, each key with a default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from typing import Any, TypeVar

from npl_report.model import Determinants, Problem, Structure

Rules = TypeVar("Rules", Determinants, Structure)
Wrong = tuple[str | None, str, str]
"""(what was found, rule, what to do)"""
Check = Callable[[Any], list[Wrong]]
"""A key's value → all that is wrong with it."""


def read_section(section: Any, name: str, part: str, rules: Rules, checks: Mapping[str, Check], shown: str, problems: list[Problem]) -> Rules:
    """``rules`` with what the section sets; what is wrong is added to ``problems``. ``part`` names the rules, ``shown`` the edition's file. A list becomes a tuple."""
    if not isinstance(section, Mapping):
        fix = f"head it with [{name}], and write its keys below; leave it out for the defaults"
        problems.append(Problem(shown, column=name, value=str(section), rule="must be a section", fix=fix))
        return rules
    keys = [field.name for field in fields(rules)]
    given: dict[str, Any] = {}
    for key, value in section.items():
        if key in checks:
            wrong = checks[key](value)
        else:
            near = get_close_matches(key, keys, n=1)
            wrong = [(None, f"the rules of {part} have no such key", f"did you mean {near[0]}?" if near else f"there are {', '.join(keys)}")]
        problems += [Problem(shown, column=f"{name}.{key}", value=found, rule=rule, fix=fix) for found, rule, fix in wrong]
        if not wrong:
            given[key] = tuple(value) if isinstance(value, list) else value
    return replace(rules, **given)
