"""Turn size hints into issue sizes (whole CNY million) that add up to the published totals.

Raking (iterative proportional fitting) over type x included, year, bank and liquidated; then integers: round, and
remove the last units of difference by moving single millions between deals (a local search in whole numbers).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

from . import ledger
from .plan import AS_OF, TYPES, Deal
from .schedule import Schedule

# Which year is which is recalled (the report prints only the smallest and the largest); the rest is split between
# the others.
SMALLEST_YEAR, LARGEST_YEAR, SPLIT_YEARS, SPLIT = 2017, 2018, (2016, 2019), 0.521
TYPE_ROW = {"corporate": "L045", "mortgage": "L042", "unsecured": "L044"}
INCLUDED_SHARE_ROW = {"corporate": "L082", "mortgage": "L087", "unsecured": "L091"}
BANK_SHARE_ROW = {"ccb": "L059", "cmb": "L060"}


@dataclass(frozen=True)
class Total:
    """A group of deals (by position) and what their sizes add up to."""

    members: tuple[int, ...]
    total: int


def sizes(deals: list[Deal], schedules: dict[str, Schedule]) -> dict[str, int]:
    """Issue size of every deal in CNY million."""
    totals = _totals(deals, schedules)
    raked = rake([deal.size for deal in deals], totals)
    whole = repair([round(size) for size in raked], totals)
    return {deal.deal: size for deal, size in zip(deals, whole, strict=True)}


def _totals(deals: list[Deal], schedules: dict[str, Schedule]) -> list[Total]:
    def members(keep: Callable[[Deal], bool]) -> tuple[int, ...]:
        return tuple(i for i, deal in enumerate(deals) if keep(deal))

    market = ledger.target("L007")
    years = {SMALLEST_YEAR: ledger.target("L050"), LARGEST_YEAR: ledger.target("L051")}
    rest = market - sum(years.values())
    years[SPLIT_YEARS[0]] = round(rest * SPLIT)
    years[SPLIT_YEARS[1]] = rest - years[SPLIT_YEARS[0]]
    banks = {"icbc": ledger.target("L055")} | {
        bank: market * ledger.target(row) for bank, row in BANK_SHARE_ROW.items()
    }

    totals: list[Total] = []
    for kind in TYPES:
        of_type = ledger.target(TYPE_ROW[kind])
        included = round(of_type * ledger.target(INCLUDED_SHARE_ROW[kind]))
        inside = members(lambda d, kind=kind: d.asset_type == kind and schedules[d.deal].at_window is not None)
        outside = members(lambda d, kind=kind: d.asset_type == kind and schedules[d.deal].at_window is None)
        totals += [Total(inside, included), Total(outside, round(of_type) - included)]
    totals += [Total(members(lambda d, year=year: d.year == year), round(total)) for year, total in years.items()]
    totals += [Total(members(lambda d, bank=bank: d.originator == bank), round(total)) for bank, total in banks.items()]
    totals.append(
        Total(members(lambda d: d.liquidated is not None and d.liquidated <= AS_OF), round(ledger.target("L067")))
    )
    return totals


def rake(start: list[float], totals: list[Total]) -> list[float]:
    """Scale the values until each group has its total (iterative proportional fitting)."""
    values = list(start)
    for _ in range(400):
        for group in totals:
            factor = group.total / sum(values[i] for i in group.members)
            for i in group.members:
                values[i] *= factor
    return [round(value, 4) for value in values]


def repair(whole: list[int], totals: list[Total]) -> list[int]:
    """Move single millions between deals until every total holds; terminates because the error falls at each move."""
    groups = [[g for g, total in enumerate(totals) if i in total.members] for i in range(len(whole))]
    gaps = [total.total - sum(whole[i] for i in total.members) for total in totals]
    while any(gaps):
        change = _best_change(groups, gaps)
        for i, step in change:
            whole[i] += step
            for g in groups[i]:
                gaps[g] -= step
    return whole


def _best_change(groups: list[list[int]], gaps: list[int]) -> list[tuple[int, int]]:
    def cost(change: list[tuple[int, int]]) -> int:
        left = dict(enumerate(gaps))
        for i, step in change:
            for g in groups[i]:
                left[g] -= step
        return sum(value * value for value in left.values())

    kinds = {tuple(members): i for i, members in reversed(list(enumerate(groups)))}  # one deal per pattern of groups
    firsts = sorted(kinds.values())
    changes = [[(i, step)] for i in firsts for step in (1, -1)]
    changes += [[(i, 1), (j, -1)] for i, j in permutations(firsts, 2)]
    best = min(changes, key=cost)
    if cost(best) < cost([]):
        return best
    triples = [[(i, s), (j, -s), (k, s)] for i, j, k in permutations(firsts, 3) if i < k for s in (1, -1)]
    best = min(triples, key=cost)
    if cost(best) >= cost([]):
        raise ValueError(f"sizes: no move of up to three millions closes the gaps {gaps}")
    return best
