"""What is no mistake for certain, and seldom right.

It gives a warning with the figures, which a record of ``corrections.toml`` accepts with a reason.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from npl_report.load.frames import by_deal, cell, cell_problem, latest
from npl_report.load.rulebook import Limits
from npl_report.load.units import CENT
from npl_report.model import CONTRACT, NO_RECOVERIES, OFFERING, Dataset, Problem, offered

GAP = "contiguous_when_known"
"""The rule that a deal's collections are known without gap on the as-of date; it is about an edition, not about the
files alone."""
_YEAR = 365
_ENOUGH = 5  # deals of a type, to say what is usual
_WITHOUT_PAYMENT = 3  # periods
_REGULAR = 3  # intervals between payments, to say what is usual


@dataclass(frozen=True)
class Unusual:
    """A warning: the rule's name, the record that it is about (file and key), and what is told."""

    rule: str
    file: str
    key: Mapping[str, str]
    problem: Problem


def _unusual(
    rule: str, name: str, file: str, frame: pd.DataFrame, index: Hashable, column: str, told: str, fix: str
) -> Unusual:
    """A warning on one cell."""
    value = _text(cell(frame, index, column))
    key = {part: _text(cell(frame, index, part)) for part in CONTRACT[name].key}
    accept = _accept(rule, name, key, value, CONTRACT[name].columns[column].unit)
    return Unusual(rule, name, key, cell_problem(file, frame, index, column, value, told, f"{fix}; {accept}"))


def _text(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _accept(rule: str, file: str, key: Mapping[str, str], value: str, unit: str = "") -> str:
    """The record to paste; its guard is in the unit of the program, which the message names."""
    unit = unit.removeprefix("money ").replace("mn", "millions").replace("thousand", "thousands")
    columns = ", ".join(f'{name} = "{text}"' for name, text in key.items())
    return (
        f"if it is so, add to corrections.toml{f', in {unit},' if unit else ''} an entry [[accepted]] with rule = "
        f'"{rule}", file = "{file}", key = {{ {columns} }}, guard = "{value}", reason = "…"'
    )


def find_unusual(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], limits: Limits) -> Iterable[Unusual]:
    """All warnings on the files, which keep every rule that must be kept."""
    yield from _sizes(frames["deals"], files["deals"], limits)
    yield from _twice(frames["deals"], files["deals"])
    yield from _issue(frames, files, limits)
    yield from _forecasts(frames, files)
    yield from _amounts(frames["collections"], files["collections"], limits)
    yield from _interest(frames, files, limits)
    yield from _one_alone(frames, files)
    yield from _little_paid(frames, files, limits)
    yield from _intervals(frames["payments"], files["payments"], limits)


def _sizes(deals: pd.DataFrame, file: str, limits: Limits) -> Iterable[Unusual]:
    """Pools of another size than their kind has, and of more loans than their borrowers may have."""
    if rule := limits.get("usual_size"):
        size, others = deals["pool_balance"], deals.groupby("asset_type")["pool_balance"]
        middle, many = others.transform("median"), others.transform("size") >= _ENOUGH
        for index in deals.index[many & ((size > rule["times"] * middle) | (size < middle / rule["times"]))]:
            told = f"the pool is {rule['times']:g} times larger or smaller than is usual for its type"
            fix = (
                f"half of the {cell(deals, index, 'asset_type')} pools are above {middle[index]:.6g} million: check "
                "the unit of all money of the deal"
            )
            yield _unusual("usual_size", "deals", file, deals, index, "pool_balance", told, fix)
    if rule := limits.get("loans_per_borrower"):
        for index in deals.index[deals["n_loans"] > rule["most"] * deals["n_borrowers"]]:
            loans, borrowers = cell(deals, index, "n_loans"), cell(deals, index, "n_borrowers")
            told = f"there are more than {rule['most']:g} loans a borrower"
            fix = f"{loans:g} loans are {loans / borrowers:.4g} a borrower: check both numbers"
            yield _unusual("loans_per_borrower", "deals", file, deals, index, "n_borrowers", told, fix)


def _twice(deals: pd.DataFrame, file: str) -> Iterable[Unusual]:
    """Deals that stand twice."""
    same = ["originator", "asset_type", "cutoff_date", "pool_balance", "n_loans", "expected_recovery"]
    firsts = deals.groupby(same, dropna=False)["deal"].transform("first")
    for index in deals.index[deals.duplicated(same)]:
        told = f"{firsts[index]} has the same originator, cut-off date, pool, loans and expected recovery"
        fix = "remove one of the two if they are one deal"
        yield _unusual("no_deal_twice", "deals", file, deals, index, "deal", told, fix)


