"""The recovery at which each tranche is just paid, against what is expected and what was recovered."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, say
from npl_report.text.picks import Pick

_TYPES, _DEALS = "break_even_by_type", "break_even"
_TOTAL = _TYPES, "total"
_NAMED = 3
"""Deals beyond which they are counted, not named."""


def between(of: Facts) -> Iterator[Sentence]:
    """Where the tranches between count in the relation."""
    if of.tranches[2:]:
        yield say("counted")


def ahead(of: Facts) -> Iterator[Sentence]:
    """What is paid ahead of the last tranche: the beginning of a sentence."""
    yield say("several" if of.tranches[2:] else "first")


def servicer(of: Facts) -> Iterator[Sentence]:
    """Who bears a shortfall after an event of default: the end of a sentence."""
    if not of.tranches[2:]:
        yield say("bears")


def each_tranche(of: Facts) -> Iterator[Sentence]:
    """What the break-even of each tranche is, where there are more than two."""
    if of.tranches[2:]:
        yield say("several")


def formula(of: Facts) -> Iterator[Sentence]:
    """For how many deals the relation gives what the waterfall pays."""
    if of.has(*_TOTAL):
        every = of.side(*_TOTAL, "n_formula", than=(*_TOTAL, "n_deals")) == "equal"
        yield say("every" if every else "some")


def classes(of: Facts) -> Iterator[Sentence]:
    """At which recovery the tranches are covered, an item a class."""
    if not of.has(*_TOTAL):
        return
    first, last = (of.tranches[at]["key"] for at in (0, -1))
    for line in of.series(_TYPES, "n_deals"):
        margin = line.has(f"{first}_margin")
        if not margin and line.at("n_uncovered") != line.at("n_deals"):
            continue
        covered = margin and line.has(f"{last}_at")
        rungs = [rung for rung in of.tranches[1:-1] if line.has(f"{rung['key']}_at")]
        least = say("least", line=line) if line.has("least_margin") else ""
        yield say(
            "item",
            line=line,
            covered=say("covered", line=line, rungs=[say("rung", line=line, rung=rung) for rung in rungs], least=least)
            if covered
            else say("never"),
            short=say("short" if line.at(f"n_{last}_short") > 0 else "full", line=line),
        )


def margins(of: Facts) -> Iterator[Sentence]:
    """Which forecasts, and which actual recoveries, do not cover the first tranche."""
    if not of.has(*_TOTAL):
        return
    total, first = of.row(*_TOTAL), of.first["key"]
    uncovered = [item for item in of.series(_DEALS, "expected") if not item.has(f"{first}_margin")]
    negative = uncovered + [item for item in of.series(_DEALS, f"{first}_margin") if item.number < 0]
    if negative:
        yield say("negative", many=len(negative))
    elif not of.withheld(_DEALS):
        yield say("none_negative")
    if total.at("n_uncovered") > 0:
        yield say("never")
    if total.at("n_run_off") > 0 and total.has("run_off_margin"):
        yield say("run_off", below=_below(of))
    elif of.value("redemption_status", "liquidated", "n_deals") == 0:
        yield say("none_final")
    unreached = [item for item in of.series(_DEALS, "actual") if not item.has(f"{first}_margin_actual")]
    if behind := [item for item in unreached + _lost(of) if item.at("status") != "run_off"]:
        yield say("behind", many=len(behind))


def least(of: Facts) -> Iterator[Sentence]:
    """By how much the expected recovery exceeds the break-even of the first tranche, in every deal or on average."""
    if of.has(*_TOTAL, "least_margin") and of.value(*_TOTAL, "n_uncovered") == 0:
        if of.value(*_TOTAL, "least_margin") > 0:
            yield say("every")
        elif of.value(*_TOTAL, f"{of.first['key']}_margin") > 0:
            yield say("average")


def _lost(of: Facts) -> list[Pick]:
    """The deals whose actual recovery is less than the first tranche's break-even."""
    return [item for item in of.series(_DEALS, f"{of.first['key']}_margin_actual") if item.number < 0]


def _below(of: Facts) -> Sentence:
    """How many liquidated deals recovered less than the first tranche's break-even."""
    short = of.value(*_TOTAL, f"n_{of.first['key']}_short")
    lost = [item for item in _lost(of) if item.at("status") == "run_off"]
    if of.value(*_TOTAL, "n_uncovered") > 0 and len(lost) < short:
        return say("short")
    if len(lost) > _NAMED or (of.withheld(_DEALS) and short > 0):
        return say("many_negative")
    return say("named_negative", deals=lost) if lost else say("no_negative")
