"""Where tables are found, and their keys: so that what reads their names imports none of them.

The program's are in ``npl_report/tables``, a project's own in its folder ``tables``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import npl_report
from npl_report.files.owned import TABLES, blamed, owned
from npl_report.model import InputError, Problem

MEND = "it is code of the project's own: put the line right, and look at a table of the program for the form"


@dataclass(frozen=True)
class Place:
    """A folder of tables, each a package with its words beside it, and the name under which Python imports them."""

    folder: Path
    package: str


OWN = Place(Path(npl_report.__file__).parent / "tables", "npl_report.tables")
"""The program's own."""


def table_places() -> tuple[Place, ...]:
    """All places: the program's own, and that of the project whose things are used, if it has one."""
    folder = owned().folder(TABLES) if owned().package else None
    return (OWN, *([Place(folder, f"{owned().package}.{TABLES}")] if folder else []))


def table_keys() -> tuple[str, ...]:
    """Keys of all tables: the folders there; InputError if a table of the project has the key of one of ours."""
    return tuple(sorted(_found(table_places())))


def own_keys() -> tuple[str, ...]:
    """Keys of the project's tables."""
    return tuple(key for key in table_keys() if is_own(key))


def is_own(key: str) -> bool:
    """Whether a table is the project's."""
    return _found(table_places()).get(key, OWN) != OWN


def table_module(key: str) -> str:
    """The name under which a table is imported."""
    return f"{_found(table_places())[key].package}.{key}"


def table_folder(key: str) -> Path:
    """The folder of a table, in which its words are."""
    return _found(table_places())[key].folder / key


def table_mark(key: str) -> str:
    """What tells the code of a project's table from another state of it; of ours the program's own hash does."""
    return owned().code if is_own(key) else ""


@contextmanager
def answerable(key: str, does: str) -> Iterator[None]:
    """What goes wrong with a table of the project is told with its file and line; with one of ours it is our fault."""
    if not is_own(key):
        yield
        return
    with blamed(f"{TABLES}/{key}/__init__.py", does, MEND):
        yield


@cache
def _found(places: tuple[Place, ...]) -> Mapping[str, Place]:
    """Key → place."""
    found: dict[str, Place] = {}
    for place in places:
        for module in pkgutil.iter_modules([str(place.folder)]):
            if module.ispkg and found.setdefault(module.name, place) != place:
                rule, fix = "the program has a table of this key", "rename the folder, and its key in __init__.py"
                raise InputError([Problem(f"{TABLES}/{module.name}/", rule=rule, fix=fix)])
    return found
