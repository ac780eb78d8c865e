"""Write the sample in euro: synthetic deals with senior, mezzanine and junior notes, collected half-yearly.

Run from the repository root:

    python -m reconstruction.euro            write the tables into samples/euro/data/
    python -m reconstruction.euro --out DIR  write another folder

Every number is invented (``euro_deals``); payments follow from the collections by the waterfall that the tables use
(``euro_notes``). The result is the same on every run.
"""

import argparse
import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from . import output
from .euro_deals import AS_OF, KINDS, Deal, Period, deals
from .euro_notes import DEFAULT, ORDINARY, faces, payments, terms, tranches

OUT = Path(__file__).resolve().parents[1] / "samples" / "euro" / "data"


def attributes(deal: Deal) -> dict[str, output.Cell]:
    """The row of the deal in deals.csv."""
    of = KINDS[deal.kind]
    loans = max(40, round(deal.pool / (of.loan * deal.draw("loan", 0.7, 1.4))))
    rate = round(deal.draw("fees", *of.fees), 4)
    over = len(deal.collected) == len(deal.periods)
    return {
        "deal": deal.key,
        "name_it": deal.name,
        "name_en": deal.name,
        "originator": deal.originator,
        "asset_type": deal.kind,
        "cutoff_date": deal.cutoff,
        "issue_date": deal.issue,
        "closing_date": deal.closing,
        "pool_balance": deal.pool,
        "pool_principal": round(deal.pool * deal.draw("principal", 0.74, 0.93), 1),
        "n_loans": loans,
        "n_borrowers": round(loans * deal.draw("borrowers", 0.55, 0.95)),
        "wa_loan_age": round(deal.draw("age", *of.age), 1),
        "wa_overdue": round(deal.draw("overdue", 22, of.age[0] - 6), 1),
        "wa_borrower_age": round(deal.draw("borrower", 46, 58), 1) if of.persons else None,
        "wa_annual_income": round(deal.draw("income", 17, 31), 1) if of.persons else None,
        "secured_share": round(deal.draw("secured", *of.secured), 4),
        "largest_region_share": round(deal.draw("region", 0.16, 0.46), 4),
        "expected_recovery": deal.expected,
        "fee_rate": rate,
        "tax_rate": 0.002,
        "trust_fee_rate": round(deal.draw("spv", 0.008, 0.014), 4),
        "trust_fee_cap": 0.6,
        "liquidity_reserve": round(faces(deal, rate)[0] / 25, 1),
        "sub_fixed_return": 0.08,
        "excess_reward_share": 0.2,
        "priority": "ladder",
        "ccr_trigger": (0.8, 0.9)[deal.kind == "residential"],
        "npv_ratio_trigger": 0.9,
        "liquidated_on": deal.periods[-1].paid_on if over else None,
    }


def collections(issued: Sequence[Deal], rows: Sequence[Mapping[str, output.Cell]]) -> Iterator[dict[str, output.Cell]]:
    """Rows of collections.csv: gross, in parts, and the costs of disposal; in some deals a value is restated later."""
    for deal, row in zip(issued, rows, strict=True):
        cost = 0.75 * (float(str(row["fee_rate"])) - 0.02)
        rate = deal.expected / deal.pool
        for place, (period, amount) in enumerate(zip(deal.periods, deal.collected, strict=False)):
            closed = round(min(amount / rate * 0.8, 0.9 * deal.pool / len(deal.periods)), 4)
            made = {
                "deal": deal.key,
                "period_start": period.start,
                "period_end": period.end,
                "reported_on": period.reported_on,
                "collected": amount,
                "recovered_in_disposal": round(amount - round(0.55 * amount, 4), 4),
                "recovered_closed": round(0.55 * amount, 4),
                "other_income": 0,
                "disposal_costs": round(cost * amount, 4),
                "n_closed": int(float(str(row["n_loans"])) * closed / deal.pool),
                "balance_closed": closed,
            }
            restated = place == 1 and deal.draw("restated", 0, 1) < 0.1
            later = period.reported_on + timedelta(182)
            if restated and later <= AS_OF:
                first = round(amount * 1.04, 4)
                yield made | {
                    "collected": first,
                    "recovered_closed": round(first - float(str(made["recovered_in_disposal"])), 4),
                }
                yield made | {"reported_on": later}
            else:
                yield made


def forecasts(issued: Sequence[Deal]) -> Iterator[dict[str, output.Cell]]:
    """Rows of forecasts.csv: the business plan, and every second year an update of the rest by what was known then."""
    for deal in issued:
        yield from _forecast(deal, "offering", deal.issue, zip(deal.periods, deal.plan, strict=True))
        for years in (2, 4, 6):
            made = date(deal.issue.year + years, 3, 31)
            reported = len([period for period in deal.periods if period.reported_on <= made])
            rest = [
                (period, amount) for period, amount in zip(deal.periods, deal.plan, strict=True) if period.start > made
            ]
            if made <= AS_OF and rest:
                turned = 1 + 0.6 * (math.fsum(deal.collected[:reported]) / math.fsum(deal.plan[:reported]) - 1)
                yield from _forecast(deal, f"update-{made.year}", made, [(of, round(turned * x, 4)) for of, x in rest])


def _forecast(
    deal: Deal, vintage: str, made_on: date, rows: "zip[tuple[Period, float]] | list[tuple[Period, float]]"
) -> Iterator[dict[str, output.Cell]]:
    for period, amount in rows:
        yield {
            "deal": deal.key,
            "vintage": vintage,
            "agency": "servicer",
            "basis": "gross",
            "made_on": made_on,
            "period_start": period.start,
            "period_end": period.end,
            "amount": amount,
        }


def priorities() -> Iterator[dict[str, output.Cell]]:
    """Rows of priorities.csv."""
    for phase, steps in (("ordinary", ORDINARY), ("default", DEFAULT)):
        for position, step in enumerate(steps, 1):
            yield {"priority": "ladder", "phase": phase, "position": position, "step": step}


def write(out: Path) -> None:
    """Write the tables; who sells claims, and what the market is set beside, are tables already."""
    out.mkdir(parents=True, exist_ok=True)
    with (OUT / "originators.csv").open(encoding="utf-8", newline="") as file:
        issued = sorted(deals(list(csv.DictReader(file))), key=lambda deal: deal.key)
    rows = [attributes(deal) for deal in issued]
    of = terms(rows, issued)
    output.write(out / "deals.csv", rows)
    output.write(out / "tranches.csv", list(tranches(issued, of)))
    output.write(out / "collections.csv", list(collections(issued, rows)))
    output.write(out / "forecasts.csv", list(forecasts(issued)))
    output.write(out / "payments.csv", list(payments(issued, of)))
    output.write(out / "priorities.csv", list(priorities()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m reconstruction.euro", description="Synthetic sample in euro")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the tables (default: samples/euro/data/)")
    write(parser.parse_args().out)
