"""Disclosures of the tiny data as they are changed, and what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from npl_report.load.data import Source, dataset, read_source
from npl_report.model import InputError, Result, Unavailable
from npl_report.tables import compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.load.described import Change, resource, write

Files = dict[str, list[tiny.Row]]
MONTHLY = (("2018-07-01", "2018-07-31", 10, 2), ("2018-08-01", "2018-08-31", 12, 0), ("2018-09-01", "2018-09-30", 9, 1))
"""Periods of u1, what was recovered on claims in disposal, and on closed ones; reported on the 17th and paid on the
24th."""


def compute(files: Files, *keys: str, as_of: date = tiny.AS_OF) -> Mapping[str, Result | Unavailable]:
    return compute_tables(keys, dataset(tiny.read(files), as_of, MARKET), tiny.edition(as_of))


def told(files: Files) -> list[str]:
    """Rules of what is told."""
    with pytest.raises(InputError) as raised:
        tiny.read(files)
    return [f"{problem.file}/{problem.column}: {problem.rule}" for problem in raised.value.problems]


def of(files: Files, file: str, deal: str) -> list[tiny.Row]:
    return [row for row in files[file] if row["deal"] == deal]


def described(*columns: tuple[str, str]) -> Change:
    """The description with further columns of collections."""

    def change(package: dict[str, object]) -> None:
        fields = resource(package, "collections")["schema"]["fields"]
        fields += [
            {
                "name": name,
                "type": "integer" if unit == "" else "number",
                **({"unit": unit} if unit else {}),
                "description": name,
            }
            for name, unit in columns
        ]

    return change


def with_columns(root: Path, files: Files, **columns: str) -> Source:
    """The data with further columns of collections, empty where a row does not say more."""
    for row in files["collections"]:
        for name in columns:
            row.setdefault(name, "")
    folder = write(
        root,
        described(*columns.items()),
        files
        | {
            "collections": [
                {name: cell for name, cell in row.items() if name not in columns} for row in files["collections"]
            ]
        },
    )
    tiny.write_csv(folder / "collections.csv", files["collections"])
    return read_source(folder)


def late(files: Files) -> None:
    """The second period of m1 is first reported a year and a half after its end, when two later ones are known."""
    of(files, "collections", "m1")[1]["reported_on"] = "2020-02-20"


def trustee(files: Files) -> Files:
    files["collections"] = [row for row in files["collections"] if row["deal"] != "u1"]
    files["payments"] = [row for row in files["payments"] if row["deal"] != "u1"]
    files["deals"][4].update(issue_date="2018-07-20", closing_date="2018-07-23")
    for row in of(files, "forecasts", "u1"):
        row["made_on"] = "2018-07-20"
    for number, (start, end, open_, closed) in enumerate(MONTHLY):
        month = 8 + number
        parts = {
            "recovered_in_disposal": f"{open_:.2f}",
            "recovered_closed": f"{closed:.2f}",
            "other_income": "0.50",
            "disposal_costs": "1.00",
            "n_closed": str(closed * 10),
            "balance_closed": str(closed * 3),
        }
        files["collections"].append(
            {
                "deal": "u1",
                "period_start": start,
                "period_end": end,
                "reported_on": f"2018-{month:02}-17",
                "collected": f"{open_ + closed + 0.5:.2f}",
                **parts,
            }
        )
        files["payments"].append(
            {
                "deal": "u1",
                "tranche": "senior",
                "paid_on": f"2018-{month:02}-24",
                "reported_on": f"2018-{month:02}-17",
                "principal": "8",
                "interest": "0.35",
            }
        )
    return files


PARTS = {
    "recovered_in_disposal": "CNY mn",
    "recovered_closed": "CNY mn",
    "other_income": "CNY mn",
    "disposal_costs": "CNY mn",
    "n_closed": "",
    "balance_closed": "CNY mn",
}
