"""The recovery curve over deals and the market around them, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest

from npl_report.load.data import dataset
from npl_report.load.tablefolders import table_folder
from npl_report.model import Ages, Result, Unavailable
from npl_report.stats.distribution import level_at
from npl_report.tables import compute_tables
from npl_report.tables.recovery_curve_by_type import MINIMUM, compute
from npl_report.text.words import table_words
from tests.helpers import tiny
from tests.helpers.market import ASSET_TYPES, MARKET

CLOSE = 1e-9  # figures below a thousand in the twelve digits that tables store
NONE = float("nan")
NO_YEAR_END = Unavailable("no_year_end", 1, 0)

CURVES = pd.DataFrame(
    {
        "deal": ["a", "a", "b", "z", "n"],
        "age": [2.0, 6.0, 4.0, 5.0, 5.0],
        "level": [10.0, 50.0, 8.0, 0.0, NONE],
    }
)


@pytest.mark.parametrize(
    ("age", "a", "b"),
    [
        (0, 0, 0),  # from nothing at the cut-off
        (1, 5, 2),
        (2, 10, 4),
        (3, 20, 6),  # 10 + 40 × 1/4
        (4, 30, 8),
        (6, 50, None),  # b has not been observed there
        (7, None, None),
    ],
)
def test_level_at_an_age(age: float, a: float | None, b: float | None):
    levels = level_at(CURVES, "level", age)
    for deal, expected in (("a", a), ("b", b)):
        assert levels[deal] == pytest.approx(expected, abs=CLOSE) if expected is not None else pd.isna(levels[deal])
    assert pd.isna(levels["n"])
    assert pd.isna(levels["z"]) == (age > 5)


def curve(points: Mapping[str, Mapping[float, float]], ages: Ages = MARKET.ages) -> Result | Unavailable:
    """The table from recovery rates by deal and age; a deal's first letter is its type's."""
    kinds = {"c": "corporate", "m": "mortgage", "u": "unsecured"}
    rows = [(deal, kinds[deal[0]], age, rate) for deal, own in points.items() for age, rate in own.items()]
    return compute(
        Result(pd.DataFrame(rows, columns=["deal", "asset_type", "age", "recovery"]), pd.DataFrame()), ASSET_TYPES, ages
    )


def test_a_point_is_over_the_deals_observed_to_its_age():
    result = curve(
        {
            "c1": {3: 0.1, 6: 0.3},
            "c2": {3: 0.2, 5.9: 0.5},
            "c3": {6: 0.8},
            "c4": {1: 0, 3: 0.8},
            "c5": {2: 0.9},
            "u1": {3: 0.5},
        }
    )
    assert isinstance(result, Result)
    assert list(result.frame.index) == ["corporate-3m", "corporate-6m", "unsecured-3m"]  # each type as far as it goes
    # at 3: 0.1, 0.2, 0.8 / 2, 0.8; quartiles at places 0.75 and 2.25 of 0 to 3. At 6 only c1 and c3
    columns = [
        "n_deals",
        "mean_recovery",
        "median_recovery",
        "low_quartile",
        "high_quartile",
        "min_recovery",
        "max_recovery",
    ]
    expected = {
        "corporate-3m": [4, 0.375, 0.3, 0.1 + 0.75 * 0.1, 0.4 + 0.25 * 0.4, 0.1, 0.8],
        "corporate-6m": [2, 0.55, 0.55, 0.3 + 0.25 * 0.5, 0.3 + 0.75 * 0.5, 0.3, 0.8],
        "unsecured-3m": [1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    }
    for row, values in expected.items():
        assert result.frame.loc[row, columns].tolist() == pytest.approx(values, abs=CLOSE), row
    assert result.frame["asset_type"].tolist() == ["corporate", "corporate", "unsecured"]
    assert result.frame["age"].tolist() == [3, 6, 3]
    assert result.frame["enough"].tolist() == ["yes", "no", "no"]
    assert not result.gaps
    evidence = result.evidence.loc[result.evidence["row"] == "corporate-3m"]
    assert dict(zip(evidence["deal"], evidence["recovery"], strict=True)) == pytest.approx(
        {"c1": 0.1, "c2": 0.2, "c3": 0.4, "c4": 0.8}, abs=CLOSE
    )


@pytest.mark.parametrize(("n", "enough"), [(MINIMUM - 1, "no"), (MINIMUM, "yes")])
def test_the_minimum_number_of_deals(n: int, enough: str):
    result = curve({f"m{number}": {3: 0.1} for number in range(n)})
    assert isinstance(result, Result)
    assert result.frame["enough"].tolist() == [enough]


def test_no_deal_is_a_quarter_old():
    assert curve({"c1": {1: 0.1, 2.9: 0.2}}) == Unavailable("too_young", needed=3, found=2)


def test_points_by_the_half_year():
    result = curve({"c1": {3: 0.1, 9: 0.5}}, Ages(curve=6))
    assert isinstance(result, Result)
    assert result.frame["age"].tolist() == [6]
    assert result.frame["mean_recovery"].tolist() == pytest.approx([0.3], abs=CLOSE)
    assert curve({"c1": {5.9: 0.1}}, Ages(curve=6)) == Unavailable("too_young", needed=6, found=5)


def test_the_words_state_the_constants():
    for language in ("en", "zh"):
        definition = table_words(table_folder("recovery_curve_by_type"), language)["definition"]
        assert rf"$n \ge {MINIMUM}$" in definition


def test_tiny_recovery_curve():
    frame = tiny.result("recovery_curve_by_type").frame
    # last ages: corporate 45 and 36, mortgage 36 and 31, unsecured 19
    assert frame.groupby("asset_type")["age"].max().to_dict() == {"corporate": 45, "mortgage": 36, "unsecured": 18}
    assert frame.loc[["corporate-36m", "corporate-39m", "mortgage-30m", "mortgage-33m"], "n_deals"].tolist() == [
        2,
        1,
        2,
        1,
    ]
    # at 27: c1 200 + 50 × 3/9 of 1000, c2 20 + 80 × 15/24 of 500
    c1, c2 = (200 + 50 / 3) / 1000, 70 / 500
    assert frame.loc["corporate-27m", ["mean_recovery", "min_recovery", "max_recovery"]].tolist() == pytest.approx(
        [(c1 + c2) / 2, c2, c1], abs=CLOSE
    )
    assert frame.at["unsecured-9m", "mean_recovery"] == pytest.approx(
        (50 + 50 * 2 / 6) / 1000, abs=CLOSE
    )  # its second period restated


def market(*rows: tuple[str, str, str, str]) -> list[tiny.Row]:
    """(date, series, value, unit)"""
    return [
        {"date": day, "series": series, "value": value, "unit": unit, "source": "invented"}
        for day, series, value, unit in rows
    ]


def context(as_of: date, *rows: tuple[str, str, str, str]) -> Result:
    files = tiny.rows() | ({"market": market(*rows)} if rows else {})
    found = compute_tables(["market_context"], dataset(tiny.read(files), as_of, MARKET), tiny.edition(as_of))[
        "market_context"
    ]
    assert isinstance(found, Result)
    return found


def test_tiny_market_context():
    result = tiny.result("market_context")
    # pools: c1 1000; c2 500, m1 400, m2 200; u1 1000; none; u2 100. Only the balance at the end of 2019 is known, a
    # year without a deal
    assert result.frame["n_deals"].to_dict() == {"2016": 1, "2017": 3, "2018": 1, "2019": 0, "2020": 1}
    assert result.frame["pool_balance"].tolist() == [1000, 1100, 1000, 0, 100]
    assert result.frame.loc["2019", ["npl_balance", "pool_to_npl"]].tolist() == [5000, 0]
    assert result.gaps == {
        (year, column): NO_YEAR_END
        for year in ("2016", "2017", "2018", "2020")
        for column in ("npl_balance", "pool_to_npl")
    }
    assert result.evidence.loc[result.evidence["row"] == "2017", "deal"].tolist() == ["c2", "m1", "m2"]


def test_only_balances_of_year_ends_count_in_whatever_unit():
    result = context(
        tiny.AS_OF,
        ("2015-12-31", "npl_balance", "15000", "CNY mn"),  # before the first deal
        ("2016-12-31", "npl_balance", "20000", "CNY mn"),
        ("2016-12-31", "loans", "7", "CNY mn"),
        ("2017-09-30", "npl_balance", "21000", "CNY mn"),
        ("2018-12-31", "npl_balance", "25", "CNY bn"),
    )
    assert list(result.frame.index) == ["2016", "2017", "2018", "2019", "2020"]
    assert result.frame.loc["2016"].tolist() == [1, 20000, 1000, 0.05]
    assert result.frame.loc["2018"].tolist() == [1, 25000, 1000, 0.04]
    assert {row for row, _ in result.gaps} == {"2017", "2019", "2020"}


@pytest.mark.parametrize(
    ("day", "years", "known"),
    [("2018-12-30", ["2016", "2017", "2018"], []), ("2018-12-31", ["2016", "2017", "2018"], ["2018"])],
)
def test_a_balance_is_known_from_its_day_on(day: str, years: list[str], known: list[str]):
    result = context(date.fromisoformat(day), ("2018-12-31", "npl_balance", "10000", "CNY mn"))
    assert list(result.frame.index) == years
    assert [year for year in years if (year, "pool_to_npl") not in result.gaps] == known


def test_years_run_on_to_the_last_balance():
    result = context(date(2030, 1, 1), ("2021-12-31", "npl_balance", "10000", "CNY mn"))
    assert list(result.frame.index) == ["2016", "2017", "2018", "2019", "2020", "2021"]
    assert result.frame.loc["2021"].tolist() == [0, 10000, 0, 0]
