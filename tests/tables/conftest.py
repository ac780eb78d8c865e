"""The repo's own data, read once for all tests of tables."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from npl_report.load.data import Source
from npl_report.model import Dataset, Edition, Result, Unavailable
from tests.helpers import sampled


@pytest.fixture(scope="session")
def sample() -> Source:
    return sampled.source()


@pytest.fixture(scope="session")
def sample_edition() -> Edition:
    return sampled.edition("2020-03")


@pytest.fixture(scope="session")
def sample_data() -> Dataset:
    return sampled.data("2020-03")


@pytest.fixture(scope="session")
def sample_results() -> Mapping[str, Result | Unavailable]:
    return sampled.results("2020-03")
