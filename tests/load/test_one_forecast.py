"""One forecast is one forecast, and the offering circular's is what recoveries are compared with.

The flows are those of tests/helpers/tiny.py but for what each test changes.
"""

from __future__ import annotations

import pytest

from npl_report.load.data import dataset
from npl_report.model import Result, Unavailable
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.load.disclosed import Files, compute, of, told


def presale(files: Files, basis: str = "gross") -> None:
    """Before c1 was issued, an agency forecast 390 where the offering document says 340."""
    for row in of(files, "forecasts", "c1"):
        files["forecasts"].append(
            {
                **row,
                "vintage": "presale",
                "agency": "east-ratings",
                "made_on": "2016-05-01",
                "basis": basis,
                "amount": str(int(row["amount"]) + 25),
            }
        )


@pytest.mark.parametrize("basis", ["gross", "net"])
def test_recoveries_are_compared_with_the_offering_document_whoever_else_forecasts(basis: str):
    files = tiny.rows()
    presale(files, basis)
    before, after = (compute(rows, "window_readings", "deal_forecast") for rows in (tiny.rows(), files))
    for key in before:
        assert before[key].frame.equals(after[key].frame)  # type: ignore[union-attr]  # tables, both
    assert len(dataset(tiny.read(files), tiny.AS_OF, MARKET).forecasts.query("deal == 'c1'")) == 4  # it is kept


@pytest.mark.parametrize(("column", "value"), [("made_on", "2016-06-02"), ("agency", "east-ratings"), ("basis", "net")])
def test_rows_of_one_forecast_agree(column: str, value: str):
    files = tiny.rows()
    of(files, "forecasts", "c2")[1][column] = value
    assert f"data/forecasts.csv/{column}: the rows of one forecast differ in {column}" in told(files)


def test_a_forecast_net_of_costs_is_compared_with_nothing_and_the_tables_say_so():
    files = tiny.rows()
    for row in files["forecasts"]:
        row["basis"] = "net"
    found = compute(files, "forecast_accuracy_by_type", "forecast_accuracy_by_originator", "deal_summary")
    kinds, summary = found["forecast_accuracy_by_type"], found["deal_summary"]
    assert isinstance(kinds, Result)
    assert isinstance(summary, Result)
    assert {gap.reason for gap in kinds.gaps.values()} == {"no_forecast"}
    assert found["forecast_accuracy_by_originator"] == Unavailable("no_forecast", needed=1, found=0)
    assert summary.gaps["c1", "offset"].reason == "no_forecast"
    rules = {item.rule for item in tiny.read(files).warnings}
    assert "the offering circular's forecast is net of costs, and there is none that is gross" in rules


def test_a_forecast_under_another_name_is_warned_of():
    files = tiny.rows()
    for row in of(files, "forecasts", "c1"):
        row["vintage"] = "at-issue"
    assert "no forecast of the deal has the vintage offering" in {item.rule for item in tiny.read(files).warnings}


@pytest.mark.parametrize(
    ("whole", "right"), [("340", True), ("340.4", True), ("341.6", False), ("339", True), ("338", False)]
)
def test_the_sum_of_the_offering_forecast_is_the_expected_recovery_within_rounding(whole: str, right: bool):  # noqa: FBT001
    files = tiny.rows()
    files["deals"][0]["expected_recovery"] = whole
    if "." in whole:  # a column is rounded as its finest value is: whole millions else, of which c1 has two
        files["forecasts"][0]["amount"] = "100.3"
    problem = "data/deals.csv/expected_recovery: the offering circular's forecast adds up to another figure"
    if right:
        assert tiny.read(files)
    else:
        assert problem in told(files)
