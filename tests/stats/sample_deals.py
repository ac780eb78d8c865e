"""The deals of the sample as of the end of 2021, read once."""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd

from npl_report.model import Dataset, Structure
from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import Terms
from npl_report.tables.structure import forecast_profile, terms_of
from tests.helpers import sampled
from tests.helpers.market import MARKET

AS_OF = date(2021, 12, 31)


def data() -> Dataset:
    return sampled.data("2021-12")


@cache
def forecast() -> tuple[pd.Index, Profile, Terms]:
    """Deals with a forecast, its profile, their terms."""
    known = data()
    names, profile = forecast_profile(known.deals, known.forecasts, Structure())
    return names, profile, terms_of(known.deals, known.tranches, known.priorities, names, MARKET.ladder)
