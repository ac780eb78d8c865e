"""The gate and its measures: by hand on four to six observations."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Unavailable
from npl_report.stats.design import Design, Dropped, constant, gate, standardized

X = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "z": [1.0, 0.0, 2.0, 1.0, 3.0, 1.0]})


@pytest.mark.parametrize("values", [[0.3, 0.3, 0.3], [0.3, 0.3 + 1e-13], [1e9, 1e9 + 1e-4], [0.1 + 0.2, 0.3], []])
def test_a_constant_may_differ_by_what_rounding_leaves(values: list[float]):
    assert constant(values)
    assert not constant([*values, 0.3, 0.4])


def test_standardized_by_hand():
    # 1, 2, 3: mean 2, squares add up to 2
    columns = pd.DataFrame({"x": [1.0, 2.0, 3.0]})
    assert standardized(columns)[:, 0] == pytest.approx([-math.sqrt(1.5), 0.0, math.sqrt(1.5)], rel=1e-15)
    assert standardized(columns, ddof=1)[:, 0] == pytest.approx([-1.0, 0.0, 1.0], rel=1e-15)


def test_what_others_determine_leaves_and_is_told():
    found = gate(X.assign(still=0.2, both=X["x"] + X["z"]))
    assert isinstance(found, Design)
    assert list(found.columns.columns) == ["x", "z"]
    still, both = found.dropped
    assert (still.name, still.reason, still.partners) == ("still", "constant", ())
    assert both == Dropped("both", "determined", float("inf"), ("x", "z"))


@pytest.mark.parametrize("missing", [np.nan, np.inf])
def test_values_that_are_missing_are_counted(missing: float):
    assert gate(X.replace({"z": {2.0: missing}})) == Unavailable("values_missing", 6, 5)


def test_what_cannot_be_modelled_says_why():
    assert gate(X[:3]) == Unavailable("too_few_observations", 4, 3)
    assert gate(X[:0]) == Unavailable("no_variation", 1, 0)
    assert gate(X * 0) == Unavailable("no_variation", 1, 0)
