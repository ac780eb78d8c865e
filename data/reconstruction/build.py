"""From plan and ledger to everything that the tables hold: sizes, cross-section, collections, forecasts, tranches."""

from dataclasses import dataclass

from . import crosssection, forecasts, paths, sizes, tranches
from .crosssection import Reading
from .plan import REPORT, Deal, deals
from .schedule import Schedule, schedule
from .waterfall import Payment, Terms


@dataclass(frozen=True)
class Wave:
    """Everything that is computed for one wave of deals, by deal."""

    deals: list[Deal]
    schedules: dict[str, Schedule]
    size: dict[str, int]
    readings: dict[str, Reading]
    paths: dict[str, paths.Path]
    forecasts: dict[str, tuple[forecasts.Row, ...]]
    terms: dict[str, Terms]
    payments: dict[str, list[Payment]]


def waves() -> list[Wave]:
    """All waves of deals; a later wave is one more entry, computed on its own."""
    return [reconstruct(deals(REPORT))]


def reconstruct(planned: list[Deal]) -> Wave:
    """Compute the deals of the published report, on which all its figures are solved."""
    schedules = {deal.deal: schedule(deal) for deal in planned}
    size = sizes.sizes(planned, schedules)
    readings = crosssection.readings(planned, schedules, size)
    collected = paths.paths(planned, schedules, readings)
    offered = forecasts.forecasts(planned, schedules, readings, collected, size)
    terms, paid = tranches.terms_and_payments(planned, schedules, collected, size)
    return Wave(planned, schedules, size, readings, collected, offered, terms, paid)
