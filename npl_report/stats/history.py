"""Deals in quarters → what earlier deals of their class had recovered at the same age.

Source: the recovery index of class and quarter as providers of indices define it (METHODS, step 6). Its history looks
back only: an observation counts from the quarter after its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from npl_report.stats.groups import differences


def earlier(observed: pd.DataFrame, weight: str, measures: Sequence[str]) -> pd.DataFrame:
    """What was observed of the same ``asset_type`` and ``bucket`` of age in quarters before each row's own.

    ``observed``: asset_type, bucket, quarter, the weight and the measures, none missing. The answer is equally indexed:
    ``n_history``, the number of such observations, and of every measure its simple mean ``<measure>_mean`` and the mean
    by weight ``<measure>_weighted``, NaN without any.
    """
    keys = ["asset_type", "bucket", "quarter"]
    products = {f"{measure}_by": observed[measure] * observed[weight] for measure in measures}
    summed = observed.assign(n_history=1.0, **products)[[*keys, weight, "n_history", *measures, *products]]
    steps = summed.groupby(keys).sum().sort_index()
    before = steps.groupby(level=[0, 1]).cumsum().groupby(level=[0, 1]).shift(1)
    found = before.reindex(pd.MultiIndex.from_frame(observed[keys])).set_axis(observed.index)
    means = {f"{measure}_mean": found[measure] / found["n_history"] for measure in measures}
    weighted = {f"{measure}_weighted": found[f"{measure}_by"] / found[weight] for measure in measures}
    return pd.DataFrame({"n_history": found["n_history"].fillna(0.0).astype("int64"), **means, **weighted})


def beyond(values: pd.Series, means: pd.Series) -> pd.Series:
    """1 where a value exceeds its mean, 0 where it falls short, one half where both are one figure."""
    gaps = differences(values, means)
    return (gaps > 0).astype(float) + (gaps == 0).astype(float) / 2
