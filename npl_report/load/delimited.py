"""A file of delimited text → its records as they stand in it, each with the line on which it begins.

What is wrong with such a file is told in one way, be it data or a list of the user's.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from npl_report.load.described import CODECS
from npl_report.model import Problem

STANDARD: Mapping[str, Any] = {
    "delimiter": ",",
    "quoteChar": '"',
    "escapeChar": None,
    "doubleQuote": True,
    "skipInitialSpace": False,
}
"""How CSV files are written if nothing else is said, by the names that a data package has for it."""


@dataclass(frozen=True)
class Record:
    """``cells`` have the blanks that stand around them."""

    line: int
    cells: Sequence[str]


def read_records(
    content: bytes,
    shown: str,
    problems: list[Problem],
    *,
    encoding: str = "utf-8",
    dialect: Mapping[str, Any] = STANDARD,
    described: str = "",
) -> list[Record] | None:
    """All records, the header first; None, and ``problems`` say why, if they cannot be told from each other.

    ``described``: the file that may say another encoding or delimiter, if there is one.
    """
    text = _decoded(content, encoding, shown, problems, described)
    records = None if text is None else _records(text, dialect, shown, problems)
    header = records[0].cells if records else []
    if len(header) == 1 and (found := re.search(r"[;\t|,]", header[0].strip())):
        by = "commas" if dialect["delimiter"] == "," else repr(dialect["delimiter"])
        fix = "save the file as comma-separated CSV (in Excel: “CSV UTF-8”)"
        also = f", or say its delimiter in {described}: {found[0]!r}" if described else ""
        problems.append(Problem(shown, 1, rule=f"the cells are not separated by {by}", fix=fix + also))
        return None
    return records


def full(records: Iterable[Record], columns: int, shown: str, problems: list[Problem]) -> list[Record]:
    """Those with a cell for each column; empty ones are passed over, ragged ones told."""
    found = []
    for record in records:
        if not any(cell.strip() for cell in record.cells):
            continue
        if len(record.cells) == columns:
            found.append(record)
        else:
            rule = f"the row has {len(record.cells)} cells, the header {columns}"
            fix = "quote cells that hold commas; give every row the same number of cells"
            problems.append(Problem(shown, record.line, rule=rule, fix=fix))
    return found


def _decoded(content: bytes, encoding: str, shown: str, problems: list[Problem], described: str) -> str | None:
    try:
        return content.decode(CODECS[encoding])
    except UnicodeDecodeError as error:
        fix = "save the file as UTF-8 (in Excel: “CSV UTF-8”)"
        also = f", or say its encoding in {described}: gb18030, utf-16" if described else ""
        line = content[: error.start].count(b"\n") + 1
        problems.append(Problem(shown, line, rule=f"the file is not {encoding.upper()}", fix=fix + also))
        return None


def _records(text: str, dialect: Mapping[str, Any], shown: str, problems: list[Problem]) -> list[Record] | None:
    reader = csv.reader(
        io.StringIO(text, newline=""),
        strict=True,
        delimiter=dialect["delimiter"],
        quotechar=dialect["quoteChar"],
        escapechar=dialect["escapeChar"],
        doublequote=dialect["doubleQuote"],
        skipinitialspace=dialect["skipInitialSpace"],
    )
    line = 1
    records: list[Record] = []
    try:
        for cells in reader:
            records.append(Record(line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        fix = "look for an unclosed quotation mark in the record that begins there"
        problems.append(Problem(shown, line, rule=f"not valid CSV: {error}", fix=fix))
        return None
    return records
