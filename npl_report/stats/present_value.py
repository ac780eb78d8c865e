"""Dated flows → their value on an earlier day.

Source: METHODS, "What the market reads": present values at the edition's rate, act/365 as XIRR counts years.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from npl_report.stats.waterfall import YEAR


def discount(days: pd.Series, rate: float) -> np.ndarray:
    """What one is worth so many days earlier: (1 + rate)^(−days / 365)."""
    return np.exp(days.to_numpy(dtype=float) / YEAR * -math.log1p(rate))


def present_values(flows: pd.DataFrame, amount: str, origins: pd.Series, rate: float) -> pd.Series:
    """Value of each deal's flows on its day of origin, by deal, millions: Σ A(t) / (1 + rate)^((t − origin) / 365).

    ``flows``: deal, period_end and the amount, each paid at the end of its period; ``origins``: a date by deal;
    ``rate``: a year, as a fraction. NaN where an amount is missing.
    """
    days: pd.Series = (flows["period_end"] - origins.reindex(flows["deal"]).set_axis(flows.index)).dt.days
    values: pd.Series = flows[amount].astype(float) * discount(days, rate)
    sums: pd.Series = values.groupby(flows["deal"]).sum(min_count=1)
    whole = values.notna().groupby(flows["deal"]).all()
    return sums.where(whole)
