"""How long the deals have been running: mean age of those that report, and the first tranche's mean expected term.

Source: report I, part 2.1 and footnotes 1 (the term counts from the cut-off date) and 9 (age).
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Ages, Chart, Column, ResearchTable, Result, Unit
from npl_report.stats.groups import mean
from npl_report.stats.recovery import age_months
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("n_reporting", Unit.DEALS),
    Column("n_unreported", Unit.DEALS),
    Column("mean_age", Unit.MONTHS),
    Column("mean_senior_term", Unit.MONTHS),
)


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    collections: pd.DataFrame,
    asset_types: tuple[str, ...],
    ladder: tuple[str, ...],
    ages: Ages,
) -> Result:
    """Rows: asset types and total.

    Ages and terms in months from the cut-off date, over the deals that have reported.
    """
    last = collections.groupby("deal")["period_end"].max()
    first = tranches.loc[tranches["tranche"] == ladder[0]].set_index("deal")["expected_maturity"]
    facts = deals.assign(date=last.reindex(deals["deal"]).to_numpy(), maturity=first.reindex(deals["deal"]).to_numpy())
    facts["age"] = age_months(facts["date"], facts["cutoff_date"], ages)
    facts["senior_term"] = age_months(facts["maturity"], facts["cutoff_date"], ages)
    rows = Rows(COLUMNS)
    for row in (*asset_types, TOTAL):
        group = facts if row == TOTAL else facts.loc[facts["asset_type"] == row]
        reporting = group.loc[group["date"].notna()]
        rows.add(
            row,
            n_deals=len(group),
            n_reporting=len(reporting),
            n_unreported=len(group) - len(reporting),
            mean_age=mean(reporting["age"], "no_reports"),
            mean_senior_term=mean(reporting["senior_term"].dropna(), "no_reports"),
        )
    evidence = facts.assign(row=facts["asset_type"]).sort_values(["row", "deal"])
    return rows.result(evidence[["row", "deal", "cutoff_date", "date", "age", "senior_term"]])


TABLE = ResearchTable(
    key="seasoning_by_type",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("cutoff_date", Unit.DATE),
        Column("date", Unit.DATE),
        Column("age", Unit.MONTHS, decimals=1),
        Column("senior_term", Unit.MONTHS, decimals=1),
    ),
    compute=compute,
    sources=("report1",),
    chart=Chart("dumbbell", ("mean_age", "mean_senior_term")),
)
