"""Least squares: by hand on four deals, NIST's Longley data, and the figures of R on the sample.

The latter are of tests/reference/regression.R.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.design import inflations
from npl_report.stats.regression import CONSTANT, Ols, ols
from tests.reference import figures

EXACT = 1e-12
"""A few operations on doubles of size one."""
CERTIFIED = 1e-11
"""NIST certifies fifteen digits; standardized, Longley's variables have a condition number of 110, which costs two of a
double's sixteen, and the way back two more."""
LONGLEY = {
    CONSTANT: (-3482258.63459582, 890420.383607373),
    "GNPDEFL": (15.0618722713733, 84.9149257747669),
    "GNP": (-0.0358191792925910, 0.0334910077722432),
    "UNEMP": (-2.02022980381683, 0.488399681651699),
    "ARMED": (-1.03322686717359, 0.214274163161675),
    "POP": (-0.0511041056535807, 0.226073200069370),
    "YEAR": (1829.15146461355, 455.478499142212),
}
"""NIST's certified estimates and their standard deviations."""
BY_R = 1e-8
"""Two programs, both in doubles, on a design with a condition number of thousands before it is standardized."""

X = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0]}, index=list("abcd"))
Y = pd.Series([1.0, 3.0, 2.0, 4.0], index=list("abcd"))
BANKS = pd.Series(["east", "west", "west", "east"], index=list("abcd"))


def estimated(
    response: pd.Series = Y, columns: pd.DataFrame = X, clusters: pd.Series = BANKS, significance: float = 0.05
) -> Ols:
    found = ols(response, columns, clusters, significance)
    assert isinstance(found, Ols), found
    return found


def test_a_line_by_hand():
    # means 1.5 and 2.5, Sxx = 5, Sxy = 4, Syy = 5: slope 0.8, constant 1.3; residuals −0.3, 0.9, −0.9, 0.3, whose
    # squares add up to 1.8; s² = 1.8/2
    found = estimated()
    table = found.coefficients
    assert list(table.index) == ["x", CONSTANT]
    assert found.variables == ["x"]
    assert table["estimate"].tolist() == pytest.approx([0.8, 1.3], rel=EXACT)
    assert table.at["x", "se_classical"] == pytest.approx(math.sqrt(0.9 / 5), rel=EXACT)
    assert table.at["x", "p_classical"] == pytest.approx(0.2, rel=1e-10)  # t(2): p = 1 − t/√(t² + 2), with t² = 32/9
    assert (found.n, found.k, found.n_clusters) == (4, 1, 2)
    assert found.r_squared == pytest.approx(0.64, rel=EXACT)
    assert found.adjusted_r_squared == pytest.approx(1 - 0.36 * 3 / 2, rel=EXACT)
    assert found.f_statistic == pytest.approx(32 / 9, rel=EXACT)
    assert found.f_p == pytest.approx(0.2, rel=1e-10)
    assert found.deals["fitted"].tolist() == pytest.approx([1.3, 2.1, 2.9, 3.7], rel=EXACT)
    assert found.deals["residual"].tolist() == pytest.approx([-0.3, 0.9, -0.9, 0.3], rel=EXACT)


def test_influence_by_hand():
    # leverage 1/4 + (x − 1.5)²/5; Cook e²/(2 s²) · h/(1 − h)²; the others' line without a deal gives its studentized
    # residual
    deals = estimated().deals
    assert deals["leverage"].tolist() == pytest.approx([0.7, 0.3, 0.3, 0.7], rel=EXACT)
    assert deals["cook"].tolist() == pytest.approx(
        [0.05 * 70 / 9, 0.45 * 30 / 49, 0.45 * 30 / 49, 0.05 * 70 / 9], rel=EXACT
    )
    assert deals["studentized"].tolist() == pytest.approx(
        [-1 / math.sqrt(5), 3 / math.sqrt(5), -3 / math.sqrt(5), 1 / math.sqrt(5)], rel=EXACT
    )
    assert not estimated().influential.any()  # all are under 4/n = 1


def test_robust_errors_by_hand():
    # HC3: Σ (x − 1.5)² (e/(1 − h))² / Sxx², with e/(1 − h) = −1, 9/7, −9/7, 1
    table = estimated().coefficients
    hc3 = math.sqrt((2 * 2.25 + 2 * 0.25 * 81 / 49) / 25)
    assert table.at["x", "se_hc3"] == pytest.approx(hc3, rel=EXACT)
    assert table.at["x", "t_hc3"] == pytest.approx(0.8 / hc3, rel=EXACT)
    quantile = 4.302652729911275  # of t(2) at 97.5 %
    assert table.at["x", "low"] == pytest.approx(0.8 - quantile * hc3, rel=1e-10)
    assert table.at["x", "high"] == pytest.approx(0.8 + quantile * hc3, rel=1e-10)
    # banks {a, d} and {b, c}: scores (x − 1.5) e add up to 0.9 and −0.9; 2/1 · 3/2 corrects for two banks and two
    # coefficients
    clustered = math.sqrt(2 * 0.81 / 25 * 3)
    assert table.at["x", "se_cluster"] == pytest.approx(clustered, rel=EXACT)
    # t(1): p = 1 − 2 arctan(t)/π
    assert table.at["x", "p_cluster"] == pytest.approx(1 - 2 * math.atan(0.8 / clustered) / math.pi, rel=1e-10)


