"""Write the sample in euro: synthetic deals with senior, mezzanine and junior notes, collected half-yearly.

Run from the repository root:

    python -m reconstruction.euro            write the tables into samples/euro/data/
    python -m reconstruction.euro --out DIR  write another folder

Every number is invented: a constant of this module or a draw keyed by the deal and a purpose. Payments follow from the
collections by the waterfall that the tables use (``npl_report.stats.waterfall``). The result is the same on every run.
"""

import argparse
import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from npl_report.model import steps_of
from npl_report.stats.waterfall import Flows, Priority, Terms, run

from . import draws, output

OUT = Path(__file__).resolve().parents[1] / "samples" / "euro" / "data"
AS_OF = date(2025, 6, 30)
LADDER = ("senior", "mezzanine", "junior")
LAG = 31
"""Days from the end of a period to the payment date."""
DEALS_BY_YEAR = {2017: 4, 2018: 6, 2019: 6, 2020: 5, 2021: 5, 2022: 5, 2023: 5, 2024: 4}
ORDINARY = steps_of(LADDER)
DEFAULT = (
    *("taxes", "trust_fees", "senior_interest", "senior_principal", "servicing", "excess_fees", "reserve"),
    *("mezzanine_interest", "mezzanine_principal", "junior_principal", "junior_return", "residual"),
)
COUPONS = {2017: 0.012, 2018: 0.011, 2019: 0.009, 2020: 0.008, 2021: 0.008, 2022: 0.021, 2023: 0.041, 2024: 0.038}
"""Of the senior notes, by year of issue."""
LOCKED = (date(2020, 6, 30), date(2020, 12, 31))
"""Half-years in which courts were shut."""


@dataclass(frozen=True)
class Kind:
    """What deals of a class have in common; ranges of what is drawn, money in EUR million, ages in months.

    ``rate``: what the business plan expects of the pool. ``half_years``: of the plan. ``peak``: the half-year in which
    most is collected. ``turn``: what is collected in the end, over the plan, and how it scatters.
    """

    pool: tuple[float, float]
    rate: tuple[float, float]
    half_years: int
    peak: float
    turn: tuple[float, float]
    loan: float
    fees: tuple[float, float]
    secured: tuple[float, float]
    age: tuple[float, float]
    persons: bool


KINDS: Mapping[str, Kind] = {
    "residential": Kind(
        (180, 900), (0.36, 0.52), 16, 4.5, (0.93, 0.16), 0.11, (0.07, 0.1), (0.78, 0.99), (70, 130), persons=True
    ),
    "commercial": Kind(
        (220, 1400), (0.27, 0.42), 14, 4.0, (0.82, 0.22), 0.48, (0.08, 0.11), (0.52, 0.9), (60, 120), persons=False
    ),
    "unsecured": Kind(
        (120, 700), (0.09, 0.19), 12, 2.5, (1.02, 0.2), 0.011, (0.13, 0.18), (0.0, 0.08), (50, 140), persons=True
    ),
}


@dataclass(frozen=True)
class Period:
    """A collection period, with the days on which it is reported and paid out."""

    start: date
    end: date

    @property
    def reported_on(self) -> date:
        """Some days before the payment."""
        return self.end + timedelta(LAG - 6)

    @property
    def paid_on(self) -> date:
        """The payment date."""
        return self.end + timedelta(LAG)


@dataclass(frozen=True)
class Deal:
    """A deal: who sold the claims, of which class, when, and what is planned and collected by period."""

    key: str
    name: str
    originator: str
    kind: str
    cutoff: date
    issue: date
    closing: date
    pool: float
    periods: tuple[Period, ...]
    plan: tuple[float, ...]
    collected: tuple[float, ...]
    """Of the periods that had ended and been reported by the end of the sample."""

    @property
    def expected(self) -> float:
        """What the business plan expects in all."""
        return round(math.fsum(self.plan), 4)

    def draw(self, purpose: str, low: float, high: float) -> float:
        """A uniform draw of this deal."""
        return draws.uniform("euro", self.key, purpose, low=low, high=high)


def half_year_end(day: date) -> date:
    """The last day of the half-year that a day is in."""
    return date(day.year, 6, 30) if day.month <= 6 else date(day.year, 12, 31)


