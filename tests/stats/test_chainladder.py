"""Chain ladder and Mack's errors against published figures, another program, and hand arithmetic."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.chainladder import Development, development, interval, projected

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
TRIANGLES = pd.read_csv(REFERENCE / "triangles.csv")
VALUES = pd.read_csv(REFERENCE / "chainladder.csv")
NONE = float("nan")
DIGITS = 1e-10
"""Relative: both programs sum doubles, in other orders."""


def triangle(name: str) -> np.ndarray:
    return TRIANGLES.loc[TRIANGLES["triangle"] == name].pivot_table("level", "row", "column").to_numpy()


def expected(name: str, what: str) -> np.ndarray:
    own = VALUES.loc[(VALUES["triangle"] == name) & (VALUES["what"] == what)]
    return own.sort_values("place")["value"].to_numpy()


def steps_of(levels: np.ndarray) -> Development:
    found = development(levels)
    assert isinstance(found, Development)
    return found


def to_the_end(levels: np.ndarray):
    reached = (~np.isnan(levels)).sum(axis=1) - 1
    now = levels[np.arange(len(levels)), reached]
    return now, projected(steps_of(levels), now, reached.astype(float), np.full(len(levels), levels.shape[1] - 1.0))


def test_taylor_ashe_as_mack_published():
    """Mack 1993, table 3: 18,681 and 2,447 thousand; the digits are those that later authors print."""
    now, on = to_the_end(triangle("taylor_ashe"))
    assert (on.level - now).sum() == pytest.approx(18_680_856, abs=0.5)
    assert on.error(np.ones(10, dtype=bool)) == pytest.approx(2_447_095, abs=0.5)


@pytest.mark.parametrize("name", sorted(set(TRIANGLES["triangle"])))
def test_as_another_program_has_it(name: str):
    levels = triangle(name)
    steps = steps_of(levels)
    assert steps.factors == pytest.approx(expected(name, "factor"), rel=DIGITS)
    assert np.sqrt(steps.variances) == pytest.approx(expected(name, "sigma"), rel=DIGITS)
    _, on = to_the_end(levels)
    assert on.level == pytest.approx(expected(name, "ultimate"), rel=DIGITS)
    assert on.errors == pytest.approx(expected(name, "error"), rel=DIGITS)
    (total,) = expected(name, "total_error")
    assert on.error(np.ones(len(levels), dtype=bool)) == pytest.approx(total, rel=DIGITS)


SMALL = np.array([[10.0, 20.0, 30.0], [20.0, 50.0, NONE], [10.0, NONE, NONE]])


def test_factors_and_variances_by_hand():
    steps = steps_of(SMALL)
    # 70 / 30 and 30 / 20; σ² = (10 (2 − 7/3)² + 20 (2.5 − 7/3)²) / 1, and Mack's rule for one row
    assert steps.factors == pytest.approx([7 / 3, 1.5])
    assert steps.variances == pytest.approx([10 / 9 + 20 / 36, 10 / 9 + 20 / 36])
    assert steps.volumes.tolist() == [30, 20]
    assert steps.counts.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("start", "end", "level"),
    [
        (0.0, 2.0, 10 * 7 / 3 * 1.5),
        (0.0, 0.5, 10 * (1 + 0.5 * 4 / 3)),
        (0.5, 1.0, 10 * (7 / 3) / (1 + 0.5 * 4 / 3)),
        (1.0, 1.5, 12.5),
        (1.5, 1.0, 10),  # no step back
        (-0.1, 1.0, NONE),  # before the first column
        (0.0, 2.1, NONE),  # beyond the last factor
    ],
)
def test_places_between_columns(start: float, end: float, level: float):
    on = projected(steps_of(SMALL), np.array([10.0]), np.array([start]), np.array([end]))
    assert on.level == pytest.approx([level], nan_ok=True)


def test_two_halves_of_a_step_carry_as_far_as_the_whole():
    steps = steps_of(SMALL)
    whole = projected(steps, np.array([10.0]), np.array([0.0]), np.array([1.0]))
    half = projected(steps, np.array([10.0]), np.array([0.0]), np.array([0.5]))
    rest = projected(steps, half.level, np.array([0.5]), np.array([1.0]))
    assert rest.level == pytest.approx(whole.level)
    assert half.process[0] < whole.process[0]
    # errors of the factor: what is left of the step and what is done add up
    assert half.exposure[0, 0] / half.level[0] + rest.exposure[0, 0] / rest.level[0] == pytest.approx(
        whole.exposure[0, 0] / whole.level[0]
    )


def test_errors_of_factors_are_common():
    steps = steps_of(SMALL)
    on = projected(steps, np.array([10.0, 10.0]), np.zeros(2), np.full(2, 2.0))
    both = on.error(np.array([True, True]))
    assert both > np.sqrt(2) * on.errors[0]  # more than if they were independent
    assert both < 2 * on.errors[0]


@pytest.mark.parametrize(
    "levels",
    [
        np.array([[10.0, 20.0, 30.0]]),
        np.array([[10.0, NONE], [20.0, NONE]]),
        np.full((2, 1), 5.0),
        np.zeros((0, 3)),
        np.zeros((3, 3)),  # nothing collected
    ],
)
def test_no_variance_no_answer(levels: np.ndarray):
    found = development(levels)
    assert isinstance(found, Unavailable)
    assert found.reason == "too_few_deals"


def test_rows_without_recoveries_count_in_factors_alone():
    steps = steps_of(np.array([[0.0, 6.0], [10.0, 20.0], [20.0, 40.0]]))
    assert steps.factors == pytest.approx([66 / 30])
    assert steps.variances == pytest.approx([(10 * 0.2 * 0.2 + 20 * 0.2 * 0.2) / 1])


def test_a_first_column_without_recoveries_has_no_factor():
    steps = steps_of(np.array([[0.0, 10.0, 20.0], [0.0, 10.0, 30.0], [0.0, 20.0, 50.0]]))
    assert np.isnan(steps.factors[0])
    on = projected(steps, np.array([0.0, 10.0]), np.array([0.0, 1.0]), np.array([2.0, 2.0]))
    assert np.isnan(on.level[0])
    assert on.level[1] == pytest.approx(25)
    assert np.isfinite(on.errors[1])


def test_a_fall_is_a_factor_below_one():
    """A correction that lowers what had been collected."""
    steps = steps_of(np.array([[10.0, 9.0], [20.0, 19.0]]))
    assert steps.factors == pytest.approx([28 / 30])


def test_lognormal_interval_by_hand():
    # s² = ln(1 + 0.5²) = 0.2231, middle ln 100 − s²/2
    low, high = interval(np.array([100.0, 100.0, 0.0]), np.array([50.0, 0.0, 10.0]))
    spread = np.log(1.25)
    assert low[0] == pytest.approx(np.exp(np.log(100) - spread / 2 - 1.959963984540054 * np.sqrt(spread)))
    assert high[0] == pytest.approx(np.exp(np.log(100) - spread / 2 + 1.959963984540054 * np.sqrt(spread)))
    assert (low[1], high[1]) == pytest.approx((100, 100))
    assert (low[2], high[2]) == pytest.approx((-19.59963984540054, 19.59963984540054))
