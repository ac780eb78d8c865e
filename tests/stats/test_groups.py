"""Figures over the deals of a group: an answer, or why there is none."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.groups import (
    differences,
    face_of,
    highest,
    issue_sizes,
    lowest,
    mean,
    ordered,
    rank,
    ratio,
    total,
    volatility,
)

NONE = pd.Series([], dtype=float)


def test_mean_weighs_every_deal_alike():
    assert mean(pd.Series([0.1, 0.2, 0.6])) == pytest.approx(0.3, abs=1e-15)  # one division of doubles below one
    assert mean(NONE) == Unavailable("no_deals", 1, 0)
    assert mean(NONE, "no_reports") == Unavailable("no_reports", 1, 0)


def test_total_of_nothing_is_no_figure():
    assert total(pd.Series([1.5, -0.5])) == 1.0
    assert total(pd.Series([0.0])) == 0.0
    assert total(NONE) == Unavailable("no_deals", 1, 0)


def test_volatility_divides_by_n_minus_one():
    # 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, over two 13
    assert volatility(pd.Series([2.0, 4.0, 9.0])) == pytest.approx(math.sqrt(13), rel=1e-15)
    assert volatility(pd.Series([3.0, 3.0])) == 0.0
    assert volatility(pd.Series([3.0])) == Unavailable("too_few_deals", 2, 1)
    assert volatility(NONE) == Unavailable("too_few_deals", 2, 0)


def test_ratio_passes_reasons_on():
    left, right = Unavailable("no_reports", 1, 0), Unavailable("no_deals", 1, 0)
    assert ratio(1, 4) == 0.25
    assert ratio(0.0, 4.0) == 0.0
    assert ratio(-1.0, 4.0) == -0.25
    assert ratio(left, 4.0) is left
    assert ratio(1.0, right) is right
    assert ratio(left, right) is left
    assert ratio(1.0, 0.0) == Unavailable("no_deals", 1, 0)
    assert ratio(0, 0, "no_deal_in_window") == Unavailable("no_deal_in_window", 1, 0)


def test_equal_values_are_those_that_agree_in_twelve_digits():
    values = pd.Series({"c": 0.3, "b": 0.1 + 0.2, "d": 0.9, "a": -1e6 * (0.1 + 0.2), "e": -3e5})
    assert rank(values).to_dict() == {"d": 1, "b": 2, "c": 2, "a": 4, "e": 4}
    assert ordered(values, falling=True) == ["d", "b", "c", "a", "e"]
    assert (highest(values), lowest(values), highest(values.drop("d"))) == ("d", "a", "b")
    assert differences(values[["b", "d"]], pd.Series({"b": 0.3, "d": 0.4})).to_dict() == {"b": 0.0, "d": 0.5}
    assert differences(pd.Series([math.nan, 1.0]), pd.Series([1.0, math.nan])).isna().all()


def test_sizes_and_faces_by_deal():
    tranches = pd.DataFrame(
        {
            "deal": ["b", "a", "a", "b"],
            "tranche": ["subordinated", "senior", "subordinated", "senior"],
            "face": [2.0, 30.0, 10.0, 8.0],
        }
    )
    assert issue_sizes(tranches).to_dict() == {"a": 40.0, "b": 10.0}
    assert face_of(tranches, "senior").to_dict() == {"a": 30.0, "b": 8.0}
    assert face_of(tranches, "mezzanine").empty


def test_last_bits_part_no_equal_rates():
    """0.1 + 0.2 is above 0.3 by a last bit."""
    assert rank(pd.Series([0.3, 0.1 + 0.2, 0.5, float("nan")])).tolist()[:3] == [2, 2, 1]


def test_of_two_that_are_equal_but_for_the_last_bit_the_first_by_id_is_named():
    assert 0.1 + 0.2 > 0.3
    assert highest(pd.Series({"b": 0.1 + 0.2, "a": 0.3, "c": 0.2})) == "a"
    assert lowest(pd.Series({"b": 0.3, "a": 0.1 + 0.2, "c": 0.4})) == "a"
    assert highest(pd.Series({"b": 1.0, "a": 1.0})) == "a"
