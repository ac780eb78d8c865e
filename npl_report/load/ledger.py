"""``data/published/``: the figures that the published report prints, and the cell of a table that each is bound to."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from npl_report.files.texts import read_toml
from npl_report.load.keys import Keys, flag, is_number, is_object, is_text, is_texts, need, text
from npl_report.load.project import is_edition_name
from npl_report.model import Figure, InputError, Problem, nearest

Kind = Literal["exact", "approximate", "ambiguous", "context"]
_KINDS = ("exact", "approximate", "ambiguous", "context")
_COLUMNS = (
    "id",
    "seed",
    "section",
    "phrase",
    "metric",
    "group",
    "value",
    "unit",
    "decimals",
    "kind",
    "definition_note",
    "consistency_note",
)
_CELL = need(
    "a cell is table/row/column",
    "name the table, the row and the column",
    lambda value: isinstance(value, str) and value.count("/") == "table/row/column".count("/"),
)
_WHERE = need(
    "must be a table of columns and ids",
    'write where = { status = "included" }',
    lambda value: is_object(value) and all(map(is_text, value.values())),
)
_WITHIN = need(
    "must be [low, high]",
    "write two numbers, in the unit of the figure",
    lambda value: isinstance(value, list) and len(value) == len(("low", "high")) and all(map(is_number, value)),
)
_BINDING = Keys(
    "a binding",
    {
        **dict.fromkeys(("cell", "other", "names", "plus"), _CELL),
        **dict.fromkeys(("is", "reason"), text()),
        "rank": flag(),
        "where": _WHERE,
        "without": need("must be a list of ids, each once", 'write without = ["…"]', is_texts),
        "within": _WITHIN,
        "as_of": need(
            "must be a date", "write as_of = 2025-07-31, without quotation marks", lambda value: type(value) is date
        ),
    },
)
_EDITIONS = "editions"
"""The one entry that is no figure's; ids of figures begin with L."""


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
    metric: str = ""
    group: str = ""


@dataclass(frozen=True)
class FigureBinding:
    """What a printed figure is bound to.

    A cell is ``table/row/column``, whose row may be ``@highest``, ``@lowest`` or ``@count``.

    ``rank``: the figure is the cell's place in its column, 1 being the highest. Such statements look at the rows whose
    cells hold what ``where`` says (column → id), less those named by ``without``, and never at totals.
    ``names`` and ``is_id``: a cell that must hold that id; in a row ``@highest`` or ``@lowest``, the row found there
    must be it. ``plus``: a second cell, which is added to the first.
    ``low`` and ``high``: the range of an approximate figure, in its own unit. ``other``: the second reading of an
    ambiguous one.
    ``as_of``: the day on which the figure is computed, if that is not the edition's.
    ``reason``: why a figure has no cell; with a cell, why it is not compared in an edition that is not its source's.
    ``elsewhere``: the edition in which it is compared, if not in this one and the binding gives no reason
    (``reconcile.reconciliation.in_edition``).
    """

    cell: Figure = Figure("")  # noqa: RUF009 -- as immutable as any text
    other: Figure | None = None
    names: Figure | None = None
    is_id: str | None = None
    low: float | None = None
    high: float | None = None
    without: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    rank: bool = False
    reason: str = ""
    elsewhere: str = ""
    as_of: date | None = None
    plus: Figure | None = None


@dataclass(frozen=True)
class Bindings:
    """What ``bindings.toml`` says.

    It maps the id of a figure to what it is bound to, and a source (the ledger's ``seed``) to the edition in which its
    figures are compared; those of a source that is not named are compared in every one.
    """

    figures: Mapping[str, FigureBinding]
    editions: Mapping[str, str]


def read_ledger(folder: Path) -> list[Published]:
    """All printed figures in their order."""
    path, shown = folder / "ledger.csv", "data/published/ledger.csv"
    try:
        records = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), restkey="", strict=True)
        rows = [(records.line_num, record) for record in records]
    except FileNotFoundError:
        fix = "there is nothing to tie out without the published figures; copy them from the sample (npl-report init)"
        raise InputError([Problem(shown, rule="the file is missing", fix=fix)]) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            [Problem(shown, rule=f"not valid CSV in UTF-8: {error}", fix="save the file as “CSV UTF-8”")]
        ) from None
    header = list(records.fieldnames or ())
    problems = [
        *(
            Problem(shown, 1, name, rule="there is no such column", fix=nearest(name, _COLUMNS, "remove it"))
            for name in header
            if name not in _COLUMNS
        ),
        *(
            Problem(shown, 1, name, rule="the column is missing", fix="add it")
            for name in _COLUMNS
            if name not in header
        ),
        *(
            Problem(
                shown,
                line,
                rule="the row has another number of cells than the header",
                fix="quote cells that hold commas",
            )
            for line, record in rows
            if "" in record or None in record.values()
        ),
    ]
    if problems:
        raise InputError(problems)
    return [_published(record, line) for line, record in rows]


