"""The sample as its editions have it, read and computed once for all tests of a process.

Nobody changes what these functions give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from types import MappingProxyType

from npl_report.build.reading import read
from npl_report.load import data as loading
from npl_report.load.data import Source, read_source
from npl_report.load.project import Project, read_edition
from npl_report.model import Dataset, Edition, Result, Unavailable
from npl_report.present.reading import Reading
from npl_report.tables import catalogue, compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET

PROJECT = Project(tiny.ROOT)


@cache
def source() -> Source:
    """The data, loaded and validated."""
    return read_source(PROJECT.data)


@cache
def edition(id_: str, day: str = "") -> Edition:
    """An edition, or the same on another as-of date."""
    own = read_edition(PROJECT, id_)
    return replace(own, as_of=date.fromisoformat(day)) if day else own


@cache
def data(id_: str, day: str = "") -> Dataset:
    """The data as an edition knows them."""
    return loading.dataset(source(), edition(id_, day).as_of, edition(id_).market)


@cache
def results(id_: str, day: str = "") -> Mapping[str, Result | Unavailable]:
    """Every table of the catalogue."""
    return MappingProxyType(compute_tables(catalogue(MARKET), data(id_, day), edition(id_, day)))


@cache
def reading(id_: str, day: str = "") -> Reading:
    """The edition read and computed in every language."""
    return read(PROJECT, edition(id_, day), lambda _: None)
