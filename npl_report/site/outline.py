"""HTML of a page → what it says, by its headings: for the contents beside it, the search and the preview."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import html

from npl_report.present.contexts import Anchor, FrontTile

_PICTURES = frozenset({"svg", "script"})
_BULK = frozenset({("td", "number"), ("details", "evidence")})
"""Figures in cells and the rows behind them: with pictures most of a page, and none of its text."""
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "code",
        "data",
        "em",
        "i",
        "kbd",
        "mi",
        "mn",
        "mo",
        "mrow",
        "msub",
        "msup",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
    }
)
_HEADINGS = frozenset({"h2", "h3"})
_SILENT = frozenset({"annotation", "button", "figcaption", "h1", "nav"})
"""Navigation, the TeX of formulas, and titles that are known otherwise."""


@dataclass(frozen=True)
class Section:
    """A heading of the second or third level, its anchor, and the text up to the next.

    The first section, before any heading, has neither title nor id.
    """

    level: int
    id: str
    title: str
    text: str


def sections(page: str, *, without: frozenset[str] = frozenset()) -> list[Section]:
    """The sections of a page in order. Elements of a class in ``without``, the bulk and navigation are passed over."""
    found: _Found = [(1, "", [], [])]
    _read(html.fragment_fromstring(page, create_parent="div"), without, found)
    return [Section(level, id_, _plain(title), _plain(text)) for level, id_, title, text in found]


def contents(found: Iterable[Section]) -> tuple[Anchor, ...]:
    """The headings as a tree of two levels; what has no anchor is left out."""
    tree: list[Anchor] = []
    for section in found:
        if not section.id:
            continue
        anchor = Anchor(section.id, section.title)
        if section.level > 2 and tree:  # noqa: PLR2004 -- h3
            tree[-1] = Anchor(tree[-1].id, tree[-1].text, (*tree[-1].under, anchor))
        else:
            tree.append(anchor)
    return tuple(tree)


_TILE = re.compile(
    r'<div class="tile"><div class="figure">(.*?)</div>\s*<div class="caption">(.*?)</div>'
    r'(?:<div class="detail">(.*?)</div>)?',
    re.DOTALL,
)
_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
_FINDINGS = "//*[@id='findings']/following-sibling::ul[1]/li"


@dataclass(frozen=True)
class Front:
    """What a front page says first, as plain text; ``headline`` is empty if it states no finding."""

    headline: str = ""
    findings: tuple[str, ...] = ()
    tiles: tuple[FrontTile, ...] = ()


def front(page: str, headline: str) -> Front:
    """What a front page says first; the list below the heading ``findings`` holds its findings."""
    main = _MAIN.search(page)
    items = html.fragment_fromstring(main.group()).xpath(_FINDINGS) if main else []
    return Front(headline, tuple(_plain([item.text_content()]) for item in items), tuple(tiles(page)))


def tiles(page: str) -> list[FrontTile]:
    """The key figures of a page."""
    return [
        FrontTile(*(_plain([section.text for section in sections(part)]) for part in parts))
        for parts in _TILE.findall(page)
    ]


def _plain(pieces: Iterable[str]) -> str:
    return " ".join("".join(pieces).split())


_Found = list[tuple[int, str, list[str], list[str]]]
"""(level, id, title, text) of each section, the last two in pieces."""


def _read(node: html.HtmlElement, without: frozenset[str], found: _Found, *, heading: bool = False) -> None:
    """Add what an element says to the section that is open; ``heading``: to its title."""
    gap = "" if node.tag in _INLINE else " "
    _say(gap, found, heading=heading)
    if node.tag not in _SILENT and not without.intersection(node.classes):
        opens = node.tag in _HEADINGS
        if opens:
            found.append((int(node.tag[1]), node.get("id", ""), [], []))
        _say(node.text, found, heading=heading or opens)
        for child in node:
            if isinstance(child.tag, str) and not _is_bulk(child):
                _read(child, without, found, heading=heading or opens)
            _say(child.tail, found, heading=heading or opens)
    _say(gap, found, heading=heading)


def _say(text: str | None, found: _Found, *, heading: bool) -> None:
    _, _, title, body = found[-1]
    (title if heading else body).append(text or "")


def _is_bulk(node: html.HtmlElement) -> bool:
    return node.tag in _PICTURES or (node.tag, node.get("class")) in _BULK
