"""The files of an edition before they are written: in memory, or in the store of what builds have made."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from npl_report.files.hashing import digest


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the store."""

    place: Path
    sha256: str
    size: int

    def read(self) -> bytes:
        """Its content; OSError if it is not what was kept, for files of a build are links to it."""
        data = self.place.read_bytes()
        if digest(data) != self.sha256:
            raise OSError(errno.EIO, "was changed since it was made", str(self.place))
        return data


class Files(MutableMapping[str, bytes]):
    """The files of an edition by path in its folder: in memory, or in the store, from which they are read when asked.

    >>> files = Files({"a.txt": b"a"})
    >>> files["a.txt"], len(files)
    (b'a', 1)
    """

    def __init__(self, files: Mapping[str, bytes | Stored] | None = None) -> None:
        self._files: dict[str, bytes | Stored] = {}
        self.add(files or {})

    def add(self, files: Mapping[str, bytes | Stored]) -> None:
        """More files; those that another has in the store stay there."""
        self._files.update(files.kept() if isinstance(files, Files) else files)

    def kept(self) -> Mapping[str, bytes | Stored]:
        """The files, those of the store unread."""
        return self._files

    def __getitem__(self, path: str) -> bytes:
        found = self._files[path]
        return found.read() if isinstance(found, Stored) else found

    def __setitem__(self, path: str, data: bytes) -> None:
        self._files[path] = data

    def __delitem__(self, path: str) -> None:
        del self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def sha256(self, path: str) -> str:
        """The hash of a file's content."""
        found = self._files[path]
        return found.sha256 if isinstance(found, Stored) else digest(found)

    def write(self, path: str, place: Path, *, linked: bool) -> int:
        """Write a file to ``place``, of one in the store a link if that will do; returns its size."""
        found = self._files[path]
        if isinstance(found, Stored) and linked:
            try:
                os.link(found.place, place)
            except OSError:  # another disk, or one without links
                place.write_bytes(found.read())
            return found.size
        data = self[path]
        place.write_bytes(data)
        return len(data)
