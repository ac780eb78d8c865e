"""What the tranches earn when more or less is recovered than forecast, or all of it a year later."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, say
from npl_report.text.picks import Pick, Picks, Row

_YIELDS, _OUTCOMES = "yield_scenarios", "scenario_outcomes"
_STABLE = 0.001
"""What a yield may differ by and still be the same."""
_SMALL = 0.005
"""A fall of a yield that is called small."""
_NOTHING = -1
"""The yield of a tranche that is paid nothing."""
_LESS, _MET, _MORE = "80pc", "100pc", "120pc"
"""A shortfall, the forecast and a surplus of the same size."""
_ABOVE = _MET, "110pc", _MORE, "130pc", "140pc", "150pc"
_ON_TIME, _LATE = "0m", "12m"


def upper(of: Facts) -> Iterator[Sentence]:
    """What the first tranche earns at least, and from which recovery on its yield is stable and it has no loss."""
    lines = {kind: of.series(_YIELDS, f"{of.first['key']}_0m", asset_type=kind) for kind in _kinds(of)}
    if not lines:
        return
    lowest = {kind: line[0] for kind, line in lines.items()}
    parts = [say("of", kind=kind, least=least) for kind, least in lowest.items()]
    yield say("least", at=next(iter(lowest.values())), parts=parts)
    yield say(
        "stable",
        parts=[
            say("level", kind=kind, start=_from(line, [_same(item, line[-1]) for item in line]), most=line[-1])
            for kind, line in lines.items()
        ],
    )
    whole = {kind: _from(line, [_intact(of, item) for item in line]) for kind, line in lines.items()}
    if intact := [say("intact", kind=kind, start=start) for kind, start in whole.items() if start]:
        yield say("whole", parts=intact)


def life(of: Facts) -> Iterator[Sentence]:
    """Whether more recovery makes the first tranche's life shorter, in every class."""
    column, kinds = f"{of.first['key']}_life", _kinds(of)
    steps = {kind: [f"{kind}-{step}{_ON_TIME}" for step in _ABOVE] for kind in kinds}
    if kinds and all(of.trend(_OUTCOMES, column, rows) == "falling" for rows in steps.values()):
        yield say("shorter")


def junior(of: Facts) -> Iterator[Sentence]:
    """What the last tranche earns at the forecast, at less and at more, an item a class."""
    for kind in _kinds(of):
        steps = [f"{kind}-{step}" for step in (_LESS, _MET, _MORE)]
        less, met, more = of.series(_YIELDS, f"{of.last['key']}_0m", steps, asset_type=kind)
        yield say("item", kind=kind, less=less, met=met, more=more)


def shortfall(of: Facts) -> Iterator[Sentence]:
    """Whether a shortfall moves the last tranche's yield by more than a surplus does."""
    kinds = _kinds(of)
    steep = [kind for kind in kinds if _steep(of, kind)]
    if not kinds:
        return
    if len(steep) == len(kinds):
        yield say("every")
    elif steep:
        yield say("some", kinds=[say("kind", kind=kind) for kind in steep])
    else:
        yield say("none")
    if steep:
        yield say("borne")


def study(of: Facts) -> Iterator[Sentence]:
    """Whether the last tranche's return rises with recovery, as the study finds."""
    kinds = _kinds(of)
    climbing = [kind for kind in kinds if _climbs(of, kind)]
    if not kinds:
        return
    if of.cites("study"):
        yield say("found", home=of.has_page("tie-out"))
        if climbing:
            yield say("every" if len(climbing) == len(kinds) else "some")
        else:
            yield say("none")
    elif climbing:
        yield say("every_own" if len(climbing) == len(kinds) else "some_own")
    else:
        yield say("none_own")
    if of.has_page("determinants"):
        yield say("paid")


def delay(of: Facts) -> Iterator[Sentence]:
    """How a delay moves the yields of the last and of the first tranche."""
    rows = {kind: of.row(_YIELDS, f"{kind}-{_MET}") for kind in _kinds(of)}
    if not rows:
        return
    yield say("last", parts=[say("change", kind=kind, met=row) for kind, row in rows.items()])
    on_time, late = (f"{of.first['key']}_{delay}" for delay in (_ON_TIME, _LATE))
    if all(row.at(on_time) - row.at(late) < _SMALL for row in rows.values()):
        yield say("first")
    nearer: list[str] = []
    for kind in rows:
        nearer += _nearer(of, kind)
    if nearer:
        yield say("nearer", scenarios=nearer)


