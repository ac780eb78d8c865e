"""Stage 3: the catalogue of research tables, found by their folders, and the order in which they are computed.

The parameter names of a table's ``compute`` are its inputs: a part of the ``Dataset``, ``edition``, or another table's
key. A table whose input is unavailable is unavailable for the same reason, unless the parameter's type says that it can
do without: ``Result | Unavailable``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib import import_module
from typing import Any, Protocol, get_args, get_type_hints

from npl_report.load.tablefolders import Place, table_keys, table_module, table_places
from npl_report.model import (
    ID_RULE,
    Dataset,
    DefinitionError,
    Edition,
    ResearchTable,
    Result,
    Unavailable,
    checked,
    is_id,
    nearest,
)


def catalogue() -> Mapping[str, ResearchTable]:
    """Every table by key.

    Raises DefinitionError if a folder and its declaration differ, or if inputs do not resolve.
    """
    return _catalogue(table_places())


@cache
def _catalogue(_: tuple[Place, ...]) -> Mapping[str, ResearchTable]:
    """The catalogue of these places, read once."""
    tables: dict[str, ResearchTable] = {}
    for key in table_keys():
        if not is_id(key.replace("_", "-")):
            raise DefinitionError(f"folder tables/{key}: no file may have this name everywhere: {ID_RULE}, and _ for -")
        table = import_module(table_module(key)).TABLE
        if table.key != key:
            raise DefinitionError(f"folder tables/{key} declares the table {table.key}")
        tables[key] = table
    for key, table in tables.items():
        for name in inputs(table):
            if name not in tables and name not in Dataset.PARTS and name != "edition":
                hint = nearest(name, [*tables, *Dataset.PARTS, "edition"])
                raise DefinitionError(
                    f"table {key}: compute asks for {name}, which is neither data nor a table; {hint}"
                )
    return tables


def inputs(table: ResearchTable) -> tuple[str, ...]:
    """Names of what the table is computed from."""
    return tuple(inspect.signature(table.compute).parameters)


def dispensable(table: ResearchTable) -> frozenset[str]:
    """Names of the inputs that may be unavailable."""
    types = get_type_hints(table.compute)
    return frozenset(name for name in inputs(table) if Unavailable in get_args(types.get(name)))


class Kept(Protocol):
    """Gives a table that was computed from the same before, or computes and keeps it."""

    def __call__(
        self, key: str, given: Mapping[str, object], compute: Callable[[], Result | Unavailable], /
    ) -> Result | Unavailable:
        """The table ``key``; ``given`` are its inputs by name."""
        ...


def compute_tables(
    keys: Iterable[str], data: Dataset, edition: Edition, kept: Kept | None = None
) -> dict[str, Result | Unavailable]:
    """Compute the tables and all they depend on, each once; ``kept`` may know some of them."""
    tables = catalogue()
    done: dict[str, Result | Unavailable] = {}

    def compute(key: str, path: tuple[str, ...]) -> Result | Unavailable:
        if key in path:
            raise DefinitionError(f"tables depend on each other in a circle: {' → '.join((*path, key))}")
        if key not in done:
            given: dict[str, Any] = {}
            lacking: Unavailable | None = None
            for name in inputs(tables[key]):
                if name in tables:
                    given[name] = found = compute(name, (*path, key))
                    if isinstance(found, Unavailable) and name not in dispensable(tables[key]):
                        lacking = lacking or found
                else:
                    given[name] = edition if name == "edition" else getattr(data, name)
            made = partial(_computed, tables[key], given)
            done[key] = lacking or (kept(key, given, made) if kept else made())
        return done[key]

    for key in keys:
        compute(key, ())
    return done


def _computed(table: ResearchTable, given: Mapping[str, Any]) -> Result | Unavailable:
    return checked(table, table.compute(**given))
