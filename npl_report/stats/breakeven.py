"""The quantity formula: what a total recovery leaves to the subordinated tranche.

R0 and R1 are the recoveries at which that changes.

Source: METHODS, "Structure and yield". The study announces a formula and prints none; this one is ours. Of a recovery R
the fees leave N = (1 − k) R. The senior tranche is owed its face S and its interest I, the subordinated tranche its
face J and its fixed return C:

- N ≤ S + I: the subordinated tranche receives nothing;
- N ≤ S + I + J + C: it receives N − (S + I);
- above: J + C + (1 − α)(N − (S + I + J + C)), α being the servicer's share of the rest.

I and C depend on when the money comes, and so on R itself: a larger recovery redeems the senior tranche sooner. R0 and
R1 are the recoveries at which N = S + I and N = S + I + J + C, for a fixed timing profile; the waterfall itself says
how much I and C then are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import Array, Terms, run

_DUE = 1e-10  # CNY mn: what sums of floats may leave of a debt that is paid
_HALVINGS = 56  # from a bracket of some times the profile down to the last digits of a float
_WIDEST = 2.0**16  # times the profile; a deal that needs more has no break-even


@dataclass(frozen=True)
class BreakEven:
    """R0 and R1 of n deals as multiples of their profile, shape (n,).

    They are NaN where no recovery up to 65,536 times the profile is enough.
    """

    senior: Array
    subordinated: Array


def quantity(net: Array, senior_due: Array, subordinated_due: Array, reward_share: Array) -> Array:
    """What the subordinated tranche receives of a net recovery N.

    ``senior_due``: S + I; ``subordinated_due``: J + C; CNY million.
    """
    above = net - senior_due
    return np.clip(above, 0.0, subordinated_due) + (1 - reward_share) * np.maximum(above - subordinated_due, 0.0)


def break_even(profile: Profile, terms: Terms) -> BreakEven:
    """Solve the waterfall for R0 and R1 by bisection: what is paid for hardly ever falls when more is recovered.

    At R0 the fees and the senior tranche are paid in full, at R1 the subordinated tranche's principal and fixed return
    as well. A reserve that is released redeems the senior tranche at a stroke, and its interest ends: where R0 lies
    there, the subordinated tranche begins with what that saves, and not with nothing. An event of default that is just
    avoided puts fees before principal and lets interest rise at a stroke; a recovery at which all is paid before and
    after, but not between, is the only exception to the sentence above.
    """
    n = len(terms)
    both = np.tile(np.arange(n), 2)
    doubled, needs_all = terms.take(both), np.arange(2 * n) >= n
    collected, days = profile.collected[:, both], profile.days[:, both]

    def covered(times: Array) -> NDArray[np.bool_]:
        flows = run(collected * times, days, doubled)
        due = flows.senior[-1] + flows.interest_due[-1] + flows.fees_due[-1]
        due = due + np.where(needs_all, flows.subordinated[-1] + flows.return_due[-1], 0.0)
        return np.asarray(due <= _DUE)

    low, high = np.zeros(2 * n), np.ones(2 * n)
    while (short := ~covered(high)).any() and high.max() < _WIDEST:
        low, high = np.where(short, high, low), np.where(short, 2 * high, high)
    never = ~covered(high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = covered(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    found = np.where(never, np.nan, high)
    return BreakEven(found[:n], found[n:])
