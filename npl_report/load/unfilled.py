"""What a project that began without a sample still has to be told, in the order in which it is best filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from npl_report.files.texts import read_text
from npl_report.load.project import Project
from npl_report.model import InputError, Problem

_OPEN = re.compile(r'^(\w+) = "(…|XXX)"[ \t]*#[ \t]*(.+)$', re.MULTILINE)
"""A line whose value is a mark; the remark beside it says what belongs there."""
_RULE = "has to be filled in"


def refuse_unfilled(project: Project) -> None:
    """InputError with everything that is still marked, and if no deal is there yet, with the file of deals."""
    if problems := [*_marked(project), *_without_deals(project)]:
        raise InputError(problems)


def _marked(project: Project) -> Iterator[Problem]:
    places = [*sorted(project.report.glob("*/_series.toml")), project.data / "market.toml"]
    for path in (path for path in places if path.is_file()):
        shown = path.relative_to(project.root).as_posix()
        text = read_text(path, shown)
        for match in _OPEN.finditer(text):
            row = text[: match.start()].count("\n") + 1
            yield Problem(shown, row, match[1], match[2], _RULE, match[3])


def _without_deals(project: Project) -> Iterator[Problem]:
    """A file of deals with a head and no row."""
    described = project.data / "datapackage.json"
    try:
        resources = json.loads(described.read_bytes())["resources"]
        path = project.data / next(of["path"] for of in resources if of["name"] == "deals" and of["format"] == "csv")
        empty = not path.read_bytes().strip().count(b"\n")
    except (OSError, ValueError, LookupError, TypeError, StopIteration):
        return  # told by whoever reads it
    if empty and path.stat().st_size:
        beside = "originators, tranches, forecasts, collections and payments stand in files of their own"
        fix = f"write a row for each deal, as {described.parent.name}/{described.name} describes the columns; {beside}"
        yield Problem(f"{project.data.name}/{Path(path).name}", rule="holds no deal yet", fix=fix)
