"""Benchmark yields for a life on a day, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from npl_report.stats.benchmark import benchmark_curves, benchmark_on


def market(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["date", "series", "value"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


MARKET = market(
    ("2024-06-30", "benchmark_3y", 0.026),
    ("2024-03-31", "benchmark_1y", 0.02),
    ("2024-03-31", "benchmark_3y", 0.03),
    ("2024-06-30", "benchmark_10y", 0.04),
    ("2024-03-31", "npl_balance", 99.0),
    ("2024-03-31", "benchmark_spread", 9.0),
)


@pytest.mark.parametrize(
    ("day", "life", "expected", "of"),
    [
        ("2024-03-31", 2, 0.025, "2024-03-31"),  # half-way between 1 and 3 years
        ("2024-06-29", 2.5, 0.0275, "2024-03-31"),  # the latest before the day
        ("2024-06-30", 2, 0.023, "2024-06-30"),  # 1 year is known from March, 3 years from June
        ("2024-12-31", 6.5, 0.033, "2024-06-30"),  # any tenor: half-way between 3 and 10
        ("2024-03-31", 0.2, 0.02, "2024-03-31"),  # flat before the first
        ("2024-04-01", 20, 0.03, "2024-03-31"),  # and after the last
    ],
)
def test_yields(day: str, life: float, expected: float, of: str):
    found = benchmark_on(benchmark_curves(MARKET), pd.Series([pd.Timestamp(day)]), pd.Series([life]))
    assert found.at[0, "benchmark"] == pytest.approx(expected)
    assert found.at[0, "observed_on"] == pd.Timestamp(of)


def test_one_tenor_is_flat():
    curves = benchmark_curves(market(("2024-03-31", "benchmark_5y", 0.02)))
    days = pd.Series([pd.Timestamp("2024-05-01")] * 3, index=["a", "b", "c"])
    found = benchmark_on(curves, days, pd.Series([1.0, 5.0, 9.0], index=days.index))
    assert found["benchmark"].tolist() == [0.02] * 3


def test_what_there_is_none_of():
    days = pd.Series([pd.Timestamp("2024-03-30"), pd.Timestamp("2024-03-31")])
    lives = pd.Series([2.0, float("nan")])
    assert benchmark_on(benchmark_curves(MARKET), days, lives).isna().all(axis=None)  # before the first; no life
    empty = benchmark_curves(market(("2024-03-31", "npl_balance", 1.0)))
    assert empty.empty
    assert benchmark_on(empty, days, pd.Series([2.0, 3.0])).isna().all(axis=None)
