"""What a period's collections consist of, for the deals of the wave "market"; all ours.

Recoveries are those on claims that were closed in the period and those on claims still in disposal; beside them stand
interest on the account, repurchases of ineligible claims and, in the last period of some deals, a clean-up call.
"""

import math
from dataclasses import dataclass, replace

from . import draws
from .curves import Curve
from .market import Draft
from .schedule import Schedule, age
from .waterfall import Terms

INCOME = (0.0004, 0.0022)  # of the recoveries
REPURCHASED = 0.09  # share of the deals that have a repurchase, in their first or second period
REPURCHASE = (0.004, 0.018)  # of the period's recoveries
CLEAN_UP = 0.3  # share of the liquidated deals that end by a clean-up call
CLEAN_UP_PRICE = (0.004, 0.014)  # of the expected recovery
CLOSED_FIRST, CLOSED_LAST = 0.34, 0.72  # share of a period's recoveries on claims closed in it: young, old deals
COSTS = (0.25, 0.7)  # of what the fee rate leaves to the servicer

TRIGGERED, TRIGGERS = 0.55, (0.5, 0.55, 0.6, 0.65, 0.7)  # share of the deals with a performance trigger, its levels


@dataclass(frozen=True)
class Parts:
    """One period as the trustee's report divides it; money in CNY million."""

    recovered_in_disposal: float
    recovered_closed: float
    other_income: float
    clean_up_call: float
    repurchase: float
    disposal_costs: float
    n_closed: int
    balance_closed: float

    @property
    def recovered(self) -> float:
        """The recoveries."""
        return round(self.recovered_in_disposal + self.recovered_closed, 4)

    @property
    def collected(self) -> float:
        """All that was collected."""
        return round(self.recovered + self.other_income + self.clean_up_call + self.repurchase, 4)


def beside(deal: str, number: int) -> tuple[float, float]:
    """Other income and repurchase of a deal's period (from 0), as shares of its recoveries."""
    income = draws.uniform(deal, number, "other income", low=INCOME[0], high=INCOME[1])
    if draws.uniform(deal, "repurchased", low=0, high=1) >= REPURCHASED:
        return income, 0.0
    when = int(draws.uniform(deal, "repurchased in", low=0, high=1.99))
    share = draws.uniform(deal, "repurchase", low=REPURCHASE[0], high=REPURCHASE[1])
    return income, share if number == when else 0.0


def divided(
    draft: Draft, schedule: Schedule, recovered: tuple[float, ...], terms: Terms, pool: float, n_loans: int
) -> tuple[Parts, ...]:
    """The periods of a deal, without a clean-up call."""
    name, known = draft.deal.deal, schedule.periods
    closing = Curve(1.0, 1.15, 22.0 * math.exp(-0.2 * draft.quality))
    low, high = COSTS
    costs = (terms.fee_rate - 0.016) * draws.uniform(name, "costs", low=low, high=high)
    parts: list[Parts] = []
    before = 0.0
    for i, (period, amount) in enumerate(zip(known, recovered, strict=True)):
        months = age(draft.deal, period.end)
        share = CLOSED_FIRST + (CLOSED_LAST - CLOSED_FIRST) * min(1.0, months / 36)
        closed = min(amount, round(amount * share * draws.lognormal(name, period.end, "closed", sd=0.13), 4))
        now = min(0.97, closing.share(months) * draws.lognormal(name, "closing", sd=0.1))
        income, repurchase = beside(name, i)
        parts.append(
            Parts(
                recovered_in_disposal=round(amount - closed, 4),
                recovered_closed=closed,
                other_income=round(amount * income, 4),
                clean_up_call=0.0,
                repurchase=round(amount * repurchase, 4),
                disposal_costs=round(amount * costs, 4),
                n_closed=round(n_loans * now) - round(n_loans * before),
                balance_closed=round(round(pool * now, 4) - round(pool * before, 4), 4),
            )
        )
        before = now
    return tuple(parts)


def called(deal: str, parts: tuple[Parts, ...], expected: float) -> tuple[Parts, ...]:
    """The periods of a liquidated deal; of some the last one brings the price of a clean-up call."""
    if draws.uniform(deal, "clean-up", low=0, high=1) >= CLEAN_UP:
        return parts
    low, high = CLEAN_UP_PRICE
    price = round(expected * draws.uniform(deal, "clean-up price", low=low, high=high), 4)
    return (*parts[:-1], replace(parts[-1], clean_up_call=price))


def trigger(deal: str) -> float | None:
    """Recoveries over their forecast below which a deal's performance trigger is hit; no payment here heeds it."""
    if draws.uniform(deal, "triggered", low=0, high=1) >= TRIGGERED:
        return None
    return TRIGGERS[int(draws.uniform(deal, "trigger", low=0, high=len(TRIGGERS) - 0.001))]
