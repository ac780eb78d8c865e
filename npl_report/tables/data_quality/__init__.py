"""What the data of this edition lack, and how late and how often corrected they are.

Source: ours. The lag of a value is that of its first report; a value reported more than once counts as restated,
whatever it said before.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import BORROWER_FACTS, TOTAL, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import highest, ratio
from npl_report.stats.recovery import offering
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("n_reporting", Unit.DEALS),
    Column("n_forecast", Unit.DEALS),
    Column("n_periods", Unit.COUNT),
    Column("mean_lag", Unit.DAYS, decimals=1),
    Column("max_lag", Unit.DAYS),
    Column("n_restated", Unit.COUNT),
    Column("n_interrupted", Unit.DEALS, optional=True),
    Column("facts_share", Unit.RATE),
    Column("n_outstanding", Unit.DEALS),
    Column("max_silence", Unit.DAYS),
    Column("silent_deal", Unit.DEAL),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("made_on", Unit.DATE),
    Column("n_periods", Unit.COUNT),
    Column("total_lag", Unit.DAYS),
    Column("max_lag", Unit.DAYS),
    Column("n_restated", Unit.COUNT),
    Column("unread_from", Unit.DATE),
    Column("facts_due", Unit.COUNT),
    Column("facts_given", Unit.COUNT),
    Column("liquidated_on", Unit.DATE),
    Column("date", Unit.DATE),
    Column("silence", Unit.DAYS),
)


def compute(
    deals: pd.DataFrame, collections: pd.DataFrame, payments: pd.DataFrame, forecasts: pd.DataFrame, edition: Edition
) -> Result:
    """Rows: asset types and total. Lags in days from a period's end to its first report, over periods."""
    facts = _by_deal(deals, collections, payments, forecasts, edition)
    rows = Rows(COLUMNS)
    for row in (*edition.market.asset_types, TOTAL):
        group = facts if row == TOTAL else facts.loc[facts["asset_type"] == row]
        reporting = group.loc[group["date"].notna()]
        periods = int(group["n_periods"].sum())
        unreported = "no_deals" if group.empty else "no_reports"
        rows.add(
            row,
            n_deals=len(group),
            n_reporting=len(reporting),
            n_forecast=int(group["made_on"].notna().sum()),
            n_periods=periods,
            mean_lag=ratio(float(group["total_lag"].sum()), periods, unreported),
            max_lag=Unavailable(unreported, needed=1, found=0)
            if reporting.empty
            else float(reporting["max_lag"].max()),
            n_restated=int(group["n_restated"].sum()),
            n_interrupted=int(group["unread_from"].notna().sum()),
            facts_share=ratio(
                int(group["facts_given"].sum()),
                int(group["facts_due"].sum()),
                "no_deals" if group.empty else "not_applicable",
            ),
            n_outstanding=int(group["liquidated_on"].isna().sum()),
            **_silence(group),
        )
    return rows.result(facts.sort_values(["row", "deal"])[["row", *(column.key for column in EVIDENCE)]])


def _by_deal(
    deals: pd.DataFrame, collections: pd.DataFrame, payments: pd.DataFrame, forecasts: pd.DataFrame, edition: Edition
) -> pd.DataFrame:
    """By deal: its type, as such and as ``row``, and the columns of ``EVIDENCE``.

    There is no lag without a report, and no silence once a deal is liquidated.
    """
    facts = deals.set_index("deal", drop=False).rename_axis(None).sort_index()
    periods = collections.assign(lag=(collections["first_reported_on"] - collections["period_end"]).dt.days).groupby(
        "deal"
    )
    restated = pd.concat([part.loc[part["versions"] > 1, "deal"] for part in (collections, payments)]).value_counts()
    retail = ~facts["asset_type"].isin(edition.market.of_firms)
    return facts.assign(
        row=facts["asset_type"],
        made_on=offering(forecasts).groupby("deal")["made_on"].first(),
        n_periods=periods.size().reindex(facts.index, fill_value=0),
        total_lag=periods["lag"].sum(),
        max_lag=periods["lag"].max(),
        n_restated=restated.reindex(facts.index, fill_value=0),
        facts_due=retail * len(BORROWER_FACTS),
        facts_given=facts.reindex(columns=list(BORROWER_FACTS)).notna().sum(axis="columns").where(retail, 0),
        date=periods["period_end"].max(),
        silence=lambda frame: (pd.Timestamp(edition.as_of) - frame["date"]).dt.days.where(
            frame["liquidated_on"].isna()
        ),
    )


def _silence(group: pd.DataFrame) -> dict[str, Cell]:
    """The outstanding deal that has gone longest without a collection date; of equal ones the first by id."""
    days = group["silence"].dropna()
    if days.empty:
        reason = (
            "no_deals" if group.empty else "none_outstanding" if group["liquidated_on"].notna().all() else "no_reports"
        )
        none = Unavailable(reason, needed=1, found=0)
        return {"max_silence": none, "silent_deal": none}
    return {"max_silence": float(days.max()), "silent_deal": highest(days)}


TABLE = ResearchTable(
    key="data_quality",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    upright=True,
)
