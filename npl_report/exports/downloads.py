"""Results → CSV and JSON, in the digits that are stored (``model.stored``).

They have ids instead of words, so that a program reads the same file in every language.
"""

from __future__ import annotations

from npl_report.compare.recorded import csv_bytes, header
from npl_report.model import ResearchTable, Result, Unavailable
from npl_report.text.numbers import raw


def table_csv(table: ResearchTable, result: Result | Unavailable) -> bytes:
    """The table: a column ``row`` and one per declared column; gaps are empty.

    An unavailable table has its head alone: its JSON and the data package say why.
    """
    head = ["row", *(header(column) for column in table.columns)]
    if isinstance(result, Unavailable):
        return csv_bytes(head, [])
    return csv_bytes(
        head,
        [
            [str(row), *(raw(result.frame.at[row, column.key]) for column in table.columns)]
            for row in result.frame.index
        ],
    )


def evidence_csv(table: ResearchTable, result: Result | Unavailable) -> bytes:
    """The rows behind the table."""
    head = ["row", *(header(column) for column in table.evidence)]
    if isinstance(result, Unavailable):
        return csv_bytes(head, [])
    columns = [[raw(value) for value in result.evidence[key]] for key in result.evidence.columns]
    return csv_bytes(head, [list(cells) for cells in zip(*columns, strict=True)])
