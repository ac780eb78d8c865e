"""Dots in rows that are moved off each other, up and down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from math import sqrt

from npl_report.present.charts.parts import Record

_STEP = 3.0
"""Pixels by which a dot that touches another is lifted or lowered."""
_DRAWN = 400.0
"""Width of the plot in pixels for which dots are moved."""
_AIR = 1.06
"""Diameters within which two dots touch."""


def lifted(deals: Iterable[Record], share: Callable[[Record], float], area: float, highest: float) -> list[Record]:
    """Deals with the pixels by which each is moved off those beside it, ``highest`` at most.

    ``share`` says where on the scale a deal lies, from 0 to 1; ``area``: of its dot. Where no place is free they
    overlap.
    """
    placed: dict[str, list[tuple[float, float]]] = {}
    reach = sqrt(area) * _AIR
    steps = [0.0, *(sign * _STEP * count for count, sign in product(range(1, int(highest / _STEP) + 1), (-1, 1)))]

    def free(at: float, step: float, others: list[tuple[float, float]]) -> float:
        """The distance to the nearest other, up to ``reach``."""
        return min(min(sqrt((at - x) * (at - x) + (step - y) * (step - y)), reach) for x, y in others)

    moved = []
    for deal in sorted(deals, key=lambda deal: (deal["at"], deal["deal"])):
        at = share(deal) * _DRAWN
        others = placed.setdefault(deal["row"], [])
        lift = max(steps, key=partial(free, at, others=others)) if others else 0.0
        others.append((at, lift))
        moved.append({**deal, "lift": lift})
    return moved
