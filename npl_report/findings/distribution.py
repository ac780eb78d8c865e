"""How the recoveries of redeemed deals are distributed over time."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, named, say
from npl_report.text.picks import Pick, Picks

_CLOSE = 1
"""Months by which a time to half may differ from the forecast and still be close to it."""
_YEAR = 12
_POINT = 0.01
"""What a lead is at least that a figure tells of."""
_MANY = 3
"""Redemptions beyond which two are told as the fastest."""
_EARLY = 4
"""Ages by which shares are told."""
_KINDS = "actual", "forecast"


def headline(of: Facts) -> Iterator[Sentence]:
    """When half of the recoveries is collected."""
    pace = of.ranking("time_to_half", "mean_actual")
    if pace.apart:
        yield say("apart", _earliest(pace.bottom), fast=pace.bottom[0], slow=pace.top[0])
    elif pace.firm:
        yield say("one", type=pace.firm[0])


def deck(of: Facts) -> Iterator[Sentence]:
    """What the headline's figures are means of."""
    if of.ranking("time_to_half", "mean_actual").firm:
        yield say("means")
        if _slow_missing(of):
            yield say("slow_missing")


def distribution(of: Facts) -> Iterator[Sentence]:
    """Of which deals there is a distribution."""
    halves, pace = of.series("time_to_half", "mean_actual"), of.ranking("time_to_half", "mean_actual")
    if not halves:
        yield say("none")
        return
    by_class = of.series("senior_payoff", "n_redeemed").nonzero
    yield say("redeemed", split=say("split", by_class=by_class) if halves[1:] else say("only", type=halves[0]))
    if pace.apart:
        yield say("pace", _earliest(pace.bottom), fast=pace.bottom, slow=pace.top)


def shares(of: Facts) -> Iterator[Sentence]:
    """The shares collected by the first ages, an item for each class."""
    early = of.horizons[:_EARLY]
    pattern = [f"{{by_{age}}}" for age in early]
    for type_ in of.series("time_to_half", "mean_actual"):
        actual, expected = (of.row("recovery_distribution", f"{type_.id}-{kind}") for kind in _KINDS)
        there = expected.has(f"by_{early[0]}")
        against = say("against", shares=[expected.told(share) for share in pattern]) if there else ""
        yield say("item", type=type_, ages=early, shares=[actual.told(share) for share in pattern], against=against)


def lead(of: Facts) -> Iterator[Sentence]:
    """The class that is furthest ahead of its forecast."""
    age = of.horizons[:2][-1]
    gaps = {}
    for type_ in of.series("time_to_half", "mean_actual").firm:
        cells = [("recovery_distribution", f"{type_.id}-{kind}", f"by_{age}") for kind in _KINDS]
        if all(of.has(*cell) for cell in cells):
            actual, expected = (of.value(*cell) for cell in cells)
            gaps[type_] = actual - expected, *(of.n(*cell) for cell in cells)
    if gaps and max(gaps.values())[0] >= _POINT:
        most = max(gaps, key=lambda type_: gaps[type_][0])
        yield say("most", type=most, among=len(gaps), at=age, actual=gaps[most][1], expected=gaps[most][2])


def half(of: Facts) -> Iterator[Sentence]:
    """When half is collected, against the forecast."""
    halves = of.series("time_to_half", "mean_actual")
    if not halves:
        return
    if slow := halves.above(_YEAR):
        that = f"all of time_to_half/mean_actual above {_YEAR} among {named(slow)}"
        yield say("slow", that, types=slow)
    yield say("mean", halves=halves, parts=[say("class", type=type_, lies=_side(type_)) for type_ in halves])
    ahead, close, late, alone = (
        [type_ for type_ in halves if _side(type_) == side] for side in ("ahead", "close", "late", "")
    )
    if ahead:
        yield say("ahead", types=ahead)
    if close:
        yield say("close", types=close)
    if late:
        yield say("late", types=late)
    if alone:
        yield say("alone", types=alone)
    if ahead:
        yield say("timing", types=ahead)


def timing(of: Facts) -> Iterator[Sentence]:
    """The class whose time to half is furthest from the forecast."""
    gaps = {
        type_: abs(type_.at("mean_forecast") - type_.number)
        for type_ in of.series("time_to_half", "mean_actual").firm
        if type_.has("mean_forecast")
    }
    if gaps and max(gaps.values()) >= _CLOSE:
        most = max(gaps, key=lambda type_: gaps[type_])
        earlier = most.number < most.at("mean_forecast")
        row = f"time_to_half/{most.id}"
        that = f"{row}/mean_actual {'below' if earlier else 'above'} {row}/mean_forecast"
        yield say("most", that, type=most, earlier=earlier)


def payoff(of: Facts) -> Iterator[Sentence]:
    """How old pools were when the first tranche was redeemed."""
    ages = of.ranking("senior_redemptions", "age")
    if not ages and not of.withheld("senior_redemptions"):
        yield say("none")
        return
    by_class = of.series("senior_payoff", "mean_age")
    several = of.series("time_to_half", "mean_actual")[1:]
    yield say("mean", by_class=say("by_class", types=by_class) if several else "")
    that = f"highest senior_redemptions/age is {named(ages.top)}"
    if len(ages) > _MANY:
        yield say("two", that if ages.apart else "", fast=ages.rising[:2], slow=ages.top)
    elif ages.apart:
        yield say("ends", that, fast=ages.bottom, slow=ages.top)
    if ages:
        yield say("dates")


def redemption(of: Facts) -> Iterator[Sentence]:
    """The classes with the lowest and the highest age at redemption."""
    paid = of.ranking("senior_payoff", "mean_age")
    if paid.apart:
        that = f"lowest senior_payoff/mean_age is {named(paid.bottom)}"
        yield say("apart", that, fast=paid.bottom[0], slow=paid.top[0])


def caveats(of: Facts) -> Iterator[Sentence]:
    """What may still change, and which deals are not in the sample; nothing without a distribution."""
    if not of.series("time_to_half", "mean_actual"):
        return
    yield say("head")
    redeemed, done = (of.value("redemption_status", row, "n_deals") for row in (of.first["key"], "liquidated"))
    if redeemed > done:
        yield say("fall", liquidated=done > 0)
    yield say("fast", missing=say("missing") if _slow_missing(of) else "")


def _earliest(types: Picks) -> str:
    """The claim that half is collected first in these."""
    return f"lowest time_to_half/mean_actual is {named(types)}"


def _slow_missing(of: Facts) -> bool:
    """Whether there are deals whose first tranche is not redeemed yet."""
    redeemed = "redemption_status", of.first["key"], "n_deals"
    return bool(of.side("issuance_by_type", "total", "n_deals", than=redeemed) == "above")


def _side(type_: Pick) -> str:
    """How the time to half lies to the forecast: ahead of it, close to it or late; empty without one."""
    if not type_.has("mean_forecast"):
        return ""
    lag = float(type_.at("mean_forecast")) - float(type_.at("mean_actual"))
    if abs(lag) < _CLOSE:
        return "close"
    return "ahead" if lag > 0 else "late"
