"""What is known when: payments after their report, periods that come late, years that are mistyped.

The flows are those of tests/helpers/tiny.py but for what each test changes.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from npl_report.load.data import dataset, read_source
from npl_report.model import InputError, Result
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.load.described import resource, write
from tests.load.disclosed import compute, late, of, told


@pytest.mark.parametrize(
    ("day", "paid"), [("2019-02-19", 0), ("2019-02-23", 0), ("2019-02-24", 30), ("2019-03-25", 40)]
)
def test_a_payment_is_reported_before_it_is_made_and_exists_once_it_was_both(day: str, paid: int):
    files = tiny.rows()
    first, restated = of(files, "payments", "u1")
    first.update(reported_on="2019-02-19", paid_on="2019-02-24")
    restated.update(paid_on="2019-02-24")
    known = dataset(tiny.read(files), date.fromisoformat(day), MARKET).payments
    assert known.loc[known["deal"] == "u1", "principal"].sum() == paid


@pytest.mark.parametrize(
    ("day", "recovered", "missing"),
    [("2019-11-01", 40, "2018-02-25"), ("2020-02-19", 40, "2018-02-25"), ("2020-03-17", 200, None)],
)
def test_a_deal_is_read_up_to_the_first_period_that_is_not_known(day: str, recovered: int, missing: str | None):
    files = tiny.rows()
    late(files)
    source = tiny.read(files)
    data = dataset(source, date.fromisoformat(day), MARKET)
    own = data.deals.set_index("deal").loc["m1"]
    assert data.collections.loc[data.collections["deal"] == "m1", "collected"].sum() == recovered
    assert (None if own.isna()["unread_from"] else f"{own['unread_from']:%Y-%m-%d}") == missing
    warnings, _ = source.gaps(data)
    assert [(item.file, item.value) for item in warnings] == ([("data/collections.csv", missing)] if missing else [])


def test_tables_say_that_a_deal_was_read_up_to_a_gap():
    files = tiny.rows()
    late(files)
    of(files, "collections", "u1")[0]["reported_on"] = "2019-10-01"  # its first period, so that nothing of it is left
    found = compute(files, "data_quality", "deal_summary", as_of=date(2019, 9, 20))
    quality, summary = found["data_quality"], found["deal_summary"]
    assert isinstance(quality, Result)
    assert isinstance(summary, Result)
    assert quality.frame["n_interrupted"].to_dict() == {"corporate": 0, "mortgage": 1, "unsecured": 1, "total": 2}
    assert f"{summary.frame.at['m1', 'unread_from']:%Y-%m-%d}" == "2018-02-25"
    assert summary.frame.at["m1", "recovery"] == 40 / 400
    assert summary.gaps["u1", "recovery"].reason == "interrupted"
    assert summary.gaps["m2", "unread_from"].reason == "uninterrupted"


@pytest.mark.parametrize(
    ("file", "column", "value", "rule"),
    [
        ("collections", "reported_on", "2108-02-26", "lies more than 366 days after the end of the period"),
        ("payments", "paid_on", "2107-01-20", "lies more than 31 days before the payment"),
        ("payments", "reported_on", "2018-01-25", "lies more than 90 days after the payment"),
        ("deals", "issue_date", "2106-06-01", "lies more than 1096 days after the cut-off date"),
        ("deals", "closing_date", "2106-06-03", "lies more than 366 days after the issue date"),
        ("deals", "liquidated_on", "2120-01-15", "lies more than 1096 days after the legal maturity of the deal"),
        ("tranches", "legal_maturity", "2119-12-11", "lies more than 5479 days after the closing date of the deal"),
        ("forecasts", "made_on", "2006-06-01", "lies more than 366 days before the issue date of the deal"),
        ("forecasts", "made_on", "2106-06-01", "lies more than 92 days after the issue date of the deal"),
    ],
)
def test_a_mistyped_year_is_told(file: str, column: str, value: str, rule: str):
    files = tiny.rows()
    rows = of(files, file, "c1")
    for row in rows if (file, column) == ("forecasts", "made_on") else rows[:1]:
        row[column] = value
    assert any(rule in line for line in told(files)), told(files)


def test_limits_are_those_of_the_description(tmp_path: Path):
    files = tiny.rows()
    of(files, "collections", "m1")[0]["reported_on"] = "2019-12-01"

    def wider(package: dict[str, object]) -> None:
        next(rule for rule in resource(package, "collections")["rules"] if rule["name"] == "reported_in_time")[
            "first_days"
        ] = 1000

    def without(package: dict[str, object]) -> None:
        rules = resource(package, "collections")["rules"]
        rules[:] = [rule for rule in rules if rule["name"] != "reported_in_time"]

    assert any("lies more than 366 days after" in line for line in told(files))
    assert read_source(write(tmp_path / "wider", wider, files)).frames
    told_of = [item.rule for item in read_source(write(tmp_path / "without", without, files)).warnings]
    assert "sets no limits for the rule reported_in_time, which is not checked" in told_of


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        ({"first_days": "366"}, "must be a whole number of days"),
        ({"first_days": -1}, "must be a whole number of days"),
        ({"first_days": 10**400}, "must be a whole number of days"),
        ({"days": 3}, "the rule reported_in_time has no such key"),
    ],
)
def test_a_limit_that_is_none_is_refused(limits: dict[str, object], rule: str, tmp_path: Path):
    def change(package: dict[str, object]) -> None:
        next(rule for rule in resource(package, "collections")["rules"] if rule["name"] == "reported_in_time").update(
            limits
        )

    with pytest.raises(InputError, match=rule):
        read_source(write(tmp_path, change))
