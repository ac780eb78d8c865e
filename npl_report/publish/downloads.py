"""Results → CSV and JSON, in the digits that are stored (``model.stored``), with ids instead of words, so that a program reads the same file in every language."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping

import pandas as pd

from npl_report.model import Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.text.numbers import raw

_UNIT_SUFFIX: Mapping[Unit, str] = {Unit.MONEY: "cny_mn", Unit.RATE: "fraction", Unit.POINTS: "fraction", Unit.MULTIPLE: "times", Unit.MONTHS: "months", Unit.DAYS: "days"}


def stored_unit(column: Column) -> str:
    """The unit in which a column is stored, such as ``cny_mn``; empty for what is counted or named."""
    return _UNIT_SUFFIX.get(column.unit, "")


def header(column: Column) -> str:
    """``issuance [cny_mn]``: key and stored unit."""
    suffix = stored_unit(column)
    return f"{column.key} [{suffix}]" if suffix else column.key


def table_csv(table: ResearchTable, result: Result | Unavailable) -> bytes:
    """The table: a column ``row`` and one per declared column; gaps are empty. An unavailable table has its head alone: its JSON and the data package say why."""
    head = ["row", *(header(column) for column in table.columns)]
    if isinstance(result, Unavailable):
        return csv_bytes(head, [])
    return csv_bytes(head, [[str(row), *(raw(result.frame.at[row, column.key]) for column in table.columns)] for row in result.frame.index])


def evidence_csv(table: ResearchTable, result: Result | Unavailable) -> bytes:
    """The rows behind the table."""
    head = ["row", *(header(column) for column in table.evidence)]
    if isinstance(result, Unavailable):
        return csv_bytes(head, [])
    columns = [[raw(value) for value in result.evidence[key]] for key in result.evidence.columns]
    return csv_bytes(head, [list(cells) for cells in zip(*columns, strict=True)])


def table_json(table: ResearchTable, result: Result | Unavailable, edition: Edition, notice: Mapping[str, str] | None) -> bytes:
    """The table with its declaration: edition, columns with units, rows by id, reasons of gaps."""
    content: dict[str, object] = {
        "table": table.key,
        "edition": edition.id,
        "revision": edition.revision,
        "as_of": edition.as_of.isoformat(),
        "notice": dict(notice) if notice else None,
        "columns": [{"key": column.key, "unit": column.unit.value, "stored_in": stored_unit(column), "decimals": column.printed_decimals} for column in table.columns],
    }
    if isinstance(result, Unavailable):
        content["unavailable"] = {"reason": result.reason, "needed": result.needed, "found": result.found}
    else:
        content["rows"] = {str(row): {column.key: _plain(result.frame.at[row, column.key]) for column in table.columns} for row in result.frame.index}
        content["gaps"] = {f"{row}/{key}": gap.reason for (row, key), gap in result.gaps.items()}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(value: object) -> object:
    text = raw(value)
    if text == "" or isinstance(value, str | pd.Timestamp):
        return text or None
    return json.loads(text)


def csv_bytes(head: list[str], rows: Iterable[list[str]]) -> bytes:
    """A CSV file after RFC 4180."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()
