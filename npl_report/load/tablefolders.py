"""Where tables are found, and their keys: so that what reads their names imports none of them."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import npl_report
from npl_report.model import DefinitionError


@dataclass(frozen=True)
class Place:
    """A folder of tables, each a package with its words beside it, and the name under which Python imports them."""

    folder: Path
    package: str


_PLACES: list[Place] = []


def register(place: Place) -> None:
    """Tables are found there too.

    Whoever registers a further place sees to it that Python can import its package, in every process. No command does:
    tables run as a part of the program, and whether a project's may is not decided.
    """
    _PLACES.append(place)


def register_all(places: Iterable[Place]) -> None:
    """Tables are found in all of them, as in the process that was told first."""
    for place in places:
        if place not in _PLACES:
            register(place)


register(Place(Path(npl_report.__file__).parent / "tables", "npl_report.tables"))


def table_places() -> tuple[Place, ...]:
    """All places, the program's own first."""
    return tuple(_PLACES)


def table_keys() -> tuple[str, ...]:
    """Keys of all tables: the folders there."""
    return tuple(sorted(_found(table_places())))


def table_module(key: str) -> str:
    """The name under which a table is imported."""
    return f"{_found(table_places())[key].package}.{key}"


def table_folder(key: str) -> Path:
    """The folder of a table, in which its words are."""
    return _found(table_places())[key].folder / key


@cache
def _found(places: tuple[Place, ...]) -> Mapping[str, Place]:
    """Key → place; DefinitionError if two places have the same."""
    found: dict[str, Place] = {}
    for place in places:
        for module in pkgutil.iter_modules([str(place.folder)]):
            if module.ispkg and (other := found.setdefault(module.name, place)) is not place:
                raise DefinitionError(
                    f"two tables have the key {module.name}: in {other.folder} and in {place.folder}; rename one folder"
                )
    return found
