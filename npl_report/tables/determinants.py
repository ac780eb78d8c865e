"""The sample of part II as its models take it: shared by the tables of regressions, factors and panels."""

from __future__ import annotations

import pandas as pd

from npl_report.model import VARIABLES, Result
from npl_report.stats.determinants import entering

INCLUDED = "included"
"""Status of the deals that enter the models."""


def measured(determinants_sample: Result) -> pd.DataFrame:
    """The fourteen variables of the included deals as measured, n × 14, index deal id."""
    frame = determinants_sample.frame
    return frame.loc[frame["status"] == INCLUDED, list(VARIABLES)].astype(float)


def regressors(determinants_sample: Result) -> pd.DataFrame:
    """The fourteen variables of the included deals as they enter models, n × 14, index deal id."""
    return entering(measured(determinants_sample))
