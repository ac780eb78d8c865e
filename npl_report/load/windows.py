"""Section ``windows`` of an edition → the observation windows, in months of age."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from npl_report.load.keys import Keys, anything, is_whole
from npl_report.model import ASSET_TYPES, AssetType, Problem, Window

_WINDOW = Keys("a window", dict.fromkeys(("low", "high", "source"), anything))


def read_windows(section: Any, shown: str, problems: list[Problem]) -> tuple[Mapping[AssetType, Window], Window]:
    """The windows of the asset types and that of one year; what is wrong is added to ``problems``.

    ``shown`` names the edition's file.
    """
    windows = _section(section)
    Keys("windows", dict.fromkeys((*ASSET_TYPES, "one_year"), anything)).read(windows, shown, "windows", problems)
    by_type = {kind: _window(windows, kind, shown, problems) for kind in ASSET_TYPES}
    return cast("Mapping[AssetType, Window]", by_type), _window(windows, "one_year", shown, problems)


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
