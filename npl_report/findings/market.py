"""What has been issued, by asset type and by year."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, named, say
from npl_report.text.picks import Picks

_YEAR_END = "12-31"
_TREND = 3
"""Years of which a trend is told."""


def headline(of: Facts) -> Iterator[Sentence]:
    """The year with the largest issuance, or all that has been issued."""
    peak = of.ranking("issuance_by_year", "issuance", form="bn")
    if peak.leads and peak.apart:
        yield say("peak", that=f"highest issuance_by_year/issuance is {peak[0].id}", peak=peak[0])
    else:
        yield say("total")


def deck(of: Facts) -> Iterator[Sentence]:
    """What has been issued and repaid, where the headline is of one year."""
    peak = of.ranking("issuance_by_year", "issuance", form="bn")
    if peak.leads and peak.apart:
        repaid = of.value("redemption_status", of.first["key"], "settled") > 0
        yield say("total", repaid=say("repaid") if repaid else "")


def types(of: Facts) -> Iterator[Sentence]:
    """By which claims deals are grouped, and the classes by size and by number."""
    if told := [kind for kind in of.classes if kind["pools"]]:
        yield say("groups", groups=[say("group", kind=kind) for kind in told])
    size = of.ranking("issuance_by_type", "issuance", form="bn").nonzero
    if len(size) == 1:
        yield say("one", type=size[0])
        return
    yield say("largest" if size.leads else "equal", most=size[0], others=size[1:], types=size)
    number = of.ranking("issuance_by_type", "n_deals").nonzero
    if number.apart:
        smaller = number.leads and size.leads and number.top[0].id != size[0].id
        yield say("number", types=number.top, smaller=say("smaller", type=size[0]) if smaller else "")


def discount(of: Facts) -> Iterator[Sentence]:
    """The classes with the highest and the lowest issue size over pool balance."""
    ratio = of.ranking("issuance_by_type", "issuance_to_pool")
    if ratio.apart:
        that = f"highest issuance_by_type/issuance_to_pool is {named(ratio.top)}"
        yield say("ends", that=that, high=ratio.top, low=ratio.bottom)


def years(of: Facts) -> Iterator[Sentence]:
    """Deals and issuance by year; the year of the as-of date is told apart if it is not over."""
    found = of.series("issuance_by_year", "n_deals")
    if len(found) == 1:
        yield say("one", year=found[0])
        return
    partial = _is_partial(of, found)
    full = found[:-1] if partial else found
    yield say("number", moves=_moves(of, full), years=full, partial=say("partial", year=found[-1]) if partial else "")
    whole = [year.id for year in full]
    yearly = of.ranking("issuance_by_year", "issuance", rows=whole, form="bn")
    if not yearly.apart:
        return
    yield say("size_full" if partial else "size", low=yearly.bottom, high=yearly.top)
    number = of.ranking("issuance_by_year", "n_deals", rows=whole)
    if number.leads and yearly.leads and number[0].id != yearly[0].id:
        yield say("other_year")


def largest(of: Facts) -> Iterator[Sentence]:
    """The class with the largest part of issuance."""
    part = of.ranking("issuance_by_type", "issuance_share").nonzero
    if part.leads and part[1:]:
        yield say("most", that=f"highest issuance_by_type/issuance_share is {part[0].id}", type=part[0])


def peaks(of: Facts) -> Iterator[Sentence]:
    """The year of largest issuance of each class."""
    if len(of.series("issuance_by_year", "n_deals")) > 1:
        kinds = of.ranking("issuance_by_type", "issuance").nonzero
        tops = [(kind, of.ranking("issuance_by_year", kind.id, form="bn").top) for kind in kinds]
        yield say("peaks", types=[say("peak", type=kind, years=top) for kind, top in tops])


def _is_partial(of: Facts, found: Picks) -> bool:
    """Whether the last year is not over on the as-of date."""
    year, _, day = of.edition.as_of_iso.partition("-")
    return bool(year == found[-1].id and day != _YEAR_END)


def _moves(of: Facts, full: Picks) -> Sentence:
    """How the number of deals moves over the years."""
    if len(full) < _TREND:
        return say("few")
    moves = of.trend("issuance_by_year", "n_deals", rows=[year.id for year in full])
    return {
        "rising": say("rising"),
        "falling": say("falling"),
        "flat": say("flat"),
        "up": say("up"),
        "down": say("down"),
        "mixed": say("mixed"),
    }[moves]
