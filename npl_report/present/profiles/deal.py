"""One deal → what its page prints.

Key figures, facts, tranches, place among its type, collections, payments, sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npl_report.model import Column, Unit
from npl_report.present.contexts import Link
from npl_report.present.printed import NOTHING, Cell, Head
from npl_report.present.profiles.cells import (
    Cells,
    Grid,
    GridGroup,
    GridRow,
    Record,
    Sentence,
    Tile,
    dated,
    grouped,
    records,
)
from npl_report.present.profiles.facts import FactGroup, fact_groups
from npl_report.present.profiles.lists import list_places
from npl_report.present.profiles.scenario import Scenario, ScenarioPages
from npl_report.present.profiles.sources import Sources, sources
from npl_report.present.profiles.strips import Place, Strips
from npl_report.text.numbers import raw

_COLLECTED = ("age", "collected", "cumulative", "recovery", "forecast", "deviation", "offset")
_TRANCHE = ("face", "share", "covered_at", "principal", "paid", "redeemed_on")
_FORECAST = ("age", "amount", "cumulative", "recovery")
USED = (
    "deal_summary",
    "deal_recovery",
    "deal_forecast",
    "deal_tranches",
    "deal_position",
    "deal_scenarios",
    "window_readings",
    "recovery_by_type",
    "forecast_accuracy_by_type",
    "observation_windows",
)
FILES = ("deals", "tranches", "collections", "forecasts", "payments")
"""Tables and files of which the page of a deal is made."""
_Frames = Mapping[str, Mapping[str, Sequence[Record]]]
"""File → deal → its records."""
_COUPON, _AMOUNT = Column("coupon", Unit.RATE), Column("amount", Unit.MONEY)


@dataclass(frozen=True)
class Coverage:
    """How often the first tranche is covered, with the date; ``absent`` says why there is none."""

    label: str
    value: Cell
    date: Cell
    absent: str


@dataclass(frozen=True)
class DealPage:
    """The page of a deal.

    ``sample`` says whether its record is published or reconstructed (empty if the data do not say).

    ``curve`` names the tables that the chart draws; ``places`` is empty for a deal that is not ranked; ``window`` says
    on which date it is read, or why it is not.
    """

    id: str
    name: str
    path: str
    description: str
    crumbs: tuple[Link, ...]
    bank: Link
    asset_type: str
    year: str
    sample: str
    tiles: tuple[Tile, ...]
    coverage: tuple[Coverage, ...]
    facts: tuple[FactGroup, ...]
    tranches: Grid
    window: Sentence
    places: tuple[Place, ...]
    curve: tuple[str, ...]
    collections: Grid
    forecast: Grid
    payments: Grid
    scenario: Scenario | None
    sources: Sources
    previous: Link | None
    next: Link | None


def deal_order(deals: pd.DataFrame, asset_types: Sequence[str]) -> list[Record]:
    """The records of all deals in the order of their pages: by asset type, issue date and id."""
    return sorted(
        records(deals), key=lambda deal: (asset_types.index(deal["asset_type"]), deal["issue_date"], deal["deal"])
    )


class Deals:
    """All deals of one language: frames are grouped once, so that the work of a page does not grow with their number.

    ``ordered``: their records by asset type, issue date and id.
    """

    def __init__(self, cells: Cells, strips: Strips) -> None:
        self._cells = cells
        self._strips = strips
        self._scenarios = ScenarioPages(cells)
        data = cells.localized.data
        self._ladder = cells.localized.market.ladder
        self._places = {name: getattr(data, name).groupby("deal", sort=False).indices for name in FILES}
        self.ordered = deal_order(data.deals, cells.localized.market.asset_types)
        self._lists = list_places(self.ordered)
        self._collected = cells.by_deal("deal_recovery")
        self._forecast = cells.by_deal("deal_forecast")

    def pages(self, part: range | None = None) -> Iterator[DealPage]:
        """The pages of deals: of all, or of those at some places, of which some may be beyond the last."""
        chosen = range(len(self.ordered))
        chosen = chosen if part is None else chosen[part.start : part.stop]
        frames = self._records([str(self.ordered[place]["deal"]) for place in chosen])
        for place in chosen:
            yield self._page(self.ordered[place], frames, self._beside(place, -1), self._beside(place, 1))

    def _records(self, deals: Sequence[str]) -> _Frames:
        """The records of some deals."""
        data, found = self._cells.localized.data, {}
        for name, places in self._places.items():
            rows = [places[deal] for deal in deals if deal in places]
            found[name] = grouped(records(getattr(data, name).iloc[np.concatenate(rows)])) if rows else {}
        return found

    def _beside(self, place: int, step: int) -> Link | None:
        """The deal before or after one, of the same type."""
        other = self.ordered[place + step] if 0 <= place + step < len(self.ordered) else None
        return self._link(other) if other and other["asset_type"] == self.ordered[place]["asset_type"] else None

    def _link(self, deal: Record) -> Link:
        return Link(f"{deal['deal']}.html", self._cells.names.name(Unit.DEAL, str(deal["deal"])))

    def _page(self, deal: Record, frames: _Frames, previous: Link | None, next_: Link | None) -> DealPage:
        cells, id_, kind = self._cells, str(deal["deal"]), str(deal["asset_type"])
        names, bank = cells.names, str(deal["originator"])
        name, type_name = names.name(Unit.DEAL, id_), names.name(Unit.ASSET_TYPE, kind)
        bank_name = names.name(Unit.ORIGINATOR, bank)
        sample = deal.get("sample")
        places, first = self._strips.places(id_), f"{id_}@{self._ladder[0]}"
        return DealPage(
            id=id_,
            name=name,
            path=names.page(Unit.DEAL, id_),
            description=cells.word("profile.deal_description", name=name, bank=bank_name, type=type_name),
            crumbs=(Link("index.html", cells.word("profile.all_deals")), Link(self._lists[kind], type_name)),
            bank=Link(f"../{names.page(Unit.ORIGINATOR, bank)}", bank_name),
            asset_type=type_name,
            year=f"{deal['issue_date']:%Y}",
            sample=cells.word("profile.published" if sample == "published" else "profile.reconstructed")
            if isinstance(sample, str)
            else "",
            tiles=(
                Tile(cells.in_text("deal_summary", id_, "recovery"), cells.word("profile.recovery")),
                Tile(cells.in_text("deal_summary", id_, "offset"), cells.word("profile.offset")),
                Tile(cells.in_text("deal_tranches", first, "paid"), cells.word("profile.senior_paid")),
                Tile(cells.in_text("deal_summary", id_, "age"), cells.word("profile.age")),
            ),
            coverage=self._coverage(id_),
            facts=fact_groups(deal, cells),
            tranches=self._tranches(id_, frames),
            window=self._window(id_, kind, ranked=bool(places)),
            places=places,
            curve=tuple(cells.title(table) for table in ("deal_recovery", "deal_forecast", "deal_tranches")),
            collections=self._collections(id_, frames),
            forecast=self._forecast_grid(id_),
            payments=self._payments(id_, frames),
            scenario=self._scenarios.of(id_),
            sources=sources(cells, USED, ((name, frames[name].get(id_, ())) for name in FILES)),
            previous=previous,
            next=next_,
        )

    def _coverage(self, deal: str) -> tuple[Coverage, ...]:
        """Coverage of the first tranche's face at the last date and inside the window, each with its date."""
        cells = self._cells
        latest, inside = (cells.in_text(table, deal, "coverage") for table in ("deal_summary", "window_readings"))
        return (
            Coverage(
                cells.word("profile.coverage_latest"),
                latest,
                cells.in_text("deal_summary", deal, "date"),
                latest.reason,
            ),
            Coverage(
                cells.word("profile.coverage_window"),
                inside,
                cells.in_text("window_readings", deal, "date"),
                cells.word("profile.coverage_none") if inside.reason else "",
            ),
        )

    def _window(self, deal: str, kind: str, *, ranked: bool) -> Sentence:
        """On which date the deal is read and inside which window, or that it is not."""
        cells = self._cells
        values = {end: cells.in_text("observation_windows", kind, end) for end in ("low", "high")}
        if values["low"].reason:
            return Sentence(str(cells.words["profile.unranked_yet"]), {"reason": Cell(values["low"].reason)})
        if ranked:
            values |= {key: cells.in_text("window_readings", deal, key) for key in ("date", "age")}
        return Sentence(str(cells.words["profile.ranked" if ranked else "profile.unranked"]), values)

    def _tranches(self, deal: str, frames: _Frames) -> Grid:
        cells = self._cells
        facts = {str(record["tranche"]): record for record in frames["tranches"].get(deal, [])}
        heads = [cells.head("deal_tranches", key) for key in _TRANCHE]
        heads[2:2] = [
            self._fact(word, numeric=word == "fact.coupon")
            for word in ("fact.coupon", "fact.expected_maturity", "fact.legal_maturity")
        ]
        rows = []
        for tranche in (tranche for tranche in self._ladder if tranche in facts):
            fact = facts[tranche]
            printed = [cells.in_table("deal_tranches", f"{deal}@{tranche}", key) for key in _TRANCHE]
            printed[2:2] = [self._coupon(fact), dated(fact["expected_maturity"]), dated(fact["legal_maturity"])]
            rows.append(GridRow(cells.named(Unit.TRANCHE, tranche), tuple(printed)))
        return cells.grid(
            "tranches",
            cells.word("profile.tranches"),
            "deal_tranches",
            "fact.tranche",
            heads,
            [GridGroup("", tuple(rows))],
            empty="fact.undisclosed",
            note="profile.tranches_note",
            anchored=True,
        )

    def _fact(self, word: str, unit: str = "", *, numeric: bool = False) -> Head:
        """Head of a column of the data."""
        return Head(word.removeprefix("fact."), self._cells.word(word), unit, numeric)

    def _coupon(self, tranche: Record) -> Cell:
        stored = raw(tranche["coupon"])
        if not stored:
            residual = tranche["tranche"] == self._ladder[-1]
            return Cell(NOTHING, reason=self._cells.word("fact.no_coupon" if residual else "fact.undisclosed"))
        return Cell(self._cells.numbers.cell(tranche["coupon"], _COUPON), raw=stored)

    def _collections(self, deal: str, frames: _Frames) -> Grid:
        cells = self._cells
        heads = [
            self._fact("fact.period_start"),
            *(cells.head("deal_recovery", key) for key in _COLLECTED),
            self._fact("fact.reported_on"),
        ]
        rows = []
        periods = {f"{record['period_end']:%Y-%m-%d}": record for record in frames["collections"].get(deal, ())}
        for row in self._collected.get(deal, ()):
            date = cells.in_table("deal_recovery", row, "date")
            period = periods[date.raw]
            printed = (cells.in_table("deal_recovery", row, key) for key in _COLLECTED)
            rows.append(GridRow(date, (dated(period["period_start"]), *printed, self._reported(period))))
        return cells.grid(
            "collections",
            cells.word("profile.collections"),
            "deal_recovery",
            "fact.period_end",
            heads,
            [GridGroup("", tuple(rows))],
            empty="profile.no_collections",
            note="profile.collections_note",
            anchored=True,
        )

    def _reported(self, record: Record) -> Cell:
        """When a value was reported; a restated one says so."""
        cell = dated(record["reported_on"])
        return (
            cell
            if record["versions"] == 1
            else Cell(self._cells.word("profile.restated", date=cell.text), raw=cell.raw, numeric=False)
        )

    def _forecast_grid(self, deal: str) -> Grid:
        cells = self._cells
        heads = [cells.head("deal_forecast", key) for key in _FORECAST]
        rows = tuple(
            GridRow(
                cells.in_table("deal_forecast", row, "date"),
                tuple(cells.in_table("deal_forecast", row, key) for key in _FORECAST),
            )
            for row in self._forecast.get(deal, ())
        )
        return cells.grid(
            "forecast",
            cells.word("profile.forecast"),
            "deal_forecast",
            "fact.period_end",
            heads,
            [GridGroup("", rows)],
            empty="profile.no_forecast",
        )

    def _payments(self, deal: str, frames: _Frames) -> Grid:
        cells = self._cells
        money = cells.numbers.head(Unit.MONEY)
        heads = [
            self._fact("fact.tranche"),
            *(self._fact(word, money, numeric=True) for word in ("fact.principal", "fact.interest")),
            self._fact("fact.reported_on"),
        ]
        rows = []
        for record in sorted(
            frames["payments"].get(deal, ()), key=lambda item: (item["paid_on"], self._ladder.index(item["tranche"]))
        ):
            amounts = (
                Cell(cells.numbers.cell(float(record[key]), _AMOUNT), raw=raw(record[key]))
                for key in ("principal", "interest")
            )
            rows.append(
                GridRow(
                    dated(record["paid_on"]),
                    (cells.named(Unit.TRANCHE, str(record["tranche"])), *amounts, self._reported(record)),
                )
            )
        return cells.grid(
            "payments",
            cells.word("profile.payments"),
            "",
            "fact.paid_on",
            heads,
            [GridGroup("", tuple(rows))],
            empty="profile.no_payments",
            note="profile.payments_note",
        )
