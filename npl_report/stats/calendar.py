"""Collections of reporting periods → collections of calendar quarters, and which deals live in a quarter.

Reporting periods do not match the calendar. What is collected in one is split to the quarters that it touches in
proportion to days, as a forecast is split where its dates differ (report I, footnote 4); the linear split is ours.

A quarter is a whole number here (``model.quarters``).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from npl_report.model import QUARTERS

LONGEST_QUARTER = 92
"""Days."""
PATIENCE = 365
"""Days without a report, from the last one or the closing on, after which a deal is no longer awaited (ours)."""

_DAY = pd.Timedelta(days=1)


def quarter_of(dates: pd.Series) -> pd.Series:
    """The quarter in which each day lies; -1 for no day."""
    quarters: pd.Series = (dates.dt.year * QUARTERS + dates.dt.quarter - 1).fillna(-1).astype("int64")
    return quarters


def first_day(quarters: pd.Series) -> pd.Series:
    """The day on which each quarter begins."""
    parts = {"year": quarters // QUARTERS, "month": quarters % QUARTERS * 3 + 1, "day": 1}
    return pd.to_datetime(pd.DataFrame(parts, index=quarters.index))


def last_day(quarters: pd.Series) -> pd.Series:
    """The day on which each quarter ends."""
    return first_day(quarters + 1) - _DAY


def by_quarter(flows: pd.DataFrame, amount: str) -> pd.DataFrame:
    """What each deal collected in every quarter that its periods touch: ``deal``, ``quarter``, ``amount``.

    ``flows``: deal, period_start, period_end (both ends included) and the amount. A quarter that periods cover in part
    holds the part; the quarters of a deal add up to its flows.
    """
    first, last = quarter_of(flows["period_start"]), quarter_of(flows["period_end"])
    touched = (last - first + 1).to_numpy()
    parts = flows.loc[flows.index.repeat(touched)].reset_index(drop=True)
    nth = np.arange(len(parts)) - np.repeat(np.cumsum(touched) - touched, touched)
    parts["quarter"] = np.repeat(first.to_numpy(), touched) + nth
    begins = parts["period_start"].clip(lower=first_day(parts["quarter"]))
    ends = parts["period_end"].clip(upper=last_day(parts["quarter"]))
    days = (ends - begins).dt.days + 1
    whole = (parts["period_end"] - parts["period_start"]).dt.days + 1
    parts["amount"] = parts[amount] * (days / whole)
    return parts.groupby(["deal", "quarter"])["amount"].sum().reset_index()


def lives(deals: pd.DataFrame, collections: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The quarters in which each deal lives: from that of its closing to the last in which any deal has collected.

    A liquidated deal lives to the quarter of its last report, and has then reported to its end. One that is no longer
    awaited (``PATIENCE``) lives to the last quarter that it has reported whole. One read up to a gap is awaited.

    ``deals``: deal, closing_date, liquidated_on, unread_from; ``collections``: deal, period_end, at least one row. One
    row per deal and quarter: ``deal``, ``quarter``, ``reported`` (to the quarter's end, or to that of a liquidated
    deal), ``ended`` (to the quarter's end).
    """
    read = deals["deal"].map(collections.groupby("deal")["period_end"].max())
    known = deals["unread_from"].isna()
    over = known & deals["liquidated_on"].notna()
    silent = known & ~over & (pd.Timestamp(as_of) - read.fillna(deals["closing_date"]) > PATIENCE * _DAY)
    end = int(quarter_of(collections["period_end"]).max())
    last = quarter_of(read).where(over, end).mask(silent, quarter_of(read + _DAY) - 1)
    first = quarter_of(deals["closing_date"])
    count = (last - first + 1).clip(lower=0).to_numpy()
    living = pd.DataFrame({"deal": deals["deal"], "first": first, "over": over, "last": last, "read": read})
    living = living.loc[living.index.repeat(count)].reset_index(drop=True)
    living["quarter"] = living["first"] + np.arange(len(living)) - np.repeat(np.cumsum(count) - count, count)
    living["ended"] = living["read"] >= last_day(living["quarter"])
    living["reported"] = living["ended"] | (living["over"] & (living["quarter"] == living["last"]))
    return living[["deal", "quarter", "reported", "ended"]]
