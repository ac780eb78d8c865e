"""The engine: a case by hand, events of default, orders as data, invariants, and a second implementation.

The latter is in decimal arithmetic. Terms of the cases by hand: senior 100 at 5 %, subordinated 40 with a fixed return
of 10 %, taxes 1 %, trust fees 2 % (1 a year at most), servicing 4 % of the collections, the servicer's share of the
rest 80 %. Payment dates are whole years apart.
"""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npl_report.model import STEPS, Step
from npl_report.stats.waterfall import PAYEES, Flows, Priority, Terms, run
from tests.stats import decimal_waterfall as second
from tests.stats.random_deals import AFTER_DEFAULT, STANDARD, deals, one, order, own

CLOSE = 1e-12  # sums of a few doubles of about a hundred
EXACT = 1e-9  # of the cash of a date; the engine's own limit
SEEDS = st.integers(0, 2**32 - 1)


def terms(priority: Priority = STANDARD, **changed: float) -> Terms:
    values = {
        "senior": 100,
        "subordinated": 40,
        "coupon": 0.05,
        "tax_rate": 0.01,
        "trust_fee_rate": 0.02,
        "trust_fee_cap": 1,
        "servicing_rate": 0.04,
    }
    values |= {"reserve": 0, "fixed_return": 0.1, "reward_share": 0.8, "legal_maturity": 10_000} | changed
    return Terms(
        **{key: np.array([float(value)]) for key, value in values.items()},
        priority=np.zeros(1, dtype=np.intp),
        priorities=(priority,),
    )


