"""What one language needs to print anything: its words, numbers, names, and the edition as its texts name it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from npl_report.model import Column, Dataset, Determinants, Edition, Language, Market, Unit
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle
from npl_report.text.words import Words, market_words, program_words


@dataclass(frozen=True)
class RulesView:
    """The edition's rules of part II as texts print them.

    ``confidence`` is one less ``significance``; ``level`` is the latter as a number, for conditions.
    """

    vif_limit: str
    eigenvalue_limit: str
    significance: str
    confidence: str
    level: float


@dataclass(frozen=True)
class StructureView:
    """The edition's rules of part III as texts print them."""

    payment_lag: str


@dataclass(frozen=True)
class EditionView:
    """The edition as prose and templates name it; dates are words.

    ``restated`` says why this revision came, empty for a first publication. ``discount_rate``: of present values, per
    cent a year.
    """

    id: str
    as_of: str
    as_of_iso: str
    published_on: str
    published_iso: str
    revision: int
    restated: tuple[str, ...]
    determinants: RulesView
    structure: StructureView
    discount_rate: str


@dataclass(frozen=True)
class Localization:
    """Everything that turns ids and values into text in one language."""

    words: Words
    numbers: NumberStyle
    names: Names
    edition: EditionView


def localization(
    language: Language, edition: Edition, data: Dataset, market: Market, *, deal_pages: bool
) -> Localization:
    """Of an edition, its data and market; ``deal_pages``: whether deals have pages, to which their names lead."""
    plain = program_words(language)
    words = market_words(plain, language, edition.market, plain)
    said = {name: _plain(words, name) for name in ("number", "unit", "date")}
    numbers = NumberStyle(said, words.source_file, finer=edition.market.currency.finer)
    names = _names(data, market, language, words, deal_pages=deal_pages)
    return Localization(words, numbers, names, _edition_view(edition, language, numbers))


def _edition_view(edition: Edition, language: Language, numbers: NumberStyle) -> EditionView:
    """The edition in words of the language."""
    return EditionView(
        edition.id,
        numbers.day(edition.as_of),
        edition.as_of.isoformat(),
        numbers.day(edition.published_on),
        edition.published_on.isoformat(),
        edition.revision,
        tuple(item.why[language] for item in edition.restatements if item.revision == edition.revision),
        _rules(edition.determinants, numbers),
        StructureView(numbers.text(edition.structure.payment_lag, Column("payment_lag", Unit.DAYS))),
        _decimal(Decimal(str(edition.present_value.rate)), Unit.RATE, numbers),
    )


def _rules(rules: Determinants, numbers: NumberStyle) -> RulesView:
    """The limits with as many decimals as their values have, levels as per cent."""
    significance = Decimal(str(rules.significance))
    return RulesView(
        _decimal(Decimal(str(rules.vif_limit)), Unit.NUMBER, numbers),
        _decimal(Decimal(str(rules.eigenvalue_limit)), Unit.NUMBER, numbers),
        _decimal(significance, Unit.RATE, numbers),
        _decimal(1 - significance, Unit.RATE, numbers),
        rules.significance,
    )


def _decimal(value: Decimal, unit: Unit, numbers: NumberStyle) -> str:
    """A rule of the edition with as many decimals as it has."""
    printed = value * 100 if unit is Unit.RATE else value
    return numbers.text(float(value), Column("rule", unit, max(0, -int(printed.normalize().as_tuple().exponent))))


def _plain(words: Words, section: str) -> dict[str, Any]:
    """A section of words as plain dicts."""
    answer: dict[str, Any] = {}
    for path in list(words.leaves()):
        head, *rest = path.split(".")
        if head == section:
            node = answer
            for part in rest[:-1]:
                node = node.setdefault(part, {})
            node[rest[-1]] = words[path]
    return answer


def _names(data: Dataset, market: Market, language: Language, words: Words, *, deal_pages: bool) -> Names:
    deals = data.deals.set_index("deal")[f"name_{language}"]
    originators = data.originators.set_index("originator")[f"short_{language}"]
    return Names(
        {str(key): str(name) for key, name in deals.items()},
        {str(key): str(name) for key, name in originators.items()},
        {
            Unit.ASSET_TYPE: {of.key: of.names[language] for of in market.classes},
            Unit.TRANCHE: {of.key: of.names[language] for of in market.tranches},
        },
        words,
        pages={Unit.ORIGINATOR, *([Unit.DEAL] if deal_pages else [])},
        terms={of.key: of.names[language].name for of in market.triggers},
    )
