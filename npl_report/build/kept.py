"""Computed tables as they are kept between builds: what follows from a change is computed anew, and nothing else.

A table is found by the hash of all that it is computed from: its inputs (data, other tables, the edition's settings),
the program and its libraries. What is kept comes back bit for bit, and stands under its own hash: a file that was cut
off or written by another hand is no result, and the table is computed. Where rows of the data may not be published
nothing is kept.

Tables are read when they are asked for, and only the last stay in memory: all of an edition may be more than fit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from npl_report.build.marks import mark, mark_of
from npl_report.editions.fingerprint import code_hash
from npl_report.files.environment import environment
from npl_report.files.hashing import digest
from npl_report.files.sealed import opened, seal, sealed
from npl_report.files.store import use
from npl_report.load.tablefolders import table_mark
from npl_report.model import Result, Unavailable

HELD = 48 * 2**20
"""Bytes of kept tables, as they are on the disk, that stay in memory; the one that was asked for last stays anyway."""
_NUMBERS, _DAYS = ("float64", "int64", "bool"), "datetime64[us]"
"""Kinds of columns that come back as they were; days are kept as whole numbers."""
_LENGTH = 8
"""Bytes that say how long the description of the columns is."""


class _Kept(NamedTuple):
    """A table of which the file is there, and its hash right."""

    place: Path
    sha256: str
    size: int


@dataclass(frozen=True)
class _Lasting:
    """A table that cannot be kept, or not here."""

    result: Result | Unavailable
    mark: str


class KeptTables(Mapping[str, Result | Unavailable]):
    """The computed tables of an edition; those that were computed before come from a folder.

    ``only_read``: none comes to it; ``forgetful``: none is taken from it.
    """

    def __init__(self, folder: Path, *, only_read: bool = False, forgetful: bool = False) -> None:
        self._folder, self._only_read, self._forgetful = folder, only_read, forgetful
        self._program = code_hash(), environment()
        self._tables: dict[str, _Kept | _Lasting] = {}
        self._held: dict[str, tuple[Result | Unavailable, int]] = {}
        self._size = 0
        self._marks: dict[int, tuple[object, str]] = {}

    def add(
        self,
        key: str,
        given: Mapping[str, object],
        above: Iterable[str],
        compute: Callable[[], Result | Unavailable],
        /,
    ) -> None:
        """The table as it is kept, or else computed, and kept then; ``given`` and ``above``: what it is computed from.

        The latter are tables that were added before.
        """
        inputs = {name: self._mark(value) for name, value in given.items()} | {name: self.mark(name) for name in above}
        place = self._folder / f"{mark(*self._program, key, table_mark(key), inputs)}.table"
        self._tables[key] = (None if self._forgetful else _found(place)) or self._computed(key, place, compute())

    def _computed(self, key: str, place: Path, result: Result | Unavailable) -> _Kept | _Lasting:
        content = _encoded(result)
        if content is None:
            return _Lasting(result, mark_of(result))
        if self._only_read:
            return _Lasting(result, digest(content))
        table = _Kept(place, seal(place, content), len(content))
        self._hold(key, result, table.size)
        return table

    def mark(self, key: str) -> str:
        """The hash of a table's content."""
        table = self._tables[key]
        return table.mark if isinstance(table, _Lasting) else table.sha256

    def __getitem__(self, key: str) -> Result | Unavailable:
        table = self._tables[key]
        if isinstance(table, _Lasting):
            return table.result
        if key not in self._held:
            self._hold(key, _read(table), table.size)
        elif len(self._held) > 1:
            self._held[key] = self._held.pop(key)  # as the last
        return self._held[key][0]

    def _hold(self, key: str, result: Result | Unavailable, size: int) -> None:
        """Let the table stay, and those go that were not asked for longest if it is too much."""
        self._held[key] = result, size
        self._size += size
        while self._size > HELD and len(self._held) > 1:
            self._size -= self._held.pop(next(iter(self._held)))[1]

    def let_go(self) -> None:
        """Keep none in memory until it is asked for again."""
        self._held.clear()
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __contains__(self, key: object) -> bool:
        return key in self._tables

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_held": {}, "_size": 0, "_marks": {}}

    def _mark(self, value: object) -> str:
        """The hash of an input, of which several tables are computed."""
        if id(value) not in self._marks:
            self._marks[id(value)] = value, mark_of(value)
        return self._marks[id(value)][1]


