"""Figures typed in a chapter's prose, each with the cells that print so: what ``npl-report bind`` proposes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from npl_report.model import WORD_UNITS, Result, Unit
from npl_report.present.localized import Entry, LocalizedEdition
from npl_report.text.lint import typed_places

_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_SENTENCE = re.compile(r"[。！？\n]|[.!?](?=\s)")
_CALL = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_WORD = re.compile(r"[^\W\d_]{3,}|[\u2e80-\u9fff]{2}")
_GAP = r"[ \u00a0\u202f]*"
_WIDE = re.compile("[\u2e80-\u9fff]")
MOST = 8
"""Cells that are proposed for a figure."""
_FORMS: tuple[tuple[Unit, str | None], ...] = ((Unit.MONEY, "bn"),)
_WHOLE, _HERE, _ROW, _BESIDE = 100, 4, 8, 6
"""What a cell gains that prints with the unit that is typed, stands in the chapter, names its row in the sentence, or
is of a table that the paragraph uses."""


@dataclass(frozen=True)
class Proposal:
    """A cell that prints as a typed figure: the ``binding`` to write, what it prints, and which cell it is.

    ``start``, ``end``: what it stands for in the source. ``whole``: its unit is typed beside the figure, too.
    """

    binding: str
    prints: str
    where: str
    start: int
    end: int
    whole: bool


@dataclass(frozen=True)
class Typed:
    """A figure typed by hand: its line, what is typed, the sentence around it, and the cells that print so."""

    line: int
    value: str
    sentence: str
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class _Printed:
    entry: Entry
    row: str
    column: str
    form: str | None
    text: str


def bindable(localized: LocalizedEdition, chapter: str, source: str) -> list[Typed]:
    """Every figure typed in the page's prose, in its order, the likeliest cells first."""
    places = typed_places(source)
    if not places:
        return []
    wanted = {_digits(source[start:end], localized) for start, end in places}
    printed: dict[str, list[_Printed]] = defaultdict(list)
    for cell in _cells(localized):
        for digits in {*_DIGITS.findall(cell.text)} & wanted:
            printed[digits].append(cell)
    found = []
    for start, end in places:
        cells = printed[_digits(source[start:end], localized)]
        line, sentence = source.count("\n", 0, start) + 1, _around(source, start, end)
        found.append(Typed(line, source[start:end], sentence, _ranked(localized, chapter, source, (start, end), cells)))
    return found


def bound(written: str, chosen: Iterable[Proposal]) -> str:
    """The file with these bindings in place of what is typed, and nothing else changed, line ends neither.

    Places are those of the text with one sign for an end of line.
    """
    origins = [*(sign.start() for sign in re.finditer(r"\r\n|.", written, re.DOTALL)), len(written)]
    for proposal in sorted(chosen, key=lambda one: one.start, reverse=True):
        written = written[: origins[proposal.start]] + proposal.binding + written[origins[proposal.end] :]
    return written


def _digits(typed: str, localized: LocalizedEdition) -> str:
    """The figure as cells print it, from digits of any width."""
    found = _DIGITS.search(typed.translate({ord("０") + digit: str(digit) for digit in range(10)} | {ord("．"): "."}))
    return found[0].rstrip(localized.printer.numbers.marks.decimal) if found else typed


def _cells(localized: LocalizedEdition) -> Iterator[_Printed]:
    """Every number of the published tables as prose prints it."""
    numbers = localized.printer.numbers
    for entry in localized.entries.values():
        if not isinstance(entry.result, Result):
            continue
        for column in entry.table.columns:
            if not column.numeric or column.unit in WORD_UNITS:
                continue
            forms = (None, *(form for unit, form in _FORMS if unit is column.unit and _has(localized, unit, form)))
            for row, value in entry.result.frame[column.key].dropna().items():
                printed = entry.table.printed_as(str(row), column)
                for form in forms:
                    text = numbers.text(float(value), printed, form)
                    yield _Printed(entry, str(row), column.key, form, text)


def _has(localized: LocalizedEdition, unit: Unit, form: str | None) -> bool:
    return f"unit.{unit.value}_{form}" in localized.words


