"""Cumulative curves → how far a deal has come at an age, and how its recoveries spread over its life.

Source: report I, part 2.2. It leaves the denominator open; ours is the last level of the curve, that is, all recoveries to date (or the
forecast over the same horizon). A curve starts from nothing at the cut-off date (age 0) and is linear in days between its dates.

``curves`` is one row per deal and date, ordered by both, with ``deal``, ``age`` in months and the cumulative ``level``.
"""

from __future__ import annotations

import pandas as pd


def share_at(curves: pd.DataFrame, level: str, age: float) -> pd.Series:
    """Share of its last level that each deal has reached at an age, by deal; 1 from its last date on. NaN where the last level is not above 0."""
    whole = _last(curves)[level]
    return (level_at(curves, level, age).fillna(whole) / whole).where(whole > 0)


def level_at(curves: pd.DataFrame, level: str, age: float) -> pd.Series:
    """Level that each deal has reached at an age, by deal. NaN beyond its last date, because it has not been observed there, and without levels."""
    points = curves[["deal", "age", level]]
    last = _last(points)
    before = _last(points.loc[points["age"] <= age]).reindex(last.index).fillna(0.0)
    after = points.loc[points["age"] > age].drop_duplicates("deal").set_index("deal").reindex(last.index)
    passed = (age - before["age"]) / (after["age"] - before["age"])
    reached = before[level] + ((after[level] - before[level]) * passed).fillna(0.0)
    return reached.where((last["age"] >= age) & last[level].notna())


def age_at_half(curves: pd.DataFrame, level: str) -> pd.Series:
    """First age in months at which each deal has reached half of its last level, by deal. NaN where the last level is not above 0."""
    points = curves[["deal", "age", level]]
    whole = _last(points)[level]
    earlier = points.groupby("deal", sort=False)[["age", level]].shift(1).fillna(0.0)
    half = points["deal"].map(whole).astype(float) / 2
    ages = earlier["age"] + (half - earlier[level]) / (points[level] - earlier[level]) * (points["age"] - earlier["age"])
    first = points.assign(half=ages).loc[(points[level] >= half) & (half > 0)].drop_duplicates("deal")
    return first.set_index("deal")["half"].reindex(whole.index)


def _last(points: pd.DataFrame) -> pd.DataFrame:
    return points.drop_duplicates("deal", keep="last").set_index("deal")
