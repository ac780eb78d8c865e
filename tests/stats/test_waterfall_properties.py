"""What holds of the engine on random deals of two, three and four tranches, in all orders that the data allow."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npl_report.load.priorities import check_priorities
from npl_report.model import FEES, Problem, steps_of
from npl_report.stats.waterfall import Flows, payees, run
from tests.stats.one_deal import LADDERS
from tests.stats.random_deals import deals, one, order, orders, own

CLOSE = 1e-12  # sums of a few doubles of about a hundred
EXACT = 1e-9  # of the cash of a date; the engine's own limit
SEEDS = st.integers(0, 2**32 - 1)

of_any_length = pytest.mark.parametrize("ladder", LADDERS, ids=map(len, LADDERS))


@of_any_length
@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=SEEDS, final=st.booleans())
def test_cash_is_conserved_and_the_tranches_come_by_rank(ladder: tuple[str, ...], seed: int, final: bool):  # noqa: FBT001 -- a parameter of the test
    random = np.random.default_rng(seed)
    profile, terms = deals(random, 20, ladder, orders(random, ladder))
    flows = run(profile.collected, profile.days, terms, final=final)
    before = np.vstack([np.zeros(20), flows.reserve[:-1]])
    cash = profile.collected + before
    np.testing.assert_allclose(sum(flows.paid.values()) + flows.reserve, cash, rtol=EXACT, atol=EXACT)
    for array in (*flows.paid.values(), flows.reserve, *flows.due.values()):
        assert array.min() >= -CLOSE * cash.max()
    assert (flows.reserve <= terms.reserve + EXACT).all()
    if final:
        assert not flows.reserve[-1].any()
    assert_ranks(flows)
    for tranche, face in zip(ladder, terms.face, strict=True):
        repaid = flows.paid[f"{tranche}_principal"].sum(axis=0)
        np.testing.assert_allclose(flows.left(tranche)[-1] + repaid, face, rtol=EXACT)
        assert not flows.to(tranche)[:, face == 0].any()
        assert not flows.accrued(tranche)[:, face == 0].any()
    fees = sum(flows.paid[name].sum(axis=0) for name in FEES) + flows.fees_due[-1]
    np.testing.assert_allclose(fees, terms.fee_rate * profile.collected.sum(axis=0), rtol=EXACT, atol=EXACT)


def assert_ranks(flows: Flows) -> None:
    """Whoever is paid, nothing is owed to those above.

    But for interest: that of a tranche may come before the principal of those above it.
    """
    for above, below in combinations(flows.ladder, 2):
        paid = flows.to(below) > EXACT
        assert (flows.accrued(above)[paid] <= EXACT).all()
        if below != flows.ladder[-1]:
            paid = flows.paid[f"{below}_principal"] > EXACT
        assert (flows.left(above)[paid] <= EXACT).all()


@of_any_length
@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=SEEDS, final=st.booleans())
def test_many_deals_of_several_priorities_in_one_run_are_as_many_runs(ladder: tuple[str, ...], seed: int, final: bool):  # noqa: FBT001 -- a parameter of the test
    """To the last digit, each in a ladder of its own tranches."""
    random = np.random.default_rng(seed)
    profile, together = deals(random, 8, ladder, orders(random, ladder))
    flows = run(profile.collected, profile.days, together, final=final)
    for deal in range(8):
        alone = own(profile, deal)
        until = len(alone.days)
        single = run(alone.collected, alone.days, one(together, deal), final=final)
        mine = flows.deal(deal)
        assert_same(mine, single, until)
        assert (
            sum(float(array[until:, 0].sum()) for array in mine.paid.values()) == 0
        )  # nothing on the repeated last date
        assert mine.default[-1, 0] == single.default[-1, 0]
        assert mine.reserve[-1, 0] == single.reserve[-1, 0]


def assert_same(found: Flows, expected: Flows, until: int) -> None:
    """On so many dates; where there is no such tranche, nothing is owed or paid."""
    for name in ("days", "collected", "reserve", "default"):
        np.testing.assert_array_equal(getattr(found, name)[:until], getattr(expected, name), err_msg=name)
    nothing = np.zeros_like(expected.days)
    for mine, other in ((found.paid, expected.paid), (found.due, expected.due)):
        assert {*other} <= {*mine}
        for name, array in mine.items():
            np.testing.assert_array_equal(array[:until], other.get(name, nothing), err_msg=name)


@of_any_length
def test_the_random_orders_are_those_that_the_data_allow(ladder: tuple[str, ...]):
    """The loader refuses none, and interest does come before principal of higher tranches in some."""
    random, problems, found = np.random.default_rng(1), list[Problem](), set()
    for _ in range(60):
        steps = order(random, ladder, random.choice(["", *ladder[1:]]))
        found.add(steps)
        rows = pd.DataFrame({"priority": "p", "phase": "ordinary", "step": steps, "position": range(len(steps))})
        check_priorities(rows, pd.DataFrame({"deal": ["d"], "priority": ["p"]}), ladder, "priorities.csv", problems)
    assert problems == []
    assert len(found) > 50
    for above, below in combinations(ladder[:-1], 2):
        first = [steps.index(f"{below}_interest") < steps.index(f"{above}_principal") for steps in found]
        assert any(first)
        assert not all(first)


def test_the_payees_are_the_steps_and_what_the_residual_pays():
    for ladder in LADDERS:
        steps = {*steps_of(ladder)} - {"reserve", "residual"}
        assert {*payees(ladder)} == steps | {f"{ladder[-1]}_residual", "reward"}
