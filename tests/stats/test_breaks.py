"""Breaks of level: splits and statistics by hand, p values by hand and against scipy and statsmodels."""

from __future__ import annotations

from itertools import permutations
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from npl_report.model import Unavailable
from npl_report.stats import breaks
from npl_report.stats.breaks import Break, Split, arrangements, largest_breaks, splits, stepwise
from npl_report.tables.level_breaks import _judged
from tests.helpers import tiny

NONE = float("nan")


def dated(*years: int) -> pd.Series:
    return pd.Series(years, index=[f"d{place}" for place in range(len(years))])


def found(values: list[float], years: pd.Series, kind: breaks.Kind, fewest: int = 1) -> Break:
    measure = pd.Series(values, index=years.index, dtype=float)
    one = largest_breaks(measure, years, fewest, measure)[kind]
    assert isinstance(one, Break)
    return one


def test_splits_have_enough_deals_on_either_side():
    years = dated(2016, 2016, 2017, 2019, 2019, 2020, 2020)
    assert splits(years, "adjacent_years", 2) == (Split((2019,), (2020,)),)
    assert splits(years, "adjacent_years", 1) == (Split((2016,), (2017,)), Split((2019,), (2020,)))  # 2018 has no deal
    assert splits(years, "last_years", 3) == (Split((2016, 2017), (2019, 2020)),)  # of two on a side there are too few
    assert [split.after for split in splits(years, "last_years", 2)] == [(2017, 2019, 2020), (2019, 2020), (2020,)]


def test_a_single_split_counts_every_arrangement():
    # 2 and 2 deals: of 6 arrangements only the one found and its mirror are as far apart
    one = found([0, 0, 1, 1], dated(2019, 2019, 2020, 2020), "last_years", 2)
    assert (one.split, one.change, one.searched) == (Split((2019,), (2020,)), 1, 1)
    assert one.p == one.p_other == pytest.approx(2 / 6)


def test_the_search_is_part_of_the_test():
    # a, b, c of three years, the last k against the rest: |b + c − 2a| / 2 / √(3/2) and |2c − a − b| / 2 / √(3/2)
    values, years = [0.0, 0.0, 1.0], dated(2018, 2019, 2020)
    one = found(values, years, "last_years")
    assert one.split == Split((2018, 2019), (2020,))
    largest = [max(abs(b + c - 2 * a), abs(2 * c - a - b)) / 2 / sqrt(1.5) for a, b, c in permutations([0.0, 0.0, 1.0])]
    assert one.p == pytest.approx(sum(value >= 1 / sqrt(1.5) - 1e-12 for value in largest) / 6)
    assert one.p == pytest.approx(4 / 6)  # the 1 in front or at the end; without the search it would be 2 / 6


def test_of_equal_breaks_the_first():
    one = found([0, 1, 1, 0], dated(2017, 2018, 2019, 2020), "last_years")
    assert one.split == Split((2017,), (2018, 2019, 2020))


@pytest.mark.parametrize("kind", breaks.KINDS)
def test_scipy_gives_the_same_p_value_for_a_single_split(kind: breaks.Kind):
    before, after = [0.1, 0.4, 0.35, -0.2, 0.3], [-0.1, 0.0, -0.3, 0.2]
    one = found([*before, *after], dated(*[2019] * 5, *[2020] * 4), kind, 3)
    expected = stats.permutation_test(
        (before, after),
        lambda x, y, axis=-1: np.abs(np.mean(x, axis=axis) - np.mean(y, axis=axis)),
        alternative="greater",
        n_resamples=np.inf,
        vectorized=True,
    )
    assert one.p == pytest.approx(float(expected.pvalue), abs=1e-12)
    assert one.change == pytest.approx(np.mean(after) - np.mean(before))


def test_fisher_gives_the_same_p_value_for_shares():
    # 6 of 7 against 2 of 7, 3,432 arrangements; with equal numbers of deals Fisher's two sides are alike
    values = [1.0] * 6 + [0.0] + [1.0] * 2 + [0.0] * 5
    one = found(values, dated(*[2019] * 7, *[2020] * 7), "adjacent_years", 3)
    assert one.p == pytest.approx(float(stats.fisher_exact([[6, 1], [2, 5]]).pvalue), abs=1e-12)


