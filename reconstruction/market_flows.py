"""The flows of the deals issued from 2022 on, for an expected recovery of one: forecast, recoveries, senior face.

Forecast and recoveries follow Weibull curves of the class; a good pool pays sooner and more. What is solved: one shift
of the recoveries of the unsecured deals of the last issue year, so that their mean offset rate on a day in 2025 is the
published one; and the senior faces, so that as many seniors are redeemed, at the mean age, as is published. A deal
whose senior is not to be redeemed recovers less where its face would otherwise leave no room for that.
"""

import math
from dataclasses import dataclass
from datetime import date

from . import claims, draws
from .curves import Curve, weights_to
from .forecasts import Row, cut
from .ledger import count, target
from .market import Draft
from .paths import LUMPS
from .plan import AssetClass, Deal
from .schedule import Schedule, add_months, age
from .waterfall import YEAR, Terms

# Weibull power and time scale in months, and the life of the forecast in months (shortest, longest), by class.
CURVES: dict[AssetClass, tuple[float, float]] = {
    "cards": (0.76, 7.0),
    "consumer": (0.78, 7.6),
    "micro_unsecured": (0.84, 9.0),
    "micro_secured": (1.75, 22.0),
    "vehicle": (1.25, 14.0),
    "residential": (1.95, 24.0),
    "corporate": (1.60, 23.0),
}
LIFE: dict[AssetClass, tuple[float, float]] = {
    "cards": (30, 36),
    "consumer": (30, 36),
    "micro_unsecured": (32, 39),
    "micro_secured": (45, 57),
    "vehicle": (33, 42),
    "residential": (54, 66),
    "corporate": (48, 60),
}
FASTER = (0.34, 0.40)  # what quality adds to the speed of the forecast and of the recoveries (as a logarithm)
# Senior share of the issue, and issue over expected recovery: middle and what quality adds.
SENIOR, COVER = (0.75, -0.05), (0.775, -0.045)
LEAST_FACE = 0.34  # senior face over expected recovery
LEAST_SHARE, MOST_SHARE = 0.60, (0.82, 0.88)  # senior share of the issue: least, and most of a deal (range)
MOST_COVER = (0.82, 0.88)  # issue over expected recovery, most of a deal (range)
OUT_OF_REACH = 1.03  # the face of a senior that is not redeemed, over what its recoveries could have repaid
CLEAR = 0.22  # a senior face keeps this distance from what one payment more or less repays, in parts of that payment
MOST_STEPS = 2000  # of a senior to the payment before or after
REDEEMED_2023 = 52  # seniors of 2023 redeemed by the end of 2025 (ours; that of 2024 is published)


@dataclass(frozen=True)
class Unit:
    """A deal for an expected recovery of one: forecast and recoveries by period."""

    forecast: tuple[Row, ...]
    recovered: tuple[float, ...]

    def offset(self, schedule: Schedule, day: date) -> float | None:
        """Offset rate at the last collection date known on a day."""
        known = sum(period.reported_on <= day for period in schedule.periods)
        return offset_at(self.forecast, schedule, self.recovered[:known])


def offset_at(rows: tuple[Row, ...], schedule: Schedule, amounts: tuple[float, ...]) -> float | None:
    """Offset rate at the end of the period that the last amount is of; None without one."""
    if not amounts:
        return None
    weights = weights_to(schedule.periods[len(amounts) - 1].end, [(row.start, row.end) for row in rows])
    return sum(amounts) / sum(row.amount * weight for row, weight in zip(rows, weights, strict=True)) - 1


def unit(draft: Draft, schedule: Schedule, shift: float = 0.0) -> Unit:
    """Forecast and recoveries of a deal, the recoveries shifted by a part of the forecast curve."""
    deal = draft.deal
    low, high = LIFE[deal.asset_class]
    periods = cut(deal, add_months(deal.cutoff, round(draws.uniform(deal.deal, "life", low=low, high=high))))
    curve = _curve(draft, "forecast", FASTER[0])
    raw = [curve.at(age(deal, end)) - curve.at(age(deal, before)) for before, end in periods]
    rows = tuple(Row(*period, amount / sum(raw)) for period, amount in zip(periods, raw, strict=True))
    curve = _curve(draft, "actual", FASTER[1])
    total = (1 + draft.offset + shift) / curve.share(age(deal, periods[-1][1]))
    amounts: list[float] = []
    before = 0.0
    for period in schedule.periods:
        now = curve.share(age(deal, period.end))
        amounts.append(total * (now - before) * draws.lognormal(deal.deal, period.end, "lump", sd=_lumps(deal)))
        before = now
    return Unit(rows, tuple(amounts))


def _lumps(deal: Deal) -> float:
    return 0.6 * LUMPS[deal.asset_type]


def _curve(draft: Draft, purpose: str, faster: float) -> Curve:
    power, scale = CURVES[draft.deal.asset_class]
    name = draft.deal.deal
    return Curve(
        1.0,
        power + draws.normal(name, purpose, "power", sd=0.015 * power),
        scale * math.exp(-faster * draft.quality) * draws.lognormal(name, purpose, "scale", sd=0.02),
    )


