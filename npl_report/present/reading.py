"""All that the pages of an edition are made from, whatever they are made into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from npl_report.load.corrections import Accepted
from npl_report.load.data import Source
from npl_report.model import Edition, Problem, ResearchTable, Result, Series, Unavailable
from npl_report.present.localized import LocalizedEdition
from npl_report.tables import catalogue


@dataclass(frozen=True)
class Reading:
    """A project read and computed, in every language: all that pages are made from.

    ``results`` are those that may be published.

    ``warnings``: what is unusual in the data as known on the as-of date, and is not accepted; ``accepted`` are the
    records that accept a gap in them.
    """

    edition: Edition
    series: Series
    source: Source
    results: Mapping[str, Result | Unavailable]
    by_language: Mapping[str, LocalizedEdition]
    warnings: tuple[Problem, ...]
    accepted: tuple[Accepted, ...]

    @property
    def tables(self) -> Mapping[str, ResearchTable]:
        """Every table by key, as the edition's market has it."""
        return catalogue(self.edition.market)
