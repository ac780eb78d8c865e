"""The notes of the sample in euro: faces, terms, and what the waterfall of the tables pays on them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from npl_report.model import steps_of
from npl_report.stats.waterfall import Flows, Priority, Terms, run

from . import output
from .euro_deals import Deal

LADDER = ("senior", "mezzanine", "junior")
ORDINARY = steps_of(LADDER)
DEFAULT = (
    *("taxes", "trust_fees", "senior_interest", "senior_principal", "servicing", "excess_fees", "reserve"),
    *("mezzanine_interest", "mezzanine_principal", "junior_principal", "junior_return", "residual"),
)
COUPONS = {2017: 0.012, 2018: 0.011, 2019: 0.009, 2020: 0.008, 2021: 0.008, 2022: 0.021, 2023: 0.041, 2024: 0.038}
"""Of the senior notes, by year of issue."""


def faces(deal: Deal, fee_rate: float) -> tuple[float, float, float]:
    """Of senior, mezzanine and junior notes: shares of what the plan expects net of fees."""
    net = deal.expected * (1 - fee_rate)
    senior = net * deal.draw("senior", 0.56, 0.66)
    return round(senior, 1), round(net * deal.draw("mezzanine", 0.09, 0.13), 1), round(net * 0.09, 1)


def terms(rows: Sequence[Mapping[str, output.Cell]], issued: Sequence[Deal]) -> Terms:
    """The terms of all deals as the waterfall takes them."""

    def column(name: str) -> np.ndarray:
        return np.array([float(str(row[name])) for row in rows])

    fees = column("fee_rate")
    return Terms(
        LADDER,
        np.array([faces(deal, fee) for deal, fee in zip(issued, fees, strict=True)]).T,
        np.array([[COUPONS[deal.issue.year], mezzanine_coupon(deal)] for deal in issued]).T,
        column("tax_rate"),
        column("trust_fee_rate"),
        column("trust_fee_cap"),
        fees - column("tax_rate") - column("trust_fee_rate"),
        column("liquidity_reserve"),
        column("sub_fixed_return"),
        column("excess_reward_share"),
        np.array([float((legal_maturity(deal) - deal.closing).days) for deal in issued]),
        np.zeros(len(issued), dtype=np.intp),
        (Priority(ORDINARY, DEFAULT),),
    )


def mezzanine_coupon(deal: Deal) -> float:
    """A year, on the mezzanine notes."""
    return round(deal.draw("coupon", 0.06, 0.095), 4)


def legal_maturity(deal: Deal) -> date:
    """Of all notes."""
    return date(deal.closing.year + 14, deal.closing.month, min(deal.closing.day, 28))


def paid(amounts: Sequence[Sequence[float]], issued: Sequence[Deal], of: Terms, *, final: bool) -> Flows:
    """The waterfall on amounts by deal and period."""
    longest = max(map(len, amounts))
    cash, days = np.zeros((longest, len(issued))), np.zeros((longest, len(issued)))
    for place, (deal, row) in enumerate(zip(issued, amounts, strict=True)):
        dated = [float((period.paid_on - deal.closing).days) for period in deal.periods[: len(row)]]
        cash[: len(row), place], days[: len(row), place] = row, dated
        days[len(row) :, place] = dated[-1] if dated else 0.0
    return run(cash, days, of, final=final)


def tranches(issued: Sequence[Deal], of: Terms) -> Iterator[dict[str, output.Cell]]:
    """Rows of tranches.csv; expected maturities are those of the business plan."""
    planned = paid([deal.plan for deal in issued], issued, of, final=True)
    for place, deal in enumerate(issued):
        for rung, tranche in enumerate(LADDER):
            open_ = planned.left(tranche)[: len(deal.periods), place] > 1e-6
            last = min(int(open_.sum()), len(deal.periods) - 1)
            yield {
                "deal": deal.key,
                "tranche": tranche,
                "face": float(of.face[rung, place]),
                "coupon": None if tranche == LADDER[-1] else float(of.coupon[rung, place]),
                "expected_maturity": deal.periods[last].paid_on,
                "legal_maturity": legal_maturity(deal),
            }


def payments(issued: Sequence[Deal], of: Terms) -> Iterator[dict[str, output.Cell]]:
    """Rows of payments.csv, of what has been collected by the end of the sample."""
    over = [len(deal.collected) == len(deal.periods) for deal in issued]
    flows = {final: paid([deal.collected for deal in issued], issued, of, final=final) for final in (True, False)}
    for place, deal in enumerate(issued):
        found = flows[over[place]]
        for tranche in LADDER:
            principal = _cents(np.cumsum(found.paid[f"{tranche}_principal"][:, place]))
            interest = _cents(np.cumsum(found.to(tranche)[:, place])) - principal
            for date_, period in enumerate(deal.periods[: len(deal.collected)]):
                repaid, earned = (np.diff(values, prepend=0.0)[date_] for values in (principal, interest))
                if repaid > 0 or earned > 0:
                    yield {
                        "deal": deal.key,
                        "tranche": tranche,
                        "paid_on": period.paid_on,
                        "reported_on": period.reported_on,
                        "principal": round(float(repaid), 4),
                        "interest": round(float(earned), 4),
                    }


def _cents(values: np.ndarray) -> np.ndarray:
    """Sums with four decimals, never more than there is."""
    return np.floor(values * 10_000 + 1e-6) / 10_000
