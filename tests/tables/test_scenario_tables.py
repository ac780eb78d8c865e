"""The tables of scenarios, break-even recoveries and returns on the tiny data, worked out by hand.

The terms are those of tests/tables/test_structure_tables.py.
"""

from __future__ import annotations

from datetime import date

import pytest

from npl_report.stats.scenarios import DELAYS, MULTIPLIERS
from npl_report.tables import catalogue
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.tiny import cells
from tests.tables.part_three import (
    CLOSE,
    FORESEEN,
    FOUND,
    NEVER,
    NO_FORECAST,
    NO_REPORTS,
    NONE_LIQUIDATED,
    NOTHING,
    computed,
    days,
)

# --- scenarios


def test_scenario_returns():
    result = computed("scenario_returns")
    assert len(result.frame) == len(FORESEEN) * len(MULTIPLIERS) * len(DELAYS)
    assert list(result.frame.index[:5]) == ["c1@50pc0m", "c1@50pc3m", "c1@50pc6m", "c1@50pc12m", "c1@60pc0m"]
    assert list(result.frame["deal"].unique()) == FORESEEN
    # u2 at 150 %, a year of 360 days late: 28.5 net after 947 days; the senior tranche takes 20 and 947 days of
    # interest
    row = cells(result, "u2@150pc12m")
    interest, fixed = 20 * 0.04 * 947 / 365, 10 * 0.1 * 947 / 365
    left = 28.5 - 20 - interest
    assert 0 < left < 10 + fixed
    assert (row["recovered"], row["paid"], row["formula"]) == pytest.approx((30, left, left), abs=CLOSE)
    assert (row["senior_multiple"], row["senior_loss"], row["senior_life"]) == pytest.approx(
        ((20 + interest) / 20, 0, 947 / 30), abs=CLOSE
    )
    assert row["senior_rate"] == pytest.approx(((20 + interest) / 20) ** (365 / 947) - 1, abs=FOUND)
    assert row["subordinated_rate"] == pytest.approx((left / 10) ** (365 / 947) - 1, abs=FOUND)
    assert row["subordinated_loss"] == pytest.approx(1 - left / 10, abs=CLOSE)
    assert row["default"] == "no"
    nothing = cells(result, "u2@100pc0m")
    assert (
        nothing["subordinated_rate"],
        nothing["subordinated_multiple"],
        nothing["subordinated_loss"],
        nothing["subordinated_life"],
    ) == (-1, 0, 1, NOTHING)


def test_yield_scenarios_are_medians_of_the_deals():
    deals, table = computed("scenario_returns").frame, computed("yield_scenarios")
    assert [row for row in table.frame.index if row.startswith("mortgage")] == [
        f"mortgage-{percent}pc" for percent in range(50, 151, 10)
    ]
    assert table.frame.loc["corporate-120pc", "n_deals"] == 2
    both = [deals.at[f"{deal}@120pc6m", "senior_rate"] for deal in ("c1", "c2")]
    assert table.frame.at["corporate-120pc", "senior_6m"] == pytest.approx(
        sum(both) / 2, abs=CLOSE
    )  # of two, their mean
    assert table.frame.at["mortgage-120pc", "subordinated_3m"] == deals.at["m1@120pc3m", "subordinated_rate"]
    assert table.frame.at["mortgage-50pc", "subordinated_0m"] == -1


def test_scenario_outcomes_are_means_over_the_deals():
    deals, table = computed("scenario_returns").frame, computed("scenario_outcomes")
    assert list(table.frame.index[:5]) == [
        "corporate-50pc0m",
        "corporate-50pc3m",
        "corporate-50pc6m",
        "corporate-50pc12m",
        "corporate-60pc0m",
    ]
    row = cells(table, "corporate-100pc0m")
    pair = [deals.loc[f"{deal}@100pc0m"] for deal in ("c1", "c2")]
    assert row["senior_multiple"] == pytest.approx(
        (pair[0]["senior_multiple"] + pair[1]["senior_multiple"]) / 2, abs=CLOSE
    )
    assert row["subordinated_life"] == pair[1]["subordinated_life"]  # c1 repays nothing of it
    assert row["subordinated_loss"] == pytest.approx(0.5, abs=CLOSE)
    assert cells(table, "corporate-50pc0m")["subordinated_life"] == NOTHING
    # a year late at half the forecast c2 still owes principal at its legal maturity, 5 June 2021, and is paid on 29
    # June
    assert (cells(table, "corporate-50pc12m")["n_default"], cells(table, "corporate-50pc6m")["n_default"]) == (1, 0)


