"""Redemption of the senior and the distribution of recoveries.

Worked out by hand, and against the recomputation that shares no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest

from npl_report.model import Ages, Result, Unavailable
from npl_report.stats.distribution import age_at_half, curve_of, level_to, share_at
from npl_report.stats.recovery import offering
from npl_report.stats.redemption import principal_paid
from npl_report.tables import catalogue
from reconstruction.readings import deal_readings, load
from tests.helpers import tiny
from tests.helpers.market import MARKET

CLOSE = 1e-9  # figures below a thousand in the twelve digits that tables store
AGES = (6, 12, 18, 24, 30, 36)
NONE = float("nan")

CURVES = pd.DataFrame(
    {
        "deal": ["a", "a", "a", "b", "z", "n"],
        "age": [2.0, 6.0, 10.0, 4.0, 5.0, 5.0],
        "level": [10.0, 50.0, 100.0, 8.0, 0.0, NONE],
    }
)


@pytest.mark.parametrize(
    ("age", "a", "b"),
    [
        (0, 0, 0),  # from nothing at the cut-off
        (1, 0.05, 0.25),
        (2, 0.1, 0.5),
        (4, 0.3, 1),  # 10 + 40 × 2/4
        (6, 0.5, 1),
        (10, 1, 1),
        (36, 1, 1),  # beyond the last date
    ],
)
def test_share_at_an_age(age: float, a: float, b: float):
    shares = share_at(CURVES, "level", age)
    assert shares[["a", "b"]].tolist() == pytest.approx([a, b], abs=CLOSE)
    assert shares[["z", "n"]].isna().all()  # nothing to take a share of


def test_age_at_half():
    ages = age_at_half(CURVES, "level")
    assert ages[["a", "b"]].tolist() == pytest.approx([6, 2], abs=CLOSE)
    assert ages[["z", "n"]].isna().all()


def test_half_is_reached_for_the_first_time():
    flat = pd.DataFrame({"deal": "a", "age": [1.0, 2.0, 3.0, 4.0], "level": [0.0, 50.0, 50.0, 100.0]})
    assert age_at_half(flat, "level").tolist() == [2.0]


def test_no_curves():
    assert share_at(CURVES.iloc[:0], "level", 6).empty
    assert age_at_half(CURVES.iloc[:0], "level").empty


def test_the_offering_is_the_gross_forecast_made_first():
    made = pd.to_datetime(["2018-01-01", "2017-01-01", "2017-06-01", "2017-06-01"])
    forecasts = pd.DataFrame(
        {
            "deal": ["a", "a", "a", "b"],
            "basis": ["gross", "net", "gross", "gross"],
            "made_on": made,
            "vintage": ["later", "net", "offering", "offering"],
            "period_start": made,
        }
    )
    assert offering(forecasts).index.tolist() == [2, 3]


def test_of_two_forecasts_of_one_day_one_is_taken_whole():
    made, periods = pd.to_datetime(["2017-06-01"] * 4), pd.to_datetime(["2017-01-01", "2017-07-01"] * 2)
    forecasts = pd.DataFrame(
        {
            "deal": "a",
            "basis": "gross",
            "made_on": made,
            "vintage": ["offering", "offering", "rating", "rating"],
            "period_start": periods,
        }
    )
    assert offering(forecasts)["vintage"].tolist() == ["offering", "offering"]


def test_principal_paid():
    tranches = pd.DataFrame(
        {
            "deal": ["a", "a", "b", "d"],
            "tranche": ["senior", "subordinated", "senior", "senior"],
            "face": [100.0, 10.0, 50.0, 5.0],
        }
    )
    paid_on = pd.to_datetime(["2019-01-10", "2019-07-10", "2019-10-10", "2019-07-10"])
    payments = pd.DataFrame(
        {"deal": ["a", "a", "a", "b"], "tranche": "senior", "paid_on": paid_on, "principal": [60.0, 39.9999, 0.0, 20.0]}
    )
    facts = principal_paid(tranches, payments)
    assert facts["paid"].tolist() == [99.9999, 0.0, 20.0, 0.0]
    assert facts["redeemed"].tolist() == [True, False, False, False]  # disclosed amounts are rounded
    assert facts["last_paid_on"].tolist()[0] == pd.Timestamp("2019-07-10")  # the last principal, not the last interest
    assert facts["last_paid_on"].isna().tolist() == [False, True, False, True]


def test_tiny_senior_redemptions():
    # c1: 300 by 2018-01-20, 750 days after 2016-01-01; c2: 80 on 2019-07-10, 1104 days after 2016-07-01; m1 and u1 are
    # not there yet
    frame = tiny.result("senior_redemptions").frame
    assert frame["age"].to_dict() == pytest.approx({"c1": 25.0, "c2": 36.8}, abs=CLOSE)
    assert frame["principal"].to_dict() == {"c1": 300.0, "c2": 80.0}


def test_tiny_senior_payoff():
    result = tiny.result("senior_payoff")
    assert result.frame["n_redeemed"].to_dict() == {"corporate": 2, "mortgage": 0, "unsecured": 0, "total": 2}
    for row in ("corporate", "total"):
        assert result.frame.loc[row, ["mean_age", "min_age", "max_age"]].tolist() == pytest.approx(
            [30.9, 25.0, 36.8], abs=CLOSE
        )
        assert result.frame.loc[row, ["min_deal", "max_deal"]].tolist() == ["c1", "c2"]
    assert result.gaps["mortgage", "mean_age"] == Unavailable("none_redeemed", 1, 0)


def test_tiny_recovery_distribution():
    result = tiny.result("recovery_distribution")
    # collected: c1 100, 200, 250, 300, 340 by 12, 24, 33, 39, 45; c2 20, 100 by 12, 36
    c1 = [50 / 340, 100 / 340, 150 / 340, 200 / 340, (200 + 50 * 6 / 9) / 340, 275 / 340]
    c2 = [0.1, 0.2, 0.4, 0.6, 0.8, 1.0]
    # forecast, linear from the cut-off date on as well: c1 100 by 24, 240 more by 48, of which 45 months make 310;
    # c2 25 by 12, 100 more by 36
    f1 = [25 / 310, 50 / 310, 75 / 310, 100 / 310, 160 / 310, 220 / 310]
    f2 = [0.1, 0.2, 0.4, 0.6, 0.8, 1.0]
    columns = [f"by_{age}" for age in AGES]
    assert result.frame.loc["corporate-actual", columns].tolist() == pytest.approx(
        [(one + two) / 2 for one, two in zip(c1, c2, strict=True)], abs=CLOSE
    )
    assert result.frame.loc["corporate-forecast", columns].tolist() == pytest.approx(
        [(one + two) / 2 for one, two in zip(f1, f2, strict=True)], abs=CLOSE
    )
    assert result.frame["n_deals"].tolist() == [2, 2, 0, 0, 0, 0]
    assert (
        result.gaps["mortgage-actual", "by_6"]
        == result.gaps["unsecured-forecast", "by_36"]
        == Unavailable("none_redeemed", 1, 0)
    )


def test_the_ages_are_those_of_the_edition():
    """Two ages of c1 and c2 by hand, linear between their dates: 200 of 340 and 60 of 100 by 24 months, all by 60."""
    market = replace(MARKET, horizons=(24, 60))
    data = tiny.dataset(tiny.read(tiny.rows()), tiny.AS_OF, MARKET)
    result = tiny.compute_tables(["recovery_distribution"], data, replace(tiny.edition(), market=market))[
        "recovery_distribution"
    ]
    assert isinstance(result, Result)
    assert list(result.frame.columns) == ["n_deals", "by_24", "by_60"]
    assert result.frame.loc["corporate-actual", ["by_24", "by_60"]].tolist() == pytest.approx(
        [(200 / 340 + 0.6) / 2, 1.0], abs=CLOSE
    )


def test_a_forecast_that_comes_true_has_the_distribution_of_what_is_collected():
    """Both count the cut-off day alike, whatever part of the first period an age cuts.

    c1 and c2 have collected what was forecast, date by date.
    """
    files = tiny.rows()
    first = files["forecasts"][0]
    true = []
    for row in files["collections"]:
        period = {key: row[key] for key in ("deal", "period_start", "period_end")}
        true.append({**first, **period, "made_on": tiny.ISSUED[row["deal"]], "amount": row["collected"]})
    files["forecasts"] = [row for row in true if row["deal"] in ("c1", "c2")]
    files["deals"][1]["expected_recovery"] = "100"
    data = tiny.dataset(tiny.read(files), tiny.AS_OF, MARKET)
    results = tiny.compute_tables(["recovery_distribution", "panel_observations"], data, tiny.edition())
    spread, panel = results["recovery_distribution"], results["panel_observations"]
    assert isinstance(spread, Result)
    assert isinstance(panel, Result)
    assert spread.frame.loc["corporate-forecast"].tolist() == spread.frame.loc["corporate-actual"].tolist()
    # half of the first year's 100 and 20
    assert spread.frame.at["corporate-forecast", "by_6"] == pytest.approx((50 / 340 + 10 / 100) / 2, abs=CLOSE)
    assert panel.frame["forecast"].tolist() == panel.frame["recovery"].tolist()


def test_a_forecast_is_cut_at_the_last_collection_date_and_stays_at_its_end():
    ends = pd.to_datetime(["2019-01-31", "2019-03-02", "2019-01-31"])
    flows = pd.DataFrame({"deal": ["a", "a", "b"], "period_end": ends, "amount": [30.0, 60.0, 8.0]})
    foreseen = curve_of(
        flows, "amount", pd.Series({"a": pd.Timestamp("2019-01-01"), "b": pd.Timestamp("2019-01-01")}), Ages()
    )
    assert foreseen["age"].tolist() == [1.0, 2.0, 1.0]
    # a has 30 by month 1 and 60 more by month 2; b all of its 8 by month 1
    assert level_to(foreseen, "level", 1.5).to_dict() == pytest.approx({"a": 60.0, "b": 8.0}, abs=CLOSE)
    reached = level_to(foreseen, "level", pd.Series({"b": 0.5, "a": 9.0}))
    assert reached.to_dict() == pytest.approx({"a": 90.0, "b": 4.0}, abs=CLOSE)


def test_tiny_time_to_half():
    # c1: half of 340 is 170, 12 + 12 × 70/100; of 310 is 155, between 100 at 24 and 190 at 33. c2: 50 and 62.5 of 125,
    # both at 12 + 24 × 3/8
    frame = tiny.result("time_to_half").frame
    assert frame.loc["corporate"].tolist() == pytest.approx([2, (20.4 + 21) / 2, 2, (29.5 + 21) / 2], abs=CLOSE)


def test_a_redeemed_deal_without_a_forecast():
    files = tiny.rows()
    files["forecasts"] = [row for row in files["forecasts"] if row["deal"] not in ("c1", "c2")]
    results = tiny.compute_tables(
        ["recovery_distribution", "time_to_half"], tiny.dataset(tiny.read(files), tiny.AS_OF, MARKET), tiny.edition()
    )
    spread, half = results["recovery_distribution"], results["time_to_half"]
    assert isinstance(spread, Result)
    assert isinstance(half, Result)
    assert spread.frame["n_deals"].tolist() == [2, 0, 0, 0, 0, 0]
    assert (
        spread.gaps["corporate-forecast", "by_6"]
        == half.gaps["corporate", "mean_forecast"]
        == Unavailable("no_forecast", 1, 0)
    )
    assert half.frame["n_forecast"].tolist() == [0, 0, 0]


def test_no_senior_is_redeemed():
    files = tiny.rows()
    files["payments"] = [row for row in files["payments"] if row["deal"] == "u1"]
    keys = ["senior_redemptions", "senior_payoff", "recovery_distribution", "time_to_half"]
    results = tiny.compute_tables(keys, tiny.dataset(tiny.read(files), tiny.AS_OF, MARKET), tiny.edition())
    assert {results[key] for key in keys} == {Unavailable("none_redeemed", 1, 0)}


@pytest.fixture(scope="module")
def recomputed() -> pd.DataFrame:
    deals = deal_readings(load(tiny.ROOT / "data", pd.Timestamp(tiny.AS_OF)))
    return deals.loc[deals["redeemed"]]


def by_deal(results: Mapping[str, Result | Unavailable], key: str, column: str, row: str = "") -> dict[str, float]:
    result = results[key]
    assert isinstance(result, Result)
    assert key in catalogue(MARKET)
    evidence = result.evidence.loc[result.evidence["row"].str.endswith(row)]
    return evidence.set_index("deal")[column].to_dict()


@pytest.mark.parametrize(
    ("key", "column", "row", "other"),
    [
        ("senior_payoff", "age", "", "redeemed_age"),
        ("recovery_distribution", "by_6", "-actual", "early_actual"),
        ("recovery_distribution", "by_6", "-forecast", "early_forecast"),
        ("time_to_half", "half_actual", "", "half_actual"),
        ("time_to_half", "half_forecast", "", "half_forecast"),
    ],
)
def test_every_deal_of_the_sample_agrees_with_the_recomputation(
    key: str,
    column: str,
    row: str,
    other: str,
    sample_results: Mapping[str, Result | Unavailable],
    recomputed: pd.DataFrame,
):
    # Tolerance: the two sum the same doubles in another order.
    assert by_deal(sample_results, key, column, row) == pytest.approx(recomputed[other].to_dict(), rel=1e-9)
