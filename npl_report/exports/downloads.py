"""Results → CSV and JSON, in the digits that are stored (``model.stored``).

They have ids instead of words, so that a program reads the same file in every language.
"""

from __future__ import annotations

from npl_report.compare.recorded import csv_bytes, header
from npl_report.model import ResearchTable, Result, Unavailable
from npl_report.text.numbers import raws


def table_csv(table: ResearchTable, result: Result | Unavailable, currency: str) -> bytes:
    """The table: a column ``row`` and one per declared column; gaps are empty. ``currency``: its code.

    An unavailable table has its head alone: its JSON and the data package say why.
    """
    head = ["row", *(header(column, currency) for column in table.columns)]
    if isinstance(result, Unavailable):
        return csv_bytes(head, [])
    columns = [raws(result.frame[column.key]) for column in table.columns]
    return csv_bytes(head, map(list, zip(map(str, result.frame.index), *columns, strict=True)))


def evidence_csv(table: ResearchTable, result: Result | Unavailable, currency: str) -> bytes:
    """The rows behind the table."""
    head = ["row", *(header(column, currency) for column in table.evidence)]
    if isinstance(result, Unavailable):
        return csv_bytes(head, [])
    columns = [raws(result.evidence[key]) for key in result.evidence.columns]
    return csv_bytes(head, map(list, zip(*columns, strict=True)))