def tripped(of: Facts) -> Iterator[Sentence]:
    """In which classes a delay alone triggers an event of default."""
    cells = {
        kind: [(_OUTCOMES, f"{kind}-{_MET}{delay}", "n_default") for delay in (_LATE, _ON_TIME)] for kind in _kinds(of)
    }
    kinds = [say("kind", kind=kind) for kind, (late, timely) in cells.items() if of.side(*late, than=timely) == "above"]
    if kinds:
        yield say("alone", kinds=kinds)


def outcomes(of: Facts) -> Iterator[Sentence]:
    """Events of default, multiples and lives with the whole forecast, on time and a year late."""
    rows = {kind: (_outcome(of, kind, _ON_TIME), _outcome(of, kind, _LATE)) for kind in _kinds(of)}
    if not rows:
        return
    events = [kind for kind, both in rows.items() if any(row.at("n_default") for row in both)]
    quiet = [say("still", kind=kind) for kind in rows if kind not in events]
    if events:
        yield say(
            "events",
            parts=[say("event", kind=kind, timely=rows[kind][0], late=rows[kind][1]) for kind in events],
            more=bool(quiet),
        )
    if quiet:
        yield say("quiet", kinds=quiet, after=bool(events))
    yield say(
        "multiples",
        parts=[say("multiple", kind=kind, timely=timely, late=late) for kind, (timely, late) in rows.items()],
    )
    yield say(
        "lives", parts=[say("life", kind=kind, timely=timely, late=late) for kind, (timely, late) in rows.items()]
    )


def drop(of: Facts) -> Iterator[Sentence]:
    """The class whose last tranche loses most yield to a shortfall."""
    pairs: dict[str, Picks] = {}
    for kind in _kinds(of):
        pair = of.series(_YIELDS, f"{of.last['key']}_0m", [f"{kind}-{_LESS}", f"{kind}-{_MET}"], asset_type=kind).firm
        if pair[1:]:
            pairs[kind] = pair
    drops = {kind: met.number - less.number for kind, (less, met) in pairs.items()}
    if drops and max(drops.values()) > 0:
        most = max(drops, key=lambda kind: drops[kind])
        yield say("most", kind=most, less=pairs[most][0], met=pairs[most][1])


def _kinds(of: Facts) -> list[str]:
    """The classes of which there are scenarios."""
    return [kind for kind in of.asset_types if of.has(_YIELDS, f"{kind}-{_MET}")]


def _from(line: Picks, holds: list[bool]) -> Pick | None:
    """The row from which on something holds up to the last; None if not even there."""
    start = len(line)
    while start and holds[start - 1]:
        start -= 1
    return line[start] if start < len(line) else None


def _same(item: Pick, most: Pick) -> bool:
    return abs(item.number - most.number) < _STABLE


def _intact(of: Facts, item: Pick) -> bool:
    return bool(of.side(_OUTCOMES, f"{item.id}{_ON_TIME}", f"{of.first['key']}_loss") == "equal")


def _steep(of: Facts, kind: str) -> bool:
    less, met, more = (of.value(_YIELDS, f"{kind}-{step}", f"{of.last['key']}_0m") for step in (_LESS, _MET, _MORE))
    return bool(met - less > more - met)


def _climbs(of: Facts, kind: str) -> bool:
    """Whether the yield rises at every step from where anything is paid."""
    column = f"{of.last['key']}_0m"
    paid = [item.id for item in of.series(_YIELDS, column, asset_type=kind).above(_NOTHING)]
    return len(paid) > 1 and bool(of.trend(_YIELDS, column, paid) == "rising")


def _nearer(of: Facts, kind: str) -> list[str]:
    """The scenarios of a class whose loss is a smaller rate after the delay."""
    on_time, late = (f"{of.last['key']}_{delay}" for delay in (_ON_TIME, _LATE))
    return [
        of.label(_YIELDS, item.id)
        for item in of.series(_YIELDS, late, asset_type=kind).above(_NOTHING)
        if item.number < 0 and of.side(_YIELDS, item.id, late, than=(_YIELDS, item.id, on_time)) == "above"
    ]


def _outcome(of: Facts, kind: str, delay: str) -> Row:
    row: Row = of.row(_OUTCOMES, f"{kind}-{_MET}{delay}")
    return row
