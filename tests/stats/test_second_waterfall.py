"""The engine against a second implementation, in decimal arithmetic (decimal_waterfall.py)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from npl_report.stats.waterfall import Flows, Priority, Terms, payees, run
from tests.stats import decimal_waterfall as second
from tests.stats.one_deal import LADDERS, terms
from tests.stats.random_deals import deals, one, order, orders, own


def in_decimals(terms_of_one: Terms) -> second.Deal:
    def exact(name: str) -> Decimal:
        return Decimal(float(getattr(terms_of_one, name)[0]))

    rates = [*terms_of_one.coupon[:, 0], terms_of_one.fixed_return[0]]
    cap = None if np.isinf(terms_of_one.trust_fee_cap[0]) else exact("trust_fee_cap")
    return second.Deal(
        tranches=tuple(
            second.Tranche(key, Decimal(float(face)), Decimal(float(rate)))
            for key, face, rate in zip(terms_of_one.ladder, terms_of_one.face[:, 0], rates, strict=True)
        ),
        tax=exact("tax_rate"),
        trust=exact("trust_fee_rate"),
        cap=cap,
        servicing=exact("servicing_rate"),
        reserve=exact("reserve"),
        reward=exact("reward_share"),
        legal=int(terms_of_one.legal_maturity[0]),
        before=terms_of_one.priorities[0].ordinary,
        after=terms_of_one.priorities[0].default,
    )


def test_the_case_by_hand_in_decimals():
    """The second implementation against the same hand arithmetic, to the last digit."""
    deal = in_decimals(terms(reserve=5))
    deal = replace(
        deal,
        tranches=tuple(
            replace(tranche, rate=Decimal(rate)) for tranche, rate in zip(deal.tranches, ("0.05", "0.1"), strict=True)
        ),
        tax=Decimal("0.01"),
        trust=Decimal("0.02"),
        servicing=Decimal("0.04"),
        reward=Decimal("0.8"),
    )
    days = second.pay_out(deal, [(365, Decimal(60)), (730, Decimal(1)), (1095, Decimal(150))])
    assert [day.reserve for day in days] == [Decimal(5), Decimal("3.22"), 0]
    assert (days[-1].paid["reward"], days[-1].paid["subordinated_residual"]) == (
        Decimal("27.048"),
        Decimal("6.762"),
    )


@pytest.mark.parametrize("ladder", LADDERS, ids=map(len, LADDERS))
def test_a_second_implementation_agrees_on_500_random_deals(ladder: tuple[str, ...]):
    """To 1e-9 of the deal's cash or of the payment, which is what sums of doubles may be off.

    With the events of default on the same dates.
    """
    random = np.random.default_rng(20211231)
    priorities = (
        *orders(random, ladder),
        *(Priority(order(random, ladder), order(random, ladder) if number % 3 else ()) for number in range(12)),
    )
    profile, terms_of_all = deals(random, 500, ladder, priorities)
    profile = replace(profile, days=profile.days + random.choice([0.0, 90, 180, 360], 500))  # delayed, as scenarios are
    endings = {final: run(profile.collected, profile.days, terms_of_all, final=final) for final in (True, False)}
    flows = endings[True]
    assert 100 < flows.default[-1].sum() < 400  # both phases are run through
    assert (flows.reserve > 0).any(axis=0).sum() > 100
    assert (flows.paid["excess_fees"] > 0).any(axis=0).sum() > 100
    for between in ladder[1:-1]:
        assert (flows.paid[f"{between}_principal"] > 0).any(axis=0).sum() > 50
    for number in range(500):
        dates = own(profile, number)
        collections = [
            (int(day), Decimal(float(money)))
            for day, money in zip(dates.days[:, 0], dates.collected[:, 0], strict=True)
        ]
        final = number % 5 > 0
        others = second.pay_out(in_decimals(one(terms_of_all, number)), collections, final=final)
        assert_agrees(endings[final].deal(number), others, number)


def assert_agrees(mine: Flows, others: list[second.Day], number: int) -> None:
    close = {"rel": 1e-9, "abs": 1e-11}  # absolute: a difference of two sums of some hundreds
    for date, other in enumerate(others):
        assert {name: mine.paid[name][date, 0] for name in payees(mine.ladder)} == pytest.approx(
            {name: float(other.paid.get(name, 0)) for name in payees(mine.ladder)}, **close
        ), (number, date)
        assert {name: array[date, 0] for name, array in mine.due.items()} == pytest.approx(
            {name: float(other.owed.get(name, 0)) for name in mine.due}, **close
        ), (number, date)
        assert mine.reserve[date, 0] == pytest.approx(float(other.reserve), **close)
        assert mine.default[date, 0] == other.default, (number, date)
