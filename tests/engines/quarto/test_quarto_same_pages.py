"""The pages of both engines side by side.

The same figures, tables, pictures, switchers, downloads and notices under the same addresses.

The engine quarto is run with the stand-in everywhere, and with a real Quarto where there is one.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from quartos import Both, real_quarto

from tests.helpers.every import every
from tests.helpers.markup import LANGUAGES

_EMPTY = frozenset({"meta", "link", "br", "hr", "img", "input", "col", "source", "wbr"})


@dataclass
class Read:
    """What a reader finds inside <main>."""

    data: list[tuple[str, str, str]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    specs: list[str] = field(default_factory=list)
    pictures: int = 0
    downloads: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    languages: dict[str, str] = field(default_factory=dict)
    headings: list[tuple[str, str]] = field(default_factory=list)
    math: int = 0
    notes: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    text: str = ""
    lang: str = ""
    forms: int = 0
    scripts: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Read()
        self.stack: list[tuple[str, list[str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        found = self.found
        classes = given.get("class", "").split()
        if tag == "html":
            found.lang = given.get("lang", "")
        if tag == "main":
            self.inside = True
        if tag == "meta" and given.get("name", given.get("property")):
            found.heads[given.get("name", given.get("property", ""))] = given.get("content", "")
        if tag == "a" and "language" in classes:
            found.languages[given["hreflang"]] = given["href"]
        if tag == "a" and given.get("href", "").partition("#")[0].endswith(
            (".csv", ".json", ".xlsx", ".pdf", ".bib", ".tex", ".svg", ".png")
        ):
            found.downloads.append(given["href"])
        if tag == "script" and given.get("src", "").startswith(".."):
            found.scripts.append(posixpath.basename(given["src"]))
        if self.inside:
            if tag == "data":
                self.now = (given.get("value", ""), given.get("data-number", ""))
            if tag == "figure" and "table" not in classes:
                found.figures.append(given.get("id", ""))
            if tag == "svg":
                found.pictures += 1
            if tag == "math":
                found.math += 1
            if tag == "form":
                found.forms += 1
            if tag == "span" and "claim" in classes:
                found.claims.append(given["data-that"])
            if "data-spec" in given:
                found.specs.append(given["data-spec"])
            if given.get("id"):
                found.ids.add(given["id"])
            if tag == "a" and given.get("href"):
                found.links.add(given["href"])
        if tag not in _EMPTY:
            self.stack.append((tag, []))
            if "notice" in classes or (tag == "footer" and "bottom" in classes):
                self.stack[-1] = (f"{tag}.notice", [])

    def handle_data(self, data: str) -> None:
        for _, text in self.stack:
            text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in [name.partition(".")[0] for name, _ in self.stack]:
            return  # of an empty element
        while self.stack:
            name, text = self.stack.pop()
            base, said = name.partition(".")[0], " ".join("".join(text).split())
            if self.inside and base == "data":
                self.found.data.append((*self.now, said))
            if self.inside and base in ("td", "th"):
                self.found.cells.append(said)
            if self.inside and base == "figcaption":
                self.found.captions.append(said)
            if self.inside and base in ("h1", "h2", "h3"):
                self.found.headings.append((base, said))
            if base == "main":
                self.inside = False
            if base == "html":
                self.found.text = said
            if base == tag:
                break


@cache
def _read(path: Path) -> Read:
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return reader.found


_OF_THE_FRAMES = {"content"}
"""An id of the builtin engine's own frame."""
_CALLOUTS = {"Note", "\u6ce8\u8bb0", "\u5907\u6ce8"}
"""Heads that Quarto gives to callouts."""
_SCRIPTS = ("charts.js", "scenario.js", "waterfall.js")
_FOREIGN = re.compile(
    r'<(?:script|img|iframe)\b[^>]*\ssrc="(?:https?:)?//[^"]*"|<link\b[^>]*rel="stylesheet"[^>]*href="(?:https?:)?//[^"]*"'
)
_TYPOGRAPHY = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-"})


