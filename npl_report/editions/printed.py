"""Pages as they are printed → the figures that stand on them."""

from __future__ import annotations

from lxml import html

from npl_report.model import Figure


def bound_figures(page: bytes) -> list[tuple[Figure, str, str]]:
    """(identity, stored value, printed text) of every bound figure of a page."""
    if not page.strip():
        return []
    found = html.document_fromstring(page.decode()).iterfind(".//data[@data-number]")
    return [(Figure(item.attrib["data-number"]), item.get("value", ""), str(item.text_content())) for item in found]
