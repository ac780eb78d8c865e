"""Books on the tiny data that hold all tables which the pages of deals and banks show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from npl_report.load.data import Source, dataset
from npl_report.model import Chapter, Dataset, Edition, Series
from npl_report.present.dealchart import drawing, specification
from npl_report.present.dealcurve import DealCurves
from npl_report.present.localized import LocalizedEdition
from npl_report.present.profiles import TABLES, Cells, DealPage, Deals, Strips
from npl_report.tables import compute_tables
from npl_report.tables.structure import deal_terms
from npl_report.text.words import Words
from tests.helpers import ladders, tiny
from tests.helpers.market import MARKET


def localized_in(language: str, source: Source, edition: Edition, data: Dataset) -> LocalizedEdition:
    """All tables that profiles show, the short ones published."""
    series = Series(
        "tiny",
        "",
        (
            Chapter(
                "index",
                ("deal_summary", "recovery_by_type"),
                ("window_readings", "deal_position", "deal_recovery"),
                note=True,
            ),
            Chapter("data", (), (), note=False),
        ),
    )
    return LocalizedEdition(
        language,
        Words({}, "x"),
        tiny.chapters(index="Start", data="Data"),
        series,
        edition,
        source,
        data,
        compute_tables(TABLES, data, edition),
        [],
        deal_terms(data, edition.structure, edition.market.ladder),
    )


def localized_of(
    language: str, data: Dataset, files: Mapping[str, list[tiny.Row]] | None = None, as_of: date = tiny.AS_OF
) -> LocalizedEdition:
    """The tiny edition on its files, or on others."""
    return localized_in(language, tiny.read(files) if files else tiny.source(), tiny.edition(as_of), data)


@cache
def ladder_of_three() -> LocalizedEdition:
    """The tiny edition with three tranches, of which c1 has all and c2 two."""
    return localized_in("en", ladders.source(), ladders.edition(), ladders.data())


@cache
def localized(language: str = "en", as_of: date = tiny.AS_OF) -> LocalizedEdition:
    return localized_of(language, tiny.data(as_of), as_of=as_of)


def changed(files: Mapping[str, list[tiny.Row]], language: str = "en") -> LocalizedEdition:
    every = tiny.rows() | dict(files)
    return localized_of(language, dataset(tiny.read(every), tiny.AS_OF, MARKET), every)


def deals_of(of: LocalizedEdition) -> dict[str, DealPage]:
    cells = Cells(of)
    return {page.id: page for page in Deals(cells, Strips(cells)).pages()}


def deal_specifications(of: LocalizedEdition) -> dict[str, dict[str, Any]]:
    """Of every deal that has a curve."""
    curves, shared = DealCurves(of), drawing(of.words)
    made = {deal: curves.curve(deal) for deal in of.data.deals["deal"]}
    return {deal: specification(shared, curve) for deal, curve in made.items() if curve}
