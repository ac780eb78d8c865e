"""Cumulative curves → how far a deal has come at an age, and how its recoveries spread over its life.

Source: report I, part 2.2. It leaves the denominator open; ours is the last level of the curve, that is, all recoveries
to date (or the forecast over the same horizon). A curve starts from nothing at the cut-off date (age 0) and is linear
in age between its dates: actual and forecast alike, so that a forecast that comes true has the distribution of what is
collected.

``curves`` is one row per deal and date, ordered by both, with ``deal``, ``age`` in months and the cumulative ``level``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import Ages
from npl_report.stats.recovery import age_months


def curve_of(flows: pd.DataFrame, amount: str, cutoffs: pd.Series, ages: Ages) -> pd.DataFrame:
    """The curves of dated flows (deal, period_end, amount): ``deal``, ``age`` at the end of each period, ``level``."""
    ordered = flows.sort_values(["deal", "period_end"], kind="stable")
    reached = age_months(ordered["period_end"], cutoffs.reindex(ordered["deal"]).set_axis(ordered.index), ages)
    return pd.DataFrame({"deal": ordered["deal"], "age": reached, "level": ordered.groupby("deal")[amount].cumsum()})


def share_at(curves: pd.DataFrame, level: str, age: float) -> pd.Series:
    """Share of its last level that each deal has reached at an age, by deal; 1 from its last date on.

    It is NaN where the last level is not above 0.
    """
    whole = _last(curves)[level]
    return (level_to(curves, level, age) / whole).where(whole > 0)


def level_to(curves: pd.DataFrame, level: str, age: float | pd.Series) -> pd.Series:
    """As ``level_at``, but the last level beyond the last date: what a forecast has reached that is at its end."""
    return level_at(curves, level, age).fillna(_last(curves)[level])


def level_at(curves: pd.DataFrame, level: str, age: float | pd.Series) -> pd.Series:
    """Level that each deal has reached at an age, by deal; ``age``: one for all, or by deal.

    NaN beyond its last date, because it has not been observed there, and without levels.
    """
    points = curves[["deal", "age", level]]
    last = _last(points)
    wanted = age.reindex(last.index) if isinstance(age, pd.Series) else pd.Series(float(age), index=last.index)
    passed = points["age"] <= points["deal"].map(wanted).astype(float)
    before = _last(points.loc[passed]).reindex(last.index).fillna(0.0)
    after = points.loc[~passed].drop_duplicates("deal").set_index("deal").reindex(last.index)
    way = (wanted - before["age"]) / (after["age"] - before["age"])
    reached = before[level] + ((after[level] - before[level]) * way).fillna(0.0)
    return reached.where((last["age"] >= wanted) & last[level].notna())


def age_at_half(curves: pd.DataFrame, level: str) -> pd.Series:
    """First age in months at which each deal has reached half of its last level, by deal.

    It is NaN where the last level is not above 0.
    """
    points = curves[["deal", "age", level]]
    whole = _last(points)[level]
    earlier = points.groupby("deal", sort=False)[["age", level]].shift(1).fillna(0.0)
    half = points["deal"].map(whole).astype(float) / 2
    ages = earlier["age"] + (half - earlier[level]) / (points[level] - earlier[level]) * (
        points["age"] - earlier["age"]
    )
    first = points.assign(half=ages).loc[(points[level] >= half) & (half > 0)].drop_duplicates("deal")
    return first.set_index("deal")["half"].reindex(whole.index)


_APART = 4096.0  # months; wider than any deal's life, so that deals can share one interpolation


class Paths:
    """Curves (deal, age, level) from which levels of many deals at many ages are read at once, as ``level_to`` does."""

    def __init__(self, curves: pd.DataFrame) -> None:
        codes, deals = pd.factorize(curves["deal"])
        origin = np.zeros(len(deals))
        keys = np.concatenate([np.arange(len(deals)) * _APART, codes * _APART + curves["age"].to_numpy(dtype=float)])
        order = np.argsort(keys, kind="stable")
        self._deals, self._keys = pd.Index(deals), keys[order]
        self._ages = np.concatenate([origin, curves["age"].to_numpy(dtype=float)])[order]
        self._levels = np.concatenate([origin, curves["level"].to_numpy(dtype=float)])[order]
        self._last = curves.groupby("deal")["age"].max().reindex(deals).to_numpy(dtype=float)

    def at(self, ages: pd.Series) -> pd.Series:
        """Level at an age, by deal (the index); the last one beyond the last date, NaN without a curve or an age."""
        place = self._deals.get_indexer(ages.index)
        wanted = ages.to_numpy(dtype=float)
        read = np.flatnonzero((place >= 0) & ~np.isnan(wanted))
        found = np.full(len(wanted), np.nan)
        bounded = np.clip(wanted[read], 0.0, self._last[place[read]])
        after = np.searchsorted(self._keys, place[read] * _APART + bounded, side="left").clip(1, None)
        low, high = self._ages[after - 1], self._ages[after.clip(None, len(self._ages) - 1)]
        way = np.divide(bounded - low, high - low, out=np.ones(len(read)), where=high > low).clip(0.0, 1.0)
        levels = self._levels[after.clip(None, len(self._levels) - 1)]
        found[read] = np.where(bounded > 0, self._levels[after - 1] * (1 - way) + levels * way, 0.0)
        return pd.Series(found, ages.index)


def _last(points: pd.DataFrame) -> pd.DataFrame:
    return points.drop_duplicates("deal", keep="last").set_index("deal")
