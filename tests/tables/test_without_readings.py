"""Part II before any deal has been read inside its window: what asks for the expected rate only is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from npl_report.load.data import Source, dataset
from npl_report.load.project import Project, read_edition
from npl_report.model import Result, Unavailable
from npl_report.tables import compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET

EARLY = date(2017, 1, 1)
READINGS = ("window_readings", "one_year_readings")
VARIABLES = ("variable_summary", "variable_correlations")
MODELS = ("variable_gate", "regression_expected_recovery", "regression_diagnostics", "factor_adequacy")
PANELS = ("panel_observations", "panel_tests")
KEYS = ("determinants_sample", "regression_actual_recovery", *READINGS, *VARIABLES, *MODELS, *PANELS)
FEW = Unavailable("too_few_observations", needed=16, found=8)
"""Fourteen candidates, a constant and one degree of freedom; eight retail deals."""


@pytest.fixture(scope="module")
def early(sample: Source) -> Mapping[str, Result | Unavailable]:
    edition = replace(read_edition(Project(tiny.ROOT), "2021-12"), as_of=EARLY)
    return compute_tables(KEYS, dataset(sample, EARLY, MARKET), edition)


def test_every_deal_issued_is_in_the_sample(early: Mapping[str, Result | Unavailable]):
    unread = Unavailable("no_deal_in_window", needed=1, found=0)
    assert early["window_readings"] == early["one_year_readings"] == unread
    sample = early["determinants_sample"]
    assert isinstance(sample, Result)
    assert len(sample.frame) == 14
    counts = sample.frame["status"].value_counts().to_dict()
    assert counts == {"included": 8, "variable_missing": 6}  # six corporate deals
    assert sample.frame["expected_recovery"].between(0, 1).all()
    assert {sample.gaps[str(deal), "actual_recovery"] for deal in sample.frame.index} == {unread}
    for key in VARIABLES:
        assert isinstance(early[key], Result), key


def test_models_are_refused_for_their_own_reason(early: Mapping[str, Result | Unavailable]):
    assert {key: early[key] for key in MODELS} == dict.fromkeys(MODELS, FEW)
    # there are deals, but none has been read
    assert early["regression_actual_recovery"] == Unavailable("no_deal_in_window", needed=1, found=0)


def test_half_years_of_deals_do_not_wait_for_a_reading_at_one_year(early: Mapping[str, Result | Unavailable]):
    panel = early["panel_observations"]
    assert isinstance(panel, Result)
    assert set(panel.frame["panel"]) == {"deal_half_year"}
    assert early["panel_tests"] == Unavailable("too_few_entities", needed=2, found=0)  # each has been observed once
