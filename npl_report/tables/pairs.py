"""Deal readings grouped by asset type and one more trait, the originator or the year of issue: ids ``<type>-<trait>``, named by ``Unit.PAIR``."""

from __future__ import annotations

import pandas as pd

from npl_report.model import ASSET_TYPES, Column, Result, Unavailable, Unit

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
        Column("n_above", Unit.DEALS, span="above"),
        Column("mean_deviation_above", Unit.MONEY, span="above"),
        Column("mean_offset_above", Unit.RATE, span="above"),
        Column("n_below", Unit.DEALS, span="below"),
        Column("mean_deviation_below", Unit.MONEY, span="below"),
        Column("mean_offset_below", Unit.RATE, span="below"),
    )


def recovery_by(trait: str, readings: pd.DataFrame, columns: tuple[Column, ...], order: str) -> Result:
    """Recovery of each pair with a deal; of deals with equal rates the first by id is named. Rates as fractions. Order: see ``_ordered``."""
    deals = _paired(readings, trait)
    groups = deals.groupby("row")
    rates = groups["recovery"]
    frame = groups[["asset_type", trait]].first().assign(
        n_included=groups.size(),
        mean_recovery=rates.mean(),
        max_recovery=rates.max(),
        max_deal=rates.idxmax(),
        min_recovery=rates.min(),
        min_deal=rates.idxmin(),
        volatility=rates.std(ddof=1),
    )  # fmt: skip
    gaps = {(str(row), "volatility"): Unavailable("too_few_deals", needed=2, found=1) for row in frame.index[frame["n_included"] == 1]}
    return Result(_ordered(frame, columns, trait, order), _evidence(deals, RECOVERY_EVIDENCE), gaps)


def accuracy_by(trait: str, readings: pd.DataFrame, columns: tuple[Column, ...], order: str) -> Result | Unavailable:
    """Deviation and offset rate of each pair with a deal that has a forecast, split by the sign of the deviation. Order: see ``_ordered``."""
    deals = _paired(readings.dropna(subset=["offset"]), trait)
    if deals.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    above = deals["deviation"] > 0
    sides = {"above": above, "below": ~above}
    deals = deals.assign(absolute=deals["offset"].abs(), **{f"n_{side}": inside for side, inside in sides.items()})
    deals = deals.assign(**{f"{measure}_{side}": deals[measure].where(inside) for side, inside in sides.items() for measure in ("deviation", "offset")})
    groups = deals.groupby("row")
    frame = groups[["asset_type", trait]].first().assign(
        n_included=groups.size(),
        n_above=groups["n_above"].sum(),
        n_below=groups["n_below"].sum(),
        mean_absolute_offset=groups["absolute"].mean(),
        offset_of_sums=groups["deviation"].sum() / groups["forecast"].sum(),
        **{f"mean_{part}": groups[part].mean() for part in ("recovery", "forecast_recovery", "deviation", "offset", "deviation_above", "offset_above", "deviation_below", "offset_below")},
    )  # fmt: skip
    gaps = {
        (str(row), f"mean_{measure}_{side}"): Unavailable(f"none_{side}", needed=1, found=0)
        for side in sides
        for row in frame.index[frame[f"n_{side}"] == 0]
        for measure in ("deviation", "offset")
    }  # fmt: skip
    return Result(_ordered(frame, columns, trait, order), _evidence(deals, ACCURACY_EVIDENCE), gaps)


def _paired(readings: pd.DataFrame, trait: str) -> pd.DataFrame:
    """The deals by id, with the row they belong to."""
    deals = readings.rename_axis(None).sort_index(kind="stable")
    return deals.assign(deal=deals.index, row=deals["asset_type"] + "-" + deals[trait].astype(str))


def _ordered(frame: pd.DataFrame, columns: tuple[Column, ...], trait: str, order: str) -> pd.DataFrame:
    """Rows by asset type, then by the trait itself, rising, or by a measure, falling."""
    by = {"rank": True, trait: True} if order == trait else {"rank": True, order: False, trait: True}
    ordered = frame.assign(rank=frame["asset_type"].map(ASSET_TYPES.index)).sort_values(list(by), ascending=list(by.values()))
    return ordered[[column.key for column in columns]].rename_axis(None)


def _evidence(deals: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    return deals[["row", *(column.key for column in columns)]].reset_index(drop=True)
