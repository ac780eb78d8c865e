"""What was known on a day: later deals, reports, restatements and liquidations do not exist for the edition."""

from __future__ import annotations

from datetime import date

import pytest

from tests.helpers import tiny
from tests.helpers.market import MARKET


@pytest.mark.parametrize(
    ("day", "deals"),
    [
        ("2016-06-01", "c1"),
        ("2017-10-09", "c1 c2 m1"),
        ("2017-10-10", "c1 c2 m1 m2"),
        ("2018-11-30", "c1 c2 m1 m2"),
        ("2020-02-03", "c1 c2 m1 m2 u1 u2"),
    ],
)
def test_deals_exist_from_their_issue_date_on(day: str, deals: str):
    data = tiny.data(date.fromisoformat(day))
    assert data.as_of == date.fromisoformat(day)
    assert data.deals["deal"].tolist() == deals.split()
    for part in ("tranches", "collections", "forecasts", "payments"):
        assert set(getattr(data, part)["deal"]) <= set(deals.split())
    assert set(data.tranches["deal"]) == set(deals.split())


def collected(deal: str, day: str) -> list[float]:
    frame = tiny.data(date.fromisoformat(day)).collections
    return frame.loc[frame["deal"] == deal, "collected"].tolist()


@pytest.mark.parametrize(
    ("day", "values"),
    [
        # u1: age 7 ends 2019-01-27, age 13 ends 2019-07-26, age 19 ends 2020-01-22; each is reported 20 days later
        ("2019-02-15", []),
        ("2019-02-16", [50.0]),
        ("2019-09-29", [50.0, 30.0]),  # as first disclosed
        ("2019-09-30", [50.0, 50.0]),  # restated on that day
        ("2020-03-31", [50.0, 50.0, 50.0]),
        ("2020-04-01", [50.0, 50.0, 99.0]),
    ],
)
def test_of_several_values_of_a_period_the_one_known_last(day: str, values: list[float]):
    assert collected("u1", day) == values


def test_a_deal_without_a_report_yet():
    # its first period ends on 2020-02-28, 180 days after the cut-off date; February has 29 days
    assert collected("u2", "2020-03-18") == []
    assert collected("u2", "2020-03-19") == [7.0]


def paid(deal: str, day: str) -> list[float]:
    frame = tiny.data(date.fromisoformat(day)).payments
    return frame.loc[frame["deal"] == deal, "principal"].tolist()


def test_payments_count_from_their_report_on():
    assert paid("m1", "2019-09-24") == []
    assert paid("m1", "2020-03-17") == [150.0]  # 50 more were paid on 10 March, reported on 2 April
    assert paid("m1", "2020-04-02") == [150.0, 50.0]


def test_a_restated_payment_replaces_the_first():
    assert paid("u1", "2019-03-24") == [30.0]
    assert paid("u1", "2019-03-25") == [40.0]


def test_a_deal_liquidated_later_is_alive():
    assert tiny.data().deals.set_index("deal")["liquidated_on"].dropna().index.tolist() == ["c1"]
    assert tiny.data(date(2020, 1, 14)).deals["liquidated_on"].isna().all()
    assert tiny.data(date(2020, 1, 15)).deals["liquidated_on"].notna().sum() == 1
    assert tiny.data(date(2020, 6, 30)).deals["liquidated_on"].notna().sum() == 2


def test_forecasts_and_market_figures_of_later_days_do_not_exist():
    files = tiny.rows()
    rest = {"period_start": "2019-01-01", "period_end": "2020-12-31"}  # of the rest of the deal's life
    files["forecasts"].append({**files["forecasts"][0], **rest, "vintage": "review", "made_on": "2019-01-01"})
    source = tiny.read(files)
    from npl_report.load.data import dataset

    assert len(dataset(source, date(2018, 12, 31), MARKET).forecasts) == 2 + 3 + 3 + 2  # u2 is not yet issued
    assert len(dataset(source, date(2019, 1, 1), MARKET).forecasts) == 2 + 3 + 3 + 2 + 1
    assert dataset(source, date(2019, 12, 30), MARKET).market.empty
    assert len(dataset(source, date(2019, 12, 31), MARKET).market) == 1


def test_cutting_leaves_the_source_as_it_was():
    before = tiny.source().frames["deals"]["liquidated_on"].copy()
    tiny.data(date(2017, 1, 1))
    assert tiny.source().frames["deals"]["liquidated_on"].equals(before)
