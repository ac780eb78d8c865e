"""The research table: what it declares, and what computing it gives.

A table is one folder under ``npl_report/tables``: ``__init__.py`` with ``compute`` and ``TABLE``, and one
``<language>.toml`` a language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from npl_report.model.errors import DefinitionError
from npl_report.model.stored import stored, stored_all
from npl_report.model.terms import WORD_UNITS, Unit

if TYPE_CHECKING:  # pandas is slow to import, and the command line's start needs only the declarations
    import pandas as pd

DEFAULT_DECIMALS: Mapping[Unit, int] = MappingProxyType(
    {Unit.RATE: 2, Unit.POINTS: 2, Unit.MULTIPLE: 2, Unit.MONEY: 2, Unit.NUMBER: 3, Unit.PROBABILITY: 3},
)
"""Decimals of the printed value (money: of hundreds of millions). Units not named print none. Report I prints two for
rates and money."""


@dataclass(frozen=True)
class Column:
    """A declared column: its key is part of every number's identity ``table/row/column``.

    ``decimals`` overrides the unit's printed decimals. ``span`` puts adjacent columns under a common head
    (``spans.<span>`` of the words; under it ``short.<key>`` is the column's own head). ``shown`` is False for what
    the row's name already says, or what only downloads have room for. ``optional`` columns are left out of print
    where no row has a value, those that count where all are nought; downloads hold them. ``total``: a sum, or a share
    of one, which few deals do not make uncertain; groups of fewer than an edition ranks are ranked by such columns
    alone. ``count``: the column that says of how many deals this one is, where it is not the table's first that
    counts deals.
    """

    key: str
    unit: Unit
    decimals: int | None = None
    span: str = ""
    shown: bool = True
    optional: bool = False
    total: bool = False
    count: str = ""

    @property
    def printed_decimals(self) -> int:
        """Decimals of the printed value."""
        return DEFAULT_DECIMALS.get(self.unit, 0) if self.decimals is None else self.decimals

    @property
    def numeric(self) -> bool:
        """Whether it holds numbers: neither names nor dates."""
        return self.unit not in WORD_UNITS and self.unit is not Unit.DATE


@dataclass(frozen=True)
class Chart:
    """How a table is drawn, in terms of its own columns; ``present.charts`` knows how each kind looks.

    ``values`` are column keys, in the order that the kind wants; ``points`` says that the evidence is
    drawn, one mark a row, ``points`` being its column. ``sort`` orders the rows by what they show, highest first.
    ``breaks`` is the table of the breaks of level that the chart marks, where an edition has it.
    """

    kind: str
    values: tuple[str, ...]
    points: str | None = None
    sort: bool = False
    breaks: str | None = None


@dataclass(frozen=True)
class Unavailable:
    """A value that cannot be computed, and why. ``reason`` is a word key; needed and found are its numbers."""

    reason: str
    needed: float | None = None
    found: float | None = None


@dataclass(frozen=True, kw_only=True)
class Withheld(Unavailable):
    """A table that was computed, and of which no row may be published.

    ``kinds``: its rows without ids and figures, to be counted.
    """

    reason: str
    kinds: pd.DataFrame = field(compare=False)


@dataclass(frozen=True)
class Result:
    """A computed table.

    ``frame``: index = row ids (str), columns exactly as declared, in the stored units of ``Unit``.
    ``evidence``: the rows behind each group; its column ``row`` holds the row id, the others are as declared.
    ``gaps``: for each missing cell (row id, column key) the reason; a missing cell without a reason is our bug.
    ``withheld``: the evidence is there, and not published (``tables.withheld``).
    """

    frame: pd.DataFrame
    evidence: pd.DataFrame
    gaps: Mapping[tuple[str, str], Unavailable] = field(default_factory=dict)
    withheld: bool = False

    def number(self, row: str, column: str) -> float:
        """The stored number of a cell that is known to hold one."""
        return float(cast("float", self.frame.at[row, column]))

    def cell(self, row: str, column: str) -> float | Unavailable:
        """The stored number, or the reason why there is none."""
        return self.gaps.get((row, column)) or self.number(row, column)

    def filled(self, column: str, *, nought: bool = True) -> bool:
        """Whether a row has a value in the column; ``nought`` says whether 0 is one."""
        values = self.frame[column].items()
        return any((str(row), column) not in self.gaps and (nought or value != 0) for row, value in values)


@dataclass(frozen=True)
class ResearchTable:
    """The declaration of a table.

    ``rows`` says what its row ids are, and thereby how they are named; ``evidence`` declares the columns of the
    evidence after ``row``. ``upright`` prints columns as lines: for a table with few rows and many columns, which
    then fits a page and a phone. ``subject`` is the column that names what a row is about where its id does not: with
    another subject its numbers are other numbers, not changed ones. ``linked``: figures follow from one another, or
    rest on fewer deals than stand behind their row, so that nothing of it is published where a file behind it is
    restricted. ``row_decimals``: what is printed of the numbers of a row that is measured in a unit of its own, in
    columns that declare no decimals. ``sources`` are keys of ``report/<language>/references.bib`` or ``method`` (our
    own choice, stated in the words).
    """

    key: str
    rows: Unit
    columns: tuple[Column, ...]
    evidence: tuple[Column, ...]
    compute: Callable[..., Result | Unavailable]
    sources: tuple[str, ...]
    chart: Chart | None = None
    upright: bool = False
    subject: str = ""
    linked: bool = False
    row_decimals: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if wrong := {column.count for column in self.columns if column.count} - {column.key for column in self.columns}:
            raise DefinitionError(f"table {self.key}: no columns to count by: {', '.join(sorted(wrong))}")
        for group in (self.columns, self.evidence):
            keys = [column.key for column in group]
            doubled = sorted({key for key in keys if keys.count(key) > 1})
            if doubled:
                raise DefinitionError(f"table {self.key}: column declared twice: {', '.join(doubled)}")
        if self.chart:
            self._check_chart(self.chart)

    def _check_chart(self, chart: Chart) -> None:
        """Whether the chart draws what the table declares; what its kind needs is ``present.charts``' to know."""
        known = {column.key for column in self.columns}
        if missing := [key for key in chart.values if key not in known]:
            raise DefinitionError(f"table {self.key}: the chart draws undeclared columns {', '.join(missing)}")
        if chart.points and all(column.key != chart.points for column in self.evidence):
            raise DefinitionError(f"table {self.key}: the chart draws undeclared evidence {chart.points}")

    @property
    def printed(self) -> tuple[Column, ...]:
        """The columns that a page may print; downloads hold all."""
        return tuple(column for column in self.columns if column.shown)

    def printed_of(self, result: Result) -> tuple[Column, ...]:
        """The columns that a page prints of a result: an optional one only where a row has a value (a count: but 0)."""

        def told(column: Column) -> bool:
            return result.filled(column.key, nought=column.unit not in (Unit.DEALS, Unit.COUNT))

        return tuple(column for column in self.printed if not column.optional or told(column))

    def counted(self, key: str) -> str:
        """The column that says of how many deals the figures of a column are; empty without one."""
        first = next((column.key for column in self.columns if column.unit is Unit.DEALS), "")
        return self.column(key).count or first

    def printed_as(self, row: str, column: Column) -> Column:
        """The column as it prints in a row: with the decimals that the row's own unit wants."""
        own = self.row_decimals.get(row) if column.unit is Unit.NUMBER and column.decimals is None else None
        return column if own is None else replace(column, decimals=own)

    def column(self, key: str) -> Column:
        """The declared column of that key; KeyError if there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


def checked(table: ResearchTable, result: Result | Unavailable) -> Result | Unavailable:
    """``result`` with its numbers as they are stored, if it is as ``table`` declares.

    Raise DefinitionError where code and declaration have drifted apart.
    """
    if isinstance(result, Unavailable):
        return result
    if not isinstance(result, Result):
        raise DefinitionError(f"table {table.key}: compute gives a {type(result).__name__}, not a Result")
    declared = [column.key for column in table.columns]
    if list(result.frame.columns) != declared:
        raise DefinitionError(f"table {table.key}: columns {list(result.frame.columns)} are not as declared {declared}")
    if not result.frame.index.is_unique:
        raise DefinitionError(f"table {table.key}: row ids are not unique")
    expected = ["row", *(column.key for column in table.evidence)]
    if list(result.evidence.columns) != expected:
        raise DefinitionError(
            f"table {table.key}: evidence {list(result.evidence.columns)} is not as declared {expected}"
        )
    for column in table.columns:
        odd = [value for value in result.frame[column.key] if isinstance(value, str)] if column.numeric else []
        if odd:
            raise DefinitionError(f"table {table.key}: column {column.key} is declared as numbers, holds {odd[0]!r}")
    strangers = set(result.evidence["row"]) - set(result.frame.index)
    if strangers:
        raise DefinitionError(f"table {table.key}: evidence for unknown rows {sorted(strangers)}")
    rows, columns = result.frame.isna().to_numpy().nonzero()
    empty = {
        (str(result.frame.index[int(row)]), declared[int(column)]) for row, column in zip(rows, columns, strict=True)
    }
    for row, key in sorted(empty ^ set(result.gaps)):
        raise DefinitionError(
            f"table {table.key}: cell {row}/{key} is empty without a reason, or has a reason and a value"
        )
    return replace(result, frame=_kept(result.frame, table.columns), evidence=_kept(result.evidence, table.evidence))


def _kept(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """The frame with the numbers of its declared columns as they are stored."""
    return frame.assign(**{column.key: _stored(frame[column.key], column.unit) for column in columns if column.numeric})


def _stored(values: pd.Series, unit: Unit) -> pd.Series:
    import pandas as pd

    if values.dtype == "float64":
        return pd.Series(stored_all(values.to_numpy(), unit), values.index)
    return values.map(lambda value: stored(value, unit) if isinstance(value, float) else value)
