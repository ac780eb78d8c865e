"""Closed sets of the field's terms: the only place where they are listed.

Words for them are in ``text/<language>.toml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, get_args

Variable = Literal[
    "issuance",
    "pool_balance",
    "pool_principal",
    "n_loans",
    "n_borrowers",
    "average_loan",
    "average_exposure",
    "wa_loan_age",
    "wa_overdue",
    "wa_borrower_age",
    "wa_annual_income",
    "senior_share",
    "secured_share",
    "largest_region_share",
]
VARIABLES: tuple[Variable, ...] = get_args(Variable)
"""The explanatory variables of part II. The study names ten of fourteen; the list is METHODS' reconstruction."""

LOGARITHMS: frozenset[Variable] = frozenset(
    {
        "issuance",
        "pool_balance",
        "pool_principal",
        "n_loans",
        "n_borrowers",
        "average_loan",
        "average_exposure",
        "wa_annual_income",
    }
)
"""Amounts and counts enter models as natural logarithms (ours); shares, ages and months as they are."""

FEES = ("taxes", "trust_fees", "servicing", "excess_fees")
"""Steps of a priority of payments that pay taxes and fees. ``excess_fees`` are the trust fees above their cap."""


def steps_of(ladder: Sequence[str]) -> tuple[str, ...]:
    """The steps of a priority that pays these tranches, by rank, in the order of market practice.

    Each has interest and principal, the last of them principal and a fixed return; of the ``residual`` the servicer
    takes its excess reward and the last tranche the rest.
    """
    *paying, last = ladder
    return (
        *FEES[:-1],
        *(f"{tranche}_interest" for tranche in paying),
        "reserve",
        FEES[-1],
        *(f"{tranche}_principal" for tranche in ladder),
        f"{last}_return",
        "residual",
    )


Phase = Literal["ordinary", "default"]
PHASES: tuple[Phase, ...] = get_args(Phase)
"""Before an event of default, and from the payment date after one."""

TOTAL = "total"
"""Row id of the row that sums or averages a whole table."""
ROW_IDS = frozenset({TOTAL, "mean", "one_year", "liquidated", "pair", "index", "compare"})
"""Ids that name rows of tables or pages, and no deal, bank or class."""

MILLIONS, THOUSANDS = "money mn", "money thousand"
"""Units of money that are computed in, of the market's currency."""


class Unit(StrEnum):
    """What a number counts, and thereby how each language writes it. Data are stored in the unit named here."""

    DEALS = "deals"
    COUNT = "count"
    MONEY = "money"  # millions of the market's currency
    RATE = "rate"  # fraction; printed as per cent
    POINTS = "points"  # difference or dispersion of rates, as a fraction; printed as percentage points
    MULTIPLE = "multiple"  # times
    MONTHS = "months"  # as the edition counts them
    DAYS = "days"
    NUMBER = "number"  # without dimension: a coefficient, a statistic
    PROBABILITY = "probability"  # of a test; printed with a floor
    RANK = "rank"  # place in an order; 1 is the first
    YEAR = "year"
    DATE = "date"
    # Not numbers: the value is an id or a word key.
    DEAL = "deal"
    ORIGINATOR = "originator"
    ASSET_TYPE = "asset_type"
    TRANCHE = "tranche"
    TERM = "term"
    VARIABLE = "variable"  # an explanatory variable as it is measured
    REGRESSOR = "regressor"  # a column of a model: a variable as it enters (logarithm), the constant, a factor
    PAIR = "pair"  # an asset type and an originator, year or term, as "<type>-<other>"; or a year of issue and an age


WORD_UNITS = frozenset(
    {Unit.DEAL, Unit.ORIGINATOR, Unit.ASSET_TYPE, Unit.TRANCHE, Unit.TERM, Unit.PAIR, Unit.VARIABLE, Unit.REGRESSOR}
)
"""Units whose values are ids that a language names."""
