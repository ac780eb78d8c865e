"""Two builds of an edition's downloads → whether they hold the same figures.

They are compared to the digits in which processors and libraries agree.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from npl_report.model import same_figure

_FIGURES = ("downloads/tables/", "downloads/evidence/", "downloads/history/", "downloads/changes.csv")
"""Where the edition's numbers stand as data."""


def same_figures(published: Mapping[str, bytes], rebuilt: Mapping[str, bytes]) -> bool:
    """Whether both hold the same downloads of data, cell by cell: words as they stand, numbers to ten digits."""
    then, now = (
        {path: data for path, data in files.items() if path.startswith(_FIGURES)} for files in (published, rebuilt)
    )
    return then.keys() == now.keys() and all(
        data == now[path] or _alike(_cells(path, data), _cells(path, now[path])) for path, data in then.items()
    )


def _cells(path: str, data: bytes) -> Any:
    """A download as nested lists and mappings; what is no text of its kind as it is."""
    try:
        text = data.decode()
        return (
            json.loads(text) if path.endswith(".json") else list(csv.reader(io.StringIO(text, newline=""), strict=True))
        )
    except (ValueError, csv.Error):
        return data


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    numbers = _number(one), _number(other)
    return bool(one == other) or (
        numbers[0] is not None and numbers[1] is not None and same_figure(numbers[0], numbers[1])
    )


def _number(value: Any) -> float | None:
    """The number in a cell; None for words."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
