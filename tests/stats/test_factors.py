"""Factor analysis: by hand on two to four variables, Harman's 24 tests, and the figures of R.

The latter are of tests/reference/factors.R. A frame is made to have given correlations exactly, so that what theory
says of a correlation matrix can be asked of the functions, which take deals.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.factors import (
    FACTORS,
    MARKERS,
    Adequacy,
    Factors,
    adequacy,
    factors,
)
from tests.helpers import tiny

EXACT = 1e-12
"""Sums of a few products of doubles of size one."""
TURNED = 1e-9
"""A rotation's angles are found to 1e-11."""
ROTATED = 1e-7
"""R ends a rotation where its criterion rises no more in doubles; the criterion is flat there, so that it knows
angles to the root of 1e-16 only."""
REFERENCE = tiny.ROOT / "tests" / "reference"


@cache
def reference() -> Mapping[str, str]:
    return dict(pd.read_csv(REFERENCE / "factors.csv", dtype=str).set_index("key")["value"])


def expected(key: str) -> float:
    return float(reference()[key])


def with_correlations(matrix: object, n: int = 40, names: list[str] | None = None) -> pd.DataFrame:
    """n deals whose variables have exactly these correlations (to rounding)."""
    correlations = np.asarray(matrix, dtype=float)
    draws = np.random.default_rng(1).standard_normal((n, len(correlations)))
    orthonormal = np.linalg.qr(draws - draws.mean(axis=0))[0]
    return pd.DataFrame(
        orthonormal @ np.linalg.cholesky(correlations).T, columns=names or [f"v{i}" for i in range(len(correlations))]
    )


def measured(columns: pd.DataFrame) -> Adequacy:
    found = adequacy(columns)
    assert isinstance(found, Adequacy), found
    return found


def analysed(columns: pd.DataFrame, limit: float = 1.0) -> Factors:
    found = factors(columns, limit)
    assert isinstance(found, Factors), found
    return found


@cache
def harman() -> pd.DataFrame:
    correlations = pd.read_csv(REFERENCE / "harman74.csv", comment="#", index_col=0)
    return with_correlations(correlations.to_numpy(), 145, list(correlations.columns))


# By hand


def test_two_variables():
    # r = 0.6: det R = 0.64; with no third variable to hold fixed the partial correlation is r itself, so that KMO is
    # one half
    columns = with_correlations([[1, 0.6], [0.6, 1]], n=40)
    found = measured(columns)
    assert (found.n, found.df) == (40, 1)
    assert found.kmo == pytest.approx(0.5, abs=EXACT)
    assert found.bartlett == pytest.approx(-(39 - 9 / 6) * math.log(0.64), rel=EXACT)
    # eigenvalues 1 ± r, eigenvector (1, 1) / √2, loadings √(1.6 / 2), one factor: nothing to rotate
    analysis = analysed(columns)
    assert analysis.eigenvalues == pytest.approx([1.6, 0.4], abs=EXACT)
    assert analysis.loadings["factor_other_1"].tolist() == pytest.approx([math.sqrt(0.8)] * 2, abs=EXACT)
    assert analysis.communalities.tolist() == pytest.approx([0.8, 0.8], abs=EXACT)
    assert analysis.uniqueness.tolist() == pytest.approx([0.2, 0.2], abs=EXACT)
    # R⁻¹ l = l / 1.6, because l is an eigenvector
    assert analysis.weights["factor_other_1"].tolist() == pytest.approx([math.sqrt(0.8) / 1.6] * 2, abs=EXACT)
    standard = (columns - columns.mean()) / columns.std()
    assert analysis.scores["factor_other_1"].tolist() == pytest.approx(
        (standard.sum(axis=1) / math.sqrt(3.2)).tolist(), abs=EXACT
    )


def test_three_variables_alike():
    # r = 1/2: det R = (1 − r)² (1 + 2r) = 1/2; partial correlations r / (1 + r) = 1/3; KMO = (1/4) / (1/4 + 1/9) = 9/13
    found = measured(with_correlations(np.full((3, 3), 0.5) + 0.5 * np.eye(3), n=30))
    assert found.partials.loc["v0", "v2"] == pytest.approx(1 / 3, abs=EXACT)
    assert [found.kmo, *found.kmo_by_variable.values()] == pytest.approx([9 / 13] * 4, abs=EXACT)
    assert found.bartlett == pytest.approx((29 - 11 / 6) * math.log(2), rel=EXACT)
    assert found.df == 3


