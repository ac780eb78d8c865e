"""One file of ``data/``, CSV or Parquet → rows of text as they stand in it, each with its line."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from npl_report.load.delimited import full, read_records
from npl_report.load.resources import Resource
from npl_report.model import Problem

Reader = Callable[[bytes, Resource, str, list[Problem]], pd.DataFrame | None]
"""Content, description, shown name and problems → rows of text with their ``source_row``; None if it is unreadable."""
READERS: dict[str, Reader] = {}
"""By format (``formats.FORMATS``)."""
_FIRST_ROW = 2  # the header is line 1
_PYARROW = "pip install 'npl-report[parquet]' (in a clone: pip install -e '.[parquet]'), or save the table as CSV"
_ALIKE = 0.85  # of two file names: a letter more or less, but not another file with the same ending


def reader(name: str) -> Callable[[Reader], Reader]:
    """Register a function as the reader of a format."""

    def register(read: Reader) -> Reader:
        READERS[name] = read
        return read

    return register


def read_raw(folder: Path, resource: Resource, problems: list[Problem]) -> pd.DataFrame | None:
    """Read a resource as text, empty cells being ``""``; append what is wrong to ``problems``.

    The answer is None if it cannot be read at all. ``source_row`` is the line on which a row begins (for Parquet: the
    record number + 1).
    """
    shown = f"{folder.name}/{resource.path}"
    content = _content(folder, resource, shown, problems)
    if content is None:
        return None
    raw = READERS[resource.format](content, resource, shown, problems)
    return raw if raw is not None and _columns_fit(raw, resource, shown, problems) else None


def _content(folder: Path, resource: Resource, shown: str, problems: list[Problem]) -> bytes | None:
    """The bytes of the file, if they are those that the description promises."""
    try:
        content = (folder / resource.path).read_bytes()
    except OSError as error:
        there = [item.name for item in folder.iterdir()] if folder.is_dir() else []
        others = get_close_matches(resource.path, there, n=1, cutoff=_ALIKE)
        fix = (
            f"{f'rename {others[0]}, or ' if others else ''}put the file there, or change its path in datapackage.json"
        )
        missing = isinstance(error, FileNotFoundError)
        rule = "the file is missing" if missing else f"the file cannot be read: {error.strerror}"
        problems.append(Problem(shown, rule=rule, fix=fix))
        return None
    name, _, digest = resource.hash.rpartition(":")
    found = hashlib.new(name or "md5", content, usedforsecurity=False).hexdigest()
    fix = "look who changed it; correct bytes and hash in datapackage.json, or take them out"
    if resource.bytes is not None and len(content) != resource.bytes:
        problems.append(
            Problem(
                shown,
                value=f"{len(content)} bytes",
                rule=f"must have {resource.bytes} bytes, as datapackage.json says",
                fix=fix,
            )
        )
    elif digest and digest != found:
        problems.append(
            Problem(shown, value=found, rule=f"must have the hash {resource.hash}, as datapackage.json says", fix=fix)
        )
    return content


@reader("csv")
def _csv(content: bytes, resource: Resource, shown: str, problems: list[Problem]) -> pd.DataFrame | None:
    records = read_records(
        content,
        shown,
        problems,
        encoding=resource.encoding,
        dialect=resource.dialect,
        described="datapackage.json",
    )
    if records is None:
        return None
    header = [name.strip() for name in records[0].cells] if records else []
    if not _header_fits(header, shown, problems):
        return None
    rows = full(records[1:], len(header), shown, problems)
    cells = [[cell.strip() for cell in row.cells] for row in rows]
    frame = pd.DataFrame(cells, columns=header, dtype="str")
    frame["source_row"] = np.asarray([row.line for row in rows], dtype=np.int64)
    return frame


def _header_fits(header: list[str], shown: str, problems: list[Problem]) -> bool:
    """Whether the first line names columns."""
    doubled = sorted({name for name in header if header.count(name) > 1})
    if not any(header):
        problems.append(Problem(shown, rule="the file is empty", fix="restore it; its first line names the columns"))
    elif doubled:
        problems.append(Problem(shown, 1, rule=f"the header names {', '.join(doubled)} twice", fix="keep one of them"))
    return any(header) and not doubled


@reader("parquet")
def _parquet(content: bytes, _: Resource, shown: str, problems: list[Problem]) -> pd.DataFrame | None:
    try:
        from pyarrow import ArrowException
    except ImportError:
        problems.append(Problem(shown, rule="Parquet is read by pyarrow, which is not installed", fix=_PYARROW))
        return None
    try:
        table = pd.read_parquet(io.BytesIO(content))
    except (ArrowException, OSError, ValueError) as error:
        problems.append(
            Problem(shown, rule=f"not valid Parquet: {str(error).splitlines()[0]}", fix="write the file again")
        )
        return None
    for name in table.columns:
        column = table[name]
        days = pd.api.types.is_datetime64_any_dtype(column)
        if days and (column.dt.tz is not None or (column.dropna() != column.dropna().dt.normalize()).any()):
            rule = f"holds points of time in {column.dt.tz or 'no zone'}, not days"
            problems.append(
                Problem(
                    shown,
                    None,
                    str(name),
                    rule=rule,
                    fix="write days: which day a point of time falls on depends on the zone",
                )
            )
            return None
        text = column.dt.strftime("%Y-%m-%d") if days else column.astype(object).map(str, na_action="ignore")
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
            problems.append(
                Problem(
                    shown,
                    1,
                    name,
                    rule="the column is not described",
                    fix="remove it, or describe it in datapackage.json",
                )
            )
    return not missing
