"""Offering forecasts: a curve through the forecast values that the offsets imply, cut into periods over the whole life.

Forecast at a reading = actual / (1 + offset). The one-year offsets are hints, scaled where the report prints the
group's mean (deals above forecast). A deal's curve goes through its one-year and its window value; its total is
drawn. For a third of the deals the periods do not end on collection dates; amounts are bent with the pro-rata-by-days
weights, so that the split forecast meets both values. One tilt of the first months is solved for the published
forecast share by 180 days.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from . import draws
from .crosssection import Reading
from .curves import Curve, bend, solve, through, weights_to
from .ledger import target
from .paths import HALF_YEAR_DAYS, MIDDLE, Path
from .plan import AssetType, Deal
from .schedule import Schedule, add_months, age, period_ends

# Expected whole-life recovery over the forecast at the window (mean, log spread of the excess over 1), and life in
# months (shortest, longest).
TAIL: dict[AssetType, tuple[float, float]] = {
    "corporate": (1.22, 0.15),
    "mortgage": (1.34, 0.15),
    "unsecured": (1.17, 0.06),
}
LIFE: dict[AssetType, tuple[int, int]] = {"corporate": (57, 66), "mortgage": (44, 56), "unsecured": (30, 42)}
WOBBLE: dict[AssetType, float] = {"corporate": 0.07, "mortgage": 0.06, "unsecured": 0.03}
# An offering expects to recover more than it issues: least total over the issue size (range); and never more than
# most of the pool.
COVER: dict[AssetType, tuple[float, float]] = {
    "corporate": (1.12, 1.22),
    "mortgage": (1.10, 1.20),
    "unsecured": (1.08, 1.15),
}
MOST_OF_POOL, LEAST_TAIL = 0.86, 1.13
MISMATCHED_SHARE = 0.34
OFFSET_ROWS = {
    ("mortgage", 2019): "L035",
    ("unsecured", 2017): "L121",
    ("unsecured", 2018): "L122",
    ("unsecured", 2019): "L123",
    ("corporate", 2017): "L124",
}


@dataclass(frozen=True)
class Row:
    """One forecast period, both ends inclusive."""

    start: date
    end: date
    amount: float


def forecasts(
    deals: list[Deal],
    schedules: dict[str, Schedule],
    readings: dict[str, Reading],
    paths: dict[str, Path],
    size: dict[str, int],
) -> dict[str, tuple[Row, ...]]:
    """Offering forecast of every deal."""
    offsets = one_year_offsets(deals, schedules)
    distributed = [deal for deal in deals if deal.asset_type == "unsecured" and deal.redeemed]

    def rows(deal: Deal, tilt: float) -> tuple[Row, ...]:
        name = deal.deal
        return _rows(deal, schedules[name], readings[name], paths[name], size[name], offsets[name], tilt)

    def gap(tilt: float) -> float:
        early = [_early_share(deal, schedules[deal.deal], rows(deal, tilt)) for deal in distributed]
        return sum(early) / len(early) - target("L133")

    tilt = solve(gap, 0.5, 1.8)
    return {deal.deal: rows(deal, tilt if deal.asset_type == "unsecured" else 1.0) for deal in deals}


def one_year_offsets(deals: list[Deal], schedules: dict[str, Schedule]) -> dict[str, float]:
    """Offset at one year of every deal; positive hints are scaled to the published mean of their type and year."""
    offsets = {deal.deal: deal.offset_1y for deal in deals}
    for group, row in OFFSET_ROWS.items():
        of_group = [d for d in deals if (d.asset_type, d.year) == group and d.offset_1y > 0]
        read = [d.offset_1y for d in of_group if schedules[d.deal].at_one_year is not None]
        scale = target(row) * len(read) / sum(read)
        offsets |= {d.deal: round(d.offset_1y * scale, 9) for d in of_group}
    return offsets


def total(rows: tuple[Row, ...]) -> float:
    """Expected recovery: the sum of all periods."""
    return round(sum(row.amount for row in rows), 4)


def amount_to(rows: tuple[Row, ...], day: date) -> float:
    """Forecast cumulated to a day, the straddling period split by days."""
    weights = weights_to(day, [(row.start, row.end) for row in rows])
    return sum(row.amount * weight for row, weight in zip(rows, weights, strict=True))


def _early_share(deal: Deal, schedule: Schedule, rows: tuple[Row, ...]) -> float:
    last = schedule.periods[schedule.n_known - 1].end
    return amount_to(rows, deal.cutoff + timedelta(days=HALF_YEAR_DAYS)) / amount_to(rows, last)


def _points(
    deal: Deal, schedule: Schedule, reading: Reading, path: Path, offset: float
) -> list[tuple[date, float, bool]]:
    """(day, forecast to that day, read by a table) at one year and at the window."""
    points: list[tuple[date, float, bool]] = []
    for index, months, value in (
        (schedule.at_one_year, 12.0, offset),
        (schedule.at_window, MIDDLE[deal.asset_type], reading.offset),
    ):
        if index is None:
            day = deal.cutoff + timedelta(days=round(months * 30))
            points.append((day, path.curve.at(age(deal, day)) / (1 + value), False))
        else:
            points.append((schedule.periods[index].end, sum(path.amounts[: index + 1]) / (1 + value), True))
    return points


def _rows(
    deal: Deal, schedule: Schedule, reading: Reading, path: Path, size: int, offset: float, tilt: float
) -> tuple[Row, ...]:
    points = _points(deal, schedule, reading, path, offset)
    periods = spans(deal, schedule)
    first, second = ((age(deal, day), amount) for day, amount, _ in points)
    expected, life = _expected(deal, second[1], size, reading.pool), age(deal, periods[-1][1])
    whole = expected
    if deal.asset_type != "unsecured":  # slow curves still run at the end of the forecast
        whole = solve(lambda value: through(first, second, value).at(life) - expected, expected, 3 * expected)
    curve = through(first, second, whole, tilt)
    amounts = increments(deal, curve, periods)
    conditions = [(weights_to(day, periods), value) for day, value, read in points if read]
    if conditions:
        amounts = bend(amounts, conditions)
    return tuple(Row(*span, round(amount, 4)) for span, amount in zip(periods, amounts, strict=True))


def _expected(deal: Deal, at_window: float, size: int, pool: float) -> float:
    """Expected recovery over the whole life."""
    tail, spread = TAIL[deal.asset_type]
    low, high = COVER[deal.asset_type]
    whole = at_window * (1 + (tail - 1) * draws.lognormal(deal.deal, "tail", sd=spread))
    whole = max(whole, size * draws.uniform(deal.deal, "cover", low=low, high=high))
    return max(min(whole, MOST_OF_POOL * pool), LEAST_TAIL * at_window)


def increments(deal: Deal, curve: Curve, periods: list[tuple[date, date]]) -> list[float]:
    """Amounts of the periods on a curve, each with a wobble of its own."""
    amounts: list[float] = []
    before = 0.0
    for _, end in periods:
        now = curve.at(age(deal, end))
        amounts.append((now - before) * draws.lognormal(deal.deal, end, "wobble", sd=WOBBLE[deal.asset_type]))
        before = now
    return amounts


def spans(deal: Deal, schedule: Schedule) -> list[tuple[date, date]]:
    """Forecast periods: the collection dates, or (a third of the deals) ends some days off them."""
    low, high = LIFE[deal.asset_type]
    life = math.ceil(draws.uniform(deal.deal, "life", low=low, high=high))
    until = add_months(deal.cutoff, life)
    if schedule.n_known:  # what is reported after the as-of date must not change a forecast
        until = max(until, add_months(schedule.periods[schedule.n_known - 1].end, 6))
    return cut(deal, until)


def cut(deal: Deal, until: date) -> list[tuple[date, date]]:
    """Forecast periods from the cut-off date to a day, of a third of the deals off the collection dates."""
    first, months = deal.first_end, max(deal.months, 3)
    if draws.uniform(deal.deal, "mismatch", low=0, high=1) < MISMATCHED_SHARE:
        first = (
            add_months(first, -1).replace(day=20)
            if deal.asset_type == "unsecured"
            else add_months(first, 1).replace(day=15)
        )
    ends = period_ends(first, months, until)
    starts = [deal.cutoff, *(end + timedelta(days=1) for end in ends[:-1])]
    return list(zip(starts, ends, strict=True))
