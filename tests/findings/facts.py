"""Hand-made tables, for what findings say of data that the sample does not have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import SimpleNamespace

import pandas as pd

from npl_report.findings import Facts, Sentence, catalogue
from npl_report.findings.telling import Telling
from npl_report.model import Column, ResearchTable, Result, Unavailable, Unit
from npl_report.text.binding import Binding
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle
from tests.helpers.market import names_of, tree_of, words_of

Cells = Mapping[str, Mapping[str, float | str | None]]
"""Row → column → what it holds, None for a gap."""
LANGUAGES = ("en", "it", "zh")
NOTHING = Unavailable("no_deals", needed=1, found=0)
_LADDERS = {2: "senior subordinated", 3: "senior mezzanine subordinated"}


def context(tables: Mapping[str, Cells | Unavailable | Result], *, ladder: int = 2, **own: object) -> dict[str, object]:
    """What prose may use, of these tables: columns whose keys begin with ``n_`` count deals."""
    made = {key: of if isinstance(of, Unavailable | Result) else result(of) for key, of in tables.items()}
    declared = {
        key: ResearchTable(key, Unit.TERM, _columns(of), (), lambda: None, ("method",))  # type: ignore[arg-type,return-value]
        for key, of in made.items()
    }
    words = words_of("en")
    fewest = int(str(own.get("fewest", 1)))
    names = Names({}, {}, names_of("en"), words)
    binding = Binding(declared, made, names, NumberStyle(tree_of(words), "x"), words, lambda text, *_: text, fewest)
    tranches = [{"key": key, "name": key.title(), "inline": key} for key in _LADDERS[ladder].split()]
    pages = {"determinants", "redemption", "tie-out", "data"}
    always = {
        "words": words,
        "asset_types": ("corporate", "mortgage"),
        "tranches": tranches,
        "first": tranches[0],
        "last": tranches[-1],
        "term": defaultdict(lambda: "document"),
        "edition": SimpleNamespace(as_of="today", discount_rate="5%"),
        "fewest": fewest,
        "notice": "",
        "has_page": lambda page: page in pages,
        "cites": lambda _: True,
        "ref": lambda key: f"Table {key}",
        "figref": lambda key: f"Figure {key}",
        "link": _link,
    }
    return binding.helpers() | always | own


def result(cells: Cells, *, withheld: bool = False) -> Result:
    """A table that holds these cells."""
    frame = pd.DataFrame.from_dict({row: dict(line) for row, line in cells.items()}, orient="index")
    gaps = {(row, key): NOTHING for row, line in cells.items() for key, value in line.items() if value is None}
    return Result(frame, pd.DataFrame({"row": []}), gaps, withheld)


def empty(*columns: str) -> Result:
    """A table without rows."""
    return Result(pd.DataFrame(columns=list(columns), dtype=float), pd.DataFrame({"row": []}))


def said(name: str, prose: Mapping[str, object]) -> list[str]:
    """What a finding says: the names of its sentences and of their parts, each of which has words that can be told."""
    for language in LANGUAGES:
        Telling(language, prose)(name)
    return [words for sentence in catalogue()[name](Facts(prose)) for words in _names(sentence)]


def told(name: str, prose: Mapping[str, object], language: str = "en") -> str:
    """A finding in a language, in which names and figures are English."""
    return Telling(language, prose)(name)


def _link(page: str, text: str, anchor: str = "") -> str:
    return f"{text} ({page}{anchor and '#'}{anchor})"


def _names(sentence: Sentence) -> Iterator[str]:
    yield sentence.words
    for value in sentence.given.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Sentence):
                yield from _names(part)


def _columns(of: Result | Unavailable) -> tuple[Column, ...]:
    if isinstance(of, Unavailable):
        return (Column("n_deals", Unit.DEALS),)
    kinds = {key: _unit(key, of.frame[key]) for key in of.frame.columns}
    return tuple(Column(key, unit, 2 if unit is Unit.NUMBER else None) for key, unit in kinds.items())


def _unit(key: str, column: pd.Series) -> Unit:
    if any(isinstance(value, str) for value in column):
        return Unit.TERM
    return Unit.DEALS if key.startswith("n_") else Unit.NUMBER
