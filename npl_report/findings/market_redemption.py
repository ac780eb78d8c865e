"""What has been repaid and liquidated, and how large pools are beside the loans of banks."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, say

_SMALL = 0.1
"""Pools over the balance of loans below which volumes are small."""


def repaid(of: Facts) -> Iterator[Sentence]:
    """The principal of each tranche that has been repaid, and in how many deals all of it."""
    first, *others = ((rung, of.row("redemption_status", rung["key"])) for rung in of.tranches)
    if not first[1].at("settled") > 0:
        yield say("none")
        return
    yield say(
        "principal",
        paid=first[1],
        others=[
            say("tranche" if paid.at("settled") > 0 else "none_of_it", rung=rung, paid=paid) for rung, paid in others
        ],
    )
    if first[1].at("n_deals") > 0:
        done = [(rung, paid) for rung, paid in others if paid.at("n_deals") > 0]
        yield say("redeemed", paid=first[1], others=[say("redeemed_too", rung=rung, paid=paid) for rung, paid in done])


def liquidated(of: Facts) -> Iterator[Sentence]:
    """How many deals have been liquidated."""
    done = of.row("redemption_status", "liquidated")
    if not done.at("n_deals") > 0:
        yield say("none")
        return
    yield say("done", done=done)
    redeemed, wound_up = (("redemption_status", row, "n_deals") for row in (of.first["key"], "liquidated"))
    if of.side(*redeemed, than=wound_up) == "above":
        that = f"{'/'.join(redeemed)} above {'/'.join(wound_up)}"
        yield say("fewer", that=that, holders=say("several" if of.tranches[2:] else "lowest"))


def banks(of: Facts) -> Iterator[Sentence]:
    """The pools of a year beside the balance of loans at its end."""
    ratios = of.ranking("market_context", "pool_to_npl")
    if ratios:
        if ratios[0].number < _SMALL:
            yield say("small")
        yield say("range" if ratios.apart else "level", low=ratios.bottom, high=ratios.top, years=ratios)
    else:
        yield say("withheld" if of.withheld("market_context") else "none")


def largest(of: Facts) -> Iterator[Sentence]:
    """The year in which pools were largest beside that balance."""
    ratios = of.ranking("market_context", "pool_to_npl")
    if ratios.leads and ratios[1:]:
        yield say("most", that=f"highest market_context/pool_to_npl is {ratios[0].id}", year=ratios[0])
