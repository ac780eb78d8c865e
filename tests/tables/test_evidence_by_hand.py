"""The rows behind the tables on the tiny data, and what decides between several of them."""

from __future__ import annotations

import pandas as pd
import pytest

from npl_report.load.data import dataset
from npl_report.model import Result
from npl_report.tables import compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.tables.test_by_hand import CLOSE


def evidence(key: str, row: str) -> pd.DataFrame:
    found = tiny.result(key).evidence
    return found.loc[found["row"] == row].drop(columns="row").reset_index(drop=True)


def test_evidence_of_groups_recomputes_their_figures():
    """The promise of the passport page: any cell can be recomputed from the rows behind it."""
    corporate = evidence("recovery_by_type", "corporate")
    assert corporate["deal"].tolist() == ["c1", "c2"]
    assert corporate["recovery"].mean() == pytest.approx(0.25, abs=CLOSE)
    assert corporate["coverage"].mean() == pytest.approx(1.125, abs=CLOSE)
    accuracy = evidence("forecast_accuracy_by_type", "corporate")
    assert accuracy["deviation"].sum() / accuracy["forecast"].sum() == pytest.approx(1 / 15, abs=CLOSE)
    assert evidence("issuance_by_type", "mortgage")["issuance"].sum() == 350
    assert evidence("issuance_by_year", "2017")["deal"].tolist() == ["c2", "m1", "m2"]  # in the order of issue
    assert evidence("issuance_by_originator", "east")["pool_balance"].sum() == 2400
    assert evidence("redemption_status", "senior")["settled"].sum() == 570
    assert evidence("redemption_status", "liquidated")["settled"].tolist() == [400, 0, 0, 0, 0, 0]
    assert evidence("seasoning_by_type", "mortgage")["age"].tolist() == [36, 31]
    assert pd.isna(evidence("seasoning_by_type", "unsecured").loc[1, "date"])  # u2 has not reported
    assert evidence("observation_windows", "one_year")["age"].tolist() == [12, 12, 12, 12, 13]


def test_evidence_of_a_reading_is_its_periods_up_to_the_date_read():
    rows = evidence("window_readings", "c1")
    assert rows["age"].tolist() == [12, 24, 33, 39]  # not the report at 45
    assert rows["collected"].sum() == 300
    assert evidence("deal_recovery", "u1@2019-07-26")[["collected", "reported_on"]].to_numpy().tolist() == [
        [50.0, pd.Timestamp("2019-09-30")]
    ]  # the restated value


def test_of_several_forecasts_the_offering_circular_s():
    """A later one and a net one change nothing."""
    files = tiny.rows()
    first = next(row for row in files["forecasts"] if row["deal"] == "c1")
    whole = {"period_start": first["period_start"], "period_end": "2020-12-31", "amount": "9999"}
    files["forecasts"].append({**first, **whole, "vintage": "agency-review", "made_on": "2018-01-01"})
    files["forecasts"].append({**first, **whole, "vintage": "net-view", "basis": "net", "made_on": "2016-02-01"})
    result = compute_tables(["deal_recovery"], dataset(tiny.read(files), tiny.AS_OF, MARKET), tiny.edition())[
        "deal_recovery"
    ]
    assert isinstance(result, Result)
    pd.testing.assert_frame_equal(result.frame, tiny.result("deal_recovery").frame)


def test_a_tie_for_the_highest_goes_to_the_first_id():
    files = tiny.rows()
    files["deals"][1] |= {"pool_balance": "400", "pool_principal": "390"}
    files["collections"][6]["collected"] = "100"  # c2 at 36: (20 + 100) / 400 = 0.3
    result = compute_tables(["recovery_by_type"], dataset(tiny.read(files), tiny.AS_OF, MARKET), tiny.edition())[
        "recovery_by_type"
    ]
    assert isinstance(result, Result)
    assert result.frame.loc["corporate", ["max_deal", "min_deal"]].tolist() == ["c1", "c1"]