def _around(source: str, start: int, end: int) -> str:
    """The sentence in which a figure stands, without calls."""
    before = max((match.end() for match in _SENTENCE.finditer(source, 0, start)), default=0)
    after = next((match.end() for match in _SENTENCE.finditer(source, end)), len(source))
    return " ".join(_CALL.sub("…", source[before:after]).split())


def _ranked(
    localized: LocalizedEdition, chapter: str, source: str, place: tuple[int, int], cells: list[_Printed]
) -> tuple[Proposal, ...]:
    """The proposals for a figure; where the unit is typed beside it, only those that print it."""
    sentence = _around(source, *place).casefold()
    beside = source[max(0, source.rfind("\n\n", 0, place[0])) : place[1]]
    scored = []
    for order, cell in enumerate(cells):
        start, end, whole = _extent(source, place, cell.text)
        score = _WHOLE * whole + _likely(localized, cell, sentence)
        score += _HERE * (cell.entry.chapter == chapter) + _BESIDE * (f'"{cell.entry.table.key}"' in beside)
        scored.append((-score, order, Proposal(_call(cell), cell.text, _named(localized, cell), start, end, whole)))
    ranked = [proposal for _, _, proposal in sorted(scored, key=lambda item: item[:2])]
    with_unit = [proposal for proposal in ranked if proposal.whole]
    return tuple((with_unit or ranked)[:MOST])


def _likely(localized: LocalizedEdition, cell: _Printed, sentence: str) -> int:
    """How much of the sentence is about the cell: its row's name, and words of its column and table."""
    names, unit = localized.printer.names, cell.entry.table.rows
    row = names.inline(unit, cell.row).casefold()
    words = cell.entry.words
    said = _words(sentence)
    column = 2 * len(said & _words(str(words[f"columns.{cell.column}"]))) if f"columns.{cell.column}" in words else 0
    return _ROW * (row in sentence) + column + len(said & _words(str(words["title"])))


def _words(text: str) -> set[str]:
    """Words of a text, and of Chinese every two signs that stand together."""
    plain = text.casefold()
    pairs = {plain[at : at + 2] for at in range(len(plain) - 1)}
    return {*_WORD.findall(plain)} | {pair for pair in pairs if len(_WIDE.findall(pair)) == len(pair)}


def _extent(source: str, place: tuple[int, int], text: str) -> tuple[int, int, bool]:
    """What of the source a printed figure stands for: with its unit, where that is typed as it prints."""
    digits = _DIGITS.search(text)
    if digits is None:
        return *place, False
    before, after = _loose(text[: digits.start()], ahead=True), _loose(text[digits.end() :], ahead=False)
    ahead = re.search(before + r"\Z", source[max(0, place[0] - len(text) - MOST) : place[0]])
    typed = re.match(r"[0-9０-９.,．，]*", source[place[0] :])
    end = place[0] + (typed.end() if typed and source[place[1] - 1] in "%％" else place[1] - place[0])
    behind = re.compile(after).match(source, end)
    if ahead is None or behind is None or (after and behind.end() < place[1]):
        return *place, False
    return place[0] - len(ahead[0]), max(behind.end(), place[1]), True


def _loose(text: str, *, ahead: bool) -> str:
    """A pattern for the unit before or behind a figure, with or without the blank that parts them."""
    parts = text.replace("\u00a0", " ").split()
    if not parts:
        return ""
    unit = _GAP.join(map(re.escape, parts))
    if ahead:
        return f"(?<![A-Za-z]){unit}{_GAP}"
    return f"{_GAP}{unit}(?![A-Za-z])" if parts[-1][-1].isalpha() else f"{_GAP}{unit}"


def _call(cell: _Printed) -> str:
    form = f', form="{cell.form}"' if cell.form else ""
    return f'{{{{ n("{cell.entry.table.key}", "{cell.row}", "{cell.column}"{form}) }}}}'


def _named(localized: LocalizedEdition, cell: _Printed) -> str:
    """Which cell it is, as readers know it."""
    entry, words = cell.entry, cell.entry.words
    row = localized.printer.names.name(entry.table.rows, cell.row)
    column = str(words[f"columns.{cell.column}"]) if f"columns.{cell.column}" in words else cell.column
    return f"{entry.view.label} {words['title']} · {row} · {column}"
