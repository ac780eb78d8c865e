"""Random terms, orders and collections, as the rules of the data allow them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from npl_report.model import STEPS, Step
from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import Priority, Terms

SENIOR: tuple[Step, ...] = ("senior_interest", "senior_principal")
SUBORDINATED: tuple[Step, ...] = ("subordinated_principal", "subordinated_return")
FEES: tuple[Step, ...] = ("taxes", "trust_fees", "servicing", "excess_fees")
AFTER_DEFAULT: tuple[Step, ...] = (
    "taxes",
    "trust_fees",
    "senior_interest",
    "senior_principal",
    "servicing",
    "excess_fees",
    "reserve",
    *STEPS[-3:],
)
STANDARD = Priority(STEPS, AFTER_DEFAULT)


def order(random: Generator, *, fees_first: bool = False) -> tuple[Step, ...]:
    """Every step once, the residual last, the senior tranche before the subordinated one.

    ``fees_first``: fees before the subordinated one, too.
    """
    while True:
        steps: list[Step] = [STEPS[number] for number in random.permutation(len(STEPS) - 1)]
        ahead = {*SENIOR, *(FEES if fees_first else ())}
        if max(steps.index(step) for step in ahead) < min(steps.index(step) for step in SUBORDINATED):
            return (*steps, "residual")


def deals(
    random: Generator, n: int, priorities: tuple[Priority, ...] = (STANDARD,), dates: int = 12
) -> tuple[Profile, Terms]:
    """n deals: some lean, so that interest is not paid or principal outlives the legal maturity.

    Some with reserves, caps, days without cash.
    """
    senior = np.round(random.uniform(1, 1000, n), 4)
    subordinated = np.round(senior * random.uniform(0.02, 1, n), 4) + 0.01
    many = random.integers(2, dates + 1, n)
    gaps = random.integers(1, 200, (dates, n)).astype(float) * (np.arange(dates)[:, None] < many)
    weights = np.where(random.random((dates, n)) < 0.2, 0.0, random.random((dates, n))) * (gaps > 0)
    collected = np.round(
        weights / np.maximum(weights.sum(axis=0), 1e-9) * (senior + subordinated) * random.uniform(0.2, 2.5, n), 4
    )
    days = np.cumsum(gaps, axis=0)
    terms = Terms(
        senior=senior,
        subordinated=subordinated,
        coupon=np.round(random.uniform(0, 0.1, n), 4),
        tax_rate=np.round(random.uniform(0, 0.01, n), 4),
        trust_fee_rate=np.round(random.uniform(0, 0.05, n), 4),
        trust_fee_cap=np.where(random.random(n) < 0.3, np.inf, np.round(senior * random.uniform(0, 0.02, n), 4)),
        servicing_rate=np.round(random.uniform(0, 0.1, n), 4),
        reserve=np.where(random.random(n) < 0.4, 0.0, np.round(senior * random.uniform(0, 0.2, n), 4)),
        fixed_return=np.round(random.uniform(0, 0.15, n), 4),
        reward_share=np.round(random.uniform(0, 1, n), 2),
        legal_maturity=np.ceil(days[-1] * random.uniform(0.5, 1.5, n)),
        priority=random.integers(0, len(priorities), n).astype(np.intp),
        priorities=priorities,
    )
    return Profile(collected, days), terms


def one(terms: Terms, deal: int) -> Terms:
    """The terms of one deal, with its own priority only."""
    return replace(
        terms.take(np.array([deal])),
        priority=np.zeros(1, dtype=np.intp),
        priorities=(terms.priorities[terms.priority[deal]],),
    )


def own(profile: Profile, deal: int) -> Profile:
    """The dates of one deal, without the repeated last one."""
    until = int(np.argmax(profile.days[:, deal] == profile.days[-1, deal])) + 1
    return Profile(profile.collected[:until, [deal]], profile.days[:until, [deal]])
