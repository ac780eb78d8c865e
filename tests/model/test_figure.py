"""The identity of a number is its text, and its parts."""

import json

import pytest

from npl_report.model import Figure


def test_a_figure_is_its_text_and_its_parts():
    figure = Figure.of("recovery_by_type", "mortgage", "mean_recovery")
    assert figure == "recovery_by_type/mortgage/mean_recovery"
    assert figure.parts == ("recovery_by_type", "mortgage", "mean_recovery")
    assert figure.table == "recovery_by_type"
    assert json.dumps(figure) == '"recovery_by_type/mortgage/mean_recovery"'


@pytest.mark.parametrize("text", ["", "table", "table/row", "table/row/column/more"])
def test_what_has_not_three_parts_is_no_figure(text: str):
    with pytest.raises(ValueError, match="unpack"):
        _ = Figure(text).parts
