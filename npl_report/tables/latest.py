"""Live deals at their last report: what the tables of the chapter share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import Column, Result, Unavailable, Unit
from npl_report.stats.groups import Number, mean, ratio, settle
from npl_report.tables.rows import Cell

FAR, NEARLY = 0.2, 0.9
"""Offset rate beyond which a deal is far from its forecast, and the collection ratio below which deals are counted as
those below par are. The words of the tables state both."""
BANDS = ("far_below", "below", "above", "far_above")
"""Bands of the offset rate, from the lowest: up to −20 %, below 0, up to +20 %, beyond."""
COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("n_live", Unit.DEALS),
    Column("mean_age", Unit.MONTHS, decimals=1),
    Column("mean_offset", Unit.RATE),
    Column("median_offset", Unit.RATE),
    Column("ccr_gross", Unit.RATE),
    Column("n_below_full", Unit.DEALS),
    Column("n_below_nearly", Unit.DEALS),
    Column("n_net", Unit.DEALS),
    Column("ccr_net_low", Unit.RATE, count="n_net"),
    Column("ccr_net_high", Unit.RATE, count="n_net"),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("date", Unit.DATE),
    Column("age", Unit.MONTHS, decimals=1),
    Column("cumulative", Unit.MONEY),
    Column("forecast", Unit.MONEY),
    Column("offset", Unit.RATE),
    Column("ccr_net_low", Unit.RATE),
    Column("ccr_net_high", Unit.RATE),
)


def live(deals: pd.DataFrame) -> pd.DataFrame:
    """The deals that are not liquidated by the as-of date."""
    return deals.loc[deals["liquidated_on"].isna()]


def band(offsets: pd.Series) -> pd.Series:
    """The band of each offset rate; both −20 % and +20 % are in the inner bands, 0 is above. NaN has none."""
    rates = settle(offsets)
    inside = [rates < -FAR, rates < 0, rates <= FAR, rates > FAR]
    return pd.Series(np.select(inside, BANDS, default=""), index=offsets.index).where(rates.notna())


def reported(latest_deals: Result) -> pd.DataFrame:
    """The deals of ``latest_deals``, by deal."""
    return latest_deals.frame.assign(deal=latest_deals.frame.index)


def compared(latest_deals: Result) -> pd.DataFrame:
    """Those of them of which something gross of costs was forecast up to their last report."""
    return reported(latest_deals).dropna(subset=["ccr_gross"])


def behind(reports: pd.DataFrame) -> pd.DataFrame:
    """The evidence of ``standing``: deals with a ratio to a forecast gross of costs or net of them, with their row."""
    known = reports["ccr_gross"].notna() | reports["ccr_net_low"].notna()
    return reports.loc[known, ["row", *(column.key for column in EVIDENCE)]]


def standing(reports: pd.DataFrame, n_live: int) -> dict[str, Cell]:
    """The cells of ``COLUMNS`` of a group of deals: rows of ``reported``; ratios are of sums.

    Gross ones are of deals with a gross forecast, net ones of deals with costs, whether their forecast is gross or net.
    """
    group, net = (reports.dropna(subset=[key]) for key in ("ccr_gross", "ccr_net_low"))
    no_net = "no_forecast" if reports["net"].notna().any() else "no_costs"
    ratios = settle(group["ccr_gross"])
    return {
        "n_deals": len(group),
        "n_live": n_live,
        "mean_age": mean(group["age"], "no_forecast"),
        "mean_offset": mean(group["offset"], "no_forecast"),
        "median_offset": _median(group["offset"]),
        "ccr_gross": ratio(float(group["cumulative"].sum()), float(group["forecast"].sum()), "no_forecast"),
        "n_below_full": int((ratios < 1).sum()),
        "n_below_nearly": int((ratios < NEARLY).sum()),
        "n_net": len(net),
        "ccr_net_low": ratio(float(net["net"].sum()), float(net["most_net_forecast"].sum()), no_net),
        "ccr_net_high": ratio(float(net["net"].sum()), float(net["least_net_forecast"].sum()), no_net),
    }


def _median(values: pd.Series) -> Number:
    return float(values.median()) if len(values) else Unavailable("no_forecast", needed=1, found=0)
