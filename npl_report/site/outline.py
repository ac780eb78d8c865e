"""HTML of a page → what it says, by its headings: for the contents beside it, the search and the preview."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

from npl_report.present.contexts import Anchor, Tile

_BULK = re.compile(
    r'<(svg|script)\b.*?</\1>|<td class="number".*?</td>|<details class="evidence".*?</details>', re.DOTALL
)
"""Pictures, figures in cells and the rows behind them: left out before reading, because they are most of a page and
none of its text."""
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
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


def sections(html: str, *, without: frozenset[str] = frozenset()) -> list[Section]:
    """The sections of a page in order. Elements of a class in ``without``, the bulk and navigation are passed over."""
    reader = _Reader(without)
    reader.feed(_BULK.sub("", html))
    reader.close()
    return [Section(level, id_, _plain(title), _plain(text)) for level, id_, title, text in reader.found]


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


_TILE = re.compile(r'<div class="tile"><div class="figure">(.*?)</div>\s*<div class="caption">(.*?)</div>', re.DOTALL)


def tiles(html: str) -> list[Tile]:
    """The key figures of a page."""
    return [
        Tile(*(_plain([section.text for section in sections(part)]) for part in parts)) for parts in _TILE.findall(html)
    ]


def _plain(pieces: Iterable[str]) -> str:
    return " ".join("".join(pieces).split())


class _Reader(HTMLParser):
    """Collects (level, id, title, text), the last two in pieces."""

    def __init__(self, without: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str, list[str], list[str]]] = [(1, "", [], [])]
        self._without = without
        self._open: list[str] = []
        self._silent = 0  # how many elements were open when one that is passed over began; 0 outside of any
        self._heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        given = {name: value or "" for name, value in attrs}
        if tag not in _INLINE:
            self._say(" ")
        if tag in _VOID:
            return
        self._open.append(tag)
        classes = set(given.get("class", "").split())
        if not self._silent and (tag in _SILENT or classes & self._without):
            self._silent = len(self._open)
        if tag in _HEADINGS and not self._silent:
            self.found.append((int(tag[1]), given.get("id", ""), [], []))
            self._heading = True

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those left open in it."""
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        if self._silent > len(self._open):
            self._silent = 0
        if tag in _HEADINGS:
            self._heading = False
        if tag not in _INLINE:
            self._say(" ")

    def handle_data(self, data: str) -> None:
        """Take text to the heading or the text of the section."""
        self._say(data)

    def _say(self, text: str) -> None:
        if not self._silent:
            _, _, title, body = self.found[-1]
            (title if self._heading else body).append(text)
