"""Terms and payments of the tranches.

On each payment date: cash = collections of the period net of fees (+ reserve); senior interest (act/365 on the
outstanding senior), reserve up to its target, senior principal (pass-through), subordinated principal, subordinated
fixed return, and of the rest the share that is not the servicer's excess reward. The reserve is released when the
senior tranche is repaid.
"""

from dataclasses import dataclass
from datetime import date

from .plan import AS_OF, Deal
from .schedule import Schedule

YEAR = 365


@dataclass(frozen=True)
class Terms:
    """What the documents of a deal fix about its tranches; money in CNY million, rates a year."""

    senior: float
    subordinated: float
    coupon: float
    fee_rate: float
    reserve: float
    sub_return: float
    reward_share: float


@dataclass(frozen=True)
class Payment:
    """Money paid to one tranche on one date."""

    tranche: str
    paid_on: date
    reported_on: date
    principal: float
    interest: float


@dataclass
class _State:
    senior: float
    subordinated: float
    reserve: float
    return_due: float
    last_paid: date


def payments(deal: Deal, schedule: Schedule, amounts: tuple[float, ...], terms: Terms) -> list[Payment]:
    """All payments of a deal, one senior and one subordinated row a date; rows without money are left out."""
    state = _State(terms.senior, terms.subordinated, 0.0, 0.0, deal.closing)
    rows: list[Payment] = []
    for period, amount in zip(schedule.periods, amounts, strict=True):
        senior, sub = _pay(state, terms, amount, period.paid_on)
        for tranche, (principal, interest) in (("senior", senior), ("subordinated", sub)):
            if principal > 0 or interest > 0:
                rows.append(Payment(tranche, period.paid_on, period.reported_on, principal, interest))
    return rows


def _pay(state: _State, terms: Terms, amount: float, paid_on: date) -> tuple[tuple[float, float], tuple[float, float]]:
    years = (paid_on - state.last_paid).days / YEAR
    state.last_paid = paid_on
    state.return_due += state.subordinated * terms.sub_return * years
    cash = amount * (1 - terms.fee_rate) + state.reserve
    state.reserve = 0.0

    interest, cash = _take(cash, state.senior * terms.coupon * years)
    if state.senior > cash:
        state.reserve, cash = _take(cash, terms.reserve)
    principal, cash = _take(cash, state.senior)
    state.senior = round(state.senior - principal, 4)

    sub_principal, cash = _take(cash, state.subordinated)
    state.subordinated = round(state.subordinated - sub_principal, 4)
    sub_return, cash = _take(cash, state.return_due) if state.subordinated == 0 else (0.0, cash)
    state.return_due -= sub_return
    rest, _ = _take(cash, cash * (1 - terms.reward_share))
    return (principal, interest), (sub_principal, round(sub_return + rest, 4))


def _take(cash: float, wanted: float) -> tuple[float, float]:
    """Money paid (4 decimals, never more than there is) and what is left."""
    paid = max(0.0, min(round(wanted, 4), int(cash * 10_000) / 10_000))
    return paid, cash - paid


def paid_by(rows: list[Payment], tranche: str, day: date = AS_OF) -> float:
    """Principal of a tranche that was reported and paid by a day."""
    return round(
        sum(row.principal for row in rows if row.tranche == tranche and max(row.reported_on, row.paid_on) <= day), 4
    )
