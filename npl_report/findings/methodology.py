"""What methodology says of an edition's own rules, and of what depends on its data."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, say

_TWO = 2
"""Tranches beyond which there are some between the first and the last."""


def faces(of: Facts) -> Iterator[Sentence]:
    """How the faces of tranches are written."""
    yield say("faces", between=say("between") if len(of.tranches) > _TWO else "")


def age(of: Facts) -> Iterator[Sentence]:
    """From when age runs, and in which months."""
    if of.age["calendar"]:
        yield say("age", months=say("calendar"))
    else:
        yield say("age", months=say("published") if of.cites("report1") else "")


def start(of: Facts) -> Iterator[Sentence]:
    """The same against the published report, in a table."""
    yield say("calendar" if of.age["calendar"] else "same")


def compared(of: Facts) -> Iterator[Sentence]:
    """With which of several forecasts recoveries are compared."""
    yield say("compared", made=say("made") if "forecaster" in of.term else "")


def windows(of: Facts) -> Iterator[Sentence]:
    """The window of each class, and the one-year window, an item each."""
    for kind in (*of.asset_types, "one_year"):
        if of.has("observation_windows", kind):
            window = of.row("observation_windows", kind)
            elsewhere = say("published" if of.cites("report1") else "elsewhere")
            yield say("window", window=window, by=say("ours") if window.at("chosen_by") == "chosen" else elsewhere)


def declared(of: Facts) -> Iterator[Sentence]:
    """Where the rules of the determinants stand, and what the sample was made to show."""
    yield say("rules", then=say("built" if of.notice else "before"))


def sample(of: Facts) -> Iterator[Sentence]:
    """What is not in the models of determinants."""
    if of.firms:
        yield say("firms")
    yield say("imputed")


def parallel(of: Facts) -> Iterator[Sentence]:
    """What parallel analysis is for, and how many factors it would keep."""
    adequacy, variance = "factor_adequacy", "factor_variance"
    if not (of.has(adequacy, "included", "n_factors") and of.has(variance, "1")):
        yield say("parallel", kept="")
        return
    found, second = (int(of.value(adequacy, "included", column)) for column in ("n_factors", "n_factors_parallel"))
    values = [item.value for item in of.series(variance, "eigenvalue")[second:found]]
    yield say("parallel", kept=say("kept", between=say("between", values=values) if values else ""))


def priority(of: Facts) -> Iterator[Sentence]:
    """The order of payments before and after an event of default, an item each."""
    paid = of.tranches[:-1]
    interest = [say("interest", tranche=tranche) for tranche in paid]
    principal = [say("principal", tranche=tranche) for tranche in paid]
    yield say("before", interest=interest, principal=principal)
    yield say("default", others=say("others") if len(of.tranches) > _TWO else "")


def unfinished(of: Facts) -> Iterator[Sentence]:
    """That recovery inside the window is not final, as an item."""
    liquidated = of.value("redemption_status", "liquidated", "n_deals")
    minor = 2 * liquidated < of.value("issuance_by_type", "total", "n_deals")
    yield say("unfinished", then=say("most" if minor else "later"))
