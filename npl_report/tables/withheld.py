"""What a publication prints of tables whose data are not public: no row of a restricted file can be read off it.

A table touches a file if it is computed from it, itself or through other tables. Of a table that touches a restricted
one

- nothing is published if its rows are the deals' own, or the market's (``market``, whose rows such a table prints), or
  if its figures follow from one another (``linked``: a quarter stands again as another's year before, a share gives
  the size of what is hidden beside it);
- otherwise the aggregates are: without the rows behind them, without the names of single deals, and without the figures
  of a row behind which stand fewer than ``FEWEST`` deals, for those are a deal's own, or let one owner of a deal
  compute the other's; nor the total from which these would follow.

Numbers of deals stay. What is left out is a gap with its reason, as anything else that a table does not have.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache

import pandas as pd

from npl_report.model import Column, Dataset, Market, ResearchTable, Result, Unavailable, Unit, Withheld, checked
from npl_report.tables import catalogue, inputs

FEWEST = 3
"""Deals behind a figure. The least that statistical offices ask for (the rule of three): with two, each owner knows
the other's figure."""
RESTRICTED, FEW = "restricted", "restricted_few"
REASONS = frozenset({RESTRICTED, FEW})
"""Reasons of gaps that are made here."""
_COUNTS = frozenset({Unit.DEALS, Unit.COUNT, Unit.RANK, Unit.YEAR})
"""Units of figures that say how many, not how much."""
_KINDS = frozenset({Unit.ASSET_TYPE, Unit.TRANCHE, Unit.TERM})
"""Units of words that many deals share."""


def public(
    results: Mapping[str, Result | Unavailable], restricted: Collection[str], market: Market
) -> dict[str, Result | Unavailable]:
    """The results as they may be published; ``restricted`` names the files (parts of ``Dataset``) that may not."""
    tables = catalogue(market)
    return {
        key: _public(tables[key], result, touched(key, market) & frozenset(restricted), market.ladder[1:-1])
        for key, result in results.items()
    }


@cache
def touched(key: str, market: Market) -> frozenset[str]:
    """The parts of the data that a table is computed from, itself or through other tables."""
    tables = catalogue(market)
    names = inputs(tables[key])
    above = (touched(name, market) for name in names if name in tables)
    return frozenset(names).intersection(Dataset.PARTS).union(*above)


def _public(
    table: ResearchTable, result: Result | Unavailable, restricted: frozenset[str], between: Collection[str]
) -> Result | Unavailable:
    """``between``: the tranches that deals may lack."""
    if not restricted or isinstance(result, Unavailable):
        return result
    own = table.rows is Unit.DEAL or any(column.key == "deal" for column in table.columns)
    if own or table.linked or "market" in restricted:
        return Withheld(reason=RESTRICTED, kinds=_kinds(table, result))
    if all(column.key != "deal" for column in table.evidence):
        return result  # models of the whole sample, whose evidence is aggregated
    frame, gaps = result.frame.copy(), dict(result.gaps)
    for column in table.columns:
        deals = _behind(column, result.evidence, between)
        few = deals[(deals > 0) & (deals < FEWEST)]  # nought: an observation that is no deal's, as a bank's in a year
        for row in map(str, frame.index):
            whole = row not in deals.index and 0 < few.sum() < FEWEST
            gap = _gap(column, int(few.get(row, FEWEST)), whole=whole)
            if gap and (row, column.key) not in gaps:
                gaps[row, column.key] = gap
    for name in dict.fromkeys(key for _, key in gaps):
        hidden = frame.index.isin([row for row, key in gaps if key == name])
        frame[name] = frame[name].mask(hidden)
    return checked(table, replace(result, frame=frame, gaps=gaps, evidence=result.evidence.iloc[:0], withheld=True))


def _behind(column: Column, evidence: pd.DataFrame, between: Collection[str]) -> pd.Series:
    """Deals behind a column, by row; of a tranche that deals may lack, those that have it."""
    tranche = next((part for part in column.key.split("_") if part in between), "")
    own = [name for name in evidence.columns if tranche and tranche in str(name).split("_")]
    there = evidence.loc[evidence[own].notna().any(axis="columns")] if own else evidence
    return there.groupby("row")["deal"].nunique()


def _kinds(table: ResearchTable, result: Result) -> pd.DataFrame:
    """What kinds of rows a table has, so that they can be counted, and nothing that tells whose they are."""
    return result.frame[[column.key for column in table.columns if column.unit in _KINDS]].reset_index(drop=True)


def _gap(column: Column, deals: int, *, whole: bool) -> Unavailable | None:
    """Why a cell is not published; None if it is published.

    ``whole``: the row is a total, and what it holds beyond the rows that are published would be of a few deals.
    """
    if column.unit is Unit.DEAL:
        return Unavailable(RESTRICTED)
    if column.unit in _COUNTS or not (column.numeric or column.unit is Unit.DATE):
        return None
    return Unavailable(FEW, FEWEST, deals) if deals < FEWEST else Unavailable(RESTRICTED) if whole else None
