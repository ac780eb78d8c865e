"""Forecasts of one deal made on several days → whole paths that compare.

A later forecast holds the rest of a deal's life alone. Before it stands what had been collected up to its first day, so
that its path, like that of the offering circular, begins at the cut-off date. Present values are act/365, taken to the
cut-off date, at the ends of periods. All of this is our choice; METHODS asks that gross and net are never mixed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import DAYS_PER_MONTH, OFFERING, Ages
from npl_report.stats.present_value import discount

_DAY = pd.Timedelta(days=1)
FIRST, LATER = "first", "later"


def vintages(forecasts: pd.DataFrame, collections: pd.DataFrame) -> pd.DataFrame:
    """One row a deal and vintage, in the order of deals and of the days on which they were made.

    Index: ``deal@vintage``. Columns: deal, vintage, agency, made_on, ``start`` (first day) and ``status``: ``first``,
    ``later``, or why a forecast is compared with none: ``other_basis`` (net), ``no_first``, ``not_later`` (made no
    later than the first), ``not_reported`` (what was collected before it is not known).
    """
    ordered = forecasts.sort_values(["deal", "made_on", "vintage", "period_start"], kind="stable")
    found = ordered.drop_duplicates(["deal", "vintage"]).rename(columns={"period_start": "start"})
    found = found.set_index(found["deal"] + "@" + found["vintage"])
    gross = found["basis"] == "gross"
    offered = found.loc[gross & (found["vintage"] == OFFERING)].set_index("deal")
    made, begun = of(offered["made_on"], found["deal"]), of(offered["start"], found["deal"])
    reached = of(collections.groupby("deal")["period_end"].max(), found["deal"])
    told = (found["start"] <= begun) | (reached >= found["start"] - _DAY)
    first = gross & (found["vintage"] == OFFERING)
    status = np.select(
        [first, ~gross, made.isna(), found["made_on"] <= made, ~told],
        [FIRST, "other_basis", "no_first", "not_later", "not_reported"],
        LATER,
    )
    return found[["deal", "vintage", "agency", "made_on", "start"]].assign(status=status)


def of(facts: pd.Series, ids: pd.Series) -> pd.Series:
    """What is known of some ids, equally indexed, in the type of the facts even where there are none."""
    return facts.reindex(ids.to_numpy()).set_axis(ids.index)


def paths(made: pd.DataFrame, forecasts: pd.DataFrame, collections: pd.DataFrame) -> pd.DataFrame:
    """The whole path of each vintage (``made``: first and later ones, see ``vintages``), period by period.

    Columns: deal (its id ``deal@vintage``), period_start, period_end, amount, told: whether it was collected before. A
    collection period that reaches into the forecast counts in proportion to its days before.
    """
    ahead = forecasts.assign(deal=forecasts["deal"] + "@" + forecasts["vintage"])
    ahead = ahead.loc[ahead["deal"].isin(made.index), ["deal", "period_start", "period_end", "amount"]].assign(
        told=False
    )
    later = made.loc[made["status"] == LATER].rename_axis("id").reset_index()[["id", "deal", "start"]]
    past = later.merge(collections[["deal", "period_start", "period_end", "collected"]], on="deal")
    past = past.loc[past["period_start"] < past["start"]]
    end = past["period_end"].where(past["period_end"] < past["start"], past["start"] - _DAY)
    part = ((end - past["period_start"]).dt.days + 1) / ((past["period_end"] - past["period_start"]).dt.days + 1)
    before = pd.DataFrame(
        {
            "deal": past["id"],
            "period_start": past["period_start"],
            "period_end": end,
            "amount": past["collected"] * part,
            "told": True,
        }
    )
    joined = before if ahead.empty else ahead if before.empty else pd.concat([before, ahead])
    return joined.sort_values(["deal", "period_end"], kind="stable").reset_index(drop=True)


def weighed(whole: pd.DataFrame, cutoffs: pd.Series, rate: float, ages: Ages) -> pd.DataFrame:
    """By path: ``total``, ``told`` (of it collected before), ``value`` (present, at ``rate`` a year) and ``moment``.

    ``moment`` is Σ amount × months since the cut-off date, so that ``moment / total`` is the weighted average life, of
    one path or of several. ``cutoffs``: by path.
    """
    days = (whole["period_end"] - of(cutoffs, whole["deal"])).dt.days
    value = whole["amount"] * discount(days, rate)
    parts = whole.assign(
        total=whole["amount"],
        told=whole["amount"].where(whole["told"], 0.0),
        value=value,
        moment=whole["amount"] * days / ages.days,
    )
    return parts.groupby("deal")[["total", "told", "value", "moment"]].sum()


def months_after(dates: pd.Series, months: int, ages: Ages) -> pd.Series:
    """The days so many months later: of thirty days each, or of the calendar, where ends of months stay ends."""
    if not ages.calendar:
        return dates + pd.Timedelta(days=months * DAYS_PER_MONTH)
    moved = dates + pd.DateOffset(months=months)
    return moved.where(~dates.dt.is_month_end, moved + pd.offsets.MonthEnd(0))
