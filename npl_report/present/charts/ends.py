"""Where the name of a line stands: at its end, clear of other names and, if it can be, of lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

Place = tuple[float, float]
"""Pixels from the left edge of a plot and from its top."""
_Box = tuple[float, float, float, float]

_GAP = 4.0
"""Pixels from the end of a line to its name."""
_WIDE, _HIGH = 31.0, 12.0
"""Width and height of a year."""
_AWAY = (0.0, -7.0, 7.0, -13.0, 13.0, -19.0, 19.0, -26.0, 26.0, -34.0, 34.0)
"""By how much it may be moved up or down."""
_FAR = 0.1
"""What a pixel away from the end weighs against covering a line."""


def beside(lines: Mapping[str, Sequence[Place]], high: float) -> dict[str, float]:
    """Name of a line → by how many pixels it is moved up or down; one that cannot stand clear of others is left out.

    ``lines`` are those of a plot of that height, each by its points; names that come later are placed first.
    """
    taken: list[_Box] = []
    found: dict[str, float] = {}
    for name, points in sorted(lines.items(), reverse=True):
        (x, y), others = points[-1], [line for other, line in lines.items() if other != name]
        choices = []
        for away in _AWAY:
            box = (x + _GAP, y + away - _HIGH / 2, x + _GAP + _WIDE, y + away + _HIGH / 2)
            if box[1] < 0 or box[3] > high or any(_meet(box, other) for other in taken):
                continue
            crossed = [line for line in others if _crosses(line, box)]
            choices.append((len(crossed) + abs(away) * _FAR / _HIGH, away, box))
        if choices:
            _, found[name], box = min(choices)
            taken.append(box)
    return found


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _crosses(line: Sequence[Place], box: _Box) -> bool:
    """Whether a piece of a line runs through a box."""
    left, top, right, bottom = box
    for (x, y), (x2, y2) in pairwise(line):
        if x2 < left or x > right:
            continue
        inside = [y + (y2 - y) * (min(max(at, x), x2) - x) / ((x2 - x) or 1.0) for at in (left, right)]
        if min(inside) < bottom and max(inside) > top:
            return True
    return False
