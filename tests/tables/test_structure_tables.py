"""The tables of part III on the tiny data (see tests/helpers/tiny.py), worked out by hand.

Terms of all its deals: coupon 4 %, fees 5 % (taxes 0.3, trust 0.7, servicing 4), fixed return 10 %, the servicer's
share of the rest 80 %, no reserve. Forecasts are paid out 24 days after the end of their periods; closing is two days
after issue.
"""

from __future__ import annotations

import pandas as pd
import pytest

from npl_report.load.data import dataset
from npl_report.tables import compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.tiny import cells
from tests.tables.part_three import (
    CLOSE,
    FOUND,
    NO_FORECAST,
    NOTHING,
    computed,
    days,
)

# --- terms


def test_structure_by_type():
    terms = {"coupon": 0.04, "fee_rate": 0.05, "fixed_return": 0.1, "reward_share": 0.8}
    # net forecasts: corporate 0.95 × (340 + 150), mortgage 0.95 × 200 (m2 has none, and its 100 do not count either),
    # unsecured 0.95 × 220
    expected = {
        "corporate": {
            "n_deals": 2,
            "n_reserve": 1,
            "issuance": 500,
            "senior_share": 0.76,
            "advance_rate": 1 / 3,
            "cover": 465.5 / 500,
            "senior_cover": 465.5 / 380,
        },
        "mortgage": {
            "n_deals": 2,
            "n_reserve": 1,
            "issuance": 350,
            "senior_share": 260 / 350,
            "advance_rate": 350 / 600,
            "cover": 190 / 250,
            "senior_cover": 190 / 200,
        },
        "unsecured": {
            "n_deals": 2,
            "n_reserve": 0,
            "issuance": 150,
            "senior_share": 0.8,
            "advance_rate": 150 / 1100,
            "cover": 209 / 150,
            "senior_cover": 209 / 120,
        },
        "total": {
            "n_deals": 6,
            "n_reserve": 2,
            "issuance": 1000,
            "senior_share": 0.76,
            "advance_rate": 0.3125,
            "cover": 864.5 / 900,
            "senior_cover": 864.5 / 700,
        },
    }
    result = computed("structure_by_type")
    assert list(result.frame.index) == list(expected)
    assert not result.gaps
    for row, values in expected.items():
        assert cells(result, row) == pytest.approx(values | terms, abs=CLOSE), row


def test_coupons_are_weighted_by_face_and_other_terms_are_not():
    files = tiny.rows()
    files["tranches"][0]["coupon"], files["tranches"][2]["coupon"] = "0.05", "0.03"  # c1 with 300, c2 with 80
    files["deals"][0] |= {
        "fee_rate": "0.08",
        "liquidity_reserve": "130",
        "sub_fixed_return": "0.12",
        "excess_reward_share": "0.6",
    }
    found = cells(computed("structure_by_type", files), "corporate")
    assert found["coupon"] == pytest.approx((300 * 0.05 + 80 * 0.03) / 380, abs=CLOSE)
    assert [found[key] for key in ("fee_rate", "n_reserve", "fixed_return", "reward_share")] == pytest.approx(
        [0.065, 1, 0.11, 0.7], abs=CLOSE
    )
    assert found["cover"] == pytest.approx((0.92 * 340 + 0.95 * 150) / 500, abs=CLOSE)


def test_structure_without_any_forecast_or_deal_of_a_type():
    files = tiny.rows()
    files["forecasts"] = [row for row in files["forecasts"] if row["deal"] != "m1"]
    found = cells(computed("structure_by_type", files), "mortgage")
    assert (found["n_deals"], found["cover"], found["senior_cover"]) == (2, NO_FORECAST, NO_FORECAST)


def test_tranche_terms():
    result = computed("tranche_terms")
    assert list(result.frame.index) == [
        f"{deal}@{tranche}" for deal in tiny.CUTOFFS for tranche in ("senior", "subordinated")
    ]
    u2 = cells(result, "u2@senior")
    # 20 × 95 % of 20 come after 587 days: less than the 20 and their interest, which is paid first
    interest = 20 * 0.04 * days("u2", 24) / 365
    assert days("u2", 24) == 587
    assert (u2["face"], u2["share"], u2["rate"], u2["expected_maturity"]) == (
        20,
        pytest.approx(2 / 3, abs=CLOSE),
        0.04,
        pd.Timestamp(tiny.day("u2", 720)),
    )
    assert u2["expected_multiple"] == pytest.approx(19 / 20, abs=CLOSE)
    assert u2["expected_yield"] == pytest.approx(0.95 ** (365 / 587) - 1, abs=FOUND)
    assert u2["expected_life"] == pytest.approx(587 / 30, abs=CLOSE)
    assert 19 - interest < 20
    junior = cells(result, "u2@subordinated")
    assert (junior["rate"], junior["expected_yield"], junior["expected_multiple"], junior["expected_life"]) == (
        0.1,
        -1,
        0,
        NOTHING,
    )
    for tranche in ("senior", "subordinated"):
        assert {cells(result, f"m2@{tranche}")[f"expected_{key}"] for key in ("yield", "multiple", "life")} == {
            NO_FORECAST
        }


