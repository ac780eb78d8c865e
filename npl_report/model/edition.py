"""An edition: with data and code, the whole input of a build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from npl_report.model.terms import AssetType

Language = str
"""A language tag such as ``zh`` or ``en``; the set of languages is the set of files."""


@dataclass(frozen=True)
class Window:
    """An observation window in months of age, both ends included, and who chose it."""

    low: int
    high: int
    source: Literal["published", "chosen"]


@dataclass(frozen=True)
class Edition:
    """``report/editions/<id>.toml``: as-of date, languages, windows, revision."""

    id: str
    as_of: date
    published_on: date
    revision: int
    languages: tuple[Language, ...]
    windows: Mapping[AssetType, Window]
    one_year_window: Window


@dataclass(frozen=True)
class Chapter:
    """A page of prose and its tables, in order.

    ``tables`` stand on the page; ``supporting`` are the long ones behind them: published with a passport and downloads, their charts on the
    page, but not printed there. ``note`` says whether the PDF carries the chapter.
    """

    key: str
    tables: tuple[str, ...]
    supporting: tuple[str, ...]
    note: bool


@dataclass(frozen=True)
class Series:
    """``report/series.toml``: the chapters and, in them, the only list of table keys.

    ``address``: where the site is published, without a slash at its end; empty if it is not known.
    """

    id: str
    address: str
    chapters: tuple[Chapter, ...]

    @property
    def table_keys(self) -> tuple[str, ...]:
        """All published tables in the order of the publication, which gives them their numbers."""
        return tuple(key for chapter in self.chapters for key in (*chapter.tables, *chapter.supporting))

    @property
    def supporting(self) -> frozenset[str]:
        """The tables that are published, but stand on no chapter's page."""
        return frozenset(key for chapter in self.chapters for key in chapter.supporting)
