"""Short sections of an edition: ages and windows, how age is counted, which groups are ranked, the rate of discount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from npl_report.load.keys import Keys, anything, choice, is_number, is_whole, need, whole
from npl_report.load.sections import read_section
from npl_report.model import HORIZONS, MOST_CLASSES, Ages, Market, PresentValue, Problem, Ranking, Window

_WINDOW = Keys("a window", dict.fromkeys(("low", "high", "source"), anything))
_DISTRIBUTION = Keys("section distribution", {"ages": anything})
_GRID = need(
    "must be 3 or 6",
    "write 3 for quarters or 6 for half-years, without quotation marks",
    lambda value: is_whole(value) and value in (3, 6),
)
_AGES = {"months": choice("thirty_days", "calendar"), "curve": _GRID, "panel": _GRID}
_HIGHEST_RATE = 1
_RATE = need(
    "must be a fraction from 0 to below 1",
    "write rate = 0.05 for five per cent a year, or leave it out for this default",
    lambda value: is_number(value) and 0 <= value < _HIGHEST_RATE,
)
_MOST_HORIZONS = 8  # columns that a page has room for
_LATEST = 240  # months: no deal lives longer
_ALL = "one_year"
"""The window of all deals, whatever their class."""


def read_windows(
    section: Any, market: Market, shown: str, problems: list[Problem]
) -> tuple[Mapping[str, Window], Window]:
    """The windows by class, in the market's order, and that of one year; what is wrong is added to ``problems``.

    ``shown`` names the edition's file.
    """
    windows = _section(section)
    Keys("windows", dict.fromkeys((*market.asset_types, _ALL), anything)).read(windows, shown, "windows", problems)
    there = [key for key in market.asset_types if key in windows]
    if not there:
        rule = "names no class, so that the edition reports no deal"
        fix = f"add [windows.<class>] with low, high and source; the classes are {', '.join(market.asset_types)}"
        problems.append(Problem(shown, column="windows", rule=rule, fix=fix))
    if len(there) > MOST_CLASSES:
        rule = f"an edition reports at most {MOST_CLASSES} classes, each with a colour of its own"
        fix = "give some of them a group in data/market.toml, and the group a window instead"
        problems.append(Problem(shown, column="windows", value=", ".join(there), rule=rule, fix=fix))
    return {key: _window(windows, key, shown, problems) for key in there}, _window(windows, _ALL, shown, problems)


def read_horizons(section: Any, shown: str, problems: list[Problem]) -> tuple[int, ...]:
    """Section ``distribution``: the ages to which the spread of recoveries is reported; without it half-years to three.

    What is wrong is added to ``problems``.
    """
    if not isinstance(section, dict):
        fix = "head it with [distribution], and write ages below; leave it out for half-years"
        problems.append(Problem(shown, None, "distribution", str(section), "must be a section", fix))
        return HORIZONS
    ages = _DISTRIBUTION.read(section, shown, "distribution", problems).get("ages", list(HORIZONS))
    sound = isinstance(ages, list) and all(is_whole(age, 1) for age in ages) and 1 < len(ages) <= _MOST_HORIZONS
    if not sound or ages != sorted({*ages}) or ages[-1] > _LATEST:
        rule = f"must be 2 to {_MOST_HORIZONS} ages in whole months, rising, none above {_LATEST}"
        problems.append(Problem(shown, None, "distribution.ages", str(ages), rule, "write ages = [12, 24, 36, 48]"))
        return HORIZONS
    return tuple(ages)


def read_ages(section: Any, shown: str, problems: list[Problem]) -> Ages:
    """Section ``ages``: how months are counted, and the grids in months; what is wrong is added to ``problems``."""
    return read_section(section, "ages", "how age is counted", Ages(), _AGES, shown, problems)


def read_ranking(section: Any, shown: str, problems: list[Problem]) -> Ranking:
    """Section ``ranking``: which groups are ranked; what is wrong is added to ``problems``."""
    checks = {"fewest": whole(1, "write 3, or 1 to rank every group")}
    return read_section(section, "ranking", "which groups are ranked", Ranking(), checks, shown, problems)


def read_present_value(section: Any, shown: str, problems: list[Problem]) -> PresentValue:
    """Section ``present_value``: the rate of discount; what is wrong is added to ``problems``."""
    part = "by what rate present values are taken"
    return read_section(section, "present_value", part, PresentValue(), {"rate": _RATE}, shown, problems)


def _section(value: Any) -> Mapping[str, Any]:
    """A section of the file; an empty one if it is missing or no section, so that its keys are told as missing."""
    return value if isinstance(value, dict) else {}


def _window(windows: Mapping[str, Any], key: str, shown: str, problems: list[Problem]) -> Window:
    entry, place = _section(windows.get(key)), f"windows.{key}"
    _WINDOW.read(entry, shown, place, problems)
    low, high, source = (cast("Any", entry.get(name)) for name in ("low", "high", "source"))
    if not (is_whole(low) and is_whole(high) and low <= high):
        value, rule = f"{low}–{high}" if entry else None, "needs whole months with low ≤ high"
        fix = f"write [windows.{key}] with low = 33 and high = 39 (months of age)"
        problems.append(Problem(shown, None, place, value, rule, fix))
        return Window(0, 0, "chosen")
    if source not in ("published", "chosen"):
        rule, fix = "must be published or chosen", "say whether the source prints the window"
        problems.append(Problem(shown, None, f"{place}.source", str(source), rule, fix))
        source = "chosen"
    return Window(low, high, source)