def yearly(*collected: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array(collected, dtype=float)[:, None], 365.0 * np.arange(1, len(collected) + 1)[:, None]


def paid(flows: Flows, date: int) -> dict[str, float]:
    """What a date pays, without what it does not."""
    return {name: float(array[date, 0]) for name, array in flows.paid.items() if array[date, 0]}


def after(flows: Flows, date: int) -> tuple[float, float, float]:
    """Reserve and balances after a date."""
    return float(flows.reserve[date, 0]), float(flows.senior[date, 0]), float(flows.subordinated[date, 0])


def test_a_reserve_is_kept_while_fees_stand_before_the_principal():
    """What is left redeems the senior tranche, but not the excess fees that are paid before it: the reserve stays."""
    flows = run(
        *yearly(100, 40),
        terms(coupon=0, tax_rate=0, trust_fee_rate=0.1, trust_fee_cap=0, servicing_rate=0, reserve=10),
        final=False,
    )
    # 100: 10 are set aside, since 100 < 10 of excess fees + 100 of principal; the fees leave 80 to repay
    assert paid(flows, 0) == {"excess_fees": 10, "senior_principal": 80}
    assert after(flows, 0) == (10, 20, 40)
    # 40 + 10: fees 4 and the senior's 20 are covered: released, 26 repay the subordinated tranche
    assert paid(flows, 1) == {"excess_fees": 4, "senior_principal": 20, "subordinated_principal": 26}
    assert after(flows, 1) == (0, 0, 14)


@pytest.mark.parametrize("final", [True, False])  # the reserve is released because the senior tranche is redeemed
def test_three_periods_by_hand(final: bool):  # noqa: FBT001 -- a parameter of the test
    flows = run(*yearly(60, 1, 150), terms(reserve=5), final=final)
    # 60: fees 0.6 + 1 (of 1.2) + 2.4, interest 100 × 5 % leave 51; 5 are set aside, the excess 0.2 is paid, 45.8 repay
    assert paid(flows, 0) == pytest.approx(
        {
            "taxes": 0.6,
            "trust_fees": 1,
            "servicing": 2.4,
            "excess_fees": 0.2,
            "senior_interest": 5,
            "senior_principal": 45.8,
        },
        abs=CLOSE,
    )
    assert after(flows, 0) == pytest.approx((5, 54.2, 40), abs=CLOSE)
    assert flows.return_due[0, 0] == pytest.approx(4, abs=CLOSE)  # 40 × 10 %
    # 1 + 5: fees 0.01 + 0.02 + 0.04, interest 54.2 × 5 % = 2.71; the 3.22 left are all for the reserve: 1.78 of it were
    # used
    assert paid(flows, 1) == pytest.approx(
        {"taxes": 0.01, "trust_fees": 0.02, "servicing": 0.04, "senior_interest": 2.71}, abs=CLOSE
    )
    assert after(flows, 1) == pytest.approx((3.22, 54.2, 40), abs=CLOSE)
    # 150 + 3.22: fees 1.5 + 1 (of 3) + 6, interest 2.71 leave 142.01, more than 54.2: no reserve. Excess 2, principal
    # 54.2 leave 85.81; 40 principal, 3 × 4 return leave 33.81, of which 80 % are 27.048
    expected = {
        "taxes": 1.5,
        "trust_fees": 1,
        "servicing": 6,
        "excess_fees": 2,
        "senior_interest": 2.71,
        "senior_principal": 54.2,
    }
    expected |= {
        "subordinated_principal": 40,
        "subordinated_return": 12,
        "reward": 27.048,
        "subordinated_residual": 6.762,
    }
    assert paid(flows, 2) == pytest.approx(expected, abs=CLOSE)
    assert after(flows, 2) == pytest.approx((0, 0, 0), abs=CLOSE)
    assert flows.to("senior")[:, 0] == pytest.approx([50.8, 2.71, 56.91], abs=CLOSE)
    assert flows.to("subordinated")[:, 0] == pytest.approx([0, 0, 58.762], abs=CLOSE)
    assert not flows.default.any()
    assert [float(array[-1, 0]) for array in (flows.interest_due, flows.return_due, flows.fees_due)] == pytest.approx(
        [0, 0, 0], abs=CLOSE
    )


def test_the_reserve_is_released_on_the_last_date_only_if_nothing_follows():
    # the first two periods of the case above: 3.22 are left after interest on the second date
    last, more = run(*yearly(60, 1), terms(reserve=5)), run(*yearly(60, 1), terms(reserve=5), final=False)
    assert after(last, 1) == pytest.approx((0, 54.2 - 3.22, 40), abs=CLOSE)
    assert paid(last, 1)["senior_principal"] == pytest.approx(3.22, abs=CLOSE)
    assert after(more, 1) == pytest.approx((3.22, 54.2, 40), abs=CLOSE)
    assert "senior_principal" not in paid(more, 1)


def test_unpaid_interest_is_an_event_of_default_and_changes_the_order_of_the_next_date():
    flows = run(*yearly(4, 60), terms())
    # 4: fees 0.04 + 0.08 + 0.16 leave 3.72 for 5 of interest
    assert paid(flows, 0) == pytest.approx(
        {"taxes": 0.04, "trust_fees": 0.08, "servicing": 0.16, "senior_interest": 3.72}, abs=CLOSE
    )
    assert flows.interest_due[0, 0] == pytest.approx(1.28, abs=CLOSE)
    assert flows.default[:, 0].tolist() == [True, True]
    # 60: 0.6 + 1, interest 5 + 1.28, and all of the rest for the senior principal before the servicer's 2.4 and the
    # excess of 0.2
    assert paid(flows, 1) == pytest.approx(
        {"taxes": 0.6, "trust_fees": 1, "senior_interest": 6.28, "senior_principal": 52.12}, abs=CLOSE
    )
    assert flows.fees_due[1, 0] == pytest.approx(2.6, abs=CLOSE)


def test_a_priority_without_that_phase_has_no_event_of_default():
    flows = run(*yearly(4, 60), terms(Priority(STEPS)))
    assert not flows.default.any()
    # 60 − 0.6 − 1 − 2.4 − 6.28 − 0.2
    expected = {
        "taxes": 0.6,
        "trust_fees": 1,
        "servicing": 2.4,
        "excess_fees": 0.2,
        "senior_interest": 6.28,
        "senior_principal": 49.52,
    }
    assert paid(flows, 1) == pytest.approx(expected, abs=CLOSE)


def test_principal_outstanding_at_the_legal_maturity_is_an_event_of_default():
    flows = run(*yearly(60, 10), terms(legal_maturity=365))
    # 60 − 0.6 − 1 − 2.4 − 5 − 0.2 = 50.8 repaid, 49.2 outstanding on the day
    assert after(flows, 0) == pytest.approx((0, 49.2, 40), abs=CLOSE)
    assert flows.default[:, 0].tolist() == [True, True]
    # 10 − 0.1 − 0.2 − 49.2 × 5 % = 7.24, and nothing for the servicer
    assert paid(flows, 1) == pytest.approx(
        {"taxes": 0.1, "trust_fees": 0.2, "senior_interest": 2.46, "senior_principal": 7.24}, abs=CLOSE
    )
    assert run(*yearly(60, 10), terms(legal_maturity=366)).default[:, 0].tolist() == [
        False,
        True,
    ]  # a day later the date before was in time


def test_the_order_is_data():
    servicer_last: tuple[Step, ...] = (
        "taxes",
        "trust_fees",
        "senior_interest",
        "reserve",
        "excess_fees",
        "senior_principal",
        "servicing",
        *STEPS[-3:],
    )
    # 60 − 0.6 − 1 − 5 − 0.2 = 53.2 repay, where the usual order leaves 50.8; the servicer gets nothing
    assert paid(run(*yearly(60), terms(Priority(servicer_last))), 0) == pytest.approx(
        {"taxes": 0.6, "trust_fees": 1, "excess_fees": 0.2, "senior_interest": 5, "senior_principal": 53.2}, abs=CLOSE
    )
    reserve_first: tuple[Step, ...] = ("reserve", *(step for step in STEPS if step != "reserve"))
    flows = run(*yearly(8, 0), terms(Priority(reserve_first, AFTER_DEFAULT), reserve=5), final=False)
    # 5 of the 8 are set aside before fees 0.08 + 0.16 + 0.32, and 2.44 are left for 5 of interest: an event of default
    # beside a full reserve
    assert after(flows, 0) == pytest.approx((5, 100, 40), abs=CLOSE)
    assert paid(flows, 0)["senior_interest"] == pytest.approx(2.44, abs=CLOSE)
    # after default interest comes before the reserve, which it takes whole: 5 of 2.56 + 5
    assert paid(flows, 1) == pytest.approx({"senior_interest": 5}, abs=CLOSE)


def test_a_repeated_last_date_is_not_another_one():
    """A shorter deal repeats its last date.

    The order after an event of default on it does not hold there already, and its reserve stays.
    """
    collected, days = np.array([[60.0, 60], [0, 60]]), np.array([[365.0, 365], [365, 730]])
    both = run(collected, days, terms(reserve=5, legal_maturity=365).take(np.array([0, 0])), final=False)
    alone = run(*yearly(60), terms(reserve=5, legal_maturity=365), final=False)
    assert after(both, 1) == after(alone, 0) == pytest.approx((5, 54.2, 40), abs=CLOSE)
    assert sum(array[1, 0] for array in both.paid.values()) == 0
    assert both.default[:, 0].all()


COLLECTED, DAYS = yearly(60, 1)


@pytest.mark.parametrize(
    ("collected", "days", "told"),
    [
        (COLLECTED, DAYS[:1], "do not fit"),
        (np.hstack([COLLECTED] * 2), np.hstack([DAYS] * 2), "do not fit"),  # two deals, terms of one
        (COLLECTED[:, 0], DAYS[:, 0], "do not fit"),
        (-COLLECTED, DAYS, "not negative"),
        (COLLECTED * np.nan, DAYS, "finite"),
        (COLLECTED * np.inf, DAYS, "finite"),
        (COLLECTED, DAYS[::-1], "must rise"),
        (COLLECTED, DAYS - 366, "must rise"),  # before the closing date
        (COLLECTED, DAYS * np.nan, "must rise"),
    ],
)
def test_what_is_no_waterfall_is_refused(collected: np.ndarray, days: np.ndarray, told: str):
    with pytest.raises(ValueError, match=told):
        run(collected, days, terms())


def test_no_dates_pay_nothing():
    flows = run(np.zeros((0, 1)), np.zeros((0, 1)), terms())
    assert {array.shape for array in flows.paid.values()} == {(0, 1)}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=SEEDS, final=st.booleans())
