"""Deals on one line, their places among their peers, and what the data lack.

Worked out by hand on the tiny data (see tests/helpers/tiny.py).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest

from npl_report.load.data import dataset
from npl_report.model import BORROWER_FACTS, Column, Result, Unavailable, Unit
from npl_report.stats.groups import rank
from npl_report.tables import catalogue, compute_tables
from npl_report.tables.deal_position import compute as positions
from npl_report.text.numbers import NumberStyle
from npl_report.text.ownwords import FOLDER
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.tiny import cells

CLOSE = 1e-9  # figures below a thousand in the twelve digits that tables store
NONE = float("nan")
NO_REPORTS, NO_FORECAST, NO_DEALS = (Unavailable(reason, 1, 0) for reason in ("no_reports", "no_forecast", "no_deals"))
LAST = {
    deal: pd.Timestamp(tiny.day(deal, 30 * age))
    for deal, age in (("c1", 45), ("c2", 36), ("m1", 36), ("m2", 31), ("u1", 19))
}


def computed(key: str, files: Mapping[str, list[tiny.Row]], as_of: date = tiny.AS_OF) -> Result:
    """One table on changed files."""
    found = compute_tables([key], dataset(tiny.read(files), as_of, MARKET), tiny.edition(as_of))[key]
    assert isinstance(found, Result), found
    return found


def test_deal_summary():
    result = tiny.result("deal_summary")
    assert list(result.frame.index) == ["c1", "c2", "m1", "m2", "u1", "u2"]  # by type, then issue date
    # collected of the pool: c1 340/1000, c2 100/500, m1 200/400, m2 60/200, u1 150/1000. Forecast on the day: c1 100 +
    # 240 × 630/720 = 310, c2 125, m1 100 + 100 × 180/540, u1 150. Coverage by senior faces 300, 80, 200, 60, 100.
    # Principal: m1 150 of 200 (50 reported later), u1 40 of 100
    m1 = 100 + 100 * 180 / 540
    expected = {
        "c1": ("corporate", "east", "2016-06-01", 400, 1000, 45, 0.34, 0.31, 30 / 310, 340 / 300, 1, 0.6),
        "c2": ("corporate", "west", "2017-01-10", 100, 500, 36, 0.2, 0.25, -0.2, 1.25, 1, 0),
        "m1": ("mortgage", "east", "2017-09-01", 250, 400, 36, 0.5, m1 / 400, (200 - m1) / m1, 1, 0.75, 0),
        "m2": ("mortgage", "west", "2017-10-10", 100, 200, 31, 0.3, NO_FORECAST, NO_FORECAST, 1, 0, 0),
        "u1": ("unsecured", "east", "2018-12-01", 120, 1000, 19, 0.15, 0.15, 0, 1.5, 0.4, 0),
    }
    measures = (
        "asset_type",
        "originator",
        "issue_date",
        "issuance",
        "pool_balance",
        "age",
        "recovery",
        "forecast_recovery",
        "offset",
        "coverage",
        "senior_paid",
        "subordinated_paid",
    )
    for deal, values in expected.items():
        found = cells(result, deal)
        assert found["date"] == LAST[deal]
        for measure, value in zip(measures, values, strict=True):
            value = pd.Timestamp(value) if measure == "issue_date" else value  # noqa: PLW2901 -- the expectation as it is stored
            assert found[measure] == (pytest.approx(value, abs=CLOSE) if isinstance(value, int | float) else value), (
                f"{deal}/{measure}"
            )


def test_a_deal_without_a_report_has_its_size_and_nothing_else():
    found = cells(tiny.result("deal_summary"), "u2")
    assert (found["issuance"], found["pool_balance"], found["senior_paid"]) == (30, 100, 0)
    assert {found[key] for key in ("date", "age", "recovery", "forecast_recovery", "offset", "coverage")} == {
        NO_REPORTS
    }


def test_deal_summary_can_be_recomputed_from_its_evidence():
    result = tiny.result("deal_summary")
    facts = result.evidence.set_index("row")
    for column, part, whole in (
        ("recovery", "cumulative", "pool_balance"),
        ("forecast_recovery", "forecast", "pool_balance"),
        ("coverage", "cumulative", "senior_face"),
        ("senior_paid", "senior_principal", "senior_face"),
        ("subordinated_paid", "subordinated_principal", "subordinated_face"),
    ):
        pd.testing.assert_series_equal(facts[part] / facts[whole], result.frame[column], check_names=False)
    assert facts.loc["m1", ["senior_face", "senior_principal"]].tolist() == [200, 150]


def test_deals_of_one_type_stand_by_issue_date_then_id():
    files = tiny.rows()
    files["deals"][3]["issue_date"] = files["deals"][2]["issue_date"]  # m2 on the day of m1
    files["deals"][0] |= {"issue_date": "2017-01-11", "closing_date": "2017-01-12"}  # c1 a day after c2
    assert list(computed("deal_summary", files).frame.index) == ["c2", "c1", "m1", "m2", "u1", "u2"]


def readings(*rows: tuple[str, str, float, float, float]) -> Result:
    """(deal, type, recovery, coverage, offset)"""
    frame = (
        pd.DataFrame(rows, columns=["deal", "asset_type", "recovery", "coverage", "offset"])
        .set_index("deal")
        .rename_axis(None)
    )
    gaps = {(str(deal), "offset"): NO_FORECAST for deal in frame.index[frame["offset"].isna()]}
    return Result(frame.assign(date=pd.Timestamp("2019-12-31")), pd.DataFrame(), gaps)


def test_places_among_peers():
    result = positions(
        readings(
            ("c1", "corporate", 0.5, 1.0, -0.1),
            ("c2", "corporate", 0.1 + 0.2, 2.0, 0.4),  # equal to 0.3, but for the last bit
            ("c3", "corporate", 0.3, 3.0, NONE),
            ("c4", "corporate", 0.1, 2.0, 0.2),
            ("u1", "unsecured", 0.9, 0.5, NONE),
        )
    )
    corporate = result.frame.loc[["c1", "c2", "c3", "c4"]]
    assert corporate["rank_recovery"].tolist() == [1, 2, 2, 4]
    assert corporate["rank_coverage"].tolist() == [4, 2, 1, 2]
    assert corporate["rank_offset"].fillna(0).tolist() == [3, 1, 0, 2]  # of those with a forecast
    assert corporate["n_type"].tolist() == [4, 4, 4, 4]
    assert corporate["n_forecast"].tolist() == [3, 3, 3, 3]
    assert corporate["recovery_to_mean"].tolist() == pytest.approx(
        [0.2, 0, 0, -0.2], abs=CLOSE
    )  # mean (0.5 + 0.3 + 0.3 + 0.1) / 4
    assert result.frame.loc[
        "u1", ["n_type", "rank_recovery", "recovery_to_mean", "rank_coverage", "n_forecast"]
    ].tolist() == [1, 1, 0, 1, 0]
    assert result.gaps == {("c3", "rank_offset"): NO_FORECAST, ("u1", "rank_offset"): NO_FORECAST}


def test_tiny_deal_position():
    # inside their windows: c1 0.3, covered once, +20 %; c2 0.2, 1.25 times, −20 %; m1 and u1 alone in their types
    frame = tiny.result("deal_position").frame
    assert list(frame.index) == ["c1", "c2", "m1", "u1"]
    assert frame["asset_type"].tolist() == ["corporate", "corporate", "mortgage", "unsecured"]
    assert frame["recovery_to_mean"].tolist() == pytest.approx([0.05, -0.05, 0, 0], abs=CLOSE)
    assert frame[["rank_recovery", "rank_coverage", "rank_offset"]].to_numpy().tolist() == [
        [1, 2, 1],
        [2, 1, 2],
        [1, 1, 1],
        [1, 1, 1],
    ]


def test_rank_of_missing_and_of_no_values():
    assert rank(pd.Series([0.1, NONE, 0.2, 0.2])).fillna(0).tolist() == [3, 0, 1, 1]
    assert rank(pd.Series([], dtype=float)).empty


def test_data_quality():
    # every first report comes 20 days after its period, so that restating u1's second period (66 days after it) changes
    # no lag; restated are that period and u1's payment. Days to 17 March 2020 from the last dates: c2 16 June 2019, m1
    # 14 February, m2 18 October, u1 22 January; c1 is liquidated
    result = tiny.result("data_quality")
    names = (
        "n_deals",
        "n_reporting",
        "n_forecast",
        "n_periods",
        "mean_lag",
        "max_lag",
        "n_restated",
        "n_interrupted",
        "facts_share",
        "n_outstanding",
        "max_silence",
        "silent_deal",
    )
    assert list(result.frame.columns) == list(names)
    expected = {
        "corporate": (2, 2, 2, 7, 20, 20, 0, 0, Unavailable("not_applicable", 1, 0), 1, 275, "c2"),
        "mortgage": (2, 2, 1, 7, 20, 20, 0, 0, 1, 2, 151, "m2"),
        "unsecured": (2, 1, 2, 3, 20, 20, 2, 0, 1, 2, 55, "u1"),
        "total": (6, 5, 5, 17, 20, 20, 2, 0, 1, 5, 275, "c2"),
    }
    assert {row: tuple(cells(result, row).values()) for row in result.frame.index} == expected


def test_data_quality_by_deal():
    facts = tiny.result("data_quality").evidence.set_index("deal")
    assert list(facts.index) == ["c1", "c2", "m1", "m2", "u1", "u2"]
    assert facts["total_lag"].fillna(0).tolist() == [100, 40, 80, 60, 60, 0]
    assert facts["silence"].fillna(-1).tolist() == [
        -1,
        275,
        32,
        151,
        55,
        -1,
    ]  # none of a liquidated deal, nor before the first report
    assert facts["made_on"].isna().tolist() == [False, False, False, True, False, False]
    assert facts["facts_due"].tolist() == facts["facts_given"].tolist() == [0, 0, 2, 2, 2, 2]


def test_the_mean_lag_counts_every_period_alike():
    files = tiny.rows()
    late = [row for row in files["collections"] if row["deal"] == "c2"][1]
    late["reported_on"] = str(date.fromisoformat(late["reported_on"]) + pd.Timedelta(days=14))
    corporate = cells(computed("data_quality", files), "corporate")
    assert corporate["mean_lag"] == pytest.approx((6 * 20 + 34) / 7, abs=CLOSE)
    assert corporate["max_lag"] == 34


def test_borrower_facts_that_are_missing():
    files = tiny.rows()
    files["deals"][4]["wa_annual_income"] = ""  # of u1
    found = computed("data_quality", files).frame["facts_share"]
    assert found.drop("corporate").to_dict() == {"mortgage": 1, "unsecured": 3 / 4, "total": 7 / 8}


def test_the_borrower_facts_are_those_that_the_description_does_not_require():
    resources = json.loads(tiny.PACKAGE.read_text(encoding="utf-8"))["resources"]
    fields = next(item for item in resources if item["name"] == "deals")["schema"]["fields"]
    optional = {field["name"] for field in fields if not field.get("constraints", {}).get("required")}
    fees = {"tax_rate", "trust_fee_rate", "trust_fee_cap"}
    empty_for_their_own_reasons = {"liquidated_on", "sample", "performance_trigger", "asset_class", *fees}
    assert optional - empty_for_their_own_reasons == set(BORROWER_FACTS)


def test_data_quality_of_nothing():
    early = computed("data_quality", tiny.rows(), date(2016, 6, 1))  # c1 is issued and has no report
    assert (
        cells(early, "corporate")["mean_lag"]
        == cells(early, "corporate")["max_silence"]
        == cells(early, "total")["silent_deal"]
        == NO_REPORTS
    )
    assert (
        cells(early, "mortgage")["mean_lag"]
        == cells(early, "mortgage")["max_silence"]
        == cells(early, "unsecured")["facts_share"]
        == NO_DEALS
    )
    assert cells(early, "total")["facts_share"] == Unavailable("not_applicable", 1, 0)
    late = computed("data_quality", tiny.rows(), date(2020, 6, 30))  # c2 is liquidated too
    assert cells(late, "corporate")["max_silence"] == Unavailable("none_outstanding", 1, 0)
    assert cells(late, "corporate")["n_outstanding"] == 0


@pytest.mark.parametrize(
    ("day", "versions", "first"),
    [
        ("2019-09-29", [1, 1], ["2019-02-16", "2019-08-15"]),
        ("2019-09-30", [1, 2], ["2019-02-16", "2019-08-15"]),  # the second period is restated on that day
        ("2020-04-01", [1, 2, 2], ["2019-02-16", "2019-08-15", "2020-02-11"]),
    ],
)
def test_the_data_say_how_many_values_of_a_period_were_known(day: str, versions: list[int], first: list[str]):
    data = tiny.data(date.fromisoformat(day))
    own = data.collections.loc[data.collections["deal"] == "u1"]
    assert own["versions"].tolist() == versions
    assert pd.api.types.is_integer_dtype(own["versions"])
    assert own["first_reported_on"].dt.strftime("%Y-%m-%d").tolist() == first


def test_the_data_say_how_many_values_of_a_payment_were_known():
    def versions(day: str) -> list[int]:
        payments = tiny.data(date.fromisoformat(day)).payments
        return payments.loc[payments["deal"] == "u1", "versions"].tolist()

    assert (versions("2019-03-24"), versions("2019-03-25")) == ([1], [2])


@pytest.mark.parametrize(
    ("language", "texts"), [("zh", ["第3位", "20天", "1天"]), ("en", ["no. 3", "20 days", "1 day"])]
)
def test_ranks_and_days_in_words(language: str, texts: list[str]):
    style = NumberStyle(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8")), language)
    days = Column("max_lag", Unit.DAYS)
    assert [style.text(3, Column("rank", Unit.RANK)), style.text(20, days), style.text(1, days)] == texts


def test_tables_of_deals_have_rows_that_are_deals():
    assert {catalogue(MARKET)[key].rows for key in ("deal_summary", "deal_position")} == {Unit.DEAL}
