"""Columns may be declared in any unit of money, in per cent, years or days.

They are read in that of the program, to the last bit.

Expected values are those of the same data in the usual units.
"""

from __future__ import annotations

import csv
import json
import random
import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from npl_report.load.data import read_source
from npl_report.model import CONTRACT, MILLIONS, THOUSANDS
from tests.helpers import tiny
from tests.helpers.snapshots import assert_told
from tests.load.described import Change, Described, field, problems, read, resource, write

POWERS = {
    "CNY": 0, "CNY thousand": 3, "CNY 10k": 4, "CNY mn": 6, "CNY 100m": 8, "CNY bn": 9,
    "元": 0, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8, "十亿元": 9,
}  # fmt: skip
USUAL = {MILLIONS: "CNY mn", THOUSANDS: "CNY thousand"}
MONEY = [
    (part, name, USUAL[column.unit])
    for part, needed in CONTRACT.items()
    for name, column in needed.columns.items()
    if column.unit in USUAL and name in tiny.rows()[part][0]
]
"""(file, column, unit of the program, which is that of the sample)"""
Files = dict[str, list[tiny.Row]]


def scaled(text: str, power: int) -> str:
    """The text of a number times ten to that power, without an exponent."""
    return format(Decimal(text).scaleb(power), "f") if text else ""


def rescale(files: Files, unit: str) -> Files:
    """All money in another unit."""
    for part, name, usual in MONEY:
        for row in files[part]:
            row[name] = scaled(row[name], POWERS[usual] - POWERS[unit])
    return files


def declare(unit: str) -> Change:
    """The description that says so, with the limits in the same unit."""

    def change(package: Described) -> None:
        for part, name, usual in MONEY:
            declared = field(package, part, name)
            declared["unit"], limits = unit, declared["constraints"]
            for limit in {"minimum", "maximum"} & limits.keys():
                limits[limit] = float(scaled(str(limits[limit]), POWERS[usual] - POWERS[unit]))

    return change


def uneven() -> Files:
    """The tiny data with four decimals in every amount, as disclosures have them.

    Pools and faces are a little larger, all else a little smaller.
    """
    files, dice = tiny.rows(), random.Random(4)  # noqa: S311 -- the same dice in every run
    for part, name, _ in MONEY:
        for row in files[part]:
            if Decimal(row[name] or 0) >= 1:
                some = dice.randrange(1, 5000) / Decimal(10000)
                row[name] = f"{Decimal(row[name]) + (some if name in ('pool_balance', 'face') else -some):.4f}"
    for deal in files["deals"]:
        offered = sum(Decimal(row["amount"]) for row in files["forecasts"] if row["deal"] == deal["deal"])
        deal["expected_recovery"] = f"{offered or Decimal(60)}"
    return files


def assert_same(found: dict[str, pd.DataFrame], usual: dict[str, pd.DataFrame]) -> None:
    for name, frame in usual.items():
        pd.testing.assert_frame_equal(found[name], frame, check_exact=True)


@pytest.mark.parametrize("unit", POWERS)
def test_money_in_any_unit_is_the_same_money(unit: str, tmp_path: Path):
    assert_same(read(tmp_path, declare(unit), rescale(uneven(), unit)).frames, tiny.read(uneven()).frames)


