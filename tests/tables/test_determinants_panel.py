"""Panel tables and recovery against payments.

By hand on the tiny data, recomputed from the files on the sample, and as R's plm has them.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest

from npl_report.load.data import dataset
from npl_report.load.project import Project, read_edition
from npl_report.model import Ages, Result, Unavailable
from npl_report.tables import compute_tables
from npl_report.tables.panel_models import MODELS
from npl_report.tables.panels import PANELS, panel_of, rows_of
from tests.helpers import sampled, tiny
from tests.helpers.market import ASSET_TYPES, MARKET
from tests.reference.panel_observations import FOLDER, observations

CLOSE = 1e-9  # figures below a thousand in the twelve digits that tables store
KEYS = ("panel_observations", "panel_models", "panel_tests", "recovery_and_return", "determinants_sample")


@cache
def reference() -> Mapping[str, str]:
    with (FOLDER / "panel.csv").open(encoding="utf-8") as file:
        return {line["key"]: line["value"] for line in csv.DictReader(file)}


@cache
def sample() -> Mapping[str, Result | Unavailable]:
    """The tables of the edition that the reference was computed for."""
    return sampled.results(reference()["edition"])


def of_sample(key: str) -> Result:
    found = sample()[key]
    assert isinstance(found, Result), found
    return found


# Observations by hand: tests/helpers/tiny.py has the flows.


def test_half_years_of_a_deal_by_hand():
    frame = tiny.result("panel_observations").frame
    c1 = frame.loc[frame["deal"] == "c1"]
    assert list(c1.index) == [
        f"c1@h{number}" for number in range(1, 8)
    ]  # last report at age 45: seven half-years are complete
    # cumulative at 6, 12 … 42: 50, 100, 150, 200, 233⅓ (6/9 of 50 after 24), 275 (3/6 of 50 after 33), 320 (3/6 of 40
    # after 39)
    levels = [0, 50, 100, 150, 200, 200 + 50 * 6 / 9, 275, 320]
    assert c1["recovery"].tolist() == pytest.approx(
        [(after - before) / 1000 for before, after in pairwise(levels)], abs=CLOSE
    )
    # forecast: 100 by month 24, from nothing on the cut-off date as the recoveries, and 240 more by month 48
    levels = [0, 25, 50, 75, 100, 160, 220, 280]
    assert c1["forecast"].tolist() == pytest.approx(
        [(after - before) / 1000 for before, after in pairwise(levels)], abs=CLOSE
    )
    assert c1["half_year"].tolist() == list(range(1, 8))
    assert c1["pool_balance"].tolist() == pytest.approx([math.log(1000)] * 7, abs=CLOSE)
    assert set(c1["secured_share"]) == {0.5}


def test_quarters_of_a_deal_by_hand():
    """The same flows by the quarter, as an edition may ask."""
    edition = replace(tiny.edition(), market=replace(MARKET, ages=Ages(panel=3)))
    data = tiny.dataset(tiny.read(tiny.rows()), tiny.AS_OF, MARKET)
    frame = tiny.compute_tables(["panel_observations"], data, edition)["panel_observations"].frame
    c1 = frame.loc[frame["deal"] == "c1"]
    assert list(c1.index) == [f"c1@h{number}" for number in range(1, 16)]
    # as above; at 27 and 30 3/9 and 6/9 of 50, at 33 250, at 36 and 39 half and all of 50, at 42 and 45 those of 40
    levels = [0, 25, 50, 75, 100, 125, 150, 175, 200, 200 + 50 / 3, 200 + 100 / 3, 250, 275, 300, 320, 340]
    assert c1["recovery"].tolist() == pytest.approx(
        [(after - before) / 1000 for before, after in pairwise(levels)], abs=CLOSE
    )


def test_who_is_observed_by_hand():
    frame = tiny.result("panel_observations").frame
    deals = frame.loc[frame["panel"] == "deal_half_year", "deal"].value_counts().to_dict()
    # m2 has no forecast, u2 no report; u1 was last seen at 19 months
    assert deals == {"c1": 7, "c2": 6, "m1": 6, "u1": 3}
    banks = frame.loc[frame["panel"] == "originator_year"]
    # at one year: c1 of east in 2016; c2 of west, m1 of east in 2017; u1 of east in 2018 (13 months)
    assert list(banks.index) == ["east@2016", "east@2017", "east@2018", "west@2017"]
    assert banks["status"].tolist() == ["included"] * 3 + ["single_observation"]
    assert banks["recovery"].tolist() == pytest.approx([0.1, 40 / 400, 100 / 1000, 20 / 500], abs=CLOSE)


def test_a_bank_takes_the_means_of_its_deals():
    files = tiny.rows()
    for row in files["deals"]:
        if row["deal"] == "c2":
            row["originator"] = "east"  # as m1, issued in 2017
    data = dataset(tiny.read(files), tiny.AS_OF, MARKET)
    result = compute_tables(["panel_observations"], data, tiny.edition())["panel_observations"]
    assert isinstance(result, Result)
    east = result.frame.loc["east@2017"]
    assert (east["n_deals"], result.gaps[("east@2017", "deal")]) == (2, Unavailable("bank_level"))
    assert east["recovery"] == pytest.approx((20 / 500 + 40 / 400) / 2, abs=CLOSE)
    assert east["forecast"] == pytest.approx((25 / 500 + 40 / 400) / 2, abs=CLOSE)
    assert east["pool_balance"] == pytest.approx((math.log(500) + math.log(400)) / 2, abs=CLOSE)
    assert result.evidence.loc[result.evidence["row"] == "east@2017", "deal"].tolist() == ["c2", "m1"]


@pytest.fixture(scope="module")
def files() -> Mapping[str, list[dict[str, str]]]:
    """The repo's data as they stand in the files."""
    answer = {}
    for name in ("deals", "collections"):
        with (tiny.ROOT / "data" / f"{name}.csv").open(encoding="utf-8") as file:
            answer[name] = list(csv.DictReader(file))
    return answer


