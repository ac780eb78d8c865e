"""Yields of reference bonds of several tenors → the yield for any life on any day.

Source: METHODS, "What the market reads". The last observation of each tenor on or before the day counts; between tenors
the curve is linear, before the first and after the last tenor it is flat (both ours). Series are named
``benchmark_<n>y``, ``n`` being the tenor in years.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

_SERIES = re.compile(r"benchmark_(\d+)y")


def benchmark_curves(market: pd.DataFrame) -> pd.DataFrame:
    """Rows: days with an observation, rising; columns: tenors in years, rising. Cells: the last yield known by then.

    Yields as fractions; NaN before the first observation of a tenor. Without such a series the frame is empty.
    """
    tenors = market["series"].astype(str).str.extract(f"^{_SERIES.pattern}$", expand=False)
    known = market.assign(tenor=tenors).dropna(subset=["tenor", "value"])
    known = known.assign(tenor=known["tenor"].astype(int)).sort_values("date", kind="stable")
    wide = known.pivot_table(index="date", columns="tenor", values="value", aggfunc="last")
    return wide.sort_index().sort_index(axis=1).ffill().astype(float)


def benchmark_on(curves: pd.DataFrame, days: pd.Series, lives: pd.Series) -> pd.DataFrame:
    """The ``benchmark`` for each life in years on a day, and the day ``observed_on`` from which it is.

    ``days`` and ``lives``: equally indexed. Both are missing where nothing was observed by then, or the life is.
    """
    place = np.asarray(curves.index.searchsorted(days, side="right")) - 1
    life, known = lives.to_numpy(dtype=float), lives.notna().to_numpy() & (place >= 0)
    yields, seen = np.full(len(days), np.nan), np.full(len(days), np.datetime64("NaT"), dtype="datetime64[us]")
    for number in np.unique(place[known]):
        curve, those = curves.iloc[int(number)].dropna(), known & (place == number)
        yields[those] = np.interp(life[those], curve.index.to_numpy(dtype=float), curve.to_numpy(dtype=float))
        seen[those] = curves.index[int(number)].to_datetime64()
    return pd.DataFrame({"benchmark": yields, "observed_on": seen}, index=days.index)
