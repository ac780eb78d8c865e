"""Predictions from what was known: by hand on five deals."""

from __future__ import annotations

import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.rolling import predicted

PAST = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0]}, index=list("abcd"))
RATES = pd.Series([0.1, 0.3, 0.2, 0.4], index=list("abcd"))
LATER = pd.DataFrame({"x": [4.0, 0.5]}, index=list("ef"))


def test_a_line_is_carried_on():
    # slope 0.08, constant 0.13 (a tenth of the line in test_regression)
    found = predicted(RATES, PAST, LATER, 10.0)
    assert isinstance(found, pd.Series)
    assert found.to_dict() == pytest.approx({"e": 0.45, "f": 0.17}, rel=1e-12)


def test_variables_leave_by_what_was_known():
    # over the past deals y is x and z does not vary, later they are other: only x, the first in order of precedence,
    # predicts
    found = predicted(RATES, PAST.assign(y=PAST["x"], z=7.0), LATER.assign(y=100.0, z=-5.0), 10.0)
    assert isinstance(found, pd.Series)
    assert found.to_dict() == pytest.approx({"e": 0.45, "f": 0.17}, rel=1e-12)


def test_what_cannot_be_predicted_says_why():
    assert predicted(RATES[:0], PAST[:0], LATER, 10.0) == Unavailable("none_read_before")
    assert predicted(RATES[:3], PAST[:3], LATER, 10.0) == Unavailable("too_few_observations", 4, 3)
    assert predicted(RATES * 0 + 0.2, PAST, LATER, 10.0) == Unavailable("outcome_constant")
    assert predicted(RATES, PAST * 0, LATER, 10.0) == Unavailable("no_variation", 1, 0)


def test_no_later_deals_are_no_predictions():
    found = predicted(RATES, PAST, LATER[:0], 10.0)
    assert isinstance(found, pd.Series)
    assert found.empty
