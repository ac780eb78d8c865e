"""Present values by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from npl_report.stats.present_value import present_values

FLOWS = pd.DataFrame(
    {
        "deal": ["a", "a", "b", "c"],
        "period_end": pd.to_datetime(["2021-01-01", "2022-01-01", "2021-01-01", "2021-01-01"]),
        "amount": [105.0, 110.25, 50.0, float("nan")],
    }
)
ORIGINS = pd.Series({"a": pd.Timestamp("2020-01-02"), "b": pd.Timestamp("2021-01-01"), "c": pd.Timestamp("2020-01-02")})


def test_amounts_a_year_and_two_ahead():
    """100 today is 105 in 365 days and 110.25 in twice as many, at five per cent; what is due today is itself."""
    values = present_values(FLOWS, "amount", ORIGINS, 0.05)
    assert values["a"] == pytest.approx(200)
    assert values["b"] == 50
    assert math.isnan(values["c"])  # an amount that is not known has no value


def test_excels_xnpv():
    """Microsoft's example of XNPV: −10000, 2750, 4250, 3250 and 2750 at nine per cent are worth 2086.65."""
    days = ["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"]
    flows = pd.DataFrame(
        {"deal": "x", "period_end": pd.to_datetime(days), "amount": [-10000.0, 2750.0, 4250.0, 3250.0, 2750.0]}
    )
    values = present_values(flows, "amount", pd.Series({"x": pd.Timestamp("2008-01-01")}), 0.09)
    assert values["x"] == pytest.approx(2086.647602)


def test_nothing_is_discounted_at_nought():
    assert present_values(FLOWS, "amount", ORIGINS, 0.0)["a"] == pytest.approx(215.25)


def test_no_flows():
    assert present_values(FLOWS.iloc[:0], "amount", ORIGINS, 0.05).empty
