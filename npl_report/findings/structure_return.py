"""What was expected of the last tranche at issue, and what it has been paid."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, say
from npl_report.text.picks import Pick, Picks

_TABLE = "subordinated_return"


def classes(of: Facts) -> Iterator[Sentence]:
    """Expected yields and multiples paid by year of issue, an item a class."""
    for kind in of.asset_types:
        if paid := of.series(_TABLE, "paid_multiple", asset_type=kind):
            yield say("item", kind=kind, parts=_parts(of, kind, paid))


def realised(of: Facts) -> Iterator[Sentence]:
    """In how many groups that are liquidated in full the last tranche was paid more than expected."""
    ended = _ended(of)
    if not ended:
        return
    yield say("groups", parts=[say("group", item=item) for item in ended])
    better, sooner = _above(of, ended, "multiple"), _above(of, ended, "yield")
    if len(better) == len(ended):
        yield say("better_all")
    elif better:
        yield say("better", many=len(better), groups=len(ended))
    else:
        yield say("better_none")
    if sooner:
        yield say("sooner", many=len(sooner), groups=len(ended))
    else:
        yield say("sooner_none")


def negative(of: Facts) -> Iterator[Sentence]:
    """Where the expected yield is negative."""
    under = [item for item in of.series(_TABLE, "expected_yield") if item.number < 0]
    if of.series(_TABLE, "paid_multiple") and under:
        yield say("groups", parts=[say("group", item=item) for item in under])
        if of.notice:
            yield say("why")


def better(of: Facts) -> Iterator[Sentence]:
    """In how many of the groups liquidated in full the multiple exceeds the expected one."""
    if (ended := _ended(of))[1:]:
        yield say("many", many=len(_above(of, ended, "multiple")), groups=len(ended))


def _parts(of: Facts, kind: str, paid: Picks) -> list[Sentence]:
    """What is said of a class."""
    parts = []
    expected = of.ranking(_TABLE, "expected_yield", asset_type=kind)
    if expected.apart:
        parts.append(say("ends", most=expected.top, least=expected.bottom))
    elif expected:
        parts.append(say("expected", item=expected[0]))
    parts.append(say("paid", earliest=paid[:1], latest=paid[1:][-1:]))
    if over := of.series(_TABLE, "run_off_multiple", asset_type=kind):
        parts.append(say("over", groups=over))
    return parts


def _ended(of: Facts) -> list[Pick]:
    """The groups of which all deals are liquidated, with what was expected of them."""
    return [
        item
        for item in of.series(_TABLE, "run_off_multiple")
        if item.at("n_run_off") == item.at("n_deals") and item.has("expected_multiple")
    ]


def _above(of: Facts, ended: list[Pick], figure: str) -> list[Pick]:
    """The groups that were paid more than expected."""
    return [
        item
        for item in ended
        if item.has(f"expected_{figure}")
        and of.side(_TABLE, item.id, f"run_off_{figure}", than=(_TABLE, item.id, f"expected_{figure}")) == "above"
    ]
