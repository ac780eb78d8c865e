"""``data/corrections.toml``: known errors of the source, and what is right though it is unusual.

Each is a record with a reason and a guard. A correction changes one cell or drops one row *before* validation. Its
guard is the value expected there; a record that matches nothing, or finds another value, is an error, so that a
correction cannot outlive the mistake that it mends. The same holds for a record that accepts a warning
(``load.unusual``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npl_report.files.texts import read_toml
from npl_report.load.keys import Keys, choice, is_object, is_objects, need, text
from npl_report.model import InputError, Problem

if TYPE_CHECKING:  # which files a build reads is asked before anything heavy is loaded
    import pandas as pd

    from npl_report.load.unusual import Unusual

_CELL = need(
    "must be the value of a cell",
    "write it as it stands in the file, in quotation marks if it is no number and no date",
    lambda value: isinstance(value, str | int | float | date),
)
_KEY = need(
    "must be a table of columns and values", 'write key = { deal = "…" }, every column of the primary key', is_object
)
_RECORDS = need(
    "must be a list of records",
    "head each of them with [[correction]], or [[accepted]], in double brackets",
    is_objects,
)
_FILE = Keys("the file", {"correction": _RECORDS, "accepted": _RECORDS})
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
_ACCEPTED = Keys(
    "a record of what is accepted",
    {**dict.fromkeys(("rule", "file", "reason", "source"), text()), "key": _KEY, "guard": _CELL},
    needed=("rule", "file", "key", "guard", "reason"),
    example='rule = "interest_near_coupon", as the warning prints it',
)


@dataclass(frozen=True)
class Accepted:
    """A warning that is accepted: its rule, file, key and value, why, and the place of the record."""

    rule: str
    file: str
    key: Mapping[str, str]
    guard: str
    reason: str
    place: str

    def fits(self, found: Unusual) -> bool:
        """Whether it is this warning, on the value that was looked at."""
        return (self.rule, self.file, self.key, self.guard) == (found.rule, found.file, found.key, found.problem.value)


@dataclass(frozen=True)
class Records:
    """What the file says: sound records of both kinds. ``shown`` names the file."""

    shown: str
    corrections: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    accepted: tuple[Accepted, ...] = ()

    def apply(self, frames: dict[str, pd.DataFrame], problems: list[Problem]) -> int:
        """Apply all corrections to the raw frames (by resource name) in place; returns how many were applied."""
        applied = 0
        for place, record in self.corrections:
            if wrong := _apply(record, frames):
                problems.append(Problem(self.shown, None, place, *wrong))
            else:
                applied += 1
        return applied


def accepts_nothing(record: Accepted) -> Problem:
    """What is told of a record that accepts a warning which there is not."""
    fix = (
        "look whether the source was mended or the value has changed; if so, remove the record. npl-report check "
        "prints the warnings that there are"
    )
    rule = f"there is no warning {record.rule} on this record with the value {record.guard}"
    return Problem("data/corrections.toml", None, record.place, _shown(record.key), rule, fix)


def accept(found: Iterable[Unusual], records: Iterable[Accepted]) -> tuple[tuple[Problem, ...], tuple[Accepted, ...]]:
    """The warnings that no record accepts, and the records that accept one."""
    every, known = list(found), list(records)
    used = tuple(record for record in known if any(map(record.fits, every)))
    return tuple(item.problem for item in every if not any(record.fits(item) for record in used)), used


def read_records(path: Path, problems: list[Problem]) -> Records:
    """The records of the file, which need not be there; what is wrong with them is added to ``problems``."""
    shown = f"{path.parent.name}/{path.name}"
    if not (path.exists() or path.is_symlink()):
        return Records(shown)
    try:
        raw = read_toml(path, shown)
    except InputError as error:
        problems += error.problems
        return Records(shown)
    entries = _FILE.read(raw, shown, "", problems)
    corrections, accepted = [], []
    for number, record in enumerate(entries.get("correction", []), start=1):
        place, before = f"correction {number}", len(problems)
        _RECORD.read(record, shown, place, problems)
        if len(problems) == before:
            corrections.append((place, record))
    for number, record in enumerate(entries.get("accepted", []), start=1):
        place, before = f"accepted {number}", len(problems)
        _ACCEPTED.read(record, shown, place, problems)
        if len(problems) == before:
            key = {name: str(value) for name, value in record["key"].items()}
            accepted.append(
                Accepted(
                    record["rule"],
                    record["file"].removesuffix(".csv"),
                    key,
                    str(record["guard"]),
                    record["reason"],
                    place,
                )
            )
    return Records(shown, tuple(corrections), tuple(accepted))


def corrected(path: Path) -> frozenset[str]:
    """Names of the resources that records of the file are about.

    There are none if the file cannot be read, which ``read_records`` tells.
    """
    try:
        raw = read_toml(path, path.name)
    except InputError:
        return frozenset()
    kinds = [records for kind in ("correction", "accepted") if is_objects(records := raw.get(kind, []))]
    return frozenset(str(record.get("file")).removesuffix(".csv") for record in chain.from_iterable(kinds))


def _apply(record: Mapping[str, Any], frames: dict[str, pd.DataFrame]) -> tuple[str, str, str] | None:
    """Apply one record; what is wrong with it as (value, rule, fix)."""
    if missing := _lacking(record):
        return (
            _shown(record.get("key")),
            f"the record lacks {', '.join(missing)}",
            "complete it; the head of the file shows a full record",
        )
    name, column = str(record["file"]).removesuffix(".csv"), record.get("column")
    frame = frames.get(name)
    if frame is None:
        return str(record["file"]), "there is no such file in data/", f"name one of {', '.join(sorted(frames))}"
    named = (*record["key"], *([column] if column else []))
    if unknown := [key for key in named if key not in frame.columns or key == "source_row"]:
        return ", ".join(unknown), "the file has no such column", "correct the name"
    match = _match(frame, record["key"])
    if match.sum() != 1:
        return (
            _shown(record["key"]),
            f"the key matches {int(match.sum())} rows, not one",
            "complete the key, or remove the record if the source was mended",
        )
    index = frame.index[match][0]
    if column and str(frame.at[index, column]) != str(record["guard"]):
        return (
            str(frame.at[index, column]),
            f"the guard expects {record['guard']}",
            "look whether the source was mended; if so, remove the record",
        )
    if record.get("action") == "drop":
        frames[name] = frame.drop(index=index)
    else:
        frame.at[index, column] = str(record["value"])
    return None


def _lacking(record: Mapping[str, Any]) -> list[str]:
    """The keys that a record of its action needs and does not have."""
    missing = sorted(_NEEDED - set(record))
    if record.get("action") == "set":
        missing += sorted({"column", "value", "guard"} - set(record))
    elif len({"column", "guard"} & set(record)) == 1:  # a dropped row may be guarded, by a column and its value
        missing += sorted({"column", "guard"} - set(record))
    return missing


def _match(frame: pd.DataFrame, key: Mapping[str, Any]) -> pd.Series:
    """Whether a row has the key."""
    import pandas as pd

    match = pd.Series(data=True, index=frame.index)
    for name, value in key.items():
        match &= frame[name] == str(value)
    return match


def _shown(key: object) -> str:
    """A record's key as the file writes it."""
    return ", ".join(f"{name} = {value}" for name, value in key.items()) if isinstance(key, Mapping) else str(key)
