"""Give every deal its recovery rate, offset and pool balance at the observation window.

Included deals (those with a reading in their window) carry the published means, spreads and named values. Deals
without a reading get virtual values at the middle of the window from the same hints. All solutions are closed.

rates     group means by shifting the hints, the standard deviation (n - 1) by scaling the spread within the groups
offsets   fixed where published; the others of a group are scaled to the published mean
money     deviation = A * offset / (1 + offset), so the actual A = c * issue size * rho, where rho (recoveries at the
          window over issue size) is drawn by type and c is solved for each published mean deviation
pools     A / rate
"""

import math
from dataclasses import dataclass

from . import draws, ledger
from .ledger import count, target
from .plan import AssetType, Deal
from .schedule import Schedule

# Recoveries at the window over issue size: typical value and spread by type (ours).
RHO: dict[AssetType, tuple[float, float]] = {
    "corporate": (1.32, 0.07),
    "mortgage": (1.16, 0.06),
    "unsecured": (1.22, 0.05),
}
# Two deals repaid their senior tranche out of the first period: they need more recoveries for their size.
RHO_FACTOR = {"hecui-2019-3": 1.66, "guihang-2019-4": 1.40}
# "均在70%左右": about; the third decimal is ours, so that the two deals differ.
ABOUT = {"pab-mortgage-2017-1r": ("L015", -0.0043), "zhenjin-2017-1": ("L016", 0.0038)}
PUBLISHED_RATES = {"jianxin-2016-1": "L084", "hecui-2017-2": "L088", "jianxin-2018-3": "L092"}
PUBLISHED_OFFSETS = {
    "nongying-2016-1": "L114",
    "bocom-corporate-2016-1r": "L019",
    "pab-mortgage-2017-1r": "L021",
    "zhenjin-2017-1": "L020",
    "nongying-2018-1": "L117",
    "nongying-2018-2": "L116",
    "cib-unsecured-2018-1r": "L025",
    "abc-unsecured-2018-1r": "L026",
}
PUBLISHED_DEVIATIONS = {
    "nongying-2016-1": "L113",
    "bocom-corporate-2016-1r": "L115",
    "zhenjin-2017-1": "L118",
    "abc-unsecured-2018-1r": "L119",
}
THIRD_ABC = "abc-mortgage-2017-1r"
SPREAD_ROWS: dict[AssetType, tuple[str, str]] = {
    "corporate": ("L083", "L012"),
    "mortgage": ("L009", "L011"),
    "unsecured": ("L010", "L013"),
}
BANK_MEAN_ROWS = {"ccb": "L017", "cmb": "L112"}
OFFSET_ROWS = {
    ("corporate", True): "L097",
    ("corporate", False): "L101",
    ("mortgage", True): "L098",
    ("mortgage", False): "L102",
    ("unsecured", True): "L105",
    ("unsecured", False): "L106",
}
DEVIATION_ROWS = {
    ("corporate", True): "L095",
    ("corporate", False): "L099",
    ("mortgage", True): "L096",
    ("unsecured", True): "L103",
    ("unsecured", False): "L104",
}


@dataclass(frozen=True)
class Reading:
    """Values of one deal at its window; `virtual` ones are not read by any table."""

    rate: float
    offset: float
    actual: float
    pool: float
    virtual: bool

    @property
    def forecast(self) -> float:
        """Cumulative forecast at the window."""
        return self.actual / (1 + self.offset)


def readings(deals: list[Deal], schedules: dict[str, Schedule], size: dict[str, int]) -> dict[str, Reading]:
    """Readings of all deals."""
    inside = [deal for deal in deals if schedules[deal.deal].at_window is not None]
    outside = [deal for deal in deals if schedules[deal.deal].at_window is None]
    rate = _rates(inside) | {deal.deal: deal.rate or 0.0 for deal in outside}
    offset = _offsets(inside) | {deal.deal: deal.offset or 0.0 for deal in outside}
    actual = _actuals(inside, size, offset)
    pool = {name: round(value / rate[name], 4) for name, value in actual.items()}
    pool |= _other_pools(outside, size, rate, sum(pool.values()))
    virtual = {deal.deal for deal in outside}
    return {
        deal.deal: Reading(
            rate[deal.deal],
            offset[deal.deal],
            round(pool[deal.deal] * rate[deal.deal], 6),
            pool[deal.deal],
            deal.deal in virtual,
        )
        for deal in deals
    }


def _rates(inside: list[Deal]) -> dict[str, float]:
    rates: dict[str, float] = {}
    for kind, (mean_row, std_row) in SPREAD_ROWS.items():
        members = [deal for deal in inside if deal.asset_type == kind]
        rates |= _spread(members, kind, target(mean_row), target(std_row))
    return rates


