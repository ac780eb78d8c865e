"""Ids → names: deals, originators and the closed sets of terms, in one language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from npl_report.model import TOTAL, WORD_UNITS, Spoken, Unit, quarter_parts, uncapitalised
from npl_report.text.words import Words

_SUMMARY_ROWS = frozenset({TOTAL, "mean", "one_year", "liquidated"})
"""Rows that any table may have beside the ids of its own kind."""

_AGE = re.compile(r"(\d+)m")
_SCENARIO = re.compile(r"(\d+)pc(?:(\d+)m)?")
"""A multiplier of the forecast in per cent, and after it the months by which everything is late: ``50pc``,
``50pc3m``."""
_COHORT = re.compile(r"(\d{4})-(\d+m)")
"""A year of issue and an age: ``2019-12m``."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"\d{4}")

_PAGES = {Unit.DEAL: "deals", Unit.ORIGINATOR: "originators"}
"""Folders of the pages of deals and banks."""


class Names:
    """Names of one language.

    ``deals``, ``originators``: id → name as tables print it. ``spoken``: unit → id → its words, of asset types and
    tranches. ``pages``: of which of the first two there are pages. ``terms``: what the market's own terms are called.
    """

    def __init__(
        self,
        deals: Mapping[str, str],
        originators: Mapping[str, str],
        spoken: Mapping[Unit, Mapping[str, Spoken]],
        words: Words,
        pages: Collection[Unit] = tuple(_PAGES),
        terms: Mapping[str, str] | None = None,
    ) -> None:
        self._pages = pages
        self._named: dict[Unit, Mapping[str, str]] = {
            Unit.DEAL: deals,
            Unit.ORIGINATOR: originators,
            **{unit: {key: of.name for key, of in named.items()} for unit, named in spoken.items()},
        }
        self._spoken = spoken
        self._words = words
        self._terms = terms or {}

    @property
    def known(self) -> Mapping[str, object]:
        """The names of deals and banks, and of which there are pages: what these names have that others may not."""
        named = {unit.value: named for unit, named in self._named.items()}
        return named | {"pages": sorted(self._pages), "terms": self._terms}

    def name(self, unit: Unit, id_: str) -> str:
        """What a reader calls it; rows such as ``total`` have their own words, years name themselves."""
        if id_ in _SUMMARY_ROWS:
            return str(self._words[f"row.{id_}"])
        if unit is Unit.PAIR:
            return self._pair(id_)
        if unit in self._named:
            return self._named[unit][id_]
        if unit in WORD_UNITS and unit is not Unit.TERM:
            return str(self._words[f"{unit.value}.{id_}"])
        return self._term(id_) if unit is Unit.TERM else id_

    def inline(self, unit: Unit, id_: str) -> str:
        """The name as it stands inside a sentence: proper ones keep their capital."""
        if id_ in (spoken := self._spoken.get(unit, {})):
            return spoken[id_].inline
        name = self.name(unit, id_)
        return name if unit in _PAGES else uncapitalised(name)

    def page(self, unit: Unit, id_: str) -> str:
        """Address of the page of a deal or bank (of a pair: of its bank), seen from the language's folder.

        It is empty for what has none.
        """
        if unit is Unit.PAIR:
            return self.page(Unit.ORIGINATOR, id_.partition("-")[2])
        if unit not in self._pages or id_ not in self._named[unit]:
            return ""
        return f"{_PAGES[unit]}/{id_}.html"

    def other(self, pair: str) -> str:
        """The name of a pair's second part.

        It is an originator, an age such as ``12m``, a year at such an age, a quarter, a scenario, a date, term or year.
        """
        id_ = pair.partition("-")[2]
        return self.name(Unit.ORIGINATOR if id_ in self._named[Unit.ORIGINATOR] else Unit.TERM, id_)

    def parts(self, unit: Unit, id_: str) -> tuple[str, str]:
        """What a row has in common with those beside it, and the rest of its name; without a common part, the whole.

        Of a pair the class or year, of a row of a deal the deal. What is of all classes has them in common.
        """
        one, pair, _ = id_.partition("-")
        if unit is Unit.PAIR and pair and id_ not in _SUMMARY_ROWS:
            return self.name(self._first(one), one), self.other(id_)
        deal, at, other = id_.partition("@")
        if unit is Unit.TERM and at and deal in self._named[Unit.DEAL]:
            return self.name(Unit.DEAL, deal), self._of_deal(other)
        return "", self.name(unit, id_)

    def _of_deal(self, other: str) -> str:
        """The name of what stands beside a deal: a tranche, a scenario, a date."""
        return self.name(Unit.TRANCHE if other in self._spoken[Unit.TRANCHE] else Unit.TERM, other)

    def _first(self, one: str) -> Unit:
        """What the first part of a pair is."""
        return Unit.YEAR if _YEAR.fullmatch(one) else Unit.ASSET_TYPE

    def _term(self, id_: str) -> str:
        """A term, an age, a year at an age, a quarter, a scenario, or one of these, a tranche or a date of a deal.

        The last is written ``<deal>@<other>``. Anything else names itself.
        """
        if f"term.{id_}" in self._words:  # which no trigger of the market renames
            return str(self._words[f"term.{id_}"])
        if id_ in self._terms:
            return self._terms[id_]
        if age := _AGE.fullmatch(id_):
            return str(self._words["row.age"]).format(age[1])
        if cohort := _COHORT.fullmatch(id_):
            return str(self._words["row.pair"]).format(cohort[1], self._term(cohort[2]))
        if quarter := quarter_parts(id_):
            return str(self._words[f"row.quarter_{quarter[1]}"]).format(quarter[0])
        if scenario := _SCENARIO.fullmatch(id_):
            return self._scenario(*scenario.groups())
        deal, at, other = id_.partition("@")
        if (
            at
            and deal in self._named[Unit.DEAL]
            and (other in self._spoken[Unit.TRANCHE] or _SCENARIO.fullmatch(other) or _DATE.fullmatch(other))
        ):
            return str(self._words["row.pair"]).format(self.name(Unit.DEAL, deal), self._of_deal(other))
        return id_

    def _scenario(self, times: str, months: str | None) -> str:
        recovered = str(self._words["row.recovered"]).format(times)
        if months is None:
            return recovered
        return str(self._words["row.on_time" if months == "0" else "row.late"]).format(recovered, months)

    def _pair(self, pair: str) -> str:
        """An asset type or a year of issue, and what stands beside it; of all types the latter alone."""
        one, other = pair.partition("-")[0], self.other(pair)
        if one == TOTAL:
            return other
        return str(self._words["row.pair"]).format(self.name(self._first(one), one), other)