def test_half_years_of_the_sample_from_the_files(files: Mapping[str, list[dict[str, str]]]):
    """Recomputed for every tenth deal, without the package's frames."""
    frame = of_sample("panel_observations").frame
    as_of = read_edition(Project(tiny.ROOT), reference()["edition"]).as_of.isoformat()
    facts = {row["deal"]: row for row in files["deals"]}
    checked = 0
    for deal in sorted(set(frame["deal"].dropna()))[::10]:
        known: dict[str, tuple[str, float]] = {}
        for row in files["collections"]:
            if row["deal"] == deal and row["reported_on"] <= as_of:
                known[row["period_end"]] = max(
                    known.get(row["period_end"], ("", 0.0)), (row["reported_on"], float(row["collected"]))
                )
        cutoff = date.fromisoformat(facts[deal]["cutoff_date"])
        points, level = [(cutoff, 0.0)], 0.0
        for end, (_, amount) in sorted(known.items()):
            level += amount
            points.append((date.fromisoformat(end), level))

        def cumulative(day: date, points: list[tuple[date, float]] = points) -> float:
            for (left, low), (right, high) in pairwise(points):
                if left <= day <= right:
                    return low + (high - low) * ((day - left).days / (right - left).days)
            raise AssertionError(day)

        rows = frame.loc[frame["deal"] == deal]
        assert len(rows) == (points[-1][0] - cutoff).days // 180
        for number, found in zip(rows["half_year"].astype(int), rows["recovery"], strict=True):
            flow = cumulative(cutoff + timedelta(days=180 * number)) - cumulative(
                cutoff + timedelta(days=180 * (number - 1))
            )
            assert found == pytest.approx(
                flow / float(facts[deal]["pool_balance"]), abs=1e-10
            )  # differences of sums of up to twenty amounts
            checked += 1
    assert checked > 20


def test_the_reference_is_of_these_data():
    now = observations(reference()["edition"])
    then = pd.read_csv(FOLDER / "panel_observations.csv")
    try:
        pd.testing.assert_frame_equal(now, then, check_dtype=False, rtol=1e-10)
    except AssertionError as error:
        pytest.fail(
            f"the data have changed since R was asked: run what stands at the head of tests/reference/panel.R\n{error}",
            pytrace=False,
        )


# Models and tests: the tables against R.


@pytest.mark.parametrize("panel", PANELS)
def test_models_of_the_table_as_plm_has_them(panel: str):
    result = of_sample("panel_models")
    compared = 0
    for row, regressor in rows_of(panel).items():  # type: ignore[arg-type]
        for model in MODELS:
            key = f"{panel}.{model}.{regressor}.estimate"
            if key in reference():
                assert result.number(row, f"{model}_estimate") == pytest.approx(
                    float(reference()[key]), rel=1e-6
                )  # six significant digits
                compared += 1
            elif regressor != "const":  # plm gives no constant within
                assert result.gaps[(row, f"{model}_estimate")] == Unavailable("time_invariant")
    assert compared == sum(key.startswith(f"{panel}.") and key.endswith(".estimate") for key in reference())


