"""The growth curve: known parameters are found again, and a minimum is one by another search."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from npl_report.model import Unavailable
from npl_report.stats.growth import Curve, fitted

AGES = np.arange(3.0, 61.0, 3.0)


def found(rates: np.ndarray, weights: np.ndarray | None = None, ages: np.ndarray = AGES) -> Curve:
    curve = fitted(ages, rates, np.ones(len(ages)) if weights is None else weights)
    assert isinstance(curve, Curve)
    return curve


def test_a_curve_by_hand():
    curve = Curve(0.5, 10.0, 1.0)
    assert curve.at(np.array([0.0, 10.0, -1.0])) == pytest.approx([0, 0.5 * (1 - np.exp(-1)), 0])


@pytest.mark.parametrize(("limit", "scale", "shape"), [(0.5, 20, 1.3), (0.12, 8, 0.9), (0.9, 40, 2.5), (1.2, 15, 4)])
def test_parameters_are_found_again(limit: float, scale: float, shape: float):
    curve = found(Curve(limit, scale, shape).at(AGES))
    assert (curve.limit, curve.scale, curve.shape) == pytest.approx((limit, scale, shape), rel=1e-9)


def test_the_least_squares_are_least():
    rates = Curve(0.5, 20, 1.3).at(AGES) + 0.01 * np.sin(AGES)
    weights = np.linspace(1000, 10, len(AGES))

    def squares(values: np.ndarray) -> float:
        return float((weights * np.square(Curve(*map(float, values)).at(AGES) - rates)).sum())

    curve = found(rates, weights)
    other = minimize(
        squares, [0.4, 25, 1.0], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-14, "maxiter": 5000}
    )
    assert (curve.limit, curve.scale, curve.shape) == pytest.approx(tuple(other.x), rel=1e-5)


def test_the_search_ends_at_the_last_digits():
    """What is stored must not depend on the last bits of what is put in."""
    rates = Curve(0.5, 20, 1.3).at(AGES) + 0.01 * np.sin(AGES)
    one, other = found(rates), found(rates * (1 + 2e-16))
    assert (one.limit, one.scale, one.shape) == pytest.approx((other.limit, other.scale, other.shape), rel=1e-12)


def test_falls_do_not_break_it():
    """Corrections lower some levels; what is recovered stays within the bounds."""
    curve = found(np.array([0.1, 0.2, 0.15, 0.3, 0.28]), ages=AGES[:5])
    assert 0 < curve.limit <= 1.5
    assert np.isfinite(curve.at(AGES)).all()


def test_a_line_stops_at_the_bounds():
    curve = found(0.02 * AGES)
    assert curve.limit == pytest.approx(1.5, rel=1e-6)


def test_what_cannot_be_fitted():
    assert fitted(AGES[:3], np.array([0.1, 0.2, 0.3]), np.ones(3)) == Unavailable("too_few_ages", needed=4, found=3)
    assert fitted(AGES, np.zeros(len(AGES)), np.ones(len(AGES))) == Unavailable("nothing_collected")
