"""One bank → what its page prints.

Names, totals, recovery and accuracy by asset type against all banks, and its deals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from npl_report.model import Unit
from npl_report.present.contexts import Link, Pager
from npl_report.present.pager import Pagers
from npl_report.present.paging import part_path
from npl_report.present.printed import Head
from npl_report.present.profiles.cells import Cells, Grid, GridGroup, GridRow, Record, Tile, records
from npl_report.present.profiles.lists import bank_parts, deal_grid
from npl_report.present.profiles.sources import Sources, sources
from npl_report.present.profiles.strips import Strip, Strips

_TOTALS = ("n_deals", "issuance", "issuance_share", "pool_balance")
_USED = (
    "issuance_by_originator",
    "recovery_by_originator",
    "forecast_accuracy_by_originator",
    "recovery_by_type",
    "forecast_accuracy_by_type",
    "deal_summary",
    "window_readings",
)


@dataclass(frozen=True)
class TypeStrip:
    """The deals of a type with the bank's marked."""

    asset_type: str
    strip: Strip


@dataclass(frozen=True)
class BankPart:
    """Deals of a bank that its own page has no room for."""

    path: str
    full_name: str
    crumbs: tuple[Link, ...]
    deals: Grid
    pager: Pager


@dataclass(frozen=True)
class BankPage:
    """The page of a bank.

    ``kind``: what it is, empty if the data do not say. ``aliases`` are further names in the data, as they stand there;
    ``deals`` is None if these are not public. Of many, ``further`` pages hold the rest, to which ``pager`` leads.
    """

    id: str
    name: str
    full_name: str
    kind: str
    path: str
    description: str
    crumbs: tuple[Link, ...]
    aliases: tuple[str, ...]
    tiles: tuple[Tile, ...]
    by_type: Grid
    strips: tuple[TypeStrip, ...]
    deals: Grid | None
    sources: Sources
    further: tuple[BankPart, ...]
    pager: Pager | None

    @property
    def spread(self) -> bool:
        """Whether a strip shows bars, each of several deals."""
        return any(item.strip.bars for item in self.strips)


def _parts(aliases: object) -> tuple[str, ...]:
    """Further names, which stand in one cell."""
    return tuple(filter(None, map(str.strip, aliases.split(";")))) if isinstance(aliases, str) else ()


class Banks:
    """All banks of one language that have a deal; ``ordered`` are the deals by asset type and issue date."""

    def __init__(self, cells: Cells, ordered: Sequence[Record], strips: Strips) -> None:
        self._cells = cells
        self._strips = strips
        language = cells.localized.language
        self._kinds = {of.key: of.names[language].name for of in cells.localized.market.kinds}
        self._records: dict[str, Record] = {
            str(record["originator"]): record for record in records(cells.localized.data.originators)
        }
        self._deals: dict[str, list[Record]] = {}
        for deal in ordered:
            self._deals.setdefault(str(deal["originator"]), []).append(deal)

    def pages(self) -> Iterator[BankPage]:
        """Every bank's page, by id."""
        for bank in sorted(self._deals):
            yield self._page(bank)

    def _page(self, bank: str) -> BankPage:
        cells, record, deals = self._cells, self._records[bank], self._deals[bank]
        name, full = cells.names.name(Unit.ORIGINATOR, bank), str(record[f"name_{cells.localized.language}"])
        kinds = [
            kind for kind in cells.localized.market.asset_types if any(deal["asset_type"] == kind for deal in deals)
        ]
        marked = [str(deal["deal"]) for deal in deals]
        pages = bank_parts(deals) if cells.localized.deal_pages else []
        strips = [
            (cells.names.name(Unit.ASSET_TYPE, kind), self._strips.strip(kind, "recovery", marked, name))
            for kind in kinds
        ]
        grids, ways = [self._deal_grid(part) for part in pages], Pagers(cells.words, f"{bank}.html", pages or [()])
        return BankPage(
            id=bank,
            name=name,
            full_name=full,
            kind=self._kinds.get(str(record.get("kind")), ""),
            path=cells.names.page(Unit.ORIGINATOR, bank),
            description=cells.word("profile.bank_description", name=full),
            crumbs=(Link("index.html", cells.word("profile.all_banks")),),
            aliases=_parts(record.get("aliases")),
            tiles=tuple(
                Tile(
                    cells.in_text("issuance_by_originator", bank, key), cells.head("issuance_by_originator", key).label
                )
                for key in _TOTALS
            ),
            by_type=self._by_type(bank, kinds),
            strips=tuple(TypeStrip(kind, strip) for kind, strip in strips if strip),
            deals=grids[0] if grids else None,
            sources=sources(
                cells, _USED, (("originators", (record,)), *([("deals", deals)] if cells.localized.deal_pages else []))
            ),
            further=tuple(self._further(bank, full, grids, ways)) if grids else (),
            pager=ways.on(1),
        )

    def _deal_grid(self, deals: Sequence[Record]) -> Grid:
        """Deals on a line each, by asset type."""
        cells = self._cells
        by_type = [
            (cells.names.name(Unit.ASSET_TYPE, kind), list(part))
            for kind, part in groupby(deals, key=lambda deal: str(deal["asset_type"]))
        ]
        return deal_grid(cells, "bank_deals", cells.word("profile.bank_deals"), by_type, banks=False)

    def _further(self, bank: str, full: str, grids: Sequence[Grid], ways: Pagers) -> Iterator[BankPart]:
        """The pages after the bank's own."""
        crumbs = Link("index.html", self._cells.word("profile.all_banks")), Link(f"{bank}.html", full)
        for number, (grid, way) in enumerate(zip(grids, ways, strict=True), start=1):
            if way and number > 1:
                path = part_path(self._cells.names.page(Unit.ORIGINATOR, bank), number)
                yield BankPart(path, full, crumbs, grid, way)

    def _by_type(self, bank: str, kinds: Sequence[str]) -> Grid:
        """The bank's means beside those of all deals of the type."""
        cells = self._cells
        columns = (
            ("recovery_by_originator", "n_included", "pair", "fact.n_read"),
            ("recovery_by_originator", "mean_recovery", "pair", "fact.bank_recovery"),
            ("recovery_by_type", "mean_recovery", "type", "fact.type_recovery"),
            ("forecast_accuracy_by_originator", "mean_offset", "pair", "fact.bank_offset"),
            ("forecast_accuracy_by_type", "mean_offset", "type", "fact.type_offset"),
        )
        heads = [
            Head(f"{table}-{key}", cells.word(word), cells.head(table, key).unit, numeric=True)
            for table, key, _, word in columns
        ]
        rows = []
        for kind in kinds:
            read = f"{kind}-{bank}" in cells.rows("recovery_by_originator")
            absent = "no_forecast" if read else "no_deal_in_window"
            printed = tuple(
                cells.in_table(table, kind if row == "type" else f"{kind}-{bank}", key, absent=absent)
                for table, key, row, _ in columns
            )
            rows.append(GridRow(cells.named(Unit.ASSET_TYPE, kind), printed))
        return cells.grid(
            "by_type",
            cells.word("profile.by_type"),
            "",
            "row_head.asset_type",
            heads,
            [GridGroup("", tuple(rows))],
            empty="reason.no_deals",
            note="profile.by_type_note",
        )
