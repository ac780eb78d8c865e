"""Values → hashes of their content, by which what was made from them is found again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from npl_report.files.hashing import digest
from npl_report.model import Result, Withheld

_NUMBERS = "biufM"
"""Kinds of columns of which the bytes are hashed; of others the texts."""


def mark(*parts: Any) -> str:
    """The hash of plain values; mappings count whatever their order."""
    plain = [sorted(part.items()) if isinstance(part, Mapping) else part for part in parts]
    return digest(repr(plain).encode())


def mark_of(value: Any) -> str:
    """The hash of a frame, a computed table, or a value that tells all of itself."""
    if isinstance(value, pd.DataFrame):
        columns = [(name, str(value[name].dtype), _of_column(value[name])) for name in value.columns]
        return mark(value.index.name, _of_column(value.index.to_series()), columns)
    if isinstance(value, Result):
        return mark(mark_of(value.frame), mark_of(value.evidence), list(value.gaps.items()), value.withheld)
    if isinstance(value, Withheld):
        return mark(value.reason, mark_of(value.kinds))
    return mark(value)


def _of_column(column: pd.Series) -> str:
    if isinstance(column.array, pd.arrays.NumpyExtensionArray | pd.arrays.DatetimeArray) and (
        column.dtype.kind in _NUMBERS
    ):
        return digest(column.to_numpy().tobytes())
    return digest(repr(column.tolist()).encode())
