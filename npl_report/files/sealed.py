"""Files of the cache that stand under their own hash: what was cut off or written by another hand is not there."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

from npl_report.files.hashing import digest
from npl_report.files.writing import keep


def seal(place: Path, content: bytes) -> str:
    """Keep a content with its hash, which is returned."""
    sum_ = digest(content)
    keep(place, sum_.encode() + b"\n" + content)
    return sum_


def sealed(place: Path) -> tuple[bytes, str] | None:
    """What was kept and its hash; None if it is not there as it was."""
    try:
        sum_, _, content = place.read_bytes().partition(b"\n")
    except OSError:
        return None
    return (content, sum_.decode()) if digest(content).encode() == sum_ else None


def opened(place: Path) -> bytes:
    """What was kept and was there before; OSError if it is no more."""
    found = sealed(place)
    if found is None:
        raise OSError(errno.EIO, "was changed since it was made", str(place))
    return found[0]


def reused(place: Path, make: Callable[[], bytes]) -> bytes:
    """What was kept, or else is made and kept now."""
    found = sealed(place)
    if found:
        return found[0]
    content = make()
    seal(place, content)
    return content
