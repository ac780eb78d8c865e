"""Later forecasts made whole by what had been collected before them, weighed and dated, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from npl_report.model import Ages
from npl_report.stats.revisions import months_after, paths, vintages, weighed

DAYS = Ages()
CALENDAR = Ages(months="calendar")
CUT_OFF = pd.Timestamp("2020-01-01")


def flows(*rows: tuple[str, str, str, str, str, float, str]) -> pd.DataFrame:
    """(deal, vintage, made on, start, end, amount, basis)"""
    frame = pd.DataFrame(rows, columns=["deal", "vintage", "made_on", "period_start", "period_end", "amount", "basis"])
    dates = ["made_on", "period_start", "period_end"]
    return frame.assign(agency="someone", **{key: pd.to_datetime(frame[key]) for key in dates})


def collected(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """(deal, start, end, amount)"""
    frame = pd.DataFrame(rows, columns=["deal", "period_start", "period_end", "collected"])
    return frame.assign(**{key: pd.to_datetime(frame[key]) for key in ("period_start", "period_end")})


FORECASTS = flows(
    ("a", "offering", "2020-05-01", "2020-01-01", "2020-12-31", 100, "gross"),
    ("a", "offering", "2020-05-01", "2021-01-01", "2021-12-31", 60, "gross"),
    ("a", "later", "2021-03-01", "2020-07-01", "2021-12-31", 90, "gross"),
    ("a", "net", "2021-03-01", "2020-07-01", "2021-12-31", 80, "net"),
    ("a", "presale", "2020-04-01", "2020-01-01", "2021-12-31", 150, "gross"),
    ("a", "untold", "2021-09-01", "2021-07-01", "2021-12-31", 40, "gross"),
    ("b", "later", "2021-03-01", "2020-07-01", "2021-12-31", 90, "gross"),
    ("c", "offering", "2020-05-01", "2020-01-01", "2020-12-31", 10, "net"),
    ("c", "later", "2021-03-01", "2020-01-01", "2020-12-31", 9, "gross"),
)
COLLECTED = collected(
    ("a", "2020-01-01", "2020-03-31", 30), ("a", "2020-04-01", "2020-12-31", 55), ("b", "2020-01-01", "2020-12-31", 5)
)


def test_what_a_forecast_is():
    assert vintages(FORECASTS, COLLECTED)["status"].to_dict() == {
        "a@presale": "not_later",
        "a@offering": "first",
        "a@later": "later",
        "a@net": "other_basis",
        "a@untold": "not_reported",  # collections are known to the end of 2020
        "b@later": "no_first",
        "c@offering": "other_basis",
        "c@later": "no_first",  # its first is net
    }


def whole() -> pd.DataFrame:
    made = vintages(FORECASTS, COLLECTED)
    return paths(made.loc[made["status"].isin(["first", "later"])], FORECASTS, COLLECTED)


def test_a_path_begins_with_what_had_been_collected():
    later = whole().loc[lambda of: of["deal"] == "a@later"]
    # of April to December, 275 days, the 91 to the end of June stand before the forecast
    assert later["amount"].tolist() == pytest.approx([30, 55 * 91 / 275, 90])
    assert later["told"].tolist() == [True, True, False]
    assert later["period_end"].dt.strftime("%Y-%m-%d").tolist() == ["2020-03-31", "2020-06-30", "2021-12-31"]


def test_totals_lives_and_present_values():
    paths_ = whole()
    found = weighed(paths_, pd.Series(CUT_OFF, ["a@offering", "a@later"]), 0.05, DAYS)
    first, later = found.loc["a@offering"], found.loc["a@later"]
    before = 55 * 91 / 275
    assert first["total"] == 160
    assert first["told"] == 0
    assert later["total"] == pytest.approx(120 + before)
    assert later["told"] == pytest.approx(30 + before)
    # 2020 has 366 days: the ends of both years are 365 and 730 days from its first
    assert first["moment"] / first["total"] == pytest.approx((100 * 365 + 60 * 730) / 30 / 160)
    assert first["value"] == pytest.approx(100 / 1.05 + 60 / 1.05**2)
    assert later["value"] == pytest.approx(30 * 1.05 ** (-90 / 365) + before * 1.05 ** (-181 / 365) + 90 / 1.05**2)


@pytest.mark.parametrize(
    ("day", "ages", "after"),
    [
        ("2020-01-15", DAYS, "2020-07-13"),  # 180 days
        ("2020-01-15", CALENDAR, "2020-07-15"),
        ("2020-06-30", CALENDAR, "2020-12-31"),  # the end of a month stays one
        ("2020-08-31", CALENDAR, "2021-02-28"),
    ],
)
def test_months_after(day: str, ages: Ages, after: str):
    assert months_after(pd.Series([pd.Timestamp(day)]), 6, ages).tolist() == [pd.Timestamp(after)]
