"""Redemption by year of issue, pricing at issue and multiples, worked out by hand on the tiny data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from npl_report.load.data import dataset
from npl_report.model import Ages, Dataset, Edition, Ranking, Result, Unavailable
from npl_report.stats.redemption import lives
from npl_report.tables import compute_tables
from tests.helpers import ladders, sampled, tiny

CLOSE = 1e-9  # figures below a thousand in the twelve digits that tables store
KEYS = ("redemption_by_cohort", "redemption_curves", "issue_pricing", "pricing_by_quarter", "multiples")
NOT_REACHED = Unavailable("median_not_reached")
QUARTERS = (("2017-03-31", "1", "0.02"), ("2017-09-30", "1", "0.022"), ("2017-09-30", "3", "0.03"))
"""Observed on, tenor in years, yield."""


def computed(key: str, files: dict[str, list[tiny.Row]] | None = None, edition: Edition | None = None) -> Result:
    own = edition or tiny.edition()
    data = dataset(tiny.read(files), own.as_of, own.market) if files else tiny.data(own.as_of)
    result = compute_tables([key], data, own)[key]
    assert isinstance(result, Result)
    return result


def with_benchmarks() -> dict[str, list[tiny.Row]]:
    files = tiny.rows()
    files["market"] += [
        {"date": day, "series": f"benchmark_{tenor}y", "value": value, "unit": "fraction", "source": "invented"}
        for day, tenor, value in QUARTERS
    ]
    return files


def of(data: Dataset, tranche: str, as_of: date = tiny.AS_OF) -> pd.DataFrame:
    return lives(data.deals, data.tranches, data.payments, data.collections, tranche, Ages(), as_of)


def test_how_long_tranches_are_outstanding():
    senior, last = of(tiny.data(), "senior"), of(tiny.data(), "subordinated")
    assert senior["redeemed"].tolist() == [True, True, False, False, False, False]
    # c1 on 20 January 2018, 750 days after its cut-off; c2 on 10 July 2019, 1104 days after
    assert senior.loc[["c1", "c2"], "age"].tolist() == [25, 36.8]
    # m1: reported to age 36, which is later than its last payment known; m2 to 31, u1 to 19
    assert senior.loc[["m1", "m2", "u1"], "age"].tolist() == [36, 31, 19]
    assert senior.at["u2", "age"] == pytest.approx(
        155 / 30
    )  # neither report nor payment: outstanding on its issue date
    assert senior.loc[["m1", "m2", "u1"], "repaid"].tolist() == [0.75, 0, 0.4]
    # c1 is liquidated with 40 of 100 unpaid: it stays outstanding to the as-of date, 1537 days after the cut-off
    assert last.loc[["c1", "c2"], "unpaid"].tolist() == [True, False]
    assert last.at["c1", "age"] == pytest.approx(1537 / 30)
    assert last.at["c2", "age"] == pytest.approx(36.8)  # of a live deal the last payment of any tranche


def test_redemption_by_year_of_issue():
    result = computed("redemption_by_cohort")
    assert list(result.frame.index) == ["2016", "2017", "2018", "2020", "total"]
    row = result.frame.loc["2017"]  # c2 redeemed at 36.8; m2 seen to 31, m1 to 36
    assert (row["n_deals"], row["n_redeemed"], row["n_unpaid"], row["n_last_redeemed"]) == (3, 1, 0, 0)
    assert row["share_redeemed"] == pytest.approx(1 / 3, abs=CLOSE)
    assert (row["mean_age"], row["median_age"]) == (36.8, 36.8)  # c2 alone is left at risk by then
    assert row["rest_half_repaid"] == 0.5  # m1, not m2
    assert result.frame.loc["total", ["n_deals", "n_redeemed", "n_last_unpaid"]].tolist() == [6, 2, 1]
    assert result.frame.at["total", "mean_age"] == pytest.approx((25 + 36.8) / 2, abs=CLOSE)
    # at risk at 25: c1, c2, m1, m2: 3/4; at 36.8 c2 alone: 0, so that the median is there
    assert result.frame.at["total", "median_age"] == 36.8
    assert result.gaps["2016", "rest_half_repaid"] == Unavailable("none_left", 1, 0)
    assert result.gaps["2018", "mean_age"] == Unavailable("none_redeemed", 1, 0)
    assert result.gaps["2018", "median_age"] == NOT_REACHED


def test_curves_at_whole_months():
    frame = computed("redemption_curves").frame
    first = frame.loc[frame["year"] == 2016]
    assert first["age"].tolist() == list(range(52))  # to the as-of date, for the last tranche of c1
    assert first.loc[["2016-24m", "2016-25m"], "survival"].tolist() == [1, 0]
    assert first.loc[["2016-25m", "2016-26m"], "at_risk"].tolist() == [1, 0]
    assert first["last_survival"].unique().tolist() == [1]
    second = frame.loc[frame["year"] == 2017]
    assert second.index[-1] == "2017-37m"  # all is over at 36.8
    assert second.loc[["2017-31m", "2017-32m", "2017-36m", "2017-37m"], "at_risk"].tolist() == [3, 2, 2, 0]
    assert second.loc[["2017-36m", "2017-37m"], "survival"].tolist() == [1, 0]
    assert set(frame["enough"]) == {"yes", "no"}
    assert second["enough"].unique().tolist() == ["yes"]  # three deals


def test_beyond_what_is_observed_there_is_no_share():
    result = computed("redemption_curves")
    assert result.gaps["2017-37m", "last_survival"] == Unavailable("beyond_observed", 1, 0)
    assert result.gaps["2017-37m", "error"] == Unavailable("none_outstanding_error")


def test_every_tranche_stands_behind_one_month():
    evidence = computed("redemption_curves").evidence
    assert sorted(zip(evidence["deal"], evidence["tranche"], strict=True)) == sorted(
        (deal, tranche) for deal in tiny.CUTOFFS for tranche in ("senior", "subordinated")
    )
    rows = dict(zip(evidence["deal"] + "-" + evidence["tranche"], evidence["row"], strict=True))
    assert rows["c1-senior"] == "2016-25m"
    assert rows["c2-senior"] == "2017-37m"
    assert rows["c1-subordinated"] == "2016-51m"


def test_pricing_with_and_without_benchmarks():
    plain, priced = computed("issue_pricing"), computed("issue_pricing", with_benchmarks())
    assert list(plain.frame.index) == [
        "corporate-2016",
        "corporate-2017",
        "mortgage-2017",
        "unsecured-2018",
        "unsecured-2020",
    ]
    assert plain.frame["coupon"].tolist() == [0.04] * 5
    assert plain.gaps["mortgage-2017", "spread"] == Unavailable("no_benchmark", 1, 0)
    # issue size of 2017: 100 + 250 + 100
    assert plain.frame.at["mortgage-2017", "issuance_share"] == pytest.approx(350 / 450, abs=CLOSE)
    assert plain.frame.at["corporate-2017", "issue_to_expected"] == pytest.approx(100 / 150, abs=CLOSE)
    assert priced.gaps["corporate-2016", "spread"] == Unavailable("no_benchmark", 1, 0)  # issued before the first
    assert priced.gaps["corporate-2017", "spread"] == Unavailable("no_benchmark", 1, 0)
    # of u1 1 and 3 years are known from September 2017: 0.022 and 0.03
    life = priced.frame.at["unsecured-2018", "life"] * 30 / 365
    assert 1 < life < 3
    assert priced.frame.at["unsecured-2018", "spread"] == pytest.approx(
        0.04 - (0.022 + (life - 1) / 2 * 0.008), abs=CLOSE
    )
    # m1 is priced on 1 September 2017 at the yield of March, of one tenor; m2 has no forecast, and no life
    assert priced.frame.at["mortgage-2017", "n_spread"] == 1
    assert priced.frame.at["mortgage-2017", "spread"] == pytest.approx(0.02, abs=CLOSE)


def test_pricing_by_quarter():
    result = computed("pricing_by_quarter", with_benchmarks())
    assert list(result.frame.index)[:4] == [
        "corporate-2016Q2",
        "corporate-2017Q1",
        "mortgage-2017Q3",
        "mortgage-2017Q4",
    ]
    assert result.frame["enough"].unique().tolist() == ["no"]
    assert result.gaps["mortgage-2017Q4", "spread"] == Unavailable("no_forecast", 1, 0)
    one = replace(tiny.edition(), ranking=Ranking(fewest=1))
    assert computed("pricing_by_quarter", edition=one).frame["enough"].unique().tolist() == ["yes"]


def test_multiples():
    result = computed("multiples")
    assert result.frame.loc["c1", ["live", "realised"]].tolist() == ["no", 0.61]  # 60 and an interest of 1 over 100
    assert result.frame.loc["u2", ["live", "realised"]].tolist() == ["yes", 0]
    assert result.gaps == {("m2", "expected"): Unavailable("no_forecast", 1, 0)}
    assert result.evidence.set_index("deal").loc["c1", ["face", "principal", "interest"]].tolist() == [100, 60, 1]


def keep(files: dict[str, list[tiny.Row]], *deals: str) -> dict[str, list[tiny.Row]]:
    return {
        name: [row for row in rows if name in ("originators", "market", "priorities") or row["deal"] in deals]
        for name, rows in files.items()
    }


def no_payments() -> dict[str, list[tiny.Row]]:
    return tiny.rows() | {"payments": []}


def no_live() -> dict[str, list[tiny.Row]]:
    return keep(tiny.rows(), "c1")


def nothing_known() -> dict[str, list[tiny.Row]]:
    return keep(tiny.rows(), "u2") | {"forecasts": []}


@pytest.mark.parametrize("files", [no_payments, no_live, nothing_known])
@pytest.mark.parametrize("key", KEYS)
def test_thin_data_have_figures_or_reasons(key: str, files: Callable[[], dict[str, list[tiny.Row]]]):
    assert len(computed(key, files()).frame)


def test_all_censored():
    result = computed("redemption_by_cohort", no_payments())
    assert result.frame["n_redeemed"].unique().tolist() == [0]
    assert all(result.gaps[row, "median_age"] == NOT_REACHED for row in result.frame.index)
    assert result.frame.at["2017", "rest_half_repaid"] == 0
    assert computed("redemption_curves", no_payments()).frame["survival"].dropna().unique().tolist() == [1]


@pytest.mark.parametrize("key", KEYS)
def test_a_ladder_of_three_has_its_ends(key: str):
    own = ladders.edition()
    found, plain = compute_tables([key], ladders.data(), own)[key], computed(key)
    assert isinstance(found, Result)
    assert list(found.frame.columns) == list(plain.frame.columns)
    if key == "redemption_by_cohort":  # c1 is redeemed as before, of a smaller face
        assert found.frame.at["2016", "mean_age"] == 25


def test_published_figures_of_redemption():
    own = sampled.edition("2025-12")
    result = compute_tables(["redemption_by_cohort"], sampled.data("2025-12"), own)["redemption_by_cohort"]
    assert isinstance(result, Result)
    redeemed = result.evidence.loc[result.evidence["redeemed"] == "yes"]
    senior = compute_tables(["senior_redemptions"], sampled.data("2025-12"), own)["senior_redemptions"]
    assert isinstance(senior, Result)
    assert redeemed.set_index("deal")["age"].sort_index().to_dict() == senior.frame["age"].sort_index().to_dict()
