"""Break-evens: by hand, in closed form, and as the kinks of what the engine pays the tranches below.

R0 is that of the tranche above the last, R1 that of the last.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npl_report.model import FEES, steps_of
from npl_report.stats.breakeven import break_even
from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import Array, Flows, Priority, Terms, parts, run
from tests.stats import one_deal, sample_deals
from tests.stats.one_deal import FREE, LADDERS, THREE, after_default, three
from tests.stats.random_deals import deals, order

CLOSE = 1e-9
SEEDS = st.integers(0, 2**32 - 1)

terms = partial(one_deal.terms, trust_fee_cap=np.inf)
"""Fees of 7 % in all."""


def yearly(*collected: float) -> Profile:
    return Profile(*one_deal.yearly(*collected))


def test_one_date_by_hand():
    # 0.93 R0 = 100 + 5, 0.93 R1 = 105 + 40 + 4; as multiples of 50
    found = break_even(yearly(50), terms())
    assert found["senior"][0] == pytest.approx(105 / 0.93 / 50, rel=CLOSE)
    assert found["subordinated"][0] == pytest.approx(149 / 0.93 / 50, rel=CLOSE)


def test_one_date_of_three_tranches_by_hand():
    # mezzanine interest comes before the senior principal: 0.93 R = 5 + 2.4 + 100; with the 30, and with 20 + 2
    found = break_even(yearly(50), three())
    assert found["senior"][0] == pytest.approx(107.4 / 0.93 / 50, rel=CLOSE)
    assert found["mezzanine"][0] == pytest.approx(137.4 / 0.93 / 50, rel=CLOSE)
    assert found["junior"][0] == pytest.approx(159.4 / 0.93 / 50, rel=CLOSE)
    # behind that principal it is none of the senior tranche's affair: 5 + 100
    found = break_even(yearly(50), three(Priority(after_default(THREE))))
    assert found["senior"][0] == pytest.approx(105 / 0.93 / 50, rel=CLOSE)
    assert found["mezzanine"][0] == pytest.approx(137.4 / 0.93 / 50, rel=CLOSE)
    assert found["junior"][0] == pytest.approx(159.4 / 0.93 / 50, rel=CLOSE)


def test_two_dates_by_hand():
    # halves of N after one and two years: (105 − N/2) × 1.05 = N/2, N = 110.25 / 1.025
    net = 110.25 / 1.025
    found = break_even(yearly(1, 1), terms())
    assert found["senior"][0] == pytest.approx(net / 0.93 / 2, rel=CLOSE)
    # the first half repays no more than the senior tranche, so that all 40 wait two years:
    # (105 − N/2) × 1.05 + 40 + 8 = N/2
    assert found["subordinated"][0] == pytest.approx((110.25 + 48) / 1.025 / 0.93 / 2, rel=CLOSE)


def test_a_cap_on_fees_does_not_move_them_and_a_reserve_does():
    plain = break_even(yearly(1, 1, 1), terms())
    capped = break_even(yearly(1, 1, 1), terms(trust_fee_cap=0.5))
    assert capped["senior"][0] == pytest.approx(
        plain["senior"][0], rel=CLOSE
    )  # the excess is paid on the same date, before principal
    assert break_even(yearly(1, 1, 1), terms(reserve=10))["senior"][0] > plain["senior"][0]  # idle cash costs interest


@pytest.mark.parametrize(
    ("profile", "changed"),
    [(yearly(0, 0), {}), (yearly(50, 50), {"tax_rate": 1, "trust_fee_rate": 0, "servicing_rate": 0})],
)
def test_what_no_recovery_covers(profile: Profile, changed: dict[str, float]):
    found = break_even(profile, terms(**changed))
    assert np.isnan(found["senior"]).all()
    assert np.isnan(found["subordinated"]).all()


def test_one_deal_that_is_never_covered_does_not_disturb_another():
    both = Profile(np.array([[0.0, 50]]), np.array([[365.0, 365]]))
    found = break_even(both, terms().take(np.array([0, 0])))
    assert np.isnan(found["senior"]).tolist() == [True, False]
    assert found["senior"][1] == pytest.approx(105 / 0.93 / 50, rel=CLOSE)


def test_a_recovery_of_thousands_of_times_the_profile_is_found():
    assert break_even(yearly(0.01), terms())["senior"][0] == pytest.approx(105 / 0.93 / 0.01, rel=CLOSE)  # 11,290 times
    assert np.isnan(break_even(yearly(0.001), terms())["senior"][0])  # 112,903 times


def test_closed_form_on_the_sample():
    """Without a reserve, with interest paid on every date: N0 = S / Σ (w_t / G_t).

    G_t is the product of 1 + c Δt, since each date's net collections N w_t repay what they are worth at closing.
    """
    names, profile, all_terms = sample_deals.forecast()
    found = break_even(profile, all_terms)
    flows = run(profile.collected * found["senior"], profile.days, all_terms)
    plain = (all_terms.reserve == 0) & (flows.accrued("senior") <= 1e-9).all(axis=0) & ~flows.default[-1]
    assert plain.sum() >= 60, names[plain]
    weights = profile.collected / profile.collected.sum(axis=0)
    growth = np.cumprod(1 + all_terms.coupon[0] * np.diff(profile.days, axis=0, prepend=0) / 365, axis=0)
    net = all_terms.face[0] / (weights / growth).sum(axis=0)
    gross = net / (1 - all_terms.fee_rate) / profile.collected.sum(axis=0)
    np.testing.assert_allclose(found["senior"][plain], gross[plain], rtol=CLOSE)


def at(profile: Profile, of: Terms, times: np.ndarray) -> Flows:
    return run(profile.collected * times, profile.days, of)


def assert_kinks(profile: Profile, of: Terms) -> None:
    """At the break-even of a tranche the bounds of what is paid behind it.

    That is what the order pays after the fees, this tranche and those above it: at R0 the last tranche, at R1 what is
    left to share. Interest of a lower tranche may stand before the principal of this one, and is not behind it. Just
    below its break-even a tranche is short (of the first, or a fee is), and what is behind gets nothing; at it the
    tranche has all that it is owed, and what is behind gets nothing; just above it that gets something.

    Where there is a reserve, a break-even may lie at a jump: its release redeems the first tranche at a stroke and
    saves the interest that as much principal would still bear, at most reserve × coupon × time. What is saved repays
    the tranches between that one and this one sooner, and saves their interest in turn. Without a reserve the kinks are
    exact.
    """
    found, size, near = break_even(profile, of), of.face.sum(axis=0), 1e-6
    years = profile.days[-1] / 365
    saved = of.reserve * of.coupon[0] * years
    for rung, tranche in enumerate(of.ladder):
        if 0 < rung < len(of.ladder) - 1:
            saved = saved * (1 + of.coupon[rung] * years)
        has = of.face[rung] > 0
        assert (np.isnan(found[tranche]) == ~has).all()
        times = np.where(has, found[tranche], 0.0)
        below, even, above = (at(profile, of, times * by) for by in (1 - near, 1, 1 + near))
        short = below.left(tranche) + below.accrued(tranche) + (below.fees_due if rung == 0 else 0.0)
        assert (short[-1] > 1e-8 * size)[has].all()
        assert (behind(below, of, rung) == 0)[has].all()
        due = sum((even.left(paid) + even.accrued(paid) for paid in of.ladder[: rung + 1]), start=even.fees_due)
        assert (due[-1] <= CLOSE * size)[has].all()
        repaid = even.paid[f"{tranche}_principal"].sum(axis=0)
        np.testing.assert_allclose(repaid[has], of.face[rung, has], rtol=CLOSE)
        assert (behind(even, of, rung) <= CLOSE * size + saved)[has].all()
        assert (behind(above, of, rung) > 1e-8 * size)[has].all()


def behind(flows: Flows, of: Terms, rung: int) -> Array:
    """What each deal's order pays in all behind the fees and the tranches down to a rung."""
    ahead = {*FEES, *chain.from_iterable(parts(of.ladder, tranche) for tranche in of.ladder[: rung + 1])}
    last, found = of.ladder[-1], np.zeros(len(of))
    shared = (f"{last}_residual", "reward") if rung == len(of.ladder) - 1 else (f"{last}_residual",)
    for number, priority in enumerate(of.priorities):
        steps = priority.ordinary
        place = max(steps.index(step) for step in ahead & {*steps})
        payees = (*(step for step in steps[place + 1 : -1] if step != "reserve"), *shared)
        paid = sum((flows.paid[payee] for payee in payees), start=np.zeros_like(flows.days))
        found = np.where(of.priority == number, paid.sum(axis=0), found)
    return found