def test_random_arrangements_come_close_to_all(monkeypatch: pytest.MonkeyPatch):
    values = [1.0] * 6 + [0.0] + [1.0] * 2 + [0.0] * 5
    years = dated(*[2018] * 4, *[2019] * 5, *[2020] * 5)
    monkeypatch.setattr(breaks, "EXACT", 10**6)
    exact = found(values, years, "last_years", 3).p
    monkeypatch.setattr(breaks, "EXACT", 0)
    drawn = found(values, years, "last_years", 3).p
    assert abs(drawn - exact) < 4 * sqrt(exact * (1 - exact) / breaks.DRAWS)
    assert found(values, years, "last_years", 3).p == drawn


def test_the_order_of_the_deals_does_not_matter():
    years = dated(*[2018] * 6, *[2019] * 9, *[2020] * 9)
    measure = pd.Series(np.linspace(0, 1, 24), index=years.index) + (years == 2020)
    mixed = years.sample(frac=1, random_state=1).index
    assert largest_breaks(measure, years, 3, measure) == largest_breaks(
        measure.reindex(mixed), years.reindex(mixed), 3, measure
    )


def test_a_larger_break_is_rarer_and_the_least_p_value_is_one_in_ten_thousand():
    years = dated(*[2018] * 20, *[2019] * 20, *[2020] * 20)
    assert found([1.0] * 40 + [0.0] * 20, years, "last_years", 3).p == pytest.approx(1 / (breaks.DRAWS + 1))


def test_another_measure_is_tested_at_the_same_split_and_may_have_gaps():
    years = dated(2018, 2018, 2019, 2019, 2020, 2020)
    measure = pd.Series([1.0, 1, 1, 1, 0, 0], index=years.index)
    other = pd.Series([1.0, NONE, 0, 0, NONE, NONE], index=years.index)
    one = largest_breaks(measure, years, 2, other)["last_years"]
    assert isinstance(one, Break)
    assert one.split == Split((2018, 2019), (2020,))
    assert one.p_other == Unavailable("nothing_forecast", 1, 0)  # a side without a figure
    other.loc["d5"] = 5.0  # 1, 0 and 0 before, 5 after, and every other arrangement has a figure less far apart
    one = largest_breaks(measure, years, 2, other)["last_years"]
    assert isinstance(one, Break)
    assert isinstance(one.p_other, float)
    assert 0 < one.p_other < 1
    flat = largest_breaks(measure, years, 2, measure * 0)["last_years"]
    assert isinstance(flat, Break)
    assert flat.p_other == Unavailable("no_spread")


def test_breaks_of_one_strength_are_ordered_by_id():
    """0.1 + 0.2 is 0.3 in the digits that count."""
    split = Split((2019,), (2020,))
    given = {
        ("b", "last_years"): Break(split, -0.3, 0.3, 1, 0.5),
        ("a", "last_years"): Break(split, 0.1 + 0.2, 0.1 + 0.2, 1, 0.5),
        ("c", "last_years"): Break(split, 0.1, 0.2, 1, 0.5),
    }
    ranks = {pair[0]: cells["rank"] for pair, cells in _judged(given, tiny.edition()).items()}
    assert ranks == {"c": 1, "a": 2, "b": 3}


def test_what_has_no_break():
    years = dated(2018, 2018, 2019)
    same = pd.Series(1.0, index=years.index)
    none = Unavailable("no_split", needed=2, found=2)
    assert largest_breaks(same, years, 2, same) == {"adjacent_years": none, "last_years": none}
    spread = Unavailable("no_spread")
    assert largest_breaks(same, years, 1, same) == {"adjacent_years": spread, "last_years": spread}
    one_year = dated(2018, 2018, 2018)
    none = Unavailable("no_split", needed=1, found=3)
    assert set(largest_breaks(pd.Series([0.0, 1, 0], index=one_year.index), one_year, 1, same).values()) == {none}


def test_arrangements():
    assert arrangements([2, 2]) == 6
    assert arrangements([1, 1, 1]) == 6
    assert arrangements([3, 2, 4]) == 1260  # 9! / (3! 2! 4!)


def test_adjustment_for_several_tests_against_statsmodels():
    p = [0.01, 0.04, 0.03, 0.005, 0.9, 0.03]
    assert stepwise(p) == pytest.approx(multipletests(p, method="holm")[1].tolist(), abs=1e-15)
    assert stepwise([]) == []
