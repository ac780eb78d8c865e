"""Published figures against computed ones: the proof that the definitions are right.

Every figure is bound to a cell of a computed table, never to a constant; ``data/published/bindings.toml`` holds the
bindings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from types import MappingProxyType
from typing import Literal

import pandas as pd

from npl_report.load.data import Source, dataset
from npl_report.load.ledger import Bindings, FigureBinding, Published
from npl_report.load.tablefolders import table_keys
from npl_report.model import (
    TOTAL,
    WORD_UNITS,
    Edition,
    Figure,
    InputError,
    Problem,
    ResearchTable,
    Result,
    Unavailable,
    Unit,
    nearest,
    settled,
)
from npl_report.stats.groups import highest, lowest, settle
from npl_report.tables import compute_tables
from npl_report.text.numbers import half_up

Verdict = Literal["equal", "within", "differs", "ambiguous", "context", "unreachable"]
_SCALES: Mapping[str, float] = {"100m": 0.01, "tn": 1e-6, "bn": 0.001, "pct": 100.0, "pct_pts": 100.0}
"""Unit of the ledger, without the currency before it → what to multiply a stored value by.

Others are stored as printed."""
_BINDINGS = "data/published/bindings.toml"
_SUMMARIES = (TOTAL, "mean", "one_year")
_EXTREMES = ("@highest", "@lowest")


def _scale(unit: str) -> float:
    """What turns a stored value into one of the ledger's unit, such as ``EUR_bn``."""
    code, _, scale = unit.partition("_")
    return _SCALES.get(scale if code.isupper() else unit, 1.0)


@dataclass(frozen=True)
class Reconciled:
    """One compared figure. ``computed`` is at the printed decimals; ``reason`` says what a verdict rests on.

    ``unit`` is the ledger's; ``subject`` says in its words what is printed. ``other_cell`` and ``other``: the second
    reading of an ambiguous figure. ``rank``: the figure is a place in a column. ``elsewhere``: the edition in which it
    is compared, if that is why it is not in this one. ``as_of``: its own day, if it is not the edition's.
    """

    id: str
    seed: str
    kind: str
    cell: Figure
    published: str
    computed: str
    difference: str
    verdict: Verdict
    reason: str
    unit: str
    subject: str
    other_cell: str = ""
    other: str = ""
    rank: bool = False
    elsewhere: str = ""
    as_of: date | None = None

    @property
    def failed(self) -> bool:
        """Whether an exact figure that is bound to a cell does not come out of it."""
        return self.kind == "exact" and bool(self.cell) and not self.elsewhere and self.verdict != "equal"


def in_edition(edition: str, ledger: list[Published], declared: Bindings) -> dict[str, FigureBinding]:
    """The bindings as they hold in the edition of that id.

    Figures of its own sources are compared, those of others are not, and say why.
    """
    bindings = {}
    sources = {item.id: declared.editions.get(item.seed, edition) for item in ledger}
    for id_, binding in declared.figures.items():
        own = sources.get(id_, edition)
        if own == edition:
            bindings[id_] = replace(binding, reason="") if binding.cell else binding
        elif binding.reason:
            bindings[id_] = binding
        else:
            bindings[id_] = replace(binding, reason=f"belongs to edition {own} and is tied out there", elsewhere=own)
    return bindings


Dated = Mapping[date, Mapping[str, Result | Unavailable]]
"""Tables as they were on days of their own."""


def on_own_days(bindings: Mapping[str, FigureBinding], source: Source, edition: Edition) -> Dated:
    """The tables of figures that have a day of their own, by the edition's rules.

    A day after the edition's is left out: what happened then does not exist for it. InputError for a day on which no
    deal had been issued.
    """
    found: dict[date, Mapping[str, Result | Unavailable]] = {}
    own = {id_: item.as_of for id_, item in bindings.items() if item.as_of and not item.reason}
    for day in sorted(set(own.values())):
        if day <= edition.as_of:
            if source.frames["deals"]["issue_date"].min() > pd.Timestamp(day):
                raise InputError([_before_any_deal(id_, day) for id_, then in own.items() if then == day])
            tables = computable_tables(bindings, day)
            found[day] = compute_tables(tables, dataset(source, day, edition.market), replace(edition, as_of=day))
    return found


def _before_any_deal(id_: str, day: date) -> Problem:
    rule, fix = "no deal had been issued on that day", "correct the day"
    return Problem(_BINDINGS, column=f"{id_}.as_of", value=day.isoformat(), rule=rule, fix=fix)


def computable_tables(bindings: Mapping[str, FigureBinding], day: date | None = None) -> tuple[str, ...]:
    """Those of ``bound_tables`` that there are; ``reconcile`` tells of others."""
    return tuple(key for key in bound_tables(bindings, day) if key in table_keys())


