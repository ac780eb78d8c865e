"""What a table prints of its columns."""

from __future__ import annotations

import pytest

from npl_report.model import Column, Figure, Unit
from npl_report.present.printed import Printer
from npl_report.present.views import table_view
from npl_report.text.names import Names
from npl_report.text.words import Words
from tests.helpers.market import names_of, words_of
from tests.present import small

COLUMNS = (
    Column("n", Unit.NUMBER),
    Column("first", Unit.NUMBER, span="factor", optional=True),
    Column("second", Unit.NUMBER, span="factor", optional=True),
    Column("p", Unit.PROBABILITY),
)


@pytest.mark.parametrize(
    ("second", "heads", "widths"),
    [(None, ["n", "first", "p"], [1, 1, 1]), (0.25, ["n", "first", "second", "p"], [1, 2, 1])],
)
def test_an_optional_column_without_any_value_is_not_printed(second: float | None, heads: list[str], widths: list[int]):
    drawn = small.source(
        "heatmap",
        Unit.REGRESSOR,
        COLUMNS,
        {"issuance": (1.0, 0.5, second, None), "const": (2.0, None, None, None)},
        values=("first", "second"),
    )
    keys = [column.key for column in COLUMNS]
    words = Words(
        {
            "title": "Small",
            "columns": dict(zip(keys, keys, strict=True)),
            "short": dict(zip(keys, keys, strict=True)),
            "spans": {"factor": "Factor"},
        },
        "small.toml",
    )
    program = words_of("en")
    names = Names({}, {}, names_of("en"), program)
    printer = Printer(names, drawn.numbers, program)
    view = table_view(
        drawn.table, {"small": drawn.result}, words, printer, label="Table 1", note="", sources=("method",)
    )
    assert [head.key for head in view.heads] == heads
    assert [[Figure(cell.number).parts[2] for cell in row.cells] for row in view.rows] == [heads, heads]
    assert [top.width for top in view.tops] == widths
    first, _ = view.rows
    assert first.cells[-1].reason  # a column that is not optional says why it is empty
    assert view.reasons == view.reasons_of(view.rows) != ()
    assert words.used >= {f"columns.{key}" for key in keys} | {"short.first", "short.second"}  # words are for any data
