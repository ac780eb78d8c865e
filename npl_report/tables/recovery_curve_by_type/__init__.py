"""Cumulative recovery rate by age: mean, quartiles and range over the deals of an asset type.

Source: the annex of report I shows curves deal by deal (figures 12–14); the curve over deals is ours. A deal counts at
an age only if it has been observed to that age. Quartiles are linear between the ordered values (numpy's default, type
7 of Hyndman and Fan 1996).
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Ages, Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.distribution import level_at
from npl_report.tables.rows import Rows

MINIMUM = 3
"""Deals that a point needs to stand for its type: quartiles of fewer only interpolate between two deals. The words
of the table state it."""

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("age", Unit.MONTHS),
    Column("n_deals", Unit.DEALS),
    Column("mean_recovery", Unit.RATE),
    Column("median_recovery", Unit.RATE),
    Column("low_quartile", Unit.RATE),
    Column("high_quartile", Unit.RATE),
    Column("min_recovery", Unit.RATE),
    Column("max_recovery", Unit.RATE),
    Column("enough", Unit.TERM),
)


def compute(deal_recovery: Result, asset_types: tuple[str, ...], ages: Ages) -> Result | Unavailable:
    """Rows: ``<type>-<age>m``, ages by the step of the edition to the last that is observed of the type.

    Rates as fractions of the pool balance.
    """
    curves, step = deal_recovery.frame, ages.curve
    oldest = int(curves["age"].max())
    if oldest < step:
        return Unavailable("too_young", needed=step, found=oldest)
    points = pd.DataFrame({age: level_at(curves, "recovery", age) for age in range(step, oldest + 1, step)})
    kinds = curves.drop_duplicates("deal").set_index("deal")["asset_type"]
    rows = Rows(COLUMNS)
    evidence = []
    for kind in asset_types:
        for age, rates in points.loc[kinds == kind].dropna(axis="columns", how="all").items():
            observed = rates.dropna()
            rows.add(
                f"{kind}-{age}m",
                asset_type=kind,
                age=int(str(age)),
                n_deals=len(observed),
                mean_recovery=float(observed.mean()),
                median_recovery=float(observed.median()),
                low_quartile=float(observed.quantile(0.25)),
                high_quartile=float(observed.quantile(0.75)),
                min_recovery=float(observed.min()),
                max_recovery=float(observed.max()),
                enough="yes" if len(observed) >= MINIMUM else "no",
            )
            evidence.append(
                pd.DataFrame(
                    {"row": f"{kind}-{age}m", "deal": observed.index, "age": age, "recovery": observed.to_numpy()}
                )
            )
    return rows.result(pd.concat(evidence))


TABLE = ResearchTable(
    key="recovery_curve_by_type",
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL), Column("age", Unit.MONTHS), Column("recovery", Unit.RATE)),
    compute=compute,
    sources=("report1", "method"),
    chart=Chart("band", ("mean_recovery", "low_quartile", "high_quartile", "n_deals")),
)
