"""The page of a deal → a script with what it has in common with others, for the page that lays deals side by side.

A script a deal, because a page opened from disk may not fetch, and so that four of ten thousand load as fast as of ten.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from npl_report.files.writing import as_json
from npl_report.present.dealcurve import LOOKS
from npl_report.present.pages import PlacedChart
from npl_report.present.profiles import DealPage
from npl_report.present.profiles.cells import Grid

MOST = 4
"""Deals that are laid side by side."""


def comparison_path(deal: DealPage) -> str:
    """Where the script stands, beside the page."""
    return f"{deal.path.removesuffix('.html')}.js"


def comparison_script(deal: DealPage, figure: PlacedChart | None, words: Mapping[str, str]) -> str:
    """The script: it leaves the deal on its own element. ``words``: titles of the groups that have none."""
    groups = [
        (words["key"], [(item.caption, item.value.text) for item in deal.tiles]),
        (words["coverage"], [(item.label, item.absent or item.value.text) for item in deal.coverage]),
        *((group.title, [(fact.label, fact.value.text) for fact in group.facts]) for group in deal.facts),
        (deal.tranches.title, list(_cells(deal.tranches))),
        *([(deal.scenario.table.title, list(_cells(deal.scenario.table)))] if deal.scenario else []),
    ]
    content = {
        "name": deal.name,
        "page": deal.path.rpartition("/")[2],
        "lines": dict(_lines(figure)),
        "groups": [[title, [list(row) for row in rows]] for title, rows in groups],
    }
    return f"document.currentScript.deal = {as_json(content)};\n"


def _cells(grid: Grid) -> Iterator[tuple[str, str]]:
    """Every cell of a grid under the names of its row and column."""
    for group in grid.groups:
        for row in group.rows:
            for head, cell in zip(grid.heads, row.cells, strict=True):
                unit = f" ({head.unit})" if head.unit else ""
                yield f"{row.head.text} · {head.label}{unit}", cell.text


def _lines(figure: PlacedChart | None) -> Iterable[tuple[str, list[list[float]]]]:
    """The points of the deal's lines, as its own chart has them."""
    for panel in figure.panels if figure else ():
        data = json.loads(panel.spec)["datasets"]
        for name in LOOKS:
            yield name, [[point["age"], point["at"]] for point in data.get(name, ())]
