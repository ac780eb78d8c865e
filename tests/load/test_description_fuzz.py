"""Whatever is done to datapackage.json, the answer is the same figures or a message.

Done are mutations of the description of the tiny data. A mutation deletes, doubles, renames, replaces or retypes any
node of the JSON. It may be refused. If it is accepted, the frames are those of the description as it was, but for the
few properties that say what the cells mean.
"""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from npl_report.load.data import read_source
from npl_report.load.package import Package, read_package
from npl_report.model import InputError, Problem
from tests.helpers import tiny
from tests.helpers.market import MARKET

MEANING = {"unit", "missingValues"}
"""Properties with which the same cells are other values."""
VALUES = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2.5,
    1e308,
    10**400,
    "",
    " ",
    "a",
    "[",
    "deal",
    "CNY",
    "%Y-%m-%d",
    "2020-02-30",
    "\u202e",
    "x" * 5000,
    [],
    {},
    [None],
    ["deal"],
    ["", "-"],
    {"a": 1},
    [[]],
)
"""What a node is replaced by, besides by another node of the description."""

Place = tuple[str | int, ...]
"""Where a node stands: keys and indices from the top."""


def places(node: Any, so_far: Place = ()) -> Iterator[Place]:
    """Every node below this one."""
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield (*so_far, key)
        yield from places(node[key], (*so_far, key))


def retyped(value: Any) -> Any:
    """The same in another type of JSON."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return list(value.items()) if isinstance(value, dict) else {str(number): item for number, item in enumerate(value)}


def mutated(text: str, every: list[Place], dice: random.Random) -> tuple[dict[str, Any], str]:
    """The description with one change, and the change in words."""
    package = json.loads(text)
    place, other = dice.choice(every), dice.choice(every)
    node = reduce(getitem, place[:-1], package)
    found = copy.deepcopy(reduce(getitem, other, package))  # a copy: a node must not come to hold itself
    key, value, kind = (
        place[-1],
        node[place[-1]],
        dice.choice(("delete", "double", "rename", "replace", "retype", "another")),
    )
    new: Any = None
    if kind == "delete":
        del node[key]
    elif kind == "double" and isinstance(node, list):
        node.insert(key, copy.deepcopy(value))
    elif kind in ("double", "rename") and isinstance(node, dict):
        new = dice.choice((f"{key}s", key[:-1], key.upper(), str(other[-1])))
        node[new] = node.pop(key) if kind == "rename" else value
    else:
        new = node[key] = retyped(value) if kind == "retype" else found if kind == "another" else dice.choice(VALUES)
    return package, f"{kind} {'.'.join(map(str, place))} = {str(value)[:60]!r} → {str(new)[:60]!r}"


def reading(package: Package) -> str:
    """All that the frames depend on."""
    plain = [
        replace(item, description={}, fields=tuple(replace(field, description={}) for field in item.fields))
        for item in package.resources
    ]
    return repr(sorted(plain, key=lambda item: item.name))


def texts(package: Package) -> Iterator[object]:
    """What pages print of the description."""
    yield from (package.licence, *package.title.values(), *(package.notice or {}).values())
    for item in package.resources:
        for part in (item, *item.fields):
            yield from part.description.values()


def problems(folder: Path, known: set[str], change: str) -> tuple[Problem, ...]:
    """What is told of the description; if it is nothing, the figures are compared, once for each way to read them."""
    try:
        package = read_package(folder / "datapackage.json", MARKET.currency)
        way = reading(package)
        frames = {} if way in known else read_source(folder).frames
    except InputError as error:
        return error.problems
    assert all(isinstance(text, str) for text in texts(package)), change
    if not MEANING & set(change.partition(" = ")[0].split(".")):
        known.add(way)
        for name, frame in frames.items():
            pd.testing.assert_frame_equal(frame, tiny.source().frames[name], obj=change)
    return ()


@pytest.mark.parametrize("mutations", [500, pytest.param(2000, marks=pytest.mark.whole)])
def test_a_mutation_of_the_description_is_refused_or_changes_no_figure(mutations: int, tmp_path: Path):
    folder = tiny.write(tmp_path)
    path = folder / "datapackage.json"
    text = path.read_text(encoding="utf-8")
    every, dice = list(places(json.loads(text))), random.Random(20200317)  # noqa: S311 -- the same dice in every run
    known, outcomes = {reading(read_package(path, MARKET.currency))}, Counter[bool]()
    for _ in range(mutations):
        package, change = mutated(text, every, dice)
        path.write_text(json.dumps(package), encoding="utf-8")
        try:
            told = problems(folder, known, change)
        except Exception as error:
            raise AssertionError(change) from error
        assert all(problem.rule and problem.fix and len(str(problem)) < 2000 for problem in told), change
        outcomes[bool(told)] += 1
    assert min(outcomes.values()) > mutations / 10, outcomes