def _published(record: Mapping[str, str | None], row: int) -> Published:
    kind, decimals = record.get("kind") or "", record.get("decimals") or "0"
    if wrong := _wrong_cell(record, kind, decimals):
        raise InputError([Problem("data/published/ledger.csv", row, *wrong)])
    notes = "; ".join(text for text in (record.get("definition_note"), record.get("consistency_note")) if text)
    return Published(
        record["id"] or "",
        record["seed"] or "",
        record["phrase"] or "",
        record["value"] or "",
        record["unit"] or "",
        int(decimals),
        cast("Kind", kind),
        notes,
        record.get("metric") or "",
        record.get("group") or "",
    )


def _wrong_cell(record: Mapping[str, str | None], kind: str, decimals: str) -> tuple[str, str | None, str, str] | None:
    """(column, value, rule, what to do) for the first cell of a row that cannot be read."""
    if kind not in _KINDS:
        return "kind", kind, f"must be one of {', '.join(_KINDS)}", "correct it"
    value = record.get("value")
    if kind != "context" and not re.fullmatch(r"[-−]?\d+(\.\d+)?", value or ""):
        fix = "leave out unit and separators; the unit has its own column"
        return "value", value, "must be a plain number", fix
    if not decimals.isdigit():
        return "decimals", decimals, "must be a whole number", "say how many decimals the report prints"
    return None


def read_bindings(folder: Path) -> Bindings:
    """The bindings of ``data/published/bindings.toml``."""
    shown = "data/published/bindings.toml"
    raw = read_toml(folder / "bindings.toml", shown)
    editions = raw.pop(_EDITIONS, {})
    figures, problems = {}, _wrong_editions(editions, shown)
    for id_, entry in raw.items():
        before = len(problems)
        problems += [
            Problem(shown, column=id_, value=value, rule=rule, fix="correct the entry") for value, rule in _wrong(entry)
        ]
        if isinstance(entry, dict):
            _BINDING.read(entry, shown, id_, problems)
        if len(problems) == before:
            figures[id_] = _binding(entry)
    if problems:
        raise InputError(problems)
    return Bindings(figures, editions)


def _wrong_editions(editions: Any, shown: str) -> list[Problem]:
    fix = (
        f'write {_EDITIONS} = {{ "2" = "2020-03" }} before the first figure: the ledger\'s seed, and the edition in '
        "which its figures are compared"
    )
    if not isinstance(editions, dict):
        return [
            Problem(shown, column=_EDITIONS, value=str(editions), rule="must name an edition for a source", fix=fix)
        ]
    wrong = {
        seed: edition
        for seed, edition in editions.items()
        if not (isinstance(edition, str) and is_edition_name(edition))
    }
    return [
        Problem(
            shown,
            column=f"{_EDITIONS}.{seed}",
            value=str(edition),
            rule="must be the id of an edition, in quotation marks",
            fix=fix,
        )
        for seed, edition in wrong.items()
    ]


def _wrong(entry: Any) -> list[tuple[str, str]]:
    """What is wrong with an entry as a whole, and the rule that it breaks."""
    if not isinstance(entry, dict):
        return [(str(entry), 'a binding is written { cell = "table/row/column" }')]
    if not {"cell", "reason"} & set(entry):
        return [(", ".join(entry), "a binding needs cell, or else reason")]
    if ("names" in entry) != ("is" in entry):
        return [
            (str(entry.get("names", entry.get("is"))), "names and is go together: a cell, and the id that it must hold")
        ]
    return []


def _binding(entry: Mapping[str, Any]) -> FigureBinding:
    low, high = entry.get("within", (None, None))
    return FigureBinding(
        cell=Figure(entry.get("cell", "")),
        other=Figure(entry["other"]) if "other" in entry else None,
        names=Figure(entry["names"]) if "names" in entry else None,
        is_id=entry.get("is"),
        low=low,
        high=high,
        without=tuple(entry.get("without", ())),
        where=dict(entry.get("where", {})),
        rank=bool(entry.get("rank", False)),
        reason=entry.get("reason", ""),
        as_of=entry.get("as_of"),
        plus=Figure(entry["plus"]) if "plus" in entry else None,
    )
