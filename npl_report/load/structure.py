"""Section ``structure`` of an edition → the rules of part III."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from typing import Any

from npl_report.model import ASSET_TYPES, Problem, Structure

_KEYS = tuple(field.name for field in fields(Structure))
_LONGEST_LAG = 366  # days
_LONGEST_DELAY = 120  # months
_MOST_RECOVERED = 10.0  # times the forecast
_Wrong = tuple[str | None, str, str]
"""(what was found, rule, what to do)"""


def read_structure(section: Any, shown: str, problems: list[Problem]) -> Structure:
    """The rules, those left out with their defaults; what is wrong is added to ``problems``. ``shown`` names the edition's file.

    Whether the deals of ``cases`` exist is only known where the data are: see ``tables.waterfall_case``.
    """
    rules = Structure()
    if not isinstance(section, Mapping):
        fix = "head it with [structure], and write its keys below; leave it out for the defaults"
        problems.append(Problem(shown, column="structure", value=str(section), rule="must be a section", fix=fix))
        return rules
    given: dict[str, Any] = {}
    for key, value in section.items():
        wrong: list[_Wrong]
        if key == "payment_lag":
            wrong, given[key] = _wrong_lag(value), value
        elif key == "multipliers":
            wrong = _wrong_axis(value, key, 0.0, _MOST_RECOVERED, "must be a rising list of numbers above 0 and up to 10, with 1 among them", 1.0)
            given[key] = tuple(map(float, value)) if not wrong else ()
        elif key == "delays":
            wrong = _wrong_axis(value, key, -1, _LONGEST_DELAY, f"must be a rising list of whole months from 0 to {_LONGEST_DELAY}, with 0 among them", 0)
            given[key] = tuple(value) if not wrong else ()
        elif key == "cases":
            wrong, given[key] = _wrong_cases(value), value
        else:
            near = get_close_matches(key, _KEYS, n=1)
            wrong = [(None, "the rules of part III have no such key", f"did you mean {near[0]}?" if near else f"there are {', '.join(_KEYS)}")]
        problems += [Problem(shown, column=f"structure.{key}", value=found, rule=rule, fix=fix) for found, rule, fix in wrong]
        if wrong:
            given.pop(key, None)
    return replace(rules, **given)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _wrong_lag(value: Any) -> list[_Wrong]:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST_LAG:
        return []
    return [(str(value), f"must be a whole number of days from 0 to {_LONGEST_LAG}", f"write payment_lag = {Structure().payment_lag}, or leave it out for this default")]


def _wrong_axis(value: Any, key: str, low: float, high: float, rule: str, base: float) -> list[_Wrong]:
    """An axis of the scenarios: rising numbers above ``low`` and up to ``high``, with the base case among them; whole ones where the base is."""
    whole = isinstance(base, int)
    sound = isinstance(value, list) and bool(value) and all(_number(item) and low < item <= high and (not whole or isinstance(item, int)) for item in value)
    if sound and base in value and all(a < b for a, b in zip(value, value[1:], strict=False)):
        return []
    example = ", ".join(f"{item:g}" for item in getattr(Structure(), key))
    return [(str(value), rule, f"write {key} = [{example}], or leave it out for this default")]


def _wrong_cases(value: Any) -> list[_Wrong]:
    example = "below [structure.cases] write lines such as mortgage = \"<id of a deal>\"; a type without one takes its deal of median issue size"
    if not isinstance(value, Mapping):
        return [(str(value), "must be a section", example)]
    wrong: list[_Wrong] = []
    for kind, deal in value.items():
        if kind not in ASSET_TYPES:
            near = get_close_matches(str(kind), ASSET_TYPES, n=1)
            wrong.append((str(kind), "there is no such asset type", f"did you mean {near[0]}?" if near else f"there are {', '.join(ASSET_TYPES)}"))
        elif not isinstance(deal, str):
            wrong.append((str(deal), f"the case of {kind} must be the id of a deal, in quotes", example))
    return wrong
