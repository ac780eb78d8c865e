"""Descriptive statistics over the deals of a group, each an answer or the reason why there is none."""

from __future__ import annotations

import pandas as pd

from npl_report.model import Unavailable, by_value, difference, settled

Number = float | Unavailable


def mean(values: pd.Series, reason: str = "no_deals") -> Number:
    """Simple mean over deals (report I weighs every deal alike; its figures force this)."""
    return float(values.mean()) if len(values) else Unavailable(reason, needed=1, found=0)


def total(values: pd.Series, reason: str = "no_deals") -> Number:
    """Sum over deals; a sum over nothing is no figure."""
    return float(values.sum()) if len(values) else Unavailable(reason, needed=1, found=0)


def volatility(values: pd.Series) -> Number:
    """Standard deviation over deals with n − 1 (report I, footnote 5, leaves the divisor open; the choice is ours)."""
    return float(values.std(ddof=1)) if len(values) > 1 else Unavailable("too_few_deals", needed=2, found=len(values))


def ratio(part: Number, whole: Number, reason: str = "no_deals") -> Number:
    """``part / whole``; unavailable if either is, or if the whole is zero."""
    for number in (part, whole):
        if isinstance(number, Unavailable):
            return number
    assert not isinstance(part, Unavailable) and not isinstance(whole, Unavailable)
    return part / whole if whole else Unavailable(reason, needed=1, found=0)


def rank(values: pd.Series) -> pd.Series:
    """Place of each value, 1 for the highest; equal ones share the better place (1, 2, 2, 4). NaN has none."""
    return settle(values).rank(method="min", ascending=False)


def settle(values: pd.Series) -> pd.Series:
    """The values in the digits that count, so that equal ones are the same number; NaN stays."""
    return values.astype(float).map(settled)


def differences(values: pd.Series, others: pd.Series) -> pd.Series:
    """``values`` − ``others``, equally indexed: exactly nought where both are one figure, NaN where one is missing."""
    return pd.Series(list(map(difference, values.astype(float), others.astype(float))), index=values.index, dtype=float)


def ordered(values: pd.Series, *, falling: bool) -> list[str]:
    """Ids (the index) in the order of their values, equal ones by id. ``values``: none missing."""
    return by_value({str(id_): float(value) for id_, value in values.items()}, falling=falling)


def highest(values: pd.Series) -> str:
    """Id of the highest of at least one value; of equal ones the first by id."""
    return ordered(values, falling=True)[0]


def lowest(values: pd.Series) -> str:
    """Id of the lowest of at least one value; of equal ones the first by id."""
    return ordered(values, falling=False)[0]


def issue_sizes(tranches: pd.DataFrame) -> pd.Series:
    """Issue size, the face of all tranches, by deal, millions."""
    return tranches.groupby("deal")["face"].sum()


def face_of(tranches: pd.DataFrame, tranche: str) -> pd.Series:
    """Face of one tranche by deal, millions."""
    return tranches.loc[tranches["tranche"] == tranche].set_index("deal")["face"]
