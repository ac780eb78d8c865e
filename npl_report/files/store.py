"""What a build has made, as it is kept for the next: files by the hash of their content, and which were made together.

What was made from the same things has the same key, and is taken instead of made. Everything stands under its own hash:
what was cut off or written by another hand is not there, and is made again. The folder can be thrown away.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npl_report.files.hashing import digest
from npl_report.files.made import Stored
from npl_report.files.sealed import opened, seal
from npl_report.files.writing import keep

LIMIT = 4 * 2**30
"""Bytes that the cache of a project may hold."""
_RECENT = 24 * 3600
"""Seconds for which a file of the cache stays whatever its size: another build may be reading it."""


@dataclass(frozen=True)
class Product:
    """What was made together: files by path in the edition; ``record`` is where this is noted."""

    files: Mapping[str, Stored]
    record: Path

    @property
    def told(self) -> Mapping[str, Any]:
        """What else is known of them, as JSON has it: read when it is asked for, since of all it may be much."""
        return dict(_recorded(self.record)["told"])


class Store:
    """The kept files and products in a folder.

    ``forgetful``: nothing is taken from it; ``below`` is one that is only read, for what is not here.
    """

    def __init__(self, folder: Path, *, forgetful: bool = False, below: Store | None = None) -> None:
        self._folder, self._forgetful, self._below = folder, forgetful, below

    def keep(
        self, key: str, files: Iterable[tuple[str, bytes]], told: Callable[[], Mapping[str, Any]] = dict
    ) -> Product:
        """Keep what was made under a key: files one by one as they come, and then what is ``told`` of them."""
        kept = {path: self._kept(data) for path, data in files}
        known = told()
        listed = {path: [item.sha256, item.size] for path, item in kept.items()}
        content = json.dumps({"files": listed, "told": known}).encode()
        seal(self._record(key), content)
        return Product(kept, self._record(key))

    def drop(self, key: str) -> None:
        """Keep nothing under a key."""
        self._record(key).unlink(missing_ok=True)

    def found(self, key: str) -> Product | None:
        """What was kept under a key; None if it is not there whole."""
        if self._forgetful:
            return None
        return self._own(key) or (self._below.found(key) if self._below else None)

    def _own(self, key: str) -> Product | None:
        try:
            place = self._record(key)
            record = _recorded(place)
            files = {path: Stored(self._place(sum_), sum_, size) for path, (sum_, size) in record["files"].items()}
            for item in files.values():
                item.read()
                use(item.place)
            use(place)
            return Product(files, place)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _kept(self, data: bytes) -> Stored:
        """A file of this content; what is there and has another was changed, and is put in order."""
        sum_ = digest(data)
        place = self._place(sum_)
        if not (place.is_file() and digest(place.read_bytes()) == sum_):
            keep(place, data)
        return Stored(place, sum_, len(data))

    def _place(self, sum_: str) -> Path:
        return self._folder / "files" / sum_[:2] / sum_

    def _record(self, key: str) -> Path:
        return self._folder / "products" / key[:2] / f"{key}.json"


def _recorded(place: Path) -> dict[str, Any]:
    """What was noted; OSError if it is no more."""
    return dict(json.loads(opened(place)))


def use(place: Path) -> None:
    """Say that a file was used, whatever the disk notes of it; when it was made stays."""
    os.utime(place, ns=(time.time_ns(), place.stat().st_mtime_ns))


def trim(folder: Path, limit: int = LIMIT) -> int:
    """Delete from a cache what was not used for longest, until it is as small as ``limit``; the bytes that went.

    What was used within a day stays.
    """
    used = []
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # another build may be putting it in its place
            state = path.lstat()
            if stat.S_ISREG(state.st_mode):
                used.append((max(state.st_atime, state.st_mtime), state.st_size, path))
    over, gone = sum(item[1] for item in used) - limit, 0
    for moment, size, path in sorted(used):
        if gone >= over or moment > time.time() - _RECENT:
            break
        path.unlink(missing_ok=True)
        gone += size
    return gone
