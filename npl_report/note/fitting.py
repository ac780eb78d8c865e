"""Tables that are wider than their page, found by the engine's own measure, and mended.

A table is set as it is if it fits, then tighter, then across a page, then both. One that fits nowhere is an error that
names it. Nothing is printed smaller than note.css has it: the tightest print is 7.5 points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any
from xml.etree import ElementTree as ET

from npl_report.model import InputError, Problem

_MM = 96 / 25.4  # pixels, the unit inside WeasyPrint's pages
_UPRIGHT, _ACROSS = 174 * _MM, 261 * _MM
"""Room between the margins of a page, as note.css has them."""
_WAYS = (("", _UPRIGHT), ("tight", _UPRIGHT), ("across", _ACROSS), ("across tight", _ACROSS))
"""What is tried in turn: the classes of the figure, and the room."""
_ROUNDING = 0.5

Render = Callable[[str], Any]
"""HTML → the document that WeasyPrint lays out."""


def fit_tables(root: Any, render: Render, shown: str) -> None:
    """Give every table in the tree the classes with which it fits its page; InputError for those that never do."""
    figures = [item for item in root.iter("figure") if "table" in _classes(item)]
    waiting = {item.get("id", ""): item for item in figures if item.find(".//table") is not None}
    for way, room in _WAYS:
        if not waiting:
            return
        narrowest = _narrowest(root, waiting, way, render)
        for name in [name for name in waiting if narrowest[name] <= room + _ROUNDING]:
            _put(waiting.pop(name), way)
    if waiting:
        raise InputError([_too_wide(item, name, shown) for name, item in waiting.items()])


def check_widths(document: Any, shown: str) -> None:
    """InputError for tables that reach beyond the margin of the page they are printed on, whatever the reason."""
    found = {}
    for page in document.pages:
        page_box = page._page_box  # noqa: SLF001 -- boxes are reached no other way
        edge = page_box.content_box_x() + page_box.width
        for figure, box in _tables(page_box):
            if box.position_x + box.width > edge + _ROUNDING * _MM:
                found[figure.get("id", "")] = figure
    if found:
        raise InputError([_too_wide(figure, name, shown) for name, figure in found.items()])


def _narrowest(root: Any, figures: dict[str, Any], way: str, render: Render) -> dict[str, float]:
    """How wide tables are at least if they are set in a way, in pixels: laid out where there is no room."""
    page = ET.Element("html", root.attrib)
    page.append(deepcopy(root.find("head")))
    body = ET.SubElement(page, "body")
    for figure in figures.values():
        copy = deepcopy(figure)
        _put(copy, way.replace("across", ""))
        copy.set("style", "width: 1px")
        body.append(copy)
    widths: dict[str, float] = {}
    for item in render("<!doctype html>" + ET.tostring(page, encoding="unicode", method="html")).pages:
        for figure, box in _tables(item._page_box):  # noqa: SLF001 -- as above
            name = figure.get("id", "")
            widths[name] = max(widths.get(name, 0.0), box.width)
    return widths


def _tables(page_box: Any) -> Iterator[tuple[Any, Any]]:
    """The tables on a page with the figures that they stand in."""
    waiting = [(page_box, None)]
    while waiting:
        box, figure = waiting.pop()
        if box.element_tag == "figure":
            figure = box.element
        if box.element_tag == "table" and box.is_table_wrapper and figure is not None:
            yield figure, box
        else:
            waiting += [(child, figure) for child in getattr(box, "children", ())]


def _classes(item: Any) -> list[str]:
    return str(item.get("class", "")).split()


def _put(item: Any, way: str) -> None:
    item.set("class", " ".join([*_classes(item), *way.split()]))


def _too_wide(figure: Any, name: str, shown: str) -> Problem:
    caption = " ".join("".join(figure.find("figcaption").itertext()).split())
    rule = f"{caption}: too wide for the page, in the smallest print and across too"
    fix = "give it fewer columns or shorter heads; or leave its section to the site: note = […] in report/series.toml"
    return Problem(shown, None, None, name.removeprefix("tbl-"), rule, fix)
