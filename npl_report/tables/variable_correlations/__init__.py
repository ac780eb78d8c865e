"""Pearson correlations of the expected recovery rate and the explanatory variables, as they enter models.

They are over the deals that the models take.

Source: METHODS, determinants. In logarithms average balances are differences of two others, which the correlations of
pairs do not show; the gate does.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import VARIABLES, Chart, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.correlation import FEWEST, pearson
from npl_report.tables.determinants import regressors
from npl_report.tables.rows import Rows

ALL = ("expected_recovery", *VARIABLES)
COLUMNS = tuple(Column(key, Unit.NUMBER, 2) for key in ALL)


def compute(determinants_sample: Result) -> Result | Unavailable:
    """Rows and columns: the expected recovery rate and the variables."""
    entered = regressors(determinants_sample)
    if len(entered) < FEWEST:
        return Unavailable("too_few_deals", needed=FEWEST, found=len(entered))
    values = entered.assign(
        expected_recovery=determinants_sample.frame["expected_recovery"].reindex(entered.index).astype(float)
    )
    rows = Rows(COLUMNS)
    for row in ALL:
        rows.add(row, **{column: pearson(values[row], values[column]) for column in ALL})
    evidence = pd.concat(
        [pd.DataFrame({"row": name, "deal": values.index, "value": values[name].to_numpy()}) for name in ALL]
    )
    return rows.result(evidence)


TABLE = ResearchTable(
    key="variable_correlations",
    rows=Unit.REGRESSOR,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL), Column("value", Unit.NUMBER, 4)),
    compute=compute,
    sources=("study", "method"),
    chart=Chart("heatmap", ALL),
)
