"""The Kaplan–Meier estimate against R's ``survival``, and by hand."""

from __future__ import annotations

import csv
from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.survival import NOT_REACHED, OPEN, Survival, kaplan_meier
from tests.helpers import tiny

REFERENCE = tiny.ROOT / "tests" / "reference"
CLOSE = 1e-12  # both multiply fractions of whole numbers, ours by their logarithms
AML = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
"""Weeks in remission, maintained arm (Miller 1981, as R ships them)."""


@cache
def reference() -> dict[str, str]:
    with (REFERENCE / "survival.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row["value"] for row in csv.DictReader(file)}


@cache
def observations() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "survival_observations.csv")


def compare(key: str, found: Survival) -> None:
    """Everything that R tells of a group."""
    theirs = reference()
    for name, ours in (("median", found.median), ("0.95LCL", found.low), ("0.95UCL", found.high)):
        value = theirs[f"{key}.{name}"]
        if value == "NA":
            assert isinstance(ours, Unavailable), (key, name)
        else:
            assert ours == pytest.approx(float(value), rel=CLOSE), (key, name)
    months = {item.split(".")[-2] for item in theirs if item.startswith(f"{key}.") and item.endswith(".surv")}
    assert months
    for month in months:
        at = found.at(float(month))
        assert at is not None
        assert found.at_risk(float(month)) == int(theirs[f"{key}.{month}.n.risk"])
        assert at[0] == pytest.approx(float(theirs[f"{key}.{month}.surv"]), abs=CLOSE)
        error = theirs[f"{key}.{month}.std.err"]
        assert np.isnan(at[1]) if error == "NaN" else at[1] == pytest.approx(float(error), abs=CLOSE)


@pytest.mark.parametrize(("tranche", "year"), list(product(("first", "last"), range(2016, 2026))))
def test_cohorts_of_the_sample_against_r(tranche: str, year: int):
    frame = observations()
    group = frame.loc[(frame["tranche"] == tranche) & (frame["year"] == year)]
    compare(f"{tranche}.{year}", kaplan_meier(group["age"], group["redeemed"] == 1))


def test_remission_of_leukaemia_against_r():
    compare("aml", kaplan_meier(*AML))


def test_by_hand():
    # at 2 of four one event; one censored at 3; at 4 one of two
    found = kaplan_meier([2, 3, 4, 5], [True, False, True, False])
    assert found.ages.tolist() == [2, 4]
    assert found.survival == pytest.approx([3 / 4, 3 / 8])
    # Greenwood: S² Σ d / (n (n − d)) = (3/4)² × 1/(4×3); (3/8)² × (1/12 + 1/2)
    assert found.error == pytest.approx([(9 / 16 / 12) ** 0.5, (9 / 64 * 7 / 12) ** 0.5])
    assert [found.at_risk(age) for age in (0, 2, 2.5, 3, 4, 5, 6)] == [4, 4, 3, 3, 2, 1, 0]
    assert found.median == 4
    assert found.high == OPEN
    assert found.at(1) == (1.0, 0.0)
    assert found.at(5) == pytest.approx((3 / 8, found.error[1]))
    assert found.at(5.5) is None  # some are left, and nobody has been observed so long


def test_a_half_exactly_is_half_way():
    assert kaplan_meier([3, 4], [True, True]).median == 3.5


def test_all_censored():
    found = kaplan_meier([1, 2, 3], [False, False, False])
    assert (found.median, found.low, found.high) == (NOT_REACHED,) * 3
    assert found.at(2) == (1.0, 0.0)
    assert found.at(4) is None
    assert found.at_risk(3) == 1


def test_one_observation():
    over, left = kaplan_meier([5], [True]), kaplan_meier([5], [False])
    assert over.median == 5
    assert (over.low, over.high) == (OPEN, OPEN)
    at = over.at(9)
    assert at is not None
    assert at[0] == 0
    assert np.isnan(at[1])
    assert left.median == NOT_REACHED
