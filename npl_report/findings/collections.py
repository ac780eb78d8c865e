"""Recoveries of the last quarters against earlier deals, and collections by quarter."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, say
from npl_report.text.picks import Pick, Row

_NEUTRAL = 100
_ABOUT = 0.5
"""By how much an index that is about neutral may differ."""
_INDEX = "recovery_index_by_type", "total", "index_current"
_YEAR_AGO = "recovery_index_by_type", "total", "index_before"


def headline(of: Facts) -> Iterator[Sentence]:
    """Whether deals recovered more than earlier deals."""
    if _is_ranked(of):
        market = of.row("recovery_index_by_type", "total")
        lies = _lies(market)
        level = say("more") if lies == "above" else say("less" if lies == "below" else "as_much")
        yield say("index", market=market, level=level)


def deck(of: Facts) -> Iterator[Sentence]:
    """What the index rests on."""
    if _is_ranked(of):
        market = of.row("recovery_index_by_type", "total")
        yield say("basis", market=market)
        if market.at("complete") == "no":
            yield say("provisional")


def index(of: Facts) -> Iterator[Sentence]:
    """The index of all deals, and how it was a year before."""
    if not of.has(*_INDEX):
        if not of.withheld("recovery_index_by_type"):
            yield say("none")
        return
    market = of.row("recovery_index_by_type", "total")
    if not _is_ranked(of):
        yield say("few", market=market)
        return
    lies = _lies(market)
    level = say("more") if lies == "above" else say("less" if lies == "below" else "as_much")
    yield say("index", market=market, level=level)
    if market.has("index_before"):
        yield say("year_ago", market=market, since_then=_turn(of))
    if market.at("complete") == "no":
        yield say("provisional", market=market)


def ranked(of: Facts) -> Iterator[Sentence]:
    """The classes by the index."""
    if not _is_ranked(of):
        return
    ratios = of.ranking("recovery_index_by_type", "index_current")
    if ratios.apart:
        ahead = ratios.firm.above(_NEUTRAL)
        if len(ahead) == len(ratios.firm):
            verdict: Sentence | str = say("all")
        elif ahead:
            verdict = "" if of.withheld("recovery_index_by_type") else say("some", types=ahead)
        else:
            verdict = say("no_type")
        yield say("ends", high=ratios.top, low=ratios.bottom, verdict=verdict)
    if ratios.thin:
        yield say("thin", types=ratios.thin)


def turn(of: Facts) -> Iterator[Sentence]:
    """How the index has moved within a year."""
    if _is_ranked(of) and of.has(*_YEAR_AGO):
        side = of.side(*_INDEX, than=_YEAR_AGO)
        if side != "equal":
            that = f"{'/'.join(_INDEX)} {side} {'/'.join(_YEAR_AGO)}"
            yield say("risen" if side == "above" else "fallen", that=that)


def quarter(of: Facts) -> Iterator[Sentence]:
    """What was collected in the last complete quarter, and an item for each class."""
    if not of.has("collections_by_type", "total", "collected"):
        if not of.withheld("recovery_index_by_type"):
            yield say("none")
        return
    market = of.row("collections_by_type", "total")
    some = _has_collected(of, "total")
    yield say("collected", market=market, change=_change(market) if some and market.has("change") else "")
    if some and market.has("adjusted_change"):
        yield say("adjusted", market=market)
    elif not market.has("adjusted"):
        yield say("not_adjusted")
    for type_ in of.series("collections_by_type", "collected"):
        if _has_collected(of, type_.id):
            yield _item(type_)


def provisional(of: Facts) -> Iterator[Sentence]:
    """That the last quarters are not complete."""
    if of.series("quarterly_collections", "collected", complete="no"):
        yield say("hollow")


def collected(of: Facts) -> Iterator[Sentence]:
    """What deals collected in the last complete quarter, against a year before."""
    if of.has("collections_by_type", "total", "change") and _has_collected(of, "total"):
        yield say("change", market=of.row("collections_by_type", "total"))


def _is_ranked(of: Facts) -> bool:
    """Whether there is an index of enough deals to describe the market."""
    return bool(of.has(*_INDEX) and of.value("recovery_index_by_type", "total", "n_included") >= of.fewest)


def _lies(market: Row) -> str:
    """How the index lies to the neutral level; empty where it is about that."""
    gap = float(market.at("index_current")) - _NEUTRAL
    if abs(gap) < _ABOUT:
        return ""
    return "above" if gap > 0 else "below"


def _turn(of: Facts) -> Sentence:
    """By how much the index has moved since a year before."""
    side = of.side(*_INDEX, than=_YEAR_AGO)
    if side == "equal":
        return say("unchanged")
    return say("risen" if side == "above" else "fallen", by=of.difference(*_INDEX, than=_YEAR_AGO))


def _has_collected(of: Facts, row: str) -> bool:
    return bool(of.side("collections_by_type", row, "collected") == "above")


def _change(market: Row) -> Sentence:
    """The change on the same quarter of earlier years."""
    return say("change", market=market, mean=say("against_mean", market=market) if market.has("against_mean") else "")


def _item(type_: Pick) -> Sentence:
    """What a class collected, and how that changed."""
    mean = say("type_mean", type=type_) if type_.has("against_mean") else ""
    change = say("type_change", type=type_, mean=mean) if type_.has("change") else say("type_alone")
    adjusted = say("type_adjusted", type=type_) if type_.has("adjusted_change") else ""
    return say("type", type=type_, change=change, adjusted=adjusted)
