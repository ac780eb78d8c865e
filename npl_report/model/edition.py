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
    """A page of prose and the tables that it shows, in order; ``note`` says whether the PDF carries it."""

    key: str
    tables: tuple[str, ...]
    note: bool


@dataclass(frozen=True)
class Series:
    """``report/series.toml``: the chapters and, in them, the only list of table keys."""

    id: str
    chapters: tuple[Chapter, ...]

    @property
    def table_keys(self) -> tuple[str, ...]:
        """All tables in the order of the publication, which gives them their numbers."""
        return tuple(key for chapter in self.chapters for key in chapter.tables)
