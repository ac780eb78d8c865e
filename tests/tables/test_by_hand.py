"""Each table on the tiny data (see tests/helpers/tiny.py), worked out by hand. Every cell of a table is written down.

Tolerance: figures are sums and quotients of small numbers, of which tables store twelve digits.
"""

from __future__ import annotations

from math import sqrt

import pandas as pd
import pytest

from npl_report.model import Unavailable, Unit
from npl_report.tables import catalogue
from tests.helpers import tiny
from tests.helpers.market import MARKET

Cells = dict[str, dict[str, float | str | pd.Timestamp | Unavailable]]
CLOSE = 1e-9  # figures below a thousand in the twelve digits that tables store


def few(needed: int, found: int) -> Unavailable:
    return Unavailable("too_few_deals", needed, found)


NO_FORECAST, NONE_ABOVE, NONE_BELOW = (
    Unavailable(reason, 1, 0) for reason in ("no_forecast", "none_above", "none_below")
)
C1_READ, C2_READ, M1_READ, U1_READ = (
    pd.Timestamp(tiny.day(deal, 30 * age)) for deal, age in (("c1", 39), ("c2", 36), ("m1", 30), ("u1", 19))
)

EXPECTED: dict[str, Cells] = {
    # pools: corporate 1000 + 500, mortgage 400 + 200, unsecured 1000 + 100
    "issuance_by_type": {
        "corporate": {
            "n_deals": 2,
            "issuance": 500,
            "issuance_share": 0.5,
            "pool_balance": 1500,
            "issuance_to_pool": 1 / 3,
        },
        "mortgage": {
            "n_deals": 2,
            "issuance": 350,
            "issuance_share": 0.35,
            "pool_balance": 600,
            "issuance_to_pool": 7 / 12,
        },
        "unsecured": {
            "n_deals": 2,
            "issuance": 150,
            "issuance_share": 0.15,
            "pool_balance": 1100,
            "issuance_to_pool": 3 / 22,
        },
        "total": {
            "n_deals": 6,
            "issuance": 1000,
            "issuance_share": 1,
            "pool_balance": 3200,
            "issuance_to_pool": 0.3125,
        },
    },
    # c2 was issued on 10 January 2017; no deal in 2019, so that the mean is over four years
    "issuance_by_year": {
        "2016": {"n_deals": 1, "issuance": 400, "issuance_share": 0.4, "corporate": 400, "mortgage": 0, "unsecured": 0},
        "2017": {
            "n_deals": 3,
            "issuance": 450,
            "issuance_share": 0.45,
            "corporate": 100,
            "mortgage": 350,
            "unsecured": 0,
        },
        "2018": {
            "n_deals": 1,
            "issuance": 120,
            "issuance_share": 0.12,
            "corporate": 0,
            "mortgage": 0,
            "unsecured": 120,
        },
        "2020": {"n_deals": 1, "issuance": 30, "issuance_share": 0.03, "corporate": 0, "mortgage": 0, "unsecured": 30},
        "mean": {
            "n_deals": 1.5,
            "issuance": 250,
            "issuance_share": 0.25,
            "corporate": 125,
            "mortgage": 87.5,
            "unsecured": 37.5,
        },
        "total": {
            "n_deals": 6,
            "issuance": 1000,
            "issuance_share": 1,
            "corporate": 500,
            "mortgage": 350,
            "unsecured": 150,
        },
    },
    # east: c1 400, m1 250, u1 120; west: c2 100, m2 100, u2 30. Three deals each, so that size decides the order
    "issuance_by_originator": {
        "east": {"n_deals": 3, "issuance": 770, "issuance_share": 0.77, "pool_balance": 2400},
        "west": {"n_deals": 3, "issuance": 230, "issuance_share": 0.23, "pool_balance": 800},
        "total": {"n_deals": 6, "issuance": 1000, "issuance_share": 1, "pool_balance": 3200},
    },
    # senior 300 + 80 + 200 + 60 + 100 + 20 = 760, repaid 300 + 80 + 150 + 40 (restated from 30); c1 and c2 in full. The
    # 50 of m1 were reported later. Subordinated 240, of which c1 60. Liquidated by then: c1 (400 of 1000)
    "redemption_status": {
        "senior": {"initial": 760, "settled": 570, "settled_share": 0.75, "n_deals": 2},
        "subordinated": {"initial": 240, "settled": 60, "settled_share": 0.25, "n_deals": 0},
        "liquidated": {"initial": 1000, "settled": 400, "settled_share": 0.4, "n_deals": 1},
    },
    # ages at the last report: c1 45, c2 36, m1 36, m2 31, u1 19; terms of the reporting ones: 48, 36, 40, 32, 20. u2
    # counts in neither
    "seasoning_by_type": {
        "corporate": {"n_deals": 2, "n_reporting": 2, "n_unreported": 0, "mean_age": 40.5, "mean_senior_term": 42},
        "mortgage": {"n_deals": 2, "n_reporting": 2, "n_unreported": 0, "mean_age": 33.5, "mean_senior_term": 36},
        "unsecured": {"n_deals": 2, "n_reporting": 1, "n_unreported": 1, "mean_age": 19, "mean_senior_term": 20},
        "total": {"n_deals": 6, "n_reporting": 5, "n_unreported": 1, "mean_age": 33.4, "mean_senior_term": 35.2},
    },
    # m2 reports at 23 and 31 and jumps over 24–30; one year: c1, c2, m1, m2 at 12, u1 at 13
    "observation_windows": {
        "corporate": {
            "low": 33,
            "high": 39,
            "mean_age": 40.5,
            "mean_senior_term": 42,
            "n_included": 2,
            "chosen_by": "published",
        },
        "mortgage": {
            "low": 24,
            "high": 30,
            "mean_age": 33.5,
            "mean_senior_term": 36,
            "n_included": 1,
            "chosen_by": "chosen",
        },
        "unsecured": {
            "low": 13,
            "high": 19,
            "mean_age": 19,
            "mean_senior_term": 20,
            "n_included": 1,
            "chosen_by": "chosen",
        },
        "one_year": {
            "low": 10,
            "high": 14,
            "mean_age": 33.4,
            "mean_senior_term": 35.2,
            "n_included": 5,
            "chosen_by": "published",
        },
    },
    # c1 at 39: collected 100 + 100 + 50 + 50; forecast 100 + 240 × (1170 − 720)/720 = 250. c2 at 36: 100 against 25 +
    # 100. m1 at 30: 160 against 40 + 60. u1 at 19: 150 against 150, exactly on forecast
    "window_readings": {
        "c1": {
            "asset_type": "corporate",
            "originator": "east",
            "date": C1_READ,
            "age": 39,
            "issuance": 400,
            "cumulative": 300,
            "recovery": 0.3,
            "forecast": 250,
            "forecast_recovery": 250 / 1000,
            "deviation": 50,
            "offset": 0.2,
            "coverage": 1,
        },
        "c2": {
            "asset_type": "corporate",
            "originator": "west",
            "date": C2_READ,
            "age": 36,
            "issuance": 100,
            "cumulative": 100,
            "recovery": 0.2,
            "forecast": 125,
            "forecast_recovery": 125 / 500,
            "deviation": -25,
            "offset": -0.2,
            "coverage": 1.25,
        },
        "m1": {
            "asset_type": "mortgage",
            "originator": "east",
            "date": M1_READ,
            "age": 30,
            "issuance": 250,
            "cumulative": 160,
            "recovery": 0.4,
            "forecast": 100,
            "forecast_recovery": 100 / 400,
            "deviation": 60,
            "offset": 0.6,
            "coverage": 0.8,
        },
        "u1": {
            "asset_type": "unsecured",
            "originator": "east",
            "date": U1_READ,
            "age": 19,
            "issuance": 120,
            "cumulative": 150,
            "recovery": 0.15,
            "forecast": 150,
            "forecast_recovery": 150 / 1000,
            "deviation": 0,
            "offset": 0,
            "coverage": 1.5,
        },
    },
    # shares by count of the reporting (2/2, 1/2, 1/1), by amount of all of the type (500/500, 250/350, 120/150);
    # volatility of 0.3 and 0.2 about 0.25: √((0.05² + 0.05²) / 1)
    "recovery_by_type": {
        "corporate": {
            "n_included": 2,
            "share_by_count": 1,
            "share_by_amount": 1,
            "mean_recovery": 0.25,
            "max_recovery": 0.3,
            "max_deal": "c1",
            "min_recovery": 0.2,
            "min_deal": "c2",
            "volatility": sqrt(0.005),
            "mean_coverage": 1.125,
        },
        "mortgage": {
            "n_included": 1,
            "share_by_count": 0.5,
            "share_by_amount": 5 / 7,
            "mean_recovery": 0.4,
            "max_recovery": 0.4,
            "max_deal": "m1",
            "min_recovery": 0.4,
            "min_deal": "m1",
            "volatility": few(2, 1),
            "mean_coverage": 0.8,
        },
        "unsecured": {
            "n_included": 1,
            "share_by_count": 1,
            "share_by_amount": 0.8,
            "mean_recovery": 0.15,
            "max_recovery": 0.15,
            "max_deal": "u1",
            "min_recovery": 0.15,
            "min_deal": "u1",
            "volatility": few(2, 1),
            "mean_coverage": 1.5,
        },
    },
    # corporate: +50 (+0.2) and −25 (−0.2), sums 25 on 375. A deal exactly on forecast is neither above nor below
    "forecast_accuracy_by_type": {
        "corporate": {
            "n_included": 2,
            "n_above": 1,
            "share_above": 0.5,
            "mean_deviation_above": 50,
            "mean_offset_above": 0.2,
            "n_equal": 0,
            "n_below": 1,
            "mean_deviation_below": -25,
            "total_deviation_below": -25,
            "mean_offset_below": -0.2,
            "mean_deviation": 12.5,
            "mean_offset": 0,
            "mean_absolute_offset": 0.2,
            "offset_of_sums": 1 / 15,
            "n_without_offset": 0,
        },
        "mortgage": {
            "n_included": 1,
            "n_above": 1,
            "share_above": 1,
            "mean_deviation_above": 60,
            "mean_offset_above": 0.6,
            "n_equal": 0,
            "n_below": 0,
            "mean_deviation_below": NONE_BELOW,
            "total_deviation_below": NONE_BELOW,
            "mean_offset_below": NONE_BELOW,
            "mean_deviation": 60,
            "mean_offset": 0.6,
            "mean_absolute_offset": 0.6,
            "offset_of_sums": 0.6,
            "n_without_offset": 0,
        },
        "unsecured": {
            "n_included": 1,
            "n_above": 0,
            "share_above": 0,
            "mean_deviation_above": NONE_ABOVE,
            "mean_offset_above": NONE_ABOVE,
            "n_equal": 1,
            "n_below": 0,
            "mean_deviation_below": NONE_BELOW,
            "total_deviation_below": NONE_BELOW,
            "mean_offset_below": NONE_BELOW,
            "mean_deviation": 0,
            "mean_offset": 0,
            "mean_absolute_offset": 0,
            "offset_of_sums": 0,
            "n_without_offset": 0,
        },
    },
}


