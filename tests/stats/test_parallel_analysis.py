"""How many factors chance explains: random eigenvalues beside those of R (tests/reference/factors.R)."""

from __future__ import annotations

import numpy as np
import pytest

from npl_report.stats.factors import parallel, random_eigenvalues
from tests.stats.test_factors import EXACT, expected, reference


@pytest.mark.parametrize("by", ["", "parallel."], ids=["drawn in R", "psych::fa.parallel"])
def test_random_eigenvalues_are_those_of_r_but_for_chance(by: str):
    n, p = int(expected("n")), len(reference()["variables"].split())
    theirs = np.array([expected(f"{by}random_eigenvalue.{i}") for i in range(1, p + 1)])
    # the 95th percentile of 500 draws, standard deviation of an eigenvalue about 0.1: standard error 0.1 · √(0.95 ·
    # 0.05 / 500) / 0.1 ≈ 0.01
    assert random_eigenvalues(n, p) == pytest.approx(theirs, abs=0.05)


def test_parallel_analysis_keeps_as_many_as_psych_does():
    n, p = int(expected("n")), len(reference()["variables"].split())
    eigenvalues = np.array([expected(f"eigenvalue.{i}") for i in range(1, p + 1)])
    assert parallel(eigenvalues, random_eigenvalues(n, p)) == expected("parallel") == 3


def test_random_eigenvalues_are_the_same_every_time():
    assert np.array_equal(random_eigenvalues(30, 4), random_eigenvalues(30, 4))
    assert not np.array_equal(random_eigenvalues(30, 4), random_eigenvalues(30, 4, seed=2))


def test_random_eigenvalues_of_one_draw_sum_to_the_number_of_variables():
    found = random_eigenvalues(30, 4, draws=1)
    assert found.sum() == pytest.approx(4.0, abs=EXACT)
    assert list(found) == sorted(found, reverse=True)


def test_parallel_counts_up_to_the_first_that_chance_explains():
    assert parallel(np.array([3.0, 1.4, 1.2, 0.4]), np.array([1.5, 1.3, 1.25, 0.3])) == 2
    assert parallel(np.array([1.5, 1.3]), np.array([1.5, 1.2])) == 0
    assert parallel(np.array([2.0, 1.3]), np.array([1.5, 1.2])) == 2