def test_a_symmetry_does_not_stop_the_rotation():
    # Two pairs, 0.8 within, 0.2 between. Unrotated: a general factor and a contrast, a = √2.2 / 2 and ±b = √1.4 / 2:
    # stationary, but the least simple of all positions. Half a right angle from it lies the simple one: (a + b) / √2 on
    # the own factor, (a − b) / √2 on the other
    blocks = [[1, 0.8, 0.2, 0.2], [0.8, 1, 0.2, 0.2], [0.2, 0.2, 1, 0.8], [0.2, 0.2, 0.8, 1]]
    analysis = analysed(with_correlations(blocks))
    assert analysis.eigenvalues == pytest.approx([2.2, 1.4, 0.2, 0.2], abs=EXACT)
    a, b = math.sqrt(2.2) / 2, math.sqrt(1.4) / 2
    own, other = (a + b) / math.sqrt(2), (a - b) / math.sqrt(2)
    # both explain the same: the first is that of the first variables
    assert analysis.loadings.to_numpy() == pytest.approx(np.array([[own, other]] * 2 + [[other, own]] * 2), abs=TURNED)


def test_a_variable_without_factor_has_no_loading():
    # Two pairs and a variable that correlates with nothing: its eigenvalue is one, and not above it
    blocks = np.eye(5)
    blocks[0, 1] = blocks[1, 0] = 0.7
    blocks[2, 3] = blocks[3, 2] = 0.5
    analysis = analysed(with_correlations(blocks))
    assert analysis.eigenvalues == pytest.approx([1.7, 1.5, 1.0, 0.5, 0.3], abs=EXACT)
    first, second = math.sqrt(0.85), math.sqrt(0.75)
    assert analysis.loadings.to_numpy() == pytest.approx(
        np.array([[first, 0], [first, 0], [0, second], [0, second], [0, 0]]), abs=TURNED
    )
    assert analysis.uniqueness["v4"] == pytest.approx(1.0, abs=EXACT)
    assert measured(with_correlations(blocks)).kmo_by_variable["v4"] == Unavailable("no_correlation")


# What cannot be computed


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (with_correlations(np.eye(3)).assign(v3=lambda frame: frame["v0"] - 2 * frame["v1"]), Unavailable("collinear")),
        (with_correlations(np.eye(3)).assign(v3=lambda frame: 5 - frame["v0"]), Unavailable("collinear")),
        (with_correlations(np.eye(3)).assign(v3=7.0), Unavailable("regressor_constant")),
        (with_correlations(np.eye(3), n=10).assign(v3=0.1 + 0.2).head(10), Unavailable("regressor_constant")),
        (with_correlations(np.eye(4), n=10).head(5), Unavailable("too_few_observations", needed=6, found=5)),
        (with_correlations(np.eye(4)).head(0), Unavailable("too_few_observations", needed=6, found=0)),
        (with_correlations(np.eye(1)), Unavailable("too_few_variables", needed=2, found=1)),
        (
            with_correlations(np.eye(3)).assign(v3=[float("nan"), *range(39)]),
            Unavailable("values_missing", needed=40, found=39),
        ),
        (
            with_correlations(np.eye(3)).assign(v3=[float("inf"), *range(39)]),
            Unavailable("values_missing", needed=40, found=39),
        ),
    ],
)
def test_what_cannot_be_computed_says_why(columns: pd.DataFrame, reason: Unavailable):
    assert adequacy(columns) == reason
    assert factors(columns, 1.0) == reason


def test_variables_without_correlation_have_no_factor():
    columns = with_correlations(np.eye(4))
    assert measured(columns).kmo == Unavailable("no_correlation")
    assert measured(columns).bartlett == pytest.approx(
        0.0, abs=1e-10
    )  # 40 times the logarithm of a determinant that is one but for rounding
    assert factors(columns, 1.0) == Unavailable("no_factor")


def test_a_limit_above_all_eigenvalues_leaves_no_factor():
    assert factors(harman(), 8.2) == Unavailable("no_factor")
    assert analysed(harman(), 8.1).loadings.shape == (24, 1)


def test_logarithms_of_a_pool_and_its_parts_are_refused():
    # The trap of METHODS: pool = loans × average loan
    columns = with_correlations([[1, 0.3], [0.3, 1]]).set_axis(["n_loans", "average_loan"], axis=1)
    assert factors(columns.assign(pool_balance=columns.sum(axis=1)), 1.0) == Unavailable("collinear")


