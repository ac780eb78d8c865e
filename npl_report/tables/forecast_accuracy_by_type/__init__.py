"""Actual against forecast recovery by asset type, on the same dates, inside the observation window.

Source: report I, part 2.1, table 4 and footnotes 4, 7, 8. The group is split by the sign of the deviation; both parts
are given, signed. Deals exactly on forecast are in neither; those of which nothing was forecast up to the reading have
a deviation, but no offset rate.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Chart, Column, ResearchTable, Result, Unit
from npl_report.stats.groups import Number, mean, ratio, total
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_included", Unit.DEALS),
    Column("n_above", Unit.DEALS),
    Column("share_above", Unit.RATE),
    Column("mean_deviation_above", Unit.MONEY),
    Column("mean_offset_above", Unit.RATE),
    Column("n_equal", Unit.DEALS, optional=True),
    Column("n_below", Unit.DEALS),
    Column("mean_deviation_below", Unit.MONEY),
    Column("total_deviation_below", Unit.MONEY),
    Column("mean_offset_below", Unit.RATE),
    Column("mean_deviation", Unit.MONEY),
    Column("mean_offset", Unit.RATE),
    Column("mean_absolute_offset", Unit.RATE),
    Column("offset_of_sums", Unit.RATE),
    Column("n_without_offset", Unit.DEALS, optional=True),
)


def compute(window_readings: Result, asset_types: tuple[str, ...]) -> Result:
    """Rows: asset types.

    Money in millions, offset rates as fractions of the forecast. Deals without a forecast are left out.
    """
    readings = window_readings.frame.dropna(subset=["deviation"])
    rows = Rows(COLUMNS)
    for row in asset_types:
        group = readings.loc[readings["asset_type"] == row]
        above, below = group.loc[group["deviation"] > 0], group.loc[group["deviation"] < 0]
        none = "no_forecast" if (window_readings.frame["asset_type"] == row).any() else "no_deal_in_window"
        none_above, none_below = ("none_above", "none_below") if len(group) else (none, none)
        rows.add(
            row,
            n_included=len(group),
            n_above=len(above),
            share_above=ratio(len(above), len(group), none),
            mean_deviation_above=mean(above["deviation"], none_above),
            mean_offset_above=_offset(above["offset"], none_above),
            n_equal=len(group) - len(above) - len(below),
            n_below=len(below),
            mean_deviation_below=mean(below["deviation"], none_below),
            total_deviation_below=total(below["deviation"], none_below),
            mean_offset_below=_offset(below["offset"], none_below),
            mean_deviation=mean(group["deviation"], none),
            mean_offset=_offset(group["offset"], none),
            mean_absolute_offset=_offset(group["offset"].abs(), none),
            offset_of_sums=ratio(total(group["deviation"], none), total(group["forecast"], none), "nothing_forecast"),
            n_without_offset=int(group["offset"].isna().sum()),
        )
    evidence = readings.assign(row=readings["asset_type"], deal=readings.index)
    return rows.result(evidence[["row", "deal", "date", "age", "cumulative", "forecast", "deviation", "offset"]])


def _offset(rates: pd.Series, none: str) -> Number:
    """Mean of the offset rates that there are; without one ``none`` is the reason, or that nothing was forecast."""
    return mean(rates.dropna(), "nothing_forecast" if len(rates) else none)


TABLE = ResearchTable(
    key="forecast_accuracy_by_type",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=(
        Column("deal", Unit.DEAL),
        Column("date", Unit.DATE),
        Column("age", Unit.MONTHS, decimals=1),
        Column("cumulative", Unit.MONEY),
        Column("forecast", Unit.MONEY),
        Column("deviation", Unit.MONEY),
        Column("offset", Unit.RATE),
    ),
    compute=compute,
    sources=("report1", "method"),
    chart=Chart("offsets", ("n_above", "n_included", "mean_offset"), points="offset"),
    upright=True,
)
