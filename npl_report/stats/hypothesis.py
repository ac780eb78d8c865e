"""What a test of a hypothesis found, whatever the test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HypothesisTest:
    """A statistic, its degrees of freedom and its p value.

    Degrees of freedom of an F statistic are those of the numerator, ``df_rest`` being the denominator's.
    """

    statistic: float
    df: int
    p: float
    df_rest: int | None = None
