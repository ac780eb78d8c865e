"""Section ``determinants`` of an edition → the rules of part II."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from npl_report.load.keys import Check, Wrong
from npl_report.load.sections import read_section
from npl_report.model import VARIABLES, Determinants, Problem, nearest

_LISTS = ("regressors", "factor_variables")
_LIMITS: Mapping[str, tuple[float, float, str]] = {
    "vif_limit": (
        1.0,
        math.inf,
        "must be a finite number above 1",
    ),  # the inflation factor of a variable without any relation to the others is 1
    "eigenvalue_limit": (0.0, math.inf, "must be a finite number above 0"),
    "significance": (0.0, 0.5, "must be a number above 0 and below 0.5"),
}
"""Key → what it must lie between, both ends excluded, and how that is told."""
_FEWEST = 2
"""Below two variables there is nothing to relate."""
_OFTEN = {2: "twice"}


def read_determinants(section: Any, shown: str, problems: list[Problem]) -> Determinants:
    """The rules, those left out with their defaults; what is wrong is added to ``problems``.

    ``shown`` names the edition's file.
    """
    checks: Mapping[str, Check] = {key: partial(_wrong_list, key=key) for key in _LISTS} | {
        key: partial(_wrong_limit, key=key) for key in _LIMITS
    }
    return read_section(section, "determinants", "part II", Determinants(), checks, shown, problems)


def _wrong_list(value: Any, key: str) -> list[Wrong]:
    """All that is wrong with a list of variables."""
    if not isinstance(value, list):
        return [
            (
                str(value),
                "must be a list of variables",
                f'write {key} = ["pool_balance", "n_loans"], in order of precedence',
            )
        ]
    wrong: list[Wrong] = []
    for name in dict.fromkeys(map(str, value)):
        if name not in VARIABLES:
            wrong.append((name, "there is no such variable", nearest(name, VARIABLES)))
        if (times := sum(str(item) == name for item in value)) > 1:
            often = _OFTEN.get(times, f"{times} times")
            wrong.append((name, f"the variable is listed {often}", "list it once, where it takes precedence"))
    if len(set(map(str, value))) < _FEWEST:
        wrong.append(
            (
                str(value),
                "needs at least two variables",
                "leave the line out to take all of them in the order of the defaults",
            )
        )
    return wrong


def _wrong_limit(value: Any, key: str) -> list[Wrong]:
    low, high, rule = _LIMITS[key]
    if (
        isinstance(value, int | float) and not isinstance(value, bool) and low < value < high
    ):  # false for nan and inf as well
        return []
    return [(str(value), rule, f"write {key} = {getattr(Determinants(), key):g}, or leave it out for this default")]
