"""Ways to break a data set that keeps every rule, and the rule that must then be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st

from npl_report.model import CONTRACT, MILLIONS
from tests.helpers import tiny
from tests.helpers.strategies import Draw, Files, amounts


@dataclass(frozen=True)
class Broken:
    """A way to break the data: in which file and column, empty if it may be one of several, and the rule that must
    be told."""

    file: str
    column: str
    rule: str
    change: Callable[[Draw, Files], None]


BREAKS: dict[str, Broken] = {}


def breaks(
    file: str, column: str, rule: str
) -> Callable[[Callable[[Draw, Files], None]], Callable[[Draw, Files], None]]:
    """Enter a change under its name."""

    def enter(change: Callable[[Draw, Files], None]) -> Callable[[Draw, Files], None]:
        BREAKS[change.__name__] = Broken(file, column, rule, change)
        return change

    return enter


def pick(draw: Draw, files: Files, file: str) -> tiny.Row:
    """A row of a file, which has one."""
    assume(files[file])
    return draw(st.sampled_from(files[file]))


def later(text: str, days: int) -> str:
    """A day so many days later."""
    return f"{date.fromisoformat(text) + timedelta(days=days)}"


@breaks("deals", "pool_balance", "must not be empty")
def a_cell_is_empty(draw: Draw, files: Files) -> None:
    pick(draw, files, "deals")["pool_balance"] = ""


@breaks("collections", "collected", "must be a number")
def an_amount_is_no_number(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "collections")
    row["collected"] = draw(st.sampled_from(("1,000", "nan", "12 mn", "１２", "0x10", "1_000", "--")))


@breaks("collections", "collected", "must be at least 0 (CNY mn)")
def an_amount_is_negative(draw: Draw, files: Files) -> None:
    pick(draw, files, "collections")["collected"] = "-0.0001"


@breaks("tranches", "coupon", "must be at most 1 (fraction)")
def a_rate_is_in_per_cent(draw: Draw, files: Files) -> None:
    next(row for row in files["tranches"] if row["coupon"])["coupon"] = f"{draw(st.integers(2, 12))}"


@breaks("payments", "paid_on", "must be a date of the form YYYY-MM-DD")
def a_day_does_not_exist(draw: Draw, files: Files) -> None:
    pick(draw, files, "payments")["paid_on"] = draw(
        st.sampled_from(("2019-02-29", "2019-2-1", "1/2/2019", "20190201", "2019-13-01", "2019-02-01T00:00"))
    )


@breaks("deals", "asset_type", "data/market.toml describes no such class")
def a_type_is_unknown(draw: Draw, files: Files) -> None:
    pick(draw, files, "deals")["asset_type"] = draw(st.sampled_from(("auto", "Corporate", "mortgages")))


@breaks("deals", "name_en", "which nobody sees on a page")
def a_name_holds_what_nobody_sees(draw: Draw, files: Files) -> None:
    pick(draw, files, "deals")["name_en"] = f"De{draw(st.characters(categories=('Cc', 'Cf', 'Zl', 'Zp', 'Co')))}al"


@breaks("deals", "name_en", "looks the same as 'Deal 0' in row 2")
def a_name_looks_like_another(draw: Draw, files: Files) -> None:
    assume(len(files["deals"]) > 1)
    files["deals"][1]["name_en"] = draw(st.sampled_from(("DEAL 0", "deal 0", "Ｄｅａｌ 0", "ⅾeal 0")))


@breaks("payments", "deal, tranche, paid_on, reported_on", "the key stands already in row")
def a_row_stands_twice(draw: Draw, files: Files) -> None:
    files["payments"].append(pick(draw, files, "payments") | {"principal": "0"})


@breaks("collections", "deal", "there is no such deal in deals.csv")
def a_deal_is_unknown(draw: Draw, files: Files) -> None:
    pick(draw, files, "collections")["deal"] = "deal-9"


@breaks("payments", "tranche", "there is no such tranche of")
def a_tranche_is_unknown(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "payments")
    files["tranches"] = [
        item for item in files["tranches"] if (item["deal"], item["tranche"]) != (row["deal"], row["tranche"])
    ]


@breaks("deals", "deal", "the deal has no subordinated tranche")
def a_tranche_is_missing(draw: Draw, files: Files) -> None:
    deal = pick(draw, files, "deals")["deal"]
    files["tranches"] = [
        item for item in files["tranches"] if (item["deal"], item["tranche"]) != (deal, "subordinated")
    ]


@breaks("deals", "issue_date", "the issue date must lie after the cut-off date")
def issued_before_the_cutoff(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "deals")
    row["issue_date"] = later(row["cutoff_date"], -draw(st.integers(0, 400)))


@breaks("deals", "closing_date", "the closing date must not lie before the issue date")
def closed_before_the_issue(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "deals")
    row["closing_date"] = later(row["issue_date"], -draw(st.integers(1, 400)))


@breaks("deals", "pool_principal", "the pool's principal must not exceed its balance")
def more_principal_than_balance(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "deals")
    row["pool_principal"] = f"{Decimal(row['pool_balance']) + draw(amounts(1, 9))}"


@breaks("deals", "n_borrowers", "there cannot be more borrowers than loans")
def more_borrowers_than_loans(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "deals")
    row["n_borrowers"] = f"{int(row['n_loans']) + 1}"


@breaks("deals", "fee_rate", "parts of the fees exceed the fee rate")
def parts_of_the_fees_beyond_the_whole(draw: Draw, files: Files) -> None:
    pick(draw, files, "deals")["tax_rate"] = "0.06"


@breaks("tranches", "legal_maturity", "the legal maturity must not lie before the expected one")
def legal_before_expected_maturity(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "tranches")
    row["legal_maturity"] = later(row["expected_maturity"], -draw(st.integers(1, 400)))


@breaks("collections", "period_start", "periods must follow each other without gap or overlap")
def a_period_is_missing(draw: Draw, files: Files) -> None:
    several = [
        deal["deal"] for deal in files["deals"] if sum(row["deal"] == deal["deal"] for row in files["collections"]) > 1
    ]
    assume(several)
    deal = draw(st.sampled_from(several))
    files["collections"].remove(next(row for row in files["collections"] if row["deal"] == deal))


@breaks("collections", "reported_on", "a period is not reported before its end")
def reported_before_the_end(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "collections")
    row["reported_on"] = later(
        row["period_end"], -draw(st.integers(32, 60))
    )  # a last report may come a month before its payment


@breaks("collections", "collected", "what was collected in all exceeds 1.25 times the pool balance")
def a_slip_of_the_unit(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "collections")
    row["collected"] = f"{Decimal(row['collected']) * 1000}"


@breaks("payments", "principal", "principal repaid exceeds the face of the tranche")
def more_paid_than_the_face(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "payments")
    face = next(
        item["face"] for item in files["tranches"] if (item["deal"], item["tranche"]) == (row["deal"], row["tranche"])
    )
    row["principal"] = f"{Decimal(face) + Decimal('0.006')}"  # beyond half a cent of 万元, to which documents round


@breaks("payments", "paid_on", "paid before the deal's closing date")
def paid_before_the_closing(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "payments")
    closing = next(item["closing_date"] for item in files["deals"] if item["deal"] == row["deal"])
    row["paid_on"] = row["reported_on"] = later(closing, -draw(st.integers(1, 20)))


@breaks("payments", "reported_on", "days before the payment")
def paid_in_another_year(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "payments")
    row["paid_on"] = later(row["reported_on"], draw(st.integers(32, 33_000)))


@breaks("collections", "reported_on", "days after the end of the period")
def reported_in_another_century(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "collections")
    row["reported_on"] = f"21{row['reported_on'][2:]}".replace("02-29", "02-28")


@breaks("deals", "issue_date", "days after the cut-off date")
def issued_in_another_decade(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "deals")
    row["issue_date"] = later(row["issue_date"], draw(st.integers(1100, 33_000)))


@breaks("forecasts", "made_on", "lies more than")
def forecast_in_another_decade(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "forecasts")
    made = later(row["made_on"], draw(st.sampled_from((-4000, 4000))))
    for item in files["forecasts"]:
        if item["deal"] == row["deal"]:
            item["made_on"] = made


@breaks("forecasts", "", "the rows of one forecast differ in")
def one_forecast_of_two_minds(draw: Draw, files: Files) -> None:
    several = [
        row for row in files["forecasts"] if sum(row["deal"] == other["deal"] for other in files["forecasts"]) > 1
    ]
    assume(several)
    row = draw(st.sampled_from(several))
    column, value = draw(
        st.sampled_from((("agency", "east-ratings"), ("basis", "net"), ("made_on", later(row["made_on"], -1))))
    )
    row[column] = value


@breaks("deals", "expected_recovery", "the offering circular's forecast adds up to another figure")
def a_period_of_the_forecast_is_another(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "forecasts")
    row["amount"] = f"{Decimal(row['amount']) * draw(st.sampled_from((Decimal('0.001'), Decimal('0.99'))))}"


@breaks("payments", "", "more was paid than there was to pay")
def interest_in_thousands(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "payments")
    row["interest"] = f"{(Decimal(row['interest']) + Decimal('0.5')) * 10_000}"


@breaks("deals", "pool_balance", "the balance of a loan is not of the size that its asset type has")
def all_money_in_thousands(draw: Draw, files: Files) -> None:
    times = draw(st.sampled_from((1000, 10_000)))
    for name, part in CONTRACT.items():
        for column in (column for column, need in part.columns.items() if need.unit == MILLIONS):
            for row in files[name]:
                row.update({column: f"{Decimal(row[column]) * times}"} if row.get(column) else {})


@breaks("tranches", "expected_maturity", "the expected maturity must lie after the closing date of the deal")
def matured_before_the_closing(draw: Draw, files: Files) -> None:
    row = pick(draw, files, "tranches")
    closing = next(item["closing_date"] for item in files["deals"] if item["deal"] == row["deal"])
    row["expected_maturity"] = later(closing, -draw(st.integers(0, 400)))


@breaks("market", "value", "above or below the median of its series")
def a_balance_in_another_unit(draw: Draw, files: Files) -> None:
    files["market"] += [files["market"][0] | {"date": f"201{year}-12-31"} for year in (6, 7)]
    files["market"][0]["value"] = draw(st.sampled_from(("5", "5000000")))
