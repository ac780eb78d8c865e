"""Changes of the description of the tiny data, and what is read with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from npl_report.load.data import Source, read_source
from npl_report.model import InputError, Problem
from tests.helpers import tiny

Described = dict[str, Any]
Change = Callable[[Described], object]


def resource(package: Described, name: str) -> Described:
    found: Described = next(item for item in package["resources"] if item["name"] == name)
    return found


def field(package: Described, name: str, column: str) -> Described:
    found: Described = next(item for item in resource(package, name)["schema"]["fields"] if item["name"] == column)
    return found


def write(root: Path, change: Change, files: dict[str, list[tiny.Row]] | None = None) -> Path:
    """The tiny data with a changed description; returns the folder."""
    folder = tiny.write(root, files)
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    change(package)
    path.write_text(json.dumps(package), encoding="utf-8")
    return folder


def read(root: Path, change: Change, files: dict[str, list[tiny.Row]] | None = None) -> Source:
    return read_source(write(root, change, files))


def problems(folder: Path) -> tuple[Problem, ...]:
    """What is told of the data; none if nothing is wrong."""
    try:
        read_source(folder)
    except InputError as error:
        return error.problems
    return ()
