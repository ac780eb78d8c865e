"""Later forecasts of deals issued from 2020 on: what an agency expects of the rest of a life, once a year.

Each is the offering forecast of the periods to come, by days, times what the recoveries so far were of their forecast,
drawn half-way back to one, and an error of the agency's own. Ours; the agencies are fictitious. None was made before
2022, so that older editions of a report know of none.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from . import draws
from .curves import weights_to
from .forecasts import Row
from .plan import Deal
from .schedule import working_day
from .wave import Wave

FIRST_ISSUE, FIRST_YEAR, LAST_YEAR = 2020, 2022, 2025
FOLLOWED = 0.62  # share of the deals that an agency follows
AGENCIES = ("agency-a", "agency-b")
MOST = 2  # forecasts of one deal
YOUNGEST = 150  # days from the issue to the first
LEFT = 0.03  # no forecast of less than this share of the expected recovery
BACK, ERROR = 0.5, 0.05


@dataclass(frozen=True)
class Vintage:
    """One later forecast."""

    name: str
    agency: str
    made_on: date
    rows: tuple[Row, ...]


def vintages(wave: Wave, deal: Deal) -> list[Vintage]:
    """The later forecasts of a deal, none for those that no agency follows."""
    if deal.year < FIRST_ISSUE or draws.uniform(deal.deal, "followed", low=0, high=1) >= FOLLOWED:
        return []
    agency = AGENCIES[int(draws.uniform(deal.deal, "agency", low=0, high=1.99))]
    found: list[Vintage] = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        made_on = working_day(
            date(year, 6, 20) + timedelta(days=round(draws.uniform(deal.deal, year, "made", low=0, high=40)))
        )
        rows = _rows(wave, deal, made_on)
        if rows and len(found) < MOST:
            found.append(Vintage(f"surveillance-{year}", agency, made_on, rows))
    return found


def _rows(wave: Wave, deal: Deal, made_on: date) -> tuple[Row, ...]:
    known = [period for period in wave.schedules[deal.deal].periods if period.reported_on <= made_on]
    over = deal.liquidated is not None and deal.liquidated <= made_on + timedelta(days=90)
    if not known or over or (made_on - deal.issue).days < YOUNGEST:
        return ()
    last, offered = known[-1].end, wave.forecasts[deal.deal]
    weights = weights_to(last, [(row.start, row.end) for row in offered])
    forecast = sum(row.amount * weight for row, weight in zip(offered, weights, strict=True))
    so_far = sum(wave.recovered(deal.deal)[: len(known)]) / forecast
    factor = (1 + BACK * (so_far - 1)) * draws.lognormal(deal.deal, made_on, "error", sd=ERROR)
    rows = tuple(
        Row(max(row.start, last + timedelta(days=1)), row.end, round(row.amount * (1 - weight) * factor, 4))
        for row, weight in zip(offered, weights, strict=True)
        if weight < 1
    )
    whole = sum(row.amount for row in offered)
    return rows if sum(row.amount for row in rows) >= LEFT * whole and rows[-1].end > made_on else ()
