"""How recoveries spread over the life of deals with a repaid first tranche, by age: actual against forecast.

Source: report I, part 2.2. The shares are of all recoveries to date, and of the forecast over the same horizon: both
denominators are ours, because the report names none.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Ages, Chart, Column, Market, ResearchTable, Result, Unit
from npl_report.stats.distribution import curve_of, level_to, share_at
from npl_report.stats.groups import mean
from npl_report.stats.recovery import interrupted, offering
from npl_report.tables.rows import Rows

_COUNT = Column("n_deals", Unit.DEALS)


def _shares(horizons: tuple[int, ...]) -> tuple[Column, ...]:
    return tuple(Column(f"by_{age}", Unit.RATE) for age in horizons)


def table(market: Market) -> ResearchTable:
    """With a column for each horizon of the edition."""
    shares = _shares(market.horizons)
    return ResearchTable(
        key="recovery_distribution",
        rows=Unit.PAIR,
        columns=(_COUNT, *shares),
        evidence=(Column("deal", Unit.DEAL), *shares),
        compute=compute,
        sources=("report1", "method"),
        chart=Chart("paths", tuple(column.key for column in shares)),
    )


def compute(
    senior_redemptions: Result,
    deal_recovery: Result,
    deals: pd.DataFrame,
    forecasts: pd.DataFrame,
    asset_types: tuple[str, ...],
    horizons: tuple[int, ...],
    ages: Ages,
) -> Result:
    """Rows: pairs of asset type and ``actual`` or ``forecast``.

    Simple means over deals of cumulative shares, as fractions. A deal younger than an age counts there with its whole
    distribution. Deals without a forecast have an actual row only.
    """
    kinds = senior_redemptions.frame["asset_type"].drop(interrupted(deals), errors="ignore")
    curves = deal_recovery.frame.loc[deal_recovery.frame["deal"].isin(kinds.index)]
    measures = {"actual": _actual(curves, horizons), "forecast": _forecast(curves, deals, forecasts, horizons, ages)}
    shares_ = _shares(horizons)
    rows = Rows((_COUNT, *shares_))
    evidence = []
    for kind in asset_types:
        for measure, shares in measures.items():
            group = shares.loc[kinds.reindex(shares.index) == kind].dropna()
            reason = "no_forecast" if measure == "forecast" and (kinds == kind).any() else "none_redeemed"
            rows.add(
                f"{kind}-{measure}", n_deals=len(group), **{key: mean(group[key], reason) for key in group.columns}
            )
            evidence.append(group.assign(row=f"{kind}-{measure}", deal=group.index))
    return rows.result(pd.concat(evidence)[["row", "deal", *(column.key for column in shares_)]])


def _actual(curves: pd.DataFrame, horizons: tuple[int, ...]) -> pd.DataFrame:
    """By deal: cumulative recovery at each age over that on the last collection date, linear between dates."""
    return pd.DataFrame({f"by_{age}": share_at(curves, "cumulative", age) for age in horizons})


def _forecast(
    curves: pd.DataFrame, deals: pd.DataFrame, forecasts: pd.DataFrame, horizons: tuple[int, ...], ages: Ages
) -> pd.DataFrame:
    """By deal: forecast cumulated to each age over that on the last collection date, beyond which it does not go."""
    last = curves.drop_duplicates("deal", keep="last").set_index("deal")["age"]
    circular = offering(forecasts)
    cutoffs = deals.set_index("deal")["cutoff_date"]
    foreseen = curve_of(circular.loc[circular["deal"].isin(last.index)], "amount", cutoffs, ages)
    whole = level_to(foreseen, "level", last)
    reached = {f"by_{age}": level_to(foreseen, "level", last.clip(upper=age)) for age in horizons}
    return pd.DataFrame(reached).div(whole.where(whole > 0), axis=0)
