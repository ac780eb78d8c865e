"""What live deals are expected to recover until their forecasts end: by chain ladder, by a curve, by the circular.

Source: Mack (1993) for the chain ladder and its standard error; see ``tables.projections``. That a deal is carried to
the end of its offering circular's forecast, or as far as factors of three live deals of its type reach, is ours.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from npl_report.model import TOTAL, Ages, Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.chainladder import interval
from npl_report.stats.growth import Curve
from npl_report.tables.projections import MINIMUM, Book, Models, ahead, book, models, standing
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("n_left_out", Unit.DEALS, optional=True),
    Column("collected", Unit.MONEY, total=True),
    Column("offering", Unit.MONEY, span="to_come", total=True),
    Column("chain", Unit.MONEY, span="to_come", total=True),
    Column("chain_error", Unit.MONEY, span="to_come"),
    Column("curve", Unit.MONEY, span="to_come", total=True),
    Column("difference", Unit.RATE, span="against"),
    Column("low_difference", Unit.RATE, span="against"),
    Column("high_difference", Unit.RATE, span="against"),
    Column("curve_difference", Unit.RATE, span="against"),
    Column("curve_limit", Unit.RATE, shown=False),
    Column("curve_scale", Unit.MONTHS, decimals=1, shown=False),
    Column("curve_shape", Unit.NUMBER, shown=False),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("age", Unit.MONTHS, decimals=1),
    Column("cumulative", Unit.MONEY),
    Column("until", Unit.MONTHS, decimals=1),
    Column("offering", Unit.MONEY),
    Column("chain", Unit.MONEY),
    Column("chain_error", Unit.MONEY),
    Column("curve", Unit.MONEY),
)


def compute(
    deals: pd.DataFrame,
    collections: pd.DataFrame,
    forecasts: pd.DataFrame,
    asset_types: tuple[str, ...],
    ages: Ages,
    edition: Edition,
) -> Result | Unavailable:
    """Rows: asset types of which deals are live, and their total. Money in millions.

    Left out are live deals without a report or a forecast, too young, past the end of their forecast or past the last
    factor.
    """
    of = book(deals, collections, forecasts, ages, edition.as_of)
    day = pd.Timestamp(edition.as_of)
    if len(of.columns) < 2:  # noqa: PLR2004  (a step needs two columns)
        return Unavailable(
            "too_young", needed=2 * ages.curve, found=0 if of.curves.empty else int(of.curves["age"].max())
        )
    live = of.facts.loc[~(of.facts["liquidated_on"] <= day), "asset_type"]
    if live.empty:
        return Unavailable("none_outstanding", needed=1, found=0)
    known = standing(of, day)
    by = models(of, known)
    parts = {
        kind: _carried(of, known.loc[known["live"] & (known["asset_type"] == kind)], by, kind) for kind in asset_types
    }
    rows = Rows(COLUMNS)
    for kind in asset_types:
        if number := int((live == kind).sum()):
            rows.add(kind, **_cells(parts[kind], number), **_curve(by.get(kind)))
    whole = [part for part in parts.values() if not isinstance(part, Unavailable)]
    if not whole:
        return next(part for kind, part in parts.items() if (live == kind).any() and isinstance(part, Unavailable))
    rows.add(TOTAL, **_cells(pd.concat(whole), len(live)), **_curve(Unavailable("differs_by_type")))
    frames = [part.assign(row=kind) for kind, part in parts.items() if not isinstance(part, Unavailable)]
    return rows.result(pd.concat(frames).rename_axis("deal").reset_index()[["row", *(of.key for of in EVIDENCE)]])


def _carried(
    of: Book, known: pd.DataFrame, by: Mapping[str, Models | Unavailable], kind: str
) -> pd.DataFrame | Unavailable:
    """The live deals of a type that all can carry on: their evidence, and the error of their sum on each."""
    model = by.get(kind, Unavailable("too_few_deals", needed=MINIMUM, found=0))
    if isinstance(model, Unavailable):
        return model
    until = known["end"].clip(upper=model.reach)
    open_ = known.loc[known["age"] < until]
    on = ahead(of, open_, until.loc[open_.index], model)
    there = on.said[["chain", "offering"]].notna().all(axis="columns")
    if not there.any():
        return Unavailable("none_to_project", needed=1, found=0)
    error = on.projection.error(there.to_numpy())
    told = open_.loc[there].rename(columns={"level": "cumulative"}).assign(until=until, type_error=error)
    return told.join(on.said.loc[there].rename(columns={"error": "chain_error"}))


def _cells(part: pd.DataFrame | Unavailable, live: int) -> dict[str, Cell]:
    """What the deals of a row have collected and are to recover, and how far the ways differ."""
    if isinstance(part, Unavailable):
        return {"n_deals": 0, "n_left_out": live, **{column.key: part for column in COLUMNS[2:-3]}}
    collected, offering, chain, curve = (
        float(part[key].sum(skipna=False)) for key in ("cumulative", "offering", "chain", "curve")
    )
    errors = part.drop_duplicates("asset_type")["type_error"].to_numpy(dtype=float)
    error = float(np.sqrt(np.square(errors).sum()))
    low, high = (float(end[0]) for end in interval(np.array([chain]), np.array([error])))
    nought = Unavailable("nothing_forecast", needed=1, found=0)
    no_curve = Unavailable("no_curve")

    def against(amount: float) -> Cell:
        return nought if offering <= 0 else amount / offering - 1

    bent = not np.isnan(curve)
    return {
        "n_deals": len(part),
        "n_left_out": live - len(part),
        "collected": collected,
        "offering": offering,
        "chain": chain,
        "chain_error": error,
        "curve": curve if bent else no_curve,
        "difference": against(chain),
        "low_difference": against(low),
        "high_difference": against(high),
        "curve_difference": against(curve) if bent else no_curve,
    }


def _curve(model: Models | Unavailable | None) -> dict[str, Cell]:
    """The parameters of a type's curve."""
    curve = model.curve if isinstance(model, Models) else model or Unavailable("no_deals", needed=1, found=0)
    if isinstance(curve, Curve):
        return {"curve_limit": curve.limit, "curve_scale": curve.scale, "curve_shape": curve.shape}
    return dict.fromkeys(("curve_limit", "curve_scale", "curve_shape"), curve)


TABLE = ResearchTable(
    key="recoveries_to_come",
    linked=True,
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("mack1993", "method"),
    chart=Chart("coefficients", ("difference", "low_difference", "high_difference")),
)
