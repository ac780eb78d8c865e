"""Expected recovery rate explained by the factors.

Sources: the study, which finds four positive factors and a negative one; METHODS, determinants. Least squares with HC3
errors on the factor scores.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.regression import CONSTANT, ols
from npl_report.tables.factors import factor_columns
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("estimate", Unit.NUMBER, decimals=4),
    Column("se_hc3", Unit.NUMBER, decimals=4),
    Column("p_hc3", Unit.PROBABILITY),
    Column("low", Unit.NUMBER, decimals=4, span="interval"),
    Column("high", Unit.NUMBER, decimals=4, span="interval"),
    Column("standardized", Unit.NUMBER),
    Column("standardized_low", Unit.NUMBER, shown=False),
    Column("standardized_high", Unit.NUMBER, shown=False),
    Column("contribution", Unit.RATE),
    Column("sign", Unit.NUMBER, decimals=0, shown=False),
    Column("n", Unit.DEALS, shown=False),
    Column("r_squared", Unit.NUMBER, shown=False),
)


def compute(factor_scores: Result, determinants_sample: Result, edition: Edition) -> Result | Unavailable:
    """Rows: the factors in the order of ``FACTORS``, then the constant.

    ``sign``: of the estimate, 0 if it is not significant; ``n`` and ``r_squared`` are the model's.

    ``contribution``: share of the rate's variance; because scores are uncorrelated it is the squared standardized
    coefficient, and they sum to R².
    """
    scores = factor_scores.frame[
        [column.key for column in factor_columns() if factor_scores.filled(column.key)]
    ].astype(float)
    deals = determinants_sample.frame.loc[scores.index]
    response = deals["expected_recovery"].astype(float)
    found = ols(response, scores, deals["originator"], edition.determinants.significance)
    if isinstance(found, Unavailable):
        return found
    none = Unavailable("not_for_the_constant")
    rows = Rows(COLUMNS)
    for name in map(str, found.coefficients.index):
        model = dict(
            zip(found.coefficients.columns, map(float, found.coefficients.loc[name].to_numpy(dtype=float)), strict=True)
        )
        constant = name == CONSTANT
        rows.add(
            name,
            **{key: model[key] for key in ("estimate", "se_hc3", "p_hc3", "low", "high")},
            **{
                key: none if constant else model[key]
                for key in ("standardized", "standardized_low", "standardized_high")
            },
            contribution=none if constant else model["standardized"] ** 2,
            sign=(1 if model["estimate"] > 0 else -1) if model["p_hc3"] < edition.determinants.significance else 0,
            n=found.n,
            r_squared=found.r_squared,
        )
    return rows.result(_evidence(scores, response))


def _evidence(scores: pd.DataFrame, response: pd.Series) -> pd.DataFrame:
    """By factor the deals, with their score and expected recovery rate."""
    parts = [
        pd.DataFrame(
            {
                "row": name,
                "deal": scores.index,
                "score": scores[name].to_numpy(),
                "expected_recovery": response.to_numpy(),
            }
        )
        for name in scores.columns
    ]
    return pd.concat(parts)


TABLE = ResearchTable(
    key="factor_regression",
    rows=Unit.REGRESSOR,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL), Column("score", Unit.NUMBER), Column("expected_recovery", Unit.RATE)),
    compute=compute,
    sources=("study", "method"),
    chart=Chart("coefficients", ("standardized", "standardized_low", "standardized_high")),
)
