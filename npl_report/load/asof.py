"""What was known on the as-of date: later deals, reports and restatements do not exist for the edition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd


def known_on(frames: Mapping[str, pd.DataFrame], as_of: date) -> dict[str, pd.DataFrame]:
    """The frames as they stood on ``as_of``; of several values of one record the one reported last, on or before that day.

    ``collections`` and ``payments`` also say ``first_reported_on``, and in ``versions`` how many values had been reported by then.
    """
    day = pd.Timestamp(as_of)
    deals = frames["deals"].loc[frames["deals"]["issue_date"] <= day].copy()
    deals["liquidated_on"] = deals["liquidated_on"].where(deals["liquidated_on"] <= day)
    known = {"deals": deals, **{name: frames[name] for name in ("originators", "priorities")}, "tranches": _of(frames["tranches"], deals)}
    known["collections"] = _latest(_of(frames["collections"], deals), ["deal", "period_start", "period_end"], day)
    known["payments"] = _latest(_of(frames["payments"], deals), ["deal", "tranche", "paid_on"], day)
    forecasts = _of(frames["forecasts"], deals)
    known["forecasts"] = forecasts.loc[forecasts["made_on"] <= day]
    known["market"] = frames["market"].loc[frames["market"]["date"] <= day]
    return {name: frame.reset_index(drop=True) for name, frame in known.items()}


def _of(frame: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    return frame.loc[frame["deal"].isin(deals["deal"])]


def _latest(frame: pd.DataFrame, key: list[str], day: pd.Timestamp) -> pd.DataFrame:
    seen = frame.loc[frame["reported_on"] <= day].sort_values([*key, "reported_on"], kind="stable")
    reports = seen.groupby(key)["reported_on"]
    return seen.assign(first_reported_on=reports.transform("min"), versions=reports.transform("size")).drop_duplicates(key, keep="last")
