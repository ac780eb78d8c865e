"""Tables of part III on the tiny data, with changed files or other rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from npl_report.load.data import dataset
from npl_report.model import Result, Structure, Unavailable
from npl_report.tables import compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET

CLOSE = 1e-9  # figures below a thousand in the twelve digits that tables store
FOUND = 1e-9  # what bisection leaves
NO_FORECAST, NO_REPORTS, NOTHING, NONE_LIQUIDATED, NEVER = (
    Unavailable(reason, 1, 0)
    for reason in ("no_forecast", "no_reports", "nothing_repaid", "none_liquidated", "never_covered")
)
FORESEEN = ["c1", "c2", "m1", "u1", "u2"]


def computed(key: str, files: Mapping[str, list[tiny.Row]] | None = None, **structure: object) -> Result:
    """One table on changed files, or with other rules of part III."""
    edition = replace(tiny.edition(), structure=Structure(**structure))  # type: ignore[arg-type]
    found = compute_tables([key], dataset(tiny.read(files), tiny.AS_OF, MARKET) if files else tiny.data(), edition)[key]
    assert isinstance(found, Result), found
    return found


def days(deal: str, age: int) -> int:
    """From closing to the payment date of the forecast period that ends at an age."""
    closing = date.fromisoformat(tiny.ISSUED[deal]).toordinal() + 2
    return tiny.day(deal, 30 * age).toordinal() + 24 - closing