def test_kinks_of_the_sample():
    names, profile, of = sample_deals.forecast()
    found = break_even(profile, of)
    assert len(names) == 156
    assert (found["senior"] < found["subordinated"]).all()
    assert_kinks(profile, of)
    plain = of.reserve == 0
    paid = at(profile, of, found["senior"]).to("subordinated").sum(axis=0)
    assert (paid[plain] <= CLOSE).all()
    assert (paid > CLOSE).sum() == 12  # deals whose reserve is released at R0
    assert (paid / of.face.sum(axis=0)).max() < 1e-3


@pytest.mark.parametrize("ladder", LADDERS, ids=map(len, LADDERS))
@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=SEEDS)
def test_kinks_of_random_terms(ladder: tuple[str, ...], seed: int):
    """In orders that pay fees before the second tranche and do not change.

    An event of default moves fees, and with them R0, at a stroke. A fee behind interest of a tranche between may be
    short when those above are redeemed: for these the usual order, which has the excess there, is tried without a cap.
    """
    random = np.random.default_rng(seed)
    orders = (Priority(steps_of(ladder)), Priority(order(random, ladder, fees_before=ladder[1])))
    profile, of = deals(random, 30, ladder, orders)
    if ladder[2:]:
        of = replace(of, trust_fee_cap=np.where(of.priority == 0, np.inf, of.trust_fee_cap))
    flowing = profile.collected.sum(axis=0) > 0
    kept = np.flatnonzero(flowing)
    assert_kinks(Profile(profile.collected[:, kept], profile.days[:, kept]), of.take(kept))


def test_a_fee_behind_mezzanine_interest_moves_the_break_even_of_the_senior_tranche():
    """Where that statement ends: such a fee is short while the mezzanine tranche is repaid already.

    200 x after a year pay the senior 100, 2.4 of interest and a tenth to the servicer; 180 x − 102.4 repay the
    mezzanine tranche. Of x after two years it takes 8 % of the 132.4 − 180 x that are left, and the servicer a tenth if
    the rest is enough: 0.9 x = 10.592 − 14.4 x.
    """
    first = ("senior_interest", "senior_principal", "mezzanine_interest")
    steps = (*first, *(step for step in steps_of(THREE) if step not in first))
    of = three(Priority(steps), coupon=(0, 0.08), **FREE | {"servicing_rate": 0.1})
    found = break_even(yearly(200, 1), of)["senior"]
    assert found[0] == pytest.approx(10.592 / 15.3, rel=CLOSE)
    flows = at(yearly(200, 1), of, found)
    assert flows.paid["mezzanine_principal"][0, 0] == pytest.approx(180 * 10.592 / 15.3 - 102.4, rel=CLOSE)
