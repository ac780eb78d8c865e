"""The tie-out → what its page prints.

Each published figure beside the computed one, and where the computed one stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from npl_report.model import ResearchTable, Result, Unavailable
from npl_report.reconcile.reconciliation import Reconciled
from npl_report.text.names import Names
from npl_report.text.numbers import MINUS
from npl_report.text.words import Words

LEFT_OUT = ("context", "unreachable")
"""Verdicts of figures with nothing beside them: they are counted, and have no row."""
_STATEMENTS = ("@highest", "@lowest", "@count")


@dataclass(frozen=True)
class ReconciliationRow:
    """One published figure.

    ``place`` names the cell it is bound to; ``computed`` holds both readings of an ambiguous figure; ``href`` leads to
    its passport (empty if it has none).
    """

    id: str
    place: str
    href: str
    unit: str
    published: str
    computed: str
    difference: str
    verdict: str
    word: str


@dataclass(frozen=True)
class ReconciliationCount:
    """How many figures of a kind have a verdict."""

    kind: str
    verdict: str
    count: int


def reconciliation_rows(
    reconciled: list[Reconciled],
    tables: Mapping[str, ResearchTable],
    results: Mapping[str, Result | Unavailable],
    titles: Mapping[str, str],
    columns: Mapping[str, Words],
    names: Names,
    words: Words,
    published: set[str],
    where: Callable[[str, str, str], str],
    day: Callable[[date], str],
) -> list[ReconciliationRow]:
    """Rows of the page, without what is no result of deal-level data and what this edition does not compare.

    ``published``: tables that have a passport page; ``where`` gives the address of a figure on one, ``day`` prints a
    date.
    """
    rows = []
    for item in reconciled:
        if item.verdict in LEFT_OUT:
            continue
        key, row, column = item.cell.parts if item.cell else ("", "", "")
        place, href = "" if key else item.subject.replace("_", " "), ""
        if key in tables:
            table, there = tables[key], _exists(results.get(key), row)
            head = str(columns[key][f"columns.{column}"]) if column else ""
            label = _label(row, table, names, words, there=there)
            place = str(words["ui.place"]).format(table=titles[key], row=label, column=head)
            if key in published:
                anchored = there and item.as_of is None
                href = where(key, row, column) if anchored else f"tables/{key}.html"
            if item.as_of:
                place = str(words["ui.place_on"]).format(place=place, date=day(item.as_of))
            if item.rank:
                place = str(words["statement.rank"]).format(place=place)
        rows.append(_printed(item, place, href, words))
    return rows


def _label(row: str, table: ResearchTable, names: Names, words: Words, *, there: bool) -> str:
    """The name of a row, if it is ``there``; what is said of all rows, such as the highest, is none."""
    if row in _STATEMENTS:
        return str(words[f"statement.{row.removeprefix('@')}"])
    return names.name(table.rows, row) if there else row


def _printed(item: Reconciled, place: str, href: str, words: Words) -> ReconciliationRow:
    """The row of a figure whose place is known."""
    unit = f"ledger_unit.{item.unit}"
    computed = item.computed + (f" / {item.other}" if item.other else "")
    return ReconciliationRow(
        item.id,
        place,
        href,
        str(words[unit]) if unit in words else "",
        item.published.replace("-", MINUS),
        computed.replace("-", MINUS),
        "" if item.other else item.difference.replace("-", MINUS),
        item.verdict,
        _verdict(item.verdict, item.elsewhere, words),
    )


def reconciliation_counts(reconciled: list[Reconciled], words: Words) -> list[ReconciliationCount]:
    """Numbers of figures by kind and verdict, in words."""
    numbers = Counter((item.kind, item.verdict, item.elsewhere) for item in reconciled)
    return [
        ReconciliationCount(str(words[f"kind.{kind}"]), _verdict(verdict, elsewhere, words), count)
        for (kind, verdict, elsewhere), count in sorted(numbers.items())
    ]


def _verdict(verdict: str, elsewhere: str, words: Words) -> str:
    """The verdict in words; ``elsewhere``: the edition to which the comparison is left."""
    return str(words["verdict.elsewhere"]).format(edition=elsewhere) if elsewhere else str(words[f"verdict.{verdict}"])


def _exists(result: Result | Unavailable | None, row: str) -> bool:
    """Whether this edition has the row: a figure may be bound to one that the as-of date does not know."""
    return isinstance(result, Result) and row in result.frame.index
