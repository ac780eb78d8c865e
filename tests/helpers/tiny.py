"""Six deals with round numbers, from which every table can be worked out by hand.

Time is counted in days from a deal's cut-off date, so that ages come out whole: a period that ends on day 360 ends at
age 12.0. Money is in millions. Known on ``AS_OF``:

| deal | type | bank | issued | pool | senior + sub. | collected by age (months) | forecast by age |
|---|---|---|---|---|---|---|---|
| c1 | corporate | east | 2016 | 1000 | 300 + 100 | 12: 100, 24: 100, 33: 50, 39: 50, 45: 40 | 24: 100, 48: 240 |
| c2 | corporate | west | 2017 | 500 | 80 + 20 | 12: 20, 36: 80 | 12: 25, 36: 100, 48: 25 |
| m1 | mortgage | east | 2017 | 400 | 200 + 50 | 12: 40, 24: 60, 30: 60, 36: 40 | 12: 40, 30: 60, 48: 100 |
| m2 | mortgage | west | 2017 | 200 | 60 + 40 | 12: 20, 23: 20, 31: 20 (jumps the window 24–30) | none |
| u1 | unsecured | east | 2018 | 1000 | 100 + 20 | 7: 50, 13: 50 (first 30), 19: 50 (later restated) | 19: 150, 30: 50 |
| u2 | unsecured | west | 2020 | 100 | 20 + 10 | no report by AS_OF | 24: 20 |

Issue sizes add up to 1000, of which corporate 500, mortgage 350, unsecured 150. c1 was liquidated on 2020-01-15; c2
will be on 2020-06-30, after AS_OF. Windows are those of report I and ours: corporate 33–39, mortgage 24–30, unsecured
13–19, one year 10–14.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from npl_report.load.data import Source, dataset, read_source
from npl_report.model import (
    NO_RECOVERIES,
    RECOVERIES,
    Dataset,
    Edition,
    Phase,
    Result,
    Unavailable,
    Window,
    steps_of,
)
from npl_report.present.chapters import ChapterText
from npl_report.tables import catalogue, compute_tables
from tests.helpers.market import MARKET

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "data" / "datapackage.json"
AS_OF = date(2020, 3, 17)
Row = dict[str, str]
STEPS = steps_of(("senior", "subordinated"))

CUTOFFS: Mapping[str, date] = MappingProxyType(
    {
        "c1": date(2016, 1, 1),
        "c2": date(2016, 7, 1),
        "m1": date(2017, 3, 1),
        "m2": date(2017, 4, 1),
        "u1": date(2018, 7, 1),
        "u2": date(2019, 9, 1),
    }
)
ISSUED = {
    "c1": "2016-06-01",
    "c2": "2017-01-10",
    "m1": "2017-09-01",
    "m2": "2017-10-10",
    "u1": "2018-12-01",
    "u2": "2020-02-03",
}
POOLS = {"c1": 1000, "c2": 500, "m1": 400, "m2": 200, "u1": 1000, "u2": 100}
FACES = {"c1": (300, 100), "c2": (80, 20), "m1": (200, 50), "m2": (60, 40), "u1": (100, 20), "u2": (20, 10)}
SENIOR_TERMS = {"c1": 48, "c2": 36, "m1": 40, "m2": 32, "u1": 20, "u2": 24}
RESERVES = {"c1": "120", "m1": "10"}
"""Without them c1 and m1 would have paid more than they had collected."""
LIQUIDATED = {"c1": "2020-01-15", "c2": "2020-06-30"}
COLLECTED = {
    "c1": ((12, 100), (24, 100), (33, 50), (39, 50), (45, 40)),
    "c2": ((12, 20), (36, 80)),
    "m1": ((12, 40), (24, 60), (30, 60), (36, 40)),
    "m2": ((12, 20), (23, 20), (31, 20)),
    "u1": ((7, 50), (13, 30), (19, 50)),
    "u2": ((6, 7),),
}
"""(age at the period's end, amount). The first report of each period comes 20 days after its end."""
RESTATED = (("u1", 1, 50, "2019-09-30"), ("u1", 2, 99, "2020-04-01"))
"""(deal, number of the period from 0, amount, reported on)"""
FORECAST = {
    "c1": ((24, 100), (48, 240)),
    "c2": ((12, 25), (36, 100), (48, 25)),
    "m1": ((12, 40), (30, 60), (48, 100)),
    "m2": (),
    "u1": ((19, 150), (30, 50)),
    "u2": ((24, 20),),
}
PAYMENTS = (
    # deal, tranche, paid on, reported on, principal
    ("c1", "senior", "2017-01-20", "2017-01-25", 200),
    ("c1", "senior", "2018-01-20", "2018-01-25", 100),
    ("c1", "subordinated", "2019-10-10", "2019-10-15", 60),
    ("c2", "senior", "2019-07-10", "2019-07-15", 80),
    ("m1", "senior", "2019-09-20", "2019-09-25", 150),
    ("m1", "senior", "2020-03-10", "2020-04-02", 50),  # reported after AS_OF
    ("u1", "senior", "2019-02-20", "2019-02-25", 30),
    ("u1", "senior", "2019-02-20", "2019-03-25", 40),  # restates the line above
)
UNTOLD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "deals": ("asset_class",),
        "collections": (*RECOVERIES, *NO_RECOVERIES, "disposal_costs", "n_closed", "balance_closed"),
        "originators": ("kind",),
    }
)
"""Columns that the sample has, and the tiny data do without, as any data may."""
PRIORITY: Mapping[Phase, tuple[str, ...]] = MappingProxyType(
    {
        "ordinary": STEPS,
        "default": (
            "taxes",
            "trust_fees",
            "senior_interest",
            "senior_principal",
            "servicing",
            "excess_fees",
            "reserve",
            *STEPS[-3:],
        ),
    }
)