def test_deal_scenarios_repeat_the_deals_yields():
    deals, table = computed("scenario_returns").frame, computed("deal_scenarios")
    assert list(table.frame.index) == FORESEEN
    for column, scenario, measure in (
        ("senior_60pc", "60pc0m", "senior_rate"),
        ("subordinated_140pc", "140pc0m", "subordinated_rate"),
        ("late_120pc", "120pc12m", "subordinated_rate"),
    ):
        assert table.frame[column].tolist() == [deals.at[f"{deal}@{scenario}", measure] for deal in FORESEEN]


# --- break-even


def test_break_even():
    files = tiny.rows()
    files["payments"], files["deals"][0]["liquidity_reserve"] = [], "0"  # so that c1 pays as it collects
    result = computed("break_even", files)
    assert list(result.frame.index) == FORESEEN  # m2 has no forecast
    # u2, one date after 587 days, pool 100: (20 + interest) / 0.95, and with 10 + fixed return
    years = 587 / 365
    senior, junior = (
        20 * (1 + 0.04 * years) / 0.95 / 100,
        (20 * (1 + 0.04 * years) + 10 * (1 + 0.1 * years)) / 0.95 / 100,
    )
    u2 = cells(result, "u2")
    assert (u2["senior_at"], u2["subordinated_at"], u2["expected"]) == pytest.approx((senior, junior, 0.2), abs=FOUND)
    assert (u2["senior_margin"], u2["subordinated_margin"]) == pytest.approx((0.2 - senior, 0.2 - junior), abs=FOUND)
    assert (u2["actual"], u2["senior_margin_actual"], u2["status"], u2["formula"], u2["asset_type"]) == (
        NO_REPORTS,
        NO_REPORTS,
        "collecting",
        "yes",
        "unsecured",
    )
    # c1, 100 and 240 of 340 after two dates: what they are worth at closing repays the 300
    one = 1 + 0.04 * days("c1", 24) / 365
    two = one * (1 + 0.04 * (days("c1", 48) - days("c1", 24)) / 365)
    at = 300 / (100 / 340 / one + 240 / 340 / two) / 0.95 / 1000
    c1 = cells(result, "c1")
    assert (c1["senior_at"], c1["expected"], c1["actual"], c1["senior_margin_actual"]) == pytest.approx(
        (at, 0.34, 0.34, 0.34 - at), abs=FOUND
    )
    assert c1["status"] == "run_off"  # liquidated on 15 January 2020; c2 will be after the day
    assert cells(result, "c2")["status"] == "collecting"
    assert set(result.frame["formula"]) == {"yes"}


def test_what_no_recovery_covers_is_a_gap():
    files = tiny.rows()
    files["deals"][2]["fee_rate"] = "1"  # m1, the only mortgage deal with a forecast: fees take everything
    deal = cells(computed("break_even", files), "m1")
    assert {deal[key] for key in ("senior_at", "subordinated_at", "senior_margin", "subordinated_margin")} == {NEVER}
    assert deal["expected"] == 0.5
    kind = cells(computed("break_even_by_type", files), "mortgage")
    assert {
        kind[key] for key in ("senior_at", "subordinated_at", "senior_margin", "least_margin", "subordinated_margin")
    } == {NEVER}
    assert (kind["n_deals"], kind["expected"]) == (1, 0.5)
    # it has reported, so that its margin does not wait for a report
    assert deal["senior_margin_actual"] == NEVER
    assert deal["actual"] == 0.5


def test_what_no_recovery_covers_counts_as_short():
    files = tiny.rows()
    for place in (0, 2):  # c1, liquidated with 340 of 1000 recovered, and m1
        files["deals"][place]["fee_rate"] = "1"
    table = computed("break_even_by_type", files)
    corporate, mortgage = cells(table, "corporate"), cells(table, "mortgage")
    assert [mortgage[key] for key in ("n_subordinated_short", "n_uncovered", "n_run_off")] == [1, 1, 0]
    # c1 has no margin, c2 is covered: its figures are the means, and the least margin is none
    counts = ("n_deals", "n_subordinated_short", "n_uncovered", "n_run_off", "n_senior_short")
    assert [corporate[key] for key in counts] == [2, 1, 1, 1, 1]
    assert (corporate["least_margin"], corporate["run_off_margin"]) == (NEVER, NEVER)
    assert corporate["senior_margin"] == computed("break_even", files).frame.at["c2", "senior_margin"]
    # u1 is covered, u2 is short as before
    assert [cells(table, "total")[key] for key in counts] == [5, 3, 2, 1, 1]
    plain = computed("break_even_by_type")
    assert plain.frame["n_uncovered"].tolist() == [0, 0, 0, 0]
    declared = catalogue(MARKET)["break_even_by_type"]
    assert [column.key for column in declared.printed_of(table)] == [column.key for column in declared.printed]
    assert "n_uncovered" not in [column.key for column in declared.printed_of(plain)]


