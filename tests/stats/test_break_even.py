"""R0 and R1: by hand, in closed form, and as the kinks of what the engine pays the subordinated tranche."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npl_report.model import STEPS
from npl_report.stats.breakeven import break_even
from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import Flows, Priority, Terms, run
from tests.stats import sample_deals
from tests.stats.random_deals import STANDARD, deals, order

CLOSE = 1e-9
SEEDS = st.integers(0, 2**32 - 1)


def terms(**changed: float) -> Terms:
    """Senior 100 at 5 %, subordinated 40 at 10 %, fees of 7 % in all."""
    values = {
        "senior": 100,
        "subordinated": 40,
        "coupon": 0.05,
        "tax_rate": 0.01,
        "trust_fee_rate": 0.02,
        "trust_fee_cap": np.inf,
        "servicing_rate": 0.04,
    }
    values |= {"reserve": 0, "fixed_return": 0.1, "reward_share": 0.8, "legal_maturity": 10_000} | changed
    return Terms(
        **{key: np.array([float(value)]) for key, value in values.items()},
        priority=np.zeros(1, dtype=np.intp),
        priorities=(STANDARD,),
    )


def yearly(*collected: float) -> Profile:
    return Profile(np.array(collected, dtype=float)[:, None], 365.0 * np.arange(1, len(collected) + 1)[:, None])


def test_one_date_by_hand():
    # 0.93 R0 = 100 + 5, 0.93 R1 = 105 + 40 + 4; as multiples of 50
    found = break_even(yearly(50), terms())
    assert found.senior[0] == pytest.approx(105 / 0.93 / 50, rel=CLOSE)
    assert found.subordinated[0] == pytest.approx(149 / 0.93 / 50, rel=CLOSE)


def test_two_dates_by_hand():
    # halves of N after one and two years: (105 − N/2) × 1.05 = N/2, N = 110.25 / 1.025
    net = 110.25 / 1.025
    found = break_even(yearly(1, 1), terms())
    assert found.senior[0] == pytest.approx(net / 0.93 / 2, rel=CLOSE)
    # the first half repays no more than the senior tranche, so that all 40 wait two years:
    # (105 − N/2) × 1.05 + 40 + 8 = N/2
    assert found.subordinated[0] == pytest.approx((110.25 + 48) / 1.025 / 0.93 / 2, rel=CLOSE)


def test_a_cap_on_fees_does_not_move_them_and_a_reserve_does():
    plain = break_even(yearly(1, 1, 1), terms())
    capped = break_even(yearly(1, 1, 1), terms(trust_fee_cap=0.5))
    assert capped.senior[0] == pytest.approx(
        plain.senior[0], rel=CLOSE
    )  # the excess is paid on the same date, before principal
    assert break_even(yearly(1, 1, 1), terms(reserve=10)).senior[0] > plain.senior[0]  # idle cash costs interest


@pytest.mark.parametrize(
    ("profile", "changed"),
    [(yearly(0, 0), {}), (yearly(50, 50), {"tax_rate": 1, "trust_fee_rate": 0, "servicing_rate": 0})],
)
def test_what_no_recovery_covers(profile: Profile, changed: dict[str, float]):
    found = break_even(profile, terms(**changed))
    assert np.isnan(found.senior).all()
    assert np.isnan(found.subordinated).all()


def test_one_deal_that_is_never_covered_does_not_disturb_another():
    both = Profile(np.array([[0.0, 50]]), np.array([[365.0, 365]]))
    found = break_even(both, terms().take(np.array([0, 0])))
    assert np.isnan(found.senior).tolist() == [True, False]
    assert found.senior[1] == pytest.approx(105 / 0.93 / 50, rel=CLOSE)


def test_a_recovery_of_thousands_of_times_the_profile_is_found():
    assert break_even(yearly(0.01), terms()).senior[0] == pytest.approx(105 / 0.93 / 0.01, rel=CLOSE)  # 11,290 times
    assert np.isnan(break_even(yearly(0.001), terms()).senior[0])  # 112,903 times


def test_closed_form_on_the_sample():
    """Without a reserve, with interest paid on every date: N0 = S / Σ (w_t / G_t).

    G_t is the product of 1 + c Δt, since each date's net collections N w_t repay what they are worth at closing.
    """
    names, profile, all_terms = sample_deals.forecast()
    found = break_even(profile, all_terms)
    flows = run(profile.collected * found.senior, profile.days, all_terms)
    plain = (all_terms.reserve == 0) & (flows.interest_due <= 1e-9).all(axis=0) & ~flows.default[-1]
    assert plain.sum() >= 60, names[plain]
    weights = profile.collected / profile.collected.sum(axis=0)
    growth = np.cumprod(1 + all_terms.coupon * np.diff(profile.days, axis=0, prepend=0) / 365, axis=0)
    net = all_terms.senior / (weights / growth).sum(axis=0)
    gross = net / (1 - all_terms.fee_rate) / profile.collected.sum(axis=0)
    np.testing.assert_allclose(found.senior[plain], gross[plain], rtol=CLOSE)


def at(profile: Profile, of: Terms, times: np.ndarray) -> Flows:
    return run(profile.collected * times, profile.days, of)


def assert_kinks(profile: Profile, of: Terms) -> None:
    """At R0 and R1 the bounds of what the tranches get.

    At R0 the subordinated tranche gets nothing, just below it the senior one is short, just above it the subordinated
    one gets something; at R1 the latter has its principal and fixed return, and nothing is left to share.

    Where there is a reserve, R0 and R1 may lie at a jump: its release redeems the senior tranche at a stroke and saves
    the interest that as much principal would still bear, at most reserve × coupon × time. Without one the kinks are
    exact.
    """
    found = break_even(profile, of)
    size, near, saved = of.senior + of.subordinated, 1e-6, of.reserve * of.coupon * profile.days[-1] / 365
    below, zero, first = (at(profile, of, found.senior * times) for times in (1 - near, 1, 1 + near))
    assert (below.to("subordinated").sum(axis=0) == 0).all()
    assert ((below.senior + below.interest_due + below.fees_due)[-1] > 1e-8 * size).all()
    assert (zero.to("subordinated").sum(axis=0) <= CLOSE * size + saved).all()
    assert (zero.senior[-1] + zero.interest_due[-1] + zero.fees_due[-1] <= CLOSE * size).all()
    assert (first.to("subordinated").sum(axis=0) > 1e-8 * size).all()
    short, full, more = (at(profile, of, found.subordinated * times) for times in (1 - near, 1, 1 + near))
    assert ((short.subordinated + short.return_due)[-1] > 1e-8 * size).all()
    fixed = full.paid["subordinated_return"].sum(axis=0)
    assert (full.subordinated[-1] + full.return_due[-1] <= CLOSE * size).all()
    shared = full.paid["reward"].sum(axis=0) + full.paid["subordinated_residual"].sum(axis=0)
    assert (shared <= CLOSE * size + saved).all()
    received = full.to("subordinated").sum(axis=0) - full.paid["subordinated_residual"].sum(axis=0)
    np.testing.assert_allclose(received, of.subordinated + fixed, rtol=CLOSE)
    assert ((more.paid["reward"] + more.paid["subordinated_residual"]).sum(axis=0) > 1e-8 * size).all()


def test_kinks_of_the_sample():
    names, profile, of = sample_deals.forecast()
    found = break_even(profile, of)
    assert len(names) == 156
    assert (found.senior < found.subordinated).all()
    assert_kinks(profile, of)
    plain = of.reserve == 0
    paid = at(profile, of, found.senior).to("subordinated").sum(axis=0)
    assert (paid[plain] <= CLOSE).all()
    assert (paid > CLOSE).sum() == 12  # deals whose reserve is released at R0
    assert (paid / (of.senior + of.subordinated)).max() < 1e-3


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=SEEDS)
def test_kinks_of_random_terms(seed: int):
    """In orders that pay fees before the subordinated tranche and do not change.

    An event of default moves fees, and with them R0, at a stroke.
    """
    random = np.random.default_rng(seed)
    profile, of = deals(random, 30, (Priority(STEPS), Priority(order(random, fees_first=True))))
    flowing = profile.collected.sum(axis=0) > 0
    kept = np.flatnonzero(flowing)
    assert_kinks(Profile(profile.collected[:, kept], profile.days[:, kept]), of.take(kept))
