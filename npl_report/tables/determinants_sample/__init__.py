"""The deals behind part II: their fourteen explanatory variables, recovery rates, and whether the models take them.

Source: METHODS, determinants. A deal is taken if all variables are there and its expected recovery rate lies between 0
and 1; firms have no borrower age and income, so that they are left out of the models with all variables (a
stated exclusion, never an imputed value).
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import BORROWER_FACTS, VARIABLES, Column, ResearchTable, Result, Unavailable, Unit, Variable
from npl_report.stats.determinants import entering, variables
from npl_report.tables.determinants import INCLUDED
from npl_report.tables.rows import missing

UNITS: dict[Variable, tuple[Unit, int | None]] = {
    "issuance": (Unit.MONEY, None),
    "pool_balance": (Unit.MONEY, None),
    "pool_principal": (Unit.MONEY, None),
    "n_loans": (Unit.COUNT, None),
    "n_borrowers": (Unit.COUNT, None),
    "average_loan": (Unit.NUMBER, 4),
    "average_exposure": (Unit.NUMBER, 4),
    "wa_loan_age": (Unit.MONTHS, 1),
    "wa_overdue": (Unit.MONTHS, 1),
    "wa_borrower_age": (Unit.NUMBER, 1),
    "wa_annual_income": (Unit.NUMBER, 1),
    "senior_share": (Unit.RATE, None),
    "secured_share": (Unit.RATE, None),
    "largest_region_share": (Unit.RATE, None),
}
COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("originator", Unit.ORIGINATOR),
    Column("year", Unit.YEAR),
    Column("status", Unit.TERM),
    Column("expected_recovery", Unit.RATE),
    Column("actual_recovery", Unit.RATE),
    *(Column(key, unit, decimals) for key, (unit, decimals) in UNITS.items()),
)


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    window_readings: Result | Unavailable,
    of_firms: frozenset[str],
    ladder: tuple[str, ...],
) -> Result:
    """Rows: all deals, by issue date and id.

    ``expected_recovery``: of the offering, over the pool balance; ``actual_recovery``: inside the observation window.
    Where no deal has a reading yet, all still have the first.
    """
    unread, read = Unavailable("no_deal_in_window", needed=1, found=0), {}
    if isinstance(window_readings, Unavailable):
        unread = window_readings
    else:
        read = window_readings.frame["recovery"].to_dict()
    facts = deals.sort_values(["issue_date", "deal"]).set_index("deal")
    measured = variables(deals, tranches, ladder).reindex(facts.index)
    frame = facts[["asset_type", "originator"]].assign(
        year=facts["issue_date"].dt.year,
        expected_recovery=(facts["expected_recovery"] / facts["pool_balance"]).astype(float),
        actual_recovery=facts.index.to_series().map(read).astype(float),
    )
    frame["status"] = _status(entering(measured), frame["expected_recovery"])
    frame = frame.join(measured)[[column.key for column in COLUMNS]].rename_axis(None)
    gaps = {
        (str(row), key): Unavailable("not_disclosed", needed=1, found=0)
        for row, key in missing(frame, ("expected_recovery", *VARIABLES))
    }
    borrower = {(row, key) for row, key in gaps if key in BORROWER_FACTS and frame.at[row, "asset_type"] in of_firms}
    gaps |= dict.fromkeys(borrower, Unavailable("not_applicable"))
    gaps |= {(str(row), "actual_recovery"): unread for row in frame.index[frame["actual_recovery"].isna()]}
    return Result(frame, _evidence(facts), gaps)


def _status(entered: pd.DataFrame, expected: pd.Series) -> pd.Series:
    """``included``, or the first reason why a deal is not.

    The reasons are a variable missing, no expected recovery, a rate outside [0, 1].
    """
    status = pd.Series(INCLUDED, index=entered.index)
    status[(expected < 0) | (expected > 1)] = "rate_outside"
    status[expected.isna()] = "no_expectation"
    status[entered.isna().any(axis=1)] = "variable_missing"
    return status


def _evidence(facts: pd.DataFrame) -> pd.DataFrame:
    """What the rates of a deal are computed from."""
    return facts.assign(row=facts.index, deal=facts.index, forecast=facts["expected_recovery"])[
        ["row", "deal", "issue_date", "pool_balance", "forecast"]
    ].reset_index(drop=True)


TABLE = ResearchTable(
    key="determinants_sample",
    rows=Unit.DEAL,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("issue_date", Unit.DATE),
        Column("pool_balance", Unit.MONEY),
        Column("forecast", Unit.MONEY),
    ),
    compute=compute,
    sources=("study", "method"),
)
