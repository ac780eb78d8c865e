"""The sample's market as its older editions report it, by three types."""

from __future__ import annotations

from pathlib import Path

from npl_report.load.market import read_market
from npl_report.model import Language, Spoken

ASSET_TYPES = ("corporate", "mortgage", "unsecured")
MARKET = read_market(Path(__file__).resolve().parents[2] / "data").reporting(ASSET_TYPES)


def names_of(language: Language) -> dict[str, Spoken]:
    """The names of the types in a language."""
    return {of.key: of.names[language] for of in MARKET.classes}
