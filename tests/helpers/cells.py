"""What cells of a table hold."""

from __future__ import annotations

import pandas as pd

from npl_report.model import Column, Unit
from npl_report.model.terms import WORD_UNITS


def assert_of_unit(found: pd.Series, column: Column) -> None:
    """The values of a column, gaps apart: ids, dates or finite numbers, as its unit says."""
    if column.unit in WORD_UNITS:
        assert found.map(lambda value: isinstance(value, str)).all(), column.key
    elif column.unit is Unit.DATE:
        assert pd.api.types.is_datetime64_any_dtype(found), column.key
    elif not found.empty:
        assert pd.api.types.is_numeric_dtype(found.infer_objects()), column.key
        assert (found.astype(float).abs() < float("inf")).all(), column.key