def day(deal: str, days: int) -> date:
    """The day so many days after the deal's cut-off date."""
    return CUTOFFS[deal] + timedelta(days=days)


def _kind(deal: str) -> str:
    return {"c": "corporate", "m": "mortgage", "u": "unsecured"}[deal[0]]


def _bank(deal: str) -> str:
    return "east" if deal.endswith("1") else "west"


def _deal(deal: str) -> Row:
    corporate = _kind(deal) == "corporate"
    return {
        "deal": deal,
        "name_zh": f"试{deal.upper()}",
        "name_en": f"Tiny {deal.upper()}",
        "originator": _bank(deal),
        "asset_type": _kind(deal),
        "cutoff_date": CUTOFFS[deal].isoformat(),
        "issue_date": ISSUED[deal],
        "closing_date": (date.fromisoformat(ISSUED[deal]) + timedelta(days=2)).isoformat(),
        "pool_balance": str(POOLS[deal]),
        "pool_principal": str(POOLS[deal] - 10),
        "n_loans": "20" if corporate else "2000",
        "n_borrowers": "10" if corporate else "1000",
        "wa_loan_age": "30",
        "wa_overdue": "12",
        "wa_borrower_age": "" if corporate else "40",
        "wa_annual_income": "" if corporate else "120",
        "secured_share": "0.5",
        "largest_region_share": "0.25",
        "expected_recovery": str(sum(amount for _, amount in FORECAST[deal]) or 60),
        "fee_rate": "0.05",
        "tax_rate": "0.003",
        "trust_fee_rate": "0.007",
        "trust_fee_cap": "",
        "liquidity_reserve": RESERVES.get(deal, "0"),
        "sub_fixed_return": "0.1",
        "excess_reward_share": "0.8",
        "priority": "standard",
        "performance_trigger": "",
        "liquidated_on": LIQUIDATED.get(deal, ""),
        "sample": "reconstructed",
    }


def _tranches(deal: str) -> list[Row]:
    senior, subordinated = FACES[deal]
    maturity = day(deal, 30 * SENIOR_TERMS[deal]).isoformat()
    legal = day(deal, 30 * SENIOR_TERMS[deal] + 720).isoformat()
    common = {"expected_maturity": maturity, "legal_maturity": legal}
    return [
        {"deal": deal, "tranche": "senior", "face": str(senior), "coupon": "0.04", **common},
        {"deal": deal, "tranche": "subordinated", "face": str(subordinated), "coupon": "", **common},
    ]


def _periods(deal: str, flows: tuple[tuple[int, int], ...]) -> list[tuple[date, date, int]]:
    """The first period begins on the cut-off date itself (day 0), every other one on the day after the end of the
    one before."""
    starts = [0, *(30 * age + 1 for age, _ in flows[:-1])]
    return (
        [(day(deal, start), day(deal, 30 * age), amount) for start, (age, amount) in zip(starts, flows, strict=True)]
        if flows
        else []
    )


def _collections(deal: str) -> list[Row]:
    periods = _periods(deal, COLLECTED[deal])
    every = [
        (number, amount, (end + timedelta(days=20)).isoformat()) for number, (_, end, amount) in enumerate(periods)
    ]
    every += [(number, amount, reported) for other, number, amount, reported in RESTATED if other == deal]
    return [
        {
            "deal": deal,
            "period_start": periods[number][0].isoformat(),
            "period_end": periods[number][1].isoformat(),
            "reported_on": reported,
            "collected": str(amount),
        }
        for number, amount, reported in sorted(every)
    ]


