"""Every live deal at its last report: collections against the first forecast, gross and net of costs.

Source: METHODS, "What the market reads"; bands and collection ratios as agencies print them. Gross is compared with a
gross forecast, net with a net one. Where the first forecast is gross, what it was net of costs is known between two
ends only: it was no more than itself, and no less than itself after all that servicing and disposal may cost.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import OFFERING, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import issue_sizes, settle
from npl_report.stats.recovery import cumulative_at
from npl_report.tables.latest import band, live
from npl_report.tables.rows import forecast_gaps, missing

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("date", Unit.DATE),
    Column("age", Unit.MONTHS, decimals=1),
    Column("issuance", Unit.MONEY),
    Column("cumulative", Unit.MONEY),
    Column("recovery", Unit.RATE),
    Column("forecast", Unit.MONEY),
    Column("forecast_recovery", Unit.RATE),
    Column("offset", Unit.RATE),
    Column("band", Unit.TERM),
    Column("ccr_gross", Unit.RATE),
    Column("net", Unit.MONEY),
    Column("least_net_forecast", Unit.MONEY, shown=False),
    Column("most_net_forecast", Unit.MONEY, shown=False),
    Column("ccr_net_low", Unit.RATE),
    Column("ccr_net_high", Unit.RATE),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("date", Unit.DATE),
    Column("age", Unit.MONTHS, decimals=1),
    Column("collected", Unit.MONEY),
    Column("forecast", Unit.MONEY),
)
_NET = ("most_net_forecast", "least_net_forecast", "ccr_net_low", "ccr_net_high")
"""What needs both costs and a forecast, which comes first."""


def compute(
    deal_recovery: Result,
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    collections: pd.DataFrame,
    forecasts: pd.DataFrame,
    asset_types: tuple[str, ...],
) -> Result | Unavailable:
    """Rows: live deals that have reported, by asset type, offset rate from the lowest, then id. Money in millions."""
    there = live(deals).set_index("deal", drop=False).rename_axis(None)
    if there.empty:
        return Unavailable("none_outstanding", needed=1, found=0)
    curves = deal_recovery.frame.loc[deal_recovery.frame["deal"].isin(there.index)]
    if curves.empty:
        return Unavailable("no_reports", needed=1, found=0)
    last = curves.drop_duplicates("deal", keep="last").set_index("deal", drop=False).rename_axis(None)
    facts = there.reindex(last.index)
    last["issuance"] = issue_sizes(tranches)
    last["forecast_recovery"] = last["forecast"] / facts["pool_balance"]
    last["band"] = band(last["offset"])
    last["ccr_gross"] = (last["cumulative"] / last["forecast"]).where(last["forecast"] > 0)
    last = _with_net(last, facts, collections, forecasts)
    last["rank"] = last["asset_type"].map(list(asset_types).index)
    last["settled"] = settle(last["offset"])
    frame = last.sort_values(["rank", "settled", "deal"])[[column.key for column in COLUMNS]]
    evidence = curves.assign(row=curves["deal"])[["row", *(column.key for column in EVIDENCE)]]
    return Result(frame, evidence.reset_index(drop=True), _gaps(frame))


def _with_net(
    last: pd.DataFrame, facts: pd.DataFrame, collections: pd.DataFrame, forecasts: pd.DataFrame
) -> pd.DataFrame:
    """The deals with collections net of costs, and the ends between which their ratio to the first forecast lies.

    Both ends are one where the first forecast is net. Costs count if every period read gives them.
    """
    told = collections["disposal_costs"].notna().groupby(collections["deal"]).all()
    costs = collections.groupby("deal")["disposal_costs"].sum().where(told).reindex(last.index)
    offered = forecasts.loc[(forecasts["vintage"] == OFFERING) & (forecasts["basis"] == "net")]
    net_forecast = cumulative_at(offered, "amount", last["deal"], last["date"])
    parts = facts[["tax_rate", "trust_fee_rate"]].fillna(0.0).sum(axis="columns")
    costly = (facts["fee_rate"] - parts).clip(lower=0.0, upper=1.0)
    most = net_forecast.fillna(last["forecast"]).where(costs.notna())
    least = net_forecast.fillna(last["forecast"] * (1 - costly)).where(costs.notna())
    net = last["cumulative"] - costs
    return last.assign(
        net=net,
        most_net_forecast=most,
        least_net_forecast=least,
        ccr_net_low=(net / most).where((most > 0) & (least > 0)),
        ccr_net_high=(net / least).where((most > 0) & (least > 0)),
    )


def _gaps(frame: pd.DataFrame) -> dict[tuple[str, str], Unavailable]:
    """Why cells are empty: nothing is forecast, or costs are not told."""
    untold = Unavailable("no_costs", needed=1, found=0)
    gaps = forecast_gaps(frame, ("forecast", "forecast_recovery", "offset", "band", "ccr_gross"))
    unknown = frame["net"].isna()
    without = forecast_gaps(frame, _NET)
    gaps |= {(row, key): untold if unknown[row] else gap for (row, key), gap in without.items()}
    return gaps | {(str(row), key): untold for row, key in missing(frame, ("net",))}


TABLE = ResearchTable(
    key="latest_deals",
    rows=Unit.DEAL,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
)
