"""How deals are structured: what is issued against their pools, and on what terms.

What is said of the order of payments, of scenarios, of break-even rates and of the last tranche's return stands in
modules of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, named, say

_BREAK_EVEN, _TERMS = ("break_even_by_type", "total"), ("structure_by_type", "total")


def headline(of: Facts) -> Iterator[Sentence]:
    """At what recovery the first tranche is covered, or how much is issued."""
    if _covered(of):
        yield say("covered")
    elif of.has(*_TERMS, "advance_rate"):
        yield say("issued")


def deck(of: Facts) -> Iterator[Sentence]:
    """In how many deals the forecast does not cover the last tranche."""
    if _covered(of):
        yield say("short" if of.value(*_BREAK_EVEN, f"n_{of.last['key']}_short") > 0 else "every")


def advance(of: Facts) -> Iterator[Sentence]:
    """Where most and where least is issued against the pools."""
    rates = of.ranking("structure_by_type", "advance_rate")
    if rates.apart:
        that = f"highest structure_by_type/advance_rate is {named(rates.top)}"
        yield say("apart", that=that, most=rates.top, least=rates.bottom)


def tranches(of: Facts) -> Iterator[Sentence]:
    """What part of the issue each tranche is."""
    shares = of.ranking("structure_by_type", f"{of.first['key']}_share")
    yield say("first", spread=say("spread", low=shares.bottom[0], high=shares.top[0]) if shares.apart else "")
    for rung in of.tranches[1:-1]:
        yield say("between", rung=rung)
    yield say("last")


def coupons(of: Facts) -> Iterator[Sentence]:
    """The coupons of the tranches between."""
    for rung in of.tranches[1:-1]:
        if of.has(*_TERMS, f"{rung['key']}_coupon"):
            yield say("between", rung=rung)


def reserve(of: Facts) -> Iterator[Sentence]:
    """How many deals have a liquidity reserve."""
    having, deals = (of.value(*_TERMS, column) for column in ("n_reserve", "n_deals"))
    if having == deals:
        yield say("every")
    elif having > 0:
        yield say("some", alone=having == 1)
    else:
        yield say("none")


def cover(of: Facts) -> Iterator[Sentence]:
    """How far the forecast covers the issue, an item; nothing without a forecast."""
    if of.has(*_TERMS, "cover"):
        rates = of.ranking("structure_by_type", "cover")
        yield say("item", ends=say("ends", most=rates.top, least=rates.bottom) if rates.apart else "")


def caveats(of: Facts) -> Iterator[Sentence]:
    """That deals are still collecting, and that the data are a reconstruction, items."""
    liquidated = of.value("redemption_status", "liquidated", "n_deals")
    if liquidated < of.value("issuance_by_type", "total", "n_deals"):
        yield say("provisional", liquidated=liquidated > 0)
    if of.notice:
        yield say("notice")


def _covered(of: Facts) -> bool:
    """Whether some recovery covers the first tranche of every deal, so that there is a mean of all."""
    told = of.has(*_BREAK_EVEN, f"{of.first['key']}_at") and of.has(*_BREAK_EVEN, "expected")
    return told and bool(of.value(*_BREAK_EVEN, "n_uncovered") == 0)
