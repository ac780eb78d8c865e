"""``data/corrections.toml``: known errors of the source, each a record with a reason and a guard.

A record changes one cell or drops one row *before* validation. Its guard is the value expected there; a record that matches nothing,
or finds another value, is an error, so that a correction cannot outlive the mistake that it mends.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npl_report.load.keys import Keys, choice, is_object, is_objects, need, text
from npl_report.load.project import read_toml
from npl_report.model import InputError, Problem

if TYPE_CHECKING:  # which files a build reads is asked before anything heavy is loaded
    import pandas as pd

_CELL = need(
    "must be the value of a cell",
    "write it as it stands in the file, in quotation marks if it is no number and no date",
    lambda value: isinstance(value, str | int | float | date),
)
_KEY = need("must be a table of columns and values", 'write key = { deal = "…" }, every column of the primary key', is_object)
_RECORDS = need("must be a list of records", "head each of them with [[correction]], in double brackets", is_objects)
_FILE = Keys("the file", {"correction": _RECORDS})
_RECORD = Keys(
    "a correction",
    {
        **dict.fromkeys(("file", "column", "reason", "source"), text()),
        "key": _KEY,
        "action": choice("set", "drop"),
        **dict.fromkeys(("value", "guard"), _CELL),
    },
)
_NEEDED = {"file", "key", "action", "reason", "source"}


def apply_corrections(path: Path, frames: dict[str, pd.DataFrame], problems: list[Problem]) -> int:
    """Apply all records to the raw frames (by resource name) in place; returns how many were applied."""
    if not path.is_file():
        return 0
    shown = f"{path.parent.name}/{path.name}"
    try:
        raw = read_toml(path, shown)
    except InputError as error:
        problems += error.problems
        return 0
    applied = 0
    for number, record in enumerate(_FILE.read(raw, shown, "", problems).get("correction", []), start=1):
        place, before = f"correction {number}", len(problems)
        _RECORD.read(record, shown, place, problems)
        if len(problems) > before:
            continue
        if wrong := _apply(record, frames):
            problems.append(Problem(shown, None, place, *wrong))
        else:
            applied += 1
    return applied


def corrected(path: Path) -> frozenset[str]:
    """Names of the resources that records of the file are about; nothing for a file that cannot be read, which ``apply_corrections`` tells."""
    try:
        records = tomllib.loads(path.read_text(encoding="utf-8")).get("correction", [])
    except (OSError, ValueError):
        return frozenset()
    return frozenset(str(record.get("file")).removesuffix(".csv") for record in records) if is_objects(records) else frozenset()


def _apply(record: Mapping[str, Any], frames: dict[str, pd.DataFrame]) -> tuple[str, str, str] | None:
    """Apply one record; what is wrong with it as (value, rule, fix)."""
    missing = sorted(_NEEDED - set(record))
    action = record.get("action")
    if action == "set":
        missing += sorted({"column", "value", "guard"} - set(record))
    elif len({"column", "guard"} & set(record)) == 1:  # a dropped row may be guarded, by a column and its value
        missing += sorted({"column", "guard"} - set(record))
    if missing:
        return _shown(record.get("key")), f"the record lacks {', '.join(missing)}", "complete it; the head of the file shows a full record"
    frame = frames.get(str(record["file"]).removesuffix(".csv"))
    if frame is None:
        return str(record["file"]), "there is no such file in data/", f"name one of {', '.join(sorted(frames))}"
    column = record.get("column")
    unknown = [name for name in (*record["key"], *([column] if column else [])) if name not in frame.columns]
    if unknown:
        return ", ".join(unknown), "the file has no such column", "correct the name"
    import pandas as pd

    match = pd.Series(data=True, index=frame.index)
    for name, value in record["key"].items():
        match &= frame[name] == str(value)
    if match.sum() != 1:
        return _shown(record["key"]), f"the key matches {int(match.sum())} rows, not one", "complete the key, or remove the record if the source was mended"
    index = frame.index[match][0]
    if column and str(frame.at[index, column]) != str(record["guard"]):
        return str(frame.at[index, column]), f"the guard expects {record['guard']}", "look whether the source was mended; if so, remove the record"
    if action == "drop":
        frames[str(record["file"]).removesuffix(".csv")] = frame.drop(index=index)
        return None
    frame.at[index, column] = str(record["value"])
    return None


def _shown(key: object) -> str:
    """A record's key as the file writes it."""
    return ", ".join(f"{name} = {value}" for name, value in key.items()) if isinstance(key, Mapping) else str(key)
