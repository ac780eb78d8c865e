"""From plan and ledger to everything that the tables hold: sizes, cross-section, collections, forecasts, tranches."""

from . import attributes, crosssection, forecasts, paths, sizes, study, tranches
from .market_wave import market_wave
from .plan import REPORT, STUDY, AssetType, Deal, deals
from .schedule import schedule
from .waterfall import payments
from .wave import Wave


def waves() -> list[Wave]:
    """All waves of deals; a later wave is computed after the earlier ones and leaves them as they are."""
    first = reconstruct(deals(REPORT))
    second = extend(deals(STUDY), first)
    return [first, second, market_wave([first, second])]


def reconstruct(planned: list[Deal]) -> Wave:
    """Compute the deals of the published report, on which all its figures are solved."""
    schedules = {deal.deal: schedule(deal) for deal in planned}
    size = sizes.sizes(planned, schedules)
    readings = crosssection.readings(planned, schedules, size)
    collected = paths.paths(planned, schedules, readings)
    offered = forecasts.forecasts(planned, schedules, readings, collected, size)
    terms, paid = tranches.terms_and_payments(planned, schedules, collected, size)
    pool = {name: reading.pool for name, reading in readings.items()}
    expected = {name: forecasts.total(rows) for name, rows in offered.items()}
    pools = attributes.attributes(planned, pool, expected)
    amounts = {name: path.amounts for name, path in collected.items()}
    return Wave(
        planned, schedules, size, pool, pools, attributes.maturities(planned, schedules), amounts, offered, terms, paid
    )


def extend(planned: list[Deal], before: Wave) -> Wave:
    """Compute the deals issued after the report, on which the study's findings are solved together with those
    ``before``."""
    schedules = {deal.deal: schedule(deal) for deal in planned}
    earlier: dict[AssetType, list[study.Observation]] = {"mortgage": [], "unsecured": []}
    for deal in before.deals:
        if deal.asset_type in earlier:  # corporate pools have no borrower age and income
            name, terms_ = deal.deal, before.terms[deal.deal]
            share = terms_.senior / (terms_.senior + terms_.subordinated)
            earlier[deal.asset_type].append(
                study.observation(
                    before.attributes[name], before.pool[name], share, forecasts.total(before.forecasts[name])
                )
            )
    pools = study.pools(planned, earlier, sum(before.pool.values()))
    offered = study.offered(planned, schedules, pools)
    amounts = study.collected(planned, schedules, pools)
    terms = {deal.deal: tranches.drawn(deal, pools[deal.deal].size, pools[deal.deal].senior_share) for deal in planned}
    paid = {deal.deal: payments(deal, schedules[deal.deal], amounts[deal.deal], terms[deal.deal]) for deal in planned}
    size = {name: pool.size for name, pool in pools.items()}
    columns = {name: pool.columns for name, pool in pools.items()}
    return Wave(
        planned,
        schedules,
        size,
        {name: pool.balance for name, pool in pools.items()},
        columns,
        study.maturities(planned),
        amounts,
        offered,
        terms,
        paid,
    )
