"""What the predicates of claims mean: numbers and names in, true or false out.

Figures are compared as they print, exactly, because the reader compares what is printed; quotients are of the stored
figures, because the quotient of rounded ones is another number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal

Relation = Literal["above", "below", "at least", "at most", "equal", "between", "about", "almost"]

NEAR = Fraction(1, 20)
"""How far from an amount, as a part of it, what is about as much may be."""
SHORT = Fraction(1, 10)
"""By what part of an amount at most that falls short of it which is almost as much."""


def related(relation: Relation, value: Fraction, *targets: Fraction) -> bool:
    """Whether a figure stands so to a target, for ``between`` to two, in whichever order; their ends belong to it.

    ``about``: not further off than a twentieth of the target. ``almost``: short of it, by a tenth of it at most; of a
    negative one that is less far below zero.
    """
    target = targets[0]
    size = abs(target)
    held = {
        "above": value > target,
        "below": value < target,
        "at least": value >= target,
        "at most": value <= target,
        "equal": value == target,
        "between": min(targets) <= value <= max(targets),
        "about": abs(value - target) <= size * NEAR,
        "almost": value * target > 0 and size * (1 - SHORT) <= abs(value) < size,
    }
    return held[relation]


def placed(figures: Mapping[str, Fraction], rank: int, *, top: bool) -> list[str]:
    """The rows of that place from the top or the bottom: those before which ``rank`` − 1 rows stand.

    Rows that print alike share a place, and the places behind it are left out; one row alone has none.
    """
    if len(figures) < 2:  # noqa: PLR2004 -- nothing to compare with
        return []
    sign = 1 if top else -1
    ahead = {row: [1 for other in figures.values() if sign * other > sign * value] for row, value in figures.items()}
    return [row for row, others in ahead.items() if len(others) == rank - 1]


def leads(figures: Mapping[str, Fraction], rows: Collection[str], rank: int, *, top: bool) -> bool:
    """Whether the named rows, no more and no fewer, have that place; where all rows print alike none is highest."""
    return len({*figures.values()}) > 1 and {*rows} == {*placed(figures, rank, top=top)}


def moves(figures: Sequence[Fraction], *, rising: bool, overall: bool = False) -> bool:
    """Whether the figures rise, or fall, at every step; ``overall``: from the first to the last."""
    if len(figures) < 2:  # noqa: PLR2004 -- no step
        return False
    steps = [(figures[0], figures[-1])] if overall else list(pairwise(figures))
    return all(after > before if rising else after < before for before, after in steps)


def changed(relation: Relation, before: Fraction, after: Fraction, factor: Fraction) -> bool:
    """Whether a figure has become so many times what it was: ``about`` a factor, ``above`` it (more than), ``almost``.

    What shrinks is measured by how many times less it has become: more than halved is below the half. Both figures
    are above zero, or both below.
    """
    if before * after <= 0:
        return False
    if factor < 1:
        return related(relation, before / after, 1 / factor)
    return related(relation, after / before, factor)


def broken(before: Fraction, after: Fraction, size: Fraction) -> bool:
    """Whether a figure is a step of that size, or a larger one, from the one before, up or down."""
    return abs(after - before) >= size


def quantified(relation: Relation, held: int, rows: int, *targets: Fraction, share: bool) -> bool:
    """Whether so many of the rows, or with ``share`` such a part of them, are as is claimed."""
    return rows > 0 and related(relation, Fraction(held, rows) if share else Fraction(held), *targets)
