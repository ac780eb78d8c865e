"""What a chart draws, as plain records.

They hold the same strings that the table prints, and positions in the language's printed unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width

import pandas as pd

from npl_report.model import (
    TOTAL,
    Chart,
    Column,
    DefinitionError,
    ResearchTable,
    Result,
    Unavailable,
    Unit,
    Window,
    by_value,
)
from npl_report.present import theme
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle, half_up
from npl_report.text.words import Words

_NOT_DRAWN = (TOTAL, "mean")


@dataclass(frozen=True)
class ChartSource:
    """One table in one language, ready to be drawn.

    ``reason`` says in words why a cell is empty; ``words`` are the table's own, ``program`` those of the
    program; ``fewest``: deals that a row needs to be ranked; ``breaks``: asset type → the last year before a break of
    level and the first after it.
    """

    table: ResearchTable
    result: Result
    names: Names
    numbers: NumberStyle
    words: Words
    windows: Mapping[str, Window]
    reason: Callable[[Unavailable], str]
    program: Words
    fewest: int = 1
    breaks: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def chart(self) -> Chart:
        """The declaration; DefinitionError if the table has none."""
        if self.table.chart is None:
            raise DefinitionError(f"table {self.table.key} declares no chart")
        return self.table.chart

    def rows(self, kind: str | None = None) -> list[str]:
        """Row ids that are drawn, not totals and means: all, or in a table of pairs those of one asset type."""
        return [
            str(row)
            for row in self.result.frame.index
            if row not in _NOT_DRAWN and (kind is None or str(row).startswith(f"{kind}-"))
        ]

    @property
    def deals(self) -> int:
        """How many deals a chart of single deals shows: those of the evidence, of a column, or the rows themselves."""
        if self.chart.points:
            return int(self.result.evidence["deal"].nunique())
        return int(self.result.frame["deal"].nunique()) if "deal" in self.result.frame else len(self.rows())

    def falling(self, rows: Sequence[str], column: str) -> list[str]:
        """The rows from the highest figure of a column down, equal ones by id; those without a figure last."""
        gaps = self.result.gaps
        figures = {row: float("-inf") if (row, column) in gaps else self.result.number(row, column) for row in rows}
        return by_value(figures, falling=True)

    def ranked(self, rows: Sequence[str], column: str) -> tuple[list[str], list[str]]:
        """The rows of enough deals, as ``falling``, and the others; none are others if no row has enough."""
        counted = self.table.counted(column)
        thin = [row for row in rows if counted and 0 < self.result.number(row, counted) < self.fewest]
        firm = [row for row in rows if row not in thin]
        return (self.falling(firm, column), thin) if firm else (self.falling(rows, column), [])

    def others(self, rows: Sequence[str]) -> dict[str, str]:
        """What the place of rows is called that are not ranked: they share one, if they are several."""
        together = str(self.program["chart.others"]).format(n=len(rows))
        return {row: together if rows[1:] else self.label(row) for row in rows}

    @property
    def asset_types(self) -> tuple[str, ...]:
        """The asset types that the edition reports."""
        return tuple(self.windows)

    def colour(self, kind: str) -> str:
        """Colour of an asset type: that of its place. KeyError for one that the edition does not report."""
        return dict(zip(self.asset_types, theme.CLASS_COLOURS, strict=False))[kind]

    def ink(self, kind: str) -> str:
        """The same hue for text and thin lines."""
        return dict(zip(self.asset_types, theme.CLASS_INKS, strict=False))[kind]

    def kinds(self) -> list[str]:
        """The asset types of a table of pairs that have a row."""
        return [kind for kind in self.asset_types if self.rows(kind)]

    def label(self, row: str) -> str:
        """A row's name; of a pair only its second part, because the panel names the type."""
        if self.table.rows is not Unit.PAIR:
            return self.names.name(self.table.rows, row)
        banks = any(column.unit is Unit.ORIGINATOR for column in self.table.columns)
        return self.names.name(Unit.ORIGINATOR if banks else Unit.TERM, row.partition("-")[2])

    def title(self, column: str) -> str:
        """A column's name, as keys and tooltips give it."""
        return str(self.words[f"columns.{column}"])

    def short(self, column: str) -> str:
        """A column's name under its common head, or else its name."""
        return str(self.words[f"short.{column}"]) if self.table.column(column).span else self.title(column)

    def word(self, name: str) -> str:
        """One of the chart's own words."""
        return str(self.words[f"chart.{name}"])

    @property
    def total(self) -> str:
        """What the sum of a stack is called."""
        return self.names.name(self.table.rows, TOTAL)

    def axis(self, column: str, title: str | None = None) -> str:
        """Axis title: the chart's own words, or those given, and the unit of a column."""
        return self.with_unit(self.word("axis") if title is None else title, self.table.column(column).unit)

    def with_unit(self, text: str, unit_of: Unit) -> str:
        """A text and a unit in the brackets of its script."""
        unit = self.numbers.head(unit_of)
        wide = any(east_asian_width(sign) == "W" for sign in text)
        return text if not unit else f"{text}（{unit}）" if wide else f"{text} ({unit})"

    def span(self, low: float, high: float, unit: Unit) -> str:
        """A range of whole numbers with its unit."""
        return self.numbers.style(unit).text.format(f"{low:g}–{high:g}")

    def ticks_with_unit(self, column: str) -> str:
        """Expression for the labels of an axis whose ticks carry the unit as cells do."""
        style = self.numbers.style(self.table.column(column).unit)
        before, _, after = style.cell.partition("{}")
        return f"'{before}' + datum.label + '{after}'"

    def shown(self, field: str, column: Column) -> str:
        """Expression that prints a field with rounded figures as the table's cells do.

        It is for data too many to carry their text.
        """
        style = self.numbers.style(column.unit)
        before, _, after = style.cell.partition("{}")
        return f"'{before}' + format(datum.{field}, ',.{max(0, column.printed_decimals + style.shift)}f') + '{after}'"

    def position(self, value: float, column: Column) -> float:
        """The value in its printed unit, unrounded but for the noise of a double."""
        return float(f"{value * self.numbers.style(column.unit).scale:.10g}")

    def rounded(self, values: Iterable[float], column: Column) -> list[float]:
        """The figures rounded as they are printed."""
        style = self.numbers.style(column.unit)
        return [float(half_up(value * style.scale, max(0, column.printed_decimals + style.shift))) for value in values]

    def long(self, columns: Sequence[str], rows: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """One record per row (by default all that are drawn) and column that has a value.

        It holds id, row, measure, at (position) and text.
        """
        records = []
        for row in self.rows() if rows is None else rows:
            for key in columns:
                if (row, key) in self.result.gaps:
                    continue
                column = self.table.column(key)
                value = self.result.number(row, key)
                records.append(
                    {
                        "id": row,
                        "row": self.label(row),
                        "measure": self.title(key),
                        "key": key,
                        "at": self.position(value, column),
                        "text": self.numbers.cell(value, column),
                    }
                )
        return records

    def texts(self, column: str, rows: Sequence[str]) -> dict[str, str]:
        """Row → the printed figure of a column, where there is one."""
        return {record["id"]: record["text"] for record in self.long((column,), rows)}

    def blanks(self, columns: Sequence[str], rows: Sequence[str]) -> list[dict[str, str]]:
        """The rows without a value in any of the columns: row, and the reason of the first."""
        empty = [row for row in rows if all((row, key) in self.result.gaps for key in columns)]
        return [{"row": self.label(row), "text": self.reason(self.result.gaps[row, columns[0]])} for row in empty]

    def points(self, column_key: str, rows: Sequence[str]) -> list[dict[str, Any]]:
        """One record per evidence row behind the rows: id, row, deal, at, text."""
        column = next(item for item in self.table.evidence if item.key == column_key)
        evidence = self.result.evidence
        records = []
        for item in evidence.loc[evidence["row"].isin(rows)].to_dict("records"):
            value = item[column_key]
            if pd.isna(value):
                continue
            row = str(item["row"])
            text = self.numbers.cell(float(value), column)
            records.append(
                {
                    "id": row,
                    "row": self.label(row),
                    "deal": self.names.name(Unit.DEAL, str(item["deal"])),
                    "at": self.position(float(value), column),
                    "text": text,
                }
            )
        return records
