"""Links of pages that lead nowhere, specifications of charts among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.site.links import dead_links
from tests.helpers.markup import PAGES, read_page

PANEL = '<div class="panel" data-spec="{}"><div class="picture"><svg></svg></div></div>'


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("en/recovery.html", "../assets/charts/x.en.js"),
        ("en/tables/x.html", "../../assets/charts/x.en.js"),
        ("en/deals/d1.html", "../../assets/charts/x.en.js"),
    ],
)
def test_a_specification_is_where_its_page_looks_for_it(path: str, address: str):
    page = {path: PANEL.format(address).encode()}
    assert dead_links(page | {"assets/charts/x.en.js": b"document.currentScript.spec = {};"}) == []
    (problem,) = dead_links(page)
    assert (problem.file, problem.value, problem.rule) == (path, address, "the link leads nowhere")


def test_pages_hold_no_specification_and_name_every_file_of_one(built: Path):
    holding = [path for path in PAGES if "vega.github.io/schema" in (built / path).read_text(encoding="utf-8")]
    assert holding == []
    named = {
        ((built / path).parent / address).resolve().relative_to(built.resolve()).as_posix()
        for path, address in _specifications(built)
    }
    files = {path.relative_to(built).as_posix() for path in (built / "assets" / "charts").iterdir()}
    assert files == named
    assert len(files) > len(PAGES) / 2, "the deals have theirs too"


def _specifications(built: Path) -> list[tuple[str, str]]:
    """Pages and the specifications that they name."""
    found = []
    for path in PAGES:
        found += [(path, address) for address in read_page(built / path).specs]
    return found


def test_pages_are_no_longer_than_half_a_million_letters(built_2021: Path):
    """But for the first page of a table whose rows and evidence are long, which is a list to look things up in."""
    long = [page for page in built_2021.rglob("*.html") if page.stat().st_size > 500_000]
    assert {page.name for page in long} <= {"tranche_terms.html"}
