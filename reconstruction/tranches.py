"""Cut each issue into a senior and a subordinated tranche, so that the published repayments emerge from the cash flows.

Senior shares are drawn by type and kept below what the collections can repay by the as-of date where the plan says
the senior is redeemed, above it where not; each of these two groups is shifted to its published sum (senior
outstanding; senior face of all deals). The fees of the redeemed deals carry one factor, solved for the subordinated
principal repaid. Two fees take up what rounding leaves: one for the senior, one for the subordinated principal repaid.
"""

from collections.abc import Callable
from dataclasses import replace

from . import draws
from .curves import solve
from .ledger import target
from .paths import Path
from .plan import AssetType, Deal
from .schedule import Schedule
from .waterfall import Payment, Terms, paid_by, payments

SENIOR_SHARE: dict[AssetType, tuple[float, float]] = {
    "corporate": (0.73, 0.03),
    "mortgage": (0.76, 0.03),
    "unsecured": (0.74, 0.035),
}
FEES: dict[AssetType, tuple[float, float]] = {
    "corporate": (0.05, 0.08),
    "mortgage": (0.045, 0.075),
    "unsecured": (0.05, 0.09),
}
COUPON: dict[int, float] = {
    2016: 0.0375,
    2017: 0.0495,
    2018: 0.0480,
    2019: 0.0368,
    2020: 0.0352,
    2021: 0.0339,
    2022: 0.0281,
    2023: 0.0292,
    2024: 0.0227,
    2025: 0.0203,
}  # market level by issue year, recalled
LOW, HIGH = 0.60, 0.88
# Distance from the share that the collections could repay if all of the issue were senior: below it, above it.
SAFE_BELOW, SAFE_ABOVE = 0.025, 0.045
# Published: these two repaid their senior tranche at the first payment.
FIRST_PAYMENT = ("hecui-2019-3", "guihang-2019-4")
WITH_RESERVE = 0.5  # share of the deals that have a liquidity reserve
RESERVE_YEARS = 0.25  # liquidity reserve: senior interest for a quarter, for the deals that have one

REWARD_SHARES = (0.7, 0.8, 0.8, 0.8, 0.9)

Pay = Callable[[Deal, Terms], list[Payment]]


def terms_and_payments(
    deals: list[Deal], schedules: dict[str, Schedule], paths: dict[str, Path], size: dict[str, int]
) -> tuple[dict[str, Terms], dict[str, list[Payment]]]:
    """Terms and payments of all deals."""

    def pay(deal: Deal, terms: Terms) -> list[Payment]:
        return payments(deal, schedules[deal.deal], paths[deal.deal].amounts, terms)

    terms = _faces(deals, {deal.deal: _drawn(deal, size[deal.deal]) for deal in deals}, pay)
    terms |= _fees_of_redeemed([deal for deal in deals if deal.redeemed], terms, pay)
    terms |= _exact_fee(deals, terms, pay, "subordinated", target("L064"))
    terms |= _exact_fee(deals, terms, pay, "senior", target("L062"))
    return terms, {deal.deal: pay(deal, terms[deal.deal]) for deal in deals}


def _drawn(deal: Deal, size: int) -> Terms:
    mean, spread = SENIOR_SHARE[deal.asset_type]
    return drawn(deal, size, draws.normal(deal.deal, "senior", mean=mean, sd=spread))


def drawn(deal: Deal, size: int, senior_share: float) -> Terms:
    """Terms of a deal, its issue cut at a senior share."""
    spread = 0.0045 if deal.year < 2022 else 0.0026  # of the coupons of one year
    coupon = round(COUPON[deal.year] + draws.normal(deal.deal, "coupon", sd=spread), 4)
    low, high = FEES[deal.asset_type]
    terms = Terms(
        senior=size,
        subordinated=0,
        coupon=coupon,
        fee_rate=round(draws.uniform(deal.deal, "fee", low=low, high=high), 4),
        reserve=0.0,
        sub_return=round(draws.uniform(deal.deal, "return", low=0.08, high=0.119), 2),
        reward_share=REWARD_SHARES[int(draws.uniform(deal.deal, "reward", low=0, high=len(REWARD_SHARES) - 0.001))],
    )
    return _cut(deal, terms, senior_share)


def _cut(deal: Deal, terms: Terms, share: float) -> Terms:
    size = terms.senior + terms.subordinated
    senior = round(size * share)
    has_reserve = draws.uniform(deal.deal, "reserve", low=0, high=1) < WITH_RESERVE and deal.deal not in FIRST_PAYMENT
    reserve = round(senior * terms.coupon * RESERVE_YEARS, 1) if has_reserve else 0.0
    return replace(terms, senior=senior, subordinated=size - senior, reserve=reserve)


