"""Recoveries to come, predictions out of sample and outcomes of liquidated deals, by hand on small frames."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Ages, Result, Unavailable
from npl_report.stats.recovery import finished, known_to
from npl_report.tables.forecast_errors import compute as compute_errors
from npl_report.tables.projection_accuracy import compute as compute_accuracy
from npl_report.tables.projections import book, models, standing
from npl_report.tables.recoveries_to_come import compute as compute_to_come
from tests.helpers import tiny
from tests.helpers.market import ASSET_TYPES

CLOSE = 1e-9


def grown(*deals: tuple[str, list[float], bool], forecast: float = 60.0, step: int = 3) -> tuple[pd.DataFrame, ...]:
    """(id, cumulative level by step, liquidated): deals, collections, forecasts of the first sample's shape."""
    start = pd.Timestamp("2020-01-01")
    days, forecasts, facts = [], [], []
    for deal, levels, gone in deals:
        ends = [start + timedelta(days=30 * step * place) for place in range(1, len(levels) + 1)]
        begins = [start, *(end + timedelta(days=1) for end in ends[:-1])]
        parts = np.diff([0.0, *levels])
        days += [(deal, *period) for period in zip(begins, ends, ends, parts, strict=True)]
        last = start + timedelta(days=360)
        forecasts.append((deal, "offering", "gross", "offering", start, start, last, forecast))
        facts.append((deal, "corporate", start, start, 100.0, ends[-1] if gone else pd.NaT, pd.NaT))
    return (
        pd.DataFrame(
            facts,
            columns=["deal", "asset_type", "cutoff_date", "issue_date", "pool_balance", "liquidated_on", "unread_from"],
        ),
        pd.DataFrame(days, columns=["deal", "period_start", "period_end", "first_reported_on", "collected"]),
        pd.DataFrame(
            forecasts,
            columns=["deal", "vintage", "basis", "agency", "made_on", "period_start", "period_end", "amount"],
        ),
    )


def to_come(
    *deals: tuple[str, list[float], bool], as_of: date = date(2022, 1, 1), **rest: float
) -> Result | Unavailable:
    return compute_to_come(*grown(*deals, **rest), asset_types=ASSET_TYPES, ages=Ages(), edition=tiny.edition(as_of))


WHOLE = [10.0, 20.0, 30.0, 40.0]
OLD = (("a", WHOLE, True), ("b", WHOLE, True), ("c", WHOLE, True))


def test_a_live_deal_is_carried_on():
    result = to_come(*OLD, ("d", WHOLE[:2], False))
    assert isinstance(result, Result)
    cells = tiny.cells(result, "corporate")
    assert (cells["n_deals"], cells["n_left_out"], cells["collected"]) == (1, 0, 20)
    # from 6 to 12 months the others have doubled; of the 60 of the circular 361 days, 181 have passed
    assert cells["chain"] == pytest.approx(20, abs=CLOSE)
    assert cells["chain_error"] == pytest.approx(0, abs=CLOSE)
    assert cells["offering"] == pytest.approx(30, abs=CLOSE)  # linear in age: half of it
    assert cells["difference"] == pytest.approx(20 / 30 - 1, abs=CLOSE)
    assert cells["curve"] == pytest.approx(20, rel=0.05)
    assert cells["curve_limit"] > 0.4
    assert result.frame.at["total", "chain"] == cells["chain"]
    assert result.gaps["total", "curve_limit"] == Unavailable("differs_by_type")


def test_the_error_of_a_sum_is_macks():
    other = [10.0, 25.0, 40.0, 50.0]
    result = to_come(*OLD[:2], ("c", other, True), ("d", WHOLE[:3], False), ("e", WHOLE[:3], False))
    assert isinstance(result, Result)
    # the last step: factors 4/3, 4/3, 5/4, f = 130/100 and σ² = Σ C (F − f)² / 2
    f, volume = 1.3, 100.0
    sigma = (2 * 30 * (4 / 3 - f) ** 2 + 40 * (1.25 - f) ** 2) / 2
    levels = 30 * f
    process = 2 * levels**2 * sigma / f**2 / 30
    common = (2 * levels) ** 2 * sigma / f**2 / volume
    cells = tiny.cells(result, "corporate")
    assert cells["chain"] == pytest.approx(2 * 30 * (f - 1), abs=CLOSE)
    assert cells["chain_error"] == pytest.approx(sqrt(process + common), abs=CLOSE)


def test_no_more_than_the_last_age_that_enough_deals_reach():
    short = [(deal, WHOLE[:3], False) for deal in ("b", "c")]
    of = book(*grown(OLD[0], *short, ("d", WHOLE[:2], False)), Ages(), date(2022, 1, 1))
    known = standing(of, pd.Timestamp("2022-01-01"))
    model = models(of, known)["corporate"]
    assert not isinstance(model, Unavailable)
    assert model.reach == 9.0
    assert model.steps.counts.tolist() == [4, 3]


