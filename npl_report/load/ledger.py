"""``data/published/``: the figures that the published report prints, and the cell of a table that each is bound to."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from npl_report.load.project import read_toml
from npl_report.model import InputError, Problem

Kind = Literal["exact", "approximate", "ambiguous", "context"]
_KINDS = ("exact", "approximate", "ambiguous", "context")


@dataclass(frozen=True)
class Published:
    """One printed figure: ``value`` as printed, in ``unit``, with ``decimals``; notes say how it must be read."""

    id: str
    seed: str
    phrase: str
    value: str
    unit: str
    decimals: int
    kind: Kind
    notes: str


@dataclass(frozen=True)
class Tie:
    """What a printed figure is bound to: a cell ``table/row/column``, whose row may be ``@highest``, ``@lowest`` or ``@count``.

    ``rows`` limits such a statement to all rows but those named. ``names`` and ``is_id``: a cell that must hold that id.
    ``low`` and ``high``: the range of an approximate figure, in its own unit. ``other``: the second reading of an ambiguous one.
    """

    cell: str
    other: str | None = None
    names: str | None = None
    is_id: str | None = None
    low: float | None = None
    high: float | None = None
    without: tuple[str, ...] = ()


def read_ledger(folder: Path) -> list[Published]:
    """All printed figures in their order."""
    path = folder / "ledger.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [_published(record, row) for row, record in enumerate(csv.DictReader(file), start=2)]
    except FileNotFoundError:
        fix = "there is nothing to tie out without the published figures; copy them from the sample (npl-report init)"
        raise InputError([Problem("data/published/ledger.csv", rule="the file is missing", fix=fix)]) from None


def _published(record: Mapping[str, str | None], row: int) -> Published:
    kind = record.get("kind") or ""
    if kind not in _KINDS:
        raise InputError([Problem("data/published/ledger.csv", row, "kind", kind, f"must be one of {', '.join(_KINDS)}", "correct it")])
    decimals = record.get("decimals") or "0"
    notes = "; ".join(text for text in (record.get("definition_note"), record.get("consistency_note")) if text)
    return Published(record["id"] or "", record["seed"] or "", record["phrase"] or "", record["value"] or "", record["unit"] or "", int(decimals), cast("Kind", kind), notes)


def read_ties(folder: Path) -> dict[str, Tie]:
    """``bindings.toml``: id → what it is bound to."""
    shown = "data/published/bindings.toml"
    raw = read_toml(folder / "bindings.toml", shown)
    ties, problems = {}, []
    for id_, entry in raw.items():
        unknown = sorted(set(entry) - {"cell", "other", "names", "is", "within", "without"})
        if unknown or "cell" not in entry:
            problems.append(Problem(shown, column=id_, value=", ".join(unknown), rule="a binding needs cell, and knows other, names, is, within, without", fix="correct the entry"))
            continue
        crooked = [str(entry[name]) for name in ("cell", "other", "names") if name in entry and str(entry[name]).count("/") != "table/row/column".count("/")]
        if crooked or len(entry.get("within", ("low", "high"))) != len(("low", "high")):
            found = ", ".join(crooked) or str(entry["within"])
            problems.append(Problem(shown, column=id_, value=found, rule="a cell is table/row/column, and within is [low, high]", fix="correct the entry"))
            continue
        ties[id_] = _tie(entry)
    if problems:
        raise InputError(problems)
    return ties


def _tie(entry: Mapping[str, Any]) -> Tie:
    low, high = entry.get("within", (None, None))
    return Tie(entry["cell"], entry.get("other"), entry.get("names"), entry.get("is"), low, high, tuple(entry.get("without", ())))
