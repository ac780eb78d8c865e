"""Series without their seasons, against R's stl (tests/reference/stl.R)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from npl_report.model import QUARTERS, Unavailable
from npl_report.stats.seasonal import YEARS, adjusted

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference" / "stl.csv")
CLOSE = 1e-9
"""Of the largest value of the series. Both programs run the same algorithm (Cleveland's), and differ by rounding alone:
1e-13 where this was written."""


@pytest.mark.parametrize("name", ["gas", "short", "residents", "earnings"])
def test_as_r_has_it(name: str):
    part = REFERENCE.loc[REFERENCE["series"] == name]
    values = part["value"].to_numpy(dtype=float)
    found = adjusted(values)
    assert isinstance(found, np.ndarray)
    expected = values - part["seasonal"].to_numpy(dtype=float)
    assert np.abs(found - expected).max() < CLOSE * np.abs(values).max()


def test_a_pure_season_goes_and_a_level_stays():
    # 10 in every fourth quarter more than in the others: the mean of the seasons is nought, the level 100 + 10 / 4
    values = np.tile([100.0, 100.0, 100.0, 110.0], 6)
    found = adjusted(values)
    assert isinstance(found, np.ndarray)
    assert found == pytest.approx(np.full(24, 102.5), abs=1e-9)
    level = adjusted(np.full(20, 7.0))
    assert isinstance(level, np.ndarray)
    assert level == pytest.approx(np.full(20, 7.0), abs=1e-12)
    nothing = adjusted(np.zeros(16))
    assert isinstance(nothing, np.ndarray)
    assert nothing.tolist() == [0.0] * 16


@pytest.mark.parametrize("n", [0, 1, YEARS * QUARTERS - 1])
def test_too_few_quarters(n: int):
    assert adjusted(np.ones(n)) == Unavailable("too_few_quarters", needed=16, found=n)


def test_one_quarter_out_of_line_leaves_the_others():
    # as above, rising by 1 a quarter, with 1000 more once: the season is the same without that quarter
    values = np.tile([0.0, 0.0, 0.0, 10.0], 8) + np.arange(32)
    odd = values.copy()
    odd[13] += 1000
    plain, robust = adjusted(values), adjusted(odd)
    assert isinstance(plain, np.ndarray)
    assert isinstance(robust, np.ndarray)
    others = np.arange(32) != 13
    assert np.abs(plain - robust)[others].max() < 1e-6
    assert robust[13] - plain[13] == pytest.approx(1000, abs=1e-6)
