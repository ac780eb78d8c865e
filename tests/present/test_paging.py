"""Long tables and lists come in pages, and what leads to a row leads to the page on which it stands."""

from __future__ import annotations

from collections import Counter

import pytest

from npl_report.present import paging
from npl_report.present.contexts import Link
from npl_report.present.pager import Pagers
from npl_report.present.paging import BEGINNING, CELLS, EVIDENCE, evidence_parts, part_path, parts
from npl_report.present.profiles import Banks, Cells, Deals, Strips, deal_lists
from npl_report.present.profiles import strips as strips_module
from npl_report.text.words import program_words
from tests.present.profiled import localized


@pytest.mark.parametrize("rows", [0, 1, CELLS // 4, CELLS // 4 + 1, 10_000])
def test_parts_hold_every_row_once_and_are_of_one_size(rows: int):
    found = parts(rows, 4)
    assert [row for part in found for row in part] == list(range(rows))
    sizes = [len(part) for part in found]
    assert max(sizes) * 4 <= CELLS
    assert max(sizes) - min(sizes[:-1] or sizes) == 0


def test_a_row_of_more_cells_than_a_page_has_one_to_itself():
    assert [len(part) for part in parts(2, CELLS + 1)] == [1, 1]


@pytest.mark.parametrize("sizes", [[], [1], [3, 0, 2], [1] * 1000, [10_000], [5, 20_000, 1, 700]])
@pytest.mark.parametrize("beside", [0, CELLS])
def test_evidence_is_cut_so_that_every_row_stands_once(sizes: list[int], beside: int):
    pages = evidence_parts(sizes, 4, beside=beside, chart=True)
    met: dict[int, int] = {}
    for number, pieces in enumerate(pages):
        assert pieces or pages == [()]
        for piece in pieces:
            assert met.get(piece.group, 0) == piece.start < piece.stop <= piece.whole == sizes[piece.group]
            met[piece.group] = piece.stop
        limit = EVIDENCE if number or len(pages) == 1 else BEGINNING
        assert sum(4 * (1 + piece.stop - piece.start) for piece in pieces) <= limit
    assert met == {group: rows for group, rows in enumerate(sizes) if rows}
    assert len(pages) == 1 or sum(sizes) > BEGINNING / 20


def test_evidence_that_fits_below_its_table_stays_whole():
    assert len(evidence_parts([5] * 100, 4, beside=CELLS, chart=False)) == 2
    assert len(evidence_parts([5] * 100, 4, beside=CELLS // 4, chart=False)) == 1
    assert len(evidence_parts([1, 1], EVIDENCE, beside=0, chart=False)) == 2  # a row as wide as a page


def test_further_pages_have_names_that_no_id_can_have():
    assert [part_path("tables/deal_summary.html", number) for number in (1, 2)] == [
        "tables/deal_summary.html",
        "tables/deal_summary.2.html",
    ]


def test_the_pager_offers_the_ends_and_what_is_near():
    assert list(Pagers(program_words("en"), "x.html", [range(3)])) == [None]
    ways = list(Pagers(program_words("en"), "x.html", [range(3)] * 19 + [range(2)]))
    middle, first, last = ways[9], ways[0], ways[-1]
    assert middle
    assert [page and page.title for page in middle.pages] == ["1", None, "8", "9", "10", "11", "12", None, "20"]
    assert (middle.previous, middle.next) == (Link("x.9.html", "9"), Link("x.11.html", "11"))
    assert [page.href for page in middle.pages if page and page.current] == ["x.10.html"]
    assert first
    assert (first.previous, first.next, first.told) == (None, Link("x.2.html", "2"), "Rows 1 to 3 of 59")
    assert last
    assert (last.previous, last.next, last.told) == (Link("x.19.html", "19"), None, "Rows 58 to 59 of 59")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages with room for two deals."""
    monkeypatch.setattr(paging, "CELLS", 16)


@pytest.mark.usefixtures("short")
def test_a_long_list_of_deals_comes_in_pages():
    cells = Cells(localized())
    deals = Deals(cells, Strips(cells))
    pages = list(deal_lists(cells, deals.ordered))
    assert [page.path for page in pages] == ["deals/index.html", *(f"deals/index.{n}.html" for n in range(2, 7))][
        : len(pages)
    ]
    assert len(pages) == 3
    assert [[section.id for section in page.sections] for page in pages] == [["corporate"], ["mortgage"], ["unsecured"]]
    assert [page.pager.told for page in pages if page.pager] == [
        "Rows 1 to 2 of 6",
        "Rows 3 to 4 of 6",
        "Rows 5 to 6 of 6",
    ]
    types = [(link.href, link.title) for link in pages[1].types]
    assert types[1] == ("index.2.html#mortgage", "Mortgage")
    crumbs = {page.id: page.crumbs[1].href for page in deals.pages()}
    assert crumbs["u2"] == "index.3.html#unsecured"


@pytest.mark.usefixtures("short")
def test_a_bank_with_many_deals_has_further_pages():
    cells = Cells(localized())
    strips = Strips(cells)
    bank = next(page for page in Banks(cells, Deals(cells, strips).ordered, strips).pages() if page.id == "east")
    assert bank.deals is not None
    shown = [bank.deals, *(part.deals for part in bank.further)]
    assert [sum(len(group.rows) for group in grid.groups) for grid in shown] == [2, 1]
    assert [part.path for part in bank.further] == ["originators/east.2.html"]
    assert [link.href for link in bank.further[0].crumbs] == ["index.html", "east.html"]
    assert bank.further[0].pager.previous == Link("east.html", "1")


@pytest.mark.usefixtures("short")
def test_a_figure_leads_to_the_page_of_its_row():
    of = localized.__wrapped__("en")  # not the one that other tests share: its pages are of the usual size
    view = of.entries["deal_recovery"].view
    assert len(view.parts) > 1
    places = [view.where(row.id, view.heads[0].key) for row in view.rows]
    numbers = Counter(place.partition("#")[0] for place in places)
    assert list(numbers) == [part_path("tables/deal_recovery.html", n) for n in range(1, len(view.parts) + 1)]
    assert list(numbers.values()) == [len(part) for part in view.parts]
    assert view.where("nowhere", view.heads[0].key) == "tables/deal_recovery.html#downloads"


def test_a_strip_of_many_deals_shows_how_they_are_spread(monkeypatch: pytest.MonkeyPatch):
    """c1 has 25%, c2 20% inside their window; in place of two dots there are the two bars at the ends."""
    monkeypatch.setattr(strips_module, "DOTS", 1)
    cells = Cells(localized())
    strip = Strips(cells).strip("corporate", "recovery", ("c1",), "Tiny C1")
    assert strip is not None
    assert (strip.dots, [dot.name for dot in strip.marked], strip.marked_bars) == ((), ["Tiny C1"], ())
    assert len(strip.bars) == 2
    assert strip.bars[0].at == "2.00%"
    assert strip.bars[0].text.startswith("1 deal: 20.00% to 20.")
    assert {bar.height for bar in strip.bars} == {"26.0"}
    both = Strips(cells).strip("corporate", "recovery", ("c1", "c2"), "both")
    assert both is not None
    assert (both.marked, len(both.marked_bars)) == ((), 2)