@pytest.mark.parametrize(
    ("deals", "reason"),
    [
        ((("a", WHOLE, False),), "too_few_deals"),
        ((("a", WHOLE, False), ("b", WHOLE, False)), "too_few_deals"),
        (OLD, "none_outstanding"),
        ((("a", [1.0], False), ("b", [1.0], False)), "too_young"),
        ((*OLD, ("d", [5.0], False)), ""),
        ((*OLD, ("d", WHOLE, False)), "none_to_project"),  # at the end of its forecast
    ],
)
def test_what_cannot_be_projected(deals: tuple[tuple[str, list[float], bool], ...], reason: str):
    result = to_come(*deals)
    assert (result.reason if isinstance(result, Unavailable) else "") == reason


def test_a_circular_that_expects_nothing():
    result = to_come(*OLD, ("d", WHOLE[:2], False), forecast=0.0)
    assert isinstance(result, Result)
    assert result.frame.at["corporate", "offering"] == 0
    assert result.gaps["corporate", "difference"] == Unavailable("nothing_forecast", needed=1, found=0)


def test_corrections_downwards():
    result = to_come(*OLD[:2], ("c", [10.0, 25.0, 22.0, 30.0], True), ("d", [10.0, 8.0], False))
    assert isinstance(result, Result)
    assert np.isfinite(result.frame.at["corporate", "chain"])
    assert result.frame.at["corporate", "chain_error"] > 0


def test_a_liquidated_deal_is_behind_the_factors_of_ages_at_which_it_was_live():
    deals, collections, forecasts = grown(*OLD, ("d", WHOLE[:2], True))
    of = book(deals, collections, forecasts, Ages(), date(2022, 1, 1))
    known = standing(of, pd.Timestamp("2022-01-01"))
    assert known.loc["d", ["live", "done"]].tolist() == [False, True]
    model = models(of, known)["corporate"]
    assert not isinstance(model, Unavailable)
    assert model.steps.counts.tolist() == [4, 3, 3]  # d was liquidated at 6 months
    assert model.steps.factors.tolist() == pytest.approx([2, 3 / 2, 4 / 3], abs=CLOSE)
    # liquidated at 7 months it was live at 6: that step is told to its end, the next is not its own
    at_7 = deals["liquidated_on"].where(deals["deal"] != "d", pd.Timestamp("2020-01-01") + timedelta(days=210))
    within = book(deals.assign(liquidated_on=at_7), collections, forecasts, Ages(), date(2022, 1, 1))
    other = models(within, standing(within, pd.Timestamp("2022-01-01")))["corporate"]
    assert not isinstance(other, Unavailable)
    assert other.steps.counts.tolist() == [4, 4, 3]
    assert other.steps.factors.tolist() == pytest.approx([2, (30 * 3 + 20) / 80, 4 / 3], abs=CLOSE)
    assert other.steps.variances[2] == pytest.approx(0, abs=CLOSE)
    # before it was liquidated it was live, and what came later was not known
    before = standing(of, pd.Timestamp("2020-05-01"))
    assert before["live"].all()
    assert before["age"].tolist() == [3.0] * 4


def test_liquidated_deals_alone_carry_no_factor():
    short = [(deal, WHOLE[:2], True) for deal in "abc"]
    of = book(*grown(*short, ("d", WHOLE, False), ("e", WHOLE, False)), Ages(), date(2022, 1, 1))
    model = models(of, standing(of, pd.Timestamp("2022-01-01")))["corporate"]
    assert not isinstance(model, Unavailable)
    assert (model.reach, model.steps.counts.tolist()) == (6.0, [5])


def test_how_far_a_deal_is_known():
    deals = pd.DataFrame(
        {
            "deal": list("abcde"),
            "liquidated_on": pd.to_datetime(["2020-05-01", None, "2020-05-01", "2020-05-01", "2020-05-01"]),
            "unread_from": pd.to_datetime([None, None, "2020-02-01", None, None]),
        }
    )
    over = finished(deals)
    assert over.tolist() == ["a", "d", "e"]
    last = pd.Series([4.0, 4.0, 1.0, np.nan, 9.0], list("abcde"))
    assert known_to(last, pd.Series(8.0, last.index), over).fillna(-1).tolist() == [8, 4, 1, -1, 9]


def test_no_outcome_after_the_as_of_date():
    # liquidated at 6 months, and live since: known to 240 days, and to 180
    both = grown(("a", WHOLE[:2], True), ("b", WHOLE[:2], False))
    of = book(*both, Ages(), date(2020, 1, 1) + timedelta(days=240))
    assert of.facts["known"].tolist() == [8, 6]
    ages = {age: of.level(pd.Series(float(age), of.facts.index)).fillna(-1).tolist() for age in (6, 8, 9)}
    assert ages == {6: [20, 20], 8: [20, -1], 9: [-1, -1]}