def _found(place: Path) -> _Kept | None:
    """What was kept; None if there is nothing, or it is not what was written."""
    found = sealed(place)
    if found is None:
        return None
    use(place)
    return _Kept(place, found[1], len(found[0]))


def _read(table: _Kept) -> Result | Unavailable:
    """A kept table; OSError if it is no more what was kept."""
    content = opened(table.place)
    start = _LENGTH + int.from_bytes(content[:_LENGTH])
    return _result(json.loads(content[_LENGTH:start]), _Bytes(content, start))


class _Bytes:
    """The numbers of a kept table, one column after the other."""

    def __init__(self, content: bytes, start: int) -> None:
        self._content, self._at = content, start

    def column(self, kind: str, length: int) -> np.ndarray[Any, Any]:
        """The next column."""
        column = np.frombuffer(self._content, dtype=kind, count=length, offset=self._at)
        self._at += column.nbytes
        return column.copy()


def _encoded(result: Result | Unavailable) -> bytes | None:
    """The table: a description as JSON, with texts, and the numbers; None if it holds what would not come back."""
    numbers: list[bytes] = []
    try:
        described = json.dumps(_content(result, numbers)).encode()
    except TypeError:
        return None
    return b"".join([len(described).to_bytes(_LENGTH), described, *numbers])


def _content(result: Result | Unavailable, numbers: list[bytes]) -> dict[str, Any]:
    if isinstance(result, Unavailable):
        return {"gap": _gap(result)}
    if result.withheld:
        raise TypeError
    gaps = [[row, column, *_gap(gap)] for (row, column), gap in result.gaps.items()]
    return {"frame": _frame(result.frame, numbers), "evidence": _frame(result.evidence, numbers), "gaps": gaps}


def _gap(gap: Unavailable) -> tuple[str, float | None, float | None]:
    if type(gap) is not Unavailable:  # of one that is withheld nothing is kept
        raise TypeError
    return gap.reason, gap.needed, gap.found


def _frame(frame: pd.DataFrame, numbers: list[bytes]) -> dict[str, Any]:
    """A frame by columns, with their kinds; TypeError for one of another kind."""
    numbered = isinstance(frame.index, pd.RangeIndex) and (frame.index.start, frame.index.step) == (0, 1)
    index = len(frame) if numbered else frame.index.tolist()
    if not numbered and frame.index.dtype != "str":
        raise TypeError
    columns = [[str(name), str(frame[name].dtype), _values(frame[name], numbers)] for name in frame.columns]
    return {"index": index, "name": frame.index.name, "length": len(frame), "columns": columns}


def _values(column: pd.Series, numbers: list[bytes]) -> dict[str, list[Any]] | None:
    """The texts of a column, each once, and which stands where; numbers go to ``numbers``."""
    if column.dtype == "str":
        codes, texts = pd.factorize(column)
        numbers.append(codes.astype("int32").tobytes())
        return {"texts": texts.tolist()}
    if column.dtype == _DAYS:
        numbers.append(column.to_numpy().view(np.int64).tobytes())
    elif column.dtype in _NUMBERS:
        numbers.append(column.to_numpy().tobytes())
    else:
        raise TypeError
    return None


def _result(content: Mapping[str, Any], numbers: _Bytes) -> Result | Unavailable:
    if "gap" in content:
        return Unavailable(*content["gap"])
    gaps = {(row, column): Unavailable(*gap) for row, column, *gap in content["gaps"]}
    return Result(_framed(content["frame"], numbers), _framed(content["evidence"], numbers), gaps)


def _framed(content: Mapping[str, Any], numbers: _Bytes) -> pd.DataFrame:
    """The frame as it was."""
    whole, length = content["index"], content["length"]
    index = pd.RangeIndex(whole) if isinstance(whole, int) else pd.Index(whole, dtype="str")
    columns = {name: _column(kind, texts, numbers, length) for name, kind, texts in content["columns"]}
    return pd.DataFrame(columns, index=index.rename(content["name"]), columns=list(columns))


def _column(kind: str, texts: Mapping[str, list[str]] | None, numbers: _Bytes, length: int) -> Any:
    if texts is not None:
        found = pd.Series(texts["texts"], dtype="str").array
        return found.take(numbers.column("int32", length), allow_fill=True)
    return numbers.column("int64", length).view(_DAYS) if kind == _DAYS else numbers.column(kind, length)
