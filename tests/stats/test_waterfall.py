"""The engine: cases by hand of two tranches (one_deal.py) and of three, events of default, orders as data.

Random deals are in test_waterfall_properties.py, a second implementation in test_second_waterfall.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from npl_report.model import DefinitionError, steps_of
from npl_report.stats.waterfall import Flows, Priority, run
from tests.stats.one_deal import FREE, STANDARD, THREE, TWO, terms, three, yearly

STEPS = steps_of(TWO)
CLOSE = 1e-12  # sums of a few doubles of about a hundred


def paid(flows: Flows, date: int) -> dict[str, float]:
    """What a date pays, without what it does not."""
    return {name: float(array[date, 0]) for name, array in flows.paid.items() if array[date, 0]}


def after(flows: Flows, date: int) -> tuple[float, ...]:
    """Reserve and balances, by rank, after a date."""
    return tuple(float(array[date, 0]) for array in (flows.reserve, *map(flows.left, flows.ladder)))


def test_a_reserve_is_kept_while_fees_stand_before_the_principal():
    """What is left redeems the senior tranche, but not the excess fees that are paid before it: the reserve stays."""
    flows = run(
        *yearly(100, 40),
        terms(coupon=(0,), tax_rate=0, trust_fee_rate=0.1, trust_fee_cap=0, servicing_rate=0, reserve=10),
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
    assert flows.accrued("subordinated")[0, 0] == pytest.approx(4, abs=CLOSE)  # 40 × 10 %
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
    due = (flows.accrued("senior"), flows.accrued("subordinated"), flows.fees_due)
    assert [float(array[-1, 0]) for array in due] == pytest.approx([0, 0, 0], abs=CLOSE)


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
    assert flows.accrued("senior")[0, 0] == pytest.approx(1.28, abs=CLOSE)
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
    servicer_last: tuple[str, ...] = (
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
    reserve_first: tuple[str, ...] = ("reserve", *(step for step in STEPS if step != "reserve"))
    flows = run(*yearly(8, 0), terms(Priority(reserve_first, STANDARD.default), reserve=5), final=False)
    # 5 of the 8 are set aside before fees 0.08 + 0.16 + 0.32, and 2.44 are left for 5 of interest: an event of default
    # beside a full reserve
    assert after(flows, 0) == pytest.approx((5, 100, 40), abs=CLOSE)
    assert paid(flows, 0)["senior_interest"] == pytest.approx(2.44, abs=CLOSE)
    # after default interest comes before the reserve, which it takes whole: 5 of 2.56 + 5
    assert paid(flows, 1) == pytest.approx({"senior_interest": 5}, abs=CLOSE)


def test_three_tranches_by_hand():
    flows = run(*yearly(60, 80, 60), three(reserve=5))
    # 60: fees 0.6 + 1 (of 1.2) + 2.4, interest 100 × 5 % and 30 × 8 % leave 48.6; 5 are set aside, the excess 0.2 is
    # paid, 43.4 repay the senior tranche
    expected = {"taxes": 0.6, "trust_fees": 1, "servicing": 2.4, "excess_fees": 0.2}
    expected |= {"senior_interest": 5, "senior_principal": 43.4, "mezzanine_interest": 2.4}
    assert paid(flows, 0) == pytest.approx(expected, abs=CLOSE)
    assert after(flows, 0) == pytest.approx((5, 56.6, 30, 20), abs=CLOSE)
    assert flows.accrued("junior")[0, 0] == pytest.approx(2, abs=CLOSE)  # 20 × 10 %
    # 80 + 5: fees 0.8 + 1 (of 1.6) + 3.2, interest 56.6 × 5 % = 2.83 and 2.4 leave 74.77, more than 0.6 + 56.6: no
    # reserve. Excess 0.6 and principal 56.6 leave 17.57 to the mezzanine tranche
    expected = {"taxes": 0.8, "trust_fees": 1, "servicing": 3.2, "excess_fees": 0.6}
    expected |= {"senior_interest": 2.83, "senior_principal": 56.6}
    expected |= {"mezzanine_interest": 2.4, "mezzanine_principal": 17.57}
    assert paid(flows, 1) == pytest.approx(expected, abs=CLOSE)
    assert after(flows, 1) == pytest.approx((0, 0, 12.43, 20), abs=CLOSE)
    # 60: fees 0.6 + 1 (of 1.2) + 2.4, interest 12.43 × 8 % = 0.9944, excess 0.2, principal 12.43 leave 42.3756; 20
    # principal, 3 × 2 return leave 16.3756, of which 80 % are 13.10048
    expected = {"taxes": 0.6, "trust_fees": 1, "servicing": 2.4, "excess_fees": 0.2}
    expected |= {"mezzanine_interest": 0.9944, "mezzanine_principal": 12.43}
    expected |= {"junior_principal": 20, "junior_return": 6, "reward": 13.10048, "junior_residual": 3.27512}
    assert paid(flows, 2) == pytest.approx(expected, abs=CLOSE)
    assert after(flows, 2) == pytest.approx((0, 0, 0, 0), abs=CLOSE)
    assert flows.to("senior")[:, 0] == pytest.approx([48.4, 59.43, 0], abs=CLOSE)
    assert flows.to("mezzanine")[:, 0] == pytest.approx([2.4, 19.97, 13.4244], abs=CLOSE)
    assert flows.to("junior")[:, 0] == pytest.approx([0, 0, 29.27512], abs=CLOSE)
    assert not flows.default.any()
    due = (*map(flows.accrued, THREE), flows.fees_due)
    assert [float(array[-1, 0]) for array in due] == pytest.approx([0, 0, 0, 0], abs=CLOSE)


def test_an_event_of_default_puts_mezzanine_interest_behind_the_senior_principal():
    flows = run(*yearly(6, 4, 60, 70), three())
    # 6: fees 0.06 + 0.12 + 0.24 and 5 of senior interest leave 0.58 of 2.4 to the mezzanine tranche, which is no event
    # of default
    expected = {"taxes": 0.06, "trust_fees": 0.12, "servicing": 0.24, "senior_interest": 5, "mezzanine_interest": 0.58}
    assert paid(flows, 0) == pytest.approx(expected, abs=CLOSE)
    assert flows.accrued("mezzanine")[0, 0] == pytest.approx(1.82, abs=CLOSE)
    # 4: fees 0.04 + 0.08 + 0.16 leave 3.72 for 5 of senior interest, which is one
    expected = {"taxes": 0.04, "trust_fees": 0.08, "servicing": 0.16, "senior_interest": 3.72}
    assert paid(flows, 1) == pytest.approx(expected, abs=CLOSE)
    assert flows.default[:, 0].tolist() == [False, True, True, True]
    # 60: 0.6 + 1, interest 5 + 1.28, and all of the rest for the senior principal; the mezzanine tranche is owed 1.82
    # + 2.4 + 2.4
    expected = {"taxes": 0.6, "trust_fees": 1, "senior_interest": 6.28, "senior_principal": 52.12}
    assert paid(flows, 2) == pytest.approx(expected, abs=CLOSE)
    assert after(flows, 2) == pytest.approx((0, 47.88, 30, 20), abs=CLOSE)
    assert flows.accrued("mezzanine")[2, 0] == pytest.approx(6.62, abs=CLOSE)
    # 70: 0.7 + 1 (of 0.2 + 1.4), interest 47.88 × 5 % = 2.394, principal 47.88 leave 18.026; servicing 2.4 + 2.8, the
    # excess 0.6, interest 6.62 + 2.4 leave 3.206 to the mezzanine principal
    expected = {"taxes": 0.7, "trust_fees": 1, "servicing": 5.2, "excess_fees": 0.6}
    expected |= {"senior_interest": 2.394, "senior_principal": 47.88}
    expected |= {"mezzanine_interest": 9.02, "mezzanine_principal": 3.206}
    assert paid(flows, 3) == pytest.approx(expected, abs=CLOSE)
    assert after(flows, 3) == pytest.approx((0, 0, 26.794, 20), abs=CLOSE)
    # without that event the third date pays 60 − 0.6 − 1 − 2.4 − 6.28 − 6.62 − 0.2
    same = run(*yearly(6, 4, 60, 70), three(Priority(steps_of(THREE))))
    assert paid(same, 2)["mezzanine_interest"] == pytest.approx(6.62, abs=CLOSE)
    assert paid(same, 2)["senior_principal"] == pytest.approx(42.9, abs=CLOSE)


def test_a_reserve_is_kept_while_mezzanine_interest_stands_before_the_principal():
    """As it is while fees do: what is left redeems the senior tranche, but not the interest that is paid before it."""
    steps = ("senior_interest", "reserve", "taxes", "trust_fees", "servicing", "excess_fees", "mezzanine_interest")
    flows = run(*yearly(106, 40), three(Priority((*steps, *steps_of(THREE)[-5:])), reserve=10, **FREE))
    # 106 − 5 = 101: 10 are set aside, since 101 < 2.4 + 100; 2.4 are paid, 88.6 repay
    assert paid(flows, 0) == pytest.approx(
        {"senior_interest": 5, "mezzanine_interest": 2.4, "senior_principal": 88.6}, abs=CLOSE
    )
    assert after(flows, 0) == pytest.approx((10, 11.4, 30, 20), abs=CLOSE)
    # 40 + 10: 11.4 × 5 %, 2.4 and 11.4 leave 35.63, of which the mezzanine tranche takes 30
    assert paid(flows, 1)["senior_interest"] == pytest.approx(0.57, abs=CLOSE)
    assert after(flows, 1) == pytest.approx((0, 0, 0, 14.37), abs=CLOSE)


@pytest.mark.parametrize("late", ["senior", "mezzanine"])
def test_a_tranche_that_is_repaid_before_one_above_it_is_our_bug(late: str):
    """The loader refuses such an order."""
    steps = steps_of(THREE)
    at = steps.index(f"{late}_principal")
    swapped = (*steps[:at], steps[at + 1], steps[at], *steps[at + 2 :])
    with pytest.raises(DefinitionError, match="before those above it"):
        run(*yearly(*([30] if late == "senior" else [60, 80])), three(Priority(swapped)))


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
