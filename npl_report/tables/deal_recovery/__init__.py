"""Every deal on every collection date: recovery, forecast, deviation and offset rate.

Recovery is cumulative, the forecast is brought to the same date.

Source: report I, footnotes 4, 7, 8, 9 and figures 12–14. The curves behind everything else in part I.2.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Ages, Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import differences
from npl_report.stats.recovery import age_months, cumulative_at, offering
from npl_report.tables.rows import forecast_gaps

COLUMNS = (
    Column("deal", Unit.DEAL),
    Column("asset_type", Unit.ASSET_TYPE),
    Column("date", Unit.DATE),
    Column("age", Unit.MONTHS, decimals=1),
    Column("collected", Unit.MONEY),
    Column("cumulative", Unit.MONEY),
    Column("recovery", Unit.RATE),
    Column("forecast", Unit.MONEY),
    Column("deviation", Unit.MONEY),
    Column("offset", Unit.RATE),
)


def compute(
    deals: pd.DataFrame, collections: pd.DataFrame, forecasts: pd.DataFrame, ages: Ages
) -> Result | Unavailable:
    """Rows: ``deal@date``, in the order of deals and dates.

    Money in millions, rates as fractions of the pool balance. The forecast is the offering circular's, whatever
    others there are. A deviation is nought where both sides are one figure; while nothing is forecast there is no
    offset rate.
    """
    if collections.empty:
        return Unavailable("no_reports", needed=1, found=0)
    facts = deals.set_index("deal")
    curves = (
        collections.sort_values(["deal", "period_end"], kind="stable")
        .rename(columns={"period_end": "date"})
        .reset_index(drop=True)
    )
    curves["asset_type"] = curves["deal"].map(facts["asset_type"])
    curves["age"] = age_months(curves["date"], curves["deal"].map(facts["cutoff_date"]), ages)
    curves["cumulative"] = curves.groupby("deal")["collected"].cumsum()
    curves["recovery"] = curves["cumulative"] / curves["deal"].map(facts["pool_balance"])
    curves["forecast"] = cumulative_at(offering(forecasts), "amount", curves["deal"], curves["date"])
    curves["deviation"] = differences(curves["cumulative"], curves["forecast"])
    curves["offset"] = (curves["deviation"] / curves["forecast"]).where(curves["forecast"] > 0)
    frame = curves.set_index(curves["deal"] + "@" + curves["date"].dt.strftime("%Y-%m-%d"))[
        [column.key for column in COLUMNS]
    ]
    gaps = forecast_gaps(frame, ("forecast", "deviation", "offset"))
    evidence = curves.assign(row=frame.index)[["row", "deal", "period_start", "reported_on", "collected"]]
    return Result(frame, evidence, gaps)


TABLE = ResearchTable(
    key="deal_recovery",
    rows=Unit.TERM,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("period_start", Unit.DATE),
        Column("reported_on", Unit.DATE),
        Column("collected", Unit.MONEY),
    ),
    compute=compute,
    sources=("report1",),
    chart=Chart("curves", ("age", "recovery")),
)
