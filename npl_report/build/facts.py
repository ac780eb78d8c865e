"""What the steps of an edition have told, read when it is asked for: of a large edition it is too much for memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from npl_report.files.store import Product
from npl_report.site.facts import PageFacts, facts_told
from npl_report.site.outline import Section
from npl_report.typesetting.webfonts import Shown


class Facts(Mapping[str, PageFacts]):
    """The facts of pages by path; those of the step that was asked for last stay.

    ``said``: what the pages say that the search finds; ``signs`` are the characters that a step shows, with the path
    of its first page, ``assets`` the names of those that any names, ``templates`` those that were read.
    """

    def __init__(self, products: Sequence[Product]) -> None:
        self._last: tuple[Product | None, dict[str, PageFacts]] = (None, {})
        self._products: dict[str, Product] = {}
        self.said: dict[str, Sequence[Section]] = {}
        self.signs: list[tuple[str, Shown]] = []
        self.assets: set[str] = set()
        self.templates: set[str] = set()
        for product in products:
            self._products |= dict.fromkeys((path for path in product.files if path.endswith(".html")), product)
            told = product.told
            pages = (path for path in product.files if path.endswith(".html"))
            self.signs.append((min(pages, default=""), Shown(told.get("signs", ""), told.get("bold", ""))))
            self.assets.update(told.get("assets", ()))
            self.templates.update(told.get("templates", ()))
            for path, page in told.get("pages", {}).items():
                if page["said"]:
                    self.said[path] = facts_told(page).said

    def __getitem__(self, path: str) -> PageFacts:
        product = self._products[path]
        if self._last[0] is not product:
            pages = product.told["pages"]
            self._last = product, {name: facts_told(page) for name, page in pages.items()}
        return self._last[1][path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._products)

    def __len__(self) -> int:
        return len(self._products)
