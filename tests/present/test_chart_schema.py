"""Every specification is valid Vega-Lite. Builds do not look, because that costs as much as making them."""

from __future__ import annotations

import altair as alt
import jsonschema
import pytest

from tests.present.drawings import DRAWN, drawn
from tests.present.profiled import deal_specifications, localized


@pytest.mark.parametrize("table", DRAWN)
def test_the_charts_of_tables_are_valid(table: str):
    for spec in drawn(table).values():
        assert alt.Chart.from_dict(spec, validate=True) is not None


def test_the_charts_of_deals_are_valid():
    specs = deal_specifications(localized())
    assert len(specs) > 3
    for spec in specs.values():
        assert alt.Chart.from_dict(dict(spec), validate=True) is not None


def test_a_specification_that_is_not_valid_is_found():
    spec = next(iter(drawn(DRAWN[0]).values()))
    with pytest.raises(jsonschema.ValidationError):
        alt.Chart.from_dict({**spec, "width": "wide"}, validate=True)
