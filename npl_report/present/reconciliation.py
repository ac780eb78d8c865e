"""The tie-out → what its page prints: each published figure beside the computed one, and where the computed one stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from npl_report.model import ResearchTable, Result, Unavailable
from npl_report.reconcile.reconciliation import Reconciled
from npl_report.text.names import Names
from npl_report.text.numbers import MINUS
from npl_report.text.words import Words

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
) -> list[ReconciliationRow]:
    """Rows of the page, without what is no result of deal-level data.

    ``published``: tables that have a passport page.
    """
    rows = []
    for item in reconciled:
        if item.verdict == "context":
            continue
        key, row, column = item.cell.split("/") if item.cell else ("", "", "")
        place, href = "", ""
        if not key:
            place = item.subject.replace("_", " ")
        if key in tables:
            label = row
            if row in _STATEMENTS:
                label = str(words[f"statement.{row.removeprefix('@')}"])
            elif _exists(results.get(key), row):
                label = names.name(tables[key].rows, row)
            place = str(words["ui.place"]).format(
                table=titles[key], row=label, column=str(columns[key][f"columns.{column}"]) if column else ""
            )
            anchored = item.verdict != "unreachable" and _exists(
                results.get(key), row
            )  # a statement is no row, and a table may not be published
            href = (
                f"tables/{key}.html" + (f"#{tables[key].place(row, column)}" if anchored else "")
                if key in published
                else ""
            )
            if item.rank:
                place = str(words["statement.rank"]).format(place=place)
        unit = (
            str(words[f"ledger_unit.{item.unit}"])
            if f"ledger_unit.{item.unit}" in words and not _bare_sign(item)
            else ""
        )
        published_text, computed, difference = (
            text.replace("-", MINUS)
            for text in (
                item.published,
                item.computed + (f" / {item.other}" if item.other else ""),
                "" if item.other else item.difference,
            )
        )
        rows.append(
            ReconciliationRow(
                item.id,
                place,
                href,
                unit,
                published_text,
                computed,
                difference,
                item.verdict,
                _verdict(item.verdict, item.elsewhere, words),
            )
        )
    return rows


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


def _bare_sign(item: Reconciled) -> bool:
    """Whether the figure is the sign of an effect that this edition does not estimate: a sign is a unit of what is compared only."""
    return item.unit == "sign" and item.verdict == "unreachable"
