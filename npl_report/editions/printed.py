"""Pages as they are printed → the figures that stand on them."""

from __future__ import annotations

from html.parser import HTMLParser


class _Bound(HTMLParser):
    """The bound figures of a page: (identity, stored value, printed text)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self._open: tuple[str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "data" and given.get("data-number"):
            self._open, self._text = (str(given["data-number"]), str(given.get("value") or "")), ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "data" and self._open:
            self.found.append((*self._open, self._text))
            self._open = None


def bound_figures(page: bytes) -> list[tuple[str, str, str]]:
    """(identity, stored value, printed text) of every bound figure of a page."""
    parser = _Bound()
    parser.feed(page.decode())
    return parser.found
