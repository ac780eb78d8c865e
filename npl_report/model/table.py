"""The research table: what it declares, and what computing it gives.

A table is one folder under ``npl_report/tables``: ``__init__.py`` with ``compute`` and ``TABLE``, and one ``<language>.toml`` a language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

from npl_report.model.errors import DefinitionError
from npl_report.model.terms import Unit

if TYPE_CHECKING:  # pandas is slow to import, and the command line's start needs only the declarations
    import pandas as pd

DEFAULT_DECIMALS: Mapping[Unit, int] = MappingProxyType(
    {Unit.RATE: 2, Unit.POINTS: 2, Unit.MULTIPLE: 2, Unit.MONEY: 2},
)
"""Decimals of the printed value (money: of 亿元). Units not named print none. Report I prints two for rates and money."""

ChartKind = Literal["bars", "stacked_bars", "progress", "dumbbell", "windows", "strip", "diverging"]


@dataclass(frozen=True)
class Column:
    """A declared column: its key is part of every number's identity ``table/row/column``.

    ``decimals`` overrides the unit's printed decimals.
    """

    key: str
    unit: Unit
    decimals: int | None = None

    @property
    def printed_decimals(self) -> int:
        """Decimals of the printed value."""
        return DEFAULT_DECIMALS.get(self.unit, 0) if self.decimals is None else self.decimals


@dataclass(frozen=True)
class Chart:
    """How a table is drawn, in terms of its own columns; ``present.charts`` knows how each kind looks.

    ``values`` are column keys; ``points`` says that the evidence is drawn, one mark a row, ``points`` being its column.
    """

    kind: ChartKind
    values: tuple[str, ...]
    points: str | None = None
    sort: bool = False


@dataclass(frozen=True)
class Unavailable:
    """A value that cannot be computed, and why. ``reason`` is a word key; needed and found are its numbers."""

    reason: str
    needed: float | None = None
    found: float | None = None


@dataclass(frozen=True)
class Result:
    """A computed table.

    ``frame``: index = row ids (str), columns exactly as declared, in the stored units of ``Unit``.
    ``evidence``: the rows behind each group; its column ``row`` holds the row id, the others are as declared.
    ``gaps``: for each missing cell (row id, column key) the reason; a missing cell without a reason is our bug.
    """

    frame: pd.DataFrame
    evidence: pd.DataFrame
    gaps: Mapping[tuple[str, str], Unavailable] = field(default_factory=dict)

    def number(self, row: str, column: str) -> float:
        """The stored number of a cell that is known to hold one."""
        return float(cast("float", self.frame.at[row, column]))

    def cell(self, row: str, column: str) -> float | Unavailable:
        """The stored number, or the reason why there is none."""
        return self.gaps.get((row, column)) or self.number(row, column)


@dataclass(frozen=True)
class ResearchTable:
    """The declaration of a table.

    ``rows`` says what its row ids are, and thereby how they are named; ``evidence`` declares the columns of the evidence after ``row``.
    ``upright`` prints columns as lines: for a table with few rows and many columns, which then fits a page and a phone.
    ``sources`` are keys of ``report/references.bib`` or ``method`` (our own choice, stated in the words).
    """

    key: str
    rows: Unit
    columns: tuple[Column, ...]
    evidence: tuple[Column, ...]
    compute: Callable[..., Result | Unavailable]
    sources: tuple[str, ...]
    chart: Chart | None = None
    upright: bool = False

    def __post_init__(self) -> None:
        for group in (self.columns, self.evidence):
            keys = [column.key for column in group]
            doubled = sorted({key for key in keys if keys.count(key) > 1})
            if doubled:
                raise DefinitionError(f"table {self.key}: column declared twice: {', '.join(doubled)}")
        if self.chart:
            known = {column.key for column in self.columns}
            missing = [key for key in self.chart.values if key not in known]
            if missing:
                raise DefinitionError(f"table {self.key}: the chart draws undeclared columns {', '.join(missing)}")
            if self.chart.points and self.chart.points not in {column.key for column in self.evidence}:
                raise DefinitionError(f"table {self.key}: the chart draws undeclared evidence {self.chart.points}")

    def column(self, key: str) -> Column:
        """The declared column of that key; KeyError if there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


def checked(table: ResearchTable, result: Result | Unavailable) -> Result | Unavailable:
    """Return ``result`` if it is as ``table`` declares; raise DefinitionError where code and declaration have drifted apart."""
    if isinstance(result, Unavailable):
        return result
    declared = [column.key for column in table.columns]
    if list(result.frame.columns) != declared:
        raise DefinitionError(f"table {table.key}: columns {list(result.frame.columns)} are not as declared {declared}")
    if not result.frame.index.is_unique:
        raise DefinitionError(f"table {table.key}: row ids are not unique")
    expected = ["row", *(column.key for column in table.evidence)]
    if list(result.evidence.columns) != expected:
        raise DefinitionError(f"table {table.key}: evidence {list(result.evidence.columns)} is not as declared {expected}")
    strangers = set(result.evidence["row"]) - set(result.frame.index)
    if strangers:
        raise DefinitionError(f"table {table.key}: evidence for unknown rows {sorted(strangers)}")
    rows, columns = result.frame.isna().to_numpy().nonzero()
    empty = {(str(result.frame.index[int(row)]), declared[int(column)]) for row, column in zip(rows, columns, strict=True)}
    for row, key in sorted(empty ^ set(result.gaps)):
        raise DefinitionError(f"table {table.key}: cell {row}/{key} is empty without a reason, or has a reason and a value")
    return result
