"""Dated cash flows → cumulative recovery, and the forecast brought to the same dates.

Sources: report I, footnotes 4 (sums of per-period disclosures; forecasts split where the dates differ) and 9 (age). The
split in proportion to days is our choice. Notation as in METHODS: c_i cut-off date, A_i(t) collections, F_i forecast,
B_i pool balance.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import DAYS_PER_MONTH, Ages, Window, offered

_DAY = np.timedelta64(1, "D")
_SPAN = 1_000_000  # days; wider than any deal's life, so that deals can share one interpolation


def age_months(dates: pd.Series, cutoffs: pd.Series, ages: Ages) -> pd.Series:
    """(t − c_i) / 30 in months of 30 days (footnote 9), or in calendar months if these are counted.

    The last day of a month completes a calendar month, whichever day it is: from the end of June to that of December
    are six. Within a month days count in proportion.
    """
    if ages.calendar:
        return _month(dates) - _month(cutoffs)
    return (dates - cutoffs).dt.days / DAYS_PER_MONTH


def _month(dates: pd.Series) -> pd.Series:
    """Months to the end of each day, as a fraction where a month is not over."""
    of = dates.dt
    months: pd.Series = of.year * 12 + of.month + of.day / of.days_in_month
    return months


def offering(forecasts: pd.DataFrame) -> pd.DataFrame:
    """The offering circular's forecasts, gross of costs as recoveries are.

    They are these whatever was forecast by others, before or later.
    """
    return offered(forecasts).sort_values(["deal", "period_start"], kind="stable")


def interrupted(deals: pd.DataFrame) -> pd.Index:
    """Deals read up to a period that was not known though later ones were.

    Nobody can say what they have recovered in all.
    """
    gone: list[str] = deals["deal"].loc[deals["unread_from"].notna()].tolist()
    return pd.Index(gone)


def finished(deals: pd.DataFrame) -> pd.Index:
    """Liquidated deals of which every period has been read: they collect nothing more."""
    over = deals["liquidated_on"].notna() & ~deals["deal"].isin(interrupted(deals))
    gone: list[str] = deals["deal"].loc[over].tolist()
    return pd.Index(gone)


def known_to(last: pd.Series, today: pd.Series, over: pd.Index) -> pd.Series:
    """How far each deal is known: to its last collection date; one that is finished (``over``) to the as-of date.

    ``last`` and ``today``, the as-of date: dates or ages, by deal (the index). Missing where ``last`` is.
    """
    return today.where(today.index.isin(over) & (today > last), last)


def cumulative_at(flows: pd.DataFrame, amount: str, deals: pd.Series, dates: pd.Series) -> pd.Series:
    """Cumulative ``amount`` of each deal on a date.

    It is that of whole periods up to the date, and of the period it falls in the share of days passed.

    ``flows``: deal, period_start, period_end (both ends included) and the amount; periods of a deal follow each other
    without gap. ``deals`` and ``dates``: equally indexed. Before the first period the answer is 0, after the last the
    total. NaN for a deal without flows.
    """
    ordered = flows.sort_values(["deal", "period_end"], kind="stable")
    codes, names = pd.factorize(ordered["deal"])
    first = ~ordered.duplicated("deal").to_numpy()
    opening = _days(ordered["period_start"]) - 1
    closing = _days(ordered["period_end"])
    sums = ordered.groupby("deal", sort=False)[amount].cumsum().to_numpy(dtype=float)
    knots = np.concatenate([(codes * _SPAN + opening)[first], codes * _SPAN + closing])
    levels = np.concatenate([np.zeros(int(first.sum())), sums])
    order = np.argsort(knots, kind="stable")
    position = pd.Index(names).get_indexer(pd.Index(deals))
    last = ordered.groupby("deal", sort=False)["period_end"].max()
    bounded = np.minimum(_days(dates), _days(last.reindex(deals).fillna(pd.Timestamp(0))))
    start = ordered.loc[first].set_index("deal")["period_start"]
    bounded = np.maximum(bounded, _days(start.reindex(deals).fillna(pd.Timestamp(0))) - 1)
    answer = (
        np.interp(position * _SPAN + bounded, knots[order], levels[order])
        if len(knots)
        else np.full(len(deals), np.nan)
    )
    return pd.Series(np.where(position >= 0, answer, np.nan), index=deals.index)


def _days(dates: pd.Series) -> np.ndarray:
    return (dates.to_numpy(dtype="datetime64[D]") - np.datetime64("1970-01-01", "D")) // _DAY


def reading(curves: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The last point of each deal whose age lies in the window; deals without one are not in the answer.

    ``curves``: one row per deal and collection date, with ``deal`` and ``age``. "Last" is our choice; report I leaves
    it open.
    """
    inside = curves.loc[(curves["age"] >= window.low) & (curves["age"] <= window.high)]
    return inside.sort_values(["deal", "age"], kind="stable").drop_duplicates("deal", keep="last")
