"""Stage 3: the catalogue of research tables, found by their folders, and the order in which they are computed.

The parameter names of a table's ``compute`` are its inputs: a part of the ``Dataset``, ``edition``, what ``Market``
gives of the market, or another table's key. A table whose input is unavailable is unavailable for the same reason,
unless the parameter's type says that it can do without: ``Result | Unavailable``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from importlib import import_module
from typing import Protocol, TypeVar, get_args, get_type_hints

from npl_report.load.tablefolders import Place, answerable, is_own, table_keys, table_module, table_places
from npl_report.model import (
    ID_RULE,
    Dataset,
    DefinitionError,
    Edition,
    Market,
    ResearchTable,
    Result,
    Unavailable,
    checked,
    is_id,
    nearest,
)
from npl_report.model.progress import Progress, unheard


def catalogue(market: Market) -> Mapping[str, ResearchTable]:
    """Every table by key, with the columns that it has in a market.

    A table whose columns follow from the market declares itself as ``table(market)``, every other as ``TABLE``.

    Raises DefinitionError if a folder and its declaration differ, or if inputs do not resolve.
    """
    return _catalogue(table_places(), market)


@cache
def _catalogue(_: tuple[Place, ...], market: Market) -> Mapping[str, ResearchTable]:
    """The catalogue of these places, read once."""
    tables: dict[str, ResearchTable] = {}
    for key in table_keys():
        with answerable(key, "cannot be used"):
            tables[key] = _declared(key, market)
    others = (*Dataset.PARTS, *market.inputs(), "edition")
    for key, table in tables.items():
        with answerable(key, "cannot be computed"):
            for name in inputs(table):
                if name not in tables and name not in others:
                    hint = nearest(name, [*tables, *others])
                    raise DefinitionError(
                        f"table {key}: compute asks for {name}, which is neither data nor a table; {hint}"
                    )
    return tables


def _declared(key: str, market: Market) -> ResearchTable:
    """What the folder of that key declares."""
    if not is_id(key.replace("_", "-")):
        raise DefinitionError(f"folder tables/{key}: no file may have this name everywhere: {ID_RULE}, and _ for -")
    module = import_module(table_module(key))
    if not hasattr(module, "TABLE") and not hasattr(module, "table"):
        raise DefinitionError(f"folder tables/{key} has neither TABLE nor table(market)")
    table = module.TABLE if hasattr(module, "TABLE") else module.table(market)
    if not isinstance(table, ResearchTable):
        raise DefinitionError(f"folder tables/{key} declares a {type(table).__name__}, not a ResearchTable")
    if table.key != key:
        raise DefinitionError(f"folder tables/{key} declares the table {table.key}")
    if not table.evidence:
        raise DefinitionError(f"table {key} declares no evidence: name a column of the rows behind it, as deal")
    return table


def inputs(table: ResearchTable) -> tuple[str, ...]:
    """Names of what the table is computed from."""
    return tuple(inspect.signature(table.compute).parameters)


def dispensable(table: ResearchTable) -> frozenset[str]:
    """Names of the inputs that may be unavailable."""
    types = get_type_hints(table.compute)
    return frozenset(name for name in inputs(table) if Unavailable in get_args(types.get(name)))


class Tables(Protocol):
    """Computed tables by key, to which others are added: in memory, or kept between builds."""

    def __contains__(self, key: object, /) -> bool:
        """Whether the table was added."""
        ...

    def __getitem__(self, key: str, /) -> Result | Unavailable:
        """A table that was added."""
        ...

    def add(
        self,
        key: str,
        given: Mapping[str, object],
        above: Iterable[str],
        compute: Callable[[], Result | Unavailable],
        /,
    ) -> None:
        """Add a table: ``given`` are its inputs by name that are no tables, ``above`` those that are."""
        ...


class Computed(dict[str, Result | Unavailable]):
    """Tables in memory."""

    def add(
        self,
        key: str,
        _given: Mapping[str, object],
        _above: Iterable[str],
        compute: Callable[[], Result | Unavailable],
        /,
    ) -> None:
        """Compute the table."""
        self[key] = compute()


Held = TypeVar("Held", bound=Tables)


def compute_tables(keys: Iterable[str], data: Dataset, edition: Edition) -> Mapping[str, Result | Unavailable]:
    """Compute the tables and all they depend on, each once."""
    return add_tables(keys, data, edition, Computed())


def add_tables(keys: Iterable[str], data: Dataset, edition: Edition, done: Held, progress: Progress = unheard) -> Held:
    """Add the tables and all they depend on to those that are ``done``.

    ``progress`` hears of each of the project's own that is computed: of code that does not end it is the last word.
    """
    tables, market = catalogue(edition.market), edition.market.inputs()

    def add(key: str, path: tuple[str, ...]) -> None:
        if key in path:
            with answerable(key, "cannot be computed"):
                raise DefinitionError(f"tables depend on each other in a circle: {' → '.join((*path, key))}")
        if key in done:
            return
        above = [name for name in inputs(tables[key]) if name in tables]
        for name in above:
            add(name, (*path, key))
        given = {
            name: edition if name == "edition" else market[name] if name in market else getattr(data, name)
            for name in inputs(tables[key])
            if name not in tables
        }
        done.add(key, given, above, partial(_computed, tables[key], given, above, done, progress))

    for key in keys:
        add(key, ())
    return done


def _computed(
    table: ResearchTable, given: Mapping[str, object], above: Iterable[str], done: Tables, progress: Progress
) -> Result | Unavailable:
    """The table; if one that it cannot do without is unavailable, it is so for the same reason."""
    found = {name: done[name] for name in above}
    for name, result in found.items():
        if isinstance(result, Unavailable) and name not in dispensable(table):
            return result
    if is_own(table.key):
        progress(f"compute the project's table {table.key}")
    with answerable(table.key, "cannot be computed"):
        return checked(table, table.compute(**given, **found))