@pytest.mark.parametrize("panel", PANELS)
def test_tests_of_the_table_as_plm_has_them(panel: str):
    result = of_sample("panel_tests")
    for column, key in {
        "n_observations": "n",
        "n_entities": "entities",
        "n_periods": "periods",
        "n_singletons": "singletons",
        "f_fixed_df": "f_fixed.df1",
        "f_fixed_df_rest": "f_fixed.df2",
    }.items():
        assert result.number(panel, column) == float(reference()[f"{panel}.{key}"])
    for column in ("f_fixed", "bp_lm", "honda"):
        assert result.number(panel, column) == pytest.approx(
            float(reference()[f"{panel}.{column}.statistic"]), rel=1e-6
        )  # six significant digits


def test_the_models_take_what_the_status_says():
    frame = of_sample("panel_observations").frame
    tests = of_sample("panel_tests")
    for panel in PANELS:
        part = frame.loc[frame["panel"] == panel]
        assert tests.number(panel, "n_observations") == (part["status"] == "included").sum()
        assert tests.number(panel, "n_singletons") == (part["status"] == "single_observation").sum()
        counts = of_sample("panel_models").evidence.set_index("row").loc[f"{panel}_const"]
        assert counts["n_observations"] == tests.number(panel, "n_observations")


def test_every_gap_of_the_models_has_its_reason():
    result = of_sample("panel_models")
    lost = {row for row, key in result.gaps if key.startswith("fixed")}
    assert lost == {"deal_half_year_pool_balance", "deal_half_year_secured_share"}
    assert set(result.gaps.values()) == {Unavailable("time_invariant")}


def test_recoveries_follow_the_forecast_in_the_sample():
    # what the reconstruction is made of: forecasts that tell something
    result = of_sample("panel_models")
    for model in MODELS:
        assert result.number("deal_half_year_forecast", f"{model}_estimate") > 0
        assert result.number("deal_half_year_forecast", f"{model}_p") < 0.01


def test_the_panels_of_the_tiny_data():
    tests = tiny.result("panel_tests")
    assert tests.number("deal_half_year", "n_entities") == 4
    assert tests.number("deal_half_year", "n_singletons") == 0
    # the only bank with more than one year is east
    assert panel_of(tiny.result("panel_observations"), "originator_year") == Unavailable("too_few_entities", 2, 1)
    assert tests.gaps[("originator_year", "f_fixed")] == Unavailable("too_few_entities", 2, 1)
    models = tiny.result("panel_models")
    assert models.gaps[("deal_half_year_secured_share", "pooled_estimate")] == Unavailable(
        "regressor_constant"
    )  # one half everywhere
    assert models.gaps[("deal_half_year_pool_balance", "fixed_estimate")] == Unavailable("time_invariant")
    assert models.gaps[("originator_year_forecast", "random_p")] == Unavailable("too_few_entities", 2, 1)


def test_without_forecasts_there_is_no_panel():
    data = dataset(tiny.read(tiny.rows() | {"forecasts": []}), tiny.AS_OF, MARKET)
    results = compute_tables(KEYS, data, tiny.edition())
    for key in KEYS[:3]:
        assert results[key] == Unavailable("no_forecast", 1, 0)


def test_the_level_of_significance_is_the_editions():
    edition, data = sampled.edition(reference()["edition"]), sampled.data(reference()["edition"])
    strict = replace(edition, determinants=replace(edition.determinants, significance=0.0))
    results = compute_tables(["panel_tests", "recovery_and_return"], data, strict)
    tests, payments = results["panel_tests"], results["recovery_and_return"]
    assert isinstance(tests, Result)
    assert isinstance(payments, Result)
    assert set(tests.frame["preferred"]) == {"pooled"}  # nothing is found at no level
    assert set(payments.frame["sign"]) == {0}


# Recovery against payments.


def test_recovery_and_payments_by_hand():
    result = tiny.result("recovery_and_return")
    assert list(result.frame.index) == [
        "corporate",
        "total",
    ]  # c1 is liquidated, c2's senior redeemed; m1's last principal is reported later
    # c1: 340 collected of 400 issued, 360 principal and three times 1 interest; c2: 100 of 100, 80 and 1
    for row in result.frame.index:
        assert result.number(row, "n_deals") == 2
        assert result.number(row, "mean_recovery_to_issue") == pytest.approx((340 / 400 + 100 / 100) / 2, abs=CLOSE)
        assert result.number(row, "mean_paid_to_issue") == pytest.approx((363 / 400 + 81 / 100) / 2, abs=CLOSE)
        assert {key for gap, key in result.gaps if gap == row} == {"rank_correlation", "p", "sign"}
        assert result.gaps[(row, "sign")] == Unavailable("too_few_deals", 4, 2)
    evidence = result.evidence.loc[result.evidence["row"] == "total"].set_index("deal")
    assert evidence[["recovered", "paid", "issuance"]].to_dict("index") == {
        "c1": {"recovered": 340.0, "paid": 363.0, "issuance": 400.0},
        "c2": {"recovered": 100.0, "paid": 81.0, "issuance": 100.0},
    }


