"""Collections of every deal, period by period.

Each deal has a Weibull curve with a power of its own; the curves of one type and issue year share one multiplier of
the time scale, solved so that the mean one-year recovery of that group comes out. Lumps (lognormal factors, one a
period) are added, then the amounts are bent to meet the deal's one-year and window values again. One tilt of the
first months is solved for the published share of recoveries by six months (unsecured deals with a repaid senior
tranche).
"""

from dataclasses import dataclass

from . import draws
from .crosssection import Reading
from .curves import Curve, bend, solve
from .ledger import target
from .plan import AssetType, Deal
from .schedule import DAYS_PER_MONTH, Schedule, age

# Weibull power and time scale in months (mean, spread): shapes of the curves, ours.
POWER: dict[AssetType, tuple[float, float]] = {
    "corporate": (1.62, 0.20),
    "mortgage": (2.50, 0.24),
    "unsecured": (0.84, 0.05),
}
SCALE: dict[AssetType, tuple[float, float]] = {
    "corporate": (19.5, 0.08),
    "mortgage": (18.5, 0.07),
    "unsecured": (8.6, 0.06),
}
LUMPS: dict[AssetType, float] = {"corporate": 0.40, "mortgage": 0.26, "unsecured": 0.09}
MIDDLE: dict[AssetType, float] = {"corporate": 36.0, "mortgage": 27.0, "unsecured": 17.0}
# Mean one-year recovery by type and issue year: published ones by id, the others ours (mortgage must rise every year).
ONE_YEAR_ROWS = {
    ("mortgage", 2016): "L029",
    ("mortgage", 2019): "L030",
    ("unsecured", 2016): "L031",
    ("unsecured", 2017): "L032",
    ("unsecured", 2018): "L033",
    ("unsecured", 2019): "L034",
}
ONE_YEAR_OURS = {
    ("corporate", 2016): 0.1183,
    ("corporate", 2017): 0.0914,
    ("corporate", 2018): 0.1037,
    ("mortgage", 2017): 0.1782,
    ("mortgage", 2018): 0.1993,
}
HALF_YEAR_DAYS = 6 * DAYS_PER_MONTH


@dataclass(frozen=True)
class Path:
    """Collections by period, and the smooth curve behind them."""

    curve: Curve
    amounts: tuple[float, ...]


def paths(deals: list[Deal], schedules: dict[str, Schedule], readings: dict[str, Reading]) -> dict[str, Path]:
    """Collections of all deals."""
    stretch = _stretches(deals, schedules, readings)
    distributed = [deal for deal in deals if deal.asset_type == "unsecured" and deal.redeemed]

    def gap(tilt: float) -> float:
        early = [
            early_share(
                deal, schedules[deal.deal], _path(deal, schedules[deal.deal], readings[deal.deal], stretch, tilt)
            )
            for deal in distributed
        ]
        return sum(early) / len(early) - target("L038")

    tilt = solve(gap, 0.5, 1.6)
    return {
        deal.deal: _path(
            deal, schedules[deal.deal], readings[deal.deal], stretch, tilt if deal.asset_type == "unsecured" else 1.0
        )
        for deal in deals
    }


def early_share(deal: Deal, schedule: Schedule, path: Path) -> float:
    """Share of the recoveries known on the as-of date that came in by 180 days, linear in days between period ends."""
    known = path.amounts[: schedule.n_known]
    cumulative, day = 0.0, 0
    for period, amount in zip(schedule.periods, known, strict=False):
        end = (period.end - deal.cutoff).days
        if end >= HALF_YEAR_DAYS:
            return (cumulative + amount * (HALF_YEAR_DAYS - day) / (end - day)) / sum(known)
        cumulative, day = cumulative + amount, end
    return 1.0


def _window_age(deal: Deal, schedule: Schedule) -> float:
    if schedule.at_window is None:
        return MIDDLE[deal.asset_type]
    return age(deal, schedule.periods[schedule.at_window].end)


def _curve(deal: Deal, schedule: Schedule, reading: Reading, stretch: float, tilt: float = 1.0) -> Curve:
    power, spread = POWER[deal.asset_type]
    power += draws.normal(deal.deal, "power", sd=spread, limit=1.6)
    scale, spread = SCALE[deal.asset_type]
    scale *= draws.lognormal(deal.deal, "scale", sd=spread) * stretch
    shape = Curve(1.0, round(power, 6), round(scale, 6), tilt)
    return Curve(reading.actual / shape.share(_window_age(deal, schedule)), shape.power, shape.scale, tilt)


def _stretches(
    deals: list[Deal], schedules: dict[str, Schedule], readings: dict[str, Reading]
) -> dict[tuple[str, int], float]:
    """Multiplier of the time scale by type and issue year."""
    rows = {group: target(row) for group, row in ONE_YEAR_ROWS.items()} | ONE_YEAR_OURS
    result: dict[tuple[str, int], float] = {}
    for group, wanted in rows.items():
        members = [d for d in deals if (d.asset_type, d.year) == group and schedules[d.deal].at_one_year is not None]

        def gap(stretch: float, members: list[Deal] = members, wanted: float = wanted) -> float:
            rates = [
                _one_year(d, schedules[d.deal], readings[d.deal], stretch) / readings[d.deal].pool for d in members
            ]
            return sum(rates) / len(rates) - wanted

        result[group] = solve(gap, 0.2, 4.0)
    return result


def _one_year(deal: Deal, schedule: Schedule, reading: Reading, stretch: float) -> float:
    """Amount collected by the one-year reading, on the smooth curve."""
    if schedule.at_one_year is None:
        raise ValueError(f"{deal.deal}: no one-year reading")
    return _curve(deal, schedule, reading, stretch).at(age(deal, schedule.periods[schedule.at_one_year].end))


def _path(
    deal: Deal, schedule: Schedule, reading: Reading, stretches: dict[tuple[str, int], float], tilt: float
) -> Path:
    stretch = stretches[deal.asset_type, deal.year]
    curve = _curve(deal, schedule, reading, stretch, tilt)
    amounts: list[float] = []
    before = 0.0
    for period in schedule.periods:
        now = curve.at(age(deal, period.end))
        lump = draws.lognormal(deal.deal, period.end, "lump", sd=LUMPS[deal.asset_type])
        amounts.append((now - before) * lump)
        before = now
    conditions: list[tuple[list[float], float]] = []
    if schedule.at_one_year is not None:
        value = _one_year(deal, schedule, reading, stretch)
        conditions.append((_first(schedule.at_one_year, len(amounts)), value))
    if schedule.at_window is not None and schedule.at_window != schedule.at_one_year:
        conditions.append((_first(schedule.at_window, len(amounts)), reading.actual))
    if conditions:
        amounts = bend(amounts, conditions)
    return Path(curve, tuple(round(amount, 4) for amount in amounts))


def _first(index: int, length: int) -> list[float]:
    return [1.0 if i <= index else 0.0 for i in range(length)]
