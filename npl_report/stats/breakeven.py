"""The quantity formula: what a total recovery leaves to the last tranche; and what pays each tranche in full.

Source: METHODS, "Structure and yield". The study announces a formula and prints none; this one is ours. Of a recovery R
the fees leave N = (1 − k) R. The tranches ahead of the last are owed their face S and their interest I, the last its
face J and its fixed return C:

- N ≤ S + I: the last tranche receives nothing;
- N ≤ S + I + J + C: it receives N − (S + I);
- above: J + C + (1 − α)(N − (S + I + J + C)), α being the servicer's share of the rest.

I and C depend on when the money comes, and so on R itself: a larger recovery redeems the tranches sooner. The
break-even of a tranche is the least R of which N pays it and those ahead of it in full, for a fixed timing profile; the
waterfall itself says how much I and C then are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import Array, Terms, run

_DUE = 1e-10  # millions: what sums of floats may leave of a debt; published digits end where this moves them
_HALVINGS = 56  # from a bracket of some times the profile down to the last digits of a float
_WIDEST = 2.0**16  # times the profile; a deal that needs more has no break-even


def quantity(net: Array, ahead: Array, due: Array, reward_share: Array) -> Array:
    """What the last tranche receives of a net recovery N. ``ahead``: S + I; ``due``: J + C; millions."""
    above = net - ahead
    return np.clip(above, 0.0, due) + (1 - reward_share) * np.maximum(above - due, 0.0)


def break_even(profile: Profile, terms: Terms) -> dict[str, Array]:
    """The break-even of each tranche of n deals as a multiple of their profile, shape (n,).

    What the order pays before a tranche counts, even if it ranks behind: interest of the next one, say.

    It is NaN where no recovery up to 65,536 times the profile is enough, and for a tranche that a deal lacks.

    The waterfall is solved by bisection: what is paid for hardly ever falls when more is recovered. At its break-even
    the principal of a tranche and its interest, or the fixed return of the last, are paid in full, as are the fees and
    all tranches ahead. A reserve that is released redeems the first tranche at a stroke, and its interest ends: where
    its break-even lies there, the next begins with what that saves, and not with nothing. An event of default that is
    just avoided puts fees before principal and lets interest rise at a stroke; a recovery at which all is paid before
    and after, but not between, is the only exception to the sentence above.
    """
    n, many = len(terms), len(terms.ladder)
    all_ = np.tile(np.arange(n), many)
    times_many, rung = terms.take(all_), np.repeat(np.arange(many), n)
    collected, days = profile.collected[:, all_], profile.days[:, all_]

    def covered(times: Array) -> NDArray[np.bool_]:
        flows = run(collected * times, days, times_many)
        first, *others = ((flows.left(tranche)[-1], flows.accrued(tranche)[-1]) for tranche in terms.ladder)
        due = first[0] + first[1] + flows.fees_due[-1]
        for place, (left, accrued) in enumerate(others, 1):
            due = due + np.where(rung >= place, left + accrued, 0.0)
        return np.asarray(due <= _DUE)

    low, high = np.zeros(many * n), np.ones(many * n)
    while (short := ~covered(high)).any() and high.max() < _WIDEST:
        low, high = np.where(short, high, low), np.where(short, 2 * high, high)
    never = ~covered(high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = covered(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    found = np.where(never, np.nan, high).reshape(many, n)
    return dict(zip(terms.ladder, np.where(terms.face > 0, found, np.nan), strict=True))
