"""Pages of deals and banks of the tiny data, as tests look at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache

from npl_report.present.localized import LocalizedEdition
from npl_report.present.printed import Cell
from npl_report.present.profiles import BankPage, Banks, Cells, DealPage, Deals, Strips
from npl_report.present.profiles.cells import Grid
from tests.present.profiled import deals_of, localized

LANGUAGES = ("en", "zh")


def banks_of(of: LocalizedEdition) -> dict[str, BankPage]:
    cells = Cells(of)
    strips = Strips(cells)
    return {page.id: page for page in Banks(cells, Deals(cells, strips).ordered, strips).pages()}


@cache
def deals(language: str = "en") -> dict[str, DealPage]:
    return deals_of(localized(language))


def texts(grid: Grid) -> list[list[str]]:
    """Rows as printed, their heads first."""
    return [[row.head.text, *(cell.text for cell in row.cells)] for group in grid.groups for row in group.rows]


def every_cell(value: object) -> Iterator[Cell]:
    """All cells of a page."""
    if isinstance(value, Cell):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from every_cell(item)
    elif isinstance(value, Mapping):
        yield from every_cell(tuple(value.values()))
    elif is_dataclass(value):
        for item in fields(value):
            yield from every_cell(getattr(value, item.name))
