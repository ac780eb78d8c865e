"""How well what was to come was told out of sample: by chain ladder, by a curve, by the offering circular.

From days a year apart, each with what was known then, recoveries of the following months are predicted and compared
with what came. Source: METHODS, "What the market reads"; the design is ours, as in ``rolling_origin``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from npl_report.model import TOTAL, Ages, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.chainladder import interval
from npl_report.tables.judged import COLUMNS, EVIDENCE, judged
from npl_report.tables.projections import Book, Models, ahead, book, models, standing
from npl_report.tables.rows import Rows

AHEAD = (6, 12, 24)
"""Months for which predictions are made. The words of the table name them."""


def compute(
    deals: pd.DataFrame, collections: pd.DataFrame, forecasts: pd.DataFrame, ages: Ages, edition: Edition
) -> Result | Unavailable:
    """Rows: months ahead as ``6m``, and all of them. Errors as fractions of the pool balance.

    A bias is the mean of predicted less actual. A deal is predicted from its last date known on a day if the forecast
    of its circular and the factors reach so far; all three ways are judged on the same predictions.
    """
    of = book(deals, collections, forecasts, ages, edition.as_of)
    parts = list(_predictions(of, edition)) if len(of.columns) > 1 else []
    if not parts:
        return Unavailable("none_projected")
    told = pd.concat(parts)
    rows = Rows(COLUMNS)
    for months in AHEAD:
        rows.add(f"{months}m", **judged(told.loc[told["ahead"] == months]))
    rows.add(TOTAL, **judged(told))
    return rows.result(told.assign(row=told["ahead"].map("{}m".format))[["row", *(column.key for column in EVIDENCE)]])


def _predictions(of: Book, edition: Edition) -> Iterator[pd.DataFrame]:
    """The predictions of each day, type and number of months ahead, with what came."""
    first = of.curves["known"].min()
    day = pd.Timestamp(edition.as_of)
    for years in range(1, day.year - first.year + 1):
        origin = day - pd.DateOffset(years=years)
        known = standing(of, origin)
        for kind, model in models(of, known).items():
            own = known.loc[known["live"] & (known["asset_type"] == kind)]
            if isinstance(model, Unavailable) or own.empty:
                continue
            for months in AHEAD:
                part = _ahead(of, own, model, months)
                if len(part):
                    yield part.assign(ahead=months, made_on=origin)


def _ahead(of: Book, known: pd.DataFrame, model: Models, months: int) -> pd.DataFrame:
    """The deals of a type that can be predicted so many months ahead and of which it is known what came."""
    until = known["age"] + months
    open_ = known.loc[until <= known["end"].clip(upper=model.reach)]
    until = until.loc[open_.index]
    said = ahead(of, open_, until, model).said.assign(actual=of.level(until) - open_["level"])
    share = said.dropna()
    own = open_.loc[share.index]
    low, high = interval(share["chain"].to_numpy(dtype=float), share["error"].to_numpy(dtype=float))
    rates = share.drop(columns="error").assign(low=low, high=high).div(own["balance"], axis="index")
    return rates.assign(deal=rates.index, asset_type=own["asset_type"], age=own["age"]).reset_index(drop=True)


TABLE = ResearchTable(
    key="projection_accuracy",
    linked=True,
    rows=Unit.TERM,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("mack1993", "method"),
)