def test_cash_is_conserved_and_the_senior_comes_first(seed: int, final: bool):  # noqa: FBT001 -- a parameter of the test
    random = np.random.default_rng(seed)
    profile, given_terms = deals(
        random, 20, (STANDARD, Priority(order(random), order(random)), Priority(order(random)))
    )
    flows = run(profile.collected, profile.days, given_terms, final=final)
    before = np.vstack([np.zeros(20), flows.reserve[:-1]])
    cash = profile.collected + before
    np.testing.assert_allclose(sum(flows.paid.values()) + flows.reserve, cash, rtol=EXACT, atol=EXACT)
    for array in (
        *flows.paid.values(),
        flows.reserve,
        flows.senior,
        flows.subordinated,
        flows.interest_due,
        flows.return_due,
        flows.fees_due,
    ):
        assert array.min() >= -CLOSE * cash.max()
    assert (flows.reserve <= given_terms.reserve + EXACT).all()
    if final:
        assert not flows.reserve[-1].any()
    repaid = flows.paid["subordinated_principal"] > EXACT
    assert (flows.senior[repaid] <= EXACT).all()
    assert (flows.interest_due[flows.to("subordinated") > EXACT] <= EXACT).all()
    np.testing.assert_allclose(
        flows.senior[-1] + flows.paid["senior_principal"].sum(axis=0), given_terms.senior, rtol=EXACT
    )
    fees = (
        sum(flows.paid[name].sum(axis=0) for name in ("taxes", "trust_fees", "servicing", "excess_fees"))
        + flows.fees_due[-1]
    )
    np.testing.assert_allclose(fees, given_terms.fee_rate * profile.collected.sum(axis=0), rtol=EXACT, atol=EXACT)


def assert_same(found: Flows, expected: Flows) -> None:
    for field in fields(Flows):
        if field.name != "paid":
            np.testing.assert_array_equal(getattr(found, field.name), getattr(expected, field.name), err_msg=field.name)
    for name in PAYEES:
        np.testing.assert_array_equal(found.paid[name], expected.paid[name], err_msg=name)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=SEEDS, final=st.booleans())
