"""The tables of the edition with the whole market, among them those that no older edition has."""

from __future__ import annotations

import pytest

from npl_report.load.tablefolders import table_keys
from npl_report.model import Result
from npl_report.tables import catalogue
from tests.helpers import sampled
from tests.helpers.cells import assert_of_unit

EDITION = "2025-12"


@pytest.mark.parametrize("key", sorted(table_keys()))
def test_every_table_is_computed_with_cells_of_its_units(key: str):
    """And every gap has its reason, which is the computation's to see."""
    result = sampled.results(EDITION)[key]
    assert isinstance(result, Result)
    table = catalogue(sampled.edition(EDITION).market)[key]
    assert not result.evidence.empty
    for values, columns in ((result.frame, table.columns), (result.evidence, table.evidence)):
        for column in columns:
            assert_of_unit(values[column.key].dropna(), column)
