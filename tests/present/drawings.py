"""The charts of the tiny data and of the sample, and what is read off their specifications."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from npl_report.model import Chapter, Series
from npl_report.present.charts import specifications
from npl_report.present.localized import LocalizedEdition
from npl_report.tables import catalogue
from npl_report.text.words import Words
from tests.helpers import sampled, tiny
from tests.helpers.market import MARKET

Spec = dict[str, Any]
LANGUAGES = ("en", "zh")
DRAWN = sorted(key for key, table in catalogue(MARKET).items() if table.chart)


@cache
def localized(language: str, as_of: date = tiny.AS_OF) -> LocalizedEdition:
    series = Series("tiny", "", (Chapter("index", tuple(sorted(catalogue(MARKET))), (), note=True),))
    return LocalizedEdition(
        language,
        Words({}, "x"),
        tiny.chapters(index="Start"),
        series,
        tiny.edition(as_of),
        tiny.source(),
        tiny.data(as_of),
        tiny.results(as_of),
        [],
    )


@cache
def sample_localized(language: str, edition_id: str = "2021-12") -> LocalizedEdition:
    """The same on an edition of the sample, for tables that the tiny data are too few for."""
    series = Series("sample", "", (Chapter("index", tuple(sorted(catalogue(MARKET))), (), note=True),))
    source, edition, data, results = (
        sampled.source(),
        sampled.edition(edition_id),
        sampled.data(edition_id),
        sampled.results(edition_id),
    )
    return LocalizedEdition(
        language, Words({}, "x"), tiny.chapters(index="Start"), series, edition, source, data, results, []
    )


def drawn(table: str, language: str = "en") -> dict[str, Spec]:
    """The panels of a table, on the tiny data if they are enough."""
    source = localized(language).chart_source(table) or sample_localized(language).chart_source(table)
    source = source or sample_localized(language, "2025-12").chart_source(table)
    assert source
    return specifications(source, "What the chart shows.")


def panels(table: str, language: str = "en", as_of: date = tiny.AS_OF) -> dict[str, Spec]:
    source = localized(language, as_of).chart_source(table)
    assert source
    return specifications(source, "What the chart shows.")


def layers(spec: Spec) -> Iterator[Spec]:
    for layer in spec["layer"]:
        if "layer" in layer:
            yield from layers(layer)
        else:
            yield layer


def records(spec: Spec, mark: str, **wanted: object) -> list[Spec]:
    """The records of the only layer with that mark and these properties of it."""
    found = [
        layer
        for layer in layers(spec)
        if layer["mark"]["type"] == mark and all(layer["mark"].get(name) == value for name, value in wanted.items())
    ]
    assert len(found) == 1, f"{len(found)} layers of {mark} with {wanted}"
    data = found[0]["data"]
    return list(data["values"] if "values" in data else spec["datasets"][data["name"]])


def labels(spec: Spec) -> list[str]:
    """The names of the rows from top to bottom."""
    return next(
        layer["encoding"]["y"]["sort"]
        for layer in layers(spec)
        if layer.get("encoding", {}).get("y", {}).get("field") == "row"
    )


def domain(spec: Spec) -> list[float]:
    return next(
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in layers(spec)
        if "scale" in layer.get("encoding", {}).get("x", {})
    )
