"""Recovery and forecast accuracy by originator and by year of issue, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from npl_report.model import Column, Result, Unavailable, Unit, checked
from npl_report.tables import catalogue, readings
from npl_report.tables.pairs import accuracy_by, accuracy_columns, recovery_by, recovery_columns
from tests.helpers import tiny
from tests.helpers.market import MARKET

CLOSE = 1e-9  # figures below a thousand in the twelve digits that tables store
RECOVERY = recovery_columns(Column("originator", Unit.ORIGINATOR))
ACCURACY = accuracy_columns(Column("originator", Unit.ORIGINATOR))
DAY = pd.Timestamp("2019-12-31")


def frame(*rows: tuple[str, str, str, float, float, float]) -> pd.DataFrame:
    """(deal, type, bank, pool, cumulative, forecast); a forecast of 0 stands for none."""
    records = []
    for deal, kind, bank, pool, cumulative, forecast in rows:
        deviation = cumulative - forecast if forecast else float("nan")
        offset = deviation / forecast if forecast else float("nan")
        records.append(
            (
                deal,
                kind,
                bank,
                DAY,
                34.0,
                cumulative,
                cumulative / pool,
                forecast or float("nan"),
                (forecast or float("nan")) / pool,
                deviation,
                offset,
            )
        )
    columns = [
        "deal",
        "asset_type",
        "originator",
        "date",
        "age",
        "cumulative",
        "recovery",
        "forecast",
        "forecast_recovery",
        "deviation",
        "offset",
    ]
    return pd.DataFrame(records, columns=columns).set_index("deal").rename_axis(None)


BANKS = frame(
    ("c3", "corporate", "east", 100, 60, 50),  # +10, +20 %
    ("c1", "corporate", "east", 100, 30, 40),  # −10, −25 %
    ("c2", "corporate", "east", 100, 60, 40),  # +20, +50 %
    ("c4", "corporate", "west", 100, 70, 0),  # no forecast
    ("m1", "mortgage", "south-2", 100, 40, 50),  # −10, −20 %; a bank whose id has the sign that joins a pair
    ("u9", "unsecured", "east", 100, 20, 20),  # exactly on forecast
)


def only_gaps(result: Result) -> dict[str, Unavailable]:
    """Gaps by ``row column``."""
    return {f"{row} {column}": gap for (row, column), gap in result.gaps.items()}


def test_recovery_of_a_pair():
    result = recovery_by("originator", BANKS, RECOVERY, "mean_recovery")
    # by type, then by mean rate: 0.7, and (0.6 + 0.3 + 0.6) / 3 = 0.5
    assert result.frame.index.tolist() == ["corporate-west", "corporate-east", "mortgage-south-2", "unsecured-east"]
    east = result.frame.loc["corporate-east"]
    assert (east["asset_type"], east["originator"], east["n_included"]) == ("corporate", "east", 3)
    assert (east["max_recovery"], east["max_deal"], east["min_recovery"], east["min_deal"]) == (
        0.6,
        "c2",
        0.3,
        "c1",
    )  # c2 and c3 alike: the first by id
    assert east["mean_recovery"] == pytest.approx(0.5, abs=CLOSE)
    assert east["volatility"] == pytest.approx(0.03**0.5, abs=CLOSE)  # (0.01 + 0.04 + 0.01) / 2
    one = Unavailable("too_few_deals", 2, 1)
    assert only_gaps(result) == {
        "corporate-west volatility": one,
        "mortgage-south-2 volatility": one,
        "unsecured-east volatility": one,
    }
    assert sorted(result.evidence["deal"]) == ["c1", "c2", "c3", "c4", "m1", "u9"]


def test_accuracy_of_a_pair():
    result = accuracy_by("originator", BANKS, ACCURACY, "mean_offset")
    assert isinstance(result, Result)
    assert result.frame.index.tolist() == [
        "corporate-east",
        "mortgage-south-2",
        "unsecured-east",
    ]  # nobody to compare in corporate-west
    east = result.frame.loc["corporate-east"]
    assert east[["n_included", "n_above", "n_below"]].tolist() == [3, 2, 1]
    expected = {
        "mean_recovery": 0.5,  # (0.6 + 0.3 + 0.6) / 3
        "mean_forecast_recovery": 1.3 / 3,
        "mean_deviation": 20 / 3,
        "mean_offset": 0.15,  # (20 − 25 + 50) / 3
        "mean_deviation_above": 15,
        "mean_offset_above": 0.35,
        "mean_deviation_below": -10,
        "mean_offset_below": -0.25,
        "mean_absolute_offset": 0.95 / 3,
        "offset_of_sums": 20 / 130,
    }
    assert east[list(expected)].astype(float).to_dict() == pytest.approx(expected, abs=CLOSE)
    assert result.frame.loc["unsecured-east", ["n_included", "n_above", "n_equal", "n_below"]].tolist() == [1, 0, 1, 0]
    empty = (("mortgage-south-2", "above"), ("unsecured-east", "above"), ("unsecured-east", "below"))
    measures = ("deviation", "offset")
    nobody = {(row, side): Unavailable(f"none_{side}", 1, 0) for row, side in empty}
    assert only_gaps(result) == {
        f"{row} mean_{of}_{side}": gap for (row, side), gap in nobody.items() for of in measures
    }
    assert "c4" not in set(result.evidence["deal"])


def test_no_deal_has_a_forecast():
    assert accuracy_by("originator", BANKS.loc[["c4"]], ACCURACY, "mean_offset") == Unavailable("no_forecast", 1, 0)


def test_tiny_recovery_by_originator():
    # each bank has one deal of a type: c1 300/1000, c2 100/500, m1 160/400, u1 150/1000 inside their windows
    result = tiny.result("recovery_by_originator")
    assert result.frame["mean_recovery"].to_dict() == pytest.approx(
        {"corporate-east": 0.3, "corporate-west": 0.2, "mortgage-east": 0.4, "unsecured-east": 0.15}, abs=CLOSE
    )


def test_tiny_forecast_accuracy_by_originator():
    # forecasts there: c1 100 + 240 × 450/720 = 250, c2 125, m1 100, u1 150
    result = tiny.result("forecast_accuracy_by_originator")
    assert result.frame["mean_deviation"].to_dict() == pytest.approx(
        {"corporate-east": 50, "corporate-west": -25, "mortgage-east": 60, "unsecured-east": 0}, abs=CLOSE
    )
    assert result.frame["mean_offset"].to_dict() == pytest.approx(
        {"corporate-east": 0.2, "corporate-west": -0.2, "mortgage-east": 0.6, "unsecured-east": 0.0}, abs=CLOSE
    )


def test_tiny_one_year_readings():
    # c1, c2, m1, m2 at age 12, u1 at 13 (100 of 1000, the first disclosure of 30 having been restated as 50)
    result = tiny.result("one_year_readings")
    assert result.frame["recovery"].to_dict() == pytest.approx(
        {"c1": 0.1, "c2": 0.04, "m1": 0.1, "m2": 0.1, "u1": 0.1}, abs=CLOSE
    )
    assert result.frame["year"].to_dict() == {"c1": 2016, "c2": 2017, "m1": 2017, "m2": 2017, "u1": 2018}
    assert result.frame.at["c1", "forecast"] == pytest.approx(100 * 361 / 721, abs=CLOSE)
    assert set(result.gaps) == {("m2", column) for column in ("forecast", "forecast_recovery", "deviation", "offset")}
    assert list(result.frame.columns) == [
        "asset_type",
        "originator",
        "year",
        *(column.key for column in readings.COLUMNS[2:]),
    ]


def test_tiny_recovery_by_year():
    frame = tiny.result("recovery_by_year").frame
    assert frame[["n_included", "mean_recovery"]].to_dict("index") == {
        "corporate-2016": {"n_included": 1, "mean_recovery": 0.1},
        "corporate-2017": {"n_included": 1, "mean_recovery": 0.04},
        "mortgage-2017": {"n_included": 2, "mean_recovery": 0.1},
        "unsecured-2018": {"n_included": 1, "mean_recovery": 0.1},
    }
    assert frame["year"].tolist() == [2016, 2017, 2017, 2018]
    assert frame.at["mortgage-2017", "volatility"] == 0.0


def test_tiny_forecast_accuracy_by_year():
    # c2 20 − 25; m1 40 − 40, m2 has no forecast
    frame = tiny.result("forecast_accuracy_by_year").frame
    assert frame.at["corporate-2017", "mean_offset"] == pytest.approx(-0.2, abs=CLOSE)
    columns = ["n_included", "n_above", "n_equal", "n_below", "mean_deviation"]
    assert frame.loc["mortgage-2017", columns].tolist() == [1, 0, 1, 0, 0.0]


@pytest.mark.parametrize(
    "key",
    ["recovery_by_originator", "forecast_accuracy_by_originator", "recovery_by_year", "forecast_accuracy_by_year"],
)
def test_the_groups_hold_every_deal_once(key: str, sample_results: Mapping[str, Result | Unavailable]):
    result = checked(catalogue(MARKET)[key], sample_results[key])
    assert isinstance(result, Result)
    assert result.frame["n_included"].sum() == len(result.evidence) == result.evidence["deal"].nunique()