def test_break_even_by_type():
    deals, table = computed("break_even").frame, computed("break_even_by_type")
    assert list(table.frame.index) == ["corporate", "mortgage", "unsecured", "total"]
    row = cells(table, "corporate")
    assert row["senior_at"] == pytest.approx((deals.at["c1", "senior_at"] + deals.at["c2", "senior_at"]) / 2, abs=CLOSE)
    assert row["least_margin"] == deals.at["c1", "senior_margin"]
    # below R1: c1, m1, u2; below R0 when liquidated: c1 of one
    assert (row["n_deals"], row["n_subordinated_short"], row["n_run_off"], row["n_senior_short"], row["n_formula"]) == (
        2,
        1,
        1,
        1,
        2,
    )
    assert row["run_off_margin"] == deals.at["c1", "senior_margin_actual"]
    assert cells(table, "mortgage")["run_off_margin"] == NONE_LIQUIDATED
    assert table.frame.loc["total", ["n_deals", "n_subordinated_short", "n_run_off", "n_formula"]].tolist() == [
        5,
        3,
        1,
        5,
    ]
    assert table.frame.at["total", "expected"] == pytest.approx((0.34 + 0.3 + 0.5 + 0.2 + 0.2) / 5, abs=CLOSE)


# --- the subordinated tranche


def test_subordinated_return():
    result = computed("subordinated_return")
    assert list(result.frame.index) == [
        "corporate-2016",
        "corporate-2017",
        "mortgage-2017",
        "unsecured-2018",
        "unsecured-2020",
    ]
    # c1: 60 principal and 1 interest on 10 October 2019 for 100 paid on 3 June 2016, 1,224 days; 0.95 of 340 do not
    # repay the senior tranche
    first = cells(result, "corporate-2016")
    assert (date(2019, 10, 10) - date(2016, 6, 3)).days == 1224
    assert (first["paid_multiple"], first["principal_share"], first["run_off_multiple"]) == pytest.approx(
        (0.61, 0.6, 0.61), abs=CLOSE
    )
    assert first["run_off_yield"] == pytest.approx(0.61 ** (365 / 1224) - 1, abs=FOUND)
    assert (first["expected_yield"], first["expected_multiple"], first["n_run_off"]) == (-1, 0, 1)
    # c2 will be liquidated after the day
    second = cells(result, "corporate-2017")
    assert (second["n_run_off"], second["run_off_multiple"], second["run_off_yield"], second["paid_multiple"]) == (
        0,
        NONE_LIQUIDATED,
        NONE_LIQUIDATED,
        0,
    )
    # expected multiple of c2, from the case above
    assert second["expected_multiple"] == pytest.approx(
        computed("waterfall_case")
        .frame.loc["corporate-total", ["subordinated_principal", "subordinated_return", "subordinated_residual"]]
        .sum()
        / 20,
        abs=CLOSE,
    )
    # m1 and m2, of which only m1 has a forecast
    assert cells(result, "mortgage-2017")["n_deals"] == 2
    assert cells(result, "mortgage-2017")["expected_multiple"] == 0


def test_a_group_without_a_forecast_and_a_liquidated_deal_that_paid_nothing():
    files = tiny.rows()
    files["forecasts"] = [row for row in files["forecasts"] if row["deal"] != "m1"]
    files["deals"][3]["liquidated_on"] = "2020-01-31"  # m2
    row = cells(computed("subordinated_return", files), "mortgage-2017")
    assert (row["expected_yield"], row["expected_multiple"]) == (NO_FORECAST, NO_FORECAST)
    assert (row["n_run_off"], row["run_off_multiple"], row["run_off_yield"]) == (1, 0, -1)
