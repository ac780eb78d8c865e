"""What the annex says of single deals and of the data."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, named, say

_CURVE = "recovery_curve_by_type"
_YEAR = 12
_WHOLE = 1
"""Coverage above which a deal has collected more than the face of its first tranche."""


def deals(of: Facts) -> Iterator[Sentence]:
    """What the tables of deals hold, and the deals that recovered most and least."""
    if of.withheld("deal_summary"):
        yield say("withheld")
    else:
        yield say("listed" if of.count("deal_summary") else "none")
    if of.deal_pages:
        yield say("pages", lists=say("lists") if of.medium == "site" else "")
    reported = of.ranking("deal_summary", "recovery")
    if reported.apart:
        that = f"highest deal_summary/recovery is {named(reported.top)}"
        yield say("ends", that, high=reported[0], low=reported.rising[0])
        covered = len(of.ranking("deal_summary", "coverage").above(_WHOLE))
        yield say("covered" if covered else "uncovered", covered=covered)
        yield say("ages")


def curves(of: Facts) -> Iterator[Sentence]:
    """Where recovery curves stand, and the mean of each type by years of age."""
    if not of.series(_CURVE, "age"):
        yield say("none")
        return
    yield say("figures", lines="" if of.withheld("deal_recovery") else say("lines"))
    for kind in of.asset_types:
        points = of.series(_CURVE, "mean_recovery", asset_type=kind, enough="yes")
        if points:
            years = [point for point in points if point.at("age") % _YEAR == 0]
            mean = say("years", points=years) if years else say("end", point=points[-1])
            fewer = of.count(_CURVE, asset_type=kind) > len(points)
            beyond = say("beyond", point=points[-1]) if fewer else ""
            yield say("mean", kind=points[0].n("asset_type"), mean=mean, beyond=beyond)


def composition(of: Facts) -> Iterator[Sentence]:
    """Why a mean curve may fall."""
    if of.series(_CURVE, "age"):
        yield say("falls")


def positions(of: Facts) -> Iterator[Sentence]:
    """What the ranks of deals are."""
    yield say("withheld" if of.withheld("deal_position") else "ranks")


def quality(of: Facts) -> Iterator[Sentence]:
    """How complete and how late the data are."""
    whole = of.row("data_quality", "total")
    every = whole.at("n_deals") == whole.at("n_reporting") == whole.at("n_forecast")
    yield say("every" if every else "some", whole=whole)
    if whole.has("mean_lag"):
        yield say("lag", whole=whole)
    yield say("restated" if float(whole.at("n_restated")) > 0 else "unchanged", whole=whole)
    if whole.has("max_silence"):
        yield say("outstanding", whole=whole, silent=say("silent", whole=whole) if whole.has("silent_deal") else "")