def test_predictions_of_liquidated_deals_end_at_the_as_of_date():
    # three have run their course in three years; d began then, was live at the day of origin and is liquidated since
    long = [float(level) for level in range(10, 130, 10)]
    frames = grown(*((deal, long, True) for deal in "abc"), ("d", WHOLE[:2], True))
    for frame in frames:
        for key in frame.select_dtypes("datetime").columns:
            frame[key] = frame[key].where(frame["deal"] != "d", frame[key] + pd.Timedelta(days=1096))
    deals, collections, forecasts = frames
    deals["liquidated_on"] = deals["liquidated_on"].where(deals["deal"] != "d", pd.Timestamp("2023-07-20"))
    forecasts["period_end"] += pd.Timedelta(days=1000)
    result = compute_accuracy(deals, collections, forecasts, Ages(), tiny.edition(date(2024, 7, 15)))
    assert isinstance(result, Result)
    told = result.evidence.loc[result.evidence["deal"] == "d"]
    # 6 months old then, 18.7 on the as-of date: nothing has come to 12 and 18 months; of 30 nobody knows
    assert told["age"].tolist() == [6, 6]
    assert told["row"].tolist() == ["6m", "12m"]
    assert told["actual"].tolist() == [0, 0]
    assert told["chain"].tolist() == pytest.approx([0.2, 0.4], abs=CLOSE)


def test_an_error_of_a_liquidated_deal_is_known_to_the_as_of_date():
    both = grown(("a", WHOLE[:2], True), ("b", WHOLE[:2], False))
    # 360 days after the forecasts a has 20 of the 60, and of b it is not known; before that day of neither
    for as_of, deals in ((date(2022, 1, 1), ["a"]), (date(2020, 12, 1), [])):
        result = compute_errors(*both, ages=Ages(), edition=tiny.edition(as_of))
        assert isinstance(result, Result)
        told = result.evidence.loc[result.evidence["row"] == "12m"]
        assert told["deal"].tolist() == deals
        assert told["error"].tolist() == pytest.approx([(20 - 60) / 100] * len(deals), abs=CLOSE)
    unread = both[0].assign(unread_from=pd.Timestamp("2020-07-01"))
    result = compute_errors(unread, *both[1:], ages=Ages(), edition=tiny.edition(date(2022, 1, 1)))
    assert isinstance(result, Result)
    assert set(result.evidence["row"]) == {"6m"}


def test_predictions_use_what_was_known():
    # a, b, c began a year before d, e, f: on the day of origin these had collected for half a year
    deals, collections, forecasts = grown(
        *((deal, [10.0, 20.0, 30.0, 40.0], False) for deal in "abc"),
        *((deal, [10.0, 30.0, 60.0, 90.0], False) for deal in "def"),
    )
    younger = deals["deal"].isin(["d", "e", "f"])
    year = pd.Timedelta(days=365)
    deals[["cutoff_date", "issue_date"]] = deals[["cutoff_date", "issue_date"]].where(
        ~younger, deals[["cutoff_date", "issue_date"]] + year
    )
    for frame, dates in (
        (collections, ["period_start", "period_end", "first_reported_on"]),
        (forecasts, ["made_on", "period_start", "period_end"]),
    ):
        moved = frame["deal"].isin(["d", "e", "f"])
        frame[dates] = frame[dates].where(~moved, frame[dates] + year)
    result = compute_accuracy(deals, collections, forecasts, Ages(), tiny.edition(date(2022, 7, 15)))
    assert isinstance(result, Result)
    told = result.evidence
    assert set(told["made_on"]) == {pd.Timestamp("2021-07-15")}
    assert set(told["deal"]) == {"d", "e", "f"}  # the others are at the end of their forecasts
    assert set(told["row"]) == {"6m"}
    # of 30 collected at 6 months the others' factor makes 60 at 12, and 90 came: shares of a balance of 100. Factors
    # also know the first step of d, e and f, from 10 to 30, which is over
    assert told["chain"].tolist() == pytest.approx([0.3] * 3, abs=CLOSE)
    assert told["actual"].tolist() == pytest.approx([0.6] * 3, abs=CLOSE)
    assert told["offering"].tolist() == pytest.approx([0.3] * 3, abs=CLOSE)
    assert result.frame.at["6m", "chain_mae"] == pytest.approx(0.3, abs=CLOSE)
    assert result.frame.at["6m", "chain_bias"] == pytest.approx(-0.3, abs=CLOSE)
    assert result.gaps["12m", "chain_mae"] == Unavailable("none_projected")
