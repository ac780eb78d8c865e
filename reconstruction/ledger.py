"""Read one published figure by its id.

The ledger (data/published/ledger.csv) is the only place where a published figure is written down; the code names ids.
"""

import csv
from datetime import date
from functools import cache
from pathlib import Path

LEDGER = Path(__file__).resolve().parents[1] / "data" / "published" / "ledger.csv"


@cache
def rows() -> dict[str, dict[str, str]]:
    """All rows of the ledger by id."""
    with LEDGER.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def target(row_id: str) -> float:
    """Published value of a row: percentages become fractions, CNY_100m becomes CNY million, the rest stays."""
    row = rows()[row_id]
    value = float(row["value"])
    if row["unit"] in ("pct", "pct_pts"):
        return round(value / 100, 8)
    if row["unit"] == "CNY_100m":
        return round(value * 100, 6)
    return value


def count(row_id: str) -> int:
    """Published count."""
    return int(target(row_id))


def day(row_id: str) -> date:
    """Published date."""
    return date.fromisoformat(rows()[row_id]["value"])
