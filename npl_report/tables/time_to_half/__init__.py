"""How long deals with a repaid first tranche took to collect half of their recoveries, and how long was forecast.

Source: report I, part 2.2. Half of all recoveries to date, and of the forecast over the same horizon, as in
``recovery_distribution``.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Chart, Column, ResearchTable, Result, Unit
from npl_report.stats.distribution import age_at_half
from npl_report.stats.groups import mean
from npl_report.stats.recovery import interrupted
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("mean_actual", Unit.MONTHS, decimals=1),
    Column("n_forecast", Unit.DEALS),
    Column("mean_forecast", Unit.MONTHS, decimals=1),
)


def compute(
    deals: pd.DataFrame, senior_redemptions: Result, deal_recovery: Result, asset_types: tuple[str, ...]
) -> Result:
    """Rows: asset types.

    Mean first age, in months from the cut-off date, at which the cumulative share reaches one half.
    """
    kinds = senior_redemptions.frame["asset_type"].drop(interrupted(deals), errors="ignore")
    curves = deal_recovery.frame.loc[deal_recovery.frame["deal"].isin(kinds.index)]
    halves = pd.DataFrame(
        {"half_actual": age_at_half(curves, "cumulative"), "half_forecast": age_at_half(curves, "forecast")}
    ).rename_axis(None)
    halves = halves.assign(deal=halves.index, row=kinds).sort_values(["row", "deal"])
    rows = Rows(COLUMNS)
    for row in asset_types:
        group = halves.loc[halves["row"] == row]
        actual, forecast = group["half_actual"].dropna(), group["half_forecast"].dropna()
        reason = "none_redeemed" if actual.empty else "no_forecast"
        rows.add(
            row,
            n_deals=len(actual),
            mean_actual=mean(actual, "none_redeemed"),
            n_forecast=len(forecast),
            mean_forecast=mean(forecast, reason),
        )
    return rows.result(halves[["row", "deal", "half_actual", "half_forecast"]])


TABLE = ResearchTable(
    key="time_to_half",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("half_actual", Unit.MONTHS, decimals=1),
        Column("half_forecast", Unit.MONTHS, decimals=1),
    ),
    compute=compute,
    sources=("report1", "method"),
    chart=Chart("dumbbell", ("mean_actual", "mean_forecast")),
)
