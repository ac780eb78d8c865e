"""Turn a plan row into collection periods with their report and payment dates.

The first period runs from the cut-off to the first period end after closing (it contains the 封包期); later ones follow
every `months` months. One trustee report a period: money is paid some weeks after the period, and the report is due a
few working days before the payment. What a published edition did not know stays unknown to it: a report that is due by
its as-of date and was drawn late came after the payment.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from . import draws
from .plan import AS_OF, ONE_YEAR, SECOND_RELEASE, WINDOWS, Deal

DAYS_PER_MONTH = 30
FRIDAY = 4
# Days from the period end to the payment, for deals whose published redemption age needs a certain day.
PAY_LAG = {"hecui-2019-3": 26, "guihang-2019-4": 33}


@dataclass(frozen=True)
class Period:
    """One collection period, both ends inclusive."""

    start: date
    end: date
    paid_on: date
    reported_on: date


@dataclass(frozen=True)
class Schedule:
    """Periods of a deal and the positions at which it is read on the as-of date."""

    periods: tuple[Period, ...]
    n_known: int
    at_window: int | None
    at_one_year: int | None


def age(deal: Deal, day: date) -> float:
    """Age in 30-day months since the cut-off."""
    return (day - deal.cutoff).days / DAYS_PER_MONTH


def add_months(day: date, months: int) -> date:
    """Same day some months later; a month end stays a month end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    is_month_end = (day + timedelta(days=1)).day == 1
    return date(year, month + 1, last if is_month_end else min(day.day, last))


def period_ends(first: date, months: int, until: date) -> list[date]:
    """Period ends from `first` every `months` months, up to and including `until`."""
    ends: list[date] = []
    while (end := add_months(first, months * len(ends))) <= until:
        ends.append(end)
    return ends


def _periods(deal: Deal) -> tuple[Period, ...]:
    base_lag = PAY_LAG.get(deal.deal) or round(draws.uniform(deal.deal, "lag", low=18, high=29))
    releases = (AS_OF, deal.first_updated_to, SECOND_RELEASE, deal.updated_to)
    days = [day for day in releases if day <= deal.updated_to]
    periods: list[Period] = []
    start = deal.cutoff
    for end in period_ends(deal.first_end, deal.months, deal.last_end or deal.updated_to):
        paid_on = working_day(
            end + timedelta(days=base_lag + round(draws.uniform(deal.deal, end, "lag", low=-1.4, high=1.4)))
        )
        due = _working_days_before(paid_on, round(draws.uniform(deal.deal, end, "due", low=2.6, high=7.4)))
        late = working_day(paid_on + timedelta(days=round(draws.uniform(deal.deal, end, "report", low=2, high=12))))
        reported_on = late if any(due <= day < late for day in days) else due
        if reported_on <= max(days):
            periods.append(Period(start, end, paid_on, reported_on))
        start = end + timedelta(days=1)
    return tuple(periods)


def working_day(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > FRIDAY else 0)


def _working_days_before(day: date, days: int) -> date:
    """Some working days (Monday to Friday) before a working day."""
    weeks, rest = divmod(days, FRIDAY + 1)
    return day - timedelta(days=7 * weeks + rest + (2 if rest > day.weekday() else 0))


def _last_in(deal: Deal, known: list[Period], low: float, high: float) -> int | None:
    inside = [i for i, period in enumerate(known) if low <= age(deal, period.end) <= high]
    return inside[-1] if inside else None


def schedule(deal: Deal) -> Schedule:
    """Periods of a deal; readings use only what was reported by the as-of date."""
    periods = _periods(deal)
    known = [period for period in periods if period.reported_on <= AS_OF]
    return Schedule(
        periods,
        len(known),
        _last_in(deal, known, *WINDOWS[deal.asset_type]),
        _last_in(deal, known, *ONE_YEAR),
    )
