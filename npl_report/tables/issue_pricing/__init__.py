"""What issues of each class and year were priced at, and what share of the year's issuance they are.

Source: METHODS, "What the market reads"; ``npl_report.tables.pricing``.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Ages, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import ratio
from npl_report.tables.pricing import EVIDENCE, MEASURES, evidence_of, measures, pricing_of
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("year", Unit.YEAR, shown=False),
    Column("n_deals", Unit.DEALS),
    Column("issuance", Unit.MONEY, total=True),
    Column("issuance_share", Unit.RATE, total=True),
    *MEASURES,
)


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    market: pd.DataFrame,
    scenario_returns: Result | Unavailable,
    asset_types: tuple[str, ...],
    ladder: tuple[str, ...],
    ages: Ages,
) -> Result:
    """Rows: ``<type>-<year of issue>`` with a deal. Means over deals; money in millions, rates as fractions."""
    frame = pricing_of(deals, tranches, market, scenario_returns, ladder[0], ages)
    frame = frame.assign(year=frame["issue_date"].dt.year, rank=frame["asset_type"].map(asset_types.index))
    frame["row"] = frame["asset_type"] + "-" + frame["year"].astype(str)
    whole = frame.groupby("year")["issuance"].sum()
    rows = Rows(COLUMNS)
    for _, group in frame.groupby(["rank", "year"], sort=True):
        kind, year = str(group["asset_type"].iloc[0]), int(group["year"].iloc[0])
        issuance, of_year = float(group["issuance"].sum()), float(whole[year])
        rows.add(
            f"{kind}-{year}",
            asset_type=kind,
            year=year,
            n_deals=len(group),
            issuance=issuance,
            issuance_share=ratio(issuance, of_year),
            **measures(group),
        )
    return rows.result(evidence_of(frame.sort_values(["rank", "year", "issue_date", "deal"], kind="stable")))


TABLE = ResearchTable(
    key="issue_pricing",
    linked=True,
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
)
