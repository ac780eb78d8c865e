"""What is computed for one wave of deals."""

from dataclasses import dataclass, field
from datetime import date

from .claims import Parts
from .forecasts import Row
from .plan import Deal
from .schedule import Schedule
from .waterfall import Payment, Terms


@dataclass(frozen=True)
class Wave:
    """Everything that is computed for one wave of deals, by deal.

    `amounts` is what was collected by period, `parts` what it consists of, of the deals whose reports say so.
    """

    deals: list[Deal]
    schedules: dict[str, Schedule]
    size: dict[str, int]
    pool: dict[str, float]
    attributes: dict[str, dict[str, float | None]]
    maturities: dict[str, tuple[date, date]]
    amounts: dict[str, tuple[float, ...]]
    forecasts: dict[str, tuple[Row, ...]]
    terms: dict[str, Terms]
    payments: dict[str, list[Payment]]
    parts: dict[str, tuple[Parts, ...]] = field(default_factory=dict)

    def recovered(self, deal: str) -> tuple[float, ...]:
        """Recoveries of a deal by period, without what is none."""
        return tuple(part.recovered for part in self.parts[deal]) if deal in self.parts else self.amounts[deal]
