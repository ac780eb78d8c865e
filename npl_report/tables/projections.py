"""Recoveries carried on from where deals stand: by chain ladder, by a curve, by the offering circular's forecast.

All three say what is to come until an age, from what was known on a day. Choices are ours: rows of a class's triangle
are its deals, columns ages by the step of the edition, levels between dates linear in age. Factors are applied to live
deals, and are of deals that were live at their age: a liquidated one stands in the triangle to the end of the step in
which it was liquidated, at its last level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from npl_report.model import Ages, Unavailable
from npl_report.stats.chainladder import Development, Projection, development, projected
from npl_report.stats.distribution import Paths, curve_of
from npl_report.stats.growth import Curve, fitted
from npl_report.stats.recovery import age_months, finished, known_to, offering

MINIMUM = 3
"""Deals behind a factor: those of fewer are of single deals. The words of the tables state it."""


@dataclass(frozen=True)
class Book:
    """What the deals have collected and were expected to.

    ``facts``: by deal, ``asset_type``, ``balance``, ``liquidated_on``, ``last`` and ``final``, age and level at its
    last date, ``known``, the age to which it is known (as-of date if finished), ``end``, the age at which its forecast
    ends, ``done``, whether nothing more comes, ``gone``, the age at which it was liquidated. ``curves``: deal, age,
    level and the day from which it is ``known``. ``levels``: deals × ages in steps. ``collected`` and ``offers``: what
    had been collected, and forecast, at any age.
    """

    facts: pd.DataFrame
    curves: pd.DataFrame
    levels: pd.DataFrame
    collected: Paths
    offers: Paths

    @property
    def columns(self) -> np.ndarray:
        """The ages of the triangle's columns."""
        return self.levels.columns.to_numpy(dtype=float)

    def level(self, ages: pd.Series) -> pd.Series:
        """What deals had collected at an age, by deal; NaN where not yet known, and beyond the as-of date."""
        return self.collected.at(ages).where(ages <= self.facts["known"].reindex(ages.index))

    def offered(self, ages: pd.Series) -> pd.Series:
        """What the offering circular had forecast to an age, by deal; NaN without a forecast."""
        return self.offers.at(ages)


@dataclass(frozen=True)
class Models:
    """What the deals of a class have shown by a day. ``reach``: the greatest age to which factors carry a deal."""

    steps: Development
    curve: Curve | Unavailable
    means: np.ndarray
    reach: float


def book(deals: pd.DataFrame, collections: pd.DataFrame, forecasts: pd.DataFrame, ages: Ages, as_of: date) -> Book:
    """All that is known on the as-of date; ages as the edition counts them, money in millions."""
    of = deals.sort_values("deal", kind="stable").set_index("deal")
    periods = collections.sort_values(["deal", "period_end"], kind="stable")
    curves = curve_of(periods, "collected", of["cutoff_date"], ages)
    told = periods[["first_reported_on", "period_end"]].max(axis="columns")
    curves = curves.assign(known=told.groupby(periods["deal"]).cummax())
    last = curves.drop_duplicates("deal", keep="last").set_index("deal").reindex(of.index)
    offers = curve_of(offering(forecasts), "amount", of["cutoff_date"], ages)
    over, today = finished(deals), pd.Series(pd.Timestamp(as_of), of.index)
    facts = pd.DataFrame(
        {
            "asset_type": of["asset_type"],
            "balance": of["pool_balance"],
            "liquidated_on": of["liquidated_on"],
            "last": last["age"],
            "known": known_to(last["age"], age_months(today, of["cutoff_date"], ages), over),
            "end": offers.groupby("deal")["age"].max().reindex(of.index),
            "done": of.index.isin(over) & last["age"].notna(),
            "gone": age_months(of["liquidated_on"], of["cutoff_date"], ages),
        }
    )
    collected, oldest = Paths(curves), 0.0 if curves.empty else float(curves["age"].max())
    levels = pd.DataFrame(
        {
            age: collected.at(pd.Series(age, of.index)).where(facts["last"] >= age)
            for age in np.arange(ages.curve, oldest + 1e-9, ages.curve, dtype=float)
        },
        index=of.index,
    )
    return Book(facts, curves, levels, collected, Paths(offers))


