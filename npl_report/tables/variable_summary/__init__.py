"""The explanatory variables of part II as measured.

It tells how many deals disclose them, how they are distributed, and how they go with the expected recovery rate.

Source: METHODS, determinants. Every deal counts alike. The correlation is Pearson's, over the deals that the models
take, with the variable as it enters them.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import VARIABLES, Column, ResearchTable, Result, Unavailable, Unit, Variable
from npl_report.stats.correlation import pearson
from npl_report.stats.groups import volatility
from npl_report.tables.determinants import regressors
from npl_report.tables.rows import Rows

MEASURED_IN: dict[Variable, str] = {
    "issuance": "mn",
    "pool_balance": "mn",
    "pool_principal": "mn",
    "n_loans": "loans_unit",
    "n_borrowers": "borrowers_unit",
    "average_loan": "mn",
    "average_exposure": "mn",
    "wa_loan_age": "months_unit",
    "wa_overdue": "months_unit",
    "wa_borrower_age": "years_unit",
    "wa_annual_income": "thousand",
    "senior_share": "fraction",
    "secured_share": "fraction",
    "largest_region_share": "fraction",
}
"""Variable → word for its unit, since the values of one column are of several; amounts have the currency before it."""
_AMOUNTS = ("mn", "thousand")
_DECIMALS: dict[str, int] = {
    "issuance": 0,
    "pool_balance": 0,
    "pool_principal": 0,
    "n_loans": 0,
    "n_borrowers": 0,
    "wa_loan_age": 1,
    "wa_overdue": 1,
    "wa_borrower_age": 1,
    "wa_annual_income": 1,
}
"""What is printed of a variable; of the others as many as of any number."""
COLUMNS = (
    Column("measured_in", Unit.TERM),
    Column("n", Unit.DEALS),
    Column("mean", Unit.NUMBER),
    Column("sd", Unit.NUMBER),
    Column("minimum", Unit.NUMBER),
    Column("median", Unit.NUMBER),
    Column("maximum", Unit.NUMBER),
    Column("n_missing", Unit.DEALS),
    Column("correlation", Unit.NUMBER, 2),
)


def compute(determinants_sample: Result, currency: str) -> Result:
    """Rows: the variables. ``sd`` divides by n − 1."""
    frame = determinants_sample.frame
    entered = regressors(determinants_sample)
    expected = frame["expected_recovery"].reindex(entered.index).astype(float)
    rows = Rows(COLUMNS)
    for name in VARIABLES:
        values = frame[name].dropna().astype(float)
        none = Unavailable("not_disclosed", needed=1, found=0)
        rows.add(
            name,
            measured_in=_unit(name, currency),
            n=len(values),
            mean=none if values.empty else float(values.mean()),
            sd=volatility(values),
            minimum=none if values.empty else float(values.min()),
            median=none if values.empty else float(values.median()),
            maximum=none if values.empty else float(values.max()),
            n_missing=len(frame) - len(values),
            correlation=pearson(entered[name], expected),
        )
    return rows.result(pd.concat([_evidence(frame, name) for name in VARIABLES]))


def _unit(name: Variable, currency: str) -> str:
    unit = MEASURED_IN[name]
    return f"{currency.lower()}_{unit}" if unit in _AMOUNTS else unit


def _evidence(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The deals that disclose the variable, with its value."""
    values = frame[name].dropna().astype(float)
    return pd.DataFrame({"row": name, "deal": values.index, "value": values.to_numpy()})


TABLE = ResearchTable(
    key="variable_summary",
    rows=Unit.VARIABLE,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL), Column("value", Unit.NUMBER)),
    compute=compute,
    sources=("study", "method"),
    row_decimals=_DECIMALS,
)
