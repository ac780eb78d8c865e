"""The wave "market": the deals issued from 2022 on, computed after all others, which it leaves as they are."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from . import attributes, claims, draws, forecasts, market, market_flows, study, tranches
from .forecasts import Row
from .market import Draft
from .market_flows import Face, Unit
from .plan import AssetClass, Deal
from .schedule import Schedule, age, schedule, working_day
from .waterfall import Payment, Terms, payments
from .wave import Wave

FOLLOWED_ON = date(2025, 7, 31)  # day of the published mean offset rate (ledger L175)
# A loan of the class, in loans of its asset type.
LOAN: dict[AssetClass, float] = {"micro_unsecured": 3.5, "micro_secured": 1.8, "vehicle": 0.125, "consumer": 0.8}
# A deal is wound up some payments after its subordinated tranche is repaid, and not before this age in months.
WIND_UP_AFTER, WIND_UP_AGE = (1, 3), 21
GONE = (25, 75)  # days from the last payment to the liquidation


@dataclass(frozen=True)
class _Computed:
    """One deal of the wave, with everything that the tables hold of it."""

    deal: Deal
    schedule: Schedule
    size: int
    pool: float
    expected: float
    columns: dict[str, float | None]
    forecast: tuple[Row, ...]
    parts: tuple[claims.Parts, ...]
    terms: Terms
    payments: list[Payment]


def market_wave(before: list[Wave]) -> Wave:
    """Compute the wave; the amounts and offset rates of the waves ``before`` count towards what is published."""
    drawn = market.drafts()
    schedules = {draft.deal.deal: schedule(draft.deal) for draft in drawn}
    sizes = market.sized(drawn, sum(sum(wave.size.values()) for wave in before))
    older = [draft for draft in drawn if draft.deal.year < market.LAST_YEAR]
    newest = [draft for draft in drawn if draft.deal.year == market.LAST_YEAR]
    computed = _computed(older, schedules, sizes, 0.0)
    others = _followed(before) + _followed([_wave(computed)])
    newest_unsecured = [draft for draft in newest if draft.deal.asset_type == "unsecured"]
    shift = market_flows.shift(newest_unsecured, schedules, FOLLOWED_ON, others)
    computed += _computed(newest, schedules, sizes, shift)
    return _wave(sorted(computed, key=lambda item: item.deal.deal))


def _followed(waves: list[Wave]) -> list[float]:
    """Offset rates of the unsecured deals that were not liquidated on the day, at their last collection date known."""
    offsets: list[float] = []
    for wave in waves:
        for deal in wave.deals:
            if deal.asset_type != "unsecured" or (deal.liquidated is not None and deal.liquidated <= FOLLOWED_ON):
                continue
            own = wave.schedules[deal.deal]
            known = sum(period.reported_on <= FOLLOWED_ON for period in own.periods)
            offset = market_flows.offset_at(wave.forecasts[deal.deal], own, wave.recovered(deal.deal)[:known])
            offsets += [] if offset is None else [offset]
    return offsets


def _computed(
    drawn: list[Draft], schedules: dict[str, Schedule], sizes: dict[str, int], shift: float
) -> list[_Computed]:
    units = {
        draft.deal.deal: market_flows.unit(
            draft, schedules[draft.deal.deal], shift if draft.deal.asset_type == "unsecured" else 0.0
        )
        for draft in drawn
    }
    terms = {draft.deal.deal: tranches.drawn(draft.deal, sizes[draft.deal.deal], 0.75) for draft in drawn}
    faces = market_flows.faces(drawn, schedules, units, terms)
    pools = {draft.deal.deal: _pool(draft, sizes[draft.deal.deal], faces[draft.deal.deal]) for draft in drawn}
    expected = {draft.deal.deal: pools[draft.deal.deal] * draft.rate for draft in drawn}
    columns = attributes.attributes([draft.deal for draft in drawn], pools, expected)
    result: list[_Computed] = []
    for draft in drawn:
        name = draft.deal.deal
        own = _loans(draft, columns[name])
        result.append(_one(draft, schedules[name], sizes[name], pools[name], units[name], faces[name], own))
    return result


def _pool(draft: Draft, size: int, face: Face) -> float:
    return round(size / face.cover / draft.rate, 4)


def _loans(draft: Draft, columns: dict[str, float | None]) -> dict[str, float | None]:
    """Loans and borrowers of the class, where its loans are of another size than those of its asset type."""
    size = LOAN.get(draft.deal.asset_class, 1.0)
    loans = max(1, round((columns["n_loans"] or 1) / size))
    borrowers = max(1, min(loans, round((columns["n_borrowers"] or 1) / size)))
    return columns | {"n_loans": loans, "n_borrowers": borrowers}


def _one(
    draft: Draft, own: Schedule, size: int, pool: float, unit: Unit, face: Face, columns: dict[str, float | None]
) -> _Computed:
    expected = size / face.cover
    rows = tuple(Row(row.start, row.end, round(row.amount * expected, 4)) for row in unit.forecast)
    recovered = tuple(round(amount * expected * face.less, 4) for amount in unit.recovered)
    terms = tranches.drawn(draft.deal, size, face.share)
    parts = claims.divided(draft, own, recovered, terms, pool, int(columns["n_loans"] or 1))
    deal = _ended(draft.deal, own, terms, parts)
    if deal.liquidated is not None:
        known = sum(period.end <= (deal.last_end or period.end) for period in own.periods)
        own = replace(own, periods=own.periods[:known])
        parts = claims.called(deal.deal, parts[:known], expected)
    paid = _paid(deal, own, terms, parts)
    return _Computed(deal, own, size, pool, forecasts.total(rows), columns, rows, parts, terms, paid)


def _paid(deal: Deal, own: Schedule, terms: Terms, parts: tuple[claims.Parts, ...]) -> list[Payment]:
    return payments(deal, own, tuple(part.collected for part in parts), terms)


def _ended(deal: Deal, own: Schedule, terms: Terms, parts: tuple[claims.Parts, ...]) -> Deal:
    """The deal with its last period and its liquidation, if the subordinated tranche was repaid early enough."""
    left = terms.subordinated
    repaid = {row.paid_on: row.principal for row in _paid(deal, own, terms, parts) if row.tranche == "subordinated"}
    low, high = WIND_UP_AFTER
    wait = round(draws.uniform(deal.deal, "wind up", low=low, high=high))
    for period in own.periods:
        left -= repaid.get(period.paid_on, 0.0)
        wait -= left <= 1e-6
        if wait < 0 and age(deal, period.end) >= WIND_UP_AGE:
            days = round(draws.uniform(deal.deal, "gone", low=GONE[0], high=GONE[1]))
            gone = working_day(period.paid_on + timedelta(days=days))
            return deal if gone > deal.updated_to else replace(deal, last_end=period.end, liquidated=gone)
    return deal


def _wave(computed: list[_Computed]) -> Wave:
    by_name = {item.deal.deal: item for item in computed}
    planned = [item.deal for item in computed]
    return Wave(
        planned,
        {name: item.schedule for name, item in by_name.items()},
        {name: item.size for name, item in by_name.items()},
        {name: item.pool for name, item in by_name.items()},
        {name: item.columns for name, item in by_name.items()},
        study.maturities(planned),
        {name: tuple(part.collected for part in item.parts) for name, item in by_name.items()},
        {name: item.forecast for name, item in by_name.items()},
        {name: item.terms for name, item in by_name.items()},
        {name: item.payments for name, item in by_name.items()},
        {name: item.parts for name, item in by_name.items()},
    )
