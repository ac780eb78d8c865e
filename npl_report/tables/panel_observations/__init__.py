"""The observations behind the panel models: deals by period of age, and originators by year of issue.

Source: METHODS, determinants (panel). Levels between dates as in ``recovery_distribution``: actual recoveries linear in
days between collection dates, the offering forecast between the ends of its periods. A period counts once a deal has
been observed to its end; deals without a forecast are in neither panel.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from npl_report.model import Ages, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.distribution import curve_of, level_at, level_to
from npl_report.stats.recovery import offering
from npl_report.tables.determinants import INCLUDED
from npl_report.tables.panels import INDEX, PANELS, PanelKey

SINGLE = "single_observation"
"""Status of an entity with one observation, which the models leave out."""
COLUMNS = (
    Column("panel", Unit.TERM),
    Column("deal", Unit.DEAL),
    Column("originator", Unit.ORIGINATOR),
    Column("year", Unit.YEAR),
    Column("half_year", Unit.COUNT),
    Column("status", Unit.TERM),
    Column("n_deals", Unit.DEALS),
    Column("recovery", Unit.RATE),
    Column("forecast", Unit.RATE),
    Column("pool_balance", Unit.NUMBER),
    Column("secured_share", Unit.RATE),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("pool_balance", Unit.MONEY),
    Column("secured_share", Unit.RATE),
    Column("collected", Unit.MONEY),
    Column("amount", Unit.MONEY),
)


def compute(
    deal_recovery: Result,
    one_year_readings: Result | Unavailable,
    deals: pd.DataFrame,
    forecasts: pd.DataFrame,
    ages: Ages,
) -> Result | Unavailable:
    """Rows: ``<deal>@h<period>``, then ``<originator>@<year>``.

    Rates as fractions of the pool balance; the pool balance as natural logarithm. Where no deal has been read at one
    year, the first panel stands alone.
    """
    facts = deals.assign(year=deals["issue_date"].dt.year).set_index("deal")[
        ["originator", "year", "cutoff_date", "pool_balance", "secured_share"]
    ]
    behind = {"deal_half_year": _periods(deal_recovery.frame, facts, forecasts, ages)}
    if isinstance(one_year_readings, Result):
        behind["originator_year"] = _first_years(one_year_readings.frame, facts)
    whole = pd.concat([found.assign(panel=key) for key, found in behind.items()], ignore_index=True)
    if whole.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    whole["recovery"] = whole["collected"] / whole["pool_balance"]
    whole["forecast"] = whole["amount"] / whole["pool_balance"]
    whole["balance"] = np.log(whole["pool_balance"])
    groups = whole.groupby("row", sort=False)
    means = (
        groups[["recovery", "forecast", "balance", "secured_share"]].mean().rename(columns={"balance": "pool_balance"})
    )
    frame = (
        groups[["panel", "originator", "year", "half_year", "deal"]].first().assign(n_deals=groups.size()).join(means)
    )
    frame["deal"] = frame["deal"].where(frame["panel"] == PANELS[0])
    frame["status"] = pd.concat([_status(frame, key) for key in PANELS])
    gaps = {
        (str(row), key): Unavailable("bank_level")
        for row, key in product(frame.index[frame["panel"] == PANELS[1]], ("deal", "half_year"))
    }
    evidence = whole[["row", *(column.key for column in EVIDENCE)]]
    return Result(frame[[column.key for column in COLUMNS]].rename_axis(None), evidence, gaps)


def _periods(curves: pd.DataFrame, facts: pd.DataFrame, forecasts: pd.DataFrame, ages: Ages) -> pd.DataFrame:
    """By deal and period of age, a half-year or what the edition says: money collected and forecast within it.

    Periods that a deal has not completed are not there.
    """
    names = pd.Series(sorted(curves["deal"].unique()), dtype=object)
    names.index = pd.Index(names)
    foreseen = curve_of(offering(forecasts), "amount", facts["cutoff_date"], ages)
    parts = []
    before = pd.DataFrame({"collected": 0.0, "amount": 0.0}, index=names.index)
    for number in range(1, int(curves["age"].max() // ages.panel) + 1):
        age = number * ages.panel
        levels = {"collected": level_at(curves, "cumulative", age), "amount": level_to(foreseen, "level", age)}
        level = pd.DataFrame(levels).reindex(names.index)
        parts.append((level - before).dropna().assign(half_year=number))
        before = level
    flows = pd.concat(parts) if parts else before.iloc[:0].assign(half_year=0)
    flows = flows.join(facts).assign(deal=flows.index).sort_values(["deal", "half_year"], kind="stable")
    return flows.assign(row=flows["deal"] + "@h" + flows["half_year"].astype(str))


def _first_years(readings: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """By bank, year of issue and deal: money collected and forecast from the cut-off to the one-year reading."""
    read = readings.loc[readings["forecast"].notna(), ["cumulative", "forecast"]].astype(float)
    flows = read.rename(columns={"cumulative": "collected", "forecast": "amount"}).join(facts)
    flows = flows.assign(deal=flows.index, half_year=np.nan).sort_values(["originator", "year", "deal"], kind="stable")
    return flows.assign(row=flows["originator"] + "@" + flows["year"].astype(str))


def _status(frame: pd.DataFrame, key: PanelKey) -> pd.Series:
    entities = frame.loc[frame["panel"] == key, INDEX[key][0]]
    single = entities.map(entities.value_counts()) == 1
    return single.map({True: SINGLE, False: INCLUDED})


TABLE = ResearchTable(
    key="panel_observations",
    rows=Unit.TERM,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("study", "method"),
)
