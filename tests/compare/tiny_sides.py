"""Editions of the tiny data as two sides of a comparison, the newer one's files edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from npl_report.compare.attribution import Side
from npl_report.load.data import Source
from tests.helpers import tiny

Files = dict[str, list[tiny.Row]]
KEYS = ("issuance_by_type", "deal_summary", "redemption_status", "recovery_by_type", "market_context")


def quiet(_: str) -> None:
    """Progress that nobody reads."""


def source_of(*edits: Callable[[Files], None]) -> Source:
    files = tiny.rows()
    for edit in edits:
        edit(files)
    return tiny.read(files) if edits else tiny.source()


def side(name: str, source: Source, as_of: date = tiny.AS_OF, **rules: object) -> Side:
    edition = replace(tiny.edition(as_of), id=name, **rules)  # type: ignore[arg-type]
    return Side(name, edition, source, KEYS)
