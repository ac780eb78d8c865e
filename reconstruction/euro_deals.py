"""The deals of the sample in euro: who sold which claims when, what is planned, and what is collected of it.

Every number is invented: a constant of this module or a draw keyed by the deal and a purpose.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from . import draws

AS_OF = date(2025, 6, 30)
LAG = 31
"""Days from the end of a period to the payment date."""
DEALS_BY_YEAR = {2017: 4, 2018: 6, 2019: 6, 2020: 5, 2021: 5, 2022: 5, 2023: 5, 2024: 4}
LOCKED = (date(2020, 6, 30), date(2020, 12, 31))
"""Half-years in which courts were shut."""


@dataclass(frozen=True)
class Kind:
    """What deals of a class have in common; ranges of what is drawn, money in EUR million, ages in months.

    ``rate``: what the business plan expects of the pool. ``half_years``: of the plan. ``peak``: the half-year in which
    most is collected. ``turn``: what is collected in the end, over the plan, and how it scatters.
    """

    pool: tuple[float, float]
    rate: tuple[float, float]
    half_years: int
    peak: float
    turn: tuple[float, float]
    loan: float
    fees: tuple[float, float]
    secured: tuple[float, float]
    age: tuple[float, float]
    persons: bool


KINDS: Mapping[str, Kind] = {
    "residential": Kind(
        (180, 900), (0.36, 0.51), 16, 4.5, (0.93, 0.16), 0.11, (0.07, 0.1), (0.78, 0.99), (70, 130), persons=True
    ),
    "commercial": Kind(
        (220, 1400), (0.27, 0.42), 14, 4.0, (0.82, 0.22), 0.48, (0.08, 0.11), (0.53, 0.9), (60, 120), persons=False
    ),
    "unsecured": Kind(
        (120, 700), (0.09, 0.19), 12, 2.5, (1.02, 0.2), 0.011, (0.13, 0.18), (0.0, 0.08), (50, 140), persons=True
    ),
}


@dataclass(frozen=True)
class Period:
    """A collection period, with the days on which it is reported and paid out."""

    start: date
    end: date

    @property
    def reported_on(self) -> date:
        """Some days before the payment."""
        return self.end + timedelta(LAG - 6)

    @property
    def paid_on(self) -> date:
        """The payment date."""
        return self.end + timedelta(LAG)


@dataclass(frozen=True)
class Deal:
    """A deal: who sold the claims, of which class, when, and what is planned and collected by period."""

    key: str
    name: str
    originator: str
    kind: str
    cutoff: date
    issue: date
    closing: date
    pool: float
    periods: tuple[Period, ...]
    plan: tuple[float, ...]
    collected: tuple[float, ...]
    """Of the periods that had ended and been reported by the end of the sample."""

    @property
    def expected(self) -> float:
        """What the business plan expects in all."""
        return round(math.fsum(self.plan), 4)

    def draw(self, purpose: str, low: float, high: float) -> float:
        """A uniform draw of this deal."""
        return draws.uniform("euro", self.key, purpose, low=low, high=high)


def half_year_end(day: date) -> date:
    """The last day of the half-year that a day is in."""
    return date(day.year, 6, 30) if day.month <= 6 else date(day.year, 12, 31)


def deals(originators: Sequence[Mapping[str, str]]) -> Iterator[Deal]:
    """All deals by year, a class after the other."""
    issued = dict.fromkeys((of["originator"] for of in originators), 0)
    for year, count in DEALS_BY_YEAR.items():
        for place in range(count):
            kind = tuple(KINDS)[(place + year) % len(KINDS)]
            seller = originators[int(draws.uniform("euro", year, place, "seller", low=0, high=len(originators)))]
            issued[seller["originator"]] += 1
            yield _deal(seller, kind, issued[seller["originator"]], year, place)


def _deal(seller: Mapping[str, str], kind: str, series: int, year: int, place: int) -> Deal:
    key, of = f"{seller['originator']}-{year}-{series}", KINDS[kind]

    def draw(purpose: str, low: float, high: float) -> float:
        return draws.uniform("euro", key, purpose, low=low, high=high)

    cutoff = date(year - 1, 12, 31) if place % 2 else date(year - 1, 9, 30)
    issue = cutoff + timedelta(int(draw("issue", 120, 260)))
    periods = [Period(cutoff, half_year_end(issue + timedelta(45)))]
    while len(periods) < of.half_years:
        start = periods[-1].end + timedelta(1)
        periods.append(Period(start, half_year_end(start)))
    pool = round(math.exp(draw("pool", math.log(of.pool[0]), math.log(of.pool[1]))), 1)
    plan = _plan(of, periods, pool * draw("rate", *of.rate))
    return Deal(
        key,
        f"{seller['short_en']} NPL {year}-{series}",
        seller["originator"],
        kind,
        cutoff,
        issue,
        issue + timedelta(int(draw("closing", 3, 9))),
        pool,
        tuple(periods),
        plan,
        _collected(key, of, periods, plan),
    )


def _plan(of: Kind, periods: Sequence[Period], total: float) -> tuple[float, ...]:
    """What the business plan expects by period: it rises to the peak and falls off behind it."""
    years = [((period.end - period.start).days + 1) / 182 for period in periods]
    ages = np.cumsum(years) - np.array(years) / 2
    weights = ages**0.7 * np.exp(-0.7 * ages / of.peak) * np.array(years)
    return tuple(round(float(total * weight / weights.sum()), 4) for weight in weights)


def _collected(key: str, of: Kind, periods: Sequence[Period], plan: Sequence[float]) -> tuple[float, ...]:
    """What is collected of the plan in the periods reported by the end of the sample."""
    mean, spread = of.turn
    turn = mean * draws.lognormal("euro", key, "turn", sd=spread)
    found = []
    for place, (period, amount) in enumerate(zip(periods, plan, strict=True)):
        if period.reported_on > AS_OF:
            break
        shut = 0.72 if period.end in LOCKED and of.half_years > KINDS["unsecured"].half_years else 1.0
        slow = (0.75, 0.9)[place] if place < 2 else 1.03
        noise = draws.lognormal("euro", key, "noise", place, sd=0.17)
        found.append(round(amount * turn * shut * slow * noise, 4))
    return tuple(found)
