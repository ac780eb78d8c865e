"""A second waterfall, in decimal arithmetic and one deal at a time, against which the engine is checked.

Written from METHODS and from what the head of npl_report/stats/waterfall.py says of the choices, not from its code:
plain sums of Decimals with 40 digits, no arrays, a ledger of debts instead of a state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

DIGITS = 40
NOTHING = Decimal("1e-12")  # of the issue size: interest or principal that is short by less is paid


@dataclass(frozen=True)
class Tranche:
    """``rate``: the coupon, or the fixed return of the last tranche."""

    key: str
    face: Decimal
    rate: Decimal


@dataclass(frozen=True)
class Deal:
    """The terms of one deal; ``tranches`` by rank; ``cap`` None: no cap; ``after`` empty: no event of default."""

    tranches: tuple[Tranche, ...]
    tax: Decimal
    trust: Decimal
    cap: Decimal | None
    servicing: Decimal
    reserve: Decimal
    reward: Decimal
    legal: int
    before: tuple[str, ...]
    after: tuple[str, ...]

    def accrues(self, tranche: Tranche) -> str:
        """The debt that grows with the principal of a tranche."""
        return f"{tranche.key}_{'return' if tranche is self.tranches[-1] else 'interest'}"


@dataclass(frozen=True)
class Day:
    """What a payment date paid, by payee, and what stands after it; ``owed``: by the step that pays it."""

    paid: dict[str, Decimal]
    reserve: Decimal
    owed: dict[str, Decimal]
    default: bool


def pay_out(deal: Deal, collections: Sequence[tuple[int, Decimal]], *, final: bool = True) -> list[Day]:
    """(day from closing, collections), rising → what each date pays."""
    with localcontext() as context:
        context.prec = DIGITS
        owed = defaultdict(Decimal, {f"{tranche.key}_principal": tranche.face for tranche in deal.tranches})
        nothing = NOTHING * sum(tranche.face for tranche in deal.tranches)
        reserve, default, last_day, paid_out = Decimal(0), False, 0, []
        for number, (day, money) in enumerate(collections):
            years = Decimal(day - last_day) / 365
            for debt, rate in (("taxes", deal.tax), ("trust_fees", deal.trust), ("servicing", deal.servicing)):
                owed[debt] += rate * money
            for tranche in deal.tranches:
                owed[deal.accrues(tranche)] += owed[f"{tranche.key}_principal"] * tranche.rate * years
            is_last = final and number == len(collections) - 1
            order = deal.after if default else deal.before
            paid, reserve = _one_date(deal, owed, money + reserve, order, years, is_last=is_last)
            first = deal.tranches[0]
            late = day >= deal.legal and owed[f"{first.key}_principal"] > nothing
            default = default or (bool(deal.after) and (owed[deal.accrues(first)] > nothing or late))
            paid_out.append(Day(paid, reserve, dict(owed), default))
            last_day = day
        return paid_out


def _one_date(
    deal: Deal, owed: dict[str, Decimal], cash: Decimal, order: Sequence[str], years: Decimal, *, is_last: bool
) -> tuple[dict[str, Decimal], Decimal]:
    paid: dict[str, Decimal] = defaultdict(Decimal)
    reserve, redeems = Decimal(0), f"{deal.tranches[0].key}_principal"
    for place, step in enumerate(order):
        if step == "residual":
            paid["reward"] += cash * deal.reward
            paid[f"{deal.tranches[-1].key}_residual"] += cash - cash * deal.reward
            cash = Decimal(0)
        elif step == "reserve":
            between = order[place + 1 : list(order).index(redeems)]
            capped = "excess_fees" not in between
            first = sum(
                (
                    min(owed[debt], deal.cap * years)
                    if debt == "trust_fees" and capped and deal.cap is not None
                    else owed[debt]
                    for debt in {_debt(later) for later in between}
                ),
                Decimal(0),
            )
            if not is_last and owed[redeems] > 0 and cash < first + owed[redeems]:
                reserve = min(cash, deal.reserve)
                cash -= reserve
        else:
            limit = deal.cap * years if step == "trust_fees" and deal.cap is not None else cash
            amount = min(cash, owed[_debt(step)], limit)
            owed[_debt(step)] -= amount
            paid[step] += amount
            cash -= amount
    return paid, reserve


def _debt(step: str) -> str:
    """The debt that a step pays off: the excess is the rest of the trust fees."""
    return "trust_fees" if step == "excess_fees" else step
