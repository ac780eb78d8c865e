"""Write tables as CSV: UTF-8, LF, fixed notation with at most four decimals (rates six)."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

Cell = str | int | float | date | None
MOST_DECIMALS = {"fee_rate": 6}


def text(value: Cell, decimals: int = 4) -> str:
    """One cell; trailing zeros are trimmed."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    number = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    trimmed = format(number, "f").rstrip("0").rstrip(".") if decimals else format(number, "f")
    return "0" if trimmed in ("", "-0") else trimmed


def write(path: Path, rows: Sequence[Mapping[str, Cell]]) -> None:
    """Write one table; the first row names the columns."""
    header = list(rows[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([text(row[name], MOST_DECIMALS.get(name, 4)) for name in header])
