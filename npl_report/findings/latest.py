"""Where live deals stood at their last report, against the first forecast."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, named, say
from npl_report.text.picks import Pick

_TYPES, _BANDS, _CLOSED = "latest_by_type", "latest_bands", "closed_claims"


def headline(of: Facts) -> Iterator[Sentence]:
    """How much of the forecast is collected."""
    if of.has(_TYPES, "total", "ccr_gross"):
        yield say("collected")


def standing(of: Facts) -> Iterator[Sentence]:
    """How many live deals can be compared, and how they compare."""
    if not of.has(_TYPES, "total"):
        if _open(of):
            yield say("unreported")
        return
    whole = of.row(_TYPES, "total")
    if whole.has("mean_offset"):
        yield say("compared", whole=whole)
        if groups := of.series("latest_by_group", "mean_offset"):
            yield say("groups", groups=groups)
    else:
        yield say("net_only" if whole.has("ccr_net_low") else "uncompared")


def offsets(of: Facts) -> Iterator[Sentence]:
    """The classes with the highest and the lowest deviation."""
    ranked = of.ranking(_TYPES, "mean_offset")
    if of.has(_TYPES, "total", "mean_offset") and ranked.apart:
        that = f"highest {_TYPES}/mean_offset is {named(ranked.top)}"
        unranked = say("unranked") if ranked.thin else ""
        yield say("ends", that=that, most=ranked.top, least=ranked.bottom, unranked=unranked)
        yield say("ages")


def net(of: Facts) -> Iterator[Sentence]:
    """Collections net of the costs of disposal, where reports disclose them."""
    if of.has(_TYPES, "total", "ccr_net_low"):
        yield say("between")


def ratios(of: Facts) -> Iterator[Sentence]:
    """The classes that have collected most and least of their forecast."""
    ranked = of.ranking(_TYPES, "ccr_gross")
    if ranked.apart:
        that = f"highest {_TYPES}/ccr_gross is {named(ranked.top)}"
        yield say("ends", that=that, most=ranked.top[0], least=ranked.bottom[0])


def bands(of: Facts) -> Iterator[Sentence]:
    """How many deals are how far from the forecast."""
    if not of.has(_BANDS, "total"):
        if _open(of):
            yield say("none")
        return
    whole = of.row(_BANDS, "total")
    yield say("whole", whole=whole, size=say("size", whole=whole) if whole.at("n_far_below") else "")
    far = of.ranking(_BANDS, "share_far_below", of.asset_types).firm
    if far.apart and far.nonzero:
        that = f"highest {_BANDS}/share_far_below is {named(far.top)} among {named(far)}"
        yield say("far", that=that, most=far.top)
    yield say("deals")


def far(of: Facts) -> Iterator[Sentence]:
    """The share of deals far below the forecast."""
    if of.has(_BANDS, "total", "share_far_below") and of.value(_BANDS, "total", "n_deals") >= of.fewest:
        yield say("some" if of.value(_BANDS, "total", "n_far_below") > 0 else "none")


def triggers(of: Facts) -> Iterator[Sentence]:
    """How many deals pass the test of each trigger, an item a trigger."""
    lines = _tested(of)
    if lines:
        yield say("tested")
        for line in lines:
            yield say("item", line=line, unknown=say("unknown", line=line) if line.at("n_unknown") else "")
    elif _open(of):
        yield say("none")


def breaches(of: Facts) -> Iterator[Sentence]:
    """What a breach leads to."""
    if _tested(of):
        yield say("documents")


def claims(of: Facts) -> Iterator[Sentence]:
    """What was recovered on closed claims."""
    if of.has(_CLOSED, "total", "npv_ratio"):
        whole = of.row(_CLOSED, "total")
        number = say("number", whole=whole) if whole.has("closed_by_number") else ""
        yield say("closed", whole=whole, number=number)
    elif _open(of):
        yield say("none")


def present_values(of: Facts) -> Iterator[Sentence]:
    """The classes with the highest and the lowest ratio of present values."""
    ranked = of.ranking(_CLOSED, "npv_ratio")
    if of.has(_CLOSED, "total", "npv_ratio") and ranked.apart:
        that = f"highest {_CLOSED}/npv_ratio is {named(ranked.top)}"
        yield say("ends", that=that, most=ranked.top, least=ranked.bottom)


def profitability(of: Facts) -> Iterator[Sentence]:
    """What closed claims recovered of what was expected."""
    if of.has(_CLOSED, "total", "profitability") and of.value(_CLOSED, "total", "n_deals") >= of.fewest:
        yield say("ratio")


def caveats(of: Facts) -> Iterator[Sentence]:
    """That there is no forecast by claim, an item; nothing without closed claims."""
    if of.has(_CLOSED, "total", "npv_ratio"):
        yield say("claims")


def _open(of: Facts) -> bool:
    """Whether it may be said that no live deal is of a kind: not where some are not published."""
    return not of.withheld(_TYPES)


def _tested(of: Facts) -> list[Pick]:
    """The triggers that live deals have, each with its tests over all classes."""
    return [line for line in of.series("trigger_status", "n_deals") if line.id.startswith("total-")]
