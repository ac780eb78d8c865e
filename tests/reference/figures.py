"""What R found (regression.csv), and the same sample as the package has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd

from npl_report.load.data import dataset, read_source
from npl_report.load.project import Project, read_edition
from npl_report.model import Dataset, Edition, Result, Unavailable
from npl_report.tables import compute_tables
from npl_report.tables.regressions import Model, Response, model
from tests.helpers import tiny
from tests.helpers.market import MARKET

REFERENCE = tiny.ROOT / "tests" / "reference"
RESPONSES: Mapping[str, Response] = {"expected": "expected_recovery", "actual": "actual_recovery"}


@cache
def texts() -> Mapping[str, str]:
    """Key → what R wrote."""
    return dict(pd.read_csv(REFERENCE / "regression.csv", dtype=str).set_index("key")["value"])


def figure(key: str) -> float:
    return float(texts()[key])


def each(prefix: str) -> pd.Series:
    """The figures ``prefix.<name>`` by name, in R's order."""
    return pd.Series(
        {key.removeprefix(f"{prefix}."): float(value) for key, value in texts().items() if key.startswith(f"{prefix}.")}
    )


@cache
def edition() -> Edition:
    """The edition with the windows that sample.R has, on the day that the fixture was made for."""
    return replace(read_edition(Project(tiny.ROOT), "2020-03"), as_of=date.fromisoformat(texts()["as_of"]))


@cache
def data() -> Dataset:
    return dataset(read_source(tiny.ROOT / "data"), edition().as_of, MARKET)


@cache
def results() -> Mapping[str, Result | Unavailable]:
    keys = (
        "determinants_sample",
        "regression_expected_recovery",
        "regression_actual_recovery",
        "regression_robustness",
        "variable_summary",
    )
    return compute_tables(keys, data(), edition())


@cache
def regression(name: str) -> Model:
    """The regression of the expected or the actual rate."""
    sample = results()["determinants_sample"]
    assert isinstance(sample, Result)
    found = model(sample, edition(), RESPONSES[name])
    assert isinstance(found, Model), found
    return found
