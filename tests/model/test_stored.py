"""What tables store: the digits that count, by unit, and nothing of the arithmetic's noise."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npl_report.model import Column, ResearchTable, Result, Unavailable, Unit, checked, same_figure, stored
from npl_report.model.stored import stored_all


@pytest.mark.parametrize(
    ("value", "unit", "kept"),
    [
        (0.1 + 0.2, Unit.RATE, 0.3),
        (1 / 3, Unit.RATE, 0.333333333333),
        (200 / 3, Unit.RATE, 66.6666666667),  # twelve digits, which is ten decimals
        (62147.685200000014, Unit.MONEY, 62147.6852),
        (1234567.891234567, Unit.MONEY, 1234567.89123),
        (4e-11, Unit.MONEY, 0.0),  # what rounding leaves of equal sums
        (4.4e-16, Unit.RATE, 0.0),  # one less what rounding leaves of one
        (4.4e-16, Unit.NUMBER, 4.4e-16),  # a coefficient may be that small
        (2 / 3 * 1e-9, Unit.NUMBER, 6.66666666667e-10),
        (0.014472551520864995, Unit.PROBABILITY, 0.014472551521),
        (3.158141241282009e-129, Unit.PROBABILITY, 3.15814e-129),
        (0.0, Unit.PROBABILITY, 0.0),
        (39.48474576271187, Unit.MONTHS, 39.4847457627),
        (156.0, Unit.DEALS, 156.0),
        (math.inf, Unit.MULTIPLE, math.inf),
    ],
)
def test_by_hand(value: float, unit: Unit, kept: float):
    assert stored(value, unit) == kept
    if unit is not Unit.PROBABILITY:
        assert stored(-value, unit) == -kept


def test_no_number_and_no_negative_zero():
    assert math.isnan(stored(math.nan, Unit.RATE))
    assert math.copysign(1.0, stored(-1e-17, Unit.RATE)) == 1.0


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([unit for unit in Unit if unit is not Unit.PROBABILITY]),
)
def test_what_is_stored_is_stored_again_and_is_the_same_figure(value: float, unit: Unit):
    once = stored(value, unit)
    assert stored(once, unit) == once
    assert same_figure(once, value) or abs(value) < 1e-9


def _alike(values: list[float], unit: Unit) -> bool:
    """Whether all at once are stored bit for bit as one by one."""
    at_once = stored_all(np.array(values), unit)
    return at_once.tobytes() == np.array([stored(value, unit) for value in values]).tobytes()


@settings(max_examples=300, derandomize=True)
@given(st.lists(st.floats(allow_nan=False)), st.sampled_from(Unit))
def test_all_at_once(values: list[float], unit: Unit):
    assert _alike(values, unit)


@settings(max_examples=500, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(-(10**13), 10**13), st.integers(0, 24), st.integers(-9, 9), st.integers(12, 17))),
    st.sampled_from(Unit),
)
def test_all_at_once_near_ties_and_powers_of_ten(numbers: list[tuple[int, int, int, int]], unit: Unit):
    ties = [(whole + 0.5) / 10**places * (1 + off / 10**digit) for whole, places, off, digit in numbers]
    powers = [10.0 ** (places - 12) * (1 + off / 10**digit) for _, places, off, digit in numbers]
    assert _alike([*ties, *powers, 0.0, -0.0, math.inf, -math.inf], unit)


def test_what_is_missing_stays_missing():
    assert np.isnan(stored_all(np.array([math.nan, 1.0]), Unit.RATE)).tolist() == [True, False]


@pytest.mark.parametrize(("other", "same"), [(1 + 1e-11, True), (1 + 1e-9, False), (-1.0, False)])
def test_one_figure_has_ten_digits(other: float, same: bool):  # noqa: FBT001
    assert same_figure(1.0, other) is same
    assert same_figure(1e6, other * 1e6) is same
    assert same_figure(0.0, 1e-12)


def test_a_table_is_cut_where_it_is_declared_and_nowhere_else():
    columns = (
        Column("kind", Unit.TERM),
        Column("n", Unit.DEALS),
        Column("mean", Unit.RATE),
        Column("p", Unit.PROBABILITY),
    )
    frame = pd.DataFrame(
        {"kind": ["a", "b"], "n": [3, 4], "mean": [0.1 + 0.2, float("nan")], "p": [1 / 3e9, 0.5]}, index=["x", "y"]
    )
    evidence = pd.DataFrame({"row": ["x"], "on": [pd.Timestamp("2020-03-17")], "paid": [1.1 + 2.2]})
    table = ResearchTable(
        "t", Unit.TERM, columns, (Column("on", Unit.DATE), Column("paid", Unit.MONEY)), lambda: None, ("method",)
    )  # type: ignore[arg-type, return-value]
    found = checked(table, Result(frame, evidence, {("y", "mean"): Unavailable("no_deals")}))
    assert isinstance(found, Result)
    assert found.frame.loc["x"].tolist() == ["a", 3, 0.3, 3.33333e-10]
    assert math.isnan(found.number("y", "mean"))
    assert found.frame["n"].dtype == frame["n"].dtype
    assert found.evidence.loc[0].tolist() == ["x", pd.Timestamp("2020-03-17"), 3.3]
    assert found.evidence["on"].dtype == evidence["on"].dtype
    assert frame.at["x", "mean"] == 0.1 + 0.2  # what was given stays
