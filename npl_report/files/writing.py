"""Gathered files → a folder that is there whole or not at all: written beside, then renamed."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from npl_report.files.hashing import digest
from npl_report.files.made import Files
from npl_report.files.manifest import Manifest, read_manifest
from npl_report.model import InputError, Problem

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
_PLAIN_FILE, _UNIX = 0o100644, 3


@contextmanager
def building(folder: Path, wait: float = 0) -> Iterator[None]:
    """One build at a time in a folder; what a killed build left behind is put right first.

    ``wait``: seconds to wait for another to end.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock", timeout=wait)
        with lock:
            _recover(folder)
            yield
    except Timeout:
        raise InputError(
            [Problem(folder.name, rule="another build is writing here", fix="wait until it has ended")]
        ) from None
    except OSError as error:
        if error.filename is None:
            raise
        place = Path(str(error.filename))
        shown = place.relative_to(folder.parent).as_posix() if place.is_relative_to(folder.parent) else str(place)
        fix = "change its permissions or make room on the disk, or build a copy of the project elsewhere"
        if isinstance(error, FileNotFoundError):
            fix = "restore the file"
        elif error.errno == errno.EIO:  # of the cache, while the build ran
            fix = "build it again"
        raise InputError([Problem(shown, rule=f"cannot be read or written: {error.strerror}", fix=fix)]) from None


def _recover(folder: Path) -> None:
    for left in folder.glob(".old-*"):
        target = folder / left.name.removeprefix(".old-")
        if target.exists():
            shutil.rmtree(left)
        else:
            left.rename(target)
    for left in folder.glob(".new-*"):
        shutil.rmtree(left)


def write_tree(target: Path, files: Mapping[str, bytes], manifest: Manifest, *, linked: bool = False) -> int:
    """Write everything beside ``target``, with its hashes in the manifest, and swap; returns the number of bytes.

    Until the swap the former build stands. ``linked``: of files in the store links are enough.
    """
    made = Files(files)
    outputs = {path: made.sha256(path) for path in sorted(made)}
    made[MANIFEST] = replace(manifest, outputs=outputs).written()
    made[SUMS] = sums(outputs, made[MANIFEST])
    staging, old = target.parent / f".new-{target.name}", target.parent / f".old-{target.name}"
    try:
        size = 0
        for path in made:
            place = staging / path
            place.parent.mkdir(parents=True, exist_ok=True)
            size += made.write(path, place, linked=linked)
        if target.exists():
            target.rename(old)
        staging.rename(target)
    except OSError as error:
        shutil.rmtree(staging, ignore_errors=True)
        if old.exists() and not target.exists():
            old.rename(target)
        fix = "make room on the disk or change the permissions; the former build still stands"
        if isinstance(error, FileNotFoundError) or error.errno == errno.EIO:  # of the cache, while the build ran
            fix = "build it again; the former build still stands"
        raise InputError(
            [Problem(target.name, value=str(error.filename or ""), rule=f"cannot write: {error.strerror}", fix=fix)]
        ) from None
    shutil.rmtree(old, ignore_errors=True)
    return size


def sums(outputs: Mapping[str, str], manifest: bytes) -> bytes:
    """The list that ``sha256sum --check`` reads."""
    return "".join(
        f"{sum_}  {path}\n" for path, sum_ in sorted({**outputs, MANIFEST: digest(manifest)}.items())
    ).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP that depends on them alone: sorted, without times, not compressed.

    Compression differs between versions of zlib.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def keep(place: Path, data: bytes) -> None:
    """Write a file whole or not at all; several processes and threads may do so at once.

    Every OSError names a file.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
    try:
        partial.write_bytes(data)
        partial.replace(place)
    except OSError as error:
        partial.unlink(missing_ok=True)
        error.filename = error.filename or str(place)  # a full disk names none
        raise
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def standing(target: Path) -> Manifest | None:
    """The manifest of a build that is there whole, or None if it is absent or one of its files was changed."""
    try:
        written = (target / MANIFEST).read_bytes()
        manifest = read_manifest(written)
        if (target / SUMS).read_bytes() != sums(manifest.outputs, written):
            return None
        for path, sum_ in manifest.outputs.items():
            if digest((target / path).read_bytes()) != sum_:
                return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest


def as_json(value: object) -> str:
    """JSON on one line, with stable keys, safe inside an HTML script element."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")
