"""The sample's market as its older editions report it, by three types, and its ladder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from npl_report.load.market import read_market
from npl_report.load.tablefolders import table_folder
from npl_report.model import Language, Spoken, Unit
from npl_report.text.words import Words, market_words, program_words, table_words

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


def table_words_of(key: str, language: Language) -> Words:
    """The words of a table in the sample's market."""
    return market_words(table_words(table_folder(key), language), language, MARKET, program_words(language))


def tree_of(words: Words) -> dict[str, Any]:
    """Words as the file holds them, in sections."""
    tree: dict[str, Any] = {}
    for path in words.leaves():
        *sections, key = path.split(".")
        node = tree
        for section in sections:
            node = node.setdefault(section, {})
        node[key] = words[path]
    return tree