def test_nearly_singular_is_not_singular():
    # The determinant, 2e-7 · …, is far below where the library turns to a pseudo-inverse; KMO is as by hand: one half
    # for two variables
    found = measured(with_correlations([[1, 1 - 1e-8], [1 - 1e-8, 1]]))
    assert found.kmo == pytest.approx(0.5, abs=1e-7)  # an inverse of condition 2e8 keeps eight of sixteen digits


# Harman's 24 tests


def test_harman_as_published():
    found = measured(harman())
    assert found.kmo == pytest.approx(0.8813335, abs=5e-8)  # half of the last digit that METHODS gives
    assert found.bartlett == pytest.approx(1545.8619, abs=5e-5)
    assert found.df == 276
    assert analysed(harman()).eigenvalues[:4] == pytest.approx([8.135444, 2.096041, 1.692605, 1.501834], abs=5e-7)


def test_harman_as_r_computes_it():
    found, analysis = measured(harman()), analysed(harman())
    assert found.kmo == pytest.approx(expected("harman.kmo"), rel=1e-10)  # two inverses of a matrix of condition 47
    assert found.bartlett == pytest.approx(expected("harman.bartlett"), rel=1e-10)
    for name, measure in found.kmo_by_variable.items():
        assert measure == pytest.approx(expected(f"harman.kmo.{name}"), rel=1e-10), name
    assert analysis.eigenvalues == pytest.approx([expected(f"harman.eigenvalue.{i}") for i in range(1, 25)], rel=1e-10)
    assert analysis.loadings.shape[1] == expected("harman.n_factors") == 5
    for place, factor in enumerate(analysis.loadings.columns, start=1):
        for name, loading in analysis.loadings[factor].items():
            assert loading == pytest.approx(expected(f"harman.loading.{place}.{name}"), abs=ROTATED), (place, name)


def test_the_default_tolerance_would_not_do():
    # METHODS: it leaves errors in the third decimal
    from factor_analyzer.rotator import Rotator

    analysis = analysed(harman())
    early = Rotator(method="varimax").fit_transform(analysis.components.to_numpy()[:, :5])
    early = early[:, np.argsort(-(early**2).sum(axis=0))]
    assert np.abs(np.abs(early) - np.abs(analysis.loadings.to_numpy())).max() > 5e-4


def test_extraction_is_the_librarys_principal_method():
    from factor_analyzer import FactorAnalyzer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # the library names an argument of scikit-learn by its old name
        library = (
            FactorAnalyzer(n_factors=5, rotation=None, method="principal", svd_method="lapack")
            .fit(harman())
            .loadings_[:, :5]
        )
    ours = analysed(harman()).components.to_numpy()[:, :5]
    assert np.abs(ours) == pytest.approx(np.abs(library), abs=1e-10)  # two decompositions, of R and of the data


def test_scores_are_standardized_and_uncorrelated():
    analysis = analysed(harman())
    assert analysis.scores.mean().to_numpy() == pytest.approx(np.zeros(5), abs=EXACT)
    assert analysis.scores.cov().to_numpy() == pytest.approx(np.eye(5), abs=1e-10)  # through the inverse of R
    # the loadings are the correlations of variables and scores
    together = harman().join(analysis.scores).corr().loc[harman().columns, analysis.scores.columns]
    assert together.to_numpy() == pytest.approx(analysis.loadings.to_numpy(), abs=1e-10)


def test_rotation_keeps_what_the_factors_explain():
    analysis = analysed(harman())
    assert analysis.communalities.to_numpy() == pytest.approx(
        (analysis.components.to_numpy()[:, :5] ** 2).sum(axis=1), abs=1e-10
    )
    assert analysis.variance.sum() == pytest.approx(analysis.eigenvalues[:5].sum(), abs=1e-10)
    assert analysis.variance.is_monotonic_decreasing


# Order, sign, name


PATTERN = {
    # variable: loading on each of five factors that are made independent; markers first
    "issuance": (0.9, 0.0, 0.0, 0.0, 0.0),
    "pool_balance": (0.0, 0.85, 0.0, 0.0, 0.0),
    "average_loan": (0.0, 0.0, 0.8, 0.0, 0.0),
    "wa_borrower_age": (0.0, 0.0, 0.0, -0.8, 0.0),
    "wa_annual_income": (0.0, 0.0, 0.0, 0.85, 0.0),
    "wa_loan_age": (0.0, 0.0, 0.0, 0.0, 0.8),
    "wa_overdue": (0.0, 0.0, 0.0, 0.0, 0.9),
    "senior_share": (0.8, 0.1, 0.0, 0.0, 0.0),
    "pool_principal": (0.1, 0.8, 0.0, 0.0, 0.0),
    "average_exposure": (0.0, 0.0, 0.9, 0.1, 0.0),
    "secured_share": (0.0, 0.0, 0.7, 0.0, 0.0),
    "largest_region_share": (0.0, 0.0, 0.0, 0.0, -0.6),
}


