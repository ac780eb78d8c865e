"""Tables as they are recorded: a table's numbers as JSON and CSV, and the numbers of a JSON.

They have the digits that are stored (``model.stored``).

What an edition has published is read back by the same code that writes it, so that nothing but the numbers can differ.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from npl_report.model import Column, DefinitionError, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.tables.withheld import REASONS
from npl_report.text.numbers import raws


@dataclass(frozen=True)
class Gap:
    """A cell without a value, and why."""

    reason: str


Value = float | int | str | Gap | None
"""A stored number (in the unit of its column), a text or ISO date, a gap; None where there is no such cell."""
Cells = Mapping[tuple[str, str], Value]
"""(row, column) → value of one table."""


_UNIT_SUFFIX: Mapping[Unit, str] = {
    Unit.RATE: "fraction",
    Unit.POINTS: "fraction",
    Unit.MULTIPLE: "times",
    Unit.MONTHS: "months",
    Unit.DAYS: "days",
}


def stored_unit(column: Column, currency: str) -> str:
    """The unit in which a column is stored, such as ``eur_mn``; empty for what is counted or named."""
    return f"{currency.lower()}_mn" if column.unit is Unit.MONEY else _UNIT_SUFFIX.get(column.unit, "")


def header(column: Column, currency: str) -> str:
    """``issuance [eur_mn]``: key and stored unit; ``currency``: the code of that of the market."""
    suffix = stored_unit(column, currency)
    return f"{column.key} [{suffix}]" if suffix else column.key


def table_json(
    table: ResearchTable, result: Result | Unavailable, edition: Edition, notice: Mapping[str, str] | None
) -> bytes:
    """The table with its declaration: edition, columns with units, rows by id, reasons of gaps."""
    content: dict[str, object] = {
        "table": table.key,
        "edition": edition.id,
        "revision": edition.revision,
        "as_of": edition.as_of.isoformat(),
        "notice": dict(notice) if notice else None,
        "columns": [
            {
                "key": column.key,
                "unit": column.unit.value,
                "stored_in": stored_unit(column, edition.market.currency.code),
                "decimals": column.printed_decimals,
            }
            for column in table.columns
        ],
    }
    if isinstance(result, Unavailable):
        content["unavailable"] = {"reason": result.reason, "needed": result.needed, "found": result.found}
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
    begun = json.dumps(content, ensure_ascii=False, indent=1).removesuffix("\n}")
    gaps = {f"{row}/{key}": gap.reason for (row, key), gap in result.gaps.items()}
    last = json.dumps(gaps, ensure_ascii=False, indent=1).replace("\n", "\n ")
    return f'{begun},\n "rows": {_rows(table, result.frame)},\n "gaps": {last}\n}}\n'.encode()


_INFINITE = frozenset({"inf", "-inf"})
"""What JSON has no number for, and no table."""


def _rows(table: ResearchTable, frame: pd.DataFrame) -> str:
    """The rows as ``json.dumps`` writes them with an indent of one, which takes it three times as long."""
    columns = []
    for column in table.columns:
        texts = raws(frame[column.key])
        if column.numeric and not _INFINITE.isdisjoint(texts):
            raise DefinitionError(f"table {table.key}: an infinite value in {column.key}")
        quoted = {} if column.numeric else {text: json.dumps(text, ensure_ascii=False) for text in set(texts)}
        columns.append([quoted.get(text, text) if text else "null" for text in texts])
    cells = ",\n".join(f"   {json.dumps(column.key)}: {{}}" for column in table.columns)
    row = f"  {{}}: {{{{\n{cells}\n  }}}}".format
    ids = (json.dumps(str(id_), ensure_ascii=False) for id_ in frame.index)
    rows = ",\n".join(map(row, ids, *columns))
    return f"{{\n{rows}\n }}" if rows else "{}"


def csv_bytes(head: list[str], rows: Iterable[list[str]]) -> bytes:
    """A CSV file after RFC 4180."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()


def withheld(download: bytes) -> bool:
    """Whether a table's JSON download says that nothing of it is published."""
    return json.loads(download).get("unavailable", {}).get("reason") in REASONS


def closed(value: Value) -> bool:
    """Whether it is a number that is not published."""
    return isinstance(value, Gap) and value.reason in REASONS


def cells_of(download: bytes) -> dict[tuple[str, str], Value]:
    """The cells of a table's JSON download; none if the table is unavailable."""
    content = json.loads(download)
    gaps = content.get("gaps", {})
    found: dict[tuple[str, str], Value] = {}
    for row, cells in content.get("rows", {}).items():
        for column, value in cells.items():
            found[row, column] = Gap(gaps.get(f"{row}/{column}", "")) if value is None else value
    return found
