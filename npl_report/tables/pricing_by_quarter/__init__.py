"""What issues of each class were priced at, quarter by quarter.

Source: METHODS, "What the market reads"; ``npl_report.tables.pricing``.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Ages, Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit, quarter_id
from npl_report.stats.calendar import quarter_of
from npl_report.tables.pricing import EVIDENCE, MEASURES, evidence_of, measures, pricing_of
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("quarter", Unit.TERM, shown=False),
    Column("n_deals", Unit.DEALS),
    *MEASURES,
    Column("enough", Unit.TERM),
)


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    market: pd.DataFrame,
    scenario_returns: Result | Unavailable,
    ages: Ages,
    edition: Edition,
) -> Result:
    """Rows: ``<type>-<quarter of issue>`` with a deal, quarters as ``2025Q1``. Means over deals, rates as fractions."""
    kinds, ladder = edition.market.asset_types, edition.market.ladder
    frame = pricing_of(deals, tranches, market, scenario_returns, ladder[0], ages)
    quarters = quarter_of(frame["issue_date"]).map(quarter_id)
    frame = frame.assign(quarter=quarters, rank=frame["asset_type"].map(kinds.index))
    frame["row"] = frame["asset_type"] + "-" + frame["quarter"]
    rows = Rows(COLUMNS)
    for (_, quarter), group in frame.groupby(["rank", "quarter"], sort=True):
        enough = "yes" if len(group) >= edition.ranking.fewest else "no"
        named = {"asset_type": str(group["asset_type"].iloc[0]), "quarter": str(quarter)}
        rows.add(str(group["row"].iloc[0]), **named, n_deals=len(group), enough=enough, **measures(group))
    return rows.result(evidence_of(frame.sort_values(["rank", "quarter", "issue_date", "deal"], kind="stable")))


TABLE = ResearchTable(
    key="pricing_by_quarter",
    linked=True,
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("periods", ("spread", "n_spread")),
)