def patterned(**changes: tuple[float, ...]) -> pd.DataFrame:
    loadings = np.array(list((PATTERN | changes).values()))
    correlations = loadings @ loadings.T
    np.fill_diagonal(correlations, 1.0)
    return with_correlations(correlations, 60, list(PATTERN))


def test_factors_are_named_after_their_markers():
    loadings = analysed(patterned()).loadings
    assert set(loadings.columns) == set(MARKERS)
    for factor, markers in MARKERS.items():
        for marker in markers:
            assert loadings.loc[marker].abs().idxmax() == factor
            assert (loadings.loc[marker, factor] > 0) == (marker != "wa_borrower_age"), marker


def test_a_factor_without_marker_is_a_further_one():
    # what describes the securities goes with the pool; of both the factor is named after the variables closer to it,
    # and one factor has no marker
    pool = (0.0, 0.7, 0.0, 0.0, 0.0)
    alone = (0.75, 0.0, 0.0, 0.0, 0.0)
    loadings = analysed(
        patterned(issuance=pool, senior_share=pool, secured_share=alone, largest_region_share=alone)
    ).loadings
    assert set(loadings.columns) == set(MARKERS) - {"factor_issuance"} | {"factor_other_1"}
    assert set(loadings["factor_other_1"].abs().nlargest(2).index) == {"secured_share", "largest_region_share"}
    assert loadings["factor_other_1"].sum() > 0
    assert loadings.loc["issuance"].abs().idxmax() == "factor_pool_balance"


def test_several_factors_without_marker_are_numbered_by_what_they_explain():
    analysis = analysed(harman())
    assert list(analysis.loadings.columns) == [f"factor_other_{place}" for place in range(1, 6)]
    assert (analysis.loadings.sum() > 0).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_deals_and_variables_does_not_matter(seed: int):
    columns = patterned()
    draw = np.random.default_rng(seed)
    mixed = columns.iloc[draw.permutation(len(columns)), draw.permutation(columns.shape[1])]
    first, second = analysed(columns), analysed(mixed)
    assert list(second.loadings.columns) == list(first.loadings.columns)
    pd.testing.assert_frame_equal(second.loadings.loc[first.loadings.index], first.loadings, atol=TURNED, rtol=0)
    pd.testing.assert_frame_equal(
        second.scores.loc[first.scores.index], first.scores, atol=1e-8, rtol=0
    )  # weights go through the inverse of R


@pytest.mark.parametrize("flipped", ["average_exposure", "senior_share", "largest_region_share"])
def test_a_variable_turned_round_turns_its_loadings_only(flipped: str):
    columns = patterned()
    first, second = analysed(columns).loadings, analysed(columns.assign(**{flipped: -columns[flipped]})).loadings
    turned = first.copy()
    turned.loc[flipped] *= -1
    pd.testing.assert_frame_equal(second, turned, atol=TURNED, rtol=0)


def test_a_marker_turned_round_turns_its_factor():
    columns = patterned()
    first, second = analysed(columns).loadings, analysed(columns.assign(average_loan=-columns["average_loan"])).loadings
    assert second.loc["average_loan", "factor_average_loan"] == pytest.approx(
        first.loc["average_loan", "factor_average_loan"], abs=TURNED
    )
    assert second.loc["average_exposure", "factor_average_loan"] == pytest.approx(
        -first.loc["average_exposure", "factor_average_loan"], abs=TURNED
    )


def test_units_do_not_matter():
    columns = patterned()
    scaled = columns * np.geomspace(1e-6, 1e6, columns.shape[1]) + 100.0
    pd.testing.assert_frame_equal(
        analysed(scaled).loadings, analysed(columns).loadings, atol=1e-6, rtol=0
    )  # 100 beside 1e-6 costs eight digits


def test_there_is_a_name_for_every_factor_of_the_study_and_a_few_more():
    assert FACTORS[:5] == (
        "factor_issuance",
        "factor_pool_balance",
        "factor_average_loan",
        "factor_borrower",
        "factor_ageing",
    )
    assert FACTORS[5:] == ("factor_other_1", "factor_other_2", "factor_other_3")
