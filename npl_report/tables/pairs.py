"""Deal readings grouped by asset type and one more trait, the originator or the year of issue.

Ids are ``<type>-<trait>``, named by ``Unit.PAIR``.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import Column, Result, Unavailable, Unit
from npl_report.stats.groups import highest, lowest, settle

RECOVERY_EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("date", Unit.DATE),
    Column("age", Unit.MONTHS, decimals=1),
    Column("cumulative", Unit.MONEY),
    Column("recovery", Unit.RATE),
)
ACCURACY_EVIDENCE = (
    *RECOVERY_EVIDENCE,
    Column("forecast", Unit.MONEY),
    Column("deviation", Unit.MONEY),
    Column("offset", Unit.RATE),
)

_MEANS = ("recovery", "forecast_recovery", "deviation", "offset")
"""What is averaged over all deals of a pair that have a forecast."""


def recovery_columns(trait: Column) -> tuple[Column, ...]:
    """Columns of recovery by asset type and ``trait``."""
    return (
        Column("asset_type", Unit.ASSET_TYPE, shown=False),
        trait,
        Column("n_included", Unit.DEALS),
        Column("mean_recovery", Unit.RATE),
        Column("max_recovery", Unit.RATE),
        Column("max_deal", Unit.DEAL),
        Column("min_recovery", Unit.RATE),
        Column("min_deal", Unit.DEAL),
        Column("volatility", Unit.POINTS),
    )


def accuracy_columns(trait: Column) -> tuple[Column, ...]:
    """Columns of forecast accuracy by asset type and ``trait``."""
    return (
        Column("asset_type", Unit.ASSET_TYPE, shown=False),
        trait,
        Column("n_included", Unit.DEALS, span="all"),
        Column("mean_recovery", Unit.RATE, span="all"),
        Column("mean_forecast_recovery", Unit.RATE, span="all"),
        Column("mean_deviation", Unit.MONEY, span="all"),
        Column("mean_offset", Unit.RATE, span="all"),
        Column("mean_absolute_offset", Unit.RATE, span="all"),
        Column("offset_of_sums", Unit.RATE, span="all"),
        Column("n_without_offset", Unit.DEALS, span="all", optional=True),
        Column("n_above", Unit.DEALS, span="above"),
        Column("mean_deviation_above", Unit.MONEY, span="above"),
        Column("mean_offset_above", Unit.RATE, span="above"),
        Column("n_equal", Unit.DEALS, span="equal", optional=True),
        Column("n_below", Unit.DEALS, span="below"),
        Column("mean_deviation_below", Unit.MONEY, span="below"),
        Column("mean_offset_below", Unit.RATE, span="below"),
    )


def recovery_by(trait: str, readings: pd.DataFrame, columns: tuple[Column, ...], order: str) -> Result:
    """Recovery of each pair with a deal; of deals with equal rates the first by id is named.

    Rates as fractions. Order: see ``_ordered``.
    """
    deals = _paired(readings, trait)
    groups = deals.groupby("row")
    rates = groups["recovery"]
    frame = groups[["asset_type", trait]].first().assign(
        n_included=groups.size(),
        mean_recovery=rates.mean(),
        max_deal=rates.agg(highest),
        min_deal=rates.agg(lowest),
        volatility=rates.std(ddof=1),
    )  # fmt: skip
    frame = frame.assign(**{f"{end}_recovery": frame[f"{end}_deal"].map(deals["recovery"]) for end in ("max", "min")})
    gaps = {
        (str(row), "volatility"): Unavailable("too_few_deals", needed=2, found=1)
        for row in frame.index[frame["n_included"] == 1]
    }
    return Result(_ordered(frame, columns, trait, order, readings), _evidence(deals, RECOVERY_EVIDENCE), gaps)


def accuracy_by(trait: str, readings: pd.DataFrame, columns: tuple[Column, ...], order: str) -> Result | Unavailable:
    """Deviation and offset rate of each pair with a deal that has a forecast, split by the sign of the deviation.

    Deals exactly on forecast are neither above nor below. Those of which nothing was forecast up to the reading have no
    offset rate. Order: see ``_ordered``.
    """
    deals = _paired(readings.dropna(subset=["deviation"]), trait)
    if deals.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    sides = {"above": deals["deviation"] > 0, "equal": deals["deviation"] == 0, "below": deals["deviation"] < 0}
    counted = {f"n_{side}": inside for side, inside in sides.items()} | {"n_without_offset": deals["offset"].isna()}
    measured = product(("above", "below"), ("deviation", "offset"))
    split = {f"{measure}_{side}": deals[measure].where(sides[side]) for side, measure in measured}
    deals = deals.assign(absolute=deals["offset"].abs(), **counted, **split)
    groups = deals.groupby("row")
    sums = groups[["deviation", "forecast"]].sum()
    frame = groups[["asset_type", trait]].first().assign(
        n_included=groups.size(),
        **{key: groups[key].sum() for key in counted},
        mean_absolute_offset=groups["absolute"].mean(),
        offset_of_sums=(sums["deviation"] / sums["forecast"]).where(sums["forecast"] > 0),
        **{f"mean_{part}": groups[part].mean() for part in (*_MEANS, *split)},
    )  # fmt: skip
    rates = ("mean_offset", "mean_absolute_offset", "offset_of_sums")
    gaps = _accuracy_gaps(frame, (*rates, *(f"mean_{part}" for part in split)))
    return Result(_ordered(frame, columns, trait, order, readings), _evidence(deals, ACCURACY_EVIDENCE), gaps)


def _accuracy_gaps(frame: pd.DataFrame, keys: tuple[str, ...]) -> dict[tuple[str, str], Unavailable]:
    """Why a mean is missing: no deal is on its side of the forecast, or nothing was forecast of those that are."""
    gaps = {}
    for key in keys:
        side = key.rpartition("_")[2]
        for row in frame.index[frame[key].isna()]:
            nobody = side in ("above", "below") and frame.at[row, f"n_{side}"] == 0
            gaps[str(row), key] = Unavailable(f"none_{side}" if nobody else "nothing_forecast", needed=1, found=0)
    return gaps


def _paired(readings: pd.DataFrame, trait: str) -> pd.DataFrame:
    """The deals by id, with the row they belong to."""
    deals = readings.rename_axis(None).sort_index(kind="stable")
    return deals.assign(deal=deals.index, row=deals["asset_type"] + "-" + deals[trait].astype(str))


def _ordered(
    frame: pd.DataFrame, columns: tuple[Column, ...], trait: str, order: str, readings: pd.DataFrame
) -> pd.DataFrame:
    """Rows by asset type as the readings are, then by the trait itself, rising, or by a measure, falling."""
    measure = frame[order] if order == trait else -settle(frame[order])
    kind = frame["asset_type"].map(list(readings["asset_type"].unique()).index)
    ordered = frame.assign(rank=kind, measure=measure).sort_values(["rank", "measure", trait])
    return ordered[[column.key for column in columns]].rename_axis(None)


def _evidence(deals: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    return deals[["row", *(column.key for column in columns)]].reset_index(drop=True)