def _spread(members: list[Deal], kind: AssetType, mean: float, std: float) -> dict[str, float]:
    """Base value of every deal (its group's mean) plus a common multiple of its distance from it."""
    fixed = {d.deal: target(PUBLISHED_RATES[d.deal]) for d in members if d.deal in PUBLISHED_RATES}
    fixed |= {d.deal: target(ABOUT[d.deal][0]) + ABOUT[d.deal][1] for d in members if d.deal in ABOUT}
    groups: dict[str, list[Deal]] = {}
    for deal in members:
        if deal.deal not in fixed:
            group = deal.originator if kind == "unsecured" and deal.originator in BANK_MEAN_ROWS else "rest"
            groups.setdefault(group, []).append(deal)
    left = mean * len(members) - sum(fixed.values())
    means: dict[str, float] = {}
    for bank in sorted(groups.keys() - {"rest"}):
        of_bank = [d for d in members if d.originator == bank]
        total = target(BANK_MEAN_ROWS[bank]) * len(of_bank) - sum(fixed.get(d.deal, 0.0) for d in of_bank)
        means[bank] = total / len(groups[bank])
        left -= total
    means["rest"] = left / len(groups["rest"])

    base, within = dict(fixed), dict.fromkeys(fixed, 0.0)
    for group, of_group in groups.items():
        hints = [deal.rate or 0.0 for deal in of_group]
        for deal, hint in zip(of_group, hints, strict=True):
            base[deal.deal] = means[group]
            within[deal.deal] = hint - sum(hints) / len(hints)
    between = sum((value - mean) ** 2 for value in base.values())
    cross = sum(within[name] * (base[name] - mean) for name in base)
    square = sum(value**2 for value in within.values())
    wanted = std**2 * (len(members) - 1)
    scale = (-cross + math.sqrt(cross**2 - square * (between - wanted))) / square
    return {name: round(base[name] + scale * within[name], 9) for name in base}


def _above(deal: Deal, fixed: dict[str, float]) -> bool:
    return fixed.get(deal.deal, deal.offset or 0.0) > 0


def _fixed_offsets(inside: list[Deal]) -> dict[str, float]:
    fixed = {d.deal: target(PUBLISHED_OFFSETS[d.deal]) for d in inside if d.deal in PUBLISHED_OFFSETS}
    of_abc = [d.deal for d in inside if d.originator == "abc" and d.asset_type == "mortgage"]
    fixed[THIRD_ABC] = target("L022") * len(of_abc) - sum(fixed[name] for name in of_abc if name != THIRD_ABC)
    return fixed


def _offsets(inside: list[Deal]) -> dict[str, float]:
    offsets = _fixed_offsets(inside)
    for (kind, above), row in OFFSET_ROWS.items():
        members = [d for d in inside if d.asset_type == kind and _above(d, _fixed_offsets(inside)) == above]
        free = [d for d in members if d.deal not in offsets]
        left = target(row) * len(members) - sum(offsets[d.deal] for d in members if d.deal in offsets)
        scale = left / sum(d.offset or 0.0 for d in free)
        offsets |= {d.deal: round((d.offset or 0.0) * scale, 9) for d in free}
    return offsets


def _actuals(inside: list[Deal], size: dict[str, int], offset: dict[str, float]) -> dict[str, float]:
    """Cumulative recoveries of the included deals, so that the mean deviations come out."""
    fixed = {d.deal: target(PUBLISHED_DEVIATIONS[d.deal]) for d in inside if d.deal in PUBLISHED_DEVIATIONS}
    actual = {name: value * (1 + offset[name]) / offset[name] for name, value in fixed.items()}
    icbc = [d for d in inside if d.asset_type == "unsecured" and d.originator == "icbc" and offset[d.deal] > 0]
    of_icbc = target("L024") * count("L023")
    groups = [(icbc, of_icbc)]
    for kind in SPREAD_ROWS:
        for above in (True, False):
            members = [d for d in inside if d.asset_type == kind and (offset[d.deal] > 0) == above]
            total = _deviations(kind, len(members), above=above) - sum(fixed.get(d.deal, 0.0) for d in members)
            if icbc[0] in members:
                total -= of_icbc
            groups.append(([d for d in members if d.deal not in fixed and d not in icbc], total))
    for members, total in groups:
        raw = {d.deal: size[d.deal] * _rho(d) for d in members}
        scale = total / sum(raw[name] * offset[name] / (1 + offset[name]) for name in raw)
        actual |= {name: value * scale for name, value in raw.items()}
    return {name: round(value, 6) for name, value in actual.items()}


def _deviations(kind: AssetType, members: int, *, above: bool) -> float:
    """Sum of the deviations of a group. Mortgage, below forecast: the printed figure is read as that sum, no mean."""
    row = DEVIATION_ROWS.get((kind, above))
    return target(row) * members if row else target("L100")


def _rho(deal: Deal) -> float:
    mean, spread = RHO[deal.asset_type]
    return mean * draws.lognormal(deal.deal, "rho", sd=spread) * RHO_FACTOR.get(deal.deal, 1.0)


def _other_pools(outside: list[Deal], size: dict[str, int], rate: dict[str, float], taken: float) -> dict[str, float]:
    """Pools of the deals without a reading: typical for the type, scaled to the published total of all pools."""
    raw = {d.deal: size[d.deal] * _rho(d) / rate[d.deal] for d in outside}
    scale = (ledger.target("L041") - taken) / sum(raw.values())
    pools = {name: round(value * scale, 4) for name, value in raw.items()}
    last = max(pools, key=lambda name: (pools[name], name))
    pools[last] = round(ledger.target("L041") - taken - sum(v for n, v in pools.items() if n != last), 4)
    return pools
