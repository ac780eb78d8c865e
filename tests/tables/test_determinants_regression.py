"""The tables of part II's regressions on the sample.

They agree with each other, with their evidence, and with what a reader would compute from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from npl_report.model import TOTAL, VARIABLES, Dataset, Determinants, Edition, Result, Unavailable, same_figure
from npl_report.stats.regression import CONSTANT
from npl_report.tables import catalogue, compute_tables
from npl_report.tables.regression_robustness import FIRST
from npl_report.tables.variable_summary import MEASURED_IN
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.reference import figures

Results = Mapping[str, Result | Unavailable]
RATES = {"regression_expected_recovery": "expected_recovery", "regression_actual_recovery": "actual_recovery"}
EXACT = 1e-9
"""What is recomputed from evidence differs in the order of a few hundred sums."""


def table(results: Results, key: str) -> Result:
    found = results[key]
    assert isinstance(found, Result), found
    return found


def included(results: Results) -> pd.DataFrame:
    frame = table(results, "determinants_sample").frame
    return frame.loc[frame["status"] == "included"]


def wide(result: Result, name: str = "row") -> pd.DataFrame:
    """Evidence of values by variable as a frame of deals × variables."""
    return result.evidence.pivot_table(index="deal", columns=name, values="value")


def changed(edition: Edition, **rules: object) -> Results:
    """The regressions under other rules of part II."""
    return compute_tables(RATES, figures.data(), replace(edition, determinants=replace(Determinants(), **rules)))


def test_the_summary_counts_every_deal_once(sample_results: Results):
    summary, deals = table(sample_results, "variable_summary").frame, table(sample_results, "determinants_sample").frame
    assert tuple(summary.index) == VARIABLES == tuple(MEASURED_IN)
    assert ((summary["n"] + summary["n_missing"]) == len(deals)).all()
    corporate = int((deals["asset_type"] == "corporate").sum())
    assert summary.at["wa_borrower_age", "n_missing"] >= corporate > 0  # a stated exclusion
    for name in VARIABLES:
        assert summary.at[name, "minimum"] <= summary.at[name, "median"] <= summary.at[name, "maximum"]
        assert summary.at[name, "mean"] == pytest.approx(deals[name].mean(), rel=EXACT)
        assert summary.at[name, "sd"] == pytest.approx(deals[name].std(), rel=EXACT)


def test_the_evidence_of_the_summary_gives_its_figures(sample_results: Results):
    result = table(sample_results, "variable_summary")
    groups = result.evidence.groupby("row")["value"]
    assert groups.size().to_dict() == result.frame["n"].astype(int).to_dict()
    assert groups.mean()[list(VARIABLES)].to_numpy() == pytest.approx(
        result.frame["mean"].to_numpy(dtype=float), rel=EXACT
    )


def test_correlations_are_one_matrix(sample_results: Results):
    result = table(sample_results, "variable_correlations")
    matrix = result.frame.to_numpy(dtype=float)
    assert list(result.frame.index) == list(result.frame.columns) == ["expected_recovery", *VARIABLES]
    assert np.diag(matrix) == pytest.approx(1.0, rel=1e-14)
    assert matrix == pytest.approx(matrix.T, abs=1e-14)
    again = wide(result)[list(result.frame.index)].corr()
    assert matrix == pytest.approx(again.to_numpy(), abs=EXACT)
    assert len(wide(result)) == len(included(sample_results))
    summary = table(sample_results, "variable_summary").frame["correlation"]
    assert result.frame.loc[list(VARIABLES), "expected_recovery"].to_numpy() == pytest.approx(
        summary.to_numpy(), abs=1e-14
    )


def test_correlations_are_those_of_r():
    found = figures.results()["variable_summary"]
    assert isinstance(found, Result)
    expected = figures.each("correlation")
    assert found.frame.loc[expected.index, "correlation"].to_numpy() == pytest.approx(expected.to_numpy(), rel=EXACT)


def test_the_gate_tells_the_fate_of_every_variable(sample_results: Results, sample_edition: Edition):
    result = table(sample_results, "variable_gate")
    frame, limit = result.frame, sample_edition.determinants.vif_limit
    assert list(frame.index) == list(sample_edition.determinants.regressors)
    kept = frame.index[frame["regression"] == "kept"]
    assert list(kept) == list(table(sample_results, "regression_expected_recovery").frame.index[:-1])
    assert (frame.loc[kept, "inflation"] <= limit).all()
    assert (frame.loc[frame["regression"] == "inflated", "inflation"] > limit).all()
    gone = frame.index[frame["regression"].isin(("inflated", "determined"))]
    assert len(gone)
    assert frame.loc[gone, "depends_on"].isin(frame.index).all()
    assert all(frame.at[name, "depends_on"] != name for name in gone)
    # average balances are differences of logarithms: the data's own trap
    assert frame.at["average_loan", "regression"] == "determined"
    assert set(frame["factors"]) <= {"kept", "determined"}  # the factor analysis has no limit
    values = wide(result)
    assert values["average_loan"].to_numpy() == pytest.approx(
        (values["pool_balance"] - values["n_loans"]).to_numpy(), abs=EXACT
    )


def test_what_is_not_listed_is_no_candidate(sample_edition: Edition):
    rules = replace(
        sample_edition,
        determinants=Determinants(
            regressors=("pool_balance", "wa_overdue"), factor_variables=("pool_balance", "n_loans")
        ),
    )
    result = table(compute_tables(["variable_gate"], figures.data(), rules), "variable_gate")
    assert list(result.frame.index[:2]) == ["pool_balance", "wa_overdue"]
    assert set(result.frame.index) == set(VARIABLES)
    assert (result.frame["regression"] == "not_candidate").sum() == 12
    assert (result.frame["factors"] == "not_candidate").sum() == 12
    assert result.gaps["n_loans", "inflation"] == Unavailable("no_candidate")


@pytest.mark.parametrize("key", RATES)
def test_coefficients_are_least_squares_of_the_evidence(sample_results: Results, key: str):
    result = table(sample_results, key)
    evidence = result.evidence.set_index("deal")
    assert set(result.evidence["row"]) == {CONSTANT}
    assert set(evidence.index) <= set(included(sample_results).index)
    rates = evidence[RATES[key]].astype(float)
    assert (evidence["fitted"] + evidence["residual"]).to_numpy(dtype=float) == pytest.approx(
        rates.to_numpy(), abs=EXACT
    )
    names = [str(name) for name in result.frame.index if name != CONSTANT]
    x = wide(table(sample_results, "variable_gate")).loc[rates.index, names]
    exog = np.column_stack([x.to_numpy(), np.ones(len(x))])
    assert result.frame["estimate"].to_numpy() == pytest.approx(np.linalg.lstsq(exog, rates.to_numpy())[0], rel=1e-8)


@pytest.mark.parametrize("key", RATES)
def test_signs_follow_the_estimates_and_their_p_values(sample_results: Results, sample_edition: Edition, key: str):
    frame = table(sample_results, key).frame
    level = sample_edition.determinants.significance
    clear = frame["p_hc3"] < level
    assert (frame["sign"] == np.where(clear, np.sign(frame["estimate"]), 0)).all()
    within = frame.dropna(subset=["typed_p"])
    assert (within["typed_sign"] == np.where(within["typed_p"] < level, np.sign(within["typed_estimate"]), 0)).all()
    # the interval leaves out zero exactly where the effect counts as one
    assert (((frame["low"] > 0) | (frame["high"] < 0)) == clear).all()
    inner = frame.drop(index=CONSTANT)
    assert (np.sign(inner["standardized"]) == np.sign(inner["estimate"])).all()
    assert (
        (inner["standardized_low"] < inner["standardized"]) & (inner["standardized"] < inner["standardized_high"])
    ).all()


def test_another_level_gives_other_signs_only(sample_edition: Edition):
    strict, usual = (
        table(changed(sample_edition, significance=level), "regression_expected_recovery").frame
        for level in (0.001, 0.05)
    )
    pd.testing.assert_series_equal(strict["estimate"], usual["estimate"])
    assert (strict["sign"].abs() <= usual["sign"].abs()).all()
    assert (strict["low"] < usual["low"]).all()


@pytest.mark.parametrize(
    ("name", "key"), [("expected", "regression_expected_recovery"), ("actual", "regression_actual_recovery")]
)
def test_diagnostics_are_of_the_same_regressions(sample_results: Results, name: str, key: str):
    frame, regression = table(sample_results, "regression_diagnostics").frame, table(sample_results, key)
    n, k = len(regression.evidence), len(regression.frame) - 1
    assert frame.at["n_observations", f"{name}_count"] == n
    banks = table(sample_results, "determinants_sample").frame.loc[regression.evidence["deal"], "originator"]
    assert frame.at["n_clusters", f"{name}_count"] == banks.nunique()
    assert frame.at["f_statistic", f"{name}_df"] == frame.at["breusch_pagan", f"{name}_df"] == k
    residuals, rates = regression.evidence["residual"].astype(float), regression.evidence[RATES[key]].astype(float)
    r_squared = 1 - (residuals**2).sum() / ((rates - rates.mean()) ** 2).sum()
    assert frame.at["r_squared", f"{name}_statistic"] == pytest.approx(r_squared, rel=EXACT)
    assert frame.at["durbin_watson", f"{name}_statistic"] == pytest.approx(
        (residuals.diff() ** 2).sum() / (residuals**2).sum(), rel=EXACT
    )  # the evidence is in the order of issue


def test_a_count_is_no_statistic_and_a_measure_no_test(sample_results: Results):
    result = table(sample_results, "regression_diagnostics")
    none = Unavailable("no_test")
    assert result.gaps["n_clusters", "expected_statistic"] == none
    assert result.gaps["r_squared", "expected_count"] == none
    assert result.gaps["durbin_watson", "expected_p"] == result.gaps["durbin_watson", "expected_df"] == none
    assert set(result.evidence["model"]) == set(RATES.values())


def test_fit_and_diagnostics_tell_the_same_influence(sample_results: Results):
    fit, told = table(sample_results, "regression_fit"), table(sample_results, "regression_diagnostics").frame
    assert list(fit.frame.index) == list(included(sample_results).index)
    assert told.at["max_cook", "expected_statistic"] == fit.frame["cook"].max()
    assert told.at["n_influential", "expected_count"] == (fit.frame["cook"] > 4 / len(fit.frame)).sum()
    assert fit.frame["leverage"].sum() == pytest.approx(
        len(table(sample_results, "regression_expected_recovery").frame), rel=EXACT
    )
    assert (fit.frame["expected_recovery"] - fit.frame["fitted"]).to_numpy() == pytest.approx(
        fit.frame["residual"].to_numpy(), abs=EXACT
    )
    assert set(fit.evidence.groupby("row")["regressor"].nunique()) == {told.at["f_statistic", "expected_df"]}


def test_robustness_stands_beside_the_regression(sample_results: Results):
    frame, regression = (
        table(sample_results, "regression_robustness").frame,
        table(sample_results, "regression_expected_recovery").frame,
    )
    assert list(frame.index) == list(regression.index[:-1])
    assert frame["ols_estimate"].tolist() == regression["estimate"].tolist()[:-1]
    assert frame["ols_p"].tolist() == regression["p_hc3"].tolist()[:-1]
    others = frame[[f"{name}_{first}" for name, first in FIRST.items()][1:]]
    assert frame["n_compared"].tolist() == others.notna().sum(axis=1).tolist()
    same = np.sign(others).eq(np.sign(frame["ols_estimate"]), axis=0) & others.notna()
    assert frame["n_agree"].tolist() == same.sum(axis=1).tolist()


def test_the_model_without_influential_deals_is_that_of_r():
    found = figures.results()["regression_robustness"]
    assert isinstance(found, Result)
    for column, key in (("trimmed_estimate", "expected.trimmed"), ("trimmed_p", "expected.trimmed_p")):
        as_r_has_it(found, column, key)


@pytest.mark.parametrize(
    ("name", "key"), [("expected", "regression_expected_recovery"), ("actual", "regression_actual_recovery")]
)
def test_models_with_type_effects_are_those_of_r(name: str, key: str):
    found = figures.results()[key]
    assert isinstance(found, Result)
    for column, wanted in (("typed_estimate", f"{name}.typed"), ("typed_p", f"{name}.typed_p")):
        as_r_has_it(found, column, wanted)


def as_r_has_it(found: Result, column: str, key: str) -> None:
    expected = figures.each(key)
    there = [name for name in found.frame.index if name in expected.index]
    assert there == [name for name in found.frame.index if (name, column) not in found.gaps]
    assert found.frame.loc[there, column].to_numpy() == pytest.approx(expected[there].to_numpy(), rel=1e-6), column


def test_what_the_types_determine_has_no_effect_within_them(sample_results: Results, sample_edition: Edition):
    sample = table(sample_results, "determinants_sample")
    mortgage = (sample.frame["asset_type"] == "mortgage").astype(float)
    rules = replace(
        sample_edition, determinants=replace(sample_edition.determinants, regressors=("secured_share", "wa_overdue"))
    )
    result = catalogue(MARKET)["regression_expected_recovery"].compute(
        replace(sample, frame=sample.frame.assign(secured_share=mortgage)), rules
    )
    assert {row for row, key in result.gaps if key == "typed_p"} == {"secured_share", CONSTANT}
    assert (
        result.gaps["secured_share", "typed_estimate"]
        == result.gaps["secured_share", "typed_sign"]
        == Unavailable("not_in_model")
    )


def test_deals_of_one_type_are_compared_with_each_other_already(sample_results: Results, sample_edition: Edition):
    sample = table(sample_results, "determinants_sample")
    one = replace(sample, frame=sample.frame.loc[sample.frame["asset_type"] == "unsecured"])
    frame = catalogue(MARKET)["regression_expected_recovery"].compute(one, sample_edition).frame.drop(index=CONSTANT)
    assert frame["typed_estimate"].tolist() == frame["estimate"].tolist()
    assert frame["typed_p"].tolist() == frame["p_hc3"].tolist()


def test_an_effect_that_is_the_types_turns_within_them(sample_results: Results, sample_edition: Edition):
    # mortgage deals recover far more and have far more loans; within each type the rate falls with them
    sample = table(sample_results, "determinants_sample")
    frame = sample.frame
    mortgage = frame["asset_type"] == "mortgage"
    draws = np.random.default_rng(1).normal(size=(2, len(frame)))
    frame = frame.assign(n_loans=np.exp(np.where(mortgage, 9.0, 6.0) + draws[0]))
    frame = frame.assign(
        expected_recovery=np.where(mortgage, 0.7, 0.3)
        - 0.04 * (np.log(frame["n_loans"]) - np.where(mortgage, 9.0, 6.0))
        + 0.01 * draws[1]
    )
    rules = replace(
        sample_edition, determinants=replace(sample_edition.determinants, regressors=("n_loans", "wa_overdue"))
    )
    result = catalogue(MARKET)["regression_expected_recovery"].compute(replace(sample, frame=frame), rules)
    assert result.number("n_loans", "sign") == 1
    assert result.number("n_loans", "typed_sign") == -1
    assert result.number("n_loans", "typed_estimate") == pytest.approx(-0.04, abs=0.005)


def test_predictions_are_judged_by_their_evidence(sample_results: Results):
    result = table(sample_results, "rolling_origin")
    frame, evidence = result.frame, result.evidence
    assert list(frame.index[:-1]) == sorted(frame.index[:-1])
    assert frame.index[-1] == TOTAL
    assert result.gaps[TOTAL, "n_train"] == Unavailable("differs_by_year")
    assert frame["n_test"].to_dict() == evidence.groupby("row").size().reindex(
        frame.index[:-1], fill_value=0
    ).to_dict() | {TOTAL: len(evidence)}
    for row, group in [*evidence.groupby("row"), (TOTAL, evidence)]:
        rivals = {"model": group["predicted"], "offering": group["offering"], "naive": group["naive"]}
        mae = {rival: (said - group["actual"]).abs().mean() for rival, said in rivals.items()}
        for rival, error in mae.items():
            assert frame.at[row, f"{rival}_mae"] == pytest.approx(error, rel=EXACT)
        assert frame.at[row, "better"] == min(mae, key=lambda rival: mae[rival])
        assert frame.at[row, "offering_bias"] == pytest.approx((group["offering"] - group["actual"]).mean(), abs=EXACT)
        assert frame.at[row, "model_bias"] == pytest.approx((group["predicted"] - group["actual"]).mean(), abs=EXACT)
    readings = table(sample_results, "one_year_readings").frame
    assert (readings.loc[evidence["deal"], "recovery"].to_numpy() == evidence["actual"].to_numpy()).all()
    assert (readings.loc[evidence["deal"], "forecast_recovery"].to_numpy() == evidence["offering"].to_numpy()).all()


def test_a_prediction_knows_nothing_of_its_year_or_later(
    sample_results: Results, sample_data: Dataset, sample_edition: Edition
):
    result, readings = table(sample_results, "rolling_origin"), table(sample_results, "one_year_readings")
    reported = sample_data.collections.set_index(["deal", "period_end"])["first_reported_on"]
    years = result.evidence["row"].unique()
    assert len(years)
    for year in years:
        known = [reported[deal, day] < pd.Timestamp(int(year), 1, 1) for deal, day in readings.frame["date"].items()]
        other = readings.frame.assign(recovery=readings.frame["recovery"].where(known, 0.99))
        again = catalogue(MARKET)["rolling_origin"].compute(
            replace(readings, frame=other),
            table(sample_results, "determinants_sample"),
            sample_data.collections,
            sample_edition,
        )
        columns = ["deal", "predicted", "offering", "naive"]
        pd.testing.assert_frame_equal(
            *(found.evidence.loc[found.evidence["row"] == year, columns] for found in (again, result))
        )


def test_the_order_of_the_sample_does_not_matter(sample_results: Results, sample_edition: Edition):
    sample = table(sample_results, "determinants_sample")
    turned = replace(sample, frame=sample.frame[::-1])
    for key, of in (("variable_summary", ("CNY",)), ("variable_correlations", ())):
        again = catalogue(MARKET)[key].compute(turned, *of)
        pd.testing.assert_frame_equal(again.frame, table(sample_results, key).frame, rtol=EXACT)
    for key in ("variable_gate", "regression_expected_recovery", "regression_actual_recovery", "regression_robustness"):
        again = catalogue(MARKET)[key].compute(turned, sample_edition)
        pd.testing.assert_frame_equal(again.frame, table(sample_results, key).frame, rtol=1e-7)


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        *(
            (key, Unavailable("too_few_observations", 8, 4))
            for key in (
                "regression_expected_recovery",
                "regression_diagnostics",
                "regression_fit",
                "regression_robustness",
            )
        ),
        ("regression_actual_recovery", Unavailable("too_few_observations", 8, 2)),
        ("rolling_origin", Unavailable("no_year_predicted")),
    ],
)
def test_six_deals_are_too_few_and_the_table_says_so(key: str, reason: Unavailable):
    assert tiny.results()[key] == reason


def test_rates_that_do_not_vary_are_no_regression(sample_results: Results, sample_edition: Edition):
    sample = table(sample_results, "determinants_sample")
    flat = replace(sample, frame=sample.frame.assign(expected_recovery=0.4))
    for key in ("regression_expected_recovery", "regression_fit", "regression_robustness"):
        assert catalogue(MARKET)[key].compute(flat, sample_edition) == Unavailable("outcome_constant")
    told = catalogue(MARKET)["regression_diagnostics"].compute(flat, sample_edition)
    assert told.gaps["r_squared", "expected_statistic"] == Unavailable("outcome_constant")
    assert same_figure(
        told.frame.at["r_squared", "actual_statistic"],
        table(sample_results, "regression_diagnostics").number("r_squared", "actual_statistic"),
    )


def test_one_bank_alone_has_no_clustered_errors(sample_results: Results, sample_edition: Edition):
    sample = table(sample_results, "determinants_sample")
    one = replace(sample, frame=sample.frame.assign(originator="ccb"))
    result = catalogue(MARKET)["regression_expected_recovery"].compute(one, sample_edition)
    assert (
        result.gaps["pool_balance", "se_cluster"]
        == result.gaps[CONSTANT, "p_cluster"]
        == Unavailable("too_few_clusters", 2, 1)
    )
    assert all(
        map(same_figure, result.frame["se_hc3"], table(sample_results, "regression_expected_recovery").frame["se_hc3"])
    )
