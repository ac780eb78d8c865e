"""What is measured in different units in one column prints decimals that fit each."""

from __future__ import annotations

import pytest

from npl_report.model import Column, Unit
from npl_report.present.printed import Printer
from npl_report.tables.variable_summary import TABLE
from npl_report.text.names import Names
from tests.helpers.market import names_of, words_of
from tests.present.small import numbers


@pytest.mark.parametrize(
    ("row", "value", "text"),
    [
        ("n_loans", 48935.0, "48,935"),
        ("pool_balance", 2319.418, "2,319"),
        ("wa_overdue", 12.3456, "12.3"),
        ("senior_share", 0.73456, "0.735"),
        ("average_loan", 0.00639, "0.006"),
    ],
)
def test_a_row_has_the_decimals_of_its_own_unit(row: str, value: float, text: str):
    printer = Printer(Names({}, {}, names_of("en"), words_of("en")), numbers("en"), words_of("en"))
    cell = printer.maker(TABLE, TABLE.column("mean"))(row, value, None)
    assert (cell.text, float(cell.raw)) == (text, value)


def test_what_declares_decimals_keeps_them_in_every_row():
    correlation = TABLE.column("correlation")
    assert {TABLE.printed_as(row, correlation).printed_decimals for row in TABLE.row_decimals} == {2}


@pytest.mark.parametrize(("months", "text"), [(0.4, "0.4"), (0.0, "0"), (12.4, "12"), (-0.26, "\u22120.3")])
def test_less_than_a_month_is_no_nought(months: float, text: str):
    assert numbers("en").cell(months, Column("age", Unit.MONTHS)) == text
    assert numbers("en").text(months, Column("age", Unit.MONTHS)) == f"{text} months"
