"""The market that the data are about, as ``data/market.toml`` describes it: nothing of it stands in code."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

MOST_CLASSES = 8
"""Asset classes that one edition can report: so many have a colour of their own."""


@dataclass(frozen=True)
class Spoken:
    """A name in one language: as tables and charts head it, inside a sentence, and in the head of a column.

    ``pools`` says what claims such a deal pools, as a part of a sentence; empty for no such words.
    """

    name: str
    inline: str
    short: str
    pools: str = ""


@dataclass(frozen=True)
class AssetClass:
    """A class of claims, by which deals are told apart.

    ``names``: by language. ``group``: key of the class that it is a part of, empty for none. ``firms``: whether its
    borrowers are firms, which have neither age nor annual income.
    """

    key: str
    names: Mapping[str, Spoken] = field(hash=False)
    group: str = ""
    firms: bool = False


@dataclass(frozen=True)
class Market:
    """The market, or what an edition reports of it.

    ``classes``: in the order of tables and charts. Deals of a class are reported as such, or as deals of its group.
    """

    classes: tuple[AssetClass, ...]

    @property
    def asset_types(self) -> tuple[str, ...]:
        """Keys of the classes."""
        return tuple(of.key for of in self.classes)

    @property
    def of_firms(self) -> frozenset[str]:
        """Keys of the classes whose borrowers are firms."""
        return frozenset(of.key for of in self.classes if of.firms)

    def reporting(self, keys: Collection[str]) -> Market:
        """The market with these classes alone, in its own order."""
        return replace(self, classes=tuple(of for of in self.classes if of.key in keys))

    def inputs(self) -> Mapping[str, object]:
        """What tables may be computed from, by the names of their parameters."""
        return {"asset_types": self.asset_types, "of_firms": self.of_firms}
