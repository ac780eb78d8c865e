"""From computed deals to the rows of the seven tables, and to files."""

import csv
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

from . import claims, draws, fees, forecasts, ledger, output
from .claims import Parts
from .output import Cell
from .plan import AS_OF, HERE, MARKET, REPORT, SECOND_RELEASE, Deal
from .surveillance import Vintage, vintages
from .wave import Wave

Row = dict[str, Cell]
FIRST_RELEASE = date(
    2020, 6, 30
)  # the first release of the sample holds reports up to this day, of most deals up to the as-of date only

# Restated collections: deal, period (from 0), relative difference of the value that is wrong or new, day of the
# restatement.
# Before the as-of date the first report was too high; after it the new value exceeds the one known on the as-of date.
RESTATED = (
    ("ccb-mortgage-2016-1r", 5, 0.021, date(2018, 9, 20)),
    ("icbc-unsecured-2017-3r", 3, 0.014, date(2019, 2, 27)),
    ("nongying-2018-2", 4, 0.032, date(2019, 12, 18)),
    ("bocom-corporate-2016-1r", 12, 0.017, date(2020, 4, 28)),
    ("zhongyu-2019-1", 2, 0.026, date(2020, 5, 19)),
    ("ccb-mortgage-2019-1r", 2, -0.018, date(2020, 11, 26)),
    ("icbc-unsecured-2020-1r", 1, 0.021, date(2021, 3, 18)),
    ("cib-mortgage-2020-1r", 0, -0.034, date(2021, 9, 24)),
    ("icbc-residential-2023-1r", 1, 0.118, date(2024, 9, 20)),
    ("ccb-residential-2023-1r", 1, 0.094, date(2024, 5, 22)),
    ("cmb-micro-secured-2024-1r", 1, -0.027, date(2025, 9, 12)),
    ("icbc-cards-2024-2r", 3, 0.016, date(2025, 11, 6)),
)
PARTS = tuple(part.name for part in fields(Parts))
BALANCE = {"CNY_tn": 1_000_000, "CNY_bn": 1_000}


def write(waves: list[Wave], folder: Path) -> None:
    """Write all tables: what came with the first release of the sample, then what came with each later one, each sorted
    by its primary key.

    So files grow at their end, and lines that pages name stay.
    """
    planned = {deal.deal: deal for wave in waves for deal in wave.deals}
    for name, (rows_of, key) in TABLES.items():
        rows = [row for wave in waves for row in rows_of(wave)]
        rows.sort(key=lambda row, key=key: [_release(row, planned), *(str(row[column]) for column in key)])
        output.write(folder / f"{name}.csv", rows)
    output.write(folder / "originators.csv", _originators())
    output.write(folder / "market.csv", _market())
    output.write(folder / "priorities.csv", fees.priorities())


def _release(row: Row, planned: dict[str, Deal]) -> int:
    """The release of the sample that a row came with, from 0; restatements of the first are named one by one."""
    name = str(row["deal"])
    deal, told = planned[name], row.get("reported_on") or row.get("made_on")
    if deal.wave == MARKET or (isinstance(told, date) and told > SECOND_RELEASE):
        return 2
    if deal.wave != REPORT:
        return 1
    restated = any(name == other and told == day <= FIRST_RELEASE for other, _, _, day in RESTATED)
    return int("reported_on" in row and isinstance(told, date) and told > deal.first_updated_to and not restated)


def _deals(wave: Wave) -> list[Row]:
    return [
        {
            "deal": deal.deal,
            "name_zh": deal.name_zh,
            "name_en": deal.name_en,
            "originator": deal.originator,
            "asset_type": deal.asset_type,
            "asset_class": deal.asset_class,
            "cutoff_date": deal.cutoff,
            "issue_date": deal.issue,
            "closing_date": deal.closing,
            "pool_balance": wave.pool[deal.deal],
            **wave.attributes[deal.deal],
            "expected_recovery": forecasts.total(wave.forecasts[deal.deal]),
            "fee_rate": terms.fee_rate,
            **fees.divided(deal.deal, terms, forecasts.total(wave.forecasts[deal.deal])),
            "liquidity_reserve": terms.reserve,
            "sub_fixed_return": terms.sub_return,
            "excess_reward_share": terms.reward_share,
            "priority": fees.PRIORITY,
            "performance_trigger": claims.trigger(deal.deal) if deal.wave == MARKET else None,
            "liquidated_on": deal.liquidated,
            "sample": deal.sample,
        }
        for deal, terms in ((deal, wave.terms[deal.deal]) for deal in wave.deals)
    ]


