"""A file of an edition by its path → the step that makes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from npl_report.build.steps import BANKS, CATALOGUE, CHAPTER, DEALS, EXPORTS, NOTE, PICTURES, TABLE
from npl_report.model import Language
from npl_report.present.localized import LocalizedEdition
from npl_report.present.paging import part_of_deal, part_of_page
from npl_report.present.profiles import deal_order

Owner = tuple[Language, str, str, int]
"""A step: its language, kind, key and part."""
_TABLE_PAGE = re.compile(r"(?P<key>[^.]+)(?P<evidence>\.evidence)?\.(?P<number>\d+)\.html")


class Owners:
    """The steps that make the files of an edition, which need not be there yet."""

    def __init__(self, by_language: Mapping[Language, LocalizedEdition]) -> None:
        self._by_language = by_language

    def of(self, path: str) -> Iterator[Owner]:
        """The steps that may make a file, by its path in the edition's folder."""
        first, *rest = path.split("/")
        if not rest:
            return
        if first in self._by_language:
            yield first, *self._of_page(first, rest)
            return
        *_, name = rest
        for language in self._by_language:
            if f".{language}." not in name:
                continue
            if (first, rest[0]) == ("assets", "charts"):
                deal = name.removeprefix("deal-")
                found = (TABLE, _stem(name), 0) if deal == name else self._of_deal(deal.partition(".")[0])
                yield language, *found
            elif first == "downloads":
                yield language, PICTURES if rest[0] == "charts" else EXPORTS, "", 0

    def _of_page(self, language: Language, rest: list[str]) -> tuple[str, str, int]:
        """The step that makes a page, by its path in the language's folder."""
        if len(rest) == 1:
            return (NOTE, "", 0) if rest[0] == "note.pdf" else (CHAPTER, rest[0].removesuffix(".html"), 0)
        if rest[0] == "tables":
            return (CATALOGUE, "", 0) if rest[1] == "index.html" else self._of_table(language, rest[1])
        name = rest[1].partition(".")[0]
        return self._of_deal(name) if rest[0] == "deals" and name in self._places else (BANKS, "", 0)

    def _of_table(self, language: Language, name: str) -> tuple[str, str, int]:
        """The step of one of a table's pages."""
        found = _TABLE_PAGE.fullmatch(name)
        entry = self._by_language[language].entries.get(found["key"]) if found else None
        if not found or not entry:
            return TABLE, _stem(name), 0
        before = len(entry.view.parts) - 1 if found["evidence"] else 0
        return TABLE, found["key"], part_of_page(int(found["number"]), before)

    def _of_deal(self, deal: str) -> tuple[str, str, int]:
        return DEALS, "", part_of_deal(self._places.get(deal, 0))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """Deal → its place among the pages of deals, which are in the same order in every language."""
        localized = next(iter(self._by_language.values()))
        return {
            str(deal["deal"]): place
            for place, deal in enumerate(deal_order(localized.data.deals, localized.market.asset_types))
        }


def _stem(name: str) -> str:
    """The table that a file's name begins with."""
    return name.partition(".")[0].partition("-")[0]
