"""Later forecasts against the first, their errors, and what live deals are projected to recover."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, say

_NARROW, _BROAD = 0.925, 0.975
"""Shares of outcomes below or above which intervals at 95 % are too narrow or too broad."""
_YEAR = "12"
"""Months ahead for which classes are told one by one."""
_METHODS = "offering", "chain", "curve"


def headline(of: Facts) -> Iterator[Sentence]:
    """For how many deals later forecasts differ from the first."""
    if _enough_revised(of):
        yield say("moved", later=of.row("forecast_revisions", "total"))


def deck(of: Facts) -> Iterator[Sentence]:
    """By how much the total has changed, and how projections have done."""
    if _enough_revised(of):
        yield say("change")
        if _judged(of):
            yield say("errors")


def revised(of: Facts) -> Iterator[Sentence]:
    """The totals of later forecasts against those at issue."""
    if _revised(of):
        yield say("totals", pooled=of.row("forecast_revisions", "total"))
    elif not of.withheld("forecast_revisions"):
        yield say("none")


def revised_in_time(of: Facts) -> Iterator[Sentence]:
    """Their average lives and present values, and the change by year of issue."""
    if not _revised(of):
        return
    pooled, moved = of.row("forecast_revisions", "total"), of.ranking("forecast_revisions", "change")
    lives = of.side("forecast_revisions", "total", "later_life", than=("forecast_revisions", "total", "first_life"))
    worth = of.side("forecast_revisions", "total", "value_change", than=("forecast_revisions", "total", "change"))
    why: Sentence | str = ""
    if worth == "below":
        why = say("below", why=say("later") if lives == "above" else "")
    elif worth == "above":
        why = say("above", why=say("earlier") if lives == "below" else "")
    else:
        why = say("level")
    yield say("values", pooled=pooled, lives=say("same_life" if lives == "equal" else "lives", pooled=pooled), why=why)
    if moved.apart:
        yield say("range", moved=moved)
    if moved.thin:
        yield say("thin", years=moved.thin)
    if pooled.at("n_left_out") > 0:
        yield say("left_out", pooled=pooled)


def errors(of: Facts) -> Iterator[Sentence]:
    """How errors grow with the distance, and how those of later forecasts compare."""
    distances = of.series("forecast_errors", "first_median")
    if not distances.firm:
        if distances:
            yield say("few")
        elif not of.withheld("forecast_revisions"):
            yield say("none")
        return
    near, far = distances.firm[0], distances.firm[-1]
    yield say("one" if far.id == near.id else "spread", near=near, far=far)
    both = of.series("forecast_errors", "later_median").firm
    if not both or not both[0].has("first_absolute"):
        return
    compared = [item for item in both if item.has("first_absolute")]
    worse = [item for item in compared if item.at("later_absolute") > item.at("first_absolute")]
    yield say("later", same=both[0])
    if compared[1:] and len(worse) in (0, len(compared)):
        yield say("all_worse" if worse else "none_worse", compared=compared)
    elif compared[1:]:
        yield say("some_worse", worse=worse)
    yield say("differ")


def growing(of: Facts) -> Iterator[Sentence]:
    """That errors of first forecasts grow from the nearest to the farthest distance."""
    distances = of.series("forecast_errors", "first_median").firm
    if not distances[1:]:
        return
    near, far = (("forecast_errors", distances[at].id, "first_absolute") for at in (0, -1))
    if of.side(*far, than=near) == "above":
        yield say("grows", f"{'/'.join(far)} above {'/'.join(near)}", near=distances[0], far=distances[-1])


def methods(of: Facts) -> Iterator[Sentence]:
    """How the recoveries to come are projected."""
    if _to_come(of):
        yield say("methods")


def to_come(of: Facts) -> Iterator[Sentence]:
    """What live deals are projected to recover, against the forecasts at issue."""
    if not _to_come(of):
        if not of.withheld("forecast_revisions"):
            yield say("none")
        return
    whole = of.row("recoveries_to_come", "total")
    yield say("deals", whole=whole, left_out=say("left_out", whole=whole) if whole.at("n_left_out") > 0 else "")
    yield say("amounts", whole=whole, curve=say("curve", whole=whole) if whole.has("curve") else "")
    if whole.has("difference"):
        curve = say("curve_differs", whole=whole) if whole.has("curve_difference") else ""
        yield say("difference", whole=whole, curve=curve)
    below = [type_ for type_ in of.series("recoveries_to_come", "high_difference").firm if type_.number < 0]
    above = [type_ for type_ in of.series("recoveries_to_come", "low_difference").firm if type_.number > 0]
    if below:
        yield say("below", types=below)
    if above:
        yield say("above", types=above)
    if _judged(of) and of.value("projection_accuracy", "total", "within") < _NARROW:
        yield say("assumed")
    if not below and not above:
        yield say("contained")


def still_expected(of: Facts) -> Iterator[Sentence]:
    """What live deals of enough are projected to recover, in a sentence."""
    if _to_come(of) and of.value("recoveries_to_come", "total", "n_deals") >= of.fewest:
        yield say("total")


def out_of_sample(of: Facts) -> Iterator[Sentence]:
    """How projections made at the time have done."""
    if not _judged(of):
        if not of.withheld("forecast_revisions"):
            yield say("none")
        return
    pooled = of.row("projection_accuracy", "total")
    yield say("errors", pooled=pooled)
    chain, offering = (("projection_accuracy", "total", f"{method}_mae") for method in ("chain", "offering"))
    versus = of.side(*chain, than=offering)
    that = f"{'/'.join(chain)} {versus} {'/'.join(offering)}"
    if versus == "equal":
        yield say("level", that)
    else:
        yield say("worse" if versus == "above" else "better", that)
    within: Sentence | str = ""
    if pooled.at("within") < _NARROW:
        within = say("narrow")
    elif pooled.at("within") > _BROAD:
        within = say("broad")
    yield say("intervals", pooled=pooled, within=within)
    yield say("bias", pooled=pooled)


def groups(of: Facts) -> Iterator[Sentence]:
    """Which method was the most accurate by class and horizon."""
    found = of.series("projection_accuracy_by_type", "chain_mae").firm if _judged(of) else ()
    if not found:
        return
    best = {
        method: len(of.series("projection_accuracy_by_type", "chain_mae", better=method).firm) for method in _METHODS
    }
    yield say("best", groups=len(found), best=best)
    year = of.series("projection_accuracy_by_type", "chain_mae", ahead=_YEAR).firm
    if year:
        yield say("ahead")
    for item in year:
        said = {"offering": say("offering"), "chain": say("chain")}.get(item.at("better"), say("curve"))
        yield say("item", of=item, best=said)


def _enough_revised(of: Facts) -> bool:
    return _revised(of) and bool(of.value("forecast_revisions", "total", "n_deals") >= of.fewest)


def _revised(of: Facts) -> bool:
    return bool(of.has("forecast_revisions", "total", "change"))


def _to_come(of: Facts) -> bool:
    return bool(of.has("recoveries_to_come", "total", "chain"))


def _judged(of: Facts) -> bool:
    return bool(of.has("projection_accuracy", "total", "chain_mae"))