def ended(paid: Mapping[str, float]) -> Result:
    """The tiny data with the seniors of c1, c2, m1, m2 and u1 redeemed.

    These amounts are paid to their subordinated tranches.
    """
    files = tiny.rows()
    for deal in files["deals"]:
        deal["liquidity_reserve"] = "200"  # so that any of these may be paid
    files["payments"] = [
        {
            "deal": deal,
            "tranche": tranche,
            "paid_on": "2020-01-10",
            "reported_on": "2020-01-15",
            "principal": str(principal),
            "interest": str(interest),
        }
        for deal, interest in paid.items()
        for tranche, principal, interest in (("senior", tiny.FACES[deal][0], 0.0), ("subordinated", 0, interest))
    ]
    result = compute_tables(["recovery_and_return"], dataset(tiny.read(files), tiny.AS_OF, MARKET), tiny.edition())[
        "recovery_and_return"
    ]
    assert isinstance(result, Result)
    return result


def test_the_order_of_five_deals():
    # recovered over issue size: c1 0.85, c2 1, m1 200/250, m2 0.6, u1 150/120 (50, 50, 50 as known):
    # m2 < m1 < c1 < c2 < u1;
    # paid over it: seniors 0.75, 0.8, 0.8, 0.6, 0.833; with 24 more for c1 0.81, 5 for c2 0.85, none for m1 0.8,
    # none for m2 0.6, 10 for u1 0.917
    result = ended({"c1": 24, "c2": 5, "m1": 0, "m2": 0, "u1": 10})
    assert list(result.frame.index) == ["corporate", "mortgage", "unsecured", "total"]
    assert result.number("total", "rank_correlation") == pytest.approx(1.0, abs=CLOSE)
    assert result.number("total", "p") == pytest.approx(2 / 120, abs=CLOSE)  # one of 120 arrangements, and its reverse
    assert result.number("total", "sign") == 1
    # paid c2 0.82 < u1 0.833 < c1 0.87 < m1 0.98 < m2 1.2; differences of the ranks m2 -4, m1 -2, c1 0, c2 3, u1 3
    turned = ended({"c1": 48, "c2": 2, "m1": 45, "m2": 60, "u1": 0})
    assert turned.number("total", "rank_correlation") == pytest.approx(1 - 6 * (16 + 4 + 0 + 9 + 9) / 120, abs=CLOSE)
    assert turned.number("total", "p") == pytest.approx(
        2 * 5 / 120, abs=CLOSE
    )  # the reverse order and the four that change two neighbours in it; both ends
    assert turned.number("total", "sign") == 0


def test_a_liquidated_deal_without_a_payment_disclosed_is_left_out():
    # c1 is liquidated; that it paid nothing is not known
    result = ended({"c2": 5})
    assert list(result.frame.index) == ["corporate", "total"]
    assert set(result.evidence["deal"]) == {"c2"}


def test_nothing_has_run_its_course():
    results = compute_tables(["recovery_and_return"], tiny.data(date(2017, 6, 30)), tiny.edition(date(2017, 6, 30)))
    assert results["recovery_and_return"] == Unavailable("none_run", 1, 0)


def test_recovery_and_payments_on_the_sample():
    result = of_sample("recovery_and_return")
    assert list(result.frame.index) == [*ASSET_TYPES, "total"]
    evidence = result.evidence
    for row in result.frame.index:
        part = evidence.loc[evidence["row"] == row]
        assert result.number(row, "n_deals") == len(part)
        assert result.number(row, "mean_paid_to_issue") == pytest.approx(
            (part["paid"] / part["issuance"]).mean(), rel=CLOSE
        )
        assert -1 <= result.number(row, "rank_correlation") <= 1
        ranks = (part["recovered"] / part["issuance"]).rank(), (part["paid"] / part["issuance"]).rank()
        assert result.number(row, "rank_correlation") == pytest.approx(
            ranks[0].corr(ranks[1]), abs=1e-10
        )  # Pearson's on the ranks, another route
    assert result.number("total", "n_deals") == sum(result.number(kind, "n_deals") for kind in ASSET_TYPES)
