"""What was known on the as-of date: later deals, reports and restatements do not exist for the edition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from npl_report.load.frames import by_deal
from npl_report.model import NO_RECOVERIES


def known_on(frames: Mapping[str, pd.DataFrame], as_of: date) -> dict[str, pd.DataFrame]:
    """The frames as they stood on ``as_of``.

    Of several values of one record it is the one reported last, on or before that day. A payment is reported before it
    is made, and exists once it was both; so does a last period that ends with its payment. ``collections`` and
    ``payments`` also say ``first_reported_on``, and in ``versions`` how many values had been reported by then.
    ``collections`` of a deal end where a period is missing, whose first day ``deals`` holds in ``unread_from``;
    ``collected`` are recoveries, less what is none.
    """
    day = pd.Timestamp(as_of)
    deals = frames["deals"].loc[frames["deals"]["issue_date"] <= day].copy()
    deals["liquidated_on"] = deals["liquidated_on"].where(deals["liquidated_on"] <= day)
    known = {
        "deals": deals,
        "originators": frames["originators"].loc[frames["originators"]["originator"].isin(deals["originator"])],
        "priorities": frames["priorities"],
        "tranches": _of(frames["tranches"], deals),
    }
    collections = _of(frames["collections"], deals)
    periods = _latest(collections.loc[collections["period_end"] <= day], ["deal", "period_start", "period_end"], day)
    missing = _missing(periods, deals)
    deals["unread_from"] = missing.reindex(deals["deal"]).to_numpy()
    known["collections"] = _recoveries(
        periods.loc[~(periods["period_start"] > missing.reindex(periods["deal"]).to_numpy())]
    )
    payments = _of(frames["payments"], deals)
    known["payments"] = _latest(payments.loc[payments["paid_on"] <= day], ["deal", "tranche", "paid_on"], day)
    forecasts = _of(frames["forecasts"], deals)
    known["forecasts"] = forecasts.loc[forecasts["made_on"] <= day]
    known["market"] = frames["market"].loc[frames["market"]["date"] <= day]
    return {name: frame.reset_index(drop=True) for name, frame in known.items()}


def _of(frame: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    return frame.loc[frame["deal"].isin(deals["deal"])]


def _latest(frame: pd.DataFrame, key: list[str], day: pd.Timestamp) -> pd.DataFrame:
    seen = frame.loc[frame["reported_on"] <= day].sort_values([*key, "reported_on"], kind="stable")
    reports = seen.groupby(key)["reported_on"]
    told = seen.assign(first_reported_on=reports.transform("min"), versions=reports.transform("size"))
    return told.drop_duplicates(key, keep="last")


def _missing(periods: pd.DataFrame, deals: pd.DataFrame) -> pd.Series:
    """By deal, the first day that no known period covers though a later one is known.

    In whole files periods follow each other (``load.rules``).
    """
    ordered = periods.sort_values(["deal", "period_start"], kind="stable")
    due = (ordered.groupby("deal")["period_end"].shift() + pd.Timedelta(days=1)).fillna(
        by_deal(deals.set_index("deal")["cutoff_date"], ordered["deal"])
    )
    return due.loc[ordered["period_start"] != due].groupby(ordered["deal"]).first()


def _recoveries(periods: pd.DataFrame) -> pd.DataFrame:
    """``collected`` less other income, clean-up call and repurchases."""
    return periods.assign(
        collected=(periods["collected"] - periods[list(NO_RECOVERIES)].fillna(0.0).sum(axis="columns")).clip(lower=0.0)
    )
