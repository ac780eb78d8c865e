"""Computed tables as they are kept between builds: a changed sentence does not compute them anew.

They are found by the hash of all that they are computed from: data, settings, program, libraries. What is kept is JSON,
whose numbers come back bit for bit, and stands under its own hash: a file that was cut off or written by another hand
is no result, and the tables are computed. Where rows of the data may not be published nothing is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from npl_report.editions.fingerprint import code_hash, fingerprint, input_hashes
from npl_report.files.environment import environment
from npl_report.files.hashing import digest
from npl_report.files.writing import keep
from npl_report.load.project import Project
from npl_report.model import Edition, Result, Unavailable

Results = Mapping[str, Result | Unavailable]

_PLAIN = ("float64", "int64", "bool", "str")
"""Kinds of columns whose values JSON gives back as they were; days are kept as whole numbers."""
_DAYS = "datetime64[us]"


def kept(
    project: Project, edition: Edition, keys: Iterable[str], folder: Path | None, compute: Callable[[], Results]
) -> Results:
    """The results kept in ``folder``, or else those that ``compute`` gives, which are kept then; None: it is asked."""
    if folder is None:
        return compute()
    place = folder / f"{_mark(project, edition, keys)}.json"
    found = _read(place)
    if found is None:
        found = compute()
        content = _encoded(found)
        if content is not None:
            keep(place, digest(content).encode() + b"\n" + content)
    return found


def _mark(project: Project, edition: Edition, keys: Iterable[str]) -> str:
    """The hash of all that the results follow from."""
    inputs = {path: sum_ for path, sum_ in input_hashes(project, edition).items() if path.startswith("data/")}
    return fingerprint(inputs, code_hash(), environment(), {"edition": edition, "tables": sorted(keys)})


def _read(place: Path) -> Results | None:
    """What was kept; None if there is nothing, or it is not what was written."""
    try:
        mark, _, content = place.read_bytes().partition(b"\n")
        if digest(content).encode() != mark:
            return None
        return {key: _result(found) for key, found in json.loads(content).items()}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _encoded(results: Results) -> bytes | None:
    """The results as JSON; None if one of them holds what JSON does not give back."""
    try:
        return json.dumps({key: _content(result) for key, result in results.items()}).encode()
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
