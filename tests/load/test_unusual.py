"""Identities across files, and what is only unusual: warned of, and accepted.

The flows are those of tests/helpers/tiny.py but for what each test changes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.load.data import Source, dataset, read_source
from npl_report.model import InputError
from npl_report.tables import compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.load.described import resource, write
from tests.load.disclosed import of, told, with_columns


def test_interest_in_thousands_breaks_an_identity():
    files = tiny.rows()
    of(files, "payments", "c2")[0]["interest"] = "18771"
    assert "data/payments.csv/interest: more was paid than there was to pay" in told(files)


def test_all_money_in_another_unit_is_told():
    files = tiny.rows()
    for name, columns in {
        "deals": ("pool_balance", "pool_principal", "expected_recovery"),
        "tranches": ("face",),
        "collections": ("collected",),
        "forecasts": ("amount",),
        "payments": ("principal", "interest"),
    }.items():
        for row in files[name]:
            row.update({column: str(float(row[column]) * 100) for column in columns})
    with pytest.raises(InputError) as raised:
        tiny.read(files)
    (first, *_) = raised.value.problems
    assert first.rule == "the balance of a loan is not of the size that its asset type has"
    assert "it looks like an amount in CNY thousand or CNY 10k" in str(raised.value)


def test_income_beside_recoveries_may_be_paid_out(tmp_path: Path):
    """c1 pays 201 out of 100 collected: with 110 for claims that the originator took back it may."""
    files = tiny.rows()
    files["deals"][0]["liquidity_reserve"] = "0"
    assert any("more was paid than there was to pay" in line for line in told(files))
    of(files, "collections", "c1")[0].update(collected="210", repurchase="110")
    of(files, "collections", "c1")[2].update(collected="100", other_income="50")
    source = with_columns(tmp_path, files, repurchase="CNY mn", other_income="CNY mn")
    data = dataset(source, tiny.AS_OF, MARKET)
    assert data.collections.loc[data.collections["deal"] == "c1", "collected"].tolist() == [100, 100, 50, 50, 40]
    found, usual = (
        compute_tables(["deal_recovery"], item, tiny.edition())["deal_recovery"] for item in (data, tiny.data())
    )
    assert found.frame.equals(usual.frame)  # type: ignore[union-attr]  # tables, both


UNUSUAL = {"face_within_expected", "interest_near_coupon", "reserve_share", "offering_is_there", "paid_and_collected"}
"""What the tiny data are warned of: their issues and reserves are large, interest is 1 wherever it is paid, and of
m2 there is neither a forecast nor a payment."""


def accept(folder: Path, source: Source) -> None:
    """Accept every warning, as it says itself."""
    records = [warning.fix.partition("an entry [[accepted]] with ")[2] for warning in source.warnings]
    texts = [
        "[[accepted]]\n"
        + record.replace('", file', '"\nfile')
        .replace(", key", "\nkey")
        .replace(" }, guard", " }\nguard")
        .replace(", reason", "\nreason")
        for record in records
    ]
    (folder / "corrections.toml").write_text("\n".join(texts), encoding="utf-8")


def test_what_is_unusual_is_warned_of_and_may_be_accepted(tmp_path: Path):
    folder = tiny.write(tmp_path)
    source = read_source(folder)
    assert {warning.fix.partition('rule = "')[2].partition('"')[0] for warning in source.warnings} == UNUSUAL
    accept(folder, source)
    again = read_source(folder)
    assert again.warnings == ()
    assert len(again.accepted) == len(source.warnings)
    assert {record.rule for record in again.accepted} == UNUSUAL


def test_an_acceptance_is_of_one_value(tmp_path: Path):
    folder = tiny.write(tmp_path)
    accept(folder, read_source(folder))
    text = (folder / "corrections.toml").read_text(encoding="utf-8")
    (folder / "corrections.toml").write_text(text.replace('guard = "340"', 'guard = "341"'), encoding="utf-8")
    with pytest.raises(InputError, match="there is no warning face_within_expected on this record with the value 341"):
        read_source(folder)


@pytest.mark.parametrize(
    ("interest", "warned"),
    [("7.59", False), ("3.9", False), ("3.7", True), ("0.0076", True), ("9.4", False), ("9.6", True), ("12", True)],
)
def test_interest_is_compared_with_what_falls_due(interest: str, warned: bool):  # noqa: FBT001
    """c1: 300 × 4 % × 231 of 365 days from 3 June 2016 to 20 January 2017 are 7.5945.

    Half to one and a quarter times that is usual.
    """
    files = tiny.rows()
    of(files, "payments", "c1")[0]["interest"] = interest
    found = [warning for warning in tiny.read(files).warnings if warning.column == "interest" and warning.row == 2]
    assert bool(found) == warned


def test_interest_that_falls_short_without_principal_is_no_slip():
    files = tiny.rows()
    files["payments"].insert(
        0,
        {
            "deal": "c1",
            "tranche": "senior",
            "paid_on": "2016-12-30",
            "reported_on": "2016-12-28",
            "principal": "0",
            "interest": "0.01",
        },
    )
    assert not [warning for warning in tiny.read(files).warnings if warning.row == 2 and warning.column == "interest"]


def test_payments_in_thousands_of_what_they_should_be_are_warned_of():
    files = tiny.rows()
    for row in of(files, "payments", "c2"):
        row.update(principal="0.08", interest="0.001")
    assert "less than 0.4 of what was collected has been paid out" in {item.rule for item in tiny.read(files).warnings}


def test_a_type_without_a_size_is_told(tmp_path: Path):
    def change(package: dict[str, object]) -> None:
        del next(rule for rule in resource(package, "deals")["rules"] if rule["name"] == "balance_per_loan")["range"][
            "mortgage"
        ]

    warnings = read_source(write(tmp_path, change)).warnings
    assert [
        item.value
        for item in warnings
        if item.rule == "sets no size of a loan for a class of deals, whose pools are not checked"
    ] == ["mortgage"]
