"""Recovery index by asset type and quarter: the deals of a quarter against the history of their class at the same age.

Source: the definition of providers of such indices (METHODS, step 6): a share with 50 as the neutral level, and a ratio
of means with 100. Age is counted in whole quarters at the end of the quarter; how many earlier observations a history
needs is the number of deals that the edition ranks; ties count half, so that 50 is neutral. These are ours.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import Ages, Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit, quarter_id
from npl_report.stats.history import beyond, earlier
from npl_report.tables.quarters import deal_quarters, grid, of_total, row_ids, unreported
from npl_report.tables.rows import missing

MONTHS = 3
"""Of age that count as the same: a quarter, as the index has quarters."""

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("quarter", Unit.TERM, shown=False),
    Column("n_included", Unit.DEALS),
    Column("balance", Unit.MONEY, total=True),
    Column("n_living", Unit.DEALS),
    Column("n_reported", Unit.DEALS),
    Column("complete", Unit.TERM),
    Column("enough", Unit.TERM),
    Column("share_current", Unit.NUMBER, decimals=1, span="share"),
    Column("share_cumulative", Unit.NUMBER, decimals=1, span="share"),
    Column("index_current", Unit.NUMBER, decimals=1, span="index"),
    Column("index_cumulative", Unit.NUMBER, decimals=1, span="index"),
)
MEASURES = {"current": "recovery", "cumulative": "to_date"}
"""Which recovery each index measures: that of the quarter, and all to its end."""


def compute(
    deals: pd.DataFrame, collections: pd.DataFrame, asset_types: tuple[str, ...], ages: Ages, edition: Edition
) -> Result | Unavailable:
    """Rows: ``<class>-<quarter>`` and ``total-<quarter>``. Indices without unit, 50 or 100 being neutral."""
    if collections.empty:
        return Unavailable("no_reports", needed=1, found=0)
    living = deal_quarters(deals, collections, ages, edition.as_of).rename(columns={"cumulative": "to_date"})
    if living.empty:
        return Unavailable("no_reports", needed=1, found=0)
    observed = _observed(living)
    sample = observed.loc[observed["n_history"] >= edition.ranking.fewest]
    counts = grid(living, asset_types, edition.as_of)
    frame = counts.join(_measured(sample)).assign(
        quarter=counts["quarter"].map(quarter_id), complete=np.where(counts["whole"], "yes", "no")
    )
    frame["balance"] = frame["balance"].fillna(0.0)
    frame["n_included"] = frame["n_included"].fillna(0).astype("int64")
    frame["enough"] = np.where(frame["n_included"] >= edition.ranking.fewest, "yes", "no")
    frame = frame[[column.key for column in COLUMNS]]
    evidence = observed.assign(row=row_ids(observed)).sort_values(["asset_type", "quarter", "deal"])
    evidence = evidence[["row", *(column.key for column in TABLE.evidence)]].reset_index(drop=True)
    return Result(frame, evidence, _gaps(frame, edition.ranking.fewest))


def _observed(living: pd.DataFrame) -> pd.DataFrame:
    """The deals that have reported a whole quarter, beside their history, which may be too short or none."""
    observed = living.loc[living["whole"] & living["collected"].notna()]
    observed = observed.assign(bucket=np.floor(observed["age"] / MONTHS).astype("int64"))
    observed = observed.join(earlier(observed, "balance", tuple(MEASURES.values())))
    above = {f"{name}_above": beyond(observed[of], observed[f"{of}_mean"]) for name, of in MEASURES.items()}
    return observed.assign(pool_balance=observed["balance"], **above)


def _measured(sample: pd.DataFrame) -> pd.DataFrame:
    """The indices of every class and quarter with a sample, and of all classes, by row id."""
    groups = of_total(sample).groupby(["asset_type", "quarter"])
    found = pd.DataFrame({"n_included": groups.size(), "balance": groups["balance"].sum()})
    for name, of in MEASURES.items():
        history = groups[f"{of}_weighted"].mean()
        found[f"share_{name}"] = 100 * groups[f"{name}_above"].mean()
        found[f"index_{name}"] = (100 * groups[of].mean() / history).where(history > 0)
    found = found.reset_index()
    return found.set_index(row_ids(found)).drop(columns=["asset_type", "quarter"])


def _gaps(frame: pd.DataFrame, fewest: int) -> dict[tuple[str, str], Unavailable]:
    """Why an index is missing: nobody to measure, nothing to measure against, or a history of nought."""
    gaps: dict[tuple[str, str], Unavailable] = {}
    counts = frame[["n_included", "n_reported", "n_living"]].to_dict("index")
    for row, key in missing(frame, (column.key for column in COLUMNS if column.span)):
        if counts[row]["n_included"]:
            gaps[str(row), key] = Unavailable("nothing_recovered_before")
        elif counts[row]["n_reported"]:
            gaps[str(row), key] = Unavailable("no_history", needed=fewest)
        else:
            gaps[str(row), key] = unreported(counts[row]["n_living"])
    return gaps


TABLE = ResearchTable(
    key="recovery_index",
    linked=True,
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("date", Unit.DATE),
        Column("age", Unit.MONTHS, decimals=1),
        Column("pool_balance", Unit.MONEY),
        Column("n_history", Unit.DEALS),
        Column("recovery", Unit.RATE),
        Column("recovery_mean", Unit.RATE),
        Column("recovery_weighted", Unit.RATE),
        Column("to_date", Unit.RATE),
        Column("to_date_mean", Unit.RATE),
        Column("to_date_weighted", Unit.RATE),
    ),
    compute=compute,
    sources=("method",),
    chart=Chart("index", ("index_current", "index_cumulative")),
)
