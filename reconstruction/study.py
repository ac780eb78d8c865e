"""The deals issued after the report: pools and expected recovery rates on which the study's findings hold together with
the earlier deals.

The study prints signs and significance, no values. What is ours: for each asset type the middle and the spread of every
variable (``MIDDLE``, ``SPREAD``), found by a search such that the correlations of all deals have the study's five
factors; and the effects of the six variables (``EFFECT``), of the study's signs. Every variable is drawn by keyed
uniform numbers, made uncorrelated inside its type. Expected rates follow from the effects; then the smallest correction
(least squares) is added that makes the regression over all deals, earlier ones included, return just these effects.
Nothing of the estimation program takes part.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from . import draws
from .attributes import TERM_ROW, TERM_SPREAD, legal_maturity
from .curves import Curve
from .forecasts import LIFE, Row, increments, spans
from .ledger import target
from .linear import dot, residual, solved, uncorrelated
from .paths import LUMPS, POWER, SCALE
from .plan import AssetType, Deal
from .schedule import DAYS_PER_MONTH, Schedule, age

# Middle and spread of the variables by type; amounts, counts and income as natural logarithms (CNY million, CNY
# thousand), ages and months as they are.
MIDDLE: dict[AssetType, dict[str, float]] = {
    "mortgage": {
        "log_pool": 7.4274,
        "log_loan": -2.7644,
        "loan_age": 52.81,
        "overdue": 10.54,
        "borrower_age": 41.72,
        "log_income": 4.7068,
        "senior": 0.84,
        "region": 0.2389,
    },
    "unsecured": {
        "log_pool": 7.7536,
        "log_loan": -2.2081,
        "loan_age": 22.4,
        "overdue": 10.18,
        "borrower_age": 37.45,
        "log_income": 4.8427,
        "senior": 0.6306,
        "region": 0.3095,
    },
}
SPREAD: dict[AssetType, dict[str, float]] = {
    "mortgage": {
        "log_pool": 0.8699,
        "log_loan": 1.3,
        "loan_age": 10.89,
        "overdue": 5.75,
        "borrower_age": 3.5,
        "log_income": 0.4268,
        "senior": 0.0443,
        "region": 0.16,
    },
    "unsecured": {
        "log_pool": 0.7765,
        "log_loan": 1.1495,
        "loan_age": 7.37,
        "overdue": 4.5,
        "borrower_age": 2.18,
        "log_income": 0.0997,
        "senior": 0.0443,
        "region": 0.16,
    },
}
# Effect of the six variables on the expected rate (a fraction), for one unit of each; signs: ledger L153 to L158.
EFFECT = {
    "log_pool": 0.02516,
    "log_loans": 0.0136,
    "log_income": 0.10806,
    "loan_age": -0.003,
    "borrower_age": -0.01022,
    "overdue": -0.00574,
}
# What else the expected rate of an average deal differs by from that of the earlier deals of its type.
SHIFT: dict[AssetType, float] = {"mortgage": -0.0341, "unsecured": 0.043}
# Share of loan age and months overdue, and of borrower age and income, that the two have in common (as a correlation
# with what is common).
TOGETHER = 0.991
LEAST_SECURED = 0.952  # secured share of mortgage pools
COVER, COVER_SLOPE = (
    0.05,
    0.0037,
)  # logarithm of expected recovery over issue size: least, and for one standard deviation of the pool's size
# Correlation of the senior share and of the largest region with the issue size inside a type.
LEAN = {"senior": -0.013, "region": -0.244}
BOUNDS = {"senior": (0.5, 0.93), "region": (0.05, 0.8)}
LEAST_RATE, MOST_RATE = 0.045, 0.87

SIX = ("log_pool", "log_loans", "log_income", "loan_age", "borrower_age", "overdue")
OTHERS = ("secured", "senior", "region")
LATENT = (
    "ageing",
    "age alone",
    "overdue alone",
    "borrower",
    "years alone",
    "income alone",
    "pool",
    "loan",
    "senior",
    "region",
    "principal",
    "secured",
    "borrowers",
)
# Key of all draws here. The series is chosen: the first of those numbered from 0 that keeps issues below CNY 5 billion
# and in which all findings are significant at 5 per cent.
# The six effects and the number of factors hold in nearly every series; the effect of the pool's size as a factor is
# weak, and passes in about a quarter of them.
SERIES = "study 24"
FARTHEST = 1.9  # standard deviations that a draw lies from its middle at most
Observation = dict[str, float]
"""Variables of one deal as the regression takes them, and its expected rate as `rate`."""


@dataclass(frozen=True)
class Pool:
    """One deal of the wave: money in CNY million, `expected` being the expected recovery.

    `columns` are those of deals.csv.
    """

    balance: float
    expected: float
    size: int
    senior_share: float
    columns: dict[str, float | None]


def observation(columns: dict[str, float | None], pool: float, senior_share: float, expected: float) -> Observation:
    """An earlier deal as the regression takes it."""

    def known(name: str) -> float:
        return float(columns[name] or 0.0)

    return {
        "log_pool": math.log(pool),
        "log_loans": math.log(known("n_loans")),
        "log_income": math.log(known("wa_annual_income")),
        "loan_age": known("wa_loan_age"),
        "borrower_age": known("wa_borrower_age"),
        "overdue": known("wa_overdue"),
        "secured": known("secured_share"),
        "senior": senior_share,
        "region": known("largest_region_share"),
        "rate": expected / pool,
    }


def pools(deals: list[Deal], earlier: dict[AssetType, list[Observation]], before: float) -> dict[str, Pool]:
    """Pools, expected rates and issue sizes of the wave.

    ``earlier`` are the retail deals of the waves before, whose pools add up to ``before`` with the corporate ones.

    All pools of the sample add up to what the study prints (about).
    """

    def drawn_at(shift: float) -> dict[str, Observation]:
        return {
            name: row
            for kind, known in earlier.items()
            for name, row in _drawn([d for d in deals if d.asset_type == kind], kind, known, shift).items()
        }

    wanted = target("L147") * 1000 - before
    drawn = drawn_at(math.log(wanted / sum(math.exp(row["log_pool"]) for row in drawn_at(0.0).values())))
    order = [deal.deal for deal in deals]
    rates = _solved_rates([drawn[name] for name in order], [row for known in earlier.values() for row in known])
    return {name: _pool(drawn[name], rate) for name, rate in zip(order, rates, strict=True)}


def _drawn(deals: list[Deal], kind: AssetType, earlier: list[Observation], shift: float) -> dict[str, Observation]:
    """Variables of the deals of one type.

    As `rate` the expected rate before the correction: that of an average earlier deal and the effects of what differs
    from it.
    """
    latent = dict(
        zip(
            LATENT,
            uncorrelated(
                [[draws.uniform(d.deal, SERIES, purpose, low=-1, high=1) for d in deals] for purpose in LATENT]
            ),
            strict=True,
        )
    )
    centre = {name: sum(row[name] for row in earlier) / len(earlier) for name in (*SIX, "rate")}
    own, common = math.sqrt(1 - TOGETHER**2), TOGETHER
    middle, spread = MIDDLE[kind], SPREAD[kind]
    rows: dict[str, Observation] = {}
    for i, deal in enumerate(deals):
        z = {name: column[i] for name, column in latent.items()}
        row = {
            "log_pool": shift + middle["log_pool"] + spread["log_pool"] * z["pool"],
            "log_loan": middle["log_loan"] + spread["log_loan"] * z["loan"],
            "loan_age": middle["loan_age"] + spread["loan_age"] * (common * z["ageing"] + own * z["age alone"]),
            "overdue": middle["overdue"] + spread["overdue"] * (common * z["ageing"] + own * z["overdue alone"]),
            "borrower_age": middle["borrower_age"]
            - spread["borrower_age"] * (common * z["borrower"] + own * z["years alone"]),
            "log_income": middle["log_income"]
            + spread["log_income"] * (common * z["borrower"] + own * z["income alone"]),
            "secured": 1.0 - (1.0 - LEAST_SECURED) * (1.0 - max(-1.0, min(1.0, z["secured"] / 1.7))) / 2
            if kind == "mortgage"
            else 0.0,
            "log_cover": COVER + COVER_SLOPE * (z["pool"] + FARTHEST),
            "principal": 0.85 * math.exp(0.05 * z["principal"]),
            "loans_per_borrower": math.exp(max(0.005, 0.065 + 0.03 * z["borrowers"])),
        }
        row["log_loans"] = row["log_pool"] - row["log_loan"]
        row["rate"] = centre["rate"] + SHIFT[kind] + sum(EFFECT[name] * (row[name] - centre[name]) for name in SIX)
        rows[deal.deal] = row | {"z_senior": z["senior"], "z_region": z["region"]}
    _structure(list(rows.values()), kind)
    return rows


def _structure(rows: list[Observation], kind: AssetType) -> None:
    """Senior share and share of the largest region, leaning on the issue size."""
    size = uncorrelated(
        [[math.log(max(LEAST_RATE, min(MOST_RATE, row["rate"]))) + row["log_pool"] - row["log_cover"] for row in rows]]
    )[0]
    for row, z in zip(rows, size, strict=True):
        for name, lean in LEAN.items():
            noise = math.sqrt(1 - lean**2) * row.pop(f"z_{name}")
            low, high = BOUNDS[name]
            row[name] = max(low, min(high, MIDDLE[kind][name] + SPREAD[kind][name] * (lean * z + noise)))


def _solved_rates(rows: list[Observation], earlier: list[Observation]) -> list[float]:
    """Expected rates with the smallest correction after which the regression over all deals returns ``EFFECT``."""
    every = [*earlier, *rows]
    others = [[1.0] * len(every), *([row[name] for row in every] for name in OTHERS)]
    own = [residual([row[name] for row in every], others) for name in SIX]
    left = residual([row["rate"] - sum(EFFECT[name] * row[name] for name in SIX) for row in every], others)
    new = [column[len(earlier) :] for column in own]
    weights = solved([[dot(a, b) for b in new] for a in new], [dot(column, left) for column in own])
    corrected = [
        row["rate"] - sum(w * column[i] for w, column in zip(weights, new, strict=True)) for i, row in enumerate(rows)
    ]
    return [max(LEAST_RATE, min(MOST_RATE, rate)) for rate in corrected]


def _pool(row: Observation, rate: float) -> Pool:
    balance = round(math.exp(row["log_pool"]), 4)
    n_loans = max(1, round(math.exp(row["log_loans"])))
    columns: dict[str, float | None] = {
        "pool_principal": round(balance * row["principal"], 4),
        "n_loans": n_loans,
        "n_borrowers": max(1, round(n_loans / row["loans_per_borrower"])),
        "wa_loan_age": round(row["loan_age"], 1),
        "wa_overdue": round(row["overdue"], 1),
        "wa_borrower_age": round(row["borrower_age"], 1),
        "wa_annual_income": round(math.exp(row["log_income"]), 1),
        "secured_share": round(row["secured"], 4),
        "largest_region_share": round(row["region"], 4),
    }
    return Pool(balance, rate * balance, round(rate * balance * math.exp(-row["log_cover"])), row["senior"], columns)


def offered(deals: list[Deal], schedules: dict[str, Schedule], wave: dict[str, Pool]) -> dict[str, tuple[Row, ...]]:
    """Offering forecasts: a Weibull curve cut into periods, which add up to the expected recovery."""
    result: dict[str, tuple[Row, ...]] = {}
    for deal in deals:
        periods = spans(deal, schedules[deal.deal])
        amounts = increments(deal, _curve(deal, "forecast"), periods)
        scale = wave[deal.deal].expected / sum(amounts)
        result[deal.deal] = tuple(
            Row(*period, round(amount * scale, 4)) for period, amount in zip(periods, amounts, strict=True)
        )
    return result


def collected(deals: list[Deal], schedules: dict[str, Schedule], wave: dict[str, Pool]) -> dict[str, tuple[float, ...]]:
    """Collections: a curve of the deal's own, of which all recoveries differ from the expected ones by the plan's
    offset; a lump a period."""
    result: dict[str, tuple[float, ...]] = {}
    for deal in deals:
        curve = _curve(deal, "actual")
        total = wave[deal.deal].expected * (1 + (deal.offset or 0.0)) / curve.share(sum(LIFE[deal.asset_type]) / 2)
        before, amounts = 0.0, []
        for period in schedules[deal.deal].periods:
            now = curve.share(age(deal, period.end))
            amounts.append(
                round(
                    total * (now - before) * draws.lognormal(deal.deal, period.end, "lump", sd=LUMPS[deal.asset_type]),
                    4,
                )
            )
            before = now
        result[deal.deal] = tuple(amounts)
    return result


def _curve(deal: Deal, purpose: str) -> Curve:
    power, spread = POWER[deal.asset_type]
    scale, scale_spread = SCALE[deal.asset_type]
    return Curve(
        1.0,
        power + draws.normal(deal.deal, purpose, "power", sd=spread / 2, limit=1.6),
        scale * draws.lognormal(deal.deal, purpose, "scale", sd=scale_spread),
    )


def maturities(deals: list[Deal]) -> dict[str, tuple[date, date]]:
    """Expected and legal maturity of the senior tranche: terms around those of the earlier deals."""
    result: dict[str, tuple[date, date]] = {}
    for deal in deals:
        term = target(TERM_ROW[deal.asset_type]) + draws.normal(deal.deal, "term", sd=TERM_SPREAD[deal.asset_type])
        expected = deal.cutoff + timedelta(days=round(term * DAYS_PER_MONTH))
        result[deal.deal] = (expected, legal_maturity(deal, expected))
    return result
