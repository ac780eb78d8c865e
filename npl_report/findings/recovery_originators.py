"""Originators within a class: what their deals have recovered, and how accurate their forecasts are."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, say
from npl_report.text.picks import Pick, Picks

_MANY = 4
"""Groups of which it is told how many deviate downwards."""


def groups(of: Facts) -> Iterator[Sentence]:
    """How many originators have a single deal."""
    number, single = of.count("recovery_by_originator"), of.count("recovery_by_originator", n_included=1)
    if not of.series("recovery_by_type", "mean_recovery"):
        yield say("none")
    elif number > single > 0:
        yield say("some", number=number, single=single)
    elif single:
        yield say("all")


def rates(of: Facts) -> Iterator[Sentence]:
    """The originators by mean recovery, a paragraph for each class."""
    for type_ in of.series("recovery_by_type", "mean_recovery"):
        banks = of.ranking("recovery_by_originator", "mean_recovery", asset_type=type_.id)
        if not banks:
            continue
        yield say("type", type=type_)
        if banks.apart:
            yield _ranked(banks)
        elif not banks.level:
            yield say("few", banks=banks)
        else:
            lone = len(banks) == 1 and not of.withheld("recovery_by_originator")
            yield say("level", banks=banks, lone=say("lone") if lone else "")


def widest(of: Facts) -> Iterator[Sentence]:
    """The class in which originators differ most."""
    if of.withheld("recovery_by_originator"):
        return
    apart = {}
    for kind in of.asset_types:
        banks = of.ranking("recovery_by_originator", "mean_recovery", asset_type=kind)
        if banks.apart:
            apart[kind] = banks
    if apart:
        kind = max(apart, key=lambda kind: apart[kind].top[0].number - apart[kind].bottom[0].number)
        type_, high, low = of.row("recovery_by_type", kind), apart[kind].top[0], apart[kind].bottom[0]
        yield say("most" if len(apart) > 1 else "only", type=type_, high=high, low=low)


def accuracy(of: Facts) -> Iterator[Sentence]:
    """The originators by the deviation from forecast, a paragraph for each class."""
    for type_ in of.series("forecast_accuracy_by_type", "share_above"):
        banks = of.ranking("forecast_accuracy_by_originator", "mean_offset", asset_type=type_.id)
        if banks.apart and banks.leads:
            yield say("type", type=type_)
            yield say("ranked", leaders=_leaders(of, type_, banks.firm), low=banks.bottom)
            exact = of.ranking("forecast_accuracy_by_originator", "mean_absolute_offset", asset_type=type_.id)
            if exact.apart:
                lone = say("deviation", bank=exact.bottom[0]) if len(exact.bottom) == 1 else ""
                yield say("exact", banks=exact.bottom, deviation=lone)
            amounts = of.ranking("forecast_accuracy_by_originator", "mean_deviation_above", asset_type=type_.id)
            if amounts.leads and len(amounts) > 1:
                yield say("amount", bank=amounts.top[0])
        elif banks:
            yield say("type", type=type_)
            yield say("means", banks=banks)
        elif type_.at("n_without_offset") == type_.at("n_included"):
            yield say("type", type=type_)
            yield say("none")


def negative(of: Facts) -> Iterator[Sentence]:
    """In how many groups deals have recovered less than forecast."""
    found = of.series("forecast_accuracy_by_originator", "mean_offset").firm
    if len(found) >= _MANY and not of.withheld("forecast_accuracy_by_originator"):
        short = [bank for bank in found if of.side(bank.table, bank.id, "mean_offset") == "below"]
        yield say("short", number=len(found), short=len(short), enough=say("enough") if of.fewest > 1 else "")


def _ranked(banks: Picks) -> Sentence:
    """The first, the next and the last."""
    others = banks.firm[len(banks.top) :]
    return say(
        "ranked",
        among=say("among_many" if banks.thin else "among", banks=banks.firm),
        high=banks.top,
        following=say("following", banks=others.top, alone=others.leads) if others.apart else "",
        low=banks.bottom,
    )


def _leaders(of: Facts, type_: Pick, banks: Picks) -> list[Sentence]:
    """The first, and the second where there are more and it is above forecast."""
    first, *others = (_deals(of, type_, bank) for bank in banks[:2])
    leaders = [say("leader", bank=banks[0], deals=first)]
    if others and banks[2:] and banks[1].number > 0:
        leaders.append(say("second", bank=banks[1], deals=others[0]))
    return leaders


def _deals(of: Facts, type_: Pick, bank: Pick) -> Sentence:
    """How many deals an originator's figure rests on, and which deviate most."""
    deals = of.ranking("window_readings", "offset", asset_type=type_.id, originator=bank.at("originator"))
    if bank.at("n_included") == 1 and deals:
        return say("only", deal=deals[0])
    return say("number", bank=bank, among=say("among", deals=deals[:2]) if deals else "")
