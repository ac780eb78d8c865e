"""Foreign keys: cells that name a row of another file, and what to do where there is none."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from difflib import get_close_matches

import pandas as pd

from npl_report.load.frames import cell, cell_problem
from npl_report.load.resources import Resource
from npl_report.model import CONTRACT, NAME, Problem, is_id


def check_references(
    frames: Mapping[str, pd.DataFrame], resources: Mapping[str, Resource], folder: str, problems: list[Problem]
) -> bool:
    """Foreign keys: whether all of them lead somewhere."""
    before = len(problems)
    for name, resource in resources.items():
        for columns, (target, others) in resource.links.items():
            frame, file = frames[name], f"{folder}/{resources[target].path}"
            for index, place in _astray(frame, columns, frames[target], others):
                value, start = (
                    str(cell(frame, index, columns[place])),
                    " ".join(str(cell(frame, index, other)) for other in columns[:place]),
                )
                rule = f"there is no such {others[place]}{f' of {start}' if start else ''} in {resources[target].path}"
                deal = str(cell(frame, index, "deal")) if "deal" in frame else ""
                fix = (
                    f"correct it, or add the row to {file}"
                    if start
                    else _instead(value, resources[target], others[0], frames, file, deal)
                )
                where = f"{folder}/{resource.path}"
                problems.append(cell_problem(where, frame, index, columns[place], value, rule, fix))
    return len(problems) == before


def _astray(
    frame: pd.DataFrame, columns: tuple[str, ...], target: pd.DataFrame, others: tuple[str, ...]
) -> Iterator[tuple[Hashable, int]]:
    """(row, place of a column) where the columns up to that place are those of no row of ``target``.

    Rows with an empty cell lead nowhere and need not.
    """
    known = [set(target[list(others[: place + 1])].itertuples(index=False, name=None)) for place in range(len(others))]
    for index, *values in frame[list(columns)].dropna().itertuples(name=None):
        place = next((place for place, found in enumerate(known) if tuple(values[: place + 1]) not in found), None)
        if place is not None:
            yield index, place


def _instead(
    value: str, resource: Resource, column: str, frames: Mapping[str, pd.DataFrame], file: str, deal: str
) -> str:
    """What to do about a value that stands in no row of another file.

    It is the nearest one and, for originators, the line to paste.
    """
    target = resource.name
    aliases = _aliases(frames["originators"]) if target == "originators" else {}
    near = aliases.get(value) or _nearest(value, {str(item) for item in frames[target][column].dropna()}, aliases)
    fix = f"did you mean {near}? " if near else ""
    if target == "originators":
        names = (field.name for field in resource.fields)
        cells = ",".join((value if is_id(value) else "<id>") if name == column else f"<{name}>" for name in names)
        return f"{fix}A new originator needs a line in {file}: {cells}"
    if target == "priorities":
        return f"{fix}The priority of {deal} must stand in {file} with all its steps"
    return f"{fix}Every id must stand in {file}"


def _nearest(value: str, known: set[str], names: Mapping[str, str]) -> str | None:
    """The id whose id or name looks most like ``value``."""
    candidates = {id_: id_ for id_ in known} | {name.lower().replace(" ", "-"): id_ for name, id_ in names.items()}
    near = get_close_matches(value.lower().replace(" ", "-"), sorted(candidates), n=1)
    return candidates[near[0]] if near else None


def _aliases(originators: pd.DataFrame) -> dict[str, str]:
    """Every name and alias of a bank → its id."""
    names: dict[str, str] = {}
    for record in originators.dropna(subset=["originator"]).to_dict("records"):
        aliases = record["aliases"]
        every = [record[column] for column in originators.columns if CONTRACT["originators"].needs(column) is NAME]
        names.update(
            {
                str(name).strip(): str(record["originator"])
                for name in (*every, *(str(aliases).split(";") if isinstance(aliases, str) else []))
            }
        )
    return names
