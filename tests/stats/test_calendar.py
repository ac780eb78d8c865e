"""Reporting periods in quarters of the calendar, deals that live in them and their history, by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from npl_report.model import quarter_id, quarter_number
from npl_report.stats.calendar import (
    by_quarter,
    first_day,
    last_day,
    lives,
    quarter_of,
)
from npl_report.stats.history import beyond, earlier

CLOSE = 1e-12


def days(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)))


def flows(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """(deal, first day, last day, amount)"""
    frame = pd.DataFrame(rows, columns=["deal", "period_start", "period_end", "collected"])
    return frame.assign(**{key: pd.to_datetime(frame[key]) for key in ("period_start", "period_end")})


def test_quarters_of_days():
    found = quarter_of(days("2023-12-31", "2024-01-01", "2024-03-31", "2024-04-01", None))
    assert [quarter_id(of) for of in found[:4]] == ["2023Q4", "2024Q1", "2024Q1", "2024Q2"]
    assert found[4] == -1
    assert quarter_number("2023Q4") == found[0]
    assert first_day(found[:4]).dt.strftime("%Y-%m-%d").tolist() == [
        "2023-10-01",
        "2024-01-01",
        "2024-01-01",
        "2024-04-01",
    ]
    assert last_day(found[:4]).dt.strftime("%Y-%m-%d").tolist() == [
        "2023-12-31",
        "2024-03-31",
        "2024-03-31",
        "2024-06-30",
    ]


def test_periods_are_split_by_days():
    found = by_quarter(
        flows(
            ("a", "2024-01-01", "2024-03-31", 0.3),  # a quarter by itself: as it is
            ("a", "2024-04-01", "2024-07-10", 101.0),  # 91 days and 10
            ("a", "2024-07-11", "2024-07-12", 7.0),  # in the same quarter
            ("b", "2023-12-31", "2024-12-31", 367.0),  # 1, 91, 91, 92 and 92 days
            ("c", "2024-02-29", "2024-02-29", 5.0),
        ),
        "collected",
    )
    told = {(deal, quarter_id(of)): amount for deal, of, amount in found.itertuples(index=False)}
    assert told == pytest.approx(
        {
            ("a", "2024Q1"): 0.3,
            ("a", "2024Q2"): 91,
            ("a", "2024Q3"): 17,
            ("b", "2023Q4"): 1,
            ("b", "2024Q1"): 91,
            ("b", "2024Q2"): 91,
            ("b", "2024Q3"): 92,
            ("b", "2024Q4"): 92,
            ("c", "2024Q1"): 5,
        },
        abs=CLOSE,
    )
    assert told["a", "2024Q1"] == 0.3


def deals(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    """(deal, closing, liquidated, unread from)"""
    frame = pd.DataFrame(rows, columns=["deal", "closing_date", "liquidated_on", "unread_from"])
    return frame.assign(**{key: pd.to_datetime(frame[key]) for key in frame.columns[1:]})


def test_deals_live_from_their_closing_to_their_end():
    collections = flows(
        ("run", "2023-07-01", "2024-06-30", 1.0),
        ("over", "2023-07-01", "2024-02-10", 1.0),
        ("silent", "2022-01-01", "2022-11-30", 1.0),
        ("quiet", "2022-01-01", "2022-09-30", 1.0),
        ("brief", "2022-08-01", "2022-09-15", 1.0),
        ("torn", "2022-01-01", "2022-11-30", 1.0),
        ("cut", "2023-07-01", "2023-12-31", 1.0),
        ("late", "2023-07-01", "2024-05-31", 1.0),
    )
    facts = deals(
        ("run", "2023-11-15", None, None),
        ("over", "2023-11-15", "2024-05-01", None),  # liquidated: to the quarter of its last report, and reported
        ("silent", "2022-08-01", None, None),  # more than a year without a report: to its last whole quarter
        ("quiet", "2022-08-01", None, None),  # the same, reported to the end of a quarter
        ("brief", "2022-08-01", None, None),  # the same, without a whole quarter
        ("torn", "2024-02-01", None, "2022-12-01"),  # read up to a gap: awaited however long ago
        ("cut", "2023-11-15", "2024-05-01", "2024-01-01"),  # a report is missing, others came after it: awaited
        ("late", "2024-01-15", None, None),
        ("new", "2024-05-05", None, None),  # nothing reported yet
        ("next", "2024-07-05", None, None),  # closed after the last quarter with a collection
    )
    living = lives(facts, collections, date(2024, 8, 15))
    found = {(deal, quarter_id(of)): bool(reported) for deal, of, reported, _ in living.itertuples(index=False)}
    assert found == {
        ("run", "2023Q4"): True,
        ("run", "2024Q1"): True,
        ("run", "2024Q2"): True,
        ("over", "2023Q4"): True,
        ("over", "2024Q1"): True,
        ("silent", "2022Q3"): True,
        ("quiet", "2022Q3"): True,
        ("torn", "2024Q1"): False,
        ("torn", "2024Q2"): False,
        ("cut", "2023Q4"): True,
        ("cut", "2024Q1"): False,
        ("cut", "2024Q2"): False,
        ("late", "2024Q1"): True,
        ("late", "2024Q2"): False,
        ("new", "2024Q2"): False,
    }
    # the last quarter of a liquidated deal is reported, but not to its end
    told = living.loc[living["reported"] & ~living["ended"]]
    assert [(deal, quarter_id(of)) for deal, of in zip(told["deal"], told["quarter"], strict=True)] == [
        ("over", "2024Q1")
    ]


def test_a_history_looks_back_only():
    observed = pd.DataFrame(
        [
            ("x", 2, 10, 100.0, 0.10),
            ("x", 2, 11, 300.0, 0.20),
            ("x", 2, 11, 100.0, 0.60),  # of the same quarter: neither is the other's history
            ("x", 2, 13, 100.0, 0.30),
            ("x", 3, 14, 100.0, 0.90),  # of another age
            ("y", 2, 14, 100.0, 0.70),  # of another class
        ],
        columns=["asset_type", "bucket", "quarter", "balance", "rate"],
        index=list("abcdef"),
    )
    found = earlier(observed, "balance", ["rate"])
    assert found["n_history"].to_dict() == {"a": 0, "b": 1, "c": 1, "d": 3, "e": 0, "f": 0}
    assert found["rate_mean"].dropna().to_dict() == pytest.approx({"b": 0.1, "c": 0.1, "d": 0.3}, abs=CLOSE)
    # d: (100 × 0.1 + 300 × 0.2 + 100 × 0.6) / 500
    assert found["rate_weighted"].dropna().to_dict() == pytest.approx({"b": 0.1, "c": 0.1, "d": 0.26}, abs=CLOSE)


def test_a_tie_counts_half():
    assert beyond(pd.Series([0.2, 0.1, 0.1 + 0.2]), pd.Series([0.1, 0.2, 0.3])).tolist() == [1.0, 0.0, 0.5]