def test_standardized_coefficients_and_inflation_by_hand():
    found = estimated(columns=X * 10)
    assert found.coefficients.at["x", "estimate"] == pytest.approx(0.08, rel=EXACT)
    assert found.coefficients.at["x", "standardized"] == pytest.approx(
        0.8, rel=EXACT
    )  # the correlation, whatever the unit
    assert found.coefficients.at["x", "inflation"] == pytest.approx(1.0, rel=EXACT)
    ratio = found.coefficients.at["x", "standardized"] / found.coefficients.at["x", "estimate"]
    for end in ("low", "high"):
        assert found.coefficients.at["x", f"standardized_{end}"] == pytest.approx(
            found.coefficients.at["x", end] * ratio, rel=EXACT
        )
    assert (
        found.coefficients.loc[CONSTANT, ["standardized", "standardized_low", "standardized_high", "inflation"]]
        .isna()
        .all()
    )


def test_the_interval_is_that_of_the_significance():
    wide, narrow = estimated(significance=0.01).coefficients, estimated(significance=0.2).coefficients
    assert wide.at["x", "low"] < narrow.at["x", "low"] < narrow.at["x", "high"] < wide.at["x", "high"]


def test_a_bank_with_one_deal_is_a_group_like_another():
    alone = estimated(clusters=pd.Series(list("abcd"), index=X.index))
    assert alone.n_clusters == 4
    # every deal its own group: HC0 with 4/3 · 3/2
    assert alone.coefficients.at["x", "se_cluster"] == pytest.approx(math.sqrt(4 * 0.45**2 / 25 * 2), rel=EXACT)
    assert alone.unclustered is None


def test_without_spread_between_banks_there_is_no_clustered_error():
    one = estimated(clusters=pd.Series("east", index=X.index))
    assert one.unclustered == Unavailable("too_few_clusters", 2, 1)
    # banks {a, b} and {c, d}: 0.45 − 0.45 each, so that the error of the slope would be zero
    cancelled = estimated(clusters=pd.Series(["east", "east", "west", "west"], index=X.index))
    assert cancelled.unclustered == Unavailable("no_spread_of_clusters")
    unknown = estimated(clusters=BANKS.drop("b"))
    assert unknown.unclustered == Unavailable("values_missing", 4, 3)
    for found in (one, cancelled, unknown):
        assert found.coefficients[["se_cluster", "p_cluster"]].isna().all(axis=None)
        assert found.coefficients["se_hc3"].notna().all()


def test_the_order_of_deals_changes_nothing():
    turned = estimated(Y[::-1], X[::-1], BANKS[::-1])
    pd.testing.assert_frame_equal(turned.coefficients, estimated().coefficients, rtol=EXACT)
    pd.testing.assert_frame_equal(turned.deals[::-1], estimated().deals, rtol=EXACT)


@pytest.mark.parametrize(
    ("response", "columns", "reason"),
    [
        (Y, X.assign(z=1.0), Unavailable("too_few_observations", 5, 4)),
        (Y[:0], X[:0], Unavailable("too_few_observations", 4, 0)),
        (Y.where(Y.index != "b"), X, Unavailable("values_missing", 4, 3)),
        (Y, X.where(X != 1), Unavailable("values_missing", 4, 3)),
        (Y * 0 + 0.3, X, Unavailable("outcome_constant")),
        (Y, X * 0 + 0.3, Unavailable("no_variation", 1, 0)),
        (2 * X["x"] - 1, X, Unavailable("exact_fit")),
        (Y, (X == 3).astype(float), Unavailable("leverage_one")),
    ],
    ids=[
        "fewer deals than needed",
        "no deals",
        "a rate missing",
        "a value missing",
        "a constant rate",
        "a constant variable",
        "an exact relation",
        "a deal with a dummy of its own",
    ],
)
def test_what_cannot_be_estimated_says_why(response: pd.Series, columns: pd.DataFrame, reason: Unavailable):
    assert ols(response, columns, BANKS.reindex(response.index)) == reason


