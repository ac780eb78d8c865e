"""Years of issue in the window at one year."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from math import fsum

from npl_report.findings import Facts, Sentence, say
from npl_report.text.picks import Picks

_YEAR = 12
_TREND = 3
"""Years of which a trend is told."""
_MANY = 4
"""Groups of which it is told how many deviate downwards."""


def window(of: Facts) -> Iterator[Sentence]:
    """The window at one year."""
    if of.has("observation_windows", "one_year"):
        found = of.row("observation_windows", "one_year")
        deals = say("included" if found.at("n_included") > 0 else "no_deal", window=found)
        yield say("all", window=found, deals=deals)


def rates(of: Facts) -> Iterator[Sentence]:
    """Mean recovery by year, a paragraph for each class."""
    for kind in of.asset_types:
        years = of.series("recovery_by_year", "mean_recovery", asset_type=kind)
        if not years:
            continue
        yield say("type", type=of.row("recovery_by_type", kind))
        if len(years) >= _TREND:
            yield say("moves", moves=of.trend("recovery_by_year", "mean_recovery", asset_type=kind), years=years)
        else:
            yield say("few", years=years)


def accuracy(of: Facts) -> Iterator[Sentence]:
    """The deviation from forecast by year, a paragraph for each class."""
    for kind in of.asset_types:
        years = of.series("forecast_accuracy_by_year", "n_included", asset_type=kind)
        if not years:
            continue
        yield say("type", type=of.row("recovery_by_type", kind))
        behind, level, above = (
            of.series("forecast_accuracy_by_year", column, asset_type=kind).nonzero
            for column in ("n_below", "n_equal", "n_above")
        )
        if not above:
            yield say("none")
        elif _sum(behind, level) * 2 > _sum(years):
            yield say(
                "few",
                above=above,
                level=say("on_forecast", years=level) if level else "",
                behind=say("others") if behind else "",
            )
        else:
            yield _most(behind, level)
        if ahead := of.series("forecast_accuracy_by_year", "mean_offset_above", asset_type=kind):
            yield _ahead(of, kind, ahead)
        moves = [
            of.trend("forecast_accuracy_by_year", column, asset_type=kind)
            for column in ("mean_absolute_offset", "mean_offset_above")
        ]
        if behind and len(years) >= _TREND and moves[0] != moves[1]:
            errors = of.series("forecast_accuracy_by_year", "mean_absolute_offset", asset_type=kind)
            yield say("errors", moves=moves[0], years=errors)


def negative(of: Facts) -> Iterator[Sentence]:
    """In how many groups deals have recovered less than forecast."""
    found = of.series("forecast_accuracy_by_year", "mean_offset").firm
    if len(found) >= _MANY and not of.withheld("forecast_accuracy_by_year"):
        short = [year for year in found if of.side(year.table, year.id, "mean_offset") == "below"]
        yield say("short", number=len(found), short=len(short), enough=say("enough") if of.fewest > 1 else "")


def untested(of: Facts) -> Iterator[Sentence]:
    """Where differences between years are tested, and how many hold."""
    if not of.has_page("vintages"):
        return
    tested, held = of.series("level_breaks", "rank"), of.series("level_breaks", "rank", holds="yes")
    found = say("held" if held else "none_held", tested=len(tested), held=len(held)) if tested else ""
    yield say("test", found=found)


def caution(of: Facts) -> Iterator[Sentence]:
    """Why years are compared with caution."""
    if of.count("one_year_readings") == 0:
        return
    yield say("caution")
    if alone := list(_alone(of)):
        yield say("alone", groups=alone)
    late = of.series("time_to_half", "mean_forecast").above(_YEAR) if of.has_page("distribution") else ()
    if late:
        yield say("late", types=late)


def _most(behind: Picks, level: Picks) -> Sentence:
    """That all deals are above forecast but a few."""
    if behind and level:
        return say("all_but_both", behind=behind, level=level)
    if level:
        return say("all_but_level", years=level)
    return say("all_but_behind", years=behind) if behind else say("all")


def _ahead(of: Facts, kind: str, ahead: Picks) -> Sentence:
    """The mean deviation of deals above forecast by year."""
    if len(ahead) < _TREND:
        return say("ahead", years=ahead)
    peak = of.ranking("forecast_accuracy_by_year", "mean_offset_above", asset_type=kind)
    inside = peak.leads and peak.top[0].id not in (ahead[0].id, ahead[-1].id)
    moves = of.trend("forecast_accuracy_by_year", "mean_offset_above", asset_type=kind)
    return say("ahead_moves", moves=moves, years=ahead, peak=say("peak", year=peak.top[0]) if inside else "")


def _alone(of: Facts) -> Iterator[Sentence]:
    """Groups of a single deal."""
    for kind in of.asset_types:
        for year in of.series("recovery_by_year", "n_included", asset_type=kind, n_included=1):
            type_ = of.row("recovery_by_type", kind)
            yield say("group_of" if year.has("max_deal") else "group", type=type_, year=year)


def _sum(*parts: Picks) -> float:
    """Deals of all years."""
    return fsum(year.number for year in chain.from_iterable(parts))