# --- the waterfall of a case


def test_a_case_period_by_period():
    """c2: of two corporate deals the smaller, which is the first of the two in the middle.

    80 + 20, forecast 25, 100, 25.
    """
    result = computed("waterfall_case")
    rows = [row for row in result.frame.index if row.startswith("corporate")]
    assert rows == ["corporate-2017-07-20", "corporate-2019-07-10", "corporate-2020-07-04", "corporate-total"]
    assert (days("c2", 12), days("c2", 36), days("c2", 48)) == (189, 909, 1269)
    first, second, third, total = (cells(result, row) for row in rows)
    # 25 − 1.25 − 80 × 4 % × 189/365
    interest = 80 * 0.04 * 189 / 365
    left = 80 - (23.75 - interest)
    assert first["fees"] == pytest.approx(1.25, abs=CLOSE)
    assert [first[key] for key in ("taxes", "trust_fees", "servicing", "excess_fees")] == pytest.approx(
        [0.075, 0.175, 1, 0], abs=CLOSE
    )
    assert (first["senior_interest"], first["senior_principal"], first["senior"]) == pytest.approx(
        (interest, 23.75 - interest, left), abs=CLOSE
    )
    # 95 − 720 days of interest − what is left − 20 − 909 days of 10 % of 20; of the rest 80 % for the servicer
    later, fixed = left * 0.04 * 720 / 365, 20 * 0.1 * 909 / 365
    rest = 95 - later - left - 20 - fixed
    expected = {
        "senior_interest": later,
        "senior_principal": left,
        "subordinated_principal": 20,
        "subordinated_return": fixed,
    }
    expected |= {
        "reward": 0.8 * rest,
        "subordinated_residual": 0.2 * rest,
        "senior": 0,
        "subordinated": 0,
        "reserve": 0,
        "collected": 100,
        "fees": 5,
    }
    assert {key: second[key] for key in expected} == pytest.approx(expected, abs=CLOSE)
    # nothing is owed any more: 23.75 in the proportion 80 to 20
    assert (third["reward"], third["subordinated_residual"]) == pytest.approx((19, 4.75), abs=CLOSE)
    assert (total["collected"], total["fees"], total["senior_principal"], total["reward"]) == pytest.approx(
        (150, 7.5, 80, 0.8 * rest + 19), abs=CLOSE
    )
    assert {row["default"] for row in (first, second, third, total)} == {"no"}
    assert set(result.frame["deal"]) == {"c2", "m1", "u2"}
    assert not result.gaps


@pytest.mark.parametrize(
    ("cases", "shown"),
    [
        ({"unsecured": "u1"}, {"c2", "m1", "u1"}),
        ({"corporate": "c1", "unsecured": "u1"}, {"c1", "m1", "u1"}),
        ({"mortgage": "m2"}, {"c2", "m1", "u2"}),  # it has no forecast, so that the other one stands in
    ],
)
def test_the_case_that_the_edition_names(cases: dict[str, str], shown: set[str]):
    assert set(computed("waterfall_case", cases=cases).frame["deal"]) == shown


def test_the_payment_lag_of_the_edition():
    rows = computed("waterfall_case", payment_lag=0).frame.index
    assert [row for row in rows if row.startswith("corporate")][:3] == [
        f"corporate-{tiny.day('c2', 30 * age):%Y-%m-%d}" for age in (12, 36, 48)
    ]


def test_an_event_of_default_stands_in_the_case():
    files = tiny.rows()
    files["tranches"][10]["legal_maturity"] = "2021-09-14"  # u2, on its only payment date, with 2.29 outstanding
    assert cells(computed("waterfall_case", files), "unsecured-2021-09-14")["default"] == "yes"


def test_without_any_forecast_part_three_says_so():
    known = dataset(tiny.read(tiny.rows() | {"forecasts": []}), tiny.AS_OF, MARKET)
    keys = ("waterfall_case", "scenario_returns", "break_even")
    assert set(compute_tables(keys, known, tiny.edition()).values()) == {NO_FORECAST}
