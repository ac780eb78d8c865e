"""All deals and all banks → what their lists print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from npl_report.model import TOTAL, Column, Unit
from npl_report.present.profiles.cells import Cells, Grid, GridGroup, GridRow, Record

_DEALS = ("issue_date", "issuance", "age", "recovery", "offset", "senior_paid")
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
    """All deals."""

    path: str
    title: str
    sections: tuple[DealSection, ...]


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
    columns = ("originator", *_DEALS) if banks else _DEALS
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


def deal_list(cells: Cells, ordered: Sequence[Record]) -> DealList:
    """``ordered``: records of all deals by asset type and issue date."""
    sections = []
    for kind, part in groupby(ordered, key=lambda deal: str(deal["asset_type"])):
        deals = list(part)
        years = [
            (cells.word("profile.year", year=year), list(issued))
            for year, issued in groupby(deals, key=lambda deal: f"{deal['issue_date']:%Y}")
        ]
        title = cells.names.name(Unit.ASSET_TYPE, kind)
        sections.append(
            DealSection(
                kind,
                title,
                cells.numbers.text(len(deals), _COUNT),
                deal_grid(cells, f"deals_{kind}", title, years, banks=True),
            )
        )
    return DealList("deals/index.html", cells.word("profile.all_deals"), tuple(sections))


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
