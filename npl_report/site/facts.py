"""A page as it is written → what other steps ask of it, so that nothing parses it a second time.

Its anchors and links (for the check that none is dead), its characters (for the fonts), the assets that it names, and
what it says by its headings (for the search and the preview).
"""

from __future__ import annotations

import base64
import posixpath
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from npl_report.present.contexts import FrontTile
from npl_report.site.outline import Front, Section, front, sections

_LINK = re.compile(r'<(?:a|img|link|script|div)\b[^>]*? (?:href|src|data-spec)="([^"]*)"')
"""Addresses in a page: of links, of what it shows, and of the specifications that ``charts.js`` loads."""
_ID = re.compile(r'id="(?<!\wid=")([^"]+)"')
"""Begins with letters, so that the search for them is fast."""
_SCRIPT = re.compile(r"(<script\b[^>]*>).*?(?=</script>)", re.DOTALL)
"""What stands inside scripts is no link, even if it looks like one."""
_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
_ELSEWHERE = re.compile(r"[a-z]+:")
_NO_FRONT = Front()
_WORD = 8
"""Bytes of a mark."""


@dataclass(frozen=True)
class PageFacts:
    """What a page holds.

    ``anchors`` and ``links`` are marks (``mark``) of places, each once; ``said`` is its text by headings, of pages that
    the search finds as a whole or in parts; ``front`` is what a front page says first.
    """

    anchors: array[int]
    links: array[int]
    said: tuple[Section, ...] = ()
    front: Front = _NO_FRONT

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "anchors": _packed(self.anchors),
            "links": _packed(self.links),
            "said": [[item.level, item.id, item.title, item.text] for item in self.said],
            "headline": self.front.headline,
            "findings": self.front.findings,
            "tiles": [[item.figure, item.caption, item.detail] for item in self.front.tiles],
        }


def page_facts(
    path: str, page: str, *, without: frozenset[str] | None = None, also: str = "", headline: str | None = None
) -> PageFacts:
    """What the page at ``path`` holds; ``without`` and ``also`` as a ``SitePage`` has them.

    ``headline``: that of a front page, which may be empty; None for other pages.
    """
    main = _MAIN.search(page) if without is not None else None
    said = sections(main.group(), without=without or frozenset()) if main else []
    return PageFacts(
        array("Q", {mark(f"{path}#{anchor}") for anchor in _ID.findall(page)}),
        array("Q", {mark(place) for _, place in leading(path, page)}),
        (*said, *([Section(2, "", "", also)] if also else [])),
        _NO_FRONT if headline is None else front(page, headline),
    )


def facts_told(told: Mapping[str, Any]) -> PageFacts:
    """What was told as JSON."""
    return PageFacts(
        _unpacked(told["anchors"]),
        _unpacked(told["links"]),
        tuple(Section(*item) for item in told["said"]),
        Front(told["headline"], tuple(told["findings"]), tuple(FrontTile(*item) for item in told["tiles"])),
    )


def mark(place: str) -> int:
    """A path, or a path with an anchor, as a number of 64 bits.

    Of ten million places that are different two have the same number with a chance of 3 in a million.
    """
    return int.from_bytes(blake2b(place.encode(), digest_size=_WORD).digest())


def leading(path: str, page: str) -> Iterator[tuple[str, str]]:
    """The links of a page inside the site, as they stand there, and the places that they lead to from its folder.

    An anchor counts in pages only.
    """
    folder = posixpath.dirname(path)
    places: dict[str, str] = {}
    for link in dict.fromkeys(_LINK.findall(_SCRIPT.sub(r"\1", page))):
        target, _, anchor = link.partition("#")
        if _ELSEWHERE.match(target):
            continue
        place = places.get(target)
        if place is None:
            place = places[target] = posixpath.normpath(posixpath.join(folder, target)) if target else path
        yield link, f"{place}#{anchor}" if anchor and place.endswith(".html") else place


def named(text: str, assets: Iterable[str]) -> list[str]:
    """Of the names of assets those that a text names."""
    return [name for name in assets if name in text or ((quoted := quote(name)) != name and quoted in text)]


def _packed(marks: array[int]) -> str:
    return base64.b64encode(marks.tobytes()).decode()


def _unpacked(text: str) -> array[int]:
    return array("Q", base64.b64decode(text))
