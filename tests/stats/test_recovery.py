"""Dated flows → cumulative amounts on any day, ages, readings; expectations counted by hand on a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npl_report.model import Ages, Window
from npl_report.stats.recovery import age_months, cumulative_at, reading


def flows(*records: tuple[str, str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(records, columns=["deal", "period_start", "period_end", "amount"])
    return frame.assign(
        period_start=pd.to_datetime(frame["period_start"]), period_end=pd.to_datetime(frame["period_end"])
    )


def at(table: pd.DataFrame, deal: str, day: str) -> float:
    return float(cumulative_at(table, "amount", pd.Series([deal]), pd.Series([pd.Timestamp(day)])).iloc[0])


# January (31 days) brings 31, February 2019 (28 days) 280: one a day, then ten a day
TWO_MONTHS = flows(("a", "2019-01-01", "2019-01-31", 31.0), ("a", "2019-02-01", "2019-02-28", 280.0))
# Tolerance: the only inexact step is one division and one product of doubles of this size.
CLOSE = 1e-9


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2018-06-01", 0.0),  # long before
        ("2018-12-31", 0.0),  # the day before the first
        ("2019-01-01", 1.0),  # both ends belong to the period: after its first day, one of 31 days
        ("2019-01-10", 10.0),
        ("2019-01-31", 31.0),  # at the end: all of it
        ("2019-02-01", 41.0),  # 31 + 280 × 1/28
        ("2019-02-14", 171.0),  # 31 + 280 × 14/28
        ("2019-02-28", 311.0),
        ("2019-03-01", 311.0),  # after the last: the total
        ("2030-01-01", 311.0),
    ],
)
def test_cumulative_amount_by_day(day: str, expected: float):
    assert at(TWO_MONTHS, "a", day) == pytest.approx(expected, abs=CLOSE)


def test_a_period_of_one_day():
    assert at(flows(("a", "2019-05-05", "2019-05-05", 7.0)), "a", "2019-05-04") == 0.0
    assert at(flows(("a", "2019-05-05", "2019-05-05", 7.0)), "a", "2019-05-05") == 7.0


def test_leap_day_counts():
    february = flows(("a", "2020-02-01", "2020-02-29", 29.0))
    assert at(february, "a", "2020-02-28") == pytest.approx(28.0, abs=CLOSE)


def test_forecast_split_to_a_date_that_matches_no_period_end():
    # 16 October to 15 January: 16 + 30 + 31 + 15 = 92 days; by 31 December 16 + 30 + 31 = 77 of them have passed
    quarters = flows(("a", "2018-07-16", "2018-10-15", 92.0), ("a", "2018-10-16", "2019-01-15", 46.0))
    assert at(quarters, "a", "2018-12-31") == pytest.approx(92.0 + 46.0 * 77 / 92, abs=CLOSE)


def test_several_deals_do_not_touch_each_other():
    both = flows(
        ("b", "2019-02-01", "2019-02-28", 28.0),
        ("a", "2019-01-01", "2019-01-31", 31.0),
        ("a", "2019-02-01", "2019-02-28", 280.0),
    )
    deals = pd.Series(["a", "b", "a", "b", "b"], index=[10, 11, 12, 13, 14])
    dates = pd.Series(
        pd.to_datetime(["2019-02-14", "2019-02-14", "2040-01-01", "2019-01-31", "2040-01-01"]), index=deals.index
    )
    answer = cumulative_at(both, "amount", deals, dates)
    assert answer.tolist() == pytest.approx([171.0, 14.0, 311.0, 0.0, 28.0], abs=CLOSE)
    assert answer.index.tolist() == [10, 11, 12, 13, 14]


def test_a_deal_without_flows_has_no_answer():
    deals, dates = pd.Series(["a", "z"]), pd.Series(pd.to_datetime(["2019-01-31", "2019-01-31"]))
    answer = cumulative_at(TWO_MONTHS, "amount", deals, dates)
    assert answer[0] == 31.0
    assert pd.isna(answer[1])


def test_no_deal_has_flows():
    answer = cumulative_at(TWO_MONTHS.iloc[:0], "amount", pd.Series(["a"]), pd.Series(pd.to_datetime(["2019-01-31"])))
    assert answer.isna().all()


def test_nothing_is_asked():
    answer = cumulative_at(TWO_MONTHS, "amount", pd.Series([], dtype="str"), pd.Series([], dtype="datetime64[s]"))
    assert answer.empty


def test_rows_may_come_in_any_order():
    assert at(TWO_MONTHS.iloc[::-1], "a", "2019-02-14") == pytest.approx(171.0, abs=CLOSE)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    lengths=st.lists(st.integers(1, 400), min_size=1, max_size=8),
    amounts=st.lists(st.integers(0, 1000), min_size=8, max_size=8),
    offset=st.integers(-50, 2000),
)
def test_agrees_with_the_definition_of_the_methods(lengths: list[int], amounts: list[int], offset: int):
    """F(t) = Σ amount × (days of the period on or before t) / (days of the period), written down day by day."""
    begin, periods, expected = date(2018, 1, 1), [], 0.0
    day = begin + timedelta(days=offset)
    start = begin
    for length, amount in zip(lengths, amounts, strict=False):
        end = start + timedelta(days=length - 1)
        passed = sum(start + timedelta(days=number) <= day for number in range(length))
        expected += amount * passed / length
        periods.append(("a", start.isoformat(), end.isoformat(), float(amount)))
        start = end + timedelta(days=1)
    # Tolerance: eight divisions of numbers up to a thousand, each exact to 1e-13.
    assert at(flows(*periods), "a", day.isoformat()) == pytest.approx(expected, abs=1e-8)


def test_age_is_counted_in_months_of_thirty_days():
    dates = pd.Series(pd.to_datetime(["2019-01-31", "2019-12-27", "2018-12-31", "2020-03-01"]))
    cutoffs = pd.Series(pd.to_datetime(["2019-01-01", "2019-01-01", "2019-01-01", "2020-02-01"]))
    # 30 days; 360 days; one day before; 29 days in a leap February
    assert age_months(dates, cutoffs, Ages()).tolist() == pytest.approx([1.0, 12.0, -1 / 30, 29 / 30], abs=CLOSE)


def test_age_in_calendar_months():
    """The last day of a month completes it; within a month days count in proportion."""
    pairs = {
        ("2019-06-30", "2019-12-31"): 6.0,
        ("2019-08-31", "2020-02-29"): 6.0,
        ("2019-01-15", "2019-01-15"): 0.0,
        ("2019-01-31", "2019-02-14"): 0.5,  # 14 of 28 days
        ("2020-04-15", "2021-04-30"): 12.5,
        ("2020-03-31", "2020-02-29"): -1.0,
    }
    cutoffs, dates = (pd.Series(pd.to_datetime(list(days))) for days in zip(*pairs, strict=True))
    assert age_months(dates, cutoffs, Ages("calendar")).tolist() == pytest.approx(list(pairs.values()), abs=CLOSE)


def curves(**ages: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"deal": deal, "age": age, "place": number} for deal, row in ages.items() for number, age in enumerate(row)]
    )


WINDOW = Window(33, 39, "published")


@pytest.mark.parametrize(
    ("ages", "read"),
    [
        ([30.0, 34.0, 38.0, 44.0], 38.0),  # the last inside, though the deal is older
        ([33.0], 33.0),  # the lower bound belongs to it
        ([39.0], 39.0),  # and the upper one
        ([33.0, 39.0], 39.0),
        ([38.0, 34.0], 38.0),  # the last by age, in whatever order the rows come
        ([32.96], None),  # a day too early: 989/30
        ([39.04], None),  # a day too late
        ([27.0, 45.0], None),  # jumps over the window
        ([], None),
    ],
)
def test_reading_is_the_last_point_in_the_window(ages: list[float], read: float | None):
    answer = reading(curves(a=ages, other=[35.0]), WINDOW).set_index("deal")["age"].to_dict()
    assert answer.pop("other") == 35.0
    assert answer == ({} if read is None else {"a": read})


def test_reading_keeps_one_row_a_deal_with_all_its_columns():
    answer = reading(curves(b=[34.0, 36.0], a=[33.0, 38.0, 40.0]), WINDOW)
    assert answer[["deal", "age", "place"]].to_numpy().tolist() == [["a", 38.0, 1], ["b", 36.0, 1]]
