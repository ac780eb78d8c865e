"""Read plan.csv: what is invented about each deal (names, dates, hints), one row a deal.

Hints (size in CNY million, rates and offsets in per cent) say where a deal should lie before calibration; an empty hint
means that a published figure fixes the value. A wave is a set of deals that is reconstructed on its own: "report" are
the deals of the published report, "study" those issued after it up to the study's 156; a later wave leaves earlier ones
as they are, and its hints are empty but for the offset of all recoveries. The deals issued after them have no row here:
they are drawn from `market_deals.csv` (module `market`). `redeemed` says whether the senior tranche is
meant to be repaid by the report's as-of date; `updated_to` is the day of the last report that the sample holds,
`first_updated_to` that of its first release.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from . import ledger

AssetType = Literal["corporate", "mortgage", "unsecured"]
AssetClass = Literal["cards", "consumer", "micro_unsecured", "micro_secured", "vehicle", "residential", "corporate"]
TYPES: tuple[AssetType, ...] = ("corporate", "mortgage", "unsecured")
TYPE_OF: dict[AssetClass, AssetType] = {
    "cards": "unsecured",
    "consumer": "unsecured",
    "micro_unsecured": "unsecured",
    "micro_secured": "mortgage",
    "vehicle": "mortgage",
    "residential": "mortgage",
    "corporate": "corporate",
}
REPORT, STUDY, MARKET = "report", "study", "market"
SECOND_RELEASE = date(2021, 12, 31)  # reports up to this day came with the second release of the sample
THIRD_RELEASE = date(2025, 12, 31)  # and up to this one with the third
HERE = Path(__file__).resolve().parent
AS_OF = ledger.day("L008")
# Months of age read for each type: corporate is published; the other two stood in a lost table and are ours.
WINDOWS: dict[AssetType, tuple[float, float]] = {
    "corporate": (ledger.target("L078"), ledger.target("L079")),
    "mortgage": (24, 30),
    "unsecured": (13, 19),
}
ONE_YEAR = (ledger.target("L027"), ledger.target("L028"))


@dataclass(frozen=True)
class Deal:
    """One row of plan.csv."""

    deal: str
    wave: str
    name_zh: str
    name_en: str
    originator: str
    asset_type: AssetType
    asset_class: AssetClass
    sample: str
    cutoff: date
    issue: date
    closing: date
    months: int
    first_end: date
    last_end: date | None
    liquidated: date | None
    first_updated_to: date
    updated_to: date
    redeemed: bool
    size: float
    rate: float | None
    offset: float | None
    offset_1y: float

    @property
    def year(self) -> int:
        """Issue year."""
        return self.issue.year


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _fraction(text: str) -> float | None:
    return round(float(text) / 100, 8) if text else None


def _deal(row: dict[str, str]) -> Deal:
    kind: AssetClass = row["asset_class"]  # pyright: ignore[reportAssignmentType]
    return Deal(
        deal=row["deal"],
        wave=row["wave"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        originator=row["originator"],
        asset_type=TYPE_OF[kind],
        asset_class=kind,
        sample=row["sample"],
        cutoff=date.fromisoformat(row["cutoff_date"]),
        issue=date.fromisoformat(row["issue_date"]),
        closing=date.fromisoformat(row["closing_date"]),
        months=int(row["period_months"]),
        first_end=date.fromisoformat(row["first_period_end"]),
        last_end=_day(row["last_period_end"]),
        liquidated=_day(row["liquidated_on"]),
        first_updated_to=_day(row["first_updated_to"]) or AS_OF,
        updated_to=_day(row["updated_to"]) or AS_OF,
        redeemed=row["redeemed"] == "y",
        size=float(row["size_hint"] or 0),
        rate=_fraction(row["rate_hint"]),
        offset=_fraction(row["offset_hint"]),
        offset_1y=_fraction(row["offset_1y_hint"]) or 0.0,
    )


def deals(wave: str) -> list[Deal]:
    """The planned deals of a wave, sorted by id."""
    with (HERE / "plan.csv").open(encoding="utf-8", newline="") as file:
        planned = [_deal(row) for row in csv.DictReader(file) if row["wave"] == wave]
    return sorted(planned, key=lambda deal: deal.deal)