def _amounts(collections: pd.DataFrame, file: str, limits: Limits) -> Iterable[Unusual]:
    """A period, but the first, that brought many times what the periods beside it did, day for day."""
    rule = limits.get("amounts_are_alike")
    if not rule:
        return
    periods = latest(collections, ["deal", "period_start"])
    recovered = periods["collected"] - periods[list(NO_RECOVERIES)].fillna(0.0).sum(axis="columns")
    a_day = recovered / ((periods["period_end"] - periods["period_start"]).dt.days + 1)
    own = a_day.groupby(periods["deal"])
    beside = pd.concat([own.shift(), own.shift(-1)], axis="columns").max(axis="columns")
    for index in periods.index[(a_day > rule["times"] * beside) & (beside > 0) & periods.duplicated("deal")]:
        fix = (
            f"day for day it is {a_day[index] / beside[index]:.3g} times the larger of the periods beside it: check "
            "its unit, and whether it is the sum since the cut-off date"
        )
        told = f"a period brought more than {rule['times']:g} times what those beside it did"
        yield _unusual("amounts_are_alike", "collections", file, periods, index, "collected", told, fix)


def _issue(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], limits: Limits) -> Iterable[Unusual]:
    """The issue against what is expected, and that against the pool."""
    deals, file = frames["deals"], files["deals"]
    faces = by_deal(frames["tranches"].groupby("deal")["face"].sum(), deals["deal"])
    if rule := limits.get("face_within_expected"):
        told = f"the issue exceeds {rule['most']:g} times the expected recovery"
        for index in deals.index[faces > rule["most"] * deals["expected_recovery"]]:
            fix = f"the tranches of the deal have a face of {faces[index]:g} million: check the unit of both"
            yield _unusual("face_within_expected", "deals", file, deals, index, "expected_recovery", told, fix)
    if rule := limits.get("reserve_share"):
        told = f"the reserve exceeds {rule['most']:g} of the issue"
        for index in deals.index[deals["liquidity_reserve"] > rule["most"] * faces]:
            fix = f"the tranches of the deal have a face of {faces[index]:g} million: check the unit of both"
            yield _unusual("reserve_share", "deals", file, deals, index, "liquidity_reserve", told, fix)
    if rule := limits.get("expected_share"):
        told = f"the expected recovery is less than {rule['least']:g} of the pool balance"
        for index in deals.index[deals["expected_recovery"] < rule["least"] * deals["pool_balance"]]:
            fix = f"pool_balance of this row is {cell(deals, index, 'pool_balance'):g} million: check the unit of both"
            yield _unusual("expected_share", "deals", file, deals, index, "expected_recovery", told, fix)


def _forecasts(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> Iterable[Unusual]:
    """Deals whose forecasts hold none to compare recoveries with."""
    forecasts, deals = frames["forecasts"], frames["deals"]
    for index in deals.index[~deals["deal"].isin(forecasts["deal"].unique())]:
        told = "there is no forecast of the deal"
        fix = "its recoveries are compared with nothing; add the offering circular's forecast to forecasts"
        yield _unusual("offering_is_there", "deals", files["deals"], deals, index, "deal", told, fix)
    bare = forecasts.loc[~forecasts["deal"].isin(offered(forecasts)["deal"].unique())]
    for deal, own in bare.groupby("deal", sort=True):
        net = own.loc[own["vintage"] == OFFERING]
        if net.empty:
            index, column = own.index[0], "vintage"
            told = f"no forecast of the deal has the vintage {OFFERING}"
            help_ = f"call the offering circular’s vintage {OFFERING}"
        else:
            index, column = net.index[0], "basis"
            told = "the offering circular's forecast is net of costs, and there is none that is gross"
            help_ = "add the gross one if the document gives it"
        fix = f"recoveries of {deal} are compared with no forecast; {help_}"
        yield _unusual("offering_is_there", "forecasts", files["forecasts"], own, index, column, told, fix)


def _interest(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], limits: Limits) -> Iterable[Unusual]:
    """Interest of every tranche with a coupon against coupon × outstanding × days.

    It is unusual if too little is paid although principal is repaid, or in all more than ever fell due, which is told
    once.
    """
    rule = limits.get("interest_near_coupon")
    if not rule:
        return
    with_coupon = frames["tranches"].loc[frames["tranches"]["coupon"].notna()]
    for tranche, terms in with_coupon.groupby("tranche", sort=False):
        yield from _interest_of(str(tranche), terms.set_index("deal"), frames, files, rule)