def _forecasts(deal: str) -> list[Row]:
    common = {"deal": deal, "vintage": "offering", "agency": "offering", "basis": "gross", "made_on": ISSUED[deal]}
    return [
        {**common, "period_start": start.isoformat(), "period_end": end.isoformat(), "amount": str(amount)}
        for start, end, amount in _periods(deal, FORECAST[deal])
    ]


def rows() -> dict[str, list[Row]]:
    """All files as text cells, by name; the caller may change them."""
    east = {
        "originator": "east",
        "name_zh": "东方银行",
        "short_zh": "东行",
        "name_en": "Bank of the East",
        "short_en": "East",
    }
    west = {
        "originator": "west",
        "name_zh": "西方银行",
        "short_zh": "西行",
        "name_en": "Bank of the West",
        "short_en": "West",
    }
    return {
        "deals": [_deal(deal) for deal in CUTOFFS],
        "tranches": [row for deal in CUTOFFS for row in _tranches(deal)],
        "collections": [row for deal in CUTOFFS for row in _collections(deal)],
        "forecasts": [row for deal in CUTOFFS for row in _forecasts(deal)],
        "payments": [
            {
                "deal": deal,
                "tranche": tranche,
                "paid_on": paid,
                "reported_on": reported,
                "principal": str(principal),
                "interest": "1",
            }
            for deal, tranche, paid, reported, principal in PAYMENTS
        ],
        "priorities": [
            {"priority": "standard", "phase": phase, "position": str(position), "step": step}
            for phase, steps in PRIORITY.items()
            for position, step in enumerate(steps, 1)
        ],
        "originators": [
            {**east, "aliases": "东方;Eastern Bank", "sample": "reconstructed"},
            {**west, "aliases": "", "sample": "reconstructed"},
        ],
        "market": [
            {"date": "2019-12-31", "series": "npl_balance", "value": "5000", "unit": "CNY mn", "source": "invented"}
        ],
    }


def write_csv(path: Path, records: list[Row], columns: list[str] | None = None) -> None:
    """Write one file; ``columns`` is needed where there are no records."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


def write(root: Path, files: Mapping[str, list[Row]] | None = None, market: str = "") -> Path:
    """Write ``root``/data with the repo's own description and, but for ``market``, its market; returns the folder.

    Columns that are ``UNTOLD`` are left out, but where the rows have them.
    """
    folder = root / "data"
    folder.mkdir(parents=True)
    package = json.loads(PACKAGE.read_text(encoding="utf-8"))
    told = files or rows()
    for item in package["resources"]:
        given = chain.from_iterable(told.get(item["name"], [])[:1])
        left_out = {*UNTOLD.get(item["name"], ())} - {*given}
        item["schema"]["fields"] = [field for field in item["schema"]["fields"] if field["name"] not in left_out]
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8")
    described = market or PACKAGE.with_name("market.toml").read_text(encoding="utf-8")
    (folder / "market.toml").write_text(described, encoding="utf-8")
    columns = {item["name"]: [field["name"] for field in item["schema"]["fields"]] for item in package["resources"]}
    for name, records in told.items():
        write_csv(folder / f"{name}.csv", records, columns[name])
    return folder


def read(files: Mapping[str, list[Row]], market: str = "") -> Source:
    """The files as the loader gives them."""
    with tempfile.TemporaryDirectory() as root:
        return read_source(write(Path(root), files, market))


@cache
def source() -> Source:
    """The tiny data, loaded and validated."""
    return read(rows())


def data(as_of: date = AS_OF) -> Dataset:
    """The tiny data as known on a day."""
    return dataset(source(), as_of, MARKET)


def edition(as_of: date = AS_OF) -> Edition:
    """An edition with the windows named in the module's docstring."""
    windows: dict[str, Window] = {
        "corporate": Window(33, 39, "published"),
        "mortgage": Window(24, 30, "chosen"),
        "unsecured": Window(13, 19, "chosen"),
    }
    one_year = Window(10, 14, "published")
    return Edition("tiny", as_of, as_of, 1, ("zh", "en"), MARKET, MappingProxyType(windows), one_year)


@cache
def results(as_of: date = AS_OF) -> Mapping[str, Result | Unavailable]:
    """Every table of the catalogue on the tiny data."""
    return MappingProxyType(compute_tables(catalogue(MARKET), data(as_of), edition(as_of)))


def result(key: str) -> Result:
    """One table on the tiny data."""
    found = results()[key]
    assert isinstance(found, Result), found
    return found


def cells(result: Result, row: str) -> dict[str, object]:
    """A row with the reasons of its gaps."""
    return {
        str(column): result.gaps.get((row, str(column)), result.frame.at[row, column])
        for column in result.frame.columns
    }


def chapters(**titles: str) -> dict[str, ChapterText]:
    """Chapters without text, by key."""
    return {key: ChapterText(f"report/en/{key}.qmd", "", title, title, title) for key, title in titles.items()}
