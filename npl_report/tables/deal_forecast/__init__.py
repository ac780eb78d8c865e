"""The offering circular's forecast of each deal, period by period: the line against which its recoveries are drawn.

Source: report I, footnote 4 and figures 12–14. It reaches to the end of the forecast, beyond the dates on which
collections are known.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Ages, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.recovery import age_months, offering

COLUMNS = (
    Column("deal", Unit.DEAL),
    Column("asset_type", Unit.ASSET_TYPE),
    Column("date", Unit.DATE),
    Column("age", Unit.MONTHS, decimals=1),
    Column("amount", Unit.MONEY),
    Column("cumulative", Unit.MONEY),
    Column("recovery", Unit.RATE),
)


def compute(deals: pd.DataFrame, forecasts: pd.DataFrame, ages: Ages) -> Result | Unavailable:
    """Rows: ``deal@date`` for each period's last day, by deal and date.

    Money in millions, rates as fractions of the pool balance. Of several forecasts of a deal the offering
    circular's, as in ``deal_recovery``.
    """
    path = offering(forecasts).rename(columns={"period_end": "date"}).reset_index(drop=True)
    if path.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    facts = deals.set_index("deal")
    path["asset_type"] = path["deal"].map(facts["asset_type"])
    path["age"] = age_months(path["date"], path["deal"].map(facts["cutoff_date"]), ages)
    path["cumulative"] = path.groupby("deal")["amount"].cumsum()
    path["recovery"] = path["cumulative"] / path["deal"].map(facts["pool_balance"])
    frame = path.set_index(path["deal"] + "@" + path["date"].dt.strftime("%Y-%m-%d"))[
        [column.key for column in COLUMNS]
    ]
    evidence = path.assign(row=frame.index)[["row", "deal", "period_start", "made_on", "amount"]]
    return Result(frame, evidence)


TABLE = ResearchTable(
    key="deal_forecast",
    rows=Unit.TERM,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("period_start", Unit.DATE),
        Column("made_on", Unit.DATE),
        Column("amount", Unit.MONEY),
    ),
    compute=compute,
    sources=("report1", "method"),
)
