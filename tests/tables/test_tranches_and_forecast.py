"""Tranches and offering forecasts deal by deal, on the tiny data; the arithmetic stands beside each figure."""

from __future__ import annotations

from datetime import date

import pytest

from npl_report.load.data import dataset
from npl_report.model import Result, Unavailable
from npl_report.tables import compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET


@pytest.mark.parametrize(
    ("row", "face", "share", "covered_at", "principal", "paid"),
    [
        ("c1@senior", 300, 300 / 400, 300 / 1000, 300, 1),
        ("c1@subordinated", 100, 100 / 400, 400 / 1000, 60, 0.6),
        ("m1@senior", 200, 200 / 250, 200 / 400, 150, 150 / 200),  # the last 50 were reported after the as-of date
        ("u1@senior", 100, 100 / 120, 100 / 1000, 40, 0.4),  # 30, restated as 40
        ("u2@subordinated", 10, 10 / 30, 30 / 100, 0, 0),
    ],
)
def test_a_tranche(row: str, face: float, share: float, covered_at: float, principal: float, paid: float):
    found = tiny.result("deal_tranches").frame.loc[row]
    assert (found["deal"], found["tranche"]) == tuple(row.split("@"))
    assert found["face"] == face
    assert found["share"] == pytest.approx(share)
    assert found["covered_at"] == pytest.approx(covered_at)
    assert found["principal"] == principal
    assert found["paid"] == pytest.approx(paid)


def test_redemption_is_the_day_of_the_last_principal():
    result = tiny.result("deal_tranches")
    redeemed = result.frame["redeemed_on"].dropna().dt.date.to_dict()
    assert redeemed == {"c1@senior": date(2018, 1, 20), "c2@senior": date(2019, 7, 10)}
    assert {row for row, _ in result.gaps} == set(result.frame.index) - set(redeemed)
    assert set(result.gaps.values()) == {Unavailable("not_redeemed", needed=1, found=0)}


def test_rows_are_by_deal_senior_first():
    assert list(tiny.result("deal_tranches").frame.index) == [
        f"{deal}@{tranche}" for deal in ("c1", "c2", "m1", "m2", "u1", "u2") for tranche in ("senior", "subordinated")
    ]


def test_evidence_holds_the_payments_of_principal():
    evidence = tiny.result("deal_tranches").evidence
    assert evidence.loc[evidence["row"] == "c1@senior", "principal"].tolist() == [200, 100]
    assert evidence.groupby("row")["principal"].sum().to_dict() == {
        "c1@senior": 300,
        "c1@subordinated": 60,
        "c2@senior": 80,
        "m1@senior": 150,
        "u1@senior": 40,
    }


def test_without_payments_nothing_is_repaid():
    result = compute_tables(["deal_tranches"], tiny.data(date(2016, 6, 1)), tiny.edition(date(2016, 6, 1)))[
        "deal_tranches"
    ]
    assert isinstance(result, Result)
    assert result.frame["principal"].tolist() == [0, 0]


def test_the_forecast_runs_to_its_own_end():
    frame = tiny.result("deal_forecast").frame
    m1 = frame.loc[frame["deal"] == "m1"]
    assert m1["age"].tolist() == [12, 30, 48]
    assert m1["amount"].tolist() == [40, 60, 100]
    assert m1["cumulative"].tolist() == [40, 100, 200]
    assert m1["recovery"].tolist() == pytest.approx([0.1, 0.25, 0.5])  # over a pool of 400
    assert m1.index[0] == f"m1@{tiny.day('m1', 360)}"


def test_only_deals_with_a_forecast_have_one():
    assert list(dict.fromkeys(tiny.result("deal_forecast").frame["deal"])) == ["c1", "c2", "m1", "u1", "u2"]


def test_the_first_gross_forecast_counts():
    files = tiny.rows()
    later = [
        {**row, "vintage": "tracking", "agency": "ccxi", "made_on": "2019-01-31", "amount": "1"}
        for row in files["forecasts"]
        if row["deal"] == "m1"
    ]
    net = [
        {**row, "vintage": "first", "agency": "ccxi", "basis": "net", "made_on": "2017-08-31", "amount": "1"}
        for row in files["forecasts"]
        if row["deal"] == "m1"
    ]
    data = dataset(tiny.read(files | {"forecasts": [*files["forecasts"], *later, *net]}), tiny.AS_OF, MARKET)
    result = compute_tables(["deal_forecast"], data, tiny.edition())["deal_forecast"]
    assert isinstance(result, Result)
    assert result.frame["recovery"].to_dict() == tiny.result("deal_forecast").frame["recovery"].to_dict()


def test_without_forecasts_it_says_so():
    data = dataset(tiny.read(tiny.rows() | {"forecasts": []}), tiny.AS_OF, MARKET)
    assert compute_tables(["deal_forecast"], data, tiny.edition())["deal_forecast"] == Unavailable(
        "no_forecast", needed=1, found=0
    )
