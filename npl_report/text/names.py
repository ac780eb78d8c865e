"""Ids → names: deals, originators and the closed sets of terms, in one language."""

from __future__ import annotations

from collections.abc import Mapping

from npl_report.model import TOTAL, WORD_UNITS, Unit
from npl_report.text.words import Words

_SUMMARY_ROWS = frozenset({TOTAL, "mean", "one_year", "liquidated"})
"""Rows that any table may have beside the ids of its own kind."""


class Names:
    """Names of one language.

    ``deals`` and ``originators``: id → name as tables print it.
    """

    def __init__(self, deals: Mapping[str, str], originators: Mapping[str, str], words: Words) -> None:
        self._books: dict[Unit, Mapping[str, str]] = {Unit.DEAL: deals, Unit.ORIGINATOR: originators}
        self._words = words

    def name(self, unit: Unit, id_: str) -> str:
        """What a reader calls it; rows such as ``total`` have their own words, years name themselves."""
        if id_ in _SUMMARY_ROWS:
            return str(self._words[f"row.{id_}"])
        if unit is Unit.PAIR:
            return self._pair(*id_.split("-", 1))
        if unit in self._books:
            return self._books[unit][id_]
        if unit in WORD_UNITS and unit is not Unit.TERM:
            return str(self._words[f"{unit.value}.{id_}"])
        if unit is Unit.TERM:
            return str(self._words[f"term.{id_}"]) if f"term.{id_}" in self._words else id_
        return id_

    def _pair(self, asset_type: str, other: str) -> str:
        """The names of both parts; the second is an originator, a term or a year."""
        unit = Unit.ORIGINATOR if other in self._books[Unit.ORIGINATOR] else Unit.TERM
        return str(self._words["row.pair"]).format(self.name(Unit.ASSET_TYPE, asset_type), self.name(unit, other))
