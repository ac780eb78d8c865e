"""What the tables of an edition are → a script that a page loads when the first of its figures is asked about.

Of a figure it has the names of its row and column, the number of deals behind it, and what its table says. A script,
because a page opened from disk may not fetch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from npl_report.files.writing import as_json
from npl_report.model import Column, Result, Unit
from npl_report.present.localized import Entry, LocalizedEdition

FIGURES = "figure-index.js"
"""Name of the script in the language's folder."""
_WORDS = ("ui.passport", "figure.definition", "figure.table", "figure.n", "figure.close")


def figure_index(localized: LocalizedEdition) -> bytes:
    """The script of one language."""
    content = {
        "words": {word.partition(".")[2]: str(localized.words[word]) for word in _WORDS},
        "tables": {key: _table(entry, localized) for key, entry in localized.entries.items()},
    }
    return f"globalThis.nplFigures = {as_json(content)};\n".encode()


def _table(entry: Entry, localized: LocalizedEdition) -> Mapping[str, object]:
    """A table: of each column its head, its unit and by which column its deals are counted; of each row its name."""
    view = entry.view
    counts = {head.key: _counted(entry, head.key) for head in view.heads}
    counting = sorted(set(counts.values()) - {""})
    rows = () if view.long else view.rows
    return {
        "title": f"{view.label} {view.title}",
        "summary": str(entry.words["summary"]),
        "columns": {head.key: [head.label, head.unit, counts[head.key]] for head in view.heads},
        "rows": {row.id: [row.label, _numbers(entry, row.id, counting, localized)] for row in rows},
    }


def _counted(entry: Entry, column: str) -> str:
    """The column that counts the deals of one, which none does for itself."""
    counted = entry.table.counted(column)
    return counted if counted != column and entry.table.column(column).numeric else ""


def _numbers(entry: Entry, row: str, columns: Sequence[str], localized: LocalizedEdition) -> Mapping[str, str]:
    """The numbers of deals in a row, by the columns that count them."""
    result, numbers, found = entry.result, localized.printer.numbers, {}
    for column in columns:
        value = result.cell(row, column) if isinstance(result, Result) else None
        if isinstance(value, int | float):
            found[column] = numbers.text(float(value), Column(column, Unit.DEALS))
    return found
