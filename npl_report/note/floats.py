"""Figures that do not fit the rest of their page change places with text, so that no page ends a third empty.

As in print: a figure may stand some paragraphs behind the place where it was written, or before it, and the text refers
to it by its number. WeasyPrint lays out in order only. Chapter by chapter, what it left empty is read off its boxes,
and blocks change places until pages are full, or none is left that could.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

EMPTY = 1 / 3
"""Of a page's height: what may be left of it."""
_WANTED = 0.15
"""Of a page's height: what may be left of it where text has been put."""
_LOOKED_AT = 12
"""Blocks beside a figure among which text is sought."""
_TURNS = 5

Render = Callable[[str], Any]
"""HTML → the document that WeasyPrint lays out."""


@dataclass(frozen=True)
class Gap:
    """What is left of a page, of its height (pixels), and the place in its chapter of the block that did not fit."""

    left: float
    height: float
    block: int


def fill_pages(root: Any, render: Render) -> None:
    """Let blocks of chapters change places in the tree of a note until its pages are full."""
    body = root.find("body")
    parts = [item for item in body if _is_part(item)]
    front = [item for item in body if item not in parts]
    last = render(_page(root, front)).pages[-1]
    start = _foot(last) - last._page_box.content_box_y()  # noqa: SLF001 -- boxes are reached no other way
    for part in parts:
        for _ in range(_TURNS):
            document = render(_page(root, [_spacer(start), part]))
            if not any(_moved(part, gap, _heights(document)) for gap in gaps(document)):
                break
        last = document.pages[-1]
        start = _foot(last) - last._page_box.content_box_y()  # noqa: SLF001 -- as above


def gaps(document: Any) -> Iterator[Gap]:
    """The pages that end more than a third empty while their chapter goes on."""
    for page, following in pairwise(document.pages):
        box, after = page._page_box, list(_blocks(following._page_box))  # noqa: SLF001 -- as above
        if not after:
            continue
        left = box.content_box_y() + box.height - _foot(page)
        if left > EMPTY * box.height:
            part, block = min(after, key=lambda item: item[1].position_y)
            yield Gap(left, box.height, list(part.element).index(block.element))


def _page(root: Any, content: list[Any]) -> str:
    """A page with some of a note's content."""
    page = ET.Element("html", root.attrib)
    page.append(deepcopy(root.find("head")))
    ET.SubElement(page, "body").extend(content)
    return "<!doctype html>" + ET.tostring(page, encoding="unicode", method="html")


def _spacer(height: float) -> Any:
    return ET.Element("div", {"style": f"height: {height:.1f}px"})


def _moved(part: Any, gap: Gap, heights: dict[int, float]) -> bool:
    """Whether blocks of a chapter could change places so that a page is fuller."""
    figure = part[gap.block]
    if figure.tag != "figure":
        return False
    taken = _behind(part, gap, heights)
    if math.fsum(heights.get(place, 0.0) for place in taken) >= gap.left - EMPTY * gap.height:
        target = gap.block
    else:
        taken = _before(part, gap, heights)
        target = gap.block + 1 - len(taken)
    if not taken:
        return False
    blocks = [part[place] for place in taken]
    for block in blocks:
        part.remove(block)
    for offset, block in enumerate(blocks):
        part.insert(target + offset, block)
    return True


def _behind(part: Any, gap: Gap, heights: dict[int, float]) -> list[int]:
    """What stands behind a figure and can go before it, as far as its page has room: headings with what they head."""
    room = gap.left - _WANTED * gap.height
    taken: list[int] = []
    waiting: list[int] = []
    for place in range(gap.block + 1, min(len(part), gap.block + 1 + _LOOKED_AT)):
        block, height = part[place], heights.get(place, 0.0)
        if block.tag == "h2":
            waiting.append(place)
        elif block.tag == "figure" and (_kind(block) == _kind(part[gap.block]) or height > room):
            break
        else:
            taken += [*waiting, place]
            waiting = []
            room -= height
            if room <= 0:
                break
    return taken


def _before(part: Any, gap: Gap, heights: dict[int, float]) -> list[int]:
    """What stands before a figure and can go behind it, so that the figure fits."""
    needed = heights.get(gap.block, 0.0) - gap.left
    taken: list[int] = []
    for place in range(gap.block - 1, max(-1, gap.block - 1 - _LOOKED_AT), -1):
        block = part[place]
        if block.tag == "h1" or _kind(block) == _kind(part[gap.block]):
            return []
        taken.insert(0, place)
        needed -= heights.get(place, 0.0)
        if needed <= 0 and block.tag not in {"h2", "h3"}:
            return taken
    return []


def _kind(figure: Any) -> str:
    """Tables among themselves stay in order, and so do figures."""
    return str(figure.get("id", "")).partition("-")[0]


def _heights(document: Any) -> dict[int, float]:
    """How high each block of a chapter is, over all its pages, in pixels, by its place."""
    heights: dict[int, float] = {}
    for page in document.pages:
        for part, box in _blocks(page._page_box):  # noqa: SLF001 -- as above
            place = list(part.element).index(box.element)
            heights[place] = heights.get(place, 0.0) + box.margin_height()
    return heights


def _blocks(page_box: Any) -> Iterator[tuple[Any, Any]]:
    """The blocks of chapters on a page, each with the box of its chapter."""
    waiting = [page_box]
    while waiting:
        box = waiting.pop()
        if box.element is not None and _is_part(box.element):
            yield from ((box, child) for child in box.children if child.element in list(box.element))
        else:
            waiting += getattr(box, "children", ())


def _is_part(item: Any) -> bool:
    return item.tag == "section" and "part" in item.get("class", "").split()


def _foot(page: Any) -> float:
    """Where what stands on a page ends; at the foot of the page if there are footnotes."""
    box = page._page_box  # noqa: SLF001 -- as above
    foot = box.content_box_y()
    for child in box.children:
        if type(child).__name__ == "FootnoteAreaBox":
            foot = max(foot, child.position_y + child.margin_height()) if child.children else foot
        elif child.element_tag == "html":
            foot = max([foot, *(_end(item) for item in child.children)])
    return float(foot)


def _end(box: Any) -> float:
    """Where a block ends, without its margin; one that is as high as what stands in it, where that ends."""
    inner = [_end(child) for child in getattr(box, "children", ()) if child.is_in_normal_flow()]
    if inner and box.element_tag in {"html", "body", "section", "nav"}:
        return float(max(inner))
    return float(box.position_y + box.margin_height() - box.margin_bottom)
