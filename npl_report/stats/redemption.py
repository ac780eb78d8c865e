"""Tranches and payments → principal repaid, and when a tranche was fully redeemed.

Source: report I, part 1 and table 1 (principal repaid), part 2.2 (age of the pool at redemption).
"""

from __future__ import annotations

import pandas as pd

_ROUNDING = 0.005  # millions: half of the second decimal, to which some trustee reports round


def principal_paid(tranches: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    """One row a tranche, in the order of ``tranches``: deal, tranche, face, paid (millions), redeemed, last_paid_on.

    ``redeemed``: the cumulative principal has reached the face. ``last_paid_on``: the payment date of the last
    principal; missing without one.
    """
    principal = payments.loc[payments["principal"] > 0].groupby(["deal", "tranche"])
    facts = tranches.set_index(["deal", "tranche"], drop=False)[["deal", "tranche", "face"]]
    facts["paid"] = principal["principal"].sum().reindex(facts.index).fillna(0.0)
    facts["redeemed"] = facts["paid"] >= facts["face"] - _ROUNDING
    facts["last_paid_on"] = principal["paid_on"].max().reindex(facts.index)
    return facts.reset_index(drop=True)
