"""The order of payments, and an example of it for each class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from npl_report.findings import Facts, Sentence, say
from npl_report.text.picks import Pick, Row

_CASES = "waterfall_case"


def interest(of: Facts) -> Iterator[Sentence]:
    """Interest of each tranche but the last, items."""
    for rung in of.tranches[:-1]:
        yield say("item", rung=rung)


def principal(of: Facts) -> Iterator[Sentence]:
    """Principal of each tranche but the last, items."""
    for rung in of.tranches[:-1]:
        yield say("item", rung=rung)


def default(of: Facts) -> Iterator[Sentence]:
    """Where the tranches between stand after an event of default."""
    if of.tranches[2:]:
        yield say("others")


def cases(of: Facts) -> Iterator[Sentence]:
    """What becomes of the collections of one deal of each class, an item a class."""
    kinds = [kind for kind in of.asset_types if of.has(_CASES, f"{kind}-total")]
    if not kinds:
        return
    yield say("shown")
    for kind in kinds:
        case = of.row(_CASES, f"{kind}-total")
        dates = [
            item for item in of.series(_CASES, of.first["key"], deal=str(case.at("deal"))) if item.id != f"{kind}-total"
        ]
        between = [rung for rung in of.tranches[1:-1] if case.has(f"{rung['key']}_interest")]
        yield say(
            "item",
            kind=kind,
            case=case,
            uses=_uses(case, between),
            fates=[_first(of, dates), *(_between(of, case, dates, rung) for rung in between), _last(of, case, dates)],
            rest=_rest(of, case),
        )


def _uses(case: Row, between: Sequence[Mapping[str, str]]) -> list[Sentence]:
    """What is paid ahead of principal."""
    interest = [say("interest", case=case, rung=rung) for rung in between]
    return [say("fees", case=case), say("first_interest", case=case), *interest]


def _repaid(of: Facts, dates: Sequence[Pick], tranche: str) -> int | None:
    """At which payment date, counted from zero, nothing is left of a tranche."""
    return next((at for at, item in enumerate(dates) if of.side(_CASES, item.id, tranche) == "equal"), None)


def _day(item: Pick) -> str:
    """The date that the row's id ends with."""
    return item.id[-len("2020-03-17") :]


def _first(of: Facts, dates: Sequence[Pick]) -> Sentence:
    at = _repaid(of, dates, of.first["key"])
    if at is None:
        return say("first_open")
    return say("first_redeemed", day=_day(dates[at]), place=at + 1, places=len(dates))


def _between(of: Facts, case: Row, dates: Sequence[Pick], rung: Mapping[str, str]) -> Sentence:
    at = _repaid(of, dates, rung["key"])
    return say("open", case=case, rung=rung) if at is None else say("repaid", rung=rung, day=_day(dates[at]))


def _last(of: Facts, case: Row, dates: Sequence[Pick]) -> Sentence:
    at = _repaid(of, dates, of.last["key"])
    return say("last_open", case=case) if at is None else say("last_repaid", day=_day(dates[at]))


def _rest(of: Facts, case: Row) -> list[Sentence]:
    """What becomes of what the principals leave."""
    said = []
    if of.side(_CASES, case.id, f"{of.last['key']}_return") == "above":
        said.append(say("return", case=case))
    said.append(say("shared" if of.side(_CASES, case.id, "reward") == "above" else "nothing", case=case))
    if case.at("default") == "yes":
        said.append(say("default"))
    return said
