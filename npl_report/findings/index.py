"""The front page: what the edition finds, in a headline, a tile a class and at most four findings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from npl_report.findings import Facts, Sentence, named, say

_FINDINGS = 4
"""Told at most."""
_NAMED = 4
"""Classes that are counted and no longer named."""
_HALF = 0.5


def headline(of: Facts) -> Iterator[Sentence]:
    """The strongest break of level that holds; without one, how recoveries compare with the forecast."""
    held, above, recovery = _held(of), _above(of), _recovery(of)
    if held:
        earlier, later = _years(held[0])
        less = held[0].at("share_after") < held[0].at("share_before")
        yield say("break", f"breaks level_breaks/{held[0].id}", top=held[0], less=less, earlier=earlier, later=later)
    elif above[1:]:
        yield _most(above, say("every" if len(above) == len(of.asset_types) else "every_firm"))
    elif recovery:
        yield say("recovered", best=recovery[0])
    else:
        yield say("none")


def deck(of: Facts) -> Iterator[Sentence]:
    """The figures of the headline."""
    held, above, recovery = _held(of), _above(of), _recovery(of)
    if held:
        earlier, later = _years(held[0])
        yield say("break", top=held[0], earlier=earlier, later=later)
    elif above[1:]:
        yield say("above", above=above)
    elif recovery:
        yield say("recovered", best=recovery[0])
    else:
        yield say("none")


def tiles(of: Facts) -> Iterator[Sentence]:
    """A class's recovery, of how many deals, how many of them above forecast, and by how much it has changed."""
    for kind in of.asset_types:
        if of.has("recovery_by_type", kind, "mean_recovery"):
            judged = of.has("forecast_accuracy_by_type", kind, "share_above")
            yield say("tile", kind=kind, above=say("above", kind=kind) if judged else "")


def findings(of: Facts) -> Iterator[Sentence]:
    """The first of what holds."""
    yield from islice(_found(of), _FINDINGS)


def since(of: Facts) -> Iterator[Sentence]:
    """What has changed since the last edition, on pages."""
    if of.medium == "site" and of.last_edition:
        yield say("changes")


def caveats(of: Facts) -> Iterator[Sentence]:
    """What a reader shall know of every figure."""
    waiting = of.value("seasoning_by_type", "total", "n_unreported") > 0
    yield say("window")
    yield say("provisional", waiting=say("waiting") if waiting else "")


def _found(of: Facts) -> Iterator[Sentence]:
    yield from _breaks(of)
    recovery, errors = _recovery(of), of.ranking("forecast_accuracy_by_type", "mean_absolute_offset")
    if recovery.apart:
        that = f"highest recovery_by_type/mean_recovery is {named(recovery.top)}"
        yield say("recovery", that, ends=[recovery.top[0], recovery.bottom[0]])
    if errors.apart:
        that = f"lowest forecast_accuracy_by_type/mean_absolute_offset is {named(errors.bottom)}"
        yield say("accuracy", that, best=errors.bottom[0], worst=errors.top[0])
    judged = of.has_page("determinants") and of.has("rolling_origin", "total", "better")
    if judged and of.value("rolling_origin", "total", "better") == "model":
        yield say("regression", "rolling_origin/total/model_mae below rolling_origin/total/offering_mae")
    pace = of.ranking("time_to_half", "mean_actual") if of.has_page("distribution") else None
    if pace and pace.apart:
        yield say("pace", f"lowest time_to_half/mean_actual is {named(pace.bottom)}", fast=pace.bottom[0])
    if of.value("redemption_status", of.first["key"], "settled") > 0:
        yield say("repaid")
    yield say("issued")


def _breaks(of: Facts) -> Iterator[Sentence]:
    held = _held(of)
    if held:
        kinds = dict.fromkeys(item.at("asset_type") for item in held)
        others = [of.row("recovery_by_type", kind) for kind in kinds if kind != held[0].at("asset_type")]
        if others:
            yield say("breaks" if len(others) < _NAMED else "many_breaks", others=others)
    elif of.has_page("vintages") and (breaks := of.series("level_breaks", "rank").rising):
        that = f"level_breaks/{breaks[0].id}/p_adjusted at least {of.edition.determinants.level}"
        yield say("no_break", that, strongest=breaks[0])


def _held(of: Facts) -> Any:
    """The breaks of level that hold, the strongest first."""
    return of.series("level_breaks", "rank", holds="yes").rising if of.has_page("vintages") else ()


def _above(of: Facts) -> Any:
    return of.ranking("forecast_accuracy_by_type", "share_above").firm


def _recovery(of: Facts) -> Any:
    return of.ranking("recovery_by_type", "mean_recovery").firm


def _years(top: Any) -> tuple[Sentence, Sentence]:
    """The years before and after a break, in words."""
    lone = [top.at(f"first_{end}") == top.at(f"last_{end}") for end in ("before", "after")]
    before = say("year" if lone[0] else "years", top=top, end="before")
    return before, say("year" if lone[1] else "years", top=top, end="after")


def _most(above: Any, everywhere: Sentence) -> Sentence:
    """What the shares above forecast allow, the highest first."""
    if above[-1].number > _HALF:
        return say("most", everywhere=everywhere)
    if above[-1].number == _HALF:
        return say("half", everywhere=everywhere)
    return say("in_none" if above[0].number <= _HALF else "depends", everywhere=everywhere)
