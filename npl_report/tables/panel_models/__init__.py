"""Panel models of recovery: pooled least squares, fixed and random effects.

The panels are deals by half-year of age and originators by year of issue.

Source: METHODS, determinants (panel); estimation, its errors and its literature in ``stats.panel``. A coefficient that
fixed effects cannot identify is a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pandas as pd

from npl_report.model import Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.panel import Estimate, Panel, fixed, pooled, random
from npl_report.tables.panels import PANELS, panel_of, rows_of
from npl_report.tables.rows import Cell, Rows

MODELS = {"pooled": pooled, "fixed": fixed, "random": random}
PARTS: Mapping[str, tuple[Unit, int | None]] = {
    "estimate": (Unit.NUMBER, 4),
    "se": (Unit.NUMBER, 4),
    "p": (Unit.PROBABILITY, None),
}
"""Of an estimate: unit and decimals."""
COLUMNS = (
    Column("panel", Unit.TERM),
    *(Column(f"{model}_{part}", *PARTS[part], span=model) for model, part in product(MODELS, PARTS)),
)


def compute(panel_observations: Result) -> Result | Unavailable:
    """Rows: ``<panel>_<regressor>``, constants first. Standard errors clustered by entity."""
    panels = {key: panel_of(panel_observations, key) for key in PANELS}
    usable = {key: data for key, data in panels.items() if not isinstance(data, Unavailable)}
    if not usable:
        return next(data for data in panels.values() if isinstance(data, Unavailable))
    rows = Rows(COLUMNS)
    counts = []
    for key, data in panels.items():
        models = {name: data if isinstance(data, Unavailable) else fit(data) for name, fit in MODELS.items()}
        for row, regressor in rows_of(key).items():
            cells = {f"{name}_{part}": _cell(models[name], regressor, part) for name, part in product(MODELS, PARTS)}
            rows.add(row, panel=key, **cells)
            counts += [] if isinstance(data, Unavailable) else [_count(row, data)]
    return rows.result(pd.DataFrame(counts))


def _cell(model: Estimate | Unavailable, regressor: str, part: str) -> Cell:
    """A model's ``part`` of a regressor: its estimate, se or p.

    It is a gap for the model's reason, or for that for which the model does not hold the regressor.
    """
    if isinstance(model, Unavailable):
        return model
    if regressor in model.dropped:
        return Unavailable(model.dropped[regressor])
    return float(model.coefficients[part][regressor])


def _count(row: str, data: Panel) -> dict[str, str | int]:
    """A row's evidence: how much of the panel its coefficients rest on."""
    return {
        "row": row,
        "n_observations": len(data.columns),
        "n_entities": data.entities,
        "n_singletons": len(data.singletons),
    }


TABLE = ResearchTable(
    key="panel_models",
    rows=Unit.TERM,
    columns=COLUMNS,
    evidence=(
        Column("n_observations", Unit.COUNT),
        Column("n_entities", Unit.COUNT),
        Column("n_singletons", Unit.COUNT),
    ),
    compute=compute,
    sources=("study", "method"),
)
