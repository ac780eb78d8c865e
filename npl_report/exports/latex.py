"""A table as authors take it into a paper: LaTeX with booktabs, the same printed figures as the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from npl_report.exports.citation import address
from npl_report.model import ResearchTable, Unit
from npl_report.present.localized import Entry, LocalizedEdition
from npl_report.present.views import TableView

_SIGNS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        **{sign: rf"\{sign}" for sign in "{}$&#%_"},
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        '"': "''",
        # at the start of a line of a table these would belong to the break before it
        "[": "{[}",
        "]": "{]}",
        "*": "{*}",
        "<": "$<$",
        ">": "$>$",
        "\u2212": "$-$",
        "\u2264": r"$\le$",
        "\u2265": r"$\ge$",
        "\u00d7": r"$\times$",
        "\u00b1": r"$\pm$",
        "\u00b7": r"$\cdot$",
        "\u00b2": "$^2$",
        "\u2014": "---",
        "\u2013": "--",
        "\u2026": r"\dots{}",
        "\u00a0": "~",
    }
)
"""Signs that mean something to LaTeX, and those that its fonts may lack."""
_WIDE = 7
"""Columns beyond which a table is set smaller and closer, its heads in several lines."""
_SHRUNK = r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{"
"""Begins what is shrunk to the width of the line if it is wider, and left as it is otherwise."""
_HEAD = 12
"""Characters of a line of such a head, unless a word is longer."""


def typeset(table: ResearchTable) -> bool:
    """Whether a table has a LaTeX file.

    Those of a model have, whose rows are its variables, and those with models beside each other with their p values.
    """
    return table.rows is Unit.REGRESSOR or any(
        column.span and column.unit is Unit.PROBABILITY for column in table.columns
    )


def tex_path(key: str, language: str) -> str:
    """Where the file stands in the edition's folder."""
    return f"downloads/tables/{key}.{language}.tex"


def tex_files(localized: LocalizedEdition) -> dict[str, bytes]:
    """The LaTeX files of one language, by path in the edition's folder."""
    return {
        tex_path(key, localized.language): table_tex(localized, entry).encode()
        for key, entry in localized.entries.items()
        if typeset(entry.table)
    }


def escaped(text: str) -> str:
    """Text as LaTeX reads it, in one line."""
    return " ".join(text.split()).translate(_SIGNS)


def table_tex(localized: LocalizedEdition, entry: Entry) -> str:
    """A ``table`` with caption, label, figures and note; a table that cannot be computed says why in their place."""
    view = entry.view
    content = [escaped(view.unavailable)] if view.unavailable else list(_tabular(view))
    if _columns(view) > _WIDE and not view.unavailable:
        content = [_SHRUNK + content[0], *content[1:-1], content[-1] + "}"]
    lines = [
        *(f"% {' '.join(text.split())}" for text in _comments(localized, view)),
        r"\begin{table}[htbp]",
        r"\centering",
        rf"\caption{{{escaped(view.title)}}}",
        rf"\label{{tab:{view.key}}}",
        *([r"\footnotesize", r"\setlength{\tabcolsep}{3pt}"] if _columns(view) > _WIDE else []),
        *content,
        r"",
        r"\medskip",
        r"\begin{minipage}{\linewidth}",
        r"\footnotesize",
        *_notes(localized, view),
        r"\end{minipage}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _comments(localized: LocalizedEdition, view: TableView) -> Iterator[str]:
    """Where the table comes from, and what compiling it takes."""
    words, edition = localized.words, localized.edition
    yield f"{view.label} {view.title}"
    stand = (
        words["ui.edition"].format(id=edition.id),
        words["ui.revision"].format(n=edition.revision),
        words["ui.as_of"].format(date=edition.as_of),
    )
    yield str(words["ui.list_comma"]).join(stand)
    where = address(localized, f"{localized.language}/tables/{view.key}.html")
    if where:
        yield where
    wide = [str(words["ui.tex_wide"])] if _columns(view) > _WIDE else []
    yield str(words["ui.between_sentences"]).join([str(words["ui.tex_needs"]), *wide])


def _columns(view: TableView) -> int:
    return 1 + len(view.rows if view.upright else view.heads)


def _tabular(view: TableView) -> Iterator[str]:
    """The ``tabular``: heads, of which some may stand under a common one, and a line a row."""
    kinds = "r" * len(view.rows) if view.upright else "".join("r" if head.numeric else "l" for head in view.heads)
    yield rf"\begin{{tabular}}{{l{kinds}}}"
    yield r"\toprule"
    yield from _heads(view)
    yield r"\midrule"
    if view.upright:
        for place, head in enumerate(view.heads):
            yield _line([_named(head.label, head.unit), *(row.cells[place].text for row in view.rows)])
    else:
        for row in view.rows:
            yield _line([row.label, *(cell.text for cell in row.cells)])
    yield r"\bottomrule"
    yield r"\end{tabular}"


def _heads(view: TableView) -> Iterator[str]:
    if view.upright:
        yield _line([view.row_head, *(row.label for row in view.rows)])
        return
    if view.tops:
        column, tops, rules = 2, [""], []
        for top in view.tops:
            tops.append("" if top.head else rf"\multicolumn{{{top.width}}}{{c}}{{{escaped(top.label)}}}")
            rules += [] if top.head else [rf"\cmidrule(lr){{{column}-{column + top.width - 1}}}"]
            column += top.width
        yield f"{' & '.join(tops)} \\\\"
        yield " ".join(rules)
    names = [_named(head.short if head.span else head.label, head.unit) for head in view.heads]
    head = _stacked if _columns(view) > _WIDE else escaped
    yield f"{' & '.join([escaped(view.row_head), *map(head, names)])} \\\\"


def _stacked(name: str) -> str:
    """A head in as many lines as it has long words, for a table with many columns."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + len(word) < _HEAD:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    text = r" \\ ".join(map(escaped, lines))
    return rf"\shortstack[r]{{{text}}}" if len(lines) > 1 else text


def _named(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _line(cells: Sequence[str]) -> str:
    return f"{' & '.join(map(escaped, cells))} \\\\"


def _notes(localized: LocalizedEdition, view: TableView) -> Iterator[str]:
    """Note, reasons of gaps and sources as under the table on a page, and the notice on the data.

    The notice stands there on every page.
    """
    words = localized.words
    semicolon, colon = str(words["ui.semicolon"]), str(words["ui.colon"])
    missing = str(words["ui.missing"]).format(reasons=semicolon.join(view.reasons)) if view.reasons else ""
    note = str(words["ui.between_sentences"]).join(text for text in (view.note, missing, localized.notice) if text)
    if note:
        yield escaped(f"{words['ui.notes']}{colon}{note}") + r"\par"
    yield escaped(f"{words['ui.source']}{colon}{semicolon.join(view.sources)}")
