"""Name a deal and a purpose, get a random generator of its own.

Every draw is keyed by (seed, deal, purpose), never by order: adding deals, periods or purposes changes no other draw.
"""

import math
import random

SEED = 20200317


def generator(*key: object) -> random.Random:
    """Random generator that depends on nothing but the seed and the key."""
    return random.Random("|".join(str(part) for part in (SEED, *key)))  # noqa: S311  a simulation, no secret


def normal(*key: object, mean: float = 0.0, sd: float = 1.0, limit: float = 2.0) -> float:
    """One normal draw, cut at `limit` standard deviations and rounded to 6 decimals."""
    z = generator(*key).gauss(0.0, 1.0)
    return round(mean + sd * max(-limit, min(limit, z)), 6)


def lognormal(*key: object, sd: float) -> float:
    """One positive factor around 1 with log standard deviation `sd`."""
    return round(math.exp(normal(*key, sd=sd)), 6)


def uniform(*key: object, low: float, high: float) -> float:
    """One uniform draw, rounded to 6 decimals."""
    return round(generator(*key).uniform(low, high), 6)
