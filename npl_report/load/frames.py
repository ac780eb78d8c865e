"""Rows of text → a typed frame in the units of the program, with every broken cell reported at its row and column."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import pandas as pd

from npl_report.load.cells import Told, Value, plain, read_cell
from npl_report.load.fields import Field
from npl_report.load.resources import Resource
from npl_report.load.units import Units, converted
from npl_report.model import CONTRACT, Problem, looks, nearest


def cell(frame: pd.DataFrame, index: Hashable, column: str) -> Any:
    """One value of a frame, whose type the caller knows from the column."""
    return frame.at[index, column]


def cell_problem(
    file: str, frame: pd.DataFrame, index: Hashable, column: str, value: str | None, rule: str, fix: str
) -> Problem:
    """What is wrong with a cell, told at the line of its row; ``value`` as the message shows it."""
    return Problem(file, int(cell(frame, index, "source_row")), column, value, rule, fix)


_MOST_DECIMALS = 12


def by_deal(facts: pd.Series, deals: pd.Series) -> pd.Series:
    """Of facts by deal, that of each row's deal; missing where there is none.

    Unlike ``Series.map`` it keeps the type where there is no row.
    """
    return facts.reindex(deals).set_axis(deals.index)


def typed_frame(raw: pd.DataFrame, resource: Resource, shown: str, problems: list[Problem]) -> pd.DataFrame:
    """Text → typed columns, with missing cells NaN/NaT; append every broken cell and constraint to ``problems``.

    The columns are those that the program reads, absent ones empty, and then those that are only described.
    """
    lines = raw["source_row"].tolist()
    typed: dict[str, pd.Series] = {}
    for field in (*resource.fields, *resource.absent):
        texts = raw[field.name].tolist() if field.name in raw else [""] * len(raw)
        cells = ["" if text in resource.missing else text for text in texts]
        found = {text: read_cell(text, field) for text in set(cells) - {""}}
        typed[field.name] = _series([found[text][0] if text else None for text in cells], field, raw.index)
        for number, (rule, fix) in chain(_in_cells(cells, found), _between_rows(cells, field, lines)):
            problems.append(Problem(shown, lines[number], field.name, texts[number], rule, fix))
    order = dict.fromkeys([*CONTRACT[resource.name].columns, *typed])
    frame = pd.DataFrame({name: typed[name] for name in order}).assign(source_row=raw["source_row"])
    for field in resource.fields:
        if field.need and field.need.unit_in:
            _row_units(frame, raw, field, field.need.unit_in, resource.units, shown, problems)
    for key in resource.keys:
        _key(frame, raw, key, shown, problems)
    return frame


def half_of_last(raw: pd.DataFrame, field: Field) -> pd.Series:
    """By how much a value of a column may be rounded, in the unit of the program, by deal.

    It is half of the last decimal that the column has in any row of the deal.
    """
    if field.name not in raw:
        return pd.Series(dtype=float)
    found = {text: _half(number, field) for text in raw[field.name].unique() if (number := plain(text, field))}
    return raw[field.name].map(found).astype(float).groupby(raw["deal"]).min().dropna()


def _half(number: str, field: Field) -> float:
    """Half of the last decimal that a number is written with, and never less than a float holds."""
    decimals = min(max(-int(Decimal(number).as_tuple().exponent), 0), _MOST_DECIMALS)
    return float(field.factor / (2 * 10**decimals))


def _series(values: list[Any], field: Field, index: pd.Index) -> pd.Series:
    if field.type == "date":
        days = pd.Series([value and value.isoformat() for value in values], index=index, dtype="str")
        return pd.to_datetime(days, format="%Y-%m-%d")
    return pd.Series(values, index=index, dtype="str" if field.type == "string" else "float64")


def _in_cells(
    cells: list[str], found: Mapping[str, tuple[Value | None, tuple[Told, ...]]]
) -> Iterator[tuple[int, Told]]:
    """(number of the row, what is wrong) for cells that are wrong by themselves."""
    broken = {text: wrong for text, (_, wrong) in found.items() if wrong}
    for number, text in enumerate(cells if broken else ()):
        yield from ((number, wrong) for wrong in broken.get(text, ()))


def _between_rows(cells: list[str], field: Field, lines: list[int]) -> Iterator[tuple[int, Told]]:
    """(number of the row, what is wrong) for cells that are missing, stand twice, or look like another one."""
    if not (field.unique or (field.need and field.need.name) or (field.required and "" in cells)):
        return
    seen: set[str] = set()
    alike: dict[str, tuple[str, int]] = {}
    for number, (text, line) in enumerate(zip(cells, lines, strict=True)):
        if not text:
            if field.required:
                yield number, ("must not be empty", "fill it in, or remove the row")
        elif field.unique and text in seen:
            yield number, ("must be unique", "remove the doubled record, or give it a name of its own")
        elif field.need and field.need.name:
            known, row = alike.setdefault(looks(text), (text, line))
            if row != line:
                fix = "give one of them another name; Unicode forms, capitals and blanks make no difference to a reader"
                yield number, (f"looks the same as {known!r} in row {row}", fix)
        seen.add(text)


def _row_units(
    frame: pd.DataFrame,
    raw: pd.DataFrame,
    field: Field,
    named_in: str,
    units: Units,
    shown: str,
    problems: list[Problem],
) -> None:
    """Values whose unit stands in their row → the program's units, in both columns."""
    for unit in frame[named_in].dropna().unique():
        rows = frame[named_in] == unit
        if unit not in units.names:
            fix = nearest(unit, units.names, "convert the value; one without a unit has the unit number")
            lines = raw.loc[rows, "source_row"]
            problems += [Problem(shown, int(line), named_in, unit, "there is no such unit", fix) for line in lines]
            continue
        into, factor = units.of_row(unit)
        numbers = raw.loc[rows & frame[field.name].notna(), field.name]
        if into != unit:
            frame.loc[numbers.index, field.name] = [converted(plain(text, field) or "", factor) for text in numbers]
            frame.loc[rows, named_in] = into


def _key(frame: pd.DataFrame, raw: pd.DataFrame, key: tuple[str, ...], shown: str, problems: list[Problem]) -> None:
    """No two rows hold the same in the columns of the key."""
    columns = list(key)
    doubled = frame.duplicated(columns)
    if not doubled.any():
        return
    first = frame.groupby(columns, dropna=False)["source_row"].transform("min")
    fix = "remove one of the two rows, or correct one of them"
    if "reported_on" in key:
        fix = "remove one of the two rows; a restated value needs a later reported_on"
    elif "vintage" in key:
        fix = "remove one of the two rows; another forecast of the deal needs a vintage of its own"
    for index in frame.index[doubled]:
        value = " / ".join(str(raw.at[index, name]) for name in key)
        rule = f"the key stands already in row {first[index]}"
        problems.append(cell_problem(shown, raw, index, ", ".join(key), value, rule, fix))


def latest(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Of several values of a record the one reported last, in the order of the key."""
    return frame.sort_values([*key, "reported_on"], kind="stable").drop_duplicates(list(key), keep="last")
