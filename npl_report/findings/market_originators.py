"""Who has issued."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, say
from npl_report.text.picks import Picks

_NAMED = 3
"""Originators that are named, if there are more and the last of them is ahead of the next."""
_HALF = 0.5


def originators(of: Facts) -> Iterator[Sentence]:
    """The originators by number and by size."""
    number = of.ranking("issuance_by_originator", "n_deals")
    size = of.ranking("issuance_by_originator", "issuance_share")
    if len(size) == 1:
        yield say("one", bank=size[0])
        return
    yield say("number")
    if number.apart:
        named = number.leads and _is_cut(number)
        following = say("following", banks=number[1:_NAMED], next=number[_NAMED]) if named else ""
        yield say("frequent" if number.leads else "level", banks=number.top, following=following)
    if size.leads:
        yield say("size", bank=size[0], ahead=say("ahead", banks=size[1:_NAMED]) if _is_cut(size) else "")
    if len(size) > _NAMED and size[0].number + size[1].number > _HALF:
        yield say("concentrated")


def leader(of: Facts) -> Iterator[Sentence]:
    """The originator with the largest part of issuance."""
    size = of.ranking("issuance_by_originator", "issuance_share")
    if size.leads and size[1:] and not of.withheld("issuance_by_originator"):
        that = f"highest issuance_by_originator/issuance_share is {size[0].id}"
        yield say("leads", that=that, bank=size[0], next=size[1])


def rankings(of: Facts) -> Iterator[Sentence]:
    """Why rankings by number and by size differ."""
    small = [kind for kind in of.classes if _is_small(of, kind["key"])]
    if small and len(of.ranking("issuance_by_originator", "issuance_share")) > _NAMED:
        yield say("differ", types=[kind["inline"] for kind in small])


def _is_cut(banks: Picks) -> bool:
    """Whether those that are named are ahead of all others, and there are others."""
    return len(banks) > _NAMED and banks[_NAMED - 1].number > banks[_NAMED].number


def _is_small(of: Facts, kind: str) -> bool:
    """Whether deals of a class are smaller on average than all deals."""
    (size, number), (all_size, all_number) = (
        [of.value("issuance_by_type", row, column) for column in ("issuance", "n_deals")] for row in (kind, "total")
    )
    return bool(size * all_number < all_size * number)
