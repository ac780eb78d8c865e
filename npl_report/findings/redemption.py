"""How long each year's first and last tranches take to be redeemed, how they were priced, and what they returned."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, named, say
from npl_report.text.picks import Pick, Picks

_COHORTS, _PRICING = "redemption_by_cohort", "issue_pricing"
_RECENT = 4
"""Years of issue of which is told how much of their open tranches is repaid."""


def headline(of: Facts) -> Iterator[Sentence]:
    """What share of deals has redeemed the first tranche."""
    if of.has(_COHORTS, "total", "share_redeemed") and _redeemed(of):
        yield say("share", half=say("half") if of.has(_COHORTS, "total", "median_age") else "")


def first(of: Facts) -> Iterator[Sentence]:
    """How many deals have redeemed the first tranche, and at what age."""
    if _redeemed(of):
        yield say("share")
        yield say("half" if of.has(_COHORTS, "total", "median_age") else "fewer")
        medians = of.ranking(_COHORTS, "median_age")
        if medians.apart:
            yield say("medians", that=_shortest(medians), fast=medians.bottom, slow=medians.top)
    elif not of.withheld(_COHORTS):
        yield say("none")
        if rest := _rest(of):
            yield say("rest", years=rest)


def unsettled(of: Facts) -> Iterator[Sentence]:
    """The years of issue of which less than half is redeemed, so that a mean is not final."""
    if not _redeemed(of):
        return
    years = [year for year in of.series(_COHORTS, "share_redeemed") if not year.thin and not year.has("median_age")]
    early = [year for year in years if year.has("mean_age")]
    idle = [year for year in years if not year.has("mean_age")]
    if early:
        yield say("early", years=early)
    if idle:
        yield say("idle", years=idle)


def outstanding(of: Facts) -> Iterator[Sentence]:
    """How much of the open first tranches is repaid, and how many will not be."""
    if _redeemed(of):
        if rest := _rest(of):
            yield say("rest", years=rest)
        if of.value(_COHORTS, "total", "n_unpaid") > 0:
            yield say("unpaid")


def last(of: Facts) -> Iterator[Sentence]:
    """How many deals have redeemed the last tranche, and how many will not."""
    if of.value(_COHORTS, "total", "n_last_redeemed") > 0:
        yield say("share", half=say("half" if of.has(_COHORTS, "total", "last_median_age") else "fewer"))
    elif not of.withheld(_COHORTS):
        yield say("none")
    if of.value(_COHORTS, "total", "n_last_unpaid") > 0:
        yield say("unpaid")


def medians(of: Facts) -> Iterator[Sentence]:
    """The years of issue with the lowest and the highest median age at redemption."""
    ages = of.ranking(_COHORTS, "median_age")
    if ages.apart:
        yield say("apart", that=_shortest(ages), fast=ages.bottom[0], slow=ages.top[0])


def pricing(of: Facts) -> Iterator[Sentence]:
    """The spreads of the last year of issue."""
    issued = _last_issued(of)
    if not issued:
        return
    spreads = of.ranking(_PRICING, "spread", year=str(issued[0].at("year")))
    if spreads:
        yield say("compared")
        if spreads.apart:
            widest, narrowest = ([say("class", item=item) for item in end] for end in (spreads.top, spreads.bottom))
            wide, narrow = spreads.top[0], spreads.bottom[0]
            that = f"highest {_PRICING}/spread is {named(spreads.top)} where year is {issued[0].at('year')}"
            yield say("ends", that=that, issued=issued[0], widest=widest, wide=wide, narrowest=narrowest, narrow=narrow)
        else:
            yield say("means", issued=issued[0], parts=[say("mean", item=item) for item in spreads])
    elif not of.withheld(_PRICING):
        yield say("none", issued=issued[0])


def coupons(of: Facts) -> Iterator[Sentence]:
    """Coupon, spread and issue size of the last year of issue, an item a class."""
    for item in _last_issued(of):
        yield say(
            "item",
            item=item,
            coupon=say("coupon" if item.has("coupon") else "no_coupon", item=item),
            spread=say("spread", item=item) if item.has("spread") else "",
            size=say("size", item=item) if item.has("issue_to_expected") else "",
        )


def spread(of: Facts) -> Iterator[Sentence]:
    """How the spread of the largest class has moved since its first year of issue."""
    lines: dict[str, Picks] = {}
    for kind in of.asset_types:
        if (yearly := of.series(_PRICING, "spread", asset_type=kind).firm)[1:]:
            lines[kind] = yearly
    if not lines:
        return
    most = max(lines, key=lambda kind: of.value("issuance_by_type", kind, "issuance"))
    then, now = lines[most][0], lines[most][-1]
    turn = of.side(_PRICING, now.id, "spread", than=(_PRICING, then.id, "spread"))
    if turn != "equal":
        that = f"{_PRICING}/{now.id}/spread {turn} {_PRICING}/{then.id}/spread"
        yield say("turned", that=that, kind=most, then=then, now=now, wider=turn == "above")


def multiples(of: Facts) -> Iterator[Sentence]:
    """In how many liquidated deals the last tranche was paid what was expected."""
    ended, paid = _ended(of)
    if ended:
        yield say("single")
        yield say("ended", many=len(ended), met=len(paid))
    elif of.withheld("multiples"):
        yield say("withheld")
    elif not of.withheld(_COHORTS):
        yield say("none")


def met(of: Facts) -> Iterator[Sentence]:
    """The same above the figure, where there are as many deals as are ranked."""
    ended, paid = _ended(of)
    if len(ended) >= of.fewest:
        yield say("met", many=len(ended), met=len(paid))


def _redeemed(of: Facts) -> bool:
    """Whether a first tranche is redeemed."""
    return bool(of.value(_COHORTS, "total", "n_redeemed") > 0)


def _shortest(medians: Picks) -> str:
    """The claim that these years have the lowest median."""
    return f"lowest {_COHORTS}/median_age is {named(medians.bottom)}"


def _rest(of: Facts) -> list[Pick]:
    """The last years of issue with as many open first tranches as are ranked."""
    years = of.series(_COHORTS, "rest_half_repaid")
    return [year for year in years if year.at("n_deals") - year.at("n_redeemed") >= of.fewest][-_RECENT:]


def _last_issued(of: Facts) -> Picks:
    """The classes of the last year of issue."""
    classes: Picks = of.series(_PRICING, "issuance")
    latest = max((str(item.at("year")) for item in classes), default="")
    return Picks(item for item in classes if str(item.at("year")) == latest)


def _ended(of: Facts) -> tuple[list[Pick], list[Pick]]:
    """Liquidated deals with a forecast, and those of them that were paid what was expected."""
    ended = [item for item in of.series("multiples", "realised", live="no") if item.has("expected")]
    return ended, [item for item in ended if item.at("realised") >= item.at("expected")]
