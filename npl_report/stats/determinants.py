"""Deals and tranches → the explanatory variables of part II, as they are measured and as they enter models.

Source: the study names ten of its fourteen variables; the list is METHODS' reconstruction. Money is in millions, shares
are fractions, loan age and months overdue months, borrower age years, annual income thousands.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import LOGARITHMS, VARIABLES
from npl_report.stats.groups import face_of, issue_sizes


def variables(deals: pd.DataFrame, tranches: pd.DataFrame, ladder: tuple[str, ...]) -> pd.DataFrame:
    """The fourteen variables by deal (index: deal id), in the order of ``VARIABLES``.

    They are NaN where the data say nothing. ``senior_share`` is the share of the first tranche.
    """
    facts = deals.set_index("deal")
    frame = facts.assign(
        issuance=issue_sizes(tranches),
        average_loan=facts["pool_balance"] / facts["n_loans"],
        average_exposure=facts["pool_balance"] / facts["n_borrowers"],
        senior_share=face_of(tranches, ladder[0]) / issue_sizes(tranches),
    )
    return frame[list(VARIABLES)].astype(float)


def entering(measured: pd.DataFrame) -> pd.DataFrame:
    """The variables as they enter models: natural logarithms of amounts, counts and income, the rest as it is.

    What has no logarithm (zero or less) is NaN, so that the deal is excluded like one that lacks the value.
    """
    logarithms = [name for name in measured.columns if name in LOGARITHMS]
    positive = measured[logarithms].where(measured[logarithms] > 0)
    return measured.assign(**{str(name): np.log(positive[name]) for name in logarithms})
