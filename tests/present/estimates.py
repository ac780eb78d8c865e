"""Small results of models as charts draw them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from npl_report.model import Column, Unit
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts import specifications
from tests.present import small

Spec = dict[str, Any]
LANGUAGES = ("en", "zh")
ESTIMATES = tuple(Column(key, Unit.NUMBER) for key in ("estimate", "low", "high"))
EFFECTS = {
    "issuance": (0.25, 0.125, 0.375),  # wholly above zero
    "n_loans": (-0.5, -0.75, -0.25),  # wholly below
    "wa_overdue": (0.125, -0.25, 0.5),  # zero lies within
    "senior_share": (0.25, 0.0, 0.5),  # zero is an end, so not left out
    "secured_share": (None, None, None),
    "const": (9.0, 8.0, 10.0),
}
EIGENVALUES = tuple(Column(key, Unit.NUMBER) for key in ("eigenvalue", "random", "limit"))
COMPONENTS = {
    "1": (2.0, 1.5, 1.0),
    "2": (1.5, 1.25, 1.0),
    "3": (1.45, 1.1, 1.0),
    "4": (1.43, 1.0, 1.0),
    "5": (0.5, 0.75, 1.0),
}
TRIO = ("issuance", "n_loans", "wa_overdue")
MATRIX = {"issuance": (1.0, 0.5, -0.71), "n_loans": (0.5, 1.0, None), "wa_overdue": (-0.71, None, 1.0)}
FIT = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("observed", Unit.RATE),
    Column("fitted", Unit.RATE),
    Column("residual", Unit.POINTS),
    *(Column(key, Unit.NUMBER) for key in ("leverage", "studentized", "cook")),
)
DEALS = {
    "d1": ("mortgage", 0.5, 0.4, 0.1, 0.1, 1.0, 0.02),
    "d2": ("mortgage", 0.3, 0.4, -0.1, 0.2, -1.0, 0.01),
    "d3": ("unsecured", 0.2, 0.1, 0.1, 0.1, 1.0, 0.04),
    "d4": ("unsecured", 0.1, 0.2, -0.1, 0.4, -2.0, 0.5),
    "d5": ("unsecured", None, 0.2, None, 0.1, None, None),
}


def effects(language: str = "en", *, sort: bool = False) -> ChartSource:
    return small.source("coefficients", Unit.REGRESSOR, ESTIMATES, EFFECTS, language, sort=sort)


def eigenvalues(language: str = "en") -> ChartSource:
    return small.source("scree", Unit.TERM, EIGENVALUES, COMPONENTS, language)


def matrix(language: str = "en") -> ChartSource:
    return small.source("heatmap", Unit.REGRESSOR, [Column(key, Unit.NUMBER) for key in TRIO], MATRIX, language)


def loadings(
    names: Sequence[str], rows: dict[str, Sequence[float | None]] | None = None, titles: dict[str, str] | None = None
) -> ChartSource:
    columns = [Column(name, Unit.NUMBER, optional=True, span="factor") for name in names]
    return small.source("heatmap", Unit.REGRESSOR, columns, rows or {"issuance": [0.5] * len(names)}, titles=titles)


def fitted(language: str = "en") -> ChartSource:
    names = {deal: f"Tiny {deal.upper()}" for deal in DEALS}
    return small.source("fit", Unit.DEAL, FIT, DEALS, language, values=[column.key for column in FIT[1:]], deals=names)


SOURCES = {"coefficients": effects, "scree": eigenvalues, "heatmap": matrix, "fit": fitted}


def panel(source: ChartSource, name: str = "") -> Spec:
    return specifications(source, "x")[name]


def layers(spec: Spec) -> Iterator[Spec]:
    for layer in spec["layer"]:
        yield from layers(layer) if "layer" in layer else (layer,)


def found(spec: Spec, mark: str, **wanted: object) -> list[list[Spec]]:
    """The records of every layer with that mark and these properties of it."""
    chosen = [
        layer
        for layer in layers(spec)
        if layer["mark"]["type"] == mark and all(layer["mark"].get(name) == value for name, value in wanted.items())
    ]
    return [
        layer["data"].get("values") or spec.get("datasets", {}).get(layer["data"].get("name"), []) for layer in chosen
    ]


def scale(spec: Spec, channel: str) -> list[float]:
    return next(
        layer["encoding"][channel]["scale"]["domain"]
        for layer in layers(spec)
        if "scale" in layer.get("encoding", {}).get(channel, {})
    )
