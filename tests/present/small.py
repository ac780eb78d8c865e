"""Small hand-made tables for the charts of models, ready to be drawn in either language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from npl_report.model import Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.present.chartdata import ChartSource
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle
from npl_report.text.words import Words
from tests.helpers import tiny
from tests.helpers.market import names_of, words_of

GAP = Unavailable("no_variation")
WORDS = (
    "axis",
    "row",
    "column",
    "part",
    "interval",
    "above",
    "below",
    "within",
    "equal",
    "reference",
    "point",
    "panels.fitted",
    "panels.residuals",
    "panels.influence",
    "across",
    "done",
    "live",
    "risk",
    "panels.first",
    "panels.last",
)
"""The chart's own words: each says its own key."""


def numbers(language: str) -> NumberStyle:
    words = words_of(language)
    return NumberStyle({name: tree(words, name) for name in ("number", "unit", "date")}, words.source_file)


def tree(words: Words, section: str) -> dict[str, Any]:
    node: dict[str, Any] = {}
    for path in list(words.leaves()):
        head, *rest = path.split(".")
        if head == section:
            inner = node
            for part in rest[:-1]:
                inner = inner.setdefault(part, {})
            inner[rest[-1]] = words[path]
    return node


def result(columns: Sequence[Column], rows: Mapping[str, Sequence[float | str | None]]) -> Result:
    """A result whose empty cells have a reason."""
    frame = pd.DataFrame.from_dict(dict(rows), orient="index", columns=[column.key for column in columns])
    for column in columns:
        if column.unit not in (Unit.ASSET_TYPE, Unit.TERM):
            frame[column.key] = frame[column.key].astype(float)
    gaps = {(row, column.key): GAP for row in frame.index for column in columns if pd.isna(frame.at[row, column.key])}
    return Result(frame, pd.DataFrame({"row": []}), gaps)


def source(
    kind: str,
    unit: Unit,
    columns: Sequence[Column],
    rows: Mapping[str, Sequence[float | str | None]],
    language: str = "en",
    *,
    values: Sequence[str] = (),
    titles: Mapping[str, str] | None = None,
    deals: Mapping[str, str] | None = None,
    sort: bool = False,
    fewest: int = 1,
) -> ChartSource:
    """A table of these columns and rows with such a chart.

    ``values`` are by default all columns, whose titles are by default their keys.
    """
    chart = Chart(kind, tuple(values) or tuple(column.key for column in columns), sort=sort)
    table = ResearchTable("small", unit, tuple(columns), (), lambda: GAP, ("method",), chart)
    named = {column.key: (titles or {}).get(column.key, column.key) for column in columns}
    own: dict[str, Any] = {}
    for word in WORDS:
        *above, last = word.split(".")
        (own.setdefault(above[0], {}) if above else own)[last] = word
    words = Words({"columns": named, "short": named, "chart": own}, "small.toml")
    names = Names(deals or {}, {}, names_of(language), words_of(language))
    return ChartSource(
        table,
        result(columns, rows),
        names,
        numbers(language),
        words,
        tiny.edition().windows,
        lambda gap: gap.reason,
        words_of(language),
        fewest,
    )
