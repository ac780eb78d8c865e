"""A deal that lacks a tranche between the first and the last: nothing of it there, and all else as without it.

To the last digit, whether its order names the tranche or not.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from npl_report.stats.breakeven import break_even
from npl_report.stats.scenarios import Profile, Scenarios, scenarios
from npl_report.stats.waterfall import Array, Priority, Terms, payees, run
from npl_report.stats.yields import Returns
from tests.stats import one_deal
from tests.stats.one_deal import LADDERS, THREE, standard, three, yearly
from tests.stats.random_deals import deals, one, orders

MEASURES = tuple(field.name for field in fields(Returns))
WITHOUT = ("senior", "junior")
TWO = one_deal.terms(standard(WITHOUT), WITHOUT, (100, 20), (0.05,), reserve=5)
PROFILE = Profile(*yearly(4, 60, 1, 90))  # an event of default, a date on which the reserve stays, all redeemed


def lacking(priority: Priority, coupon: float) -> Terms:
    return three(priority, (100, 0, 20), (0.05, coupon), reserve=5)


@pytest.mark.parametrize("coupon", [0, 0.08])
@pytest.mark.parametrize("priority", [standard(THREE), standard(WITHOUT)])
def test_it_is_paid_nothing_and_the_others_what_they_are_paid_in_a_ladder_of_two(priority: Priority, coupon: float):
    found, expected = (run(PROFILE.collected, PROFILE.days, of) for of in (lacking(priority, coupon), TWO))
    for name in payees(WITHOUT):
        np.testing.assert_array_equal(found.paid[name], expected.paid[name], err_msg=name)
    for name, array in expected.due.items():
        np.testing.assert_array_equal(found.due[name], array, err_msg=name)
    for name in ("reserve", "default"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    assert expected.default[-1, 0]
    assert not any(what("mezzanine").any() for what in (found.to, found.left, found.accrued))


@pytest.mark.parametrize("coupon", [0, 0.08])
@pytest.mark.parametrize("priority", [standard(THREE), standard(WITHOUT)])
def test_it_has_neither_returns_nor_a_break_even(priority: Priority, coupon: float):
    of = lacking(priority, coupon)
    found, recoveries = scenarios(PROFILE, of), break_even(PROFILE, of)
    assert np.isnan([getattr(found.returns["mezzanine"], measure) for measure in MEASURES]).all()
    assert np.isnan(recoveries["mezzanine"]).all()
    assert_same(found, scenarios(PROFILE, TWO), 0)
    assert_same_recoveries(recoveries, break_even(PROFILE, TWO), 0)


@pytest.mark.parametrize("ladder", LADDERS[1:], ids=map(len, LADDERS[1:]))
def test_random_deals_among_others_are_as_in_their_own_ladders(ladder: tuple[str, ...]):
    random = np.random.default_rng(3)
    profile, of = deals(random, 12, ladder, orders(random, ladder))
    assert 3 < (of.face == 0).any(axis=0).sum() < 12
    found, recoveries = scenarios(profile, of), break_even(profile, of)
    for deal in range(12):
        alone, of_alone = Profile(profile.collected[:, [deal]], profile.days[:, [deal]]), one(of, deal)
        assert_same(found, scenarios(alone, of_alone), deal)
        assert_same_recoveries(recoveries, break_even(alone, of_alone), deal)


def assert_same(found: Scenarios, alone: Scenarios, deal: int) -> None:
    for name in ("default", "recovered", "interest", "fixed_return", "last_paid"):
        np.testing.assert_array_equal(getattr(found, name)[deal], getattr(alone, name)[0], err_msg=name)
    for tranche, earned in alone.returns.items():
        for measure in MEASURES:
            mine = getattr(found.returns[tranche], measure)[deal]
            np.testing.assert_array_equal(mine, getattr(earned, measure)[0], err_msg=f"{tranche} {measure}")


def assert_same_recoveries(found: dict[str, Array], alone: dict[str, Array], deal: int) -> None:
    for tranche, times in alone.items():
        np.testing.assert_array_equal(found[tranche][deal], times[0], err_msg=tranche)
