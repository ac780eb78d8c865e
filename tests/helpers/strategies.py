"""Small data sets that keep every rule, and ways to break one: hypothesis strategies over the files of ``data/``.

``projects()`` draws the rows of all files, as text cells (the form of ``tests.tiny.rows``). A way to break them is a
function that draws what it changes and changes it in place, entered in ``BREAKS`` by the decorator, which says what
must be told. To add a rule of the loader:

    @breaks("payments", "principal", "principal repaid exceeds the face of the tranche") def paid_twice(draw: Draw,
    files: Files) -> None:
        row = draw(st.sampled_from(files["payments"])) ...
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from npl_report.model import CONTRACT
from tests.helpers import tiny
from tests.helpers.market import ASSET_TYPES, MARKET

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
            "wa_borrower_age": draw(st.sampled_from(("", "41.5"))) if kind not in MARKET.of_firms else "",
            "wa_annual_income": draw(st.sampled_from(("", "147.7"))) if kind not in MARKET.of_firms else "",
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
