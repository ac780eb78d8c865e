"""How the fees of a deal divide, and the order in which its cash is paid; all ours, in the range of market practice.

The fee rate as a whole is drawn or solved elsewhere; this division leaves the payments of the tranches as they are,
because the fees are paid in full on every date.
"""

from . import draws
from .output import Cell
from .waterfall import Terms

PRIORITY = "standard"
ORDER = (
    "taxes",
    "trust_fees",
    "servicing",
    "senior_interest",
    "reserve",
    "excess_fees",
    "senior_principal",
    "subordinated_principal",
    "subordinated_return",
    "residual",
)
AFTER_DEFAULT = (
    "taxes",
    "trust_fees",
    "senior_interest",
    "senior_principal",
    "servicing",
    "excess_fees",
    "reserve",
    "subordinated_principal",
    "subordinated_return",
    "residual",
)
TAX = (0.002, 0.0045)  # of collections
TRUST = (0.005, 0.0105)  # of collections
CAPPED = 0.6  # share of the deals whose trust fees are capped
CAP_YEARS = (1.5, 3.0)  # the cap is what the expected recovery would bear in this many years


def divided(deal: str, terms: Terms, expected_recovery: float) -> dict[str, Cell]:
    """The columns of ``deals.csv`` that divide the fee rate; the cap in CNY million a year."""
    tax = round(draws.uniform(deal, "tax", low=TAX[0], high=TAX[1]), 4)
    trust = round(draws.uniform(deal, "trust fee", low=TRUST[0], high=TRUST[1]), 4)
    capped = draws.uniform(deal, "capped", low=0, high=1) < CAPPED
    cap = (
        round(trust * expected_recovery / draws.uniform(deal, "cap", low=CAP_YEARS[0], high=CAP_YEARS[1]), 2)
        if capped
        else None
    )
    if tax + trust >= terms.fee_rate:
        raise ValueError(f"{deal}: nothing is left for the servicer")
    return {"tax_rate": tax, "trust_fee_rate": trust, "trust_fee_cap": cap}


def priorities() -> list[dict[str, Cell]]:
    """``priorities.csv``: one priority for all deals."""
    phases = {"ordinary": ORDER, "default": AFTER_DEFAULT}
    return [
        {"priority": PRIORITY, "phase": phase, "position": position, "step": step}
        for phase, steps in phases.items()
        for position, step in enumerate(steps, 1)
    ]
