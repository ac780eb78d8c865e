"""XIRR, multiple, life and loss: Excel's own example, roots by hand, and the definition itself on random flows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from npl_report.model import DefinitionError
from npl_report.stats.yields import _rates, returns

EXCEL = 1e-8  # half of the ninth decimal, to which Excel's page prints its result, and its own tolerance
STEP = 5e-8  # of ln(1 + rate): below −99.9 % the last bits of 1 + rate alone are that much


def one(face: float, *rows: tuple[float, float, float]) -> tuple[float, float, float, float]:
    """(years, principal, interest) → rate, multiple, life, loss."""
    days, principal, interest = (np.array(column, dtype=float)[:, None] for column in zip(*rows, strict=True))
    found = returns(np.array([float(face)]), days * 365, principal, principal + interest)
    return tuple(float(getattr(found, name)[0]) for name in ("rate", "multiple", "life", "loss"))  # type: ignore[return-value]


def test_the_example_of_excel():
    days = np.array(
        ["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"], dtype="datetime64[D]"
    ).astype(float)
    receipts = np.array([2750.0, 4250, 3250, 2750])[:, None]
    found = returns(np.array([10000.0]), (days[1:] - days[0])[:, None], receipts, receipts)
    assert found.rate[0] == pytest.approx(0.373362535, abs=EXCEL)


def test_receipts_of_one_day_are_one_receipt():
    assert one(100, (1, 40, 0), (1, 60, 21))[0] == pytest.approx(0.21, abs=1e-12)


def test_a_par_bond_earns_its_coupon():
    # repaid in two halves, 4.2 % of what is outstanding each year; life (1 × 50 + 3 × 50) / 100
    assert one(100, (1, 50, 4.2), (2, 0, 2.1), (3, 50, 2.1)) == pytest.approx((0.042, 1.084, 2, 0), abs=1e-9)


def test_multiple_life_and_loss_by_hand():
    # 100 → 30 after a year, 20 + 5 after two: multiple 0.55, life (30 + 40) / 50, half is lost;
    # −100 + 30 v + 25 v² = 0 at v = (−30 + √(900 + 10000)) / 50
    v = (-30 + math.sqrt(10900)) / 50
    assert one(100, (1, 30, 0), (2, 20, 5)) == pytest.approx((1 / v - 1, 0.55, 1.4, 0.5), abs=1e-9)


def test_a_tranche_that_is_paid_nothing():
    rate, multiple, life, loss = one(100, (1, 0, 0), (2, 0, 0))
    assert (rate, multiple, loss) == (-1, 0, 1)
    assert math.isnan(life)


def test_one_without_any_payment_date():
    found = returns(np.array([100.0]), np.zeros((0, 1)), np.zeros((0, 1)), np.zeros((0, 1)))
    assert (found.rate[0], found.multiple[0], found.loss[0]) == (-1, 0, 1)


def test_payments_on_the_day_of_purchase():
    assert math.isnan(one(100, (0, 100, 1), (1, 0, 0))[0])  # nothing is left to earn on
    assert one(100, (0, 60, 0), (1, 0, 0))[0] == -1  # 40 are, and earn nothing
    assert one(100, (0, 60, 0), (1, 40, 4))[0] == pytest.approx(0.1, abs=1e-9)  # 40 → 44


def test_flows_without_a_yield_in_the_engine_are_our_bug():
    with pytest.raises(DefinitionError, match="no yield"):
        _rates(np.array([[0.0, 365, 730]]), np.array([[-100.0, 230, -140]]))


def logarithm(days: np.ndarray, amounts: np.ndarray, rate: float) -> float:
    """ln(1 + rate), which the present value of the receipts must give back: its Newton step.

    The value is in units of the purchase.
    """
    x, years = math.log1p(rate), days / 365
    discounted = amounts * np.exp(-x * years)
    return float(discounted.sum() / (discounted[1:] * years[1:]).sum())


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    face=st.floats(-3, 6),
    receipts=st.lists(
        st.tuples(st.integers(1, 4000), st.floats(0, 1)), min_size=1, max_size=40, unique_by=lambda item: item[0]
    ),
    multiple=st.floats(-6, 4),
)
@example(face=0, receipts=[(6, 1e-9), (2994, 1.0)], multiple=3.5)  # almost nothing soon, 3,162 times the face late
@example(face=0, receipts=[(1, 1.0)], multiple=4)  # beyond what a float holds: 10,000^365
@example(face=6, receipts=[(3, 1.0)], multiple=-1)  # −1 + 0.1^(365/3), in floats −1
def test_purchase_and_later_receipts_have_the_yield_that_the_definition_asks_for(
    face: float, receipts: list[tuple[int, float]], multiple: float
):
    """Faces from 0.001 to a million, from a millionth to ten thousand times paid back.

    It is paid on the first day or after ten years.
    """
    shares = np.array([share + 1e-9 for _, share in receipts])
    days, bought = np.array([0.0, *(day for day, _ in receipts)]), 10.0**face
    amounts = np.array([-bought, *(shares / shares.sum() * bought * 10.0**multiple)])
    found = float(_rates(days[None], amounts[None])[0])
    if math.isinf(found):
        assert (
            -bought + (amounts[1:] * np.exp(-709.7 * days[1:] / 365)).sum() > 0
        )  # at the largest float there is still a gain
    elif found < -1 + 1e-9:
        assert -bought + (amounts[1:] * np.exp(20 * days[1:] / 365)).sum() < 0  # at −1 + e⁻²⁰ there is still a loss
    else:
        assert logarithm(days, amounts, found) == pytest.approx(0, abs=STEP)


def test_a_last_date_without_money_and_almost_nothing_before():
    """A thousandth of a hundred after a week and a date on which nothing is paid.

    The yield lies next to −100 %, and is found.
    """
    found = returns(np.array([100.0]), np.array([[7.0], [2000.0]]), np.zeros((2, 1)), np.array([[0.001], [0.0]]))
    # (1 + y)^(7/365) = 0.00001
    assert found.rate[0] == pytest.approx(math.expm1(math.log(1e-5) * 365 / 7), abs=1e-12)


def test_a_tranche_that_a_deal_lacks_has_no_returns():
    paid = np.array([[0.0, 55], [0, 55]])
    found = returns(np.array([0.0, 100]), np.array([[365.0, 365], [730, 730]]), paid, paid)
    assert [math.isnan(getattr(found, name)[0]) for name in ("rate", "multiple", "life", "loss")] == [True] * 4
    assert (found.multiple[1], found.life[1]) == pytest.approx((1.1, 1.5), abs=1e-12)