def _tranches(wave: Wave) -> list[Row]:
    rows: list[Row] = []
    for deal in wave.deals:
        terms, (expected, legal) = wave.terms[deal.deal], wave.maturities[deal.deal]
        # The subordinated tranche is expected to be repaid some months after the senior one.
        months = round(draws.uniform(deal.deal, "sub term", low=5, high=10))
        later = min(expected + timedelta(days=30 * months), legal)
        for tranche, face, coupon, day in (
            ("senior", terms.senior, terms.coupon, expected),
            ("subordinated", terms.subordinated, None, later),
        ):
            rows.append(
                {
                    "deal": deal.deal,
                    "tranche": tranche,
                    "face": face,
                    "coupon": coupon,
                    "expected_maturity": day,
                    "legal_maturity": legal,
                }
            )
    return rows


def _collections(wave: Wave) -> list[Row]:
    restated = {(name, index): (difference, day) for name, index, difference, day in RESTATED}
    rows: list[Row] = []
    for deal in wave.deals:
        for index, period in enumerate(wave.schedules[deal.deal].periods):
            reports = [(period.reported_on, 1.0)]
            if (deal.deal, index) in restated:
                difference, day = restated[deal.deal, index]
                first, second = (1.0, 1 + difference) if day > AS_OF else (1 + difference, 1.0)
                reports = [(period.reported_on, first), (day, second)]
            for reported_on, factor in reports:
                rows.append(
                    {
                        "deal": deal.deal,
                        "period_start": period.start,
                        "period_end": period.end,
                        "reported_on": reported_on,
                        **_amounts(wave, deal.deal, index, factor),
                    }
                )
    return rows


def _amounts(wave: Wave, deal: str, index: int, factor: float) -> Row:
    """What was collected in a period, and its parts; both empty and whole, multiplied by what a report says of it."""
    if deal not in wave.parts:
        return {"collected": round(wave.amounts[deal][index] * factor, 4), **dict.fromkeys(PARTS)}
    own = wave.parts[deal][index]
    told = (
        own
        if factor == 1
        else replace(own, recovered_closed=round(own.recovered_closed + own.recovered * (factor - 1), 4))
    )
    return {"collected": told.collected, **{name: getattr(told, name) for name in PARTS}}


def _forecasts(wave: Wave) -> list[Row]:
    rows: list[Row] = []
    for deal in wave.deals:
        offering = Vintage("offering", "offering", deal.issue, wave.forecasts[deal.deal])
        for vintage in (offering, *vintages(wave, deal)):
            rows += [
                {
                    "deal": deal.deal,
                    "vintage": vintage.name,
                    "agency": vintage.agency,
                    "basis": "gross",
                    "made_on": vintage.made_on,
                    "period_start": row.start,
                    "period_end": row.end,
                    "amount": row.amount,
                }
                for row in vintage.rows
            ]
    return rows


def _payments(wave: Wave) -> list[Row]:
    return [
        {
            "deal": deal.deal,
            "tranche": row.tranche,
            "paid_on": row.paid_on,
            "reported_on": row.reported_on,
            "principal": row.principal,
            "interest": row.interest,
        }
        for deal in wave.deals
        for row in wave.payments[deal.deal]
    ]


def _originators() -> list[Row]:
    with (HERE / "banks.csv").open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def _market() -> list[Row]:
    with (HERE / "market.csv").open(encoding="utf-8", newline="") as file:
        rows: list[Row] = [dict(row) for row in csv.DictReader(file)]
    for row in rows:
        published = row.pop("ledger")
        # The ledger prints balances in CNY trillion or billion.
        scale = BALANCE.get(ledger.rows()[str(published)]["unit"], 1) if published else 1
        row["value"] = ledger.target(str(published)) * scale if published else float(str(row["value"]))
    return rows


TABLES: dict[str, tuple[Callable[[Wave], list[Row]], tuple[str, ...]]] = {
    "deals": (_deals, ("deal",)),
    "tranches": (_tranches, ("deal", "tranche")),
    "collections": (_collections, ("deal", "period_start", "period_end", "reported_on")),
    "forecasts": (_forecasts, ("deal", "vintage", "period_start")),
    "payments": (_payments, ("deal", "tranche", "paid_on", "reported_on")),
}
