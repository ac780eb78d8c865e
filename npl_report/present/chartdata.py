"""What a chart draws, as plain records: the same strings that the table prints, and positions in the language's printed unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from npl_report.model import TOTAL, Column, ResearchTable, Result
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle
from npl_report.text.words import Words

_NOT_DRAWN = (TOTAL, "mean")


@dataclass(frozen=True)
class ChartSource:
    """One table in one language, ready to be drawn."""

    table: ResearchTable
    result: Result
    names: Names
    numbers: NumberStyle
    words: Words

    def rows(self) -> list[str]:
        """Row ids that are drawn: not totals and means."""
        return [str(row) for row in self.result.frame.index if row not in _NOT_DRAWN]

    def label(self, row: str) -> str:
        """A row's name."""
        return self.names.name(self.table.rows, row)

    def title(self, column: str) -> str:
        """A column's name, as legends and tooltips give it."""
        return str(self.words[f"columns.{column}"])

    def axis(self, *columns: str) -> str:
        """Axis title: the chart's own words and the unit that the columns share."""
        unit = self.numbers.head(self.table.column(columns[0]).unit)
        title = str(self.words["chart.axis"])
        return f"{title} ({unit})" if unit and unit.isascii() else f"{title}（{unit}）" if unit else title

    def position(self, value: float, column: Column) -> float:
        """The value in its printed unit, unrounded but for the noise of a double."""
        return float(f"{value * self.numbers.style(column.unit).scale:.10g}")

    def long(self, columns: tuple[str, ...]) -> list[dict[str, Any]]:
        """One record per drawn row and column that has a value: id, row, measure, at (position), text."""
        records = []
        for row in self.rows():
            for key in columns:
                if (row, key) in self.result.gaps:
                    continue
                column = self.table.column(key)
                value = self.result.number(row, key)
                records.append({"id": row, "row": self.label(row), "measure": self.title(key), "key": key, "at": self.position(value, column), "text": self.numbers.cell(value, column)})
        return records

    def points(self, column_key: str) -> list[dict[str, Any]]:
        """One record per evidence row: id, row, deal, at, text."""
        column = next(item for item in self.table.evidence if item.key == column_key)
        records = []
        for item in self.result.evidence.to_dict("records"):
            value = item[column_key]
            if pd.isna(value):
                continue
            deal = self.names.name(next(c.unit for c in self.table.evidence if c.key == "deal"), str(item["deal"]))
            at = self.position(float(value), column)
            records.append({"id": item["row"], "row": self.label(str(item["row"])), "deal": deal, "at": at, "text": self.numbers.cell(float(value), column)})
        return records