def _curve(deal: str, *points: tuple[int, float, float, float | Unavailable]) -> Cells:
    """Rows of deal_recovery from (age, collected, cumulative, forecast)."""
    rows: Cells = {}
    for age, collected, cumulative, forecast in points:
        date = pd.Timestamp(tiny.day(deal, 30 * age))
        known = not isinstance(forecast, Unavailable)
        rows[f"{deal}@{date:%Y-%m-%d}"] = {
            "deal": deal,
            "asset_type": {"c": "corporate", "m": "mortgage", "u": "unsecured"}[deal[0]],
            "date": date,
            "age": age,
            "collected": collected,
            "cumulative": cumulative,
            "recovery": cumulative / tiny.POOLS[deal],
            "forecast": forecast,
            "deviation": cumulative - forecast if known else NO_FORECAST,
            "offset": (cumulative - forecast) / forecast if known else NO_FORECAST,
        }
    return rows


# A first period has one day more than thirty times its months, because the cut-off day belongs to it. Forecasts:
# c1: 100 over days 0–720 (721 days), 240 over 721–1440; at 12 months 361 of the first, at 33 months 270 of the second
# u1: 150 over days 0–570 (571 days); at 7 months 211 of them, at 13 months 391
# m1: at 24 months 360 of the 540 days after day 360, at 36 months 180 of the 540 after day 900
EXPECTED["deal_recovery"] = {
    **_curve(
        "c1",
        (12, 100, 100, 100 * 361 / 721),
        (24, 100, 200, 100),
        (33, 50, 250, 100 + 240 * 270 / 720),
        (39, 50, 300, 250),
        (45, 40, 340, 100 + 240 * 630 / 720),
    ),
    **_curve("c2", (12, 20, 20, 25), (36, 80, 100, 125)),
    **_curve(
        "m1",
        (12, 40, 40, 40),
        (24, 60, 100, 40 + 60 * 360 / 540),
        (30, 60, 160, 100),
        (36, 40, 200, 100 + 100 * 180 / 540),
    ),
    **_curve("m2", (12, 20, 20, NO_FORECAST), (23, 20, 40, NO_FORECAST), (31, 20, 60, NO_FORECAST)),
    **_curve("u1", (7, 50, 50, 150 * 211 / 571), (13, 50, 100, 150 * 391 / 571), (19, 50, 150, 150)),
}


@pytest.mark.parametrize("key", EXPECTED)
def test_table_by_hand(key: str):
    result = tiny.result(key)
    assert list(result.frame.index) == list(EXPECTED[key])  # rows stand in the order in which they are printed
    for row, cells in EXPECTED[key].items():
        assert list(result.frame.columns) == list(cells)
        for column, expected in cells.items():
            found = result.gaps.get((row, column), result.frame.at[row, column])
            where = f"{key}/{row}/{column}"
            if isinstance(expected, int | float):
                assert found == pytest.approx(expected, rel=CLOSE, abs=CLOSE), where
            else:
                assert found == expected, where


def test_rows_are_named_by_a_unit_that_has_names():
    assert {catalogue(MARKET)[key].rows for key in EXPECTED} == {
        Unit.ASSET_TYPE,
        Unit.YEAR,
        Unit.ORIGINATOR,
        Unit.TRANCHE,
        Unit.DEAL,
        Unit.TERM,
    }
