"""Every deal in every quarter of the calendar in which it lives: what the tables of the calendar are made from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from npl_report.model import TOTAL, Ages, Result, Unavailable, quarter_id
from npl_report.stats.calendar import by_quarter, first_day, last_day, lives
from npl_report.stats.recovery import age_months, cumulative_at


def deal_quarters(deals: pd.DataFrame, collections: pd.DataFrame, ages: Ages, as_of: date) -> pd.DataFrame:
    """One row per deal and quarter, in this order; without one, no more columns than ``lives`` gives.

    ``deal``, ``asset_type``, ``quarter``, ``date`` (its last day), ``reported``, ``balance`` (initial), ``collected``
    in the quarter (millions, NaN without a report of any of its days), ``age`` at its end in months, ``whole`` (the
    deal was cut off before it began and has reported it to its end), ``recovery`` in the quarter and ``cumulative`` to
    its end, as fractions of the balance.
    """
    living = lives(deals, collections, as_of).sort_values(["deal", "quarter"], ignore_index=True)
    if living.empty:
        return living
    facts = deals.set_index("deal")
    living = living.merge(by_quarter(collections, "collected"), on=["deal", "quarter"], how="left")
    living = living.rename(columns={"amount": "collected"})
    cutoff, balance = (living["deal"].map(facts[key]) for key in ("cutoff_date", "pool_balance"))
    date_ = last_day(living["quarter"])
    level = cumulative_at(collections, "collected", living["deal"], date_)
    return living.assign(
        asset_type=living["deal"].map(facts["asset_type"]),
        date=date_,
        balance=balance,
        age=age_months(date_, cutoff, ages),
        whole=(cutoff <= first_day(living["quarter"])) & living["ended"],
        recovery=living["collected"] / balance,
        cumulative=level / balance,
    )


def of_total(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows, and again as those of all classes together."""
    return pd.concat([frame, frame.assign(asset_type=TOTAL)], ignore_index=True)


def grid(living: pd.DataFrame, asset_types: tuple[str, ...], as_of: date) -> pd.DataFrame:
    """Every class, and all together, in every quarter from its first to its last, by row id ``<class>-2025Q3``.

    ``asset_type``, ``quarter``, ``n_living`` (0 where the class has no deal in between), ``n_reported`` of them, and
    whether that is ``whole``: the quarter is over, and all have reported.
    """
    groups = of_total(living).groupby(["asset_type", "quarter"])["reported"]
    counts = groups.agg(n_living="size", n_reported="sum").reset_index()
    quarters = {str(kind): part.astype(int).tolist() for kind, part in counts.groupby("asset_type")["quarter"]}
    every = [
        pd.DataFrame({"asset_type": kind, "quarter": range(min(quarters[kind]), max(quarters[kind]) + 1)})
        for kind in (*asset_types, TOTAL)
        if kind in quarters
    ]
    found = pd.concat(every, ignore_index=True).merge(counts, on=["asset_type", "quarter"], how="left")
    found[["n_living", "n_reported"]] = found[["n_living", "n_reported"]].fillna(0).astype("int64")
    over = last_day(found["quarter"]) <= pd.Timestamp(as_of)
    found["whole"] = over & (found["n_living"] == found["n_reported"])
    return found.set_index(row_ids(found))


def row_ids(frame: pd.DataFrame) -> pd.Index:
    """``<class>-2025Q3`` of every row."""
    pairs = zip(frame["asset_type"], frame["quarter"], strict=True)
    return pd.Index([f"{kind}-{quarter_id(int(quarter))}" for kind, quarter in pairs], dtype="str")


def unreported(n_living: int) -> Unavailable:
    """Why a quarter has nothing: the class has no deal in it, or none has reported it."""
    return Unavailable("no_report_of_quarter" if n_living else "none_living", needed=1, found=0)


def row_of(table: Result, row: str, columns: tuple[str, ...]) -> dict[str, Any]:
    """The cells of a row of a table of quarters, with the reasons of its gaps; of a class without it, that it is none.

    It then has no deals.
    """
    if row in table.frame.index:
        return {key: table.gaps.get((row, key), table.frame.at[row, key]) for key in columns}
    return {key: 0 if key.startswith("n_") else unreported(0) for key in columns}


def in_quarter(table: Result, quarter: str, evidence: tuple[str, ...]) -> pd.DataFrame:
    """The evidence of a table of quarters for one of them, its rows named by class."""
    part = table.evidence.loc[table.evidence["row"].str.endswith(f"-{quarter}")]
    return part.assign(row=[str(row).partition("-")[0] for row in part["row"]])[["row", *evidence]]
