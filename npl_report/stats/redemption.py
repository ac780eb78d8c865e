"""Tranches and payments → principal repaid, when a tranche was fully redeemed, and how long it is outstanding.

Source: report I, part 1 and table 1 (principal repaid), part 2.2 (age of the pool at redemption).
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from npl_report.model import Ages
from npl_report.stats.recovery import age_months

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


def lives(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    payments: pd.DataFrame,
    collections: pd.DataFrame,
    tranche: str,
    ages: Ages,
    as_of: date,
) -> pd.DataFrame:
    """How long the tranche of each deal has been outstanding, by deal, for those that have it.

    ``age``: of the pool in months, at the last principal of a redeemed tranche (``redeemed``). Of any other it is the
    age to which it is known to be outstanding: the end of the last period reported or the last payment, or the issue
    date before both. ``unpaid``: the deal is wound up and the tranche not repaid. It never will be, and the
    deal is observed to the as-of date, as one that the event cannot reach. ``repaid``: share of the face.
    """
    facts = deals.set_index("deal").sort_index(kind="stable")
    paid = principal_paid(tranches, payments)
    own = paid.loc[paid["tranche"] == tranche].set_index("deal").reindex(facts.index)
    facts, own = facts.loc[own["face"].notna()], own.loc[own["face"].notna()]
    redeemed = own["redeemed"].astype(bool) & own["last_paid_on"].notna()
    seen = pd.concat(
        [
            facts["issue_date"],
            collections.groupby("deal")["period_end"].max().reindex(facts.index),
            payments.groupby("deal")["paid_on"].max().reindex(facts.index),
        ],
        axis=1,
    ).max(axis=1)
    unpaid = facts["liquidated_on"].notna() & ~redeemed
    until = own["last_paid_on"].where(redeemed, seen).mask(unpaid, pd.Timestamp(as_of))
    return pd.DataFrame(
        {
            "age": age_months(until, facts["cutoff_date"], ages),
            "redeemed": redeemed,
            "unpaid": unpaid,
            "repaid": own["paid"] / own["face"],
        }
    )
