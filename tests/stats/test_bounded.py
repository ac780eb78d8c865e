"""Models for rates: by hand, by their symmetry, and as R has them on the sample.

By hand where a dummy makes them saturated; the figures of R are of tests/reference/regression.R.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.bounded import Effects, beta_regression, fractional_logit
from tests.reference import figures

CONVERGED = 1e-8
"""The quasi-likelihood is solved by Newton's steps until the coefficients move by less than 1e-9, and each step
doubles the digits."""
OPTIMIZED = 1e-8
"""Both programs end the likelihood with Newton's steps, the last of them under 1e-8, which double the digits; R's
optimizer alone would leave five of them."""

Model = Callable[[pd.Series, pd.DataFrame], Effects | Unavailable]

RATES = pd.Series([0.2, 0.2, 0.5, 0.6, 0.8, 0.7])
DUMMY = pd.DataFrame({"d": [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]})
SLOPE = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "z": [1.0, 0.0, 2.0, 1.0, 3.0, 1.0]})


def effects(found: Effects | Unavailable) -> pd.DataFrame:
    assert isinstance(found, Effects), found
    return found.effects


def test_fractional_logit_by_hand():
    # group means 0.3 and 0.7: the logit differs by 2 ln(7/3), and μ (1 − μ) is 0.21 in both
    found = effects(fractional_logit(RATES, DUMMY))
    logit = 2 * math.log(7 / 3)
    assert found.at["d", "coefficient"] == pytest.approx(logit, rel=CONVERGED)
    assert found.at["d", "effect"] == pytest.approx(0.21 * logit, rel=CONVERGED)
    # the variance of a group's logit: 0.06 and 0.02, its squared residuals, over (3 · 0.21)², corrected by 6/4. The
    # effect is (l₁ − l₀)(w₀ + w₁)/2, where w moves by 0.084 with l₀ and by −0.084 with l₁, so that its gradient is 0.21
    # − 0.042 (l₁ − l₀) on l₁ and the same with the other sign on l₀
    variances = (0.06 + 0.02) / 0.63**2 * 6 / 4
    assert found.at["d", "se"] == pytest.approx((0.21 - 0.042 * logit) * math.sqrt(variances), rel=CONVERGED)
    assert found.at["d", "p"] == pytest.approx(
        math.erfc(found.at["d", "effect"] / found.at["d", "se"] / math.sqrt(2)), rel=1e-10
    )


def test_effects_are_per_unit_of_the_variable():
    one, ten = effects(fractional_logit(RATES, SLOPE)), effects(fractional_logit(RATES, SLOPE * [10.0, 1.0]))
    assert ten.at["x", "effect"] == pytest.approx(one.at["x", "effect"] / 10, rel=CONVERGED)
    assert ten.at["x", "se"] == pytest.approx(one.at["x", "se"] / 10, rel=CONVERGED)
    assert ten.at["x", "p"] == pytest.approx(one.at["x", "p"], rel=CONVERGED)
    assert ten.at["z", "effect"] == pytest.approx(one.at["z", "effect"], rel=CONVERGED)


@pytest.mark.parametrize("model", [fractional_logit, beta_regression])
def test_losses_have_the_effects_of_recoveries_with_the_other_sign(model: Model):
    gains, losses = effects(model(RATES, SLOPE)), effects(model(1 - RATES, SLOPE))
    for column, sign in (("coefficient", -1), ("effect", -1), ("se", 1), ("p", 1)):
        assert losses[column].to_numpy() == pytest.approx(sign * gains[column].to_numpy(), rel=OPTIMIZED), column


@pytest.mark.parametrize("model", [fractional_logit, beta_regression])
def test_small_effects_are_those_of_least_squares(model: Model):
    # rates within a percentage point of one half: the logistic function is a line there
    x = np.arange(8.0)
    rates = pd.Series(0.5 + 0.001 * x + 0.001 * np.array([1, -1, -1, 1, 1, -1, -1, 1]))
    assert effects(model(rates, pd.DataFrame({"x": x}))).at["x", "effect"] == pytest.approx(
        np.polyfit(x, rates, 1)[0], rel=1e-3
    )


def test_the_maximum_is_found_from_narrow_rates_to_rates_at_the_ends():
    # an undamped climb runs away from rates near the ends; one that wants the likelihood to rise gives up on narrow
    # ones, where its last bits are noise
    draw = np.random.default_rng(5)
    columns = pd.DataFrame(draw.standard_normal((60, 4)).round(6), columns=list("abcd"))
    mean = 1 / (1 + np.exp(-(columns @ [0.4, -0.3, 0.2, 0.1]).to_numpy()))
    for precision in (0.3, 1.0, 10.0, 1e3, 1e5, 3e6):
        rates = pd.Series(draw.beta(mean * precision, (1 - mean) * precision).round(12).clip(1e-9, 1 - 1e-9))
        found = effects(beta_regression(rates, columns))
        assert (found["se"] > 0).all(), precision
        if precision > 1e4:  # the coefficients that the rates were drawn with
            assert found["coefficient"].to_numpy() == pytest.approx([0.4, -0.3, 0.2, 0.1], abs=0.02), precision
    assert beta_regression(pd.Series(draw.beta(mean * 1e9, (1 - mean) * 1e9)), columns) == Unavailable(
        "not_converged"
    )  # doubles cannot tell such a maximum


@pytest.mark.parametrize(
    ("response", "columns", "reason"),
    [
        (RATES.where(RATES < 0.8, 1.2), SLOPE, Unavailable("rates_outside", 6, 5)),
        (RATES.where(RATES > 0.2, -0.1), SLOPE, Unavailable("rates_outside", 6, 4)),
        (RATES[:4], SLOPE[:4], Unavailable("too_few_observations", 5, 4)),
        (RATES.where(RATES < 0.8), SLOPE, Unavailable("values_missing", 6, 5)),
        (RATES * 0 + 0.4, SLOPE, Unavailable("outcome_constant")),
        (RATES, SLOPE[["x"]].assign(y=1 - SLOPE["x"]), Unavailable("collinear")),
        (RATES, SLOPE[["x"]].assign(y=0.5), Unavailable("regressor_constant")),
    ],
    ids=["above one", "below zero", "few", "missing", "constant rate", "collinear", "constant variable"],
)
@pytest.mark.parametrize("model", [fractional_logit, beta_regression])
def test_what_cannot_be_estimated_says_why(
    model: Model, response: pd.Series, columns: pd.DataFrame, reason: Unavailable
):
    assert model(response, columns) == reason


def test_the_ends_of_the_range_belong_to_the_logit_only():
    ends = RATES.where(RATES != 0.8, 1.0)
    assert isinstance(fractional_logit(ends, SLOPE), Effects)
    assert beta_regression(ends, SLOPE) == Unavailable("rates_outside", 6, 5)
    assert beta_regression(1 - ends, SLOPE) == Unavailable("rates_outside", 6, 5)


def test_what_has_no_maximum_is_no_estimate():
    # a dummy that parts zeros from ones: the coefficient grows without end
    assert fractional_logit(DUMMY["d"], DUMMY) == Unavailable("not_converged")
    # rates that are a logistic function of x: the precision of the beta distribution grows without end, and the robust
    # error is zero
    x = pd.DataFrame({"x": np.arange(6.0)})
    exact = 1 / (1 + np.exp(-(0.3 * x["x"] - 1)))
    assert beta_regression(exact, x) == fractional_logit(exact, x) == Unavailable("not_converged")


@pytest.mark.parametrize("column", ["coefficient", "effect", "se", "p"])
@pytest.mark.parametrize(
    ("kind", "model", "rel"), [("logit", fractional_logit, CONVERGED), ("beta", beta_regression, OPTIMIZED)]
)
@pytest.mark.parametrize("name", ["expected", "actual"])
def test_effects_are_those_of_r(name: str, kind: str, model: Model, rel: float, column: str):
    found = figures.regression(name)
    expected = figures.each(f"{name}.{kind}.{column}")
    table = effects(model(found.response, found.design.columns))
    assert list(table.index) == list(expected.index)
    assert table[column].to_numpy() == pytest.approx(
        expected.to_numpy(), rel=rel * (100 if column == "p" else 1)
    )  # a small p value multiplies its statistic's error
