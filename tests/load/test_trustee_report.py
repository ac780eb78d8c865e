"""A trustee report as it is published: monthly, before the payment, recoveries in parts.

The flows are those of tests/helpers/tiny.py but for what each test changes.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from npl_report.load.data import dataset
from npl_report.model import CONTRACT, InputError
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.load.disclosed import PARTS, of, trustee, with_columns


def test_a_trustee_report(tmp_path: Path):
    source = with_columns(tmp_path, trustee(tiny.rows()), **PARTS)
    for day, periods, payments, collected in (
        ("2018-08-16", 0, 0, 0),
        ("2018-08-17", 1, 0, 12),
        ("2018-08-24", 1, 1, 12),
        ("2018-09-20", 2, 1, 24),
        ("2018-10-24", 3, 3, 34),
    ):
        data = dataset(source, date.fromisoformat(day), MARKET)
        own = data.collections.loc[data.collections["deal"] == "u1"]
        assert (len(own), len(data.payments.query("deal == 'u1'")), own["collected"].sum()) == (
            periods,
            payments,
            collected,
        ), day
        assert own["disposal_costs"].sum() == periods


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"recovered_in_disposal": "10.03"}, "the parts do not add up to what was collected"),
        (
            {"recovered_in_disposal": "", "recovered_closed": "", "other_income": "40"},
            "parts exceed what was collected",
        ),
        ({"n_closed": "2001"}, "more is closed than the pool held"),
        ({"balance_closed": "1000.5"}, "more is closed than the pool held"),
        ({"clean_up_call": "0.03"}, "the parts do not add up to what was collected"),
    ],
)
def test_parts_that_do_not_add_up(changes: dict[str, str], rule: str, tmp_path: Path):
    files = trustee(tiny.rows())
    of(files, "collections", "u1")[0].update(changes)
    with pytest.raises(InputError) as raised:
        with_columns(tmp_path, files, **PARTS, clean_up_call="CNY mn")
    assert [problem.rule for problem in raised.value.problems] == [rule]


def test_income_alone_may_be_given(tmp_path: Path):
    files = trustee(tiny.rows())
    for row in of(files, "collections", "u1"):
        row.update(recovered_in_disposal="", recovered_closed="")
    data = dataset(with_columns(tmp_path, files, **PARTS), date(2018, 12, 31), MARKET)
    assert data.collections.query("deal == 'u1'")["collected"].sum() == 34


def test_costs_lessen_what_can_be_paid(tmp_path: Path):
    files = trustee(tiny.rows())
    of(files, "collections", "u1")[0]["disposal_costs"] = "5.00"  # of 12.5 collected, of which 8.35 are paid
    with pytest.raises(InputError, match="more was paid than there was to pay"):
        with_columns(tmp_path, files, **PARTS)


def test_the_columns_that_may_be_added_are_named_where_they_are_explained():
    guide = (tiny.ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    assert [
        name for name, need in CONTRACT["collections"].columns.items() if not need.kept and f"`{name}`" not in guide
    ] == []
