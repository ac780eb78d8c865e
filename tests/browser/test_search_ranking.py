"""The first result of natural queries, names and numbers, in each language: a table of what readers type."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from npl_report.load.market import read_market
from npl_report.site import search
from npl_report.text.words import market_words, program_words, table_words
from tests.helpers.markup import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
QUERIES = tomllib.loads((Path(__file__).parent / "queries.toml").read_text(encoding="utf-8"))
FIRST = """
([queries, given]) => {
  const ranking = globalThis.nplRanking(given ?? globalThis.nplSearch);
  ranking.add((given ?? globalThis.nplSearch).rows);
  return Object.fromEntries(queries.map((query) => [query, ranking.find(query).hits[0]?.entry.address ?? ""]));
}
"""


def found(page: Page, queries: dict[str, str], given: dict[str, Any] | None = None) -> dict[str, str]:
    """The address of the first result of each query."""
    page.keyboard.press("/")
    expect(page.locator("dialog.search input")).to_be_focused()
    return dict(page.evaluate(FIRST, [list(queries), given]))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_right_page_comes_first(page: Page, built_2021: Path, language: str):
    page.goto((built_2021 / language / "market.html").as_uri())
    assert found(page, QUERIES[language]) == QUERIES[language]


def test_the_right_page_comes_first_in_italian(page: Page, built_2021: Path):
    """Of the titles of chapters and tables, the classes and tranches of the sample in euro."""
    page.goto((built_2021 / "en" / "market.html").as_uri())
    assert found(page, QUERIES["it"], italian()) == QUERIES["it"]


def test_there_are_sixty_queries():
    assert sum(map(len, QUERIES.values())) == 60


def italian() -> dict[str, Any]:
    """An index of titles."""
    sample = ROOT / "samples" / "euro"
    market, own = read_market(sample / "data"), program_words("it")
    words = market_words(own, "it", market, own)
    localized: Any = SimpleNamespace(language="it", words=words, market=market, deal_pages=True)
    series = tomllib.loads((sample / "report" / "series.toml").read_text(encoding="utf-8"))
    rows: list[search.Row] = []
    for chapter in series["chapter"]:
        title = _title(sample / "report" / "it" / f"{chapter['key']}.qmd", ROOT / "report" / "it")
        rows.append((search.CHAPTER, f"{chapter['key']}.html", title, "", ""))
        for key in (*chapter["tables"], *chapter.get("supporting", ())):
            of = market_words(table_words(ROOT / "npl_report" / "tables" / key, "it"), "it", market, own)
            rows.append((search.TABLE, f"tables/{key}.html", str(of["title"]), title, str(of["summary"])))
    for of in market.classes:
        spoken = of.names["it"]
        address = f"tables/recovery_by_type.html#{of.key}.mean_recovery"
        rows.append((search.CLASS, address, spoken.name, "", "", *spoken.aliases))
    rows += search._downloads(localized, note=True)
    return {**search._asked(localized), "rows": rows}


def _title(page: Path, other: Path) -> str:
    """The title of a chapter; pages that a sample lacks are those of the main one."""
    text = (page if page.is_file() else other / page.name).read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith("title:")).removeprefix("title:").strip(' "')
