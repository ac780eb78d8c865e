"""Deals by year of issue at one age: what each had collected, and what was forecast of it to that age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from npl_report.model import Ages, Unavailable
from npl_report.stats.distribution import Paths, curve_of
from npl_report.stats.groups import differences
from npl_report.stats.recovery import age_months, finished, known_to, offering

YEAR_AGE = 12
"""Age in months at which years of issue are held against each other, or the first age of the edition beyond."""


def comparison_age(horizons: Sequence[int]) -> int:
    """The age at which all years are compared: a year, or the next of the edition's ages; else the last of them."""
    return next((age for age in horizons if age >= YEAR_AGE), horizons[-1])


class Cohorts:
    """The deals that have reported, by id, with class, year of issue, pool balance and how far each is known.

    ``facts``: ``asset_type``, ``year``, ``balance`` (millions), ``last`` (age of the last collection date) and
    ``known`` (age to which its recoveries are known). A liquidated deal collects nothing more: it is known to the
    as-of date, with what it has recovered, unless a period before is missing.
    """

    def __init__(
        self, curves: pd.DataFrame, deals: pd.DataFrame, forecasts: pd.DataFrame, ages: Ages, as_of: date
    ) -> None:
        own = deals.set_index("deal")
        last = curves.groupby("deal")["age"].max()
        facts = own.loc[own.index.isin(last.index)].sort_index().rename_axis(None)
        today = pd.Series(pd.Timestamp(as_of), index=facts.index)
        last = last.reindex(facts.index)
        self.facts = pd.DataFrame(
            {
                "asset_type": facts["asset_type"],
                "year": facts["issue_date"].dt.year,
                "balance": facts["pool_balance"],
                "last": last,
                "known": known_to(last, age_months(today, facts["cutoff_date"], ages), finished(deals)),
            }
        )
        self._collected = Paths(curves.rename(columns={"cumulative": "level"}))
        self._forecast = Paths(curve_of(offering(forecasts), "amount", own["cutoff_date"], ages))

    def at(self, steps: Sequence[int]) -> pd.DataFrame:
        """The deals known to each of the ages, by age: ``facts``, and what they had collected against the forecast.

        Index: deals, once an age. Columns besides: ``age``, cumulative ``collected`` and ``forecast``, ``deviation``
        and ``offset``. Both are linear between dates; a forecast that is at its end stays there. NaN for the last three
        without a forecast, and for ``offset`` where nothing is forecast to that age. A deviation is nought where both
        are one figure.
        """
        ages = [pd.Series(float(age), self.facts.index) for age in steps]
        parts = [
            self.facts.assign(age=step, collected=self._collected.at(age), forecast=self._forecast.at(age))
            for step, age in zip(steps, ages, strict=True)
        ]
        found = pd.concat([part.loc[part["known"] >= age] for age, part in zip(steps, parts, strict=True)])
        deviation = differences(found["collected"], found["forecast"])
        return found.assign(
            deviation=deviation.array, offset=(deviation / found["forecast"]).where(found["forecast"] > 0).array
        )


def none_known(points: pd.DataFrame, cohorts: Cohorts, age: float) -> Unavailable:
    """Why no deal can be held against its forecast: none has a forecast, or none is known to the age."""
    if len(points):
        return Unavailable("no_forecast", needed=1, found=0)
    return Unavailable("too_young", needed=age, found=int(cohorts.facts["known"].max()))
