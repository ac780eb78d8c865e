"""The rules across rows and files, by their names in ``datapackage.json``, and the limits that it sets for them.

What is usual differs between markets and asset types, and who reads the description shall see what was asked: such
limits stand there, not in the code. A rule whose limits the description does not set is not checked, which is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from npl_report.load.keys import Check, Keys, is_number, is_object, is_whole, need, short, text
from npl_report.load.package import Package
from npl_report.model import Market, Problem, nearest

if TYPE_CHECKING:  # see model.table
    import pandas as pd

Limits = Mapping[str, Mapping[str, Any]]
"""Rule → its limits; nothing for a rule that is not checked for want of them."""


def _is_range(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == len(("low", "high"))
        and all(map(is_number, value))
        and 0 <= value[0] < value[1] < _MOST
    )


_MOST = 1e15  # as in the limits of a column
_CENTURY = 36_525  # days
_DAYS = need(
    "must be a whole number of days, at most a hundred years",
    "write it without quotation marks",
    lambda value: is_whole(value) and value <= _CENTURY,
)
_TIMES = need(
    "must be a number above zero",
    "write it without quotation marks",
    lambda value: is_number(value) and 0 < value < _MOST,
)
_RANGES = need(
    "must hold two numbers for an asset type, the lower first",
    'write {"<class>": [0.003, 5]}, in millions',
    lambda value: is_object(value) and bool(value) and all(map(_is_range, value.values())),
)
_TEXTS: Mapping[str, Check] = {"name": text(), "description": text()}

RULES: Mapping[str, Mapping[str, Check]] = {
    # deals
    "issue_after_cutoff": {},
    "issue_in_time": {"days": _DAYS},
    "closing_not_before_issue": {},
    "closing_in_time": {"days": _DAYS},
    "liquidated_after_cutoff": {},
    "liquidated_in_time": {"days": _DAYS},
    "principal_within_balance": {},
    "borrowers_within_loans": {},
    "balance_per_loan": {"range": _RANGES},
    "usual_size": {"times": _TIMES},
    "loans_per_borrower": {"most": _TIMES},
    "reserve_share": {"most": _TIMES},
    "no_deal_twice": {},
    "expected_within_balance": {},
    "expected_share": {"least": _TIMES},
    "fees_within_rate": {},
    # tranches
    "one_of_each": {},
    "legal_not_before_expected": {},
    "maturity_after_closing": {},
    "maturity_in_time": {"days": _DAYS},
    "face_within_balance": {},
    "face_within_expected": {"most": _TIMES},
    "senior_has_coupon": {},
    # collections and forecasts
    "not_before_cutoff": {},
    "end_after_start": {},
    "contiguous_periods": {},
    "reported_after_end": {},
    "reported_in_time": {"first_days": _DAYS, "restated_days": _DAYS},
    "collected_within_balance": {},
    "collected_before_liquidation": {},
    "amounts_are_alike": {"times": _TIMES},
    "parts_add_up": {},
    "closed_within_pool": {},
    "one_forecast": {},
    "made_in_time": {"before_days": _DAYS, "after_days": _DAYS, "offering_days": _DAYS},
    "sum_is_expected": {},
    "ends_in_time": {"days": _DAYS},
    "offering_is_there": {},
    # payments
    "not_before_closing": {},
    "reported_near_payment": {"before_days": _DAYS, "after_days": _DAYS, "restated_days": _DAYS},
    "principal_within_face": {},
    "paid_within_collected": {},
    "interest_near_coupon": {"least": _TIMES, "most": _TIMES},
    "most_is_paid": {"least": _TIMES},
    "paid_and_collected": {},
    "payments_are_regular": {"times": _TIMES},
    # priorities and market
    "each_step_once": {},
    "residual_last": {},
    "senior_before_subordinated": {},
    "balance_is_money": {},
    "same_scale": {"times": _TIMES},
}
"""Rule → its limits, all of which it needs, and what each must be."""


def read_rules(package: Package, market: Market, problems: list[Problem]) -> Limits:
    """The limits as described; a rule that no code checks, and a limit that is none, are added to ``problems``."""
    found: dict[str, Mapping[str, Any]] = {}
    for resource in package.resources:
        names = [entry["name"] for entry in resource.rules]
        for entry in resource.rules:
            name, place = entry["name"], f"{resource.name}.rules"
            if names.count(name) > 1:
                rule, fix = "two rules have this name", "keep one of them"
                problems.append(Problem(package.file, column=place, value=short(name), rule=rule, fix=fix))
            elif name not in RULES:
                rule, fix = "this program checks no such rule", nearest(name, sorted(RULES))
                problems.append(Problem(package.file, column=place, value=short(name), rule=rule, fix=fix))
            else:
                keys = _keys(name)
                sound = keys.read(entry, package.file, f"{place}.{name}", problems)
                if name == "balance_per_loan":
                    problems += _unknown_classes(sound.get("range", {}), market, package.file, f"{place}.{name}.range")
                if keys.complete(sound):
                    found[name] = {limit: sound[limit] for limit in RULES[name]}
    return found


def _unknown_classes(ranges: Iterable[str], market: Market, file: str, place: str) -> Iterator[Problem]:
    for key in (key for key in ranges if key not in market.asset_types):
        rule, fix = "data/market.toml describes no such class", nearest(key, market.asset_types, "take it out")
        yield Problem(file, column=place, value=short(key), rule=rule, fix=fix)


def _keys(name: str) -> Keys:
    """The keys of a rule."""
    limits = RULES[name]
    example = ", ".join(f'"{limit}": …' for limit in limits)
    return Keys(
        f"the rule {name}",
        {**_TEXTS, **limits},
        needed=tuple(limits),
        translated=("description",),
        example=f'{{"name": "{name}", {example}}}',
    )


def without_limits(limits: Limits, package: Package, deals: pd.DataFrame) -> Iterator[Problem]:
    """Rules that are not checked because the description sets no limits for them."""
    for name in (name for name, wanted in RULES.items() if wanted and name not in limits):
        rule = f"sets no limits for the rule {name}, which is not checked"
        yield Problem(
            package.file,
            rule=rule,
            fix="copy the rule from the sample's datapackage.json (npl-report init), with limits that suit your market",
        )
    if "balance_per_loan" not in limits:
        return
    sized = list(limits["balance_per_loan"]["range"])
    lacking = deals.loc[~deals["asset_type"].isin(sized) & ~deals["asset_class"].isin(sized), "asset_type"]
    for kind in sorted(set(lacking)):
        rule = "sets no size of a loan for a class of deals, whose pools are not checked"
        yield Problem(
            package.file,
            column="deals.rules.balance_per_loan.range",
            value=kind,
            rule=rule,
            fix=f'add "{kind}": [low, high], in millions',
        )
