"""The same edition built on two machines → what differs.

``python -m tests.fresh.compare FOLDER FOLDER…`` compares the first with each of the others.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
_ENVIRONMENT = ("environment", "fingerprint")
"""Entries of the manifest that say on what an edition was built."""
_PRINTED_BY = ("Pango", "HarfBuzz", "HarfBuzz-Subset", "FreeType")
"""Libraries of the system that decide the bytes of a note."""
_SHOWN = 20


def differences(first: Path, second: Path) -> list[str]:
    """What is not the same in two builds of an edition: files, and what the manifest and the sums say of others.

    Notes count where the system's libraries are the same.
    """
    notes = _printed_by(first) == _printed_by(second)
    here, there = (_files(folder, notes=notes) for folder in (first, second))
    alone = [f"{name} is only in one of them" for name in sorted(here ^ there)]
    both = sorted((here & there) - {MANIFEST, SUMS})
    others = [name for name in both if (first / name).read_bytes() != (second / name).read_bytes()]
    told = {*others, *(here ^ there)}
    lists = [
        f"{name}: {entry}"
        for name, read in _LISTS.items()
        for entry in _entries(*(read((folder / name).read_bytes()) for folder in (first, second)))
        if entry not in told and _counts(entry, notes=notes)
    ]
    return alone + others + lists


def _printed_by(folder: Path) -> dict[str, str]:
    """Those libraries with their versions, as the manifest has them."""
    system = json.loads((folder / MANIFEST).read_bytes())["environment"]["system"]
    return {name: system[name] for name in _PRINTED_BY}


def _counts(name: str, *, notes: bool) -> bool:
    return notes or not name.endswith(".pdf")


def _files(folder: Path, *, notes: bool) -> set[str]:
    every = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name for name in every if _counts(name, notes=notes)}


def _manifest(data: bytes) -> dict[str, object]:
    """The entries that do not tell the environment; each output is one."""
    entries = {key: value for key, value in json.loads(data).items() if key not in _ENVIRONMENT}
    outputs = entries.pop("outputs")
    return entries | outputs


def _sums(data: bytes) -> dict[str, object]:
    """File → hash; the manifest's own differs with the environment."""
    lines = [line.split(maxsplit=1) for line in data.decode().splitlines()]
    return {name: value for value, name in lines if name != MANIFEST}


_LISTS = {MANIFEST: _manifest, SUMS: _sums}


def _entries(first: dict[str, object], second: dict[str, object]) -> list[str]:
    return [key for key in sorted(first.keys() | second.keys()) if first.get(key) != second.get(key)]


def report(folders: list[Path]) -> bool:
    """Print what differs between the first and each other; whether nothing does."""
    same = True
    for other in folders[1:]:
        found = differences(folders[0], other)
        same = same and not found
        verdict = f"not the same: {len(found)}" if found else "the same"
        print(f"{folders[0].name} and {other.name}: {verdict}")
        for line in found[:_SHOWN]:
            print(f"    {line}")
        if len(found) > _SHOWN:
            print(f"    … and {len(found) - _SHOWN} more")
    return same


if __name__ == "__main__":
    sys.exit(0 if report([Path(name) for name in sys.argv[1:]]) else 1)
