"""The sample's market as its older editions report it, by three types, and its ladder."""

from __future__ import annotations

from pathlib import Path

from npl_report.load.market import read_market
from npl_report.model import Language, Spoken, Unit
from npl_report.text.words import Words, market_words, program_words

ASSET_TYPES = ("corporate", "mortgage", "unsecured")
LADDER = ("senior", "subordinated")
MARKET = read_market(Path(__file__).resolve().parents[2] / "data").reporting(ASSET_TYPES)


def names_of(language: Language) -> dict[Unit, dict[str, Spoken]]:
    """The names of the types and tranches in a language."""
    named = {Unit.ASSET_TYPE: MARKET.classes, Unit.TRANCHE: MARKET.tranches}
    return {unit: {of.key: of.names[language] for of in entries} for unit, entries in named.items()}


def words_of(language: Language) -> Words:
    """The program's words of the sample's market."""
    plain = program_words(language)
    return market_words(plain, language, MARKET, plain)
