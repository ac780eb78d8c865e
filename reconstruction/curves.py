"""Cumulative curves of recoveries, and bending a list of amounts so that it meets given sums.

Shape: Weibull distribution function 1 - exp(-(age / scale) ** power); power below 1 decays from the start (unsecured),
above 1 is an S-curve (collateral sold after the courts have spoken).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

TOLERANCE = 1e-9  # CNY million
EARLY = 10.0  # months: the tilt bends only the curve before the one-year window


@dataclass(frozen=True)
class Curve:
    """Cumulative amount by age; `tilt` other than 1 moves the recoveries of the first months."""

    total: float
    power: float
    scale: float
    tilt: float = 1.0

    def share(self, age: float) -> float:
        """Share of the total collected by that age."""
        if age <= 0:
            return 0.0
        if age < EARLY and self.tilt != 1.0:
            edge = self._weibull(EARLY)
            return edge * (self._weibull(age) / edge) ** self.tilt
        return self._weibull(age)

    def at(self, age: float) -> float:
        """Amount collected by that age."""
        return self.total * self.share(age)

    def _weibull(self, age: float) -> float:
        return 1.0 - math.exp(-((age / self.scale) ** self.power))


def through(first: tuple[float, float], second: tuple[float, float], total: float, tilt: float = 1.0) -> Curve:
    """The Weibull curve of that total through two (age, amount) points; closed form."""
    (age_1, amount_1), (age_2, amount_2) = first, second
    y_1, y_2 = (math.log(-math.log(1.0 - amount / total)) for amount in (amount_1, amount_2))
    power = (y_2 - y_1) / math.log(age_2 / age_1)
    scale = age_2 * math.exp(-y_2 / power)
    return Curve(total, power, scale, tilt)


def bend(amounts: Sequence[float], conditions: Sequence[tuple[Sequence[float], float]]) -> list[float]:
    """Scale amounts until each weighted sum has its value.

    Conditions are (weights in [0, 1], value) with nested, growing weights; each step scales what lies between one
    condition and the one before it, so a curve is shifted segment by segment and keeps its own pattern inside them.
    """
    result = list(amounts)
    for _ in range(200):
        before, done = [0.0] * len(result), 0.0
        for weights, value in conditions:
            slice_ = [w - b for w, b in zip(weights, before, strict=True)]
            inside = sum(a * s for a, s in zip(result, slice_, strict=True))
            factor = (value - done) / inside
            result = [a * (1.0 + s * (factor - 1.0)) for a, s in zip(result, slice_, strict=True)]
            before, done = list(weights), value
        if all(
            abs(sum(a * w for a, w in zip(result, weights, strict=True)) - v) < TOLERANCE for weights, v in conditions
        ):
            break
    return result


def weights_to(day: date, periods: Sequence[tuple[date, date]]) -> list[float]:
    """Share of each period's days that lie on or before a day (both ends inclusive)."""
    return [max(0.0, min(1.0, ((day - start).days + 1) / ((end - start).days + 1))) for start, end in periods]


def solve(function: Callable[[float], float], low: float, high: float) -> float:
    """Root of a monotone function between two bounds, by bisection, rounded to 9 decimals."""
    at_low = function(low)
    if at_low * function(high) > 0:
        raise ValueError(f"no root between {low} and {high}: {at_low} and {function(high)}")
    for _ in range(60):
        middle = (low + high) / 2
        if function(middle) * at_low > 0:
            low = middle
        else:
            high = middle
    return round((low + high) / 2, 9)
