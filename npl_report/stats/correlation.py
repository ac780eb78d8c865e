"""Two variables over deals → Pearson's correlation, or why there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import Unavailable
from npl_report.stats.groups import Number

_FEWEST = 3
"""Two points always lie on a line."""


def pearson(left: pd.Series, right: pd.Series) -> Number:
    """The product moment correlation of equally indexed values without gaps."""
    if len(left) < _FEWEST:
        return Unavailable("too_few_deals", needed=_FEWEST, found=len(left))
    values = np.array([left.to_numpy(dtype=float), right.to_numpy(dtype=float)])
    if (np.ptp(values, axis=1) <= 1e-12 * np.maximum(1.0, np.abs(values).max(axis=1))).any():  # the design's measure of a constant
        return Unavailable("regressor_constant")
    return float(np.clip(np.corrcoef(values)[0, 1], -1.0, 1.0))
