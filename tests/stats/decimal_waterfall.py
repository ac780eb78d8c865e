"""A second waterfall, in decimal arithmetic and one deal at a time, against which the engine is checked.

Written from METHODS and from what the head of npl_report/stats/waterfall.py says of the choices, not from its code:
plain sums of Decimals with 40 digits, no arrays, a ledger of debts instead of a state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from npl_report.model import Step

DIGITS = 40
NOTHING = Decimal("1e-9")  # CNY mn: interest or principal that is short by less is paid
DEBT_OF: dict[Step, str] = {
    "taxes": "tax",
    "servicing": "servicing",
    "senior_interest": "interest",
    "senior_principal": "senior",
    "subordinated_principal": "subordinated",
    "subordinated_return": "return",
    "excess_fees": "trust",
}


@dataclass(frozen=True)
class Deal:
    """The terms of one deal; ``cap`` None: no cap; ``after`` empty: no event of default."""

    senior: Decimal
    subordinated: Decimal
    coupon: Decimal
    tax: Decimal
    trust: Decimal
    cap: Decimal | None
    servicing: Decimal
    reserve: Decimal
    fixed: Decimal
    reward: Decimal
    legal: int
    before: tuple[Step, ...]
    after: tuple[Step, ...]


@dataclass(frozen=True)
class Day:
    """What a payment date paid, by payee, and what stands after it."""

    paid: dict[str, Decimal]
    reserve: Decimal
    senior: Decimal
    subordinated: Decimal
    default: bool


def pay_out(deal: Deal, collections: Sequence[tuple[int, Decimal]], *, final: bool = True) -> list[Day]:
    """(day from closing, collections), rising → what each date pays."""
    with localcontext() as context:
        context.prec = DIGITS
        owed = defaultdict(Decimal, senior=deal.senior, subordinated=deal.subordinated)
        reserve, default, last_day, paid_out = Decimal(0), False, 0, []
        for number, (day, money) in enumerate(collections):
            years = Decimal(day - last_day) / 365
            for debt, rate in (("tax", deal.tax), ("trust", deal.trust), ("servicing", deal.servicing)):
                owed[debt] += rate * money
            owed["interest"] += owed["senior"] * deal.coupon * years
            owed["return"] += owed["subordinated"] * deal.fixed * years
            is_last = final and number == len(collections) - 1
            paid, reserve = _one_date(
                deal, owed, money + reserve, deal.after if default else deal.before, years, is_last=is_last
            )
            overdue = owed["interest"] > NOTHING or (day >= deal.legal and owed["senior"] > NOTHING)
            default = default or (bool(deal.after) and overdue)
            paid_out.append(Day(paid, reserve, owed["senior"], owed["subordinated"], default))
            last_day = day
        return paid_out


def _one_date(
    deal: Deal, owed: dict[str, Decimal], cash: Decimal, order: Sequence[Step], years: Decimal, *, is_last: bool
) -> tuple[dict[str, Decimal], Decimal]:
    paid: dict[str, Decimal] = defaultdict(Decimal)
    reserve = Decimal(0)
    for place, step in enumerate(order):
        if step == "residual":
            paid["reward"] += cash * deal.reward
            paid["subordinated_residual"] += cash - cash * deal.reward
            cash = Decimal(0)
        elif step == "reserve":
            debts = {
                "trust" if later == "trust_fees" else DEBT_OF[later]
                for later in order[place + 1 : list(order).index("senior_principal")]
            }
            capped = "excess_fees" not in order[place + 1 : list(order).index("senior_principal")]
            first = sum(
                (
                    min(owed[debt], deal.cap * years)
                    if debt == "trust" and capped and deal.cap is not None
                    else owed[debt]
                    for debt in debts
                ),
                Decimal(0),
            )
            if not is_last and cash < first + owed["senior"]:
                reserve = min(cash, deal.reserve)
                cash -= reserve
        else:
            debt = "trust" if step == "trust_fees" else DEBT_OF[step]
            limit = deal.cap * years if step == "trust_fees" and deal.cap is not None else cash
            amount = min(cash, owed[debt], limit)
            owed[debt] -= amount
            paid[step] += amount
            cash -= amount
    return paid, reserve
