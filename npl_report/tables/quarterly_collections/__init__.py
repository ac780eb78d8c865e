"""Collections in calendar time: by asset type and quarter, against the same quarter of earlier years, and adjusted.

Sources: monitoring reports compare a period with the same one a year before and with its mean over three years; the
adjustment for seasons is STL (``stats.seasonal``). The split of reporting periods to quarters is ours, and that amounts
from which reports are missing are not compared.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import (
    QUARTERS,
    Ages,
    Chart,
    Column,
    Edition,
    ResearchTable,
    Result,
    Unavailable,
    Unit,
    difference,
    quarter_id,
)
from npl_report.stats.calendar import LONGEST_QUARTER
from npl_report.stats.seasonal import adjusted
from npl_report.tables.quarters import deal_quarters, grid, of_total, row_ids, unreported
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("quarter", Unit.TERM, shown=False),
    Column("n_living", Unit.DEALS),
    Column("n_reported", Unit.DEALS),
    Column("complete", Unit.TERM),
    Column("collected", Unit.MONEY, total=True),
    Column("year_ago", Unit.MONEY, total=True),
    Column("change", Unit.RATE),
    Column("mean_three", Unit.MONEY),
    Column("against_mean", Unit.RATE),
    Column("adjusted", Unit.MONEY, total=True),
    Column("adjusted_change", Unit.RATE),
)
YEARS = 3
"""Of which the mean is taken."""

Cells = list[float | Unavailable]

_NONE_BEFORE = Unavailable("no_quarter_before")


def compute(
    deals: pd.DataFrame, collections: pd.DataFrame, asset_types: tuple[str, ...], ages: Ages, edition: Edition
) -> Result | Unavailable:
    """Rows: ``<class>-<quarter>`` and ``total-<quarter>``. Money in millions, changes as fractions."""
    if collections.empty:
        return Unavailable("no_reports", needed=1, found=0)
    living = deal_quarters(deals, collections, ages, edition.as_of)
    if living.empty:
        return Unavailable("no_reports", needed=1, found=0)
    told = living.loc[living["collected"].notna()]
    sums = of_total(told).groupby(["asset_type", "quarter"])["collected"].sum().reset_index()
    counts = grid(living, asset_types, edition.as_of)
    counts["collected"] = sums.set_index(row_ids(sums))["collected"].reindex(counts.index)
    rows = Rows(COLUMNS)
    long = _long_periods(deals, collections)
    for kind, part in counts.groupby("asset_type", sort=False):
        _add(rows, part, long=str(kind) in long)
    evidence = told.assign(row=row_ids(told)).sort_values(["asset_type", "quarter", "deal"])
    return rows.result(evidence[["row", *(of.key for of in TABLE.evidence)]])


def _long_periods(deals: pd.DataFrame, collections: pd.DataFrame) -> set[str]:
    """The classes, and perhaps the total, whose periods are mostly longer than a quarter.

    Their quarters are parts of longer periods, cut evenly, and have no seasons of their own.
    """
    days = (collections["period_end"] - collections["period_start"]).dt.days + 1
    kinds = collections["deal"].map(deals.set_index("deal")["asset_type"])
    typical = of_total(pd.DataFrame({"asset_type": kinds, "days": days})).groupby("asset_type")["days"].median()
    return {str(kind) for kind in typical.index[typical > LONGEST_QUARTER]}


def _add(rows: Rows, part: pd.DataFrame, *, long: bool) -> None:
    """The quarters of one class, in their order and none left out; ``long``: its periods are longer than they."""
    known = _comparable(part)
    seasons = _seasons(known, long=long)
    for place, (row, of) in enumerate(zip(part.index, part.to_dict("records"), strict=True)):
        year_ago = _before(known, place, 1)
        mean_three = _before(known, place, YEARS)
        rows.add(
            str(row),
            asset_type=of["asset_type"],
            quarter=quarter_id(of["quarter"]),
            n_living=of["n_living"],
            n_reported=of["n_reported"],
            complete="yes" if of["whole"] else "no",
            collected=unreported(of["n_living"]) if np.isnan(of["collected"]) else of["collected"],
            year_ago=year_ago,
            change=_change(known[place], year_ago),
            mean_three=mean_three,
            against_mean=_change(known[place], mean_three),
            adjusted=seasons[place],
            adjusted_change=_change(seasons[place], _earlier(seasons, place - 1)),
        )


def _comparable(part: pd.DataFrame) -> Cells:
    """What was collected in each quarter that no report is missing from."""
    return [
        unreported(of["n_living"])
        if np.isnan(of["collected"])
        else float(of["collected"])
        if of["whole"]
        else Unavailable("reports_missing", needed=of["n_living"], found=of["n_reported"])
        for of in part.to_dict("records")
    ]


def _before(known: Cells, place: int, years: int) -> float | Unavailable:
    """The mean of the same quarter in so many years before."""
    values = [_earlier(known, place - QUARTERS * year) for year in range(1, years + 1)]
    figures = [value for value in values if not isinstance(value, Unavailable)]
    if len(figures) < years:
        return _NONE_BEFORE
    return float(np.mean(figures))


def _earlier(known: Cells, place: int) -> float | Unavailable:
    """The figure of a quarter before, which may be none of the class."""
    value = known[place] if place >= 0 else _NONE_BEFORE
    return _NONE_BEFORE if isinstance(value, Unavailable) else value


def _change(value: float | Unavailable, base: float | Unavailable) -> float | Unavailable:
    """By what part of its base a figure is higher; exactly nought where both are one figure."""
    if isinstance(value, Unavailable):
        return value
    if isinstance(base, Unavailable):
        return base
    return difference(value, base) / base if base > 0 else Unavailable("nothing_collected_before")


def _amount(adjusted: float, collected: float) -> float | Unavailable:
    """An adjusted amount. There is none where the season is larger than the amount: in last trickles it is noise."""
    return adjusted if abs(difference(collected, adjusted)) <= collected else Unavailable("season_larger")


def _seasons(known: Cells, *, long: bool) -> Cells:
    """The last unbroken run of comparable quarters without its seasons; the reason for every other one."""
    found: Cells = [value if isinstance(value, Unavailable) else Unavailable("parted_by_gap") for value in known]
    figures = [place for place, value in enumerate(known) if not isinstance(value, Unavailable)]
    if not figures:
        return found
    end = figures[-1] + 1
    start = max((place + 1 for place in range(end) if isinstance(known[place], Unavailable)), default=0)
    values = np.array(known[start:end], dtype=float)
    series = Unavailable("periods_too_long") if long else adjusted(values)
    found[start:end] = (
        [series] * (end - start)
        if isinstance(series, Unavailable)
        else [_amount(of, value) for of, value in zip(series.tolist(), values.tolist(), strict=True)]
    )
    return found


TABLE = ResearchTable(
    key="quarterly_collections",
    linked=True,
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL), Column("date", Unit.DATE), Column("collected", Unit.MONEY)),
    compute=compute,
    sources=("method",),
    chart=Chart("quarters", ("collected", "adjusted")),
)
