"""The deals of the cases by hand: ladders, the usual orders of payments, terms of one deal from plain values.

Unless a case says otherwise: senior 100 at 5 %, subordinated 40 with a fixed return of 10 %, taxes 1 %, trust fees 2 %
(1 a year at most), servicing 4 % of the collections, no reserve, the servicer's share of the rest 80 %. Payment dates
are whole years apart.
"""

from __future__ import annotations

import numpy as np

from npl_report.model import steps_of
from npl_report.stats.waterfall import Array, Priority, Terms

TWO = ("senior", "subordinated")
THREE = ("senior", "mezzanine", "junior")
FOUR = ("senior", "mezzanine", "junior", "equity")
LADDERS = (TWO, THREE, FOUR)
USUAL = {
    "tax_rate": 0.01,
    "trust_fee_rate": 0.02,
    "trust_fee_cap": 1.0,
    "servicing_rate": 0.04,
    "reserve": 0.0,
    "fixed_return": 0.1,
    "reward_share": 0.8,
    "legal_maturity": 10_000.0,
}
FREE = {"tax_rate": 0.0, "trust_fee_rate": 0.0, "trust_fee_cap": np.inf, "servicing_rate": 0.0}
"""No fees."""


def after_default(ladder: tuple[str, ...]) -> tuple[str, ...]:
    """The first tranche comes before the servicer, and interest of all others behind its principal."""
    first, *others = ladder
    steps = ["taxes", "trust_fees", f"{first}_interest", f"{first}_principal", "servicing", "excess_fees", "reserve"]
    for tranche in others[:-1]:
        steps += [f"{tranche}_interest", f"{tranche}_principal"]
    return (*steps, *steps_of(ladder)[-3:])


def standard(ladder: tuple[str, ...]) -> Priority:
    return Priority(steps_of(ladder), after_default(ladder))


STANDARD = standard(TWO)


def terms(
    priority: Priority = STANDARD,
    ladder: tuple[str, ...] = TWO,
    face: tuple[float, ...] = (100, 40),
    coupon: tuple[float, ...] = (0.05,),
    **changed: float,
) -> Terms:
    """The terms of one deal; ``changed``: fields of ``Terms`` that are not as usual."""
    return Terms(
        ladder=ladder,
        face=column(*face),
        coupon=column(*coupon),
        **{name: np.array([float(value)]) for name, value in (USUAL | changed).items()},
        priority=np.zeros(1, dtype=np.intp),
        priorities=(priority,),
    )


def column(*values: float) -> Array:
    return np.array(values, dtype=float)[:, None]


def yearly(*collected: float) -> tuple[Array, Array]:
    """Collections, and the payment dates on which they are paid out."""
    return column(*collected), 365.0 * column(*range(1, len(collected) + 1))


def three(
    priority: Priority = standard(THREE),  # noqa: B008 -- a value that nobody changes
    face: tuple[float, ...] = (100, 30, 20),
    coupon: tuple[float, ...] = (0.05, 0.08),
    **changed: float,
) -> Terms:
    """Senior 100 at 5 %, mezzanine 30 at 8 %, junior 20 with a fixed return of 10 %.

    Mezzanine interest comes before the senior principal, and behind it after an event of default.
    """
    return terms(priority, THREE, face, coupon, **changed)
