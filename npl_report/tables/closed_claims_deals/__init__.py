"""Claims that each live deal has closed by its last report: how many, what they brought, and against which forecast.

Source: METHODS, "What the market reads" (NPV profitability ratio). There is no forecast by claim in the data: a closed
claim is taken to have the share of its deal's forecast that its balance has in the pool.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.present_value import present_values
from npl_report.stats.recovery import offering
from npl_report.tables.rows import missing

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("date", Unit.DATE),
    Column("n_loans", Unit.COUNT, shown=False),
    Column("n_closed", Unit.COUNT),
    Column("closed_by_number", Unit.RATE),
    Column("pool_balance", Unit.MONEY, shown=False),
    Column("balance_closed", Unit.MONEY),
    Column("closed_by_balance", Unit.RATE),
    Column("recovered_closed", Unit.MONEY),
    Column("recovery_closed", Unit.RATE),
    Column("forecast_closed", Unit.MONEY, shown=False),
    Column("expected_recovery", Unit.RATE),
    Column("profitability", Unit.RATE),
    Column("value_closed", Unit.MONEY, shown=False),
    Column("value_forecast", Unit.MONEY, shown=False),
    Column("npv_ratio", Unit.RATE),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("date", Unit.DATE),
    Column("n_closed", Unit.COUNT),
    Column("balance_closed", Unit.MONEY),
    Column("recovered_closed", Unit.MONEY),
)
_DIVISORS = {"recovery_closed": "balance_closed", "profitability": "forecast_closed", "npv_ratio": "value_forecast"}
"""Of the ratios that a deal without closed claims does not have."""
_TOLD = ("n_closed", "balance_closed", "recovered_closed")


def compute(
    latest_deals: Result, deals: pd.DataFrame, collections: pd.DataFrame, forecasts: pd.DataFrame, edition: Edition
) -> Result | Unavailable:
    """Rows: live deals whose reports tell of closed claims, in the order of ``latest_deals``. Money in millions.

    A column counts if every period read gives it.
    """
    read = collections.loc[collections["deal"].isin(latest_deals.frame.index)].sort_values(["deal", "period_end"])
    sums = _sums(read)
    if sums.empty:
        return Unavailable("not_disclosed", needed=1, found=0)
    facts = deals.set_index("deal").rename_axis(None).reindex(sums.index)
    rate, cutoffs = edition.present_value.rate, facts["cutoff_date"]
    offered = offering(forecasts.loc[forecasts["deal"].isin(sums.index)])
    found = sums.assign(
        asset_type=facts["asset_type"],
        date=latest_deals.frame["date"],
        n_loans=facts["n_loans"],
        pool_balance=facts["pool_balance"],
        value_closed=present_values(read.loc[read["deal"].isin(sums.index)], "recovered_closed", cutoffs, rate),
        value_pool=present_values(offered, "amount", cutoffs, rate).reindex(sums.index),
        expected_recovery=facts["expected_recovery"] / facts["pool_balance"],
    )
    frame = _measured(found).reindex([deal for deal in latest_deals.frame.index if deal in sums.index])
    frame = frame[[column.key for column in COLUMNS]].rename_axis(None)
    evidence = read.loc[read["deal"].isin(sums.index)].assign(row=read["deal"], date=read["period_end"])
    return Result(frame, evidence[["row", *(of.key for of in EVIDENCE)]].reset_index(drop=True), _gaps(frame))


def _sums(read: pd.DataFrame) -> pd.DataFrame:
    """What was closed in all by each deal that tells of it in every period, by deal; NaN where a column is untold."""
    told = read[list(_TOLD)].notna().groupby(read["deal"]).all()
    sums = read.groupby("deal")[list(_TOLD)].sum().where(told)
    return sums.dropna(how="all").rename_axis(None)


def _measured(found: pd.DataFrame) -> pd.DataFrame:
    """Shares closed, the recovery of what is closed, and its ratios to the forecast; NaN while nothing is closed."""
    closed = found["balance_closed"]
    forecast = closed * found["expected_recovery"]
    value = found["value_pool"] * closed / found["pool_balance"]
    return found.assign(
        closed_by_number=found["n_closed"] / found["n_loans"],
        closed_by_balance=closed / found["pool_balance"],
        recovery_closed=(found["recovered_closed"] / closed).where(closed > 0),
        forecast_closed=forecast,
        profitability=(found["recovered_closed"] / forecast).where(forecast > 0),
        value_forecast=value,
        npv_ratio=(found["value_closed"] / value).where(value > 0),
    )


def _gaps(frame: pd.DataFrame) -> dict[tuple[str, str], Unavailable]:
    """Why cells are empty: reports do not tell, no claim is closed, or there is no forecast, or one of nought."""
    untold = Unavailable("not_disclosed", needed=1, found=0)
    parts = {"n_closed": ["n_closed"], "closed_by_number": ["n_closed"]}
    balance = {"balance_closed": ["balance_closed"], "closed_by_balance": ["balance_closed"]}
    recovered = {key: ["recovered_closed"] for key in ("recovered_closed", "value_closed")}
    forecast = {key: ["balance_closed"] for key in ("forecast_closed", "value_forecast")}
    both = {key: ["balance_closed", "recovered_closed"] for key in ("recovery_closed", "profitability", "npv_ratio")}
    needs = {**parts, **balance, **recovered, **forecast, **both}
    gaps: dict[tuple[str, str], Unavailable] = {}
    for row, key in missing(frame, [column.key for column in COLUMNS]):
        lacking = frame.loc[row, needs[key]].isna().any()
        gaps[str(row), key] = untold if lacking else Unavailable(_reason(frame.loc[row], key), needed=1, found=0)
    return gaps


def _reason(deal: pd.Series, key: str) -> str:
    """Why a cell of a deal that tells what it needs is empty."""
    divisor = _DIVISORS.get(key)
    if divisor and deal["balance_closed"] == 0:
        return "none_closed"
    return "nothing_forecast" if divisor and deal[divisor] == 0 else "no_forecast"


TABLE = ResearchTable(
    key="closed_claims_deals",
    rows=Unit.DEAL,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
)
