"""Recoveries inside the windows against the forecast."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, named, say
from npl_report.text.picks import Pick

_HALF = 0.5
_WELL = 0.05
"""By how much the deviation of sums is well below or above the mean of deviations."""


def above(of: Facts) -> Iterator[Sentence]:
    """Whether most deals are above forecast, and what share of them is."""
    shares = of.ranking("forecast_accuracy_by_type", "share_above")
    if len(shares) > 1:
        yield say("shares", types=shares, verdict=_verdict(shares[0].number, shares[-1].number))


def ends(of: Facts) -> Iterator[Sentence]:
    """The classes with the highest and the lowest share above forecast."""
    shares = of.ranking("forecast_accuracy_by_type", "share_above")
    if shares.apart:
        that = f"highest forecast_accuracy_by_type/share_above is {named(shares.top)}"
        yield say("apart", that=that, high=shares.top[0], low=shares.bottom[0])
    elif len(shares.firm) == 1:
        yield say("one", type=shares.firm[0])


def deals(of: Facts) -> Iterator[Sentence]:
    """How many deals are above forecast, on it and below it."""
    types = of.series("forecast_accuracy_by_type", "share_above")
    above_it = [type_ for type_ in types if type_.at("n_above") > 0]
    below_it = [type_ for type_ in types if type_.at("n_below") > 0]
    none_above = [type_ for type_ in types if type_ not in above_it]
    none_below = [type_ for type_ in types if type_ not in below_it]
    if above_it:
        yield say("above", types=[_above(type_) for type_ in above_it])
    if none_above:
        yield say("none_of_them_above" if above_it else "none_above", types=none_above)
    if equal := [type_ for type_ in types if type_.at("n_equal") > 0]:
        yield say("equal", types=equal)
    if below_it:
        yield say("below", types=[_below(type_) for type_ in below_it])
    if none_below:
        yield say("none_of_them_below" if below_it else "none_below", types=none_below)
    if without := [type_ for type_ in types if type_.at("n_without_offset") > 0]:
        yield say("without", types=without)


def sums(of: Facts) -> Iterator[Sentence]:
    """The mean of deviations against the deviation of sums."""
    whole = [
        type_
        for type_ in of.series("forecast_accuracy_by_type", "share_above")
        if type_.at("n_included") > 1 and type_.has("mean_offset")
    ]
    if not whole:
        return
    yield say("means", types=whole)
    lies = {type_.id: _lies(of, type_) for type_ in whole}
    apart, small, large = (
        [type_ for type_ in whole if lies[type_.id] == where] for where in ("apart", "below", "above")
    )
    if apart:
        yield say("apart", types=apart)
    if small:
        yield say("small", types=small)
    if large:
        yield say("large", types=large)


def errors(of: Facts) -> Iterator[Sentence]:
    """The classes whose forecast is most and least accurate."""
    found = of.ranking("forecast_accuracy_by_type", "mean_absolute_offset")
    if found.apart:
        that = f"lowest forecast_accuracy_by_type/mean_absolute_offset is {named(found.bottom)}"
        yield say("ends", that=that, low=found.bottom, high=found.top)


def _verdict(highest: float, lowest: float) -> Sentence:
    """In how many classes most deals are above forecast."""
    if lowest > _HALF:
        return say("every")
    if lowest == _HALF:
        return say("half")
    return say("no_type" if highest <= _HALF else "depends")


def _above(type_: Pick) -> Sentence:
    """Deals above forecast, and by how much on average."""
    if not type_.has("mean_deviation_above"):
        return say("type_above", type=type_, mean="")
    rate = say("rate_above", type=type_) if type_.has("mean_offset_above") else ""
    return say("type_above", type=type_, mean=say("mean_above", type=type_, rate=rate))


def _below(type_: Pick) -> Sentence:
    """Deals below forecast, and by how much on average."""
    mean = say("mean_below", type=type_) if type_.has("mean_deviation_below") else ""
    return say("type_below", type=type_, mean=mean)


def _lies(of: Facts, type_: Pick) -> str:
    """How the deviation of sums lies to the mean of deviations: of another sign, well below it, well above it."""
    signs = [of.side("forecast_accuracy_by_type", type_.id, column) for column in ("mean_offset", "offset_of_sums")]
    if signs[0] != signs[1]:
        return "apart"
    gap = float(type_.at("mean_offset")) - float(type_.at("offset_of_sums"))
    if abs(gap) <= _WELL:
        return ""
    return "below" if gap > 0 else "above"
