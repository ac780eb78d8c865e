"""The latest forecast of each deal against the offering circular's, by year of issue: amount, timing, present value.

A later forecast counts with what had been collected before its first day. Source: METHODS, "What the market reads";
agencies print revised business plans against the original one. See ``stats.revisions``.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import TOTAL, Ages, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import differences
from npl_report.stats.revisions import FIRST, LATER, of, paths, vintages, weighed
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("n_raised", Unit.DEALS),
    Column("n_cut", Unit.DEALS),
    Column("first_total", Unit.MONEY, span="total", total=True),
    Column("later_total", Unit.MONEY, span="total", total=True),
    Column("change", Unit.RATE, span="total"),
    Column("collected_share", Unit.RATE, span="total"),
    Column("first_life", Unit.MONTHS, decimals=1, span="life"),
    Column("later_life", Unit.MONTHS, decimals=1, span="life"),
    Column("first_value", Unit.MONEY, span="value", total=True),
    Column("later_value", Unit.MONEY, span="value", total=True),
    Column("value_change", Unit.RATE, span="value"),
    Column("n_forecasts", Unit.COUNT),
    Column("n_left_out", Unit.COUNT, optional=True),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("vintage", Unit.TERM),
    Column("agency", Unit.TERM),
    Column("made_on", Unit.DATE),
    Column("first_total", Unit.MONEY),
    Column("later_total", Unit.MONEY),
    Column("first_life", Unit.MONTHS, decimals=1),
    Column("later_life", Unit.MONTHS, decimals=1),
    Column("first_value", Unit.MONEY),
    Column("later_value", Unit.MONEY),
)
_SIDES, _MEASURES = ("first", "later"), ("total", "value", "moment")
_LEFT_OUT = ("other_basis", "no_first", "not_later", "not_reported")


def compute(
    deals: pd.DataFrame, collections: pd.DataFrame, forecasts: pd.DataFrame, edition: Edition, ages: Ages
) -> Result | Unavailable:
    """Rows: years of issue with a later forecast, and their total. Money in millions, changes as fractions.

    Per deal the later forecast made last that can be compared; ``n_forecasts`` and ``n_left_out`` count all.
    """
    made = vintages(forecasts, collections)
    years = deals.set_index("deal")["issue_date"].dt.year
    made = made.assign(year=made["deal"].map(years).astype(int).astype(str))
    told = made.loc[made["status"] != FIRST]
    if told.empty:
        return Unavailable("no_revision", needed=1, found=0)
    if not (told["status"] == LATER).any():
        return Unavailable("no_comparable_revision", needed=1, found=0)
    deal = _compared(made, deals, collections, forecasts, edition.present_value.rate, ages)
    rows = Rows(COLUMNS)
    for year in sorted(set(told["year"])):
        rows.add(year, **_cells(deal.loc[deal["row"] == year], told.loc[told["year"] == year, "status"]))
    rows.add(TOTAL, **_cells(deal, told["status"]))
    return rows.result(deal[["row", *(column.key for column in EVIDENCE)]])


def _compared(
    made: pd.DataFrame, deals: pd.DataFrame, collections: pd.DataFrame, forecasts: pd.DataFrame, rate: float, ages: Ages
) -> pd.DataFrame:
    """One row a deal with both: its latest comparable forecast and the first, weighed."""
    kept = made.loc[made["status"].isin([FIRST, LATER])]
    cutoffs = of(deals.set_index("deal")["cutoff_date"], kept["deal"])
    weights = weighed(paths(kept, forecasts, collections), cutoffs, rate, ages)
    told = kept.join(weights)
    last = told.loc[told["status"] == LATER].drop_duplicates("deal", keep="last").set_index("deal")
    first = told.loc[told["status"] == FIRST].set_index("deal").reindex(last.index)
    sides = {"first": first, "later": last}
    measured = {f"{side}_{key}": sides[side][key] for side, key in product(_SIDES, _MEASURES)}
    lives = {f"{side}_life": own["moment"] / own["total"].where(own["total"] > 0) for side, own in sides.items()}
    apart = differences(last["total"], first["total"])
    frame = last[["vintage", "agency", "made_on", "told"]].assign(row=last["year"], apart=apart, **measured, **lives)
    return frame.rename_axis("deal").reset_index()


def _cells(deal: pd.DataFrame, status: pd.Series) -> dict[str, Cell]:
    """The sums of a year's deals, and how many forecasts there are."""
    left_out = int(status.isin(_LEFT_OUT).sum())
    counts: dict[str, Cell] = {"n_forecasts": len(status) - left_out, "n_left_out": left_out}
    if deal.empty:
        none = Unavailable("no_comparable_revision", needed=1, found=0)
        return {**{column.key: none for column in COLUMNS}, "n_deals": 0, "n_raised": 0, "n_cut": 0, **counts}
    sums = {key: float(deal[key].sum()) for key in ("told", *map("_".join, product(_SIDES, _MEASURES)))}
    nought = Unavailable("nothing_forecast", needed=1, found=0)

    def over(part: float, whole: float, less: float = 0.0) -> Cell:
        return part / whole - less if whole > 0 else nought

    return {
        "n_deals": len(deal),
        "n_raised": int((deal["apart"] > 0).sum()),
        "n_cut": int((deal["apart"] < 0).sum()),
        **{key: sums[key] for key in map("_".join, product(_SIDES, _MEASURES[:2]))},
        "change": over(sums["later_total"], sums["first_total"], 1.0),
        "collected_share": over(sums["told"], sums["later_total"]),
        **{f"{side}_life": over(sums[f"{side}_moment"], sums[f"{side}_total"]) for side in _SIDES},
        "value_change": over(sums["later_value"], sums["first_value"], 1.0),
        **counts,
    }


TABLE = ResearchTable(
    key="forecast_revisions",
    linked=True,
    rows=Unit.YEAR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
)
