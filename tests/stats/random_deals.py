"""Random terms, orders and collections, as the rules of the data allow them, of ladders of any length."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from npl_report.model import FEES, steps_of
from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import Array, Priority, Terms
from tests.stats.one_deal import standard


def order(random: Generator, ladder: tuple[str, ...], fees_before: str = "") -> tuple[str, ...]:
    """Every step once, the residual last, the tranches by rank.

    ``fees_before``: the tranche before which the fees come as well.
    """
    *steps, residual = steps_of(ladder)
    ahead, waiting, placed = _ahead(ladder, fees_before), [steps[at] for at in random.permutation(len(steps))], []
    while waiting:
        placed.append(next(step for step in waiting if ahead[step] <= {*placed}))
        waiting.remove(placed[-1])
    return (*placed, residual)


def _ahead(ladder: tuple[str, ...], fees_before: str) -> dict[str, set[str]]:
    """The steps that must come before a step: interest of a tranche may stand before the principal of those above."""
    found: dict[str, set[str]] = defaultdict(set)
    for above, below in pairwise(ladder):
        found[f"{below}_interest"] |= {f"{above}_interest"}
        found[f"{below}_principal"] |= {f"{above}_interest", f"{above}_principal"}
    if fees_before:
        found[f"{fees_before}_interest"] |= {*FEES}
        found[f"{fees_before}_principal"] |= {*FEES}
    found[f"{ladder[-1]}_return"] |= found[f"{ladder[-1]}_principal"]
    return found


def orders(random: Generator, ladder: tuple[str, ...]) -> tuple[Priority, ...]:
    """The usual order, and two others; one of them knows no event of default.

    With more than two tranches, one more for deals that lack the second.
    """
    several = [
        standard(ladder),
        Priority(order(random, ladder), order(random, ladder)),
        Priority(order(random, ladder)),
    ]
    if ladder[2:]:
        fewer = (ladder[0], *ladder[2:])
        several.append(Priority(order(random, fewer), order(random, fewer)))
    return tuple(several)


def deals(
    random: Generator, n: int, ladder: tuple[str, ...], priorities: tuple[Priority, ...] = (), dates: int = 12
) -> tuple[Profile, Terms]:
    """n deals: some lean, so that interest is not paid or principal outlives the legal maturity.

    Some with reserves, caps, days without cash. A tranche between the first and the last is lacking where the order
    (``standard`` if none is given) does not pay it, and in some other deals.
    """
    priorities = priorities or (standard(ladder),)
    senior = np.round(random.uniform(1, 1000, n), 4)
    last = np.round(senior * random.uniform(0.02, 1, n), 4) + 0.01
    between = np.round(senior * random.uniform(0.02, 1, (len(ladder) - 2, n)), 4) + 0.01
    between = np.where(random.random(between.shape) < 0.2, 0.0, between)
    collected, days = _collections(random, senior + last + between.sum(axis=0), dates)
    terms = Terms(
        ladder=ladder,
        face=np.vstack([senior, between, last]),
        coupon=np.round(random.uniform(0, 0.1, (len(ladder) - 1, n)), 4),
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
    named = np.array([[f"{tranche}_principal" in of.ordinary for of in priorities] for tranche in ladder])
    return Profile(collected, days), replace(terms, face=np.where(named[:, terms.priority], terms.face, 0.0))


def _collections(random: Generator, issued: Array, dates: int) -> tuple[Array, Array]:
    """Of deals of these sizes: what comes in, and on which days."""
    n = len(issued)
    many = random.integers(2, dates + 1, n)
    gaps = random.integers(1, 200, (dates, n)).astype(float) * (np.arange(dates)[:, None] < many)
    weights = np.where(random.random((dates, n)) < 0.2, 0.0, random.random((dates, n))) * (gaps > 0)
    total = issued * random.uniform(0.2, 2.5, n)
    return np.round(weights / np.maximum(weights.sum(axis=0), 1e-9) * total, 4), np.cumsum(gaps, axis=0)


def one(terms: Terms, deal: int) -> Terms:
    """The terms of one deal, with its own tranches and its own priority only."""
    alone = terms.take(np.array([deal]))
    has = alone.face[:, 0] > 0
    ladder = tuple(np.array(alone.ladder)[has].tolist())
    steps, own_priority = steps_of(ladder), terms.priorities[terms.priority[deal]]
    phases = (own_priority.ordinary, own_priority.default)
    return replace(
        alone,
        ladder=ladder,
        face=alone.face[has],
        coupon=alone.coupon[has[:-1]],
        priority=np.zeros(1, dtype=np.intp),
        priorities=(Priority(*(tuple(step for step in phase if step in steps) for phase in phases)),),
    )


def own(profile: Profile, deal: int) -> Profile:
    """The dates of one deal, without the repeated last one."""
    until = int(np.argmax(profile.days[:, deal] == profile.days[-1, deal])) + 1
    return Profile(profile.collected[:until, [deal]], profile.days[:until, [deal]])
