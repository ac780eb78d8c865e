"""Rank correlation by hand; its p value by counting arrangements."""

from __future__ import annotations

import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.ranks import Association, spearman

CLOSE = 1e-12  # a handful of operations on whole numbers


def of(left: list[float], right: list[float]) -> Association:
    found = spearman(pd.Series(left), pd.Series(right))
    assert isinstance(found, Association)
    return found


def test_four_in_the_same_order():
    found = of([1, 2, 3, 4], [10, 20, 30, 99])
    assert found.correlation == pytest.approx(1.0, abs=CLOSE)
    assert found.p == pytest.approx(2 / 24, abs=CLOSE)  # one of 24 arrangements, and its reverse
    assert of([1, 2, 3, 4], [4, 3, 2, 1]).correlation == pytest.approx(-1.0, abs=CLOSE)


def test_one_pair_changed_over():
    # d = 0, 0, 1, -1: 1 - 6 * 2 / (4 * 15) = 0.8; arrangements with at least as much: the identity and three neighbours
    # changed over
    found = of([1, 2, 3, 4], [1, 2, 4, 3])
    assert found.correlation == pytest.approx(0.8, abs=CLOSE)
    assert found.p == pytest.approx(2 * 4 / 24, abs=CLOSE)


def test_equal_values_share_the_mean_rank():
    # ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: Sxy 4.5, Sxx 4.5, Syy 5
    assert of([1, 2, 2, 4], [1, 2, 3, 4]).correlation == pytest.approx(4.5 / (4.5 * 5) ** 0.5, abs=CLOSE)
    assert of([1, 0.1 + 0.2, 0.3, 4], [1, 2, 3, 4]) == of(
        [1, 0.3, 0.3, 4], [1, 2, 3, 4]
    )  # the last bit is no difference


def test_many_pairs_take_student_t():
    from scipy import stats

    left, right = list(range(12)), [0, 2, 1, 4, 3, 5, 8, 6, 7, 11, 9, 10]
    found = of([float(value) for value in left], [float(value) for value in right])
    assert found.correlation == pytest.approx(
        1 - 6 * sum((a - b) ** 2 for a, b in zip(left, right, strict=True)) / (12 * 143), abs=CLOSE
    )
    t = found.correlation * (10 / (1 - found.correlation**2)) ** 0.5
    assert found.p == pytest.approx(2 * stats.t.sf(t, 10), rel=1e-9)  # 1 − r² loses digits near one


def test_what_has_no_rank_correlation():
    assert spearman(pd.Series([1.0, 2, 3]), pd.Series([1.0, 2, 3])) == Unavailable("too_few_deals", 4, 3)
    assert spearman(pd.Series([1.0, 2, 3, 4]), pd.Series([5.0] * 4)) == Unavailable("no_spread")