def _faces(deals: list[Deal], drawn: dict[str, Terms], pay: Pay) -> dict[str, Terms]:
    """Senior faces: outstanding senior of the unredeemed deals first, then the face of all deals."""
    senior_total = round(target("L062") / target("L063"))
    outstanding = round(senior_total - target("L062"))
    limits = {deal.deal: _repayable(deal, drawn[deal.deal], pay) for deal in deals}
    result = dict(drawn)

    def shifted(members: list[Deal], shift: float) -> dict[str, Terms]:
        return {d.deal: _cut(d, drawn[d.deal], _bounded(d, drawn[d.deal], limits[d.deal], shift)) for d in members}

    def left(terms: dict[str, Terms], members: list[Deal]) -> float:
        return sum(terms[d.deal].senior - paid_by(pay(d, terms[d.deal]), "senior") for d in members)

    others = [deal for deal in deals if not deal.redeemed]
    shift = solve(lambda s: left(shifted(others, s), others) - outstanding, -0.15, 0.15)
    result |= shifted(others, shift)
    unpaid = [deal for deal in others if not paid_by(pay(deal, result[deal.deal]), "senior")]
    result |= _add(result, unpaid, round(outstanding - left(result, others)))

    redeemed = [deal for deal in deals if deal.redeemed]
    wanted = senior_total - sum(result[d.deal].senior for d in others)
    shift = solve(lambda s: sum(t.senior for t in shifted(redeemed, s).values()) - wanted, -0.15, 0.15)
    result |= shifted(redeemed, shift)
    roomy = [d for d in redeemed if limits[d.deal] > result[d.deal].senior / _size(result[d.deal]) + 2 * SAFE_BELOW]
    return result | _add(result, roomy, round(wanted - sum(result[d.deal].senior for d in redeemed)))


def _size(terms: Terms) -> float:
    return terms.senior + terms.subordinated


def _repayable(deal: Deal, terms: Terms, pay: Pay) -> float:
    """Share of the issue that the collections repay by the as-of date if all of it were senior."""
    size = _size(terms)
    rows = pay(deal, replace(terms, senior=size, subordinated=0, reserve=0.0))
    return paid_by(rows[:1] if deal.deal in FIRST_PAYMENT else rows, "senior") / size


def _bounded(deal: Deal, terms: Terms, repayable: float, shift: float) -> float:
    share = terms.senior / _size(terms) + shift
    if deal.redeemed:
        return max(min(share, repayable - SAFE_BELOW, HIGH), LOW)
    return min(max(share, repayable + SAFE_ABOVE, LOW), HIGH)


def _add(terms: dict[str, Terms], members: list[Deal], amount: int) -> dict[str, Terms]:
    """Move a few millions between the tranches of the largest members."""
    ranked = sorted(members, key=lambda d: (-_size(terms[d.deal]), d.deal))
    result = {d.deal: terms[d.deal] for d in ranked}
    for i in range(abs(amount)):
        name = ranked[i % len(ranked)].deal
        step = 1 if amount > 0 else -1
        result[name] = replace(
            result[name], senior=result[name].senior + step, subordinated=result[name].subordinated - step
        )
    return result


def _fees_of_redeemed(redeemed: list[Deal], terms: dict[str, Terms], pay: Pay) -> dict[str, Terms]:
    def scaled(factor: float) -> dict[str, Terms]:
        return {d.deal: replace(terms[d.deal], fee_rate=round(terms[d.deal].fee_rate * factor, 4)) for d in redeemed}

    def gap(factor: float) -> float:
        now = scaled(factor)
        return sum(paid_by(pay(d, now[d.deal]), "subordinated") for d in redeemed) - target("L064")

    return scaled(solve(gap, 0.5, 1.6))


def _exact_fee(deals: list[Deal], terms: dict[str, Terms], pay: Pay, tranche: str, total: float) -> dict[str, Terms]:
    """The fee of one deal (most repaid, some outstanding) that makes the principal repaid of a tranche exact."""
    paid = {d.deal: paid_by(pay(d, terms[d.deal]), tranche) for d in deals}
    face = {name: t.senior if tranche == "senior" else t.subordinated for name, t in terms.items()}
    chosen = max((d for d in deals if paid[d.deal] < face[d.deal]), key=lambda d: (paid[d.deal], d.deal))
    wanted = total - sum(value for name, value in paid.items() if name != chosen.deal)

    def with_fee(fee: float) -> Terms:
        return replace(terms[chosen.deal], fee_rate=round(fee, 6))

    fee = solve(lambda value: paid_by(pay(chosen, with_fee(value)), tranche) - wanted, 0.03, 0.125)
    return {chosen.deal: with_fee(fee)}
