"""What the tables of pricing at issue share: the first tranche's coupon and spread, and what the issue rests on.

Source: METHODS, "What the market reads". The life for which the benchmark is read is the weighted average life of the
first tranche that the offering forecast gives through the waterfall, from closing on (``scenario_returns``).
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Ages, Column, Result, Unavailable, Unit
from npl_report.stats.benchmark import benchmark_curves, benchmark_on
from npl_report.stats.groups import issue_sizes, mean
from npl_report.stats.waterfall import YEAR
from npl_report.tables.rows import Cell
from npl_report.tables.structure import if_forecast

MEASURES = (
    Column("coupon", Unit.RATE, span="first"),
    Column("life", Unit.MONTHS, 1, span="first"),
    Column("n_spread", Unit.DEALS, span="first"),
    Column("spread", Unit.POINTS, span="first", count="n_spread"),
    Column("issue_to_expected", Unit.RATE),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("issue_date", Unit.DATE),
    Column("issuance", Unit.MONEY),
    Column("expected_total", Unit.MONEY),
    Column("coupon", Unit.RATE),
    Column("life", Unit.MONTHS, 1),
    Column("benchmark", Unit.RATE),
    Column("observed_on", Unit.DATE),
    Column("spread", Unit.POINTS),
)


def pricing_of(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    market: pd.DataFrame,
    scenario_returns: Result | Unavailable,
    first: str,
    ages: Ages,
) -> pd.DataFrame:
    """By deal: asset type, the columns of the evidence, and ``cover``, the issue size over expected recoveries.

    Rates as fractions, money in millions; a spread is missing without a benchmark or without a forecast.
    """
    facts = deals.set_index("deal", drop=False).sort_index(kind="stable").rename_axis(None)
    frame = facts[["deal", "asset_type", "issue_date"]].assign(
        issuance=issue_sizes(tranches),
        expected_total=facts["expected_recovery"],
        coupon=tranches.loc[tranches["tranche"] == first].set_index("deal")["coupon"],
        life=if_forecast(scenario_returns, f"{first}_life").reindex(facts.index),
    )
    frame["cover"] = (frame["issuance"] / frame["expected_total"]).where(frame["expected_total"] > 0)
    found = benchmark_on(benchmark_curves(market), frame["issue_date"], frame["life"] * ages.days / YEAR)
    return frame.join(found).assign(spread=frame["coupon"] - found["benchmark"])


def measures(group: pd.DataFrame) -> dict[str, Cell]:
    """``MEASURES`` of the deals of a group: simple means over those that have the figure."""
    spreads, known = group["spread"].dropna(), group["life"].notna().any()
    return {
        "coupon": mean(group["coupon"].dropna(), "no_coupon"),
        "life": mean(group["life"].dropna(), "no_forecast"),
        "n_spread": len(spreads),
        "spread": mean(spreads, "no_benchmark" if known else "no_forecast"),
        "issue_to_expected": mean(group["cover"].dropna(), "no_forecast"),
    }


def evidence_of(groups: pd.DataFrame) -> pd.DataFrame:
    """The deals with their ``row``, in the order given."""
    return groups[["row", *(column.key for column in EVIDENCE)]].reset_index(drop=True)
