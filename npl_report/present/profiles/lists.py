"""All deals and all banks → what their lists print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from npl_report.model import TOTAL, Column, Unit
from npl_report.present.contexts import Link, Pager
from npl_report.present.pager import Pagers
from npl_report.present.paging import part_path, parts
from npl_report.present.profiles.cells import Cells, Grid, GridGroup, GridRow, Record

_DEALS = ("issue_date", "issuance", "age", "recovery", "offset")
"""Columns of a deal, and after them what is repaid of the first tranche."""
_LIST = "index.html"
_COUNT = Column("n_deals", Unit.DEALS)
_BANKS = ("n_deals", "issuance", "issuance_share", "pool_balance")


@dataclass(frozen=True)
class DealSection:
    """The deals of an asset type, by year of issue."""

    id: str
    title: str
    count: str
    deals: Grid


@dataclass(frozen=True)
class DealList:
    """A page of the list of all deals; ``pager`` and ``types`` lead through several (None and empty for one)."""

    path: str
    title: str
    sections: tuple[DealSection, ...]
    types: tuple[Link, ...]
    pager: Pager | None


@dataclass(frozen=True)
class BankList:
    """All banks that have a deal; ``deals`` leads to the list of all deals, empty if there is none."""

    path: str
    title: str
    banks: Grid
    deals: str


def deal_grid(
    cells: Cells, key: str, title: str, groups: Iterable[tuple[str, Iterable[Record]]], *, banks: bool
) -> Grid:
    """Deals on a line each, under the headings given; ``banks`` adds a column with their banks."""
    repaid = f"{cells.localized.market.ladder[0]}_paid"
    columns = (*(("originator",) if banks else ()), *_DEALS, repaid)
    made = [
        GridGroup(
            label,
            tuple(
                GridRow(
                    cells.named(Unit.DEAL, str(deal["deal"])),
                    tuple(cells.in_table("deal_summary", str(deal["deal"]), column) for column in columns),
                )
                for deal in deals
            ),
        )
        for label, deals in groups
    ]
    return cells.grid(
        key,
        title,
        "deal_summary",
        "row_head.deal",
        [cells.head("deal_summary", column) for column in columns],
        made,
        empty="reason.no_deals",
        note="profile.deals_note",
    )


def deal_parts(ordered: Sequence[Record]) -> list[Sequence[Record]]:
    """The deals of each page of their list; ``ordered``: records of all by asset type and issue date."""
    return [ordered[part.start : part.stop] for part in parts(len(ordered), len(_DEALS) + 3)]


def bank_parts(deals: Sequence[Record]) -> list[Sequence[Record]]:
    """The deals of a bank on its own page and on further ones."""
    return [deals[part.start : part.stop] for part in parts(len(deals), len(_DEALS) + 2)]


def list_places(ordered: Sequence[Record]) -> dict[str, str]:
    """Asset type → where its deals begin in the list, seen from the folder of deals."""
    places: dict[str, str] = {}
    for number, deals in enumerate(deal_parts(ordered), start=1):
        for deal in deals:
            places.setdefault(str(deal["asset_type"]), f"{part_path(_LIST, number)}#{deal['asset_type']}")
    return places


def deal_lists(cells: Cells, ordered: Sequence[Record]) -> Iterator[DealList]:
    """The pages of the list; ``ordered``: records of all deals by asset type and issue date."""
    pages, counts = deal_parts(ordered), Counter(str(deal["asset_type"]) for deal in ordered)
    links = [Link(place, cells.names.name(Unit.ASSET_TYPE, kind)) for kind, place in list_places(ordered).items()]
    ways = Pagers(cells.words, _LIST, pages)
    for number, (deals, way) in enumerate(zip(pages, ways, strict=True), start=1):
        yield DealList(
            f"deals/{part_path(_LIST, number)}",
            cells.word("profile.all_deals"),
            tuple(_sections(cells, deals, counts)),
            tuple(links) if way else (),
            way,
        )


def _sections(cells: Cells, deals: Sequence[Record], counts: Mapping[str, int]) -> Iterator[DealSection]:
    """The deals of a page by asset type and year; ``counts``: how many of a type there are in all."""
    for kind, part in groupby(deals, key=lambda deal: str(deal["asset_type"])):
        years = [
            (cells.word("profile.year", year=year), list(issued))
            for year, issued in groupby(part, key=lambda deal: f"{deal['issue_date']:%Y}")
        ]
        title, count = cells.names.name(Unit.ASSET_TYPE, kind), cells.numbers.text(counts[kind], _COUNT)
        yield DealSection(kind, title, count, deal_grid(cells, f"deals_{kind}", title, years, banks=True))


def bank_list(cells: Cells) -> BankList:
    """Banks by their full names, in the order of ``issuance_by_originator``."""
    table = "issuance_by_originator"
    full = cells.localized.data.originators.set_index("originator")[f"name_{cells.localized.language}"]
    rows = [
        GridRow(
            replace(cells.named(Unit.ORIGINATOR, bank), text=full[bank]),
            tuple(cells.in_table(table, bank, column) for column in _BANKS),
        )
        for bank in cells.rows(table)
        if bank != TOTAL
    ]
    grid = cells.grid(
        "banks",
        cells.word("profile.all_banks"),
        table,
        "row_head.originator",
        [cells.head(table, column) for column in _BANKS],
        [GridGroup("", tuple(rows))],
        empty="reason.no_deals",
    )
    return BankList(
        "originators/index.html",
        cells.word("profile.all_banks"),
        grid,
        "../deals/index.html" if cells.localized.deal_pages else "",
    )
