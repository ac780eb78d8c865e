"""The repo's own data, read once for all tests of tables."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from npl_report.load.data import Source, dataset, read_source
from npl_report.load.project import Project, read_edition
from npl_report.model import Dataset, Edition, Result, Unavailable
from npl_report.tables import catalogue, compute_tables
from tests import tiny


@pytest.fixture(scope="session")
def sample() -> Source:
    return read_source(tiny.ROOT / "data")


@pytest.fixture(scope="session")
def sample_edition() -> Edition:
    return read_edition(Project(tiny.ROOT), "2020-03")


@pytest.fixture(scope="session")
def sample_data(sample: Source, sample_edition: Edition) -> Dataset:
    return dataset(sample, sample_edition.as_of)


@pytest.fixture(scope="session")
def sample_results(sample_data: Dataset, sample_edition: Edition) -> Mapping[str, Result | Unavailable]:
    return compute_tables(catalogue(), sample_data, sample_edition)