def test_many_deals_of_several_priorities_in_one_run_are_as_many_runs(seed: int, final: bool):  # noqa: FBT001 -- a parameter of the test
    random = np.random.default_rng(seed)
    profile, together = deals(random, 8, (STANDARD, Priority(order(random), order(random)), Priority(order(random))))
    flows = run(profile.collected, profile.days, together, final=final)
    for deal in range(8):
        alone = own(profile, deal)
        until = len(alone.days)
        single = run(alone.collected, alone.days, one(together, deal), final=final)
        mine = flows.deal(deal)
        cut = replace(
            mine,
            **{field.name: getattr(mine, field.name)[:until] for field in fields(Flows) if field.name != "paid"},
            paid={name: array[:until] for name, array in mine.paid.items()},
        )
        assert_same(cut, single)
        assert (
            sum(float(array[until:, 0].sum()) for array in mine.paid.values()) == 0
        )  # nothing on the repeated last date
        assert mine.default[-1, 0] == single.default[-1, 0]
        assert mine.reserve[-1, 0] == single.reserve[-1, 0]


def in_decimals(terms_of_one: Terms) -> second.Deal:
    def exact(name: str) -> Decimal:
        return Decimal(float(getattr(terms_of_one, name)[0]))

    cap = None if np.isinf(terms_of_one.trust_fee_cap[0]) else exact("trust_fee_cap")
    return second.Deal(
        senior=exact("senior"),
        subordinated=exact("subordinated"),
        coupon=exact("coupon"),
        tax=exact("tax_rate"),
        trust=exact("trust_fee_rate"),
        cap=cap,
        servicing=exact("servicing_rate"),
        reserve=exact("reserve"),
        fixed=exact("fixed_return"),
        reward=exact("reward_share"),
        legal=int(terms_of_one.legal_maturity[0]),
        before=terms_of_one.priorities[0].ordinary,
        after=terms_of_one.priorities[0].default,
    )


def test_the_case_by_hand_in_decimals():
    """The second implementation against the same hand arithmetic, to the last digit."""
    deal = replace(
        in_decimals(terms(reserve=5)),
        coupon=Decimal("0.05"),
        tax=Decimal("0.01"),
        trust=Decimal("0.02"),
        servicing=Decimal("0.04"),
        fixed=Decimal("0.1"),
        reward=Decimal("0.8"),
    )
    days = second.pay_out(deal, [(365, Decimal(60)), (730, Decimal(1)), (1095, Decimal(150))])
    assert [day.reserve for day in days] == [Decimal(5), Decimal("3.22"), 0]
    assert (days[-1].paid["reward"], days[-1].paid["subordinated_residual"]) == (
        Decimal("27.048"),
        Decimal("6.762"),
    )


def test_a_second_implementation_agrees_on_500_random_deals():
    """To 1e-9 of the deal's cash or of the payment, which is what sums of doubles may be off.

    With the events of default on the same dates.
    """
    random = np.random.default_rng(20211231)
    priorities = (STANDARD, *(Priority(order(random), order(random) if number % 3 else ()) for number in range(12)))
    profile, terms_of_all = deals(random, 500, priorities)
    profile = replace(profile, days=profile.days + random.choice([0.0, 90, 180, 360], 500))  # delayed, as scenarios are
    endings = {final: run(profile.collected, profile.days, terms_of_all, final=final) for final in (True, False)}
    flows = endings[True]
    assert 100 < flows.default[-1].sum() < 400  # both phases are run through
    assert (flows.reserve > 0).any(axis=0).sum() > 100
    assert (flows.paid["excess_fees"] > 0).any(axis=0).sum() > 100
    for number in range(500):
        dates = own(profile, number)
        collections = [
            (int(day), Decimal(float(money)))
            for day, money in zip(dates.days[:, 0], dates.collected[:, 0], strict=True)
        ]
        final = number % 5 > 0
        mine = endings[final].deal(number)
        for date, other in enumerate(second.pay_out(in_decimals(one(terms_of_all, number)), collections, final=final)):
            close = {"rel": 1e-9, "abs": 1e-11}  # absolute: a difference of two sums of some hundreds
            assert {name: mine.paid[name][date, 0] for name in PAYEES} == pytest.approx(
                {name: float(other.paid.get(name, 0)) for name in PAYEES}, **close
            ), (number, date)
            assert (mine.reserve[date, 0], mine.senior[date, 0], mine.subordinated[date, 0]) == pytest.approx(
                (float(other.reserve), float(other.senior), float(other.subordinated)), **close
            )
            assert mine.default[date, 0] == other.default, (number, date)
