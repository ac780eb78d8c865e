"""Two editions → the states that lead from the data and rules of the older to those of the newer, one step a cause.

Every state is a whole input of the tables, so that what a step moves is found by computing, not by guessing
(attribution by counterfactuals, in a fixed order: the program, the rules, the past as it is told now, what came after
it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Literal, get_args

import pandas as pd

from npl_report.load.data import Source, dataset
from npl_report.model import Dataset, Edition

Cause = Literal[
    "code", "method", "corrected_source", "restated", "late_disclosure", "new_period", "new_deals", "unattributed"
]
"""What can move a published number, in the order of the steps.

``code``: the program or its libraries. ``method``: the edition's rules (classes, windows, ages, parts II and III).
``corrected_source``: the data say something else of what was known on the older as-of date. ``restated``: a later
report gives another value for a record known then. ``late_disclosure``: a record of a period, or payment, that lies
before that date and was first reported after it. ``new_period``: all other later records of the deals issued by then,
the market series, and the newer as-of date. ``new_deals``: deals issued since. ``unattributed`` is no step: the program
does not read the older edition's inputs any more, so that nothing can be told apart.
"""
CAUSES: tuple[Cause, ...] = get_args(Cause)
STEPS = CAUSES[:-1]
"""The causes that are found by computing."""

PUBLICATION = frozenset({"id", "published_on", "revision", "languages", "restatements"})
"""What an edition's file says of its publication; every other of its sections is a rule, a new one too."""
_RECORDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "collections": (("deal", "period_start", "period_end"), "period_end"),
    "payments": (("deal", "tranche", "paid_on"), "paid_on"),
}
"""Files whose records are reported, and restated: what names a record (as in ``load.asof``), and the day that it is
about."""


@dataclass(frozen=True)
class Side:
    """One of the two editions: its folder's name, rules, data and tables.

    ``recorded``: table key → its JSON download as published; None for the project's own state, whose numbers are those
    that the code gives now. ``current``: what is recorded comes from this very program and its inputs, so that it need
    not be computed again.
    """

    name: str
    edition: Edition
    source: Source
    tables: tuple[str, ...]
    recorded: Mapping[str, bytes] | None = None
    current: bool = False

    @property
    def place(self) -> tuple[date, str, int]:
        """Its place in the series: by as-of date, id and revision."""
        return self.edition.as_of, self.edition.id, self.edition.revision


@dataclass(frozen=True)
class AttributionStep:
    """An input of the tables, and the cause of what differs from the state before it."""

    cause: Cause
    data: Dataset
    edition: Edition

    def differs(self, former: AttributionStep) -> bool:
        """Whether the tables could come out otherwise than in the former state.

        They could with other rules, another as-of date, or other data.
        """
        return rules(self.edition) != rules(former.edition) or any(
            not _equal(getattr(self.data, part), getattr(former.data, part)) for part in Dataset.PARTS
        )


def attribution_steps(old: Side, new: Side) -> Iterator[AttributionStep]:
    """The states from the older edition's data and rules to the newer one's, in the order of ``STEPS``.

    InputError if one of them has no deal.
    """
    day, later, market = old.edition.as_of, new.edition.as_of, new.edition.market
    first = dataset(old.source, day, old.edition.market)
    yield AttributionStep("code", first, old.edition)
    ruled = replace(new.edition, as_of=day)
    bridge = _bridge(old, ruled)
    yield AttributionStep("method", dataset(old.source, day, bridge.market), bridge)
    yield AttributionStep("corrected_source", dataset(new.source, day, market), ruled)
    then = new.source.frames | _known_then(new.source.frames, pd.Timestamp(day))
    for cause, reports in (("restated", _known_records), ("late_disclosure", _earlier_records)):
        frames = then | {name: reports(new.source.frames[name], name, pd.Timestamp(day)) for name in _RECORDS}
        known = dataset(replace(new.source, frames=frames), later, market)
        yield AttributionStep(cause, replace(known, as_of=day), ruled)  # type: ignore[arg-type]
    same_deals = new.source.frames | {
        "deals": then["deals"].assign(liquidated_on=new.source.frames["deals"]["liquidated_on"])
    }
    yield AttributionStep("new_period", dataset(replace(new.source, frames=same_deals), later, market), new.edition)
    yield AttributionStep("new_deals", dataset(new.source, later, market), new.edition)


def _bridge(old: Side, new: Edition) -> Edition:
    """The newer rules for the older data, of which not every deal need be of a class that the newer edition reports.

    Such deals are reported as before, and so are the tranches where the newer ladder does not hold the older one
    between its ends; otherwise the rules are the newer ones.
    """
    keys = list(new.market.asset_types)
    deals = old.source.frames["deals"]
    known = deals.loc[deals["issue_date"] <= pd.Timestamp(new.as_of), ["asset_class", "asset_type"]]
    left = known.loc[~known.isin(keys).any(axis="columns")]
    needed = {*left["asset_class"], *left["asset_type"]}
    own = tuple(of for of in old.edition.market.classes if of.key in needed)
    windows = {of.key: old.edition.windows[of.key] for of in own}
    then, now = old.edition.market.ladder, new.market.ladder
    fits = (then[0], then[-1]) == (now[0], now[-1]) and then == tuple(key for key in now if key in then)
    tranches = new.market.tranches if fits else old.edition.market.tranches
    market = replace(new.market, classes=(*new.market.classes, *own), tranches=tranches)
    return replace(new, market=market, windows={**new.windows, **windows})


def _known_then(frames: Mapping[str, pd.DataFrame], day: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """What is not reported again and again, as it stood on the day.

    The deals issued by then, their forecasts, the market.
    """
    deals = frames["deals"].loc[frames["deals"]["issue_date"] <= day]
    return {
        "deals": deals.assign(liquidated_on=deals["liquidated_on"].where(deals["liquidated_on"] <= day)),
        "forecasts": frames["forecasts"].loc[frames["forecasts"]["made_on"] <= day],
        "market": frames["market"].loc[frames["market"]["date"] <= day],
    }


def _known_records(frame: pd.DataFrame, name: str, day: pd.Timestamp) -> pd.DataFrame:
    """Every report of the records that were first reported by the day, and are about a time up to it.

    Later reports of these records are among them.
    """
    key, about = _RECORDS[name]
    return frame.loc[(frame.groupby(list(key))["reported_on"].transform("min") <= day) & (frame[about] <= day)]


def _earlier_records(frame: pd.DataFrame, name: str, day: pd.Timestamp) -> pd.DataFrame:
    """Every report, also a later one, of the records about a time up to the day."""
    _, about = _RECORDS[name]
    return frame.loc[frame[about] <= day]


def rules(edition: Edition) -> tuple[object, ...]:
    """All of an edition that the tables are computed from: whatever is not about its publication."""
    return tuple(getattr(edition, item.name) for item in fields(edition) if item.name not in PUBLICATION)


def _equal(frame: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two frames hold the same records, wherever they stand in their files."""
    return frame is other or frame.drop(columns="source_row").equals(other.drop(columns="source_row"))
