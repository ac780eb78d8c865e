"""Tests of a regression's assumptions: by hand on four to six deals, Longley, and as R has them on the sample.

The figures of R are of tests/reference/regression.R.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.diagnostics import (
    breusch_pagan,
    condition_number,
    durbin_watson,
    jarque_bera,
    largest_cook,
    reset,
    white,
)
from npl_report.stats.hypothesis import HypothesisTest
from npl_report.stats.regression import Ols, ols
from tests.reference import figures

EXACT = 1e-10
"""Auxiliary regressions of doubles of size one."""
BY_R = 1e-8

X = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0]})
E = pd.Series([-0.3, 0.9, -0.9, 0.3])
"""The residuals of 1, 3, 2, 4 on 0, 1, 2, 3; see test_regression."""
NONE = E * 0


def near(found: HypothesisTest | Unavailable, statistic: float, df: int, p: float, rel: float = EXACT) -> bool:
    assert isinstance(found, HypothesisTest), found
    assert found.statistic == pytest.approx(statistic, rel=rel, abs=1e-12)
    assert found.df == df
    assert found.p == pytest.approx(p, rel=rel * 10)
    return True


def test_breusch_pagan_by_hand():
    # squares 0.09, 0.81, 0.81, 0.09 do not rise or fall with x
    assert near(breusch_pagan(E, X), 0.0, 1, 1.0)
    # squares 0, 1, 4, 9: mean 3.5, slope 3, so that the line explains 45 of 49
    assert near(breusch_pagan(X["x"], X), 4 * 45 / 49, 1, math.erfc(math.sqrt(2 * 45 / 49)))


def test_white_by_hand():
    # the squares are a square of x: all of their variance is explained; the p value of chi-squared with two degrees is
    # exp(−s/2)
    assert near(white(E, X), 4.0, 2, math.exp(-2))
    assert white(E[:3], X[:3]) == Unavailable("too_few_observations", 4, 3)


def test_white_of_a_dummy_has_no_square_of_its_own():
    dummy = pd.DataFrame({"d": [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]})
    e = pd.Series([-1.0, 0.0, 1.0, -2.0, 1.0, 1.0])
    found, koenker = white(e, dummy), breusch_pagan(e, dummy)
    assert isinstance(found, HypothesisTest)
    assert isinstance(koenker, HypothesisTest)
    assert found.df == 1
    assert found.statistic == pytest.approx(koenker.statistic, rel=EXACT)


def test_jarque_bera_by_hand():
    # m2 = 0.45, m3 = 0, m4 = 0.3321: kurtosis 1.64; 4/6 · 1.36²/4
    statistic = 4 / 6 * 1.36**2 / 4
    assert near(jarque_bera(E), statistic, 2, math.exp(-statistic / 2))


def test_durbin_watson_by_hand():
    # differences 1.2, −1.8, 1.2
    assert durbin_watson(E) == pytest.approx((1.44 + 3.24 + 1.44) / 1.8, rel=EXACT)


def test_condition_number_by_hand():
    # two variables with correlation 0.8: singular values √1.8 and √0.2
    assert condition_number(X.assign(z=[10.0, 30.0, 20.0, 40.0])) == pytest.approx(3.0, rel=EXACT)
    assert condition_number(X) == pytest.approx(1.0, rel=EXACT)


def test_reset_against_the_two_sums_of_squares():
    x, y = np.arange(6.0), np.array([0.1, 0.25, 0.3, 0.55, 0.5, 0.9])

    def rest(*columns: np.ndarray) -> float:
        exog = np.column_stack([np.ones(6), *columns])
        return float(((y - exog @ np.linalg.lstsq(exog, y)[0]) ** 2).sum())

    line = np.polyval(np.polyfit(x, y, 1), x)
    without, added = rest(x), rest(x, line**2, line**3)
    found = reset(pd.Series(y), pd.DataFrame({"x": x}))
    assert isinstance(found, HypothesisTest)
    assert found.df == 2
    assert found.statistic == pytest.approx((without - added) / 2 / (added / 2), rel=1e-8)
    assert found.p == pytest.approx(1 / (1 + found.statistic), rel=1e-8)  # F(2, 2)


def test_reset_does_not_depend_on_the_units():
    x, y = pd.DataFrame({"x": np.arange(6.0)}), pd.Series([0.1, 0.25, 0.3, 0.55, 0.5, 0.9])
    here, there = reset(y, x), reset(y * 1e4 + 1e6, x * 1e-3 + 7)
    assert isinstance(here, HypothesisTest)
    assert isinstance(there, HypothesisTest)
    assert there.statistic == pytest.approx(
        here.statistic, rel=1e-8
    )  # fitted values of 1e6 have cubes that leave nothing of a double


def test_what_cannot_be_tested_says_why():
    y = pd.Series([1.0, 3.0, 2.0, 4.0])
    assert (
        breusch_pagan(NONE, X) == white(NONE, X) == jarque_bera(NONE) == durbin_watson(NONE) == Unavailable("exact_fit")
    )
    assert reset(y, X) == Unavailable("too_few_observations", 5, 4)
    six = pd.DataFrame({"x": [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]})
    rates = pd.Series([0.1, 0.2, 0.3, 0.5, 0.6, 0.9])
    assert reset(rates, six) == Unavailable("no_powers")  # two fitted values: their powers are lines
    assert reset(six["x"] * 2, six) == Unavailable("exact_fit")
    assert reset(rates * 0 + 0.3, six) == Unavailable("outcome_constant")
    assert reset(rates, six.assign(y=1 - six["x"])) == Unavailable("collinear")


def test_the_largest_distance_is_that_of_the_model():
    found = ols(pd.Series([1.0, 3.0, 2.0, 4.0]), X, pd.Series(range(4)))
    assert isinstance(found, Ols)
    assert largest_cook(found) == pytest.approx(0.05 * 70 / 9, rel=EXACT)


def test_longley():
    from statsmodels.datasets import longley

    data = longley.load_pandas()
    found = ols(data.endog, data.exog, pd.Series(range(16)))
    assert isinstance(found, Ols)
    tested = breusch_pagan(found.deals["residual"], data.exog)
    assert isinstance(tested, HypothesisTest)
    assert tested.statistic == pytest.approx(2.5097, abs=5e-5)  # METHODS, four decimals
    assert tested.df == 6
    assert white(found.deals["residual"], data.exog) == Unavailable("too_few_observations", 29, 16)


@pytest.mark.parametrize("test", ["breusch_pagan", "white", "reset", "jarque_bera"])
@pytest.mark.parametrize("name", ["expected", "actual"])
def test_tests_are_those_of_r(name: str, test: str):
    found = figures.regression(name)
    residuals, columns = found.fit.deals["residual"], found.design.columns
    tested = {
        "breusch_pagan": breusch_pagan(residuals, columns),
        "white": white(residuals, columns),
        "reset": reset(found.response, columns),
        "jarque_bera": jarque_bera(residuals),
    }[test]
    if (
        f"{name}.{test}" not in figures.texts()
    ):  # White's terms outnumber the deals; R's script leaves it out by the same rule
        assert isinstance(tested, Unavailable)
        return
    df = 2 if test in ("jarque_bera", "reset") else int(figures.figure(f"{name}.{test}_df"))
    assert near(tested, figures.figure(f"{name}.{test}"), df, figures.figure(f"{name}.{test}_p"), rel=BY_R)


@pytest.mark.parametrize("name", ["expected", "actual"])
def test_measures_are_those_of_r(name: str):
    found = figures.regression(name)
    assert durbin_watson(found.fit.deals["residual"]) == pytest.approx(
        figures.figure(f"{name}.durbin_watson"), rel=BY_R
    )
    assert condition_number(found.design.columns) == pytest.approx(figures.figure(f"{name}.condition_number"), rel=BY_R)
    assert largest_cook(found.fit) == pytest.approx(figures.figure(f"{name}.max_cook"), rel=BY_R)
