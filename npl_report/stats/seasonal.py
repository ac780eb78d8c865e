"""A series of quarters → the same without its seasons.

Source: Cleveland, Cleveland, McRae and Terpenning (1990), "STL: A seasonal-trend decomposition procedure based on
loess", Journal of Official Statistics 6, 3–73, with robustness weights. The parameters are those that R's ``stl`` takes
for ``s.window = 7, robust = TRUE``: seasonal loess of degree 0, trend and low-pass loess of degree 1 over 9 and 5
quarters, one inner and 15 outer loops. R's figures are others where its partial sort gets the median of the residuals
wrong (``tests/reference/stl.R``). The decomposition is additive.
"""

from __future__ import annotations

import numpy as np

from npl_report.model import QUARTERS, Unavailable

YEARS = 4
"""Full years that a season is told from: with fewer, the seasonal window holds more than there is (ours)."""
WINDOW = 7
"""Years of the seasonal smoother: the least that Cleveland et al. (1990) recommend."""
_TREND, _LOW_PASS = 9, 5
_INNER, _OUTER = 1, 15


def adjusted(values: np.ndarray) -> np.ndarray | Unavailable:
    """The series less its seasonal part, in the same unit; ``values``: successive quarters, none missing.

    Unavailable with fewer than four full years (``too_few_quarters``).
    """
    needed = YEARS * QUARTERS
    if len(values) < needed:
        return Unavailable("too_few_quarters", needed=needed, found=len(values))
    from statsmodels.tsa.seasonal import STL

    model = STL(
        values,
        period=QUARTERS,
        seasonal=WINDOW,
        trend=_TREND,
        low_pass=_LOW_PASS,
        seasonal_deg=0,
        trend_deg=1,
        low_pass_deg=1,
        robust=True,
    )
    found: np.ndarray = values - np.asarray(model.fit(inner_iter=_INNER, outer_iter=_OUTER).seasonal)
    return found