def test_the_sample_in_thousands_is_the_sample(tmp_path: Path):
    folder = tmp_path / "data"
    shutil.copytree(tiny.ROOT / "data", folder, ignore=shutil.ignore_patterns("reconstruction", "published"))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    declare("CNY thousand")(package)
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    files: Files = {}
    for part in CONTRACT:
        with (folder / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            files[part] = list(csv.DictReader(file))
    for part, rows in rescale(files, "CNY thousand").items():
        tiny.write_csv(folder / f"{part}.csv", rows)
    assert files["deals"][0]["pool_balance"] == "1152628.6"  # CNY 1,152.6286 million
    assert_same(read_source(folder).frames, read_source(tiny.ROOT / "data").frames)


def test_rates_and_times_are_converted_too(tmp_path: Path):
    def change(package: Described) -> None:
        field(package, "deals", "secured_share").update(
            {"unit": "per cent", "constraints": {"minimum": 0, "maximum": 100}}
        )
        field(package, "deals", "fee_rate").update({"unit": "%", "constraints": {"required": True}})
        field(package, "deals", "wa_loan_age")["unit"] = "years"
        field(package, "deals", "wa_overdue")["unit"] = "days"
        field(package, "deals", "wa_borrower_age").update({"unit": "months", "constraints": {}})

    files = tiny.rows()
    for row in files["deals"]:
        row["fee_rate"] = "5"
    files["deals"][2] |= {
        "secured_share": "98.18",
        "fee_rate": "6.77",
        "wa_loan_age": "2.5",
        "wa_overdue": "411",
        "wa_borrower_age": "488.4",
    }
    deal = read(tmp_path, change, files).frames["deals"].loc[2]
    # 98.18 / 100; 6.77 / 100; 2.5 · 12; 411 days in months of 30 days; 488.4 / 12
    assert deal[["secured_share", "fee_rate", "wa_loan_age", "wa_overdue", "wa_borrower_age"]].tolist() == [
        0.9818,
        0.0677,
        30.0,
        13.7,
        40.7,
    ]


def test_what_is_missing_stays_missing(tmp_path: Path):
    found = read(tmp_path, declare("万元"), rescale(tiny.rows(), "万元")).frames["deals"]
    assert (
        found["wa_annual_income"].isna().tolist() == tiny.source().frames["deals"]["wa_annual_income"].isna().tolist()
    )


def test_the_market_names_its_unit_row_by_row():
    files = tiny.rows()
    rows = [
        ("npl_balance", "15.123", "CNY bn"),
        ("npl_balance", "171.57", "亿元"),
        ("npl_ratio", "1.86", "%"),
        ("index", "101.5", "number"),
        ("lag", "15", "days"),
        ("life", "9", "years"),
    ]
    files["market"] = [
        {"date": f"201{number}-12-31", "series": series, "value": value, "unit": unit, "source": "x"}
        for number, (series, value, unit) in enumerate(rows)
    ]
    market = tiny.read(files).frames["market"]
    assert market["value"].tolist() == [15123.0, 17157.0, 0.0186, 101.5, 15.0, 9.0]
    assert market["unit"].tolist() == ["CNY mn", "CNY mn", "fraction", "number", "days", "years"]


def put(files: Files, part: str, number: int, **cells: str) -> Files:
    files[part][number].update(cells)
    return files


CELLS: dict[str, tuple[str, Files]] = {
    # limits are in the unit of the file, and every message shows the cell as it stands there
    "unit-below-the-limit": ("CNY 10k", put(rescale(tiny.rows(), "CNY 10k"), "collections", 0, collected="-1.5")),
    "unit-across-columns": (
        "CNY thousand",
        put(rescale(tiny.rows(), "CNY thousand"), "deals", 1, pool_principal="500000.5"),
    ),
    "unit-across-files": ("CNY bn", put(rescale(tiny.rows(), "CNY bn"), "payments", 1, principal="0.1000051")),
    "unit-of-a-row-unknown": ("CNY mn", put(tiny.rows(), "market", 0, unit="CNY milion")),
    "unit-of-a-row-no-money": ("CNY mn", put(tiny.rows(), "market", 0, unit="fraction")),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_wrong_amount(case: str, tmp_path: Path):
    unit, files = CELLS[case]
    assert_told(case, problems(write(tmp_path, declare(unit), files)))


def wrong_units(package: Described) -> None:
    field(package, "deals", "pool_balance")["unit"] = "USD mn"
    field(package, "deals", "fee_rate")["unit"] = "CNY mn"
    field(package, "deals", "wa_borrower_age")["unit"] = "days"  # a life's years have no fixed number of them
    field(package, "deals", "n_loans")["unit"] = "number"
    field(package, "deals", "name_en")["unit"] = "CNY mn"
    field(package, "market", "value")["unit"] = "CNY mn"
    field(package, "payments", "principal").pop("unit")
    resource(package, "tranches")["schema"]["fields"].append({"name": "spread", "type": "number", "unit": "bp"})


def test_units_that_are_not_converted_are_refused(tmp_path: Path):
    assert_told("unit-refused", problems(write(tmp_path, wrong_units)))
