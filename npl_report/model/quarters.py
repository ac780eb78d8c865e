"""Quarters of the calendar by their ids, ``2025Q3``; as a whole number, four times the year and 0 to 3."""

from __future__ import annotations

import re

QUARTERS = 4
"""In a year."""
_ID = re.compile(r"(\d{4})Q([1-4])")


def quarter_id(quarter: int) -> str:
    """``2025Q3``."""
    return f"{quarter // QUARTERS}Q{quarter % QUARTERS + 1}"


def quarter_parts(id_: str) -> tuple[int, int] | None:
    """The year, and 1 to 4; None for what is no quarter's id."""
    found = _ID.fullmatch(id_)
    return (int(found[1]), int(found[2])) if found else None


def quarter_number(id_: str) -> int:
    """``2025Q3`` as a whole number; ValueError for what is no quarter's id."""
    parts = quarter_parts(id_)
    if parts is None:
        raise ValueError(f"{id_!r} is no quarter")
    return parts[0] * QUARTERS + parts[1] - 1