def test_dependent_variables_are_refused():
    # statsmodels and R's lm give estimates for both, or leave one out in silence
    y, x = pd.Series([1.0, 3.0, 2.0, 4.0, 5.0, 4.0]), pd.Series([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    z = pd.Series([1.0, 0.0, 2.0, 1.0, 3.0, 1.0])
    banks = pd.Series(range(6))
    assert ols(y, pd.DataFrame({"x": x, "twice": 2 * x}), banks) == Unavailable("collinear")
    assert ols(y, pd.DataFrame({"x": x, "z": z, "both": x + z}), banks) == Unavailable("collinear")
    assert ols(y, pd.DataFrame({"x": x, "still": 0 * x + 0.2}), banks) == Unavailable("regressor_constant")


def test_the_deal_that_the_others_fit_without_error_has_no_studentized_residual():
    # without d the others lie on a line
    deals = estimated(pd.Series([0.0, 1.0, 2.0, 9.0], index=X.index)).deals
    assert deals["studentized"].isna().tolist() == [False, False, False, True]


def test_longley():
    from statsmodels.datasets import longley

    data = longley.load_pandas()
    found = estimated(data.endog, data.exog, pd.Series(range(16)))
    for name, certified in LONGLEY.items():
        row = found.coefficients.loc[name]
        assert (row["estimate"], row["se_classical"]) == pytest.approx(certified, rel=CERTIFIED), name
    assert found.r_squared == pytest.approx(0.995479004577296, rel=1e-12)
    # to the digits that METHODS gives
    assert found.coefficients["inflation"].dropna().tolist() == pytest.approx(
        [135.53, 1788.51, 33.62, 3.589, 399.15, 758.98], rel=2e-4
    )
    assert found.f_statistic == pytest.approx(330.285339234588, rel=CERTIFIED)  # NIST's certified analysis of variance


def test_unit_and_origin_of_a_variable_cost_no_digits():
    # in another unit of money, or counted from a point a million ranges away: as given, of condition 1e8 and 1e6
    plain, large, far = (estimated(columns=columns).coefficients for columns in (X, X * 1e8, X + 1e6))
    for column in ("estimate", "se_classical", "se_hc3", "se_cluster", "low", "high"):
        assert large.at["x", column] * 1e8 == pytest.approx(plain.at["x", column], rel=EXACT), column
        assert far.at["x", column] == pytest.approx(plain.at["x", column], rel=1e-9), column  # x + 1e6 holds ten digits
    for column in ("t_hc3", "p_classical", "p_hc3", "p_cluster"):
        assert large.at["x", column] == pytest.approx(plain.at["x", column], rel=EXACT), column


@pytest.mark.parametrize("name", ["expected", "actual"])
def test_the_sample_is_the_one_that_r_built(name: str):
    fixture = figures.each(f"sample.{name}")
    response = figures.regression(name).response
    assert list(response.index) == list(fixture.index)
    assert response.to_numpy() == pytest.approx(fixture.to_numpy(), rel=1e-12)
    assert len(figures.data().deals) == figures.figure("n_deals")


@pytest.mark.parametrize("name", ["expected", "actual"])
def test_the_gate_lets_through_what_r_s_does(name: str):
    found = figures.regression(name)
    assert " ".join(found.fit.variables) == figures.texts()[f"{name}.variables"]
    assert (found.fit.n, found.fit.n_clusters) == (figures.figure(f"{name}.n"), figures.figure(f"{name}.clusters"))
    expected = figures.each(f"{name}.inflation")
    assert inflations(found.design.columns)[expected.index].to_numpy() == pytest.approx(expected.to_numpy(), rel=BY_R)


@pytest.mark.parametrize(
    "column",
    [
        "estimate",
        *(f"{what}_{kind}" for kind in ("classical", "hc3", "cluster") for what in ("se", "p")),
        "t_hc3",
        "low",
        "high",
        "standardized",
    ],
)
@pytest.mark.parametrize("name", ["expected", "actual"])
def test_coefficients_and_their_errors_are_those_of_r(name: str, column: str):
    expected = figures.each(f"{name}.{column}")
    found = figures.regression(name).fit.coefficients[column].dropna()
    assert list(found.index) == list(expected.index)
    assert found.to_numpy() == pytest.approx(
        expected.to_numpy(), rel=BY_R * 100 if column.startswith("p_") else BY_R
    )  # a small p value multiplies its statistic's error


@pytest.mark.parametrize("name", ["expected", "actual"])
def test_fit_and_influence_are_those_of_r(name: str):
    fit = figures.regression(name).fit
    for key, value in {
        "r_squared": fit.r_squared,
        "adjusted_r_squared": fit.adjusted_r_squared,
        "f_statistic": fit.f_statistic,
    }.items():
        assert value == pytest.approx(figures.figure(f"{name}.{key}"), rel=BY_R)
    assert math.log(fit.f_p) == pytest.approx(math.log(figures.figure(f"{name}.f_p")), rel=BY_R)
    for column in ("fitted", "leverage", "studentized", "cook"):
        expected = figures.each(f"{name}.{column}")
        assert list(fit.deals.index) == list(expected.index)
        assert fit.deals[column].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-7, abs=1e-9), (
            column
        )  # absolute: a residual near zero is a difference of rates
    assert int(fit.influential.sum()) == figures.figure(f"{name}.n_influential")
    assert np.isclose(fit.deals["leverage"].sum(), fit.k + 1)
