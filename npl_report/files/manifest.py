"""``manifest.json``: what an edition was made of, and the hash of every file of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Manifest:
    """A build's, or a published edition's.

    ``code`` is the hash of the program; ``environment`` its libraries and the system's, by group; ``inputs`` and
    ``outputs``: path → hash; ``earlier``: (folder, hash of the manifest) of the editions before it, in order, and
    ``causes`` those of them whose restricted inputs were at hand; ``fingerprint`` is the hash of all that decides a
    build. Of published editions only: ``series``, ``address``, ``tables`` and ``front`` (language → words), from which
    the root is made, and ``restricted``, the inputs that are not archived.
    """

    edition: str
    revision: int
    as_of: str
    published_on: str
    languages: tuple[str, ...]
    npl_report: str = ""
    code: str = ""
    environment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[tuple[str, str], ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    engine: str = ""
    fingerprint: str = ""
    series: str = ""
    address: str = ""
    tables: tuple[str, ...] = ()
    front: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    restricted: Mapping[str, str] = field(default_factory=dict)
    causes: tuple[str, ...] = ()

    def written(self) -> bytes:
        """The file, without what is empty."""
        told = {name: value for name, value in vars(self).items() if value or name not in _OPTIONAL}
        return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


_OPTIONAL = ("engine", "fingerprint", "series", "address", "tables", "front", "restricted", "causes")
_NEEDED = ("edition", "revision", "as_of", "published_on", "languages")
_TEXTS = ("edition", "as_of", "published_on", "npl_report", "code", "engine", "fingerprint", "series", "address")
_LISTS = ("languages", "tables", "causes")
_MAPPINGS = ("environment", "inputs", "outputs", "front", "restricted")


def read_manifest(data: bytes) -> Manifest:
    """The manifest of a file; ValueError for what is none.

    Other versions of the program may have written it: what they did not know is empty, what this one does not know is
    left out.
    """
    content = json.loads(data)
    if not isinstance(content, dict) or any(name not in content for name in (*_NEEDED, "outputs")):
        raise ValueError("no manifest")
    given: dict[str, Any] = {item.name: content[item.name] for item in fields(Manifest) if item.name in content}
    for names, kind in ((_TEXTS, str), (_LISTS, list), (_MAPPINGS, dict), (("revision",), int), (("earlier",), list)):
        if wrong := [name for name in names if name in given and not isinstance(given[name], kind)]:
            raise ValueError(f"{wrong[0]} is not of its kind")
    given |= {name: tuple(given[name]) for name in _LISTS if name in given}
    given["earlier"] = tuple((str(folder), str(sha256)) for folder, sha256 in given.get("earlier", ()))
    return Manifest(**given)
