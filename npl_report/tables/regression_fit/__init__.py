"""Deal by deal, the expected recovery rate beside what the regression makes of it, and how much the deal weighs in it.

Sources: METHODS, determinants; Cook (1977) for the distance, externally studentized residuals.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.tables.regressions import Model, model

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("originator", Unit.ORIGINATOR),
    Column("expected_recovery", Unit.RATE),
    Column("fitted", Unit.RATE),
    Column("residual", Unit.POINTS),
    Column("leverage", Unit.NUMBER),
    Column("studentized", Unit.NUMBER, 2),
    Column("cook", Unit.NUMBER),
)


def compute(determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: the deals of the regression, by issue date and id."""
    found = model(determinants_sample, edition, "expected_recovery")
    if isinstance(found, Unavailable):
        return found
    deals = found.fit.deals.rename(columns={"response": "expected_recovery"})
    frame = determinants_sample.frame.loc[deals.index, ["asset_type", "originator"]].join(deals)[
        [column.key for column in COLUMNS]
    ]
    gaps = {
        (str(row), "studentized"): Unavailable("perfect_without") for row in frame.index[frame["studentized"].isna()]
    }
    return Result(frame, _evidence(found), gaps)


def _evidence(found: Model) -> pd.DataFrame:
    """Every deal's variables as they enter."""
    values = found.design.columns.rename_axis("row").reset_index().melt("row", var_name="regressor", value_name="value")
    order = {str(deal): place for place, deal in enumerate(found.response.index)}
    return values.sort_values("row", key=lambda deals: deals.map(order), kind="stable").reset_index(drop=True)


TABLE = ResearchTable(
    key="regression_fit",
    rows=Unit.DEAL,
    columns=COLUMNS,
    evidence=(Column("regressor", Unit.REGRESSOR), Column("value", Unit.NUMBER, 4)),
    compute=compute,
    sources=("method",),
    chart=Chart("fit", ("expected_recovery", "fitted", "residual", "leverage", "studentized", "cook")),
)
