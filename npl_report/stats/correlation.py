"""Two variables over deals → Pearson's correlation, or why there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import Unavailable
from npl_report.stats.design import constant
from npl_report.stats.groups import Number

FEWEST = 3
"""Two points always lie on a line."""


def pearson(left: pd.Series, right: pd.Series) -> Number:
    """The product moment correlation of equally indexed values without gaps."""
    if len(left) < FEWEST:
        return Unavailable("too_few_deals", needed=FEWEST, found=len(left))
    if constant(left) or constant(right):
        return Unavailable("regressor_constant")
    return float(np.clip(np.corrcoef(left.to_numpy(dtype=float), right.to_numpy(dtype=float))[0, 1], -1.0, 1.0))