def bound_tables(bindings: Mapping[str, FigureBinding], day: date | None = None) -> tuple[str, ...]:
    """The tables that figures are compared with, in alphabetical order: those of that day of their own, or of none."""
    compared = (binding for binding in bindings.values() if not binding.reason and binding.as_of == day)
    cells = chain.from_iterable(map(_cells, compared))
    return tuple(sorted({cell.table for cell in cells}))


def _cells(binding: FigureBinding) -> list[Figure]:
    """Every cell that a binding names."""
    return [cell for cell in (binding.cell, binding.other, binding.names, binding.plus) if cell]


def reconcile(
    ledger: list[Published],
    bindings: Mapping[str, FigureBinding],
    tables: Mapping[str, ResearchTable],
    results: Mapping[str, Result | Unavailable],
    dated: Dated = MappingProxyType({}),
) -> list[Reconciled]:
    """Compare every figure, in the ledger's order; those with a day of their own with the tables of that day.

    A binding to a table or column that no code declares is an InputError.
    """
    problems = []
    known_ids = {item.id for item in ledger}
    for id_, binding in bindings.items():
        if id_ not in known_ids:
            fix = nearest(id_, sorted(known_ids), "remove the entry")
            problems.append(Problem(_BINDINGS, column=id_, rule="the ledger has no figure of that id", fix=fix))
        for cell in _cells(binding):
            key, row, column = cell.parts
            if key not in tables or (row != "@count" and column not in {item.key for item in tables[key].columns}):
                word, known = (
                    (column, [item.key for item in tables[key].columns]) if key in tables else (key, sorted(tables))
                )
                problems.append(
                    Problem(
                        _BINDINGS,
                        column=id_,
                        value=cell,
                        rule=f"there is no {word}",
                        fix=nearest(word, known),
                    )
                )
    if problems:
        raise InputError(problems)
    found = [(item, bindings.get(item.id)) for item in ledger]
    return [
        _compare(item, binding, tables, dated.get(binding.as_of) if binding and binding.as_of else results)
        for item, binding in found
    ]


def counts(reconciled: list[Reconciled]) -> dict[str, dict[str, int]]:
    """Verdicts by kind."""
    numbers = Counter((item.kind, item.verdict) for item in reconciled)
    return {
        kind: {verdict: count for (k, verdict), count in sorted(numbers.items()) if k == kind}
        for kind in sorted({item.kind for item in reconciled})
    }


def _compare(
    item: Published,
    binding: FigureBinding | None,
    tables: Mapping[str, ResearchTable],
    results: Mapping[str, Result | Unavailable] | None,
) -> Reconciled:
    blank = Reconciled(
        id=item.id,
        seed=item.seed,
        kind=item.kind,
        cell=Figure(""),
        published=item.value,
        computed="",
        difference="",
        verdict="unreachable",
        reason="no table of this version computes it",
        unit=item.unit,
        subject=", ".join(part for part in (item.metric, item.group) if part),
        elsewhere=binding.elsewhere if binding else "",
        as_of=binding.as_of if binding else None,
    )
    if item.kind == "context":
        return replace(blank, verdict="context", reason="not a result of deal-level data")
    if binding is None:
        return blank
    if binding.reason:
        return replace(blank, cell=binding.cell if binding.elsewhere else Figure(""), reason=binding.reason)
    if results is None:
        return replace(blank, reason="its day is after the as-of date")
    found = _sum(binding, tables, results)
    if isinstance(found, str):
        return replace(blank, cell=binding.cell, reason=found)
    scaled = found * _scale(item.unit)
    computed = half_up(scaled, item.decimals)
    difference = computed - Decimal(item.value)
    verdict, reason = _verdict(item, binding, scaled, difference, results)
    whole = replace(blank, cell=binding.cell, computed=str(computed), difference=str(difference), rank=binding.rank)
    whole = replace(whole, verdict=verdict, reason=reason, elsewhere="")
    return _with_other(whole, item, binding, tables, results) if verdict == "ambiguous" else whole


def _verdict(
    item: Published,
    binding: FigureBinding,
    scaled: float,
    difference: Decimal,
    results: Mapping[str, Result | Unavailable],
) -> tuple[Verdict, str]:
    """How a computed value stands to the printed one, and why; ``scaled`` is in the ledger's unit."""
    if wrong_name := _wrong_name(binding, results):
        return "differs", wrong_name
    if binding.low is not None and binding.high is not None:
        inside = binding.low <= float(f"{scaled:.12g}") <= binding.high  # without the last-bit noise of the scale
        return "within" if inside else "differs", f"range {binding.low:g} to {binding.high:g}"
    if item.kind == "ambiguous":
        return "ambiguous", item.notes
    return "equal" if difference == 0 else "differs", f"with {binding.plus}" if binding.plus else ""


