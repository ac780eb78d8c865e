"""Years of issue at the same age: breaks between them, their accuracy, and their static pools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from npl_report.findings import Facts, Sentence, say
from npl_report.text.picks import Pick

_NAMED = 3
"""Classes that a headline names."""


def headline(of: Facts) -> Iterator[Sentence]:
    """The classes whose years of issue differ."""
    broken = [
        of.row("recovery_by_type", kind)
        for kind in of.asset_types
        if of.series("level_breaks", "rank", asset_type=kind, holds="yes")
    ]
    if len(broken) > _NAMED:
        yield say("many", number=len(broken), all=len(of.asset_types))
    elif broken:
        yield say("types", types=broken)
    elif of.series("level_breaks", "rank"):
        yield say("none")


def breaks(of: Facts) -> Iterator[Sentence]:
    """The most significant break, or that there is none."""
    tested = of.series("level_breaks", "rank").rising
    held = of.series("level_breaks", "rank", holds="yes").rising
    if held:
        type_ = of.row("recovery_by_type", held[0].at("asset_type"))
        yield say("held", type=type_, at=_age(of), tested=len(tested), held=len(held), **_sides(held[0]))
    elif tested:
        yield say("none_held", at=_age(of), tested=len(tested), top=tested[0])
    elif not of.withheld("level_breaks"):
        yield say("none", at=_age(of))


def types(of: Facts) -> Iterator[Sentence]:
    """The most significant break of each class."""
    for kind in of.asset_types:
        if own := of.series("level_breaks", "rank", asset_type=kind).rising:
            top = own[0]
            yield say(
                "type",
                type=of.row("recovery_by_type", kind),
                at=_age(of),
                verdict=say("holds" if top.at("holds") == "yes" else "holds_not"),
                offsets=say("offsets", top=top) if top.has("offset_before") and top.has("offset_after") else "",
                **_sides(top),
            )


def strongest(of: Facts) -> Iterator[Sentence]:
    """The most significant break that holds."""
    if held := of.series("level_breaks", "rank", holds="yes").rising:
        type_, that = of.row("recovery_by_type", held[0].at("asset_type")), f"breaks level_breaks/{held[0].id}"
        yield say("held", that=that, type=type_, **_sides(held[0]))


def method(of: Facts) -> Iterator[Sentence]:
    """How breaks are tested, where any is."""
    if of.series("level_breaks", "rank"):
        yield say("test")


def accuracy(of: Facts) -> Iterator[Sentence]:
    """The share of deals above forecast by year, an item for each class."""
    at = _age(of)
    if not of.series("vintage_accuracy", f"above_{at}").firm:
        return
    yield say("shares", at=at)
    for kind in of.asset_types:
        if firm := of.series("vintage_accuracy", f"above_{at}", asset_type=kind).firm:
            yield say("type", type=of.row("recovery_by_type", kind), years=firm, deals=f"{{n_{at}}}")


def exact(of: Facts) -> Iterator[Sentence]:
    """Which years are not told, and what the age is."""
    at = _age(of)
    if of.series("vintage_accuracy", f"above_{at}").firm:
        yield say("exact")
    elif not of.withheld("level_breaks"):
        yield say("none", at=at)


def later(of: Facts) -> Iterator[Sentence]:
    """How many groups have moved by twice the age."""
    at = _age(of)
    then = at + at
    if then not in of.horizons or not of.series("vintage_accuracy", f"above_{at}").firm:
        return
    moved = Counter(
        _moved(group.number, group.at(f"above_{at}"))
        for group in of.series("vintage_accuracy", f"above_{then}").firm
        if group.at(f"n_{then}") == group.at(f"n_{at}")
    )
    if moved:
        yield say("moved", number=moved.total(), at=at, then=then, up=moved["up"], down=moved["down"], same=moved[""])


def pools(of: Facts) -> Iterator[Sentence]:
    """The recovery of the first and the last year, an item for each class."""
    at = _age(of)
    if of.series("vintage_curves", "recovery", age=f"{at}").firm:
        yield say("rates", at=at)
    for kind in of.asset_types:
        if firm := of.series("vintage_curves", "recovery", asset_type=kind, age=f"{at}").firm:
            ends = [firm[0], firm[-1]] if firm[1:] else [firm[0]]
            yield say("type", type=of.row("recovery_by_type", kind), years=[_pool(pool) for pool in ends])


def _age(of: Facts) -> int:
    """The age at which breaks are tested: one of those that the edition reports."""
    tested = of.series("level_breaks", "age")
    ages = [age for age in of.horizons if tested and age == tested[0].at("age")]
    return (ages or of.horizons)[0]  # type: ignore[no-any-return]


def _sides(top: Pick) -> dict[str, Any]:
    """A break, and the years on both sides of it: the first and the last, or one."""
    return {"top": top} | {side: _years(top, side) for side in ("earlier", "later")}


def _years(top: Pick, side: str) -> list[str]:
    key = "before" if side == "earlier" else "after"
    first, last = f"first_{key}", f"last_{key}"
    return [top.n(first)] if top.at(first) == top.at(last) else [top.n(first), top.n(last)]


def _moved(now: float, then: float) -> str:
    """Whether a share has gone up or down; empty where it has not."""
    return "up" if now > then else "down" if now < then else ""


def _pool(pool: Pick) -> Sentence:
    """The recovery of a year, against a forecast of the same deals."""
    same = pool.has("forecast_recovery") and pool.at("n_forecast") == pool.at("n_deals")
    return say("pool", pool=pool, forecast=say("forecast", pool=pool) if same else "")
