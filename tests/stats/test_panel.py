"""Panel models: published values on Grunfeld's data, R's plm on the sample, and by hand.

The last is a panel small enough; also what cannot be estimated.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.hypothesis import HypothesisTest
from npl_report.stats.panel import (
    Estimate,
    Panel,
    effects_test,
    fixed,
    hausman,
    honda,
    lagrange,
    panel,
    pooled,
    preferred,
    random,
)
from npl_report.tables.panels import OUTCOME, PANELS, REGRESSORS
from tests.helpers import tiny

REFERENCE = tiny.ROOT / "tests" / "reference"
SIX = 1e-6  # six significant digits: plm and linearmodels solve by different routes, on numbers of fifteen digits
CLOSE = 1e-12  # a handful of operations on doubles below ten


def there(found: Estimate | HypothesisTest | Panel | Unavailable):
    assert not isinstance(found, Unavailable), found
    return found


def of(rows: str, regressors: tuple[str, ...] = ("x",)) -> Panel | Unavailable:
    """Lines of entity, period, y and the regressors."""
    cells = [line.split() for line in rows.strip().splitlines()]
    frame = pd.DataFrame(cells, columns=["entity", "period", "y", *regressors]).astype(
        {"period": int} | dict.fromkeys(("y", *regressors), float)
    )
    return panel(frame.set_index(["entity", "period"]), "y", regressors)


# Grunfeld: 10 firms, 20 years. METHODS' reference values, as Baltagi and Stata's manual print them.


@cache
def grunfeld() -> Panel:
    import statsmodels.api as sm

    data = sm.datasets.grunfeld.load_pandas().data
    ten = data.loc[data["firm"] != "American Steel"].set_index(["firm", "year"])  # statsmodels ships an eleventh
    return there(panel(ten, "invest", ["value", "capital"]))


def test_grunfeld_slopes_and_constants():
    half_a_digit = 6e-8  # values are printed with seven decimals
    within = there(fixed(grunfeld())).coefficients["estimate"]
    assert within[["value", "capital"]].tolist() == pytest.approx([0.1101238, 0.3100653], abs=half_a_digit)
    between = there(random(grunfeld())).coefficients["estimate"]
    assert between.tolist() == pytest.approx([-57.834415, 0.1097812, 0.3081130], abs=6e-7)
    assert between[["value", "capital"]].tolist() == pytest.approx([0.1097812, 0.3081130], abs=half_a_digit)
    least = there(pooled(grunfeld())).coefficients["estimate"]
    assert list(least.index) == ["const", "value", "capital"]
    assert least.tolist() == pytest.approx([-42.714369, 0.1155622, 0.2306785], abs=6e-7)
    assert least[["value", "capital"]].tolist() == pytest.approx([0.1155622, 0.2306785], abs=half_a_digit)


def test_grunfeld_tests():
    least, within, between = there(pooled(grunfeld())), there(fixed(grunfeld())), there(random(grunfeld()))
    effects = there(effects_test(least, within))
    assert effects.statistic == pytest.approx(49.177, abs=5e-4)
    assert (effects.df, effects.df_rest) == (9, 188)
    multiplier = lagrange(least.residuals)
    assert multiplier.statistic == pytest.approx(798.16, abs=5e-3)
    assert honda(least.residuals).statistic == pytest.approx(math.sqrt(multiplier.statistic), rel=CLOSE)
    choice = there(hausman(within, between))
    assert (choice.statistic, choice.df) == (pytest.approx(2.3304, abs=5e-5), 2)
    assert choice.p == pytest.approx(0.3119, abs=5e-5)
    assert preferred(effects, honda(least.residuals), choice, 0.05) == "random"


def test_hausman_needs_a_definite_difference():
    within, between = there(fixed(grunfeld())), there(random(grunfeld()))
    assert hausman(between, within) == Unavailable(
        "hausman_not_definite"
    )  # what is called consistent here is the more precise one
    same = replace(between, classical=within.classical)
    assert hausman(within, same) == Unavailable("hausman_not_definite")
    mixed = within.classical.copy()
    mixed.loc["value", "value"] *= 0.5
    mixed.loc["capital", "capital"] *= 1.5  # better for one slope, worse for the other
    assert hausman(within, replace(between, classical=mixed)) == Unavailable("hausman_not_definite")


# The sample's observations, estimated by R's plm: tests/reference/panel.R says how to make both files anew.


@cache
def reference() -> dict[str, str]:
    lines = (REFERENCE / "panel.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {key: value for key, _, value in (line.partition(",") for line in lines)}


def by_r(key: str) -> float:
    return float(reference()[key])


@cache
def observed(key: str) -> Panel:
    rows = pd.read_csv(REFERENCE / "panel_observations.csv")
    part = rows.loc[rows["panel"] == key].set_index(["entity", "period"])
    return there(panel(part, OUTCOME, REGRESSORS[key]))  # type: ignore[index]


@pytest.mark.parametrize("key", PANELS)
def test_the_size_as_plm_counts_it(key: str):
    data = observed(key)
    found = (len(data.columns), data.entities, data.periods, len(data.singletons))
    assert found == tuple(by_r(f"{key}.{name}") for name in ("n", "entities", "periods", "singletons"))


@pytest.mark.parametrize("key", PANELS)
@pytest.mark.parametrize("name", ["pooled", "fixed", "random"])
def test_models_as_plm_estimates_them(key: str, name: str):
    data = observed(key)
    model = there({"pooled": pooled, "fixed": fixed, "random": random}[name](data))
    theirs = sorted({item.split(".")[2] for item in reference() if item.startswith(f"{key}.{name}.")})
    assert theirs == sorted(set(model.coefficients.index) - ({"const"} if name == "fixed" else set()))
    k = len(model.coefficients)
    # plm counts no constant within entities, linearmodels (like Stata) does
    counted = math.sqrt((len(data.columns) - k + 1) / (len(data.columns) - k)) if name == "fixed" else 1.0
    for regressor in theirs:
        assert model.coefficients["estimate"][regressor] == pytest.approx(
            by_r(f"{key}.{name}.{regressor}.estimate"), rel=SIX
        )
        assert math.sqrt(model.classical.loc[regressor, regressor]) == pytest.approx(
            by_r(f"{key}.{name}.{regressor}.classical"), rel=SIX
        )
        assert model.coefficients["se"][regressor] == pytest.approx(
            by_r(f"{key}.{name}.{regressor}.clustered") * counted, rel=SIX
        )


@pytest.mark.parametrize("key", PANELS)
def test_tests_as_plm_computes_them(key: str):
    least, within, between = (there(fit(observed(key))) for fit in (pooled, fixed, random))
    assert within.r_squared == pytest.approx(by_r(f"{key}.r_squared_within"), rel=SIX)
    effects = there(effects_test(least, within))
    assert (effects.df, effects.df_rest) == (by_r(f"{key}.f_fixed.df1"), by_r(f"{key}.f_fixed.df2"))
    for name, test in {"f_fixed": effects, "bp_lm": lagrange(least.residuals), "honda": honda(least.residuals)}.items():
        assert test.statistic == pytest.approx(by_r(f"{key}.{name}.statistic"), rel=SIX)
        assert test.p == pytest.approx(
            by_r(f"{key}.{name}.p"), rel=1e-5
        )  # a small p value magnifies the statistic's last digits
    choice = hausman(within, between)
    if isinstance(
        choice, HypothesisTest
    ):  # plm computes it even where the difference of the covariances is not definite
        assert choice.statistic == pytest.approx(
            by_r(f"{key}.hausman.statistic"), rel=1e-5
        )  # a difference of nearly equal numbers
        assert choice.df == by_r(f"{key}.hausman.df1")
        assert choice.p == pytest.approx(by_r(f"{key}.hausman.p"), rel=1e-4, abs=1e-12)


# By hand. Two entities, two periods. Means of x: 1, 2; of y: 3, 1.
HAND = """
a 1  1 0
a 2  5 2
b 1  0 1
b 2  2 3
"""


def test_fixed_effects_by_hand():
    model = there(fixed(there(of(HAND))))
    # deviations of x: -1, 1, -1, 1; of y: -2, 2, -1, 1; slope (2 + 2 + 1 + 1) / 4; constant 2 - 1.5 * 1.5
    assert model.coefficients["estimate"].tolist() == pytest.approx([-0.25, 1.5], abs=CLOSE)
    assert model.residual_ss == pytest.approx(1.0, abs=CLOSE)  # four times a half, squared
    assert model.df_rest == 1
    assert model.r_squared == pytest.approx(1 - 1 / 10, abs=CLOSE)  # deviations of y squared: 4 + 4 + 1 + 1
    assert model.classical.loc["x", "x"] == pytest.approx(1 / 4, abs=CLOSE)


def test_pooled_and_its_tests_by_hand():
    data = there(of(HAND))
    model = there(pooled(data))
    # Sxy 4, Sxx 5, means 1.5 and 2; residuals 0.2, 2.6, -1.6, -1.2
    assert model.coefficients["estimate"].tolist() == pytest.approx([0.8, 0.8], abs=CLOSE)
    assert model.residuals.tolist() == pytest.approx([0.2, 2.6, -1.6, -1.2], abs=CLOSE)
    # clustered: (1, x)'u by entity is (2.8, 5.2) and (-2.8, -5.2); about the mean of x the score of the slope is 5.2 -
    # 1.5 * 2.8 = 1, twice; variance 2 * 1² / 5² times G/(G-1) * (n-1)/(n-k) = 2 * 3/2
    assert model.coefficients["se"]["x"] == pytest.approx(math.sqrt(2 / 25 * 3), abs=CLOSE)
    # Student's t with one degree of freedom is Cauchy's
    ratio = 0.8 / math.sqrt(6 / 25)
    assert model.coefficients["p"]["x"] == pytest.approx(1 - 2 / math.pi * math.atan(ratio), abs=CLOSE)
    # sums by entity 2.8 and -2.8: 15.68 of 10.8; balanced, NT / (2 (T - 1)) is 2
    assert lagrange(model.residuals).statistic == pytest.approx(2 * (15.68 / 10.8 - 1) ** 2, abs=CLOSE)
    effects = there(effects_test(model, there(fixed(data))))
    assert (effects.statistic, effects.df, effects.df_rest) == (pytest.approx(10.8 - 1.0, abs=1e-10), 1, 1)


def test_unlike_residuals_of_an_entity_speak_against_random_effects():
    index = pd.MultiIndex.from_product([["a", "b"], [1, 2]])
    opposite = honda(pd.Series([1.0, -1.0, 1.0, -1.0], index=index))
    # sums are 0: 4 * (0 - 1) / sqrt(2 * (4 + 4 - 4))
    assert opposite.statistic == pytest.approx(-math.sqrt(2), abs=CLOSE)
    assert opposite.p > 0.9
    assert lagrange(pd.Series([1.0, -1.0, 1.0, -1.0], index=index)).statistic == pytest.approx(2.0, abs=CLOSE)


def test_an_entity_observed_once_is_left_out_and_named():
    with_one = there(of(HAND + "c 1 9 9"))
    assert with_one.singletons == ("c",)
    assert (with_one.entities, with_one.periods, with_one.gaps) == (2, 2, 0)
    for fit in (pooled, fixed):
        pd.testing.assert_frame_equal(there(fit(with_one)).coefficients, there(fit(there(of(HAND)))).coefficients)


def test_gaps_are_counted_and_change_nothing():
    gapped = there(of(HAND.replace("a 2", "a 3") + "b 3 4 4"))
    assert (gapped.gaps, gapped.periods) == (1, 3)  # a lacks 2
    close = there(of(HAND + "b 3 4 4"))
    assert close.gaps == 0
    pd.testing.assert_frame_equal(there(fixed(gapped)).coefficients, there(fixed(close)).coefficients)


def test_the_order_of_the_rows_does_not_matter():
    one, other = there(of(HAND)), there(of("\n".join(HAND.strip().splitlines()[::-1])))
    for fit in (pooled, fixed):
        pd.testing.assert_frame_equal(there(fit(one)).coefficients, there(fit(other)).coefficients)


@cache
def random_panel() -> pd.DataFrame:
    """Eight entities over four periods, with a regressor that does not change within them, and copies."""
    draw = np.random.default_rng(5)
    index = pd.MultiIndex.from_product([[f"e{i}" for i in range(8)], range(4)], names=["entity", "period"])
    frame = pd.DataFrame({"x": draw.normal(size=32), "size": np.repeat(draw.normal(size=8), 4)}, index=index)
    return frame.assign(
        y=frame["x"] + frame["size"] + draw.normal(size=32),
        flat=7.0,
        sum=frame["x"] + 2 * frame["size"],
    )


def test_what_does_not_change_within_entities_is_named():
    data = there(panel(random_panel(), "y", ["x", "size"]))
    assert dict(data.dropped) == {}
    assert dict(there(fixed(data)).dropped) == {"size": "time_invariant"}
    assert list(there(fixed(data)).coefficients.index) == ["const", "x"]
    for fit in (pooled, random):
        assert list(there(fit(data)).coefficients.index) == ["const", "x", "size"]
    effects = there(effects_test(there(pooled(data)), there(fixed(data))))
    assert (effects.df, effects.df_rest) == (8 - 1 - 1, 32 - 8 - 1)
    assert there(hausman(there(fixed(data)), there(random(data)))).df == 1


def test_what_other_regressors_determine_is_named():
    data = there(panel(random_panel(), "y", ["x", "size", "flat", "sum"]))
    assert dict(data.dropped) == {"flat": "regressor_constant", "sum": "regressor_determined"}
    inside = there(panel(random_panel(), "y", ["x", "sum"]))  # independent over all, the same within entities
    assert dict(there(fixed(inside)).dropped) == {"sum": "regressor_determined"}
    assert "sum" in there(random(inside)).coefficients.index


def test_what_cannot_be_estimated_says_why():
    assert of("a 1 1 0\na 2 2 1\nb 1 3 5") == Unavailable("too_few_entities", 2, 1)
    assert of(HAND.replace("5 2", "1 2").replace("0 1", "1 1").replace("2 3", "1 3")) == Unavailable("outcome_constant")
    assert isinstance(panel(random_panel(), "y", ["flat"]), Unavailable)
    assert random(there(of(HAND))) == Unavailable("too_few_entities", 3, 2)
    short = random_panel().loc[["e0", "e1"]].groupby(level=0).head(2).assign(z=lambda rows: rows["x"] ** 2)
    assert isinstance(fixed(there(panel(short, "y", ["x"]))), Estimate)
    assert fixed(there(panel(short, "y", ["x", "z"]))) == Unavailable(
        "too_few_observations", 5, 4
    )  # two effects, two slopes, and one to spare
    assert fixed(there(panel(random_panel(), "y", ["size"]))) == Unavailable("no_variation_within")
    assert random(there(panel(random_panel(), "y", ["size"]))) == Unavailable("no_variation_within")
    assert pooled(there(panel(random_panel(), "sum", ["x", "size"]))) == Unavailable("exact_fit")
    assert fixed(there(panel(random_panel(), "sum", ["x"]))) == Unavailable("exact_fit")
    assert random(there(panel(random_panel(), "sum", ["x"]))) == Unavailable("exact_fit")


def test_residuals_that_cancel_out_within_entities_leave_no_clustered_error():
    # the line of test_regression: x 0 to 3, y 1, 3, 2, 4, residuals −0.3, 0.9, −0.9, 0.3; the scores of either entity
    # add up to 0.45 − 0.45, and to what rounding makes of it
    data = of("a 1 1 0\na 2 3 1\nb 1 2 2\nb 2 4 3")
    assert isinstance(data, Panel)
    assert pooled(data) == Unavailable("no_spread_of_entities")


def test_effects_need_more_entities_than_what_they_replace():
    rows = random_panel().loc[["e0", "e1"]]
    data = there(panel(rows, "y", ["x", "size"]))
    assert effects_test(there(pooled(data)), there(fixed(data))) == Unavailable(
        "too_few_entities", 3, 2
    )  # two constants, one of them told by the size


YES, NO = HypothesisTest(9.0, 1, 0.01), HypothesisTest(0.1, 1, 0.9)
LOST = Unavailable("hausman_not_definite")


@pytest.mark.parametrize(
    ("effects", "one_sided", "choice", "expected"),
    [
        (NO, NO, YES, "pooled"),
        (NO, NO, LOST, "pooled"),
        (YES, NO, YES, "fixed"),
        (NO, YES, NO, "random"),
        (YES, YES, NO, "random"),
        (YES, YES, LOST, LOST),
        (LOST, YES, NO, LOST),
        (YES, LOST, NO, LOST),
    ],
)
def test_which_model_the_tests_speak_for(
    effects: HypothesisTest, one_sided: HypothesisTest, choice: HypothesisTest, expected: str
):
    assert preferred(effects, one_sided, choice, 0.05) == expected
