"""Explanatory variables and maturities of every deal: drawn by type, leaning on the expected recovery rate.

The study of 156 deals prints the signs of the relation with the expected recovery rate (ledger L153-L158); each
variable is its type's middle plus a part that follows the standardized expected rate with that sign plus noise.
Values are invented.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from . import draws
from .ledger import target
from .plan import TYPES, AssetType, Deal
from .schedule import DAYS_PER_MONTH, Schedule

PULL = 0.3  # weight of the expected rate; noise has the rest
TERM_ROW: dict[AssetType, str] = {"corporate": "L076", "mortgage": "L075", "unsecured": "L077"}
TERM_SPREAD: dict[AssetType, float] = {"corporate": 3.2, "mortgage": 3.6, "unsecured": 1.7}


@dataclass(frozen=True)
class Range:
    """Lowest and highest value by type, and the sign of the relation with the expected rate."""

    corporate: tuple[float, float] | None
    mortgage: tuple[float, float]
    unsecured: tuple[float, float]
    sign: float = 0.0

    def of(self, kind: AssetType) -> tuple[float, float] | None:
        """Bounds of a type; None where the variable does not apply."""
        return {"corporate": self.corporate, "mortgage": self.mortgage, "unsecured": self.unsecured}[kind]


RANGES = {
    "principal_share": Range((0.78, 0.91), (0.86, 0.94), (0.74, 0.88)),
    "average_loan": Range((5.5, 28.0), (0.34, 1.35), (0.021, 0.056)),  # CNY million
    "loans_per_borrower": Range((1.35, 2.40), (1.00, 1.05), (1.02, 1.26)),
    "wa_loan_age": Range((22.0, 58.0), (36.0, 78.0), (22.0, 52.0), -1),
    "wa_overdue": Range((8.0, 24.0), (9.0, 27.0), (5.5, 17.0), -1),
    "wa_borrower_age": Range(None, (37.5, 44.5), (35.0, 41.5), -1),
    "wa_annual_income": Range(None, (85.0, 230.0), (58.0, 150.0), +1),
    "secured_share": Range((0.42, 0.88), (0.93, 1.00), (0.0, 0.0)),
    "largest_region_share": Range((0.24, 0.82), (0.13, 0.46), (0.08, 0.21)),
}


def attributes(
    deals: list[Deal], pool: dict[str, float], expected: dict[str, float]
) -> dict[str, dict[str, float | None]]:
    """Columns of deals.csv that describe the pool."""
    lean = _standardized(deals, {d.deal: expected[d.deal] / pool[d.deal] for d in deals})
    return {d.deal: _columns(d, pool[d.deal], lean[d.deal]) for d in deals}


def maturities(deals: list[Deal], schedules: dict[str, Schedule]) -> dict[str, tuple[date, date]]:
    """Expected and legal maturity of the senior tranche; the mean expected term of each type is the published one."""
    result: dict[str, tuple[date, date]] = {}
    for kind in TYPES:
        members = [d for d in deals if d.asset_type == kind]
        terms = {d.deal: draws.normal(d.deal, "term", sd=TERM_SPREAD[kind]) for d in members}
        read = [terms[d.deal] for d in members if schedules[d.deal].n_known > 0]
        shift = target(TERM_ROW[kind]) - sum(read) / len(read)
        for deal in members:
            expected = deal.cutoff + timedelta(days=round((terms[deal.deal] + shift) * DAYS_PER_MONTH))
            result[deal.deal] = (expected, legal_maturity(deal, expected))
    return result


def legal_maturity(deal: Deal, expected: date) -> date:
    """Two years after the expected maturity, of secured deals three."""
    years = 2 if deal.asset_type == "unsecured" else 3
    return expected.replace(year=expected.year + years, day=min(expected.day, 28))


def _standardized(deals: list[Deal], values: dict[str, float]) -> dict[str, float]:
    result: dict[str, float] = {}
    for kind in TYPES:
        names = [d.deal for d in deals if d.asset_type == kind]
        mean = sum(values[name] for name in names) / len(names)
        sd = (sum((values[name] - mean) ** 2 for name in names) / len(names)) ** 0.5
        result |= {name: round((values[name] - mean) / sd, 6) for name in names}
    return result


def _draw(deal: Deal, variable: str, lean: float) -> float | None:
    spec = RANGES[variable]
    bounds = spec.of(deal.asset_type)
    if bounds is None:
        return None
    low, high = bounds
    noise = draws.normal(deal.deal, variable, limit=1.8)
    pull = PULL * spec.sign
    z = pull * lean + (1 - abs(pull)) * noise
    return (low + high) / 2 + (high - low) / 2 * max(-1.0, min(1.0, z / 2.2))


def _columns(deal: Deal, pool: float, lean: float) -> dict[str, float | None]:
    drawn = {variable: _draw(deal, variable, lean) for variable in RANGES}
    n_loans = max(1, round(pool / (drawn["average_loan"] or 1.0)))
    rounded = {
        "wa_loan_age": 1,
        "wa_overdue": 1,
        "wa_borrower_age": 1,
        "wa_annual_income": 1,
        "secured_share": 4,
        "largest_region_share": 4,
    }
    columns: dict[str, float | None] = {
        "pool_principal": round(pool * (drawn["principal_share"] or 1.0), 4),
        "n_loans": n_loans,
        "n_borrowers": max(1, min(n_loans, round(n_loans / (drawn["loans_per_borrower"] or 1.0)))),
    }
    for variable, digits in rounded.items():
        value = drawn[variable]
        columns[variable] = None if value is None else round(value, digits)
    return columns
