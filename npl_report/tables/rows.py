"""Building a table's result: row by row, and the reasons of its gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from npl_report.model import Column, DefinitionError, Result, Unavailable

Cell = float | int | str | Unavailable


class Rows:
    """Collects rows; a cell may be ``Unavailable`` and then is a gap with its reason."""

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self._keys = [column.key for column in columns]
        self._cells: dict[str, list[object]] = {}
        self._gaps: dict[tuple[str, str], Unavailable] = {}

    def add(self, row: str, /, **cells: Cell) -> None:
        """Add a row; its cells are named by column, all of them. DefinitionError if the row is there already."""
        if row in self._cells:
            raise DefinitionError(f"row {row} is added twice")
        self._cells[row] = [np.nan if isinstance(cells[key], Unavailable) else cells[key] for key in self._keys]
        self._gaps.update({(row, key): cell for key, cell in cells.items() if isinstance(cell, Unavailable)})

    def result(self, evidence: pd.DataFrame) -> Result:
        """The table, with ``evidence`` (column ``row`` and the declared ones) in its declared order of rows."""
        frame = pd.DataFrame.from_dict(self._cells, orient="index", columns=self._keys)
        return Result(frame, evidence.reset_index(drop=True), self._gaps)


def forecast_gaps(frame: pd.DataFrame, keys: Sequence[str]) -> dict[tuple[str, str], Unavailable]:
    """The missing cells of ``keys``, the first being the forecast: there is none, or it is nought up to the date."""
    none, nought = Unavailable("no_forecast", needed=1, found=0), Unavailable("nothing_forecast", needed=1, found=0)
    absent = frame[keys[0]].isna()
    return {(str(row), key): none if absent[row] else nought for row, key in missing(frame, keys)}


def missing(frame: pd.DataFrame, keys: Iterable[str]) -> Iterator[tuple[Any, str]]:
    """(row, key) of every cell of some columns that is empty, column by column."""
    for key in keys:
        yield from ((row, key) for row in frame.index[frame[key].isna()])
