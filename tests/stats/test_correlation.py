"""Pearson's correlation: by hand on four deals."""

from __future__ import annotations

import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.correlation import pearson

LEFT = pd.Series([0.0, 1.0, 2.0, 3.0])


def test_by_hand():
    # Sxy = 4, Sxx = Syy = 5
    assert pearson(LEFT, pd.Series([1.0, 3.0, 2.0, 4.0])) == pytest.approx(0.8, rel=1e-14)
    assert pearson(LEFT, -3 * LEFT + 7) == pytest.approx(-1.0, rel=1e-14)
    assert pearson(LEFT, LEFT * 1e-9) == pytest.approx(1.0, rel=1e-14)


def test_why_there_is_none():
    assert pearson(LEFT, LEFT * 0 + 2.5) == Unavailable("regressor_constant")
    assert pearson(LEFT[:2], LEFT[:2]) == Unavailable("too_few_deals", 3, 2)
    assert pearson(LEFT[:0], LEFT[:0]) == Unavailable("too_few_deals", 3, 0)