def standing(of: Book, day: pd.Timestamp) -> pd.DataFrame:
    """The deals of which a report was known on a day, as they stood then.

    ``age`` and ``level`` at their last date, ``live``; ``done``, whether all that a liquidated one collected was known.
    """
    seen = of.curves.loc[of.curves["known"] <= day].drop_duplicates("deal", keep="last").set_index("deal")
    facts = of.facts.loc[of.facts.index.isin(seen.index)]
    own = seen.reindex(facts.index)
    live = ~(facts["liquidated_on"] <= day)
    done = facts["done"] & ~live & (own["age"] == facts["last"])
    return facts[["asset_type", "balance", "end", "gone"]].assign(
        age=own["age"], level=own["level"], live=live, done=done
    )


def triangle(of: Book, known: pd.DataFrame) -> pd.DataFrame:
    """What deals had collected at the ages of the columns, as they stood (see ``standing``), deals × ages.

    A deal that is done has its last level until the end of the step in which it was liquidated, and no level beyond: it
    is behind the factors of ages at which it was live.
    """
    levels = of.levels.reindex(known.index)
    age, gone = (known[key].to_numpy(dtype=float)[:, None] for key in ("age", "gone"))
    before = np.concatenate([[0.0], of.columns[:-1]])[None, :]
    whole = known["level"].where(known["done"]).to_numpy(dtype=float)[:, None]
    filled = np.where(before < np.fmax(age, gone), whole, np.nan)
    told = np.where(of.columns[None, :] <= age, levels.to_numpy(dtype=float), filled)
    return pd.DataFrame(told, levels.index, levels.columns)


def models(of: Book, known: pd.DataFrame) -> Mapping[str, Models | Unavailable]:
    """The models of each class with a deal, from its deals as they stood (``known``: see ``standing``)."""
    levels, balances = triangle(of, known).to_numpy(dtype=float), known["balance"].to_numpy(dtype=float)
    kinds = known["asset_type"].to_numpy()
    return {
        str(kind): _models(levels[kinds == kind], balances[kinds == kind], of.columns)
        for kind in known["asset_type"].unique()
    }


def _models(levels: np.ndarray, balances: np.ndarray, columns: np.ndarray) -> Models | Unavailable:
    found = int((~np.isnan(levels[:, 1:2])).sum())  # deals observed to the second column
    steps = development(levels)
    if isinstance(steps, Unavailable) or found < MINIMUM:
        return Unavailable("too_few_deals", needed=MINIMUM, found=min(found, MINIMUM - 1))
    fewer = np.flatnonzero(steps.counts < MINIMUM)
    reach = int(fewer[0]) if len(fewer) else steps.steps
    parts = {name: getattr(steps, name)[:reach] for name in ("factors", "variances", "volumes", "counts")}
    means = _means(levels[:, : reach + 1], balances)
    there = ~np.isnan(levels[:, : reach + 1])
    curve = fitted(columns[: reach + 1], means, np.where(there, balances[:, None], 0.0).sum(axis=0))
    return Models(replace(steps, **parts), curve, means, float(columns[reach]))


def _means(levels: np.ndarray, balances: np.ndarray) -> np.ndarray:
    """Mean increments, weighted by balance, added up: deals that come or go between two ages move no level."""
    from_nothing = np.hstack([np.zeros((len(levels), 1)), levels])
    grown = np.diff(from_nothing, axis=1)
    there = ~np.isnan(grown)
    return np.asarray(
        (np.where(there, grown, 0.0).sum(axis=0) / np.where(there, balances[:, None], 0.0).sum(axis=0)).cumsum()
    )


@dataclass(frozen=True)
class Ahead:
    """What is to come of some deals until an age: ``said`` by deal, ``chain``, ``error``, ``curve``, ``offering``.

    ``projection``: that of chain ladder, in the order of the deals.
    """

    said: pd.DataFrame
    projection: Projection


def ahead(of: Book, known: pd.DataFrame, until: pd.Series, by: Models) -> Ahead:
    """The deals of one class carried until an age each (``until``, equally indexed), in millions.

    NaN where a way of forecasting has no answer: too young for the first column, beyond the last factor, no forecast.
    """
    first, step = of.columns[0], of.columns[0]
    level, age, end = (part.to_numpy(dtype=float) for part in (known["level"], known["age"], until))
    on = projected(by.steps, level, (age - first) / step, (end - first) / step)
    curve = np.full(len(known), np.nan)
    if isinstance(by.curve, Curve):
        now, then = by.curve.at(age), by.curve.at(end)
        curve = level * np.divide(then - now, now, out=np.full(len(known), np.nan), where=now > 0)
    said = pd.DataFrame(
        {
            "chain": on.level - level,
            "error": on.errors,
            "curve": curve,
            "offering": of.offered(until) - of.offered(known["age"]),
        },
        index=known.index,
    )
    return Ahead(said, on)
