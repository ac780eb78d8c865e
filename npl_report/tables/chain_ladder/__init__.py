"""Age-to-age factors of each asset type, and the growth curve beside them: what the projections rest on.

Source: Mack (1993); see ``stats.chainladder``, ``stats.growth`` and ``tables.projections``. Insurers reserve by such
factors; that rows are deals, columns ages and that liquidated deals leave is ours.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import Ages, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.growth import Curve
from npl_report.tables.projections import MINIMUM, Models, book, models, standing, triangle
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("age", Unit.MONTHS),
    Column("n_deals", Unit.DEALS),
    Column("factor", Unit.NUMBER, decimals=4),
    Column("factor_error", Unit.NUMBER, decimals=4),
    Column("sigma", Unit.NUMBER, decimals=4),
    Column("share", Unit.RATE),
    Column("mean_recovery", Unit.RATE),
    Column("curve_recovery", Unit.RATE),
)


def compute(
    deals: pd.DataFrame,
    collections: pd.DataFrame,
    forecasts: pd.DataFrame,
    asset_types: tuple[str, ...],
    ages: Ages,
    edition: Edition,
) -> Result | Unavailable:
    """Rows: ``<type>-<age>m``, the age from which a factor carries on, by the step of the edition.

    Types with fewer than three deals observed to the second age are left out.
    """
    of = book(deals, collections, forecasts, ages, edition.as_of)
    known = standing(of, pd.Timestamp(edition.as_of))
    by = models(of, known) if len(of.columns) > 1 else {}
    levels = triangle(of, known)
    rows, evidence = Rows(COLUMNS), []
    found: Unavailable | None = None
    for kind in asset_types:
        model = by.get(kind, Unavailable("too_few_deals", needed=MINIMUM, found=0))
        if isinstance(model, Unavailable):
            found = found if found is not None and (found.found or 0) >= (model.found or 0) else model
            continue
        _add(rows, kind, model, of.columns)
        evidence.append(_evidence(kind, model, levels.loc[known["asset_type"] == kind]))
    return rows.result(pd.concat(evidence)) if evidence else found or Unavailable("no_deals", needed=1, found=0)


def _add(rows: Rows, kind: str, model: Models, columns: np.ndarray) -> None:
    """The rows of a type."""
    steps = model.steps
    to_end = np.cumprod(steps.factors[::-1])[::-1]
    none = Unavailable("nothing_collected")
    for step in range(steps.steps):
        age, factor = float(columns[step]), float(steps.factors[step])
        curve = float(model.curve.at(np.array([age]))[0]) if isinstance(model.curve, Curve) else model.curve
        there = not np.isnan(factor)
        error = float(np.sqrt(steps.variances[step] / steps.volumes[step])) if there else none
        rows.add(
            f"{kind}-{age:g}m",
            asset_type=kind,
            age=int(age),
            n_deals=int(steps.counts[step]),
            factor=factor if there else none,
            factor_error=error,
            sigma=float(np.sqrt(steps.variances[step])),
            share=1 / float(to_end[step]) if not np.isnan(to_end[step]) else none,
            mean_recovery=float(model.means[step]),
            curve_recovery=curve,
        )


def _evidence(kind: str, model: Models, levels: pd.DataFrame) -> pd.DataFrame:
    """The deals behind each factor: what they had collected at the age and at the next."""
    before, after = (levels.iloc[:, start : start + model.steps.steps] for start in (0, 1))
    ages = [f"{kind}-{age:g}m" for age in before.columns]
    pairs = pd.DataFrame(
        {
            "row": np.tile(ages, len(levels)),
            "deal": np.repeat(levels.index.to_numpy(), len(ages)),
            "cumulative": before.to_numpy(dtype=float).ravel(),
            "next_cumulative": after.to_numpy(dtype=float).ravel(),
        }
    ).dropna()
    return pairs.sort_values("row", key=lambda of: of.map(ages.index), kind="stable")


TABLE = ResearchTable(
    key="chain_ladder",
    linked=True,
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("cumulative", Unit.MONEY),
        Column("next_cumulative", Unit.MONEY),
    ),
    compute=compute,
    sources=("mack1993", "method"),
)
