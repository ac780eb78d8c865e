"""Claims closed by live deals, by asset type: how much of the pools, what it brought, and against which forecast.

Source: METHODS, "What the market reads". Every figure is a ratio of sums over the deals that have both sides of it.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Chart, Column, ResearchTable, Result, Unit
from npl_report.stats.groups import Number, ratio, settle, total
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("n_closed", Unit.COUNT, total=True),
    Column("closed_by_number", Unit.RATE),
    Column("balance_closed", Unit.MONEY, total=True),
    Column("closed_by_balance", Unit.RATE),
    Column("recovery_closed", Unit.RATE),
    Column("expected_recovery", Unit.RATE),
    Column("profitability", Unit.RATE),
    Column("npv_ratio", Unit.RATE),
    Column("n_below", Unit.DEALS),
)
_RATIOS = {
    "closed_by_number": ("n_closed", "n_loans"),
    "closed_by_balance": ("balance_closed", "pool_balance"),
    "recovery_closed": ("recovered_closed", "balance_closed"),
    "expected_recovery": ("forecast_closed", "balance_closed"),
    "profitability": ("recovered_closed", "forecast_closed"),
    "npv_ratio": ("value_closed", "value_forecast"),
}
_FORECASTS = ("forecast_closed", "value_forecast")
"""Divisors that are nought where nothing is forecast, though claims are closed."""
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("date", Unit.DATE),
    Column("n_closed", Unit.COUNT),
    Column("balance_closed", Unit.MONEY),
    Column("recovered_closed", Unit.MONEY),
    Column("profitability", Unit.RATE),
    Column("npv_ratio", Unit.RATE),
)


def compute(closed_claims_deals: Result, asset_types: tuple[str, ...]) -> Result:
    """Rows: asset types and total. Money in millions, rates as fractions."""
    frame = closed_claims_deals.frame
    known = frame.assign(deal=frame.index, row=frame["asset_type"])
    rows = Rows(COLUMNS)
    for row in (*asset_types, TOTAL):
        group = known if row == TOTAL else known.loc[known["row"] == row]
        rows.add(
            row,
            n_deals=len(group),
            n_closed=total(group["n_closed"].dropna(), "not_disclosed"),
            balance_closed=total(group["balance_closed"].dropna(), "not_disclosed"),
            **{key: _ratio(group, *parts) for key, parts in _RATIOS.items()},
            n_below=int((settle(group["npv_ratio"]) < 1).sum()),
        )
    return rows.result(known[["row", *(column.key for column in EVIDENCE)]])


def _ratio(group: pd.DataFrame, part: str, whole: str) -> Number:
    """Of sums over the deals that have both."""
    both = group.dropna(subset=[part, whole])
    if both.empty:
        told = group.dropna(subset=["balance_closed", part])
        reason = "no_forecast" if whole in _FORECASTS and len(told) else "not_disclosed"
    else:
        closed = bool((both["balance_closed"] > 0).any())
        reason = "nothing_forecast" if whole in _FORECASTS and closed else "none_closed"
    return ratio(float(both[part].sum()), float(both[whole].sum()), reason)


TABLE = ResearchTable(
    key="closed_claims",
    linked=True,
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("dumbbell", ("recovery_closed", "expected_recovery")),
)