def _interest_of(
    tranche: str,
    terms: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame],
    files: Mapping[str, str],
    rule: Mapping[str, float],
) -> Iterable[Unusual]:
    """The same of one tranche; ``terms``: face and coupon by deal."""
    paid = latest(frames["payments"].loc[frames["payments"]["tranche"] == tranche], ["deal", "paid_on"])
    face, coupon = (by_deal(terms[column], paid["deal"]) for column in ("face", "coupon"))
    own = paid.groupby("deal", sort=False)
    outstanding = face - (own["principal"].cumsum() - paid["principal"])
    since = own["paid_on"].shift().fillna(by_deal(frames["deals"].set_index("deal")["closing_date"], paid["deal"]))
    due = outstanding * coupon * (paid["paid_on"] - since).dt.days / _YEAR
    owed, received = due.groupby(paid["deal"]).cumsum(), own["interest"].cumsum()
    little = (
        (paid["interest"] < rule["least"] * due - CENT)
        & (paid["principal"] > CENT)
        & (received < rule["least"] * owed - CENT)
    )
    beyond = received > rule["most"] * owed + CENT
    # told once, not of every later payment as well
    much = beyond & ~beyond.groupby(paid["deal"]).shift(fill_value=False)
    for index in paid.index[(little | much) & due.notna()]:
        told = (
            f"{tranche} interest is less than {rule['least']:g} times what falls due, though principal is repaid"
            if little[index]
            else f"{tranche} interest in all exceeds {rule['most']:g} times what fell due"
        )
        fix = (
            f"coupon {coupon[index]:g} × outstanding {outstanding[index]:.4f} × days make {due[index]:.4f} million; "
            f"in all {owed[index]:.4f} fell due and {received[index]:.4f} was paid: check the unit of interest and "
            "coupon"
        )
        yield _unusual("interest_near_coupon", "payments", files["payments"], paid, index, "interest", told, fix)


def _little_paid(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], limits: Limits) -> Iterable[Unusual]:
    """Deals that have paid out little of what they collected up to their last payment."""
    rule = limits.get("most_is_paid")
    if not rule:
        return
    payments = latest(frames["payments"], ["deal", "tranche", "paid_on"])
    periods = latest(frames["collections"], ["deal", "period_start"])
    last = payments.groupby("deal")["paid_on"].max()
    collected = periods.loc[periods["period_end"] <= by_deal(last, periods["deal"])].groupby("deal")["collected"].sum()
    paid = (payments["principal"] + payments["interest"]).groupby(payments["deal"]).sum()
    for deal in collected.index[paid.reindex(collected.index) < rule["least"] * collected]:
        own = payments.loc[payments["deal"] == deal]
        fix = (
            f"by this payment {deal} had collected {collected[deal]:.4f} million and paid {paid[deal]:.4f}: check "
            "the unit of both, and whether payments are missing"
        )
        told = f"less than {rule['least']:g} of what was collected has been paid out"
        last_one = own["paid_on"].idxmax()
        yield _unusual("most_is_paid", "payments", files["payments"], own, last_one, "principal", told, fix)


def _one_alone(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str]) -> Iterable[Unusual]:
    """Payments without collections, and several periods collected without a payment."""
    payments, deals = frames["payments"], frames["deals"]
    periods = latest(frames["collections"], ["deal", "period_start"])
    count = by_deal(periods.groupby("deal").size(), deals["deal"]).fillna(0)
    paid = deals["deal"].isin(payments["deal"].unique())
    for wrong, told, fix in (
        (
            paid & (count == 0),
            "the deal has paid and there are no collections of it",
            "add its trustee reports to collections",
        ),
        (
            ~paid & (count >= _WITHOUT_PAYMENT),
            f"the deal has collected for {_WITHOUT_PAYMENT} periods and more, and there are no payments of it",
            "add its payments to payments",
        ),
    ):
        for index in deals.index[wrong]:
            yield _unusual("paid_and_collected", "deals", files["deals"], deals, index, "deal", told, fix)


def _intervals(payments: pd.DataFrame, file: str, limits: Limits) -> Iterable[Unusual]:
    """A payment much longer after the one before it than the deal's payments usually are."""
    rule = limits.get("payments_are_regular")
    if not rule:
        return
    dated = payments.sort_values(["deal", "paid_on", "reported_on"], kind="stable").drop_duplicates(["deal", "paid_on"])
    days = dated.groupby("deal")["paid_on"].diff().dt.days
    own = days.groupby(dated["deal"])
    usual, many = own.transform("median"), own.transform("count") >= _REGULAR
    for index in dated.index[many & (days > rule["times"] * usual)]:
        fix = (
            f"it is {days[index]:.0f} days after the one before it, and the deal's are {usual[index]:.0f} apart: "
            "look for a payment that is missing, and check the date"
        )
        told = "a payment may be missing before this one"
        yield _unusual("payments_are_regular", "payments", file, dated, index, "paid_on", told, fix)


def gaps(data: Dataset, file: str) -> Iterable[Unusual]:
    """Deals whose collections are read up to a period that was not known on the as-of date though later ones were."""
    for _, deal in data.deals.loc[data.deals["unread_from"].notna()].iterrows():
        first, key = f"{deal['unread_from']:%Y-%m-%d}", {"deal": str(deal["deal"])}
        told = (
            f"on {data.as_of} the report of the period of {deal['deal']} that begins on this day was not known, and "
            "later ones were"
        )
        fix = (
            f"recoveries of {deal['deal']} are read up to the day before; check reported_on of the period; "
            f"{_accept(GAP, 'collections', key, first)}"
        )
        yield Unusual(GAP, "collections", key, Problem(file, None, "period_start", first, told, fix))
