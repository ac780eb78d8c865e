"""A section of an edition's file → the rules that it sets, each key with a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from npl_report.load.keys import Check, Keys
from npl_report.model import Ages, Determinants, PresentValue, Problem, Ranking, Structure

Rules = TypeVar("Rules", Ages, Ranking, PresentValue, Determinants, Structure)


def read_section(
    section: Any, name: str, part: str, rules: Rules, checks: Mapping[str, Check], shown: str, problems: list[Problem]
) -> Rules:
    """``rules`` with what the section sets; what is wrong is added to ``problems``.

    ``part`` names the rules, ``shown`` the edition's file. A list becomes a tuple.
    """
    if not isinstance(section, Mapping):
        fix = f"head it with [{name}], and write its keys below; leave it out for the defaults"
        problems.append(Problem(shown, column=name, value=str(section), rule="must be a section", fix=fix))
        return rules
    sound = Keys(f"section {name} ({part})", checks).read(section, shown, name, problems)
    given: Any = {key: tuple(value) if isinstance(value, list) else value for key, value in sound.items()}
    return replace(rules, **given)