def deals(originators: Sequence[Mapping[str, str]]) -> Iterator[Deal]:
    """All deals by year, a class after the other."""
    number, issued = 0, dict.fromkeys((of["originator"] for of in originators), 0)
    for year, count in DEALS_BY_YEAR.items():
        for place in range(count):
            kind = tuple(KINDS)[number % len(KINDS)]
            seller = originators[int(draws.uniform("euro", number, "seller", low=0, high=len(originators)))]
            issued[seller["originator"]] += 1
            yield _deal(seller, kind, issued[seller["originator"]], year, place)
            number += 1


def _deal(seller: Mapping[str, str], kind: str, series: int, year: int, place: int) -> Deal:
    key, of = f"{seller['originator']}-{year}-{series}", KINDS[kind]

    def draw(purpose: str, low: float, high: float) -> float:
        return draws.uniform("euro", key, purpose, low=low, high=high)

    cutoff = date(year - 1, 12, 31) if place % 2 else date(year - 1, 9, 30)
    issue = cutoff + timedelta(int(draw("issue", 120, 260)))
    periods = [Period(cutoff, half_year_end(issue + timedelta(45)))]
    while len(periods) < of.half_years:
        start = periods[-1].end + timedelta(1)
        periods.append(Period(start, half_year_end(start)))
    pool = round(math.exp(draw("pool", math.log(of.pool[0]), math.log(of.pool[1]))), 1)
    plan = _plan(of, periods, pool * draw("rate", *of.rate))
    return Deal(
        key,
        f"{seller['short_en']} NPL {year}-{series}",
        seller["originator"],
        kind,
        cutoff,
        issue,
        issue + timedelta(int(draw("closing", 3, 9))),
        pool,
        tuple(periods),
        plan,
        _collected(key, of, periods, plan),
    )


def _plan(of: Kind, periods: Sequence[Period], total: float) -> tuple[float, ...]:
    """What the business plan expects by period: it rises to the peak and falls off behind it."""
    years = [((period.end - period.start).days + 1) / 182 for period in periods]
    ages = np.cumsum(years) - np.array(years) / 2
    weights = ages**0.7 * np.exp(-0.7 * ages / of.peak) * np.array(years)
    return tuple(round(float(total * weight / weights.sum()), 4) for weight in weights)


def _collected(key: str, of: Kind, periods: Sequence[Period], plan: Sequence[float]) -> tuple[float, ...]:
    """What is collected of the plan in the periods reported by the end of the sample."""
    mean, spread = of.turn
    turn = mean * draws.lognormal("euro", key, "turn", sd=spread)
    found = []
    for place, (period, amount) in enumerate(zip(periods, plan, strict=True)):
        if period.reported_on > AS_OF:
            break
        shut = 0.72 if period.end in LOCKED and of.half_years > KINDS["unsecured"].half_years else 1.0
        slow = (0.75, 0.9)[place] if place < 2 else 1.03
        noise = draws.lognormal("euro", key, "noise", place, sd=0.17)
        found.append(round(amount * turn * shut * slow * noise, 4))
    return tuple(found)


def attributes(deal: Deal) -> dict[str, output.Cell]:
    """The row of the deal in deals.csv."""
    of = KINDS[deal.kind]
    loans = max(40, round(deal.pool / (of.loan * deal.draw("loan", 0.7, 1.4))))
    rate = round(deal.draw("fees", *of.fees), 4)
    over = len(deal.collected) == len(deal.periods)
    return {
        "deal": deal.key,
        "name_it": deal.name,
        "name_en": deal.name,
        "originator": deal.originator,
        "asset_type": deal.kind,
        "cutoff_date": deal.cutoff,
        "issue_date": deal.issue,
        "closing_date": deal.closing,
        "pool_balance": deal.pool,
        "pool_principal": round(deal.pool * deal.draw("principal", 0.74, 0.93), 1),
        "n_loans": loans,
        "n_borrowers": round(loans * deal.draw("borrowers", 0.55, 0.95)),
        "wa_loan_age": round(deal.draw("age", *of.age), 1),
        "wa_overdue": round(deal.draw("overdue", 22, of.age[0] - 6), 1),
        "wa_borrower_age": round(deal.draw("borrower", 46, 58), 1) if of.persons else None,
        "wa_annual_income": round(deal.draw("income", 17, 31), 1) if of.persons else None,
        "secured_share": round(deal.draw("secured", *of.secured), 4),
        "largest_region_share": round(deal.draw("region", 0.16, 0.46), 4),
        "expected_recovery": deal.expected,
        "fee_rate": rate,
        "tax_rate": 0.002,
        "trust_fee_rate": round(deal.draw("spv", 0.008, 0.014), 4),
        "trust_fee_cap": 0.6,
        "liquidity_reserve": round(0.04 * faces(deal, rate)[0], 1),
        "sub_fixed_return": 0.08,
        "excess_reward_share": 0.2,
        "priority": "ladder",
        "ccr_trigger": (0.8, 0.9)[deal.kind == "residential"],
        "npv_ratio_trigger": 0.9,
        "liquidated_on": deal.periods[-1].paid_on if over else None,
    }


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


