"""Scenarios: one deal by hand, the quantity formula against the engine, and what grows with the recovery."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npl_report.model import steps_of
from npl_report.stats import scenarios as module
from npl_report.stats.breakeven import quantity
from npl_report.stats.scenarios import DELAYS, MULTIPLIERS, Profile, Scenarios, scenarios
from npl_report.stats.waterfall import Priority, Terms, run
from tests.stats import one_deal, sample_deals
from tests.stats.one_deal import FREE, LADDERS, standard
from tests.stats.random_deals import deals, order

SEEDS = st.integers(0, 2**32 - 1)
SAME = 1e-9  # of the issue size
CLOSE = 1e-9  # what yields of rates are compared at (test_yields.py)

of_any_length = pytest.mark.parametrize("ladder", LADDERS, ids=map(len, LADDERS))


def simple(reward: float = 0.8) -> Terms:
    """Senior 100 without coupon, subordinated 40 with a fixed return of 10 %, no fees."""
    return one_deal.terms(coupon=(0,), **FREE, reward_share=reward)


def formula(found: Scenarios, terms: Terms) -> np.ndarray:
    *ahead, last = terms.face[:, :, None]
    due = sum(ahead) + found.interest, last + found.fixed_return
    return quantity(found.recovered * (1 - terms.fee_rate)[:, None], *due, terms.reward_share[:, None])


def off(found: Scenarios, terms: Terms) -> float:
    """The largest difference between formula and engine, of the issue size."""
    return float((np.abs(formula(found, terms) - found.last_paid) / terms.face.sum(axis=0)[:, None]).max())


def test_one_deal_by_hand():
    # 200 are forecast after 365 days; half of it, and 90 days later; all of it, in time and later
    found = scenarios(Profile(np.array([[200.0]]), np.array([[365.0]])), simple(), (0.5, 1.0), (0, 3))
    longer = scenarios(Profile(np.array([[200.0]]), np.array([[365.0]])), simple(), (1.0,), (12,), month=365 / 12)
    assert longer.returns["senior"].life.tolist() == [[pytest.approx(2.0)]]  # years: a year later by twelve months
    assert (found.multiplier.tolist(), found.delay.tolist()) == ([0.5, 0.5, 1.0, 1.0], [0, 3, 0, 3])
    assert found.recovered[0].tolist() == [100, 100, 200, 200]
    # 100 repay the senior tranche; of 200 remain 100: 40, the return 4 or 40 × 10 % × 455/365, and a fifth of the rest
    late = 4 * 455 / 365
    assert found.last_paid[0] == pytest.approx([0, 0, 44 + 0.2 * 56, 40 + late + 0.2 * (60 - late)], abs=1e-12)
    assert found.returns["senior"].multiple[0].tolist() == [1, 1, 1, 1]
    assert found.returns["senior"].rate[0] == pytest.approx([0, 0, 0, 0], abs=CLOSE)
    assert found.returns["senior"].life[0] == pytest.approx([1, 455 / 365, 1, 455 / 365], abs=1e-12)
    subordinated = found.returns["subordinated"]
    assert subordinated.rate[0] == pytest.approx(
        [-1, -1, 55.2 / 40 - 1, ((40 + late + 0.2 * (60 - late)) / 40) ** (365 / 455) - 1], abs=CLOSE
    )
    assert subordinated.loss[0].tolist() == [1, 1, 0, 0]
    assert np.isnan(subordinated.life[0]).tolist() == [True, True, False, False]
    assert not found.default.any()


def test_the_formula_by_hand():
    # senior due 105, subordinated 44, the servicer takes 80 % of the rest: 0 up to 105, then all, above 149 a fifth
    net = np.array([0.0, 105, 115, 149, 159])
    assert quantity(net, np.full(5, 105.0), np.full(5, 44.0), np.full(5, 0.8)) == pytest.approx(
        [0, 0, 10, 44, 46], abs=1e-12
    )


def test_formula_and_engine_agree_on_every_deal_of_the_sample():
    names, profile, terms = sample_deals.forecast()
    found = scenarios(profile, terms)
    assert found.recovered.shape == (len(names), len(MULTIPLIERS) * len(DELAYS)) == (156, 44)
    assert off(found, terms) <= SAME
    assert found.default.any()
    assert not found.default.all()


@of_any_length
@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=SEEDS)
def test_formula_and_engine_agree_wherever_fees_come_before_the_last_tranche(ladder: tuple[str, ...], seed: int):
    """The formula takes all fees off first.

    The data allow orders that pay some after the principal of the last tranche; for those it does not hold.
    """
    random = np.random.default_rng(seed)
    orders = [
        Priority(*(order(random, ladder, fees_before=ladder[-1]) for _ in range(2 if number % 2 else 1)))
        for number in range(6)
    ]
    profile, terms = deals(random, 30, ladder, (standard(ladder), *orders))
    assert off(scenarios(profile, terms), terms) <= SAME


def steps(values: np.ndarray) -> np.ndarray:
    """What each larger multiplier adds, delays apart."""
    return np.diff(values.reshape(len(values), len(MULTIPLIERS), len(DELAYS)), axis=1)


def assert_grows(found: Scenarios, terms: Terms) -> None:
    """What the last tranche is paid and earns; and no tranche loses more."""
    *others, last = (found.returns[tranche] for tranche in terms.ladder)
    assert steps(found.last_paid / terms.face.sum(axis=0)[:, None]).min() >= -CLOSE
    assert steps(last.multiple / (1 + last.multiple)).min() >= -CLOSE
    assert (
        steps(1 - 2 / (2 + last.rate)).min() >= -CLOSE
    )  # between −1 and 1, however large a yield is, without bound too
    assert steps(last.loss).max() <= CLOSE
    for other, face in zip(others, terms.face, strict=False):
        assert steps(other.loss[face > 0]).max() <= CLOSE


def test_the_greater_the_recovery_the_greater_the_return_of_every_deal_of_the_sample():
    """The study: the greater the recovery against issuance, the greater the return."""
    _, profile, terms = sample_deals.forecast()
    found = scenarios(profile, terms)
    assert_grows(found, terms)
    assert steps(found.returns["subordinated"].rate).max() > 0


@of_any_length
@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=SEEDS)
def test_the_greater_the_recovery_the_greater_the_return_on_random_terms(ladder: tuple[str, ...], seed: int):
    """As long as the servicer takes no more than half of the rest, and the order does not change.

    Fees come before the last tranche, as in the formula: one behind it would take what earlier principal costs.

    Of one more yuan the last tranche keeps 1 − α; earlier principal costs it the fixed return f for the time t by which
    it comes sooner, of which it would have kept α: the total grows if 1 − α > α f t. Here α ≤ 0.5, f ≤ 0.15 and t ≤ 12
    × 199 days, so that α f t < 0.5.
    """
    random = np.random.default_rng(seed)
    orders = (Priority(steps_of(ladder)), Priority(order(random, ladder, fees_before=ladder[-1])))
    profile, terms = deals(random, 30, ladder, orders)
    terms = replace(terms, reward_share=terms.reward_share / 2)
    assert_grows(scenarios(profile, terms), terms)


def test_where_the_servicer_takes_all_of_the_rest_more_may_be_less():
    """Where that statement ends: α = 1.

    80 a year repay the senior tranche and give the subordinated one 40 + 8 after two years, 9.5 %;

    140 a year repay 40 after one year, with the 4 accrued by then a year later: 44, and −40 + 40 v + 4 v² = 0 at v =
    0.9161, 9.2 %.
    """
    profile = Profile(np.array([[80.0], [80.0]]), np.array([[365.0], [730.0]]))
    found = scenarios(profile, simple(reward=1), (1.0, 1.75), (0,))
    assert found.last_paid[0] == pytest.approx([48, 44], abs=1e-12)
    assert found.returns["subordinated"].rate[0] == pytest.approx([1.2**0.5 - 1, 8 / (-40 + 2240**0.5) - 1], abs=CLOSE)


def test_default_may_spare_the_senior_tranche_what_the_servicer_takes_before_it():
    """Its loss need not fall with the recovery: an event of default puts the servicer's fee behind it.

    Coupon 10 %, servicing 50 %: 18 leave 9 for interest of 10, default, and of the next 36 all but 11 repay principal,
    25. 20 pay the 10 just so, no default, and of the next 40 the servicer takes 20 first: 10 repay.
    """
    terms = replace(simple(), coupon=np.array([[0.1]]), servicing_rate=np.array([0.5]))
    found = scenarios(Profile(np.array([[18.0], [36.0]]), np.array([[365.0], [730.0]])), terms, (1.0, 20 / 18), (0,))
    assert found.default[0].tolist() == [True, False]
    assert found.returns["senior"].loss[0] == pytest.approx([0.75, 0.9], abs=1e-12)


@of_any_length
@pytest.mark.parametrize(
    "rows", [1, 44, 150, 10**6]
)  # a deal at a time, also where a deal has more scenarios than rows; three; all
def test_chunks_are_one_run(rows: int, ladder: tuple[str, ...], monkeypatch: pytest.MonkeyPatch):
    profile, terms = deals(np.random.default_rng(7), 10, ladder)
    whole = scenarios(profile, terms)
    monkeypatch.setattr(module, "_ROWS", rows)
    parts = scenarios(profile, terms)
    for field in fields(Scenarios):
        if field.name != "returns":
            np.testing.assert_array_equal(getattr(parts, field.name), getattr(whole, field.name), err_msg=field.name)
    assert list(parts.returns) == list(whole.returns) == list(ladder)
    for tranche in ladder:
        for measure in ("rate", "multiple", "life", "loss"):
            np.testing.assert_array_equal(
                getattr(parts.returns[tranche], measure), getattr(whole.returns[tranche], measure)
            )


@of_any_length
def test_the_scenario_of_no_change_is_the_waterfall_itself(ladder: tuple[str, ...]):
    profile, terms = deals(np.random.default_rng(8), 10, ladder)
    found, flows = scenarios(profile, terms, (1.0,), (0,)), run(profile.collected, profile.days, terms)
    np.testing.assert_array_equal(found.last_paid[:, 0], flows.to(ladder[-1]).sum(axis=0))
    np.testing.assert_array_equal(found.default[:, 0], flows.default[-1])