def test_the_same_figures_tables_and_charts(both: Both):
    @every("page", both.pages)
    def look(page: str) -> None:
        first, second = _read(both.builtin / page), _read(both.quarto / page)
        assert second.data == first.data
        assert second.cells == first.cells
        assert second.captions == first.captions
        assert second.claims == first.claims
        assert (second.figures, second.specs, second.pictures, second.forms, second.math) == (
            first.figures,
            first.specs,
            first.pictures,
            first.forms,
            first.math,
        )
        assert [name for name in second.scripts if name in _SCRIPTS] == [
            name for name in first.scripts if name in _SCRIPTS
        ]

    look()
    assert any(_read(both.quarto / page).claims for page in both.pages)


def test_the_same_headings_switchers_downloads_links_and_notice(both: Both):
    @every("page", both.pages)
    def look(page: str) -> None:
        first, second = _read(both.builtin / page), _read(both.quarto / page)
        assert [heading for heading in second.headings if heading[1] not in _CALLOUTS] == first.headings
        assert first.ids - second.ids <= _OF_THE_FRAMES
        assert second.languages == first.languages
        assert set(second.downloads) == set(first.downloads)
        assert (
            _resolved(page, first.links)
            - _resolved(page, re.findall(r'href="([^"]+)"', (both.quarto / page).read_text(encoding="utf-8")))
            == set()
        )
        notice = json.loads((both.builtin.parents[1] / "data" / "datapackage.json").read_text(encoding="utf-8"))[
            "synthetic"
        ]["notice"]
        assert notice[page.partition("/")[0]] in second.text
        assert second.lang == first.lang
        for name in ("description", "og:url", "og:title", "og:image", "twitter:card"):
            assert second.heads[name].translate(_TYPOGRAPHY) == first.heads[name].translate(_TYPOGRAPHY)

    look()


def _resolved(page: str, links: Iterable[str]) -> set[str]:
    """Paths in the edition; those inside the page and to elsewhere left out."""
    return {
        posixpath.normpath(posixpath.join(posixpath.dirname(page), link))
        for link in links
        if not link.startswith(("#", "http"))
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_loaded_from_elsewhere(both: Both, language: str):
    pages = [page for page in both.pages if page.startswith(f"{language}/")]
    assert [page for page in pages if _FOREIGN.search((both.quarto / page).read_text(encoding="utf-8"))] == []


def test_the_pages_of_a_real_quarto_are_compared():
    """Skipped with the reason where there is none: then the tests above have compared those of the stand-in alone."""
    assert Path(real_quarto()).is_file()


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_rest_of_the_edition_is_the_same_byte_for_byte(both: Both):
    first, second = _hashes(both.builtin), _hashes(both.quarto)
    own = {path for path in second if path.split("/")[1:2] == ["site_libs"] or path.endswith("/search.json")}
    of_ours = {f"{language}/{name}-index.js" for language in LANGUAGES for name in ("search", "figure")}
    assert second.keys() - own == first.keys() - of_ours
    listed = {"manifest.json", "SHA256SUMS", *both.pages}
    assert [path for path in second.keys() - own - listed if second[path] != first[path]] == []


def test_the_manifest_names_the_engine(both: Both):
    first, second = (
        json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in (both.builtin, both.quarto)
    )
    assert first["engine"] == "builtin"
    assert re.fullmatch(r"quarto \d+\.\d+\S*", second["engine"])
    assert second["fingerprint"] != first["fingerprint"]
    assert set(second["inputs"]) - set(first["inputs"]) == {"_quarto.yml", "_quarto-en.yml", "_quarto-zh.yml"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_is_of_one_language_and_leads_to_pages(both: Both, language: str):
    entries = json.loads((both.quarto / language / "search.json").read_text(encoding="utf-8"))
    assert entries
    assert [
        entry["href"] for entry in entries if not (both.quarto / language / entry["href"].partition("#")[0]).is_file()
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_deals_and_banks_stay_out_of_the_sidebar(both: Both, language: str):
    pages = {
        name: (both.quarto / language / name).read_text(encoding="utf-8")
        for name in ("recovery.html", "tables/index.html", "deals/index.html", "originators/index.html")
    }
    side = re.search(r'<nav id="quarto-sidebar".*?</nav>', pages["recovery.html"], re.DOTALL)
    assert side
    assert side[0].count("/recovery.html") == 1
    assert "/deals/" not in side[0]
    others = [
        re.search(r'<nav id="quarto-sidebar".*?</nav>', text, re.DOTALL)
        for name, text in pages.items()
        if name != "recovery.html"
    ]
    assert [found[0] for found in others if found and "<a " in found[0]] == []