def collections(issued: Sequence[Deal], rows: Sequence[Mapping[str, output.Cell]]) -> Iterator[dict[str, output.Cell]]:
    """Rows of collections.csv: gross, in parts, and the costs of disposal; in some deals a value is restated later."""
    for deal, row in zip(issued, rows, strict=True):
        cost = 0.75 * (float(str(row["fee_rate"])) - 0.02)
        rate = deal.expected / deal.pool
        for place, (period, amount) in enumerate(zip(deal.periods, deal.collected, strict=False)):
            closed = round(min(amount / rate * 0.8, 0.9 * deal.pool / len(deal.periods)), 4)
            made = {
                "deal": deal.key,
                "period_start": period.start,
                "period_end": period.end,
                "reported_on": period.reported_on,
                "collected": amount,
                "recovered_in_disposal": round(amount - round(0.55 * amount, 4), 4),
                "recovered_closed": round(0.55 * amount, 4),
                "other_income": 0,
                "disposal_costs": round(cost * amount, 4),
                "n_closed": int(float(str(row["n_loans"])) * closed / deal.pool),
                "balance_closed": closed,
            }
            restated = place == 1 and deal.draw("restated", 0, 1) < 0.1
            later = period.reported_on + timedelta(182)
            if restated and later <= AS_OF:
                first = round(amount * 1.04, 4)
                yield made | {
                    "collected": first,
                    "recovered_closed": round(first - float(str(made["recovered_in_disposal"])), 4),
                }
                yield made | {"reported_on": later}
            else:
                yield made


def forecasts(issued: Sequence[Deal]) -> Iterator[dict[str, output.Cell]]:
    """Rows of forecasts.csv: the business plan, and every second year an update of what is left of it."""
    for deal in issued:
        yield from _forecast(deal, "offering", deal.issue, zip(deal.periods, deal.plan, strict=True))
        known = math.fsum(deal.collected)
        planned = math.fsum(deal.plan[: len(deal.collected)])
        for years in (2, 4, 6):
            made = date(deal.issue.year + years, 3, 31)
            rest = [
                (period, amount) for period, amount in zip(deal.periods, deal.plan, strict=True) if period.start > made
            ]
            if made <= AS_OF and rest and planned:
                turned = 1 + 0.6 * (known / planned - 1)
                yield from _forecast(deal, f"update-{made.year}", made, [(of, round(turned * x, 4)) for of, x in rest])


def _forecast(
    deal: Deal, vintage: str, made_on: date, rows: "zip[tuple[Period, float]] | list[tuple[Period, float]]"
) -> Iterator[dict[str, output.Cell]]:
    for period, amount in rows:
        yield {
            "deal": deal.key,
            "vintage": vintage,
            "agency": "servicer",
            "basis": "gross",
            "made_on": made_on,
            "period_start": period.start,
            "period_end": period.end,
            "amount": amount,
        }


def priorities() -> Iterator[dict[str, output.Cell]]:
    """Rows of priorities.csv."""
    for phase, steps in (("ordinary", ORDINARY), ("default", DEFAULT)):
        for position, step in enumerate(steps, 1):
            yield {"priority": "ladder", "phase": phase, "position": position, "step": step}


def write(out: Path) -> None:
    """Write the tables; who sells claims, and what the market is set beside, are tables already."""
    with (out / "originators.csv").open(encoding="utf-8", newline="") as file:
        issued = sorted(deals(list(csv.DictReader(file))), key=lambda deal: deal.key)
    rows = [attributes(deal) for deal in issued]
    of = terms(rows, issued)
    output.write(out / "deals.csv", rows)
    output.write(out / "tranches.csv", list(tranches(issued, of)))
    output.write(out / "collections.csv", list(collections(issued, rows)))
    output.write(out / "forecasts.csv", list(forecasts(issued)))
    output.write(out / "payments.csv", list(payments(issued, of)))
    output.write(out / "priorities.csv", list(priorities()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m reconstruction.euro", description="Synthetic sample in euro")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the tables (default: samples/euro/data/)")
    write(parser.parse_args().out)
