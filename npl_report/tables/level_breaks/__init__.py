"""The largest change of level between years of issue, by asset type, at one age for all.

Two kinds of breaks are searched for, a year against the year before and the last k years against the rest, in the
share of deals above their forecast. Shares are compared because offset rates at an early age are skewed: a forecast
that begins late makes them several times what they are elsewhere. The test is in ``stats.breaks``; p values are then
adjusted for the number of rows (Holm 1979). All of it is ours.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from npl_report.model import Ages, Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit, settled
from npl_report.stats.breaks import KINDS, Break, Kind, largest_breaks, stepwise
from npl_report.stats.groups import mean
from npl_report.tables.cohorts import Cohorts, comparison_age, none_known
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("kind", Unit.TERM, shown=False),
    Column("age", Unit.MONTHS, shown=False),
    Column("n_deals", Unit.DEALS, shown=False),
    Column("n_splits", Unit.COUNT, shown=False),
    Column("first_before", Unit.YEAR, span="before"),
    Column("last_before", Unit.YEAR, span="before"),
    Column("n_before", Unit.DEALS, span="before"),
    Column("n_above_before", Unit.COUNT, span="before"),
    Column("share_before", Unit.RATE, span="before"),
    Column("offset_before", Unit.RATE, span="before"),
    Column("first_after", Unit.YEAR, span="after"),
    Column("last_after", Unit.YEAR, span="after"),
    Column("n_after", Unit.DEALS, span="after"),
    Column("n_above_after", Unit.COUNT, span="after"),
    Column("share_after", Unit.RATE, span="after"),
    Column("offset_after", Unit.RATE, span="after"),
    Column("change", Unit.POINTS),
    Column("offset_change", Unit.POINTS, shown=False),
    Column("p", Unit.PROBABILITY, shown=False),
    Column("p_offset", Unit.PROBABILITY, shown=False),
    Column("p_adjusted", Unit.PROBABILITY),
    Column("holds", Unit.TERM),
    Column("rank", Unit.RANK, shown=False),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("year", Unit.YEAR),
    Column("collected", Unit.MONEY),
    Column("forecast", Unit.MONEY),
    Column("deviation", Unit.MONEY),
    Column("offset", Unit.RATE),
)
_SIDES = ("before", "after")


def compute(
    deal_recovery: Result,
    deals: pd.DataFrame,
    forecasts: pd.DataFrame,
    horizons: tuple[int, ...],
    ages: Ages,
    edition: Edition,
) -> Result | Unavailable:
    """Rows: ``<type>-<kind>`` for every type with a deal that has a forecast and is known to the age.

    Shares and offset rates as fractions. A break holds if its adjusted p value is below the edition's significance.
    Deals of which nothing is forecast to the age count in shares, not in means of offset rates. ``rank`` orders the
    breaks by p value, then by the size of the change, equal ones by id.
    """
    age = comparison_age(horizons)
    cohorts = Cohorts(deal_recovery.frame, deals, forecasts, ages, edition.as_of)
    points = cohorts.at((age,))
    compared = points.dropna(subset=["deviation"])
    if compared.empty:
        return none_known(points, cohorts, age)
    groups = dict(iter(compared.groupby("asset_type")))
    types = [type_ for type_ in edition.market.asset_types if type_ in groups]
    largest = {type_: _largest(groups[type_], edition.ranking.fewest) for type_ in types}
    found = {(type_, kind): largest[type_][kind] for type_, kind in product(types, KINDS)}
    judged = _judged({pair: one for pair, one in found.items() if isinstance(one, Break)}, edition)
    rows, evidence = Rows(COLUMNS), []
    for (type_, kind), one in found.items():
        group = groups[type_]
        cells = _gap(one) if isinstance(one, Unavailable) else _cells(group, one) | judged[type_, kind]
        rows.add(f"{type_}-{kind}", asset_type=type_, kind=kind, age=age, n_deals=len(group), **cells)
        evidence.append(group.assign(row=f"{type_}-{kind}", deal=group.index))
    return rows.result(pd.concat(evidence)[["row", *(column.key for column in EVIDENCE)]])


def _largest(group: pd.DataFrame, fewest: int) -> dict[Kind, Break | Unavailable]:
    above = (group["deviation"] > 0).astype(float)
    return largest_breaks(above, group["year"], fewest, group["offset"])


def _judged(found: dict[tuple[str, Kind], Break], edition: Edition) -> dict[tuple[str, Kind], dict[str, Cell]]:
    """Adjusted p value, whether the break holds, and its rank."""
    adjusted = dict(zip(found, stepwise([one.p for one in found.values()]), strict=True))
    order = sorted(found, key=lambda pair: (settled(found[pair].p), -settled(abs(found[pair].change)), *pair))
    return {
        pair: {
            "p_adjusted": p,
            "holds": "yes" if p < edition.determinants.significance else "no",
            "rank": order.index(pair) + 1,
        }
        for pair, p in adjusted.items()
    }


def _cells(group: pd.DataFrame, found: Break) -> dict[str, Cell]:
    """Both sides of a break, how far they are apart, and the p values."""
    cells: dict[str, Cell] = {"n_splits": found.searched, "change": found.change, "p": found.p}
    for side, years in zip(_SIDES, (found.split.before, found.split.after), strict=True):
        part = group.loc[group["year"].isin(years)]
        above = int((part["deviation"] > 0).sum())
        cells |= {f"first_{side}": years[0], f"last_{side}": years[-1], f"n_{side}": len(part)}
        cells |= {f"n_above_{side}": above, f"share_{side}": above / len(part)}
        cells[f"offset_{side}"] = mean(part["offset"].dropna(), "nothing_forecast")
    before, after = cells["offset_before"], cells["offset_after"]
    gap = next((one for one in (before, after) if isinstance(one, Unavailable)), None)
    cells["offset_change"] = gap or float(after) - float(before)  # type: ignore[arg-type]  # there is no gap
    cells["p_offset"] = found.p_other
    return cells


def _gap(reason: Unavailable) -> dict[str, Cell]:
    """A row without a break."""
    return {column.key: reason for column in COLUMNS if column.key not in ("asset_type", "kind", "age", "n_deals")}


TABLE = ResearchTable(
    key="level_breaks",
    linked=True,
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("shift", ("share_before", "share_after", "p_adjusted")),
)
