"""Small data sets that keep every rule, and ways to break one: hypothesis strategies over the files of ``data/``.

``projects()`` draws the rows of all files, as text cells (the form of ``tests.tiny.rows``). A way to break them is a
function that draws what it changes and changes it in place, entered in ``BREAKS`` by the decorator, which says what
must be told. To add a rule of the loader:

    @breaks("payments", "principal", "principal repaid exceeds the face of the tranche") def paid_twice(draw: Draw,
    files: Files) -> None:
        row = draw(st.sampled_from(files["payments"])) ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st

from npl_report.model import ASSET_TYPES, CONTRACT
from tests.helpers import tiny

Files = dict[str, list[tiny.Row]]
Draw = st.DrawFn
_FEE = Decimal("0.05")
"""Of what is collected; the rest may be paid out."""
_OF_A_MILLION = {"corporate": 1, "mortgage": 20, "unsecured": 50}
"""Loans that make CNY 1 to 50 million."""
_WORDS = ("甲", "乙", "丙", "丁", "戊", "己")


def amounts(low: int, high: int) -> st.SearchStrategy[Decimal]:
    """CNY million, to four decimals as disclosures have them."""
    return st.integers(low * 10_000, high * 10_000).map(lambda number: Decimal(number) / 10_000)


def _part(draw: Draw, whole: Decimal, least: int, most: int) -> Decimal:
    """So many per cent of an amount, to four decimals."""
    return (whole * draw(st.integers(least, most)) / 100).quantize(Decimal("0.0001"))


def _periods(draw: Draw, start: date, count: int, until: date = date.min) -> list[tuple[date, date]]:
    """Contiguous periods of 30 to 200 days, so many, and more if they do not reach the day ``until``."""
    found: list[tuple[date, date]] = []
    while len(found) < count or start <= until:
        end = start + timedelta(days=draw(st.integers(30, 200)))
        found.append((start, end))
        start = end + timedelta(days=1)
    return found


def _deal(draw: Draw, files: Files, number: int, bank: str) -> None:
    """One deal in every file: its pool, its tranches, a forecast, what was collected, and payments out of that."""
    id_, cutoff = f"deal-{number}", date(2016, 1, 1) + timedelta(days=draw(st.integers(0, 1200)))
    issue = cutoff + timedelta(days=draw(st.integers(30, 250)))
    closing = issue + timedelta(days=draw(st.integers(0, 10)))
    pool = draw(amounts(100, 5000))
    senior, junior = _part(draw, pool, 5, 50), _part(draw, pool, 1, 20)
    forecast = [
        (start, end, _part(draw, pool, 1, 12))
        for start, end in _periods(draw, cutoff, draw(st.integers(1, 4)), until=issue)
    ]
    kind = draw(st.sampled_from(ASSET_TYPES))
    loans = int(pool / draw(st.integers(1, 50)) * _OF_A_MILLION[kind]) + 1
    files["deals"].append(
        {
            "deal": id_,
            "name_zh": f"{_WORDS[number]}{number}",
            "name_en": f"Deal {number}",
            "originator": bank,
            "asset_type": kind,
            "cutoff_date": f"{cutoff}",
            "issue_date": f"{issue}",
            "closing_date": f"{closing}",
            "pool_balance": f"{pool}",
            "pool_principal": f"{_part(draw, pool, 50, 99)}",
            "n_loans": f"{loans}",
            "n_borrowers": f"{draw(st.integers(1, loans))}",
            "wa_loan_age": "30.5",
            "wa_overdue": "12",
            "wa_borrower_age": draw(st.sampled_from(("", "41.5"))),
            "wa_annual_income": draw(st.sampled_from(("", "147.7"))),
            "secured_share": "0.5",
            "largest_region_share": "0.25",
            "expected_recovery": f"{sum(amount for *_, amount in forecast)}",
            "fee_rate": f"{_FEE}",
            "tax_rate": "0.003",
            "trust_fee_rate": draw(st.sampled_from(("", "0.01"))),
            "trust_fee_cap": "",
            "liquidity_reserve": "0",
            "sub_fixed_return": "0.1",
            "excess_reward_share": "0.8",
            "priority": "standard",
            "liquidated_on": "",
            "sample": "reconstructed",
        }
    )
    maturity = closing + timedelta(days=draw(st.integers(200, 1500)))
    common = {
        "deal": id_,
        "expected_maturity": f"{maturity}",
        "legal_maturity": f"{maturity + timedelta(days=draw(st.integers(0, 800)))}",
    }
    files["tranches"] += [
        {**common, "tranche": "senior", "face": f"{senior}", "coupon": "0.0452"},
        {**common, "tranche": "subordinated", "face": f"{junior}", "coupon": ""},
    ]
    offering = {"deal": id_, "vintage": "offering", "agency": "offering", "basis": "gross", "made_on": f"{issue}"}
    files["forecasts"] += [
        {**offering, "period_start": f"{start}", "period_end": f"{end}", "amount": f"{amount}"}
        for start, end, amount in forecast
    ]
    _flows(draw, files, id_, cutoff, closing, pool, senior)


def _flows(draw: Draw, files: Files, deal: str, cutoff: date, closing: date, pool: Decimal, senior: Decimal) -> None:
    """Collections period by period, each reported after the closing date and paid out some days later, fees and
    interest first."""
    cash, outstanding, since = Decimal(0), senior, closing
    for start, end in _periods(draw, cutoff, draw(st.integers(1, 4))):
        collected = _part(draw, pool, 1, 20)
        reported = max(end, since) + timedelta(days=draw(st.integers(5, 40)))
        files["collections"].append(
            {
                "deal": deal,
                "period_start": f"{start}",
                "period_end": f"{end}",
                "reported_on": f"{reported}",
                "collected": f"{collected}",
            }
        )
        cash += collected * (1 - _FEE)
        due = reported + timedelta(days=draw(st.integers(0, 10)))
        interest = min((outstanding * Decimal("0.0452") * (due - since).days / 365).quantize(Decimal("0.0001")), cash)
        principal = min(_part(draw, cash - interest, 50, 90), outstanding)
        cash, outstanding, since = cash - interest - principal, outstanding - principal, due
        paid = {
            "deal": deal,
            "tranche": "senior",
            "paid_on": f"{due}",
            "reported_on": f"{reported}",
            "principal": f"{principal}",
            "interest": f"{interest}",
        }
        files["payments"].append(paid)


@st.composite
def projects(draw: Draw) -> Files:
    """All files, with every rule kept."""
    fixed = tiny.rows()
    files: Files = {name: [] for name in CONTRACT} | {
        name: fixed[name] for name in ("originators", "priorities", "market")
    }
    for number in range(draw(st.integers(1, 3))):
        _deal(draw, files, number, draw(st.sampled_from(("east", "west"))))
    return files


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


@breaks("deals", "asset_type", "must be one of corporate, mortgage, unsecured")
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
        for column in (column for column, need in part.columns.items() if need.unit == "CNY mn"):
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