def shift(drawn: list[Draft], schedules: dict[str, Schedule], day: date, others: list[float]) -> float:
    """What to add to the offsets of the unsecured deals of the last issue year.

    With it the mean offset rate of all followed deals on the day is the published one; `others` are the offset rates
    of those that are not shifted.
    """
    at_zero: list[float] = []
    slope = 0.0
    for draft in drawn:
        schedule = schedules[draft.deal.deal]
        base, more = (unit(draft, schedule, value).offset(schedule, day) for value in (0.0, 0.1))
        if base is not None and more is not None:
            at_zero.append(base)
            slope += (more - base) / 0.1
    wanted = target("L175") * (len(others) + len(at_zero)) - sum(others)
    return (wanted - sum(at_zero)) / slope


@dataclass(frozen=True)
class Face:
    """Senior share of the issue, issue over expected recovery, and what the recoveries are to be multiplied by."""

    share: float
    cover: float
    less: float


@dataclass
class _Open:
    """A deal whose senior face is to be chosen: what each payment repays at most, ages at the payments.

    `face` and `cover` are drawn; `index` is the payment that repays the senior, None: not one of those known; `less`
    is what the recoveries are to be multiplied by.
    """

    draft: Draft
    most: list[float]
    ages: list[float]
    face: float
    cover: float
    most_share: float
    most_cover: float
    index: int | None = None
    less: float = 1.0

    def bounded(self, index: int | None) -> float:
        """The face nearest to the drawn one that is repaid by just that payment, or by none."""
        if index is None:
            return max(self.face, self.less * OUT_OF_REACH * (self.most[-1] if self.most else 0.0))
        before = self.most[index - 1] if index else 0.0
        clear = CLEAR * (self.most[index] - before)
        return min(max(self.face, before + clear), self.most[index] - clear)

    def bent(self, index: int) -> float:
        """How far the face must be from the drawn one."""
        return abs(math.log(self.bounded(index) / self.face))


def faces(
    drawn: list[Draft], schedules: dict[str, Schedule], units: dict[str, Unit], terms: dict[str, Terms]
) -> dict[str, Face]:
    """Senior shares and covers of all deals."""
    wanted = {2023: (REDEEMED_2023, target("L172")), 2024: (count("L174"), target("L173"))}
    opened = [_opened(d, schedules[d.deal.deal], units[d.deal.deal], terms[d.deal.deal]) for d in drawn]
    for year, (number, mean) in wanted.items():
        if issued := [item for item in opened if item.draft.deal.year == year]:
            _redeem(issued, number, mean)
    return {item.draft.deal.deal: _face(item) for item in opened}


def _opened(draft: Draft, schedule: Schedule, own: Unit, terms: Terms) -> _Open:
    name, low = draft.deal.deal, SENIOR[0] + SENIOR[1] * draft.quality
    share = low + draws.normal(name, "senior", sd=0.02)
    cover = COVER[0] + COVER[1] * draft.quality + draws.normal(name, "cover", sd=0.018)
    most: list[float] = []
    ages: list[float] = []
    grown, repaid, last = 1.0, 0.0, draft.deal.closing
    for i, (period, amount) in enumerate(zip(schedule.periods, own.recovered, strict=True)):
        grown *= 1 + terms.coupon * (period.paid_on - last).days / YEAR
        repaid += amount * (1 + sum(claims.beside(name, i))) * (1 - terms.fee_rate) / grown
        last = period.paid_on
        most.append(repaid)
        ages.append(age(draft.deal, period.paid_on))
    low, high = MOST_SHARE
    most_share = max(share, draws.uniform(name, "most share", low=low, high=high))
    low, high = MOST_COVER
    most_cover = max(cover, draws.uniform(name, "most cover", low=low, high=high))
    opened = _Open(draft, most, ages, share * cover, cover, most_share, most_cover)
    opened.index = next((i for i, value in enumerate(most) if value >= opened.face), None)
    return opened


def _redeem(opened: list[_Open], number: int, mean: float) -> None:
    """Let just that many seniors be redeemed, the fastest ones, at that mean age; faces move as little as may be."""
    ranked = sorted(opened, key=lambda item: (_ease(item), item.draft.deal.deal))
    chosen = ranked[:number]
    for item in ranked[number:]:
        item.index = None
        room = item.most_share * item.most_cover
        item.less = min(1.0, room / (OUT_OF_REACH * item.most[-1])) if item.most else 1.0
    for item in chosen:
        item.index = len(item.most) - 1 if item.index is None else item.index
    for _ in range(MOST_STEPS):
        over = sum(item.ages[item.index or 0] for item in chosen) - mean * number
        if abs(over) <= 0.035 * number:
            return
        step = -1 if over > 0 else 1
        able = [item for item in chosen if _can(item, step)]
        if not able:
            raise ValueError(f"no senior can be redeemed at another payment: {over:.1f} months from {mean}")
        best = min(able, key=lambda item: (item.bent((item.index or 0) + step), item.draft.deal.deal))
        best.index = (best.index or 0) + step
    raise ValueError(f"after {MOST_STEPS} steps the mean age is not {mean}")


def _ease(item: _Open) -> float:
    return item.ages[item.index] if item.index is not None else 100 * item.face / (item.most or [0.01])[-1]


def _can(item: _Open, step: int) -> bool:
    index = (item.index or 0) + step
    return 0 <= index < len(item.most) and item.bounded(index) >= LEAST_FACE


def _face(item: _Open) -> Face:
    """The face as a share of the issue, whose cover moves where the share would leave its bounds."""
    face = item.bounded(item.index)
    share = min(max(face / item.cover, LEAST_SHARE), item.most_share)
    return Face(share, face / share, item.less)
