"""One file of ``data/`` → a typed frame, with every broken cell reported at its row and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Hashable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from npl_report.load.package import Field, Resource
from npl_report.model import Problem

_FIRST_ROW = 2  # the header is line 1
_ALIKE = 0.85  # of two file names: a letter more or less, but not another file with the same ending
_UNSAFE = r"[\x00-\x1f\x7f<>`{}\[\]*|$\\@^~]"
"""In text cells: control characters, and signs that markdown or HTML would take for markup. Names are printed in both."""
_TYPE_RULES = {
    "number": ("must be a number", "write plain digits with a decimal point, without thousands separators or units"),
    "integer": ("must be a whole number", "write plain digits"),
    "date": ("must be a date of the form YYYY-MM-DD", "write it as in 2020-03-17, and check that the day exists"),
}
_TOO_MUCH = {"fraction": "check the unit: rates are fractions, so that 50 per cent is 0.5"}
"""Unit → what to do about a value beyond its maximum, where it is most often the unit that is wrong."""


def cell(frame: pd.DataFrame, index: Hashable, column: str) -> Any:
    """One value of a frame, whose type the caller knows from the column."""
    return frame.at[index, column]


def read_raw(folder: Path, resource: Resource, problems: list[Problem]) -> pd.DataFrame | None:
    """Read a resource as text, empty cells being ``""``; append what is wrong to ``problems``. None if it cannot be read at all.

    ``source_row`` is the line of the file (for Parquet: the record number + 1).
    """
    shown = f"{folder.name}/{resource.path}"
    path = folder / resource.path
    if not path.is_file():
        others = get_close_matches(resource.path, [item.name for item in folder.iterdir()], n=1, cutoff=_ALIKE) if folder.is_dir() else []
        hint = f"rename {others[0]}, or " if others else ""
        problems.append(Problem(shown, rule="the file is missing", fix=f"{hint}put the file there, or change its path in datapackage.json"))
        return None
    raw = _parquet(path) if path.suffix == ".parquet" else _csv(path, shown, problems)
    return raw if raw is not None and _columns_fit(raw, resource, shown, problems) else None


def typed_frame(raw: pd.DataFrame, resource: Resource, shown: str, problems: list[Problem]) -> pd.DataFrame:
    """Text → typed columns, with missing cells NaN/NaT; append every broken cell and constraint to ``problems``."""
    typed: dict[str, pd.Series] = {}
    for field in resource.fields:
        typed[field.name] = _typed(raw[field.name], field, shown, raw["source_row"], problems)
    frame = pd.DataFrame(typed)
    frame["source_row"] = raw["source_row"]
    for field in resource.fields:
        _constraints(frame, raw, field, shown, problems)
    _key(frame, raw, resource.primary_key, shown, problems)
    return frame


def _csv(path: Path, shown: str, problems: list[Problem]) -> pd.DataFrame | None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        fix = "save the file as UTF-8 (in Excel: “CSV UTF-8”)"
        problems.append(Problem(shown, line, rule="the file is not UTF-8", fix=fix))
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1  # line on which the record begins that is being read
    try:
        header = [name.strip() for name in next(reader, [])]
        start = reader.line_num + 1
        for record in reader:
            start = reader.line_num + 1
            if not any(cell.strip() for cell in record):
                continue
            if len(record) != len(header):
                rule = f"the row has {len(record)} cells, the header {len(header)}"
                problems.append(Problem(shown, reader.line_num, rule=rule, fix="quote cells that hold commas; give every row the same number of cells"))
                continue
            rows.append([cell.strip() for cell in record])
            lines.append(reader.line_num)
    except csv.Error as error:
        problems.append(Problem(shown, start, rule=f"not valid CSV: {error}", fix="look for an unclosed quotation mark in the record that begins there"))
        return None
    if len(header) == 1 and re.search(r"[;\t|]", header[0]):
        problems.append(Problem(shown, 1, rule="the cells are not separated by commas", fix="save the file as comma-separated CSV (in Excel: “CSV UTF-8”)"))
        return None
    if not any(header):
        problems.append(Problem(shown, rule="the file is empty", fix="restore it; its first line names the columns"))
        return None
    if len(set(header)) != len(header):
        doubled = sorted({name for name in header if header.count(name) > 1})
        problems.append(Problem(shown, 1, rule=f"the header names {', '.join(doubled)} twice", fix="keep one of them"))
        return None
    frame = pd.DataFrame(rows, columns=header, dtype="str")
    frame["source_row"] = np.asarray(lines, dtype=np.int64)
    return frame


def _parquet(path: Path) -> pd.DataFrame:
    table = pd.read_parquet(path)
    for name in table.columns:
        column = table[name]
        text = column.dt.strftime("%Y-%m-%d") if pd.api.types.is_datetime64_any_dtype(column) else column.map(str, na_action="ignore")
        table[name] = text.fillna("").astype("str")
    table["source_row"] = np.arange(len(table), dtype=np.int64) + _FIRST_ROW
    return table


def _columns_fit(raw: pd.DataFrame, resource: Resource, shown: str, problems: list[Problem]) -> bool:
    known = [field.name for field in resource.fields]
    found = [name for name in raw.columns if name != "source_row"]
    missing = [name for name in known if name not in found]
    required = {field.name for field in resource.fields if field.required}
    for name in missing:
        near = get_close_matches(name, [item for item in found if item not in known], n=1)
        empty = "" if name in required else "; its cells may be empty"
        fix = f"rename the column {near[0]}" if near else f"add the column{empty}; datapackage.json says what it holds"
        problems.append(Problem(shown, 1, name, rule="the column is missing", fix=fix))
    for name in found:
        if name not in known and not (missing and get_close_matches(name, missing, n=1)):
            problems.append(Problem(shown, 1, name, rule="the column is not described", fix="remove it, or describe it in datapackage.json"))
    return not missing


def _typed(text: pd.Series, field: Field, shown: str, lines: pd.Series, problems: list[Problem]) -> pd.Series:
    empty = text == ""
    if field.type == "string":
        unsafe = text.str.contains(_UNSAFE)
        _report(unsafe, text, field.name, shown, lines, "holds a character that pages cannot print as it stands", "leave out line breaks and the signs < > ` { } [ ] * | $ \\ @ ^ ~", problems)
        return text.mask(empty)
    values: pd.Series
    if field.type == "date":
        values = pd.to_datetime(text.where(text.str.fullmatch(r"\d{4}-\d{2}-\d{2}")), format="%Y-%m-%d", errors="coerce")
        bad = values.isna() & ~empty
    else:
        values = pd.to_numeric(text.mask(empty), errors="coerce").astype("float64")
        bad = (values.isna() & ~empty) | np.isinf(values)
        if field.type == "integer":
            bad |= values.notna() & (values % 1 != 0)
    rule, fix = _TYPE_RULES[field.type]
    _report(bad, text, field.name, shown, lines, rule, fix, problems)
    return values.mask(bad)


def _report(bad: pd.Series, text: pd.Series, column: str, shown: str, lines: pd.Series, rule: str, fix: str, problems: list[Problem]) -> None:
    for index in bad.index[bad]:
        problems.append(Problem(shown, int(lines[index]), column, str(text.at[index]), rule, fix))


def _constraints(frame: pd.DataFrame, raw: pd.DataFrame, field: Field, shown: str, problems: list[Problem]) -> None:
    values, text, lines = frame[field.name], raw[field.name], raw["source_row"]

    def report(bad: pd.Series, rule: str, fix: str) -> None:
        _report(bad, text, field.name, shown, lines, rule, fix, problems)

    if field.required:
        report(text == "", "must not be empty", "fill it in, or remove the row")
    present = values.notna()
    if field.enum:
        report(present & ~values.isin(field.enum), f"must be one of {', '.join(field.enum)}", "correct the spelling")
    if field.pattern:
        wrong = present & ~text.map(lambda cell: re.fullmatch(field.pattern or "", cell) is not None).astype(bool)
        report(wrong, f"must match {field.pattern}", "see the column's description in datapackage.json")
    unit = f" ({field.unit})" if field.unit else ""
    low = present & (values < field.minimum) if field.minimum is not None else present & False
    high = present & (values > field.maximum) if field.maximum is not None else present & False
    if field.minimum is not None:
        report(low, f"must be at least {field.minimum}{unit}", "check sign and unit against the source document")
    if field.maximum is not None:
        report(high, f"must be at most {field.maximum}{unit}", _TOO_MUCH.get(field.unit, "check the value and its unit against the source document"))
    if field.unique:
        report(present & values.duplicated(), "must be unique", "remove the doubled record, or give it a name of its own")
    if (low | high).any():  # told here; rules across columns and files would only tell its consequences
        frame[field.name] = values.mask(low | high)


def _key(frame: pd.DataFrame, raw: pd.DataFrame, key: tuple[str, ...], shown: str, problems: list[Problem]) -> None:
    if not key:
        return
    for index in frame.index[frame.duplicated(list(key))]:
        value = " / ".join(str(raw.at[index, name]) for name in key)
        same = (raw[list(key)] == raw.loc[index, list(key)]).all(axis=1)
        first = int(raw.loc[same, "source_row"].min())
        line = int(cell(raw, index, "source_row"))
        fix = "remove one of the two rows; a restated value needs a later reported_on" if "reported_on" in key else "remove one of the two rows, or correct one of them"
        problems.append(Problem(shown, line, ", ".join(key), value, f"the key stands already in row {first}", fix))
