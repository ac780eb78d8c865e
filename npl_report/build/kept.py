"""Computed tables as they are kept between builds: what follows from a change is computed anew, and nothing else.

A table is found by the hash of all that it is computed from: its inputs (data, other tables, the edition's settings),
the program and its libraries. What is kept is JSON, whose numbers come back bit for bit, and stands under its own hash:
a file that was cut off or written by another hand is no result, and the table is computed. Where rows of the data may
not be published nothing is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from npl_report.build.marks import mark, mark_of
from npl_report.editions.fingerprint import code_hash
from npl_report.files.environment import environment
from npl_report.files.hashing import digest
from npl_report.files.writing import keep
from npl_report.model import Result, Unavailable

_PLAIN = ("float64", "int64", "bool", "str")
"""Kinds of columns whose values JSON gives back as they were; days are kept as whole numbers."""
_DAYS = "datetime64[us]"


class KeptTables:
    """The computed tables in a folder, each found by what it is computed from; ``only_read``: none comes to them."""

    def __init__(self, folder: Path, *, only_read: bool = False) -> None:
        self._folder, self._only_read = folder, only_read
        self._program = code_hash(), environment()
        self._marks: dict[int, tuple[object, str]] = {}

    def __call__(
        self, key: str, given: Mapping[str, object], compute: Callable[[], Result | Unavailable]
    ) -> Result | Unavailable:
        """The table as it is kept, or else computed, and kept then."""
        inputs = {name: self._mark(value) for name, value in given.items()}
        place = self._folder / f"{mark(*self._program, key, inputs)}.json"
        found = _read(place)
        if found is None:
            found = compute()
            content = None if self._only_read else _encoded(found)
            if content is not None:
                keep(place, digest(content).encode() + b"\n" + content)
        return found

    def _mark(self, value: object) -> str:
        """The hash of an input, of which several tables are computed."""
        if id(value) not in self._marks:
            self._marks[id(value)] = value, mark_of(value)
        return self._marks[id(value)][1]


def _read(place: Path) -> Result | Unavailable | None:
    """What was kept; None if there is nothing, or it is not what was written."""
    try:
        sum_, _, content = place.read_bytes().partition(b"\n")
        if digest(content).encode() != sum_:
            return None
        return _result(json.loads(content))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _encoded(result: Result | Unavailable) -> bytes | None:
    """The table as JSON; None if it holds what JSON does not give back."""
    try:
        return json.dumps(_content(result)).encode()
    except TypeError:
        return None


def _content(result: Result | Unavailable) -> dict[str, Any]:
    if isinstance(result, Unavailable):
        return {"gap": _gap(result)}
    if result.withheld:
        raise TypeError
    gaps = [[row, column, *_gap(gap)] for (row, column), gap in result.gaps.items()]
    return {"frame": _frame(result.frame), "evidence": _frame(result.evidence), "gaps": gaps}


def _gap(gap: Unavailable) -> tuple[str, float | None, float | None]:
    if type(gap) is not Unavailable:  # of one that is withheld nothing is kept
        raise TypeError
    return gap.reason, gap.needed, gap.found


def _frame(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame by columns, with their kinds; TypeError for one of another kind."""
    numbered = isinstance(frame.index, pd.RangeIndex)
    index = len(frame) if numbered else frame.index.tolist()
    if not numbered and frame.index.dtype != "str":
        raise TypeError
    columns = [[str(name), str(frame[name].dtype), _values(frame[name])] for name in frame.columns]
    return {"index": index, "name": frame.index.name, "columns": columns}


def _values(column: pd.Series) -> list[Any]:
    if column.dtype == _DAYS:
        return column.to_numpy().view(np.int64).tolist()
    if column.dtype not in _PLAIN:
        raise TypeError
    return column.where(column.notna(), None).tolist() if column.dtype == "str" else column.tolist()


def _result(content: Mapping[str, Any]) -> Result | Unavailable:
    if "gap" in content:
        return Unavailable(*content["gap"])
    gaps = {(row, column): Unavailable(*gap) for row, column, *gap in content["gaps"]}
    return Result(_framed(content["frame"]), _framed(content["evidence"]), gaps)


def _framed(content: Mapping[str, Any]) -> pd.DataFrame:
    """The frame as it was."""
    whole = content["index"]
    index = pd.RangeIndex(whole) if isinstance(whole, int) else pd.Index(whole, dtype="str")
    columns = {name: _column(kind, values) for name, kind, values in content["columns"]}
    return pd.DataFrame(columns, index=index.rename(content["name"]), columns=list(columns))


def _column(kind: str, values: list[Any]) -> Any:
    if kind == _DAYS:
        return np.array(values, dtype=np.int64).view(_DAYS)
    return pd.array(values, dtype="str") if kind == "str" else np.array(values, dtype=kind)
