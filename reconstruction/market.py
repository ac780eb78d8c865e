"""The deals issued after the study's: from a table by year and class to planned deals with sizes.

`market_deals.csv` says how many deals of which class were issued in a year, their typical size (CNY million), what
their offering expects to recover of the pool and by how much the recoveries differ from that (per cent);
`market_banks.csv` which bank issues how often in which class, and since when. Counts and amounts that are published
come from the ledger; the table must agree with them. Bank, dates and everything else of a deal are drawn by keyed
draws.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from . import draws
from .ledger import count, target
from .plan import HERE, MARKET, THIRD_RELEASE, TYPE_OF, AssetClass, Deal
from .schedule import add_months, working_day
from .sizes import Total, rake, repair

FIRST_YEAR, LAST_YEAR = 2022, 2025
COUNT_ROW = {2024: "L165", 2025: "L166"}
EARLY_ROW = "L169"  # deals of the last year issued by the end of July
EARLY_MONTHS = 7
# Share of the deals issued in each month: a busy end of the year (ours).
MONTHS = (3, 3, 6, 6, 8, 9, 8, 8, 9, 8, 13, 16)
LABELS: dict[AssetClass, tuple[str, str]] = {
    "cards": ("信用卡", "Cards"),
    "consumer": ("消费", "Consumer"),
    "micro_unsecured": ("小微信用", "Micro Unsecured"),
    "micro_secured": ("小微抵押", "Micro Secured"),
    "vehicle": ("汽车", "Vehicle"),
    "residential": ("住房", "Residential"),
    "corporate": ("对公", "Corporate"),
}
MICRO = ("micro_unsecured", "micro_secured")
SLOW_HALF_YEARLY = 0.4  # share of the secured and corporate deals that report every half-year; all others every quarter
SIZE_SPREAD, LEAST_SIZE = 0.42, 60.0


@dataclass(frozen=True)
class Draft:
    """A planned deal: its expected recovery as a share of the pool, and the offset of its recoveries before any shift.

    `quality` between -1 and 1: a good pool pays sooner and more.
    """

    deal: Deal
    rate: float
    offset: float
    quality: float


def drafts() -> list[Draft]:
    """All deals of the wave, sorted by id."""
    slots = [slot for row in _read("market_deals.csv") for slot in _slots(row)]
    early = _early(slots)
    named: dict[tuple[str, str, int], list[tuple[date, _Slot]]] = {}
    for slot in slots:
        named.setdefault((slot.bank["originator"], slot.kind, slot.year), []).append((_issue(slot, early), slot))
    result: list[Draft] = []
    for group in named.values():
        ordered = sorted(group, key=lambda item: (item[0], item[1].number))
        result += [_draft(slot, issue, place) for place, (issue, slot) in enumerate(ordered, 1)]
    return sorted(result, key=lambda draft: draft.deal.deal)


def sized(drawn: list[Draft], before: int) -> dict[str, int]:
    """Issue sizes in whole CNY million; with the CNY million issued `before`, the published amounts come out."""
    last, whole = round(target("L167")), round(target("L168"))
    early = round(target("L170"))
    of_class = {name: round(target(row) * last) for name, row in (("residential", "L176"), ("micro", "L177"))}
    of_class["other"] = last - sum(of_class.values())
    totals = [Total(_members(drawn, lambda d: d.year < LAST_YEAR), whole - last - before)]
    for name, total in of_class.items():
        totals.append(Total(_members(drawn, lambda d, n=name: d.year == LAST_YEAR and _group(d) == n), total))
    totals.append(Total(_members(drawn, _is_early), early))
    totals.append(Total(_members(drawn, lambda d: d.year == LAST_YEAR and not _is_early(d)), last - early))
    raked = rake([draft.deal.size for draft in drawn], totals)
    sizes = repair([round(size) for size in raked], totals)
    return {draft.deal.deal: size for draft, size in zip(drawn, sizes, strict=True)}


@dataclass(frozen=True)
class _Slot:
    """One deal to be issued: its row of the table, its number in it, and its bank."""

    row: dict[str, str]
    number: int
    bank: dict[str, str]

    @property
    def year(self) -> int:
        return int(self.row["year"])

    @property
    def kind(self) -> AssetClass:
        return self.row["asset_class"]  # pyright: ignore[reportReturnType]

    @property
    def key(self) -> tuple[str, int, str, int]:
        return (MARKET, self.year, self.kind, self.number)


def _read(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _slots(row: dict[str, str]) -> list[_Slot]:
    year, kind = int(row["year"]), row["asset_class"]
    banks = [bank for bank in _read("market_banks.csv") if int(bank["since"]) <= year and bank[kind] != "0"]
    weights = [float(bank[kind]) for bank in banks]
    slots: list[_Slot] = []
    for number in range(int(row["deals"])):
        drawn = draws.uniform(MARKET, year, kind, number, "bank", low=0, high=sum(weights))
        slots.append(_Slot(row, number, banks[_place(drawn, weights)]))
    return slots


def _place(value: float, weights: list[float]) -> int:
    """The position whose share of the sum of the weights a value falls into."""
    for i, weight in enumerate(weights):
        value -= weight
        if value < 0:
            return i
    return len(weights) - 1


def _early(slots: list[_Slot]) -> set[tuple[str, int, str, int]]:
    """Keys of the deals of the last year that are issued by the end of July, as many as published."""
    counts = {year: sum(slot.year == year for slot in slots) for year in COUNT_ROW}
    if counts != {year: count(row) for year, row in COUNT_ROW.items()}:
        raise ValueError(f"market_deals.csv plans {counts}, other numbers than are published")
    last = [slot.key for slot in slots if slot.year == LAST_YEAR]
    return set(sorted(last, key=lambda key: draws.uniform(*key, "early", low=0, high=1))[: count(EARLY_ROW)])


def _issue(slot: _Slot, early: set[tuple[str, int, str, int]]) -> date:
    first = 0
    weights = list(map(float, MONTHS))
    if slot.year == LAST_YEAR:
        first = 0 if slot.key in early else EARLY_MONTHS
        weights = weights[:EARLY_MONTHS] if slot.key in early else weights[EARLY_MONTHS:]
    month = first + 1 + _place(draws.uniform(*slot.key, "month", low=0, high=sum(weights)), weights)
    return working_day(date(slot.year, month, 3 + int(draws.uniform(*slot.key, "day", low=0, high=20))))


def _draft(slot: _Slot, issue: date, place: int) -> Draft:
    kind, bank = slot.kind, slot.bank
    zh, en = LABELS[kind]
    slow = TYPE_OF[kind] != "unsecured"
    lag = round(draws.uniform(*slot.key, "lag", low=2.5, high=5.4) if slow else 2 + (place + slot.number) % 2)
    month = issue.replace(day=1) - timedelta(days=1)  # the last month end before the issue
    cutoff = add_months(month, 1 - lag)
    closing = working_day(issue + timedelta(days=round(draws.uniform(*slot.key, "closing", low=2, high=6))))
    half_yearly = slow and draws.uniform(*slot.key, "months", low=0, high=1) < SLOW_HALF_YEARLY
    first = add_months(month, 1 + round(draws.uniform(*slot.key, "first end", low=-0.4, high=2.4 if slow else 1.4)))
    quality = draws.uniform(*slot.key, "quality", low=-1, high=1)
    size = float(slot.row["size"]) * draws.lognormal(*slot.key, "size", sd=SIZE_SPREAD)
    deal = Deal(
        deal=f"{bank['originator']}-{kind.replace('_', '-')}-{slot.year}-{place}r",
        wave=MARKET,
        name_zh=f"{bank['label_zh']}{zh}{slot.year}-{place}R",
        name_en=f"{bank['label_en']} {en} {slot.year}-{place}R",
        originator=bank["originator"],
        asset_type=TYPE_OF[kind],
        asset_class=kind,
        sample="reconstructed",
        cutoff=cutoff,
        issue=issue,
        closing=closing,
        months=6 if half_yearly else 3,
        first_end=first if first > closing + timedelta(days=4) else add_months(first, 1),
        last_end=None,
        liquidated=None,
        first_updated_to=THIRD_RELEASE,
        updated_to=THIRD_RELEASE,
        redeemed=False,
        size=max(LEAST_SIZE, size),
        rate=None,
        offset=None,
        offset_1y=0.0,
    )
    spread = 0.2 if TYPE_OF[kind] == "unsecured" else 0.13
    rate = float(slot.row["rate"]) / 100 * draws.lognormal(*slot.key, "rate", sd=spread)
    noise = draws.normal(*slot.key, "offset", sd=0.045)
    return Draft(deal, rate, round(float(slot.row["offset"]) / 100 + 0.1 * quality + noise, 6), quality)


def _group(deal: Deal) -> str:
    return "micro" if deal.asset_class in MICRO else "residential" if deal.asset_class == "residential" else "other"


def _is_early(deal: Deal) -> bool:
    return deal.year == LAST_YEAR and deal.issue.month <= EARLY_MONTHS


def _members(drawn: list[Draft], keep: Callable[[Deal], bool]) -> tuple[int, ...]:
    return tuple(i for i, draft in enumerate(drawn) if keep(draft.deal))