def _with_other(
    whole: Reconciled,
    item: Published,
    binding: FigureBinding,
    tables: Mapping[str, ResearchTable],
    results: Mapping[str, Result | Unavailable],
) -> Reconciled:
    """An ambiguous figure with its second reading, or why there is none."""
    second = _value(binding.other, binding, tables, results) if binding.other else "no second reading"
    if isinstance(second, str):
        return replace(whole, reason=f"{second}; {item.notes}")
    other = half_up(second * _scale(item.unit), item.decimals)
    return replace(whole, other_cell=binding.other or "", other=str(other))


def _sum(
    binding: FigureBinding, tables: Mapping[str, ResearchTable], results: Mapping[str, Result | Unavailable]
) -> float | str:
    """The cell, and what is added to it."""
    first = _value(binding.cell, binding, tables, results)
    if binding.plus is None or isinstance(first, str):
        return first
    second = _value(binding.plus, binding, tables, results)
    return second if isinstance(second, str) else first + second


def _value(
    cell: Figure,
    binding: FigureBinding,
    tables: Mapping[str, ResearchTable],
    results: Mapping[str, Result | Unavailable],
) -> float | str:
    """The computed value in its stored unit, or why there is none."""
    key, row, column = cell.parts
    result = results.get(key)
    if result is None:
        return f"there is no table {key}"
    if isinstance(result, Unavailable):
        return f"table {key} is unavailable: {result.reason}"
    declared = {item.key: item.unit for item in tables[key].columns}
    absent = [
        name for name in (column, *binding.where) if name not in declared and not (row == "@count" and name == column)
    ]
    if absent:
        return f"table {key} has no column {', '.join(absent)}"
    if row == "@count":
        return float(len(_rows(result, binding)))
    if declared[column] in WORD_UNITS or declared[column] is Unit.DATE:
        return f"{cell} is no number"
    if row in _EXTREMES:
        row = _extreme(result, row, column, binding)
    if row not in result.frame.index:
        return f"table {key} has no row {row}".rstrip()
    found = result.cell(row, column)
    if isinstance(found, Unavailable):
        return f"{cell} is unavailable: {found.reason}"
    if not binding.rank:
        return found
    return 1.0 + float((settle(result.frame.loc[_rows(result, binding), column]) > settled(found)).sum())


def _rows(result: Result, binding: FigureBinding) -> list[str]:
    """The rows that a statement looks at."""
    inside = result.frame
    for column, id_ in binding.where.items():
        inside = inside.loc[inside[column].astype(str) == id_]
    return [row for row in inside.index if row not in _SUMMARIES and row not in binding.without]


def _extreme(result: Result, row: str, column: str, binding: FigureBinding) -> str:
    """The row with the highest or lowest value of a column; empty if there is none."""
    values = result.frame.loc[_rows(result, binding), column].dropna().astype(float)
    if values.empty:
        return ""
    return highest(values) if row == "@highest" else lowest(values)


def _wrong_name(binding: FigureBinding, results: Mapping[str, Result | Unavailable]) -> str:
    """What stands where another id should; empty if all is well."""
    if binding.names is None:
        return ""
    key, row, column = binding.names.parts
    result = results.get(key)
    if (
        not isinstance(result, Result)
        or not {column, *binding.where} <= set(result.frame.columns)
        or not (row in _EXTREMES or row in result.frame.index)
    ):
        return f"{binding.names} does not exist"
    found = _extreme(result, row, column, binding) if row in _EXTREMES else str(result.frame.at[row, column])
    return "" if found == binding.is_id else f"{binding.names} is {found}, not {binding.is_id}"


def check_reconciled(reconciled: Iterable[Reconciled]) -> None:
    """InputError for every exact figure of data/published/ that does not come out of its cell.

    The cell is the one to which it is bound.
    """
    fix = (
        "npl-report tieout shows it beside the others; correct the data, or the binding in data/published/bindings.toml"
    )
    if problems := [
        Problem(
            f"tie-out {item.id}",
            column=item.cell,
            value=item.computed,
            rule=f"the published figure is {item.published}",
            fix=fix,
        )
        for item in reconciled
        if item.failed
    ]:
        raise InputError(problems)


def public_reconciled(whole: list[Reconciled], shown: list[Reconciled]) -> list[Reconciled]:
    """The tie-out of all results, without computed values that are not published.

    Such a value is left out where that of the published results does not have it: ``shown`` is theirs.
    """
    pairs = zip(whole, shown, strict=True)
    return [
        item
        if (item.computed, item.other) == (there.computed, there.other)
        else replace(item, computed="", difference="", other="")
        for item, there in pairs
    ]
