"""Two figures of each deal → whether they rank the deals alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from npl_report.model import Unavailable
from npl_report.stats.groups import settle

_FEWEST = 4
"""Below four pairs no arrangement is rare: the least two-sided p value of three is 2 / 3! = 1/3."""
_EXACT = 7
"""Up to so many pairs all arrangements are counted (7! = 5,040); beyond, scipy's approximation by Student's t does."""


@dataclass(frozen=True)
class Association:
    """Spearman's rank correlation in [−1, 1] and its two-sided p value under independence."""

    correlation: float
    p: float


def spearman(left: pd.Series, right: pd.Series) -> Association | Unavailable:
    """Rank correlation of two equally long columns without missing values; equal values share the mean rank.

    Unavailable with fewer than four pairs, or if one of the columns is the same everywhere.
    """
    from scipy import stats

    if len(left) < _FEWEST:
        return Unavailable("too_few_deals", needed=_FEWEST, found=len(left))
    first, second = (settle(values).rank().to_numpy(dtype=float) for values in (left, right))
    if not (np.ptp(first) > 0 and np.ptp(second) > 0):
        return Unavailable("no_spread")
    found = stats.spearmanr(first, second)
    if len(left) > _EXACT:
        return Association(float(found.statistic), float(found.pvalue))
    exact = stats.permutation_test(
        (first,),
        lambda ranks, axis=-1: (ranks * second).sum(axis=axis),
        permutation_type="pairings",
        n_resamples=np.inf,
        vectorized=True,
    )
    return Association(float(found.statistic), float(exact.pvalue))
