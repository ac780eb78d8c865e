"""The pages of an edition by path, and what tests look for in a page, read with the standard library's parser."""

from __future__ import annotations

import csv
import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = [
    chapter
    for chapter in tomllib.loads((ROOT / "report" / "series.toml").read_text(encoding="utf-8"))["chapter"]
    if str(chapter.get("since", "")) <= "2020-03"
]
"""Those of edition 2020-03."""
LANGUAGES = tuple(
    tomllib.loads((ROOT / "report" / "editions" / "2020-03.toml").read_text(encoding="utf-8"))["languages"]
)
SUPPORTING = tuple(key for chapter in CHAPTERS for key in chapter.get("supporting", ()))
TABLES = tuple(key for chapter in CHAPTERS for key in (*chapter["tables"], *chapter.get("supporting", ())))
BY_TYPE = frozenset(
    {
        "recovery_by_originator",
        "forecast_accuracy_by_originator",
        "forecast_accuracy_by_year",
        "recovery_distribution",
        "deal_recovery",
        "recovery_curve_by_type",
        "waterfall_case",
        "yield_scenarios",
        "subordinated_return",
    }
)
"""Tables whose figure has a picture for every asset type."""
with (ROOT / "data" / "deals.csv").open(encoding="utf-8", newline="") as _file:
    DEALS = tuple(
        (row["deal"], row["originator"]) for row in csv.DictReader(_file) if row["issue_date"] <= "2020-03-17"
    )
PROFILES = (
    "deals/index.html",
    *(f"deals/{deal}.html" for deal, _ in DEALS),
    "originators/index.html",
    *(f"originators/{bank}.html" for bank in sorted({bank for _, bank in DEALS})),
)
PATHS = (
    *(f"{chapter['key']}.html" for chapter in CHAPTERS),
    "tables/index.html",
    *(f"tables/{key}.html" for key in TABLES),
    *PROFILES,
)
"""The pages of one language."""


def table_pages(edition: Path, language: str, table: str) -> list[Path]:
    """The pages of a table, in their order: its own, and further ones if it is long."""
    folder = edition / language / "tables"
    further = folder.glob(f"{table}.[0-9]*.html")
    return [folder / f"{table}.html", *sorted(further, key=lambda path: int(path.name.split(".")[1]))]


def pictures(table: str) -> list[str]:
    """Names of the pictures of a table's figure, without language and ending."""
    return [f"{table}-{type_}" for type_ in ("corporate", "mortgage", "unsecured")] if table in BY_TYPE else [table]


PAGES = ("index.html", *(f"{language}/{path}" for language in LANGUAGES for path in PATHS))

_ADDRESSES = frozenset({"href", "src", "data-vega", "data-spec", "poster", "srcset", "action"})
_EMPTY = frozenset(
    {"meta", "link", "br", "hr", "img", "input", "col", "source", "wbr", "area", "base", "embed", "track"}
)


@dataclass
class Number:
    """A ``<data>`` element: its identity, stored value and text.

    ``cell`` is the id of the table cell around it, ``link`` where it leads.
    """

    identity: str
    value: str
    text: str = ""
    in_table: bool = False
    link: str = ""


@dataclass
class Markup(HTMLParser):
    """One page as tests see it."""

    lang: str = ""
    ids: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str, str]] = field(default_factory=list)
    """(tag, attribute, address)"""
    metas: dict[str, str] = field(default_factory=dict)
    numbers: list[Number] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    """figure id → alternative text"""
    specs: list[str] = field(default_factory=list)
    """addresses of the charts' specifications"""
    styles: list[str] = field(default_factory=list)
    languages: dict[str, str] = field(default_factory=dict)
    """hreflang → address of the links that readers see"""
    headings: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given.get("lang", "")
        if "id" in given:
            self.ids.append(given["id"])
        if "style" in given or tag == "style" or any(name.startswith("on") for name in given):
            self.styles.append(f"{tag} {given}")
        if given.get("rel") not in ("canonical", "alternate"):  # said of the page, not loaded
            self.addresses += [(tag, name, value) for name, value in given.items() if name in _ADDRESSES]
        if tag == "meta":
            self.metas[given.get("http-equiv", given.get("name", "charset")).lower()] = given.get("content", "")
        if tag == "a" and "hreflang" in given:
            self.languages[given["hreflang"]] = given["href"]
        if tag == "data" and "data-number" in given:
            link = next((held["href"] for name, held in reversed(self.open) if name == "a"), "")
            self.numbers.append(
                Number(given["data-number"], given["value"], in_table="table" in self.around(), link=link)
            )
        if given.get("role") == "img" and "panels" in given.get("class", ""):
            self.pictures[next(held["id"] for name, held in reversed(self.open) if name == "figure")] = given.get(
                "aria-label", ""
            )
        if tag in ("h1", "h2"):
            self.headings.append("")
        if "data-spec" in given:
            self.specs.append(given["data-spec"])
        if tag not in _EMPTY:
            self.open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        around = self.around()
        if around and around[-1] == "script":
            return
        self.text += data
        if any(tag == "data" and "data-number" in given for tag, given in self.open):
            self.numbers[-1].text += data
        if around and around[-1] in ("h1", "h2"):
            self.headings[-1] += data

    def around(self) -> list[str]:
        """Tags that are open, from the outside in."""
        return [name for name, _ in self.open]


@cache
def read_page(path: Path) -> Markup:
    """Parse a page."""
    page = Markup()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def specifications(page: Path) -> list[dict[str, Any]]:
    """What the files say that a page loads for its charts, in their order."""
    return [specification((page.parent / address).read_text(encoding="utf-8")) for address in read_page(page).specs]


def specification(script: str) -> dict[str, Any]:
    """What a script of a chart leaves on its own element."""
    before, said = script.split(" = ", 1)
    assert (before, said[-2:]) == ("document.currentScript.spec", ";\n")
    spec: dict[str, Any] = json.loads(said[:-2])
    return spec
