"""A localized edition → one XLSX: a cover, the notes, and a sheet per table.

Cells hold the stored digits under the decimals that pages print, amounts in the unit of the language's pages.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

import pandas as pd

from npl_report.model import WORD_UNITS, Column, Unavailable, Unit
from npl_report.present.localized import Entry, LocalizedEdition

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_GREY, _BLUE, _WARM, _HEAD = "#5c6975", "#1f4e79", "#b4561a", "#e3ebf3"
_NARROW, _NAME, _WORD = 14, 30, 22
"""Widths of columns in characters."""
_LINE = 15
"""Points of a line."""
_HEAD_ROW = 3
"""Row of the column heads of a table's sheet, counted from nought; above it stand the title, the summary and a line
of links."""
MOST = 2**20 - _HEAD_ROW - 1
"""Rows of a table that a sheet has room for."""


def workbook(localized: LocalizedEdition) -> bytes:
    """All tables of one language.

    Deterministic: its dates are the edition's, and nothing in it depends on the machine. A row is gone from memory when
    the next is begun, so that cells are written row by row, and what is said of a row before the next one.
    """
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as file:
        published = datetime.fromisoformat(localized.edition.published_iso)
        series = localized.series_words
        file.set_properties(
            {
                "title": series["title"],
                "subject": series["subtitle"],
                "company": series["publisher"],
                "comments": localized.notice,
                "created": published,
            }
        )
        _Sheets(localized, file).write()
    return out.getvalue()


class _Sheets:
    """Writes the sheets of one workbook."""

    def __init__(self, localized: LocalizedEdition, file: Workbook) -> None:
        self._localized = localized
        self._words = localized.words
        self._file = file
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self) -> None:
        """The cover and the notes come first; they link to the sheets."""
        sheets = [
            self._file.add_worksheet(str(name))
            for name in (self._words["workbook.cover"], self._words["workbook.notes"])
        ]  # the first of the file
        self._cover(sheets[0])
        self._notes(sheets[1])
        for entry in self._localized.entries.values():
            self._table(self._file.add_worksheet(entry.view.label), entry)

    def _style(self, **given: Any) -> Any:
        """A format; each is made once."""
        key = tuple(sorted(given.items()))
        if key not in self._formats:
            self._formats[key] = self._file.add_format({"valign": "top", **given})
        return self._formats[key]

    def _cover(self, sheet: Worksheet) -> None:
        words, series, edition = self._words, self._localized.series_words, self._localized.edition
        widths = (16, 64, 34)
        sheet.hide_gridlines(2)
        _set_page(sheet, widths)
        sheet.set_row(0, 2 * _LINE)
        sheet.write_string(0, 0, series["title"], self._style(bold=True, font_size=18, font_color=_BLUE))
        sheet.write_string(1, 0, series["subtitle"], self._style(font_size=12, font_color=_GREY))
        facts = [
            (
                words["ui.edition_label"],
                f"{edition.id}{words['ui.list_comma']}{words['ui.revision'].format(n=edition.revision)}",
            ),
            (words["ui.as_of_label"], edition.as_of),
            (words["ui.published_on"], edition.published_on),
            (words["workbook.units_label"], words["workbook.units"]),
            (words["ui.notes"], self._localized.notice),
            ("", series["copyright"]),
        ]
        row = 3
        for label, text in facts:
            if text:
                sheet.write_string(row, 0, label, self._style(font_color=_GREY))
                sheet.write_string(row, 1, text, self._style(text_wrap=True))
                sheet.set_row(row, _height([text], widths[1:]))
                row += 1
        self._contents(sheet, row + 1)

    def _contents(self, sheet: Worksheet, row: int) -> None:
        """The list of the sheets, from a row on."""
        words, head = self._words, self._style(bold=True, bg_color=_HEAD, bottom=1)
        for place, label in enumerate((words["workbook.sheet"], words["workbook.title"], words["workbook.chapter"])):
            sheet.write_string(row, place, label, head)
        for number, entry in enumerate(self._localized.entries.values(), start=row + 1):
            link = self._style(font_color=_BLUE, underline=1)
            sheet.write_url(number, 0, f"internal:'{entry.view.label}'!A1", link, entry.view.label)
            sheet.write_string(number, 1, entry.view.title, self._style(text_wrap=True))
            sheet.write_string(number, 2, self._localized.titles[entry.chapter], self._style())

    def _notes(self, sheet: Worksheet) -> None:
        words, wrapped = self._words, self._style(text_wrap=True)
        widths = (12, 34, 50, 60, 50)
        _set_page(sheet, widths)
        for place, label in enumerate(
            (
                words["workbook.sheet"],
                words["workbook.title"],
                words["workbook.summary"],
                words["ui.notes"],
                words["ui.source"],
            )
        ):
            sheet.write_string(0, place, label, self._style(bold=True, bg_color=_HEAD, bottom=1))
        for row, entry in enumerate(self._localized.entries.values(), start=1):
            view, comma = entry.view, str(words["ui.semicolon"])
            missing = words["ui.missing"].format(reasons=comma.join(view.reasons)) if view.reasons else ""
            note = str(words["ui.between_sentences"]).join(text for text in (view.note, missing) if text)
            texts = (view.label, view.title, str(entry.words["summary"]), note, comma.join(view.sources))
            for place, text in enumerate(texts):
                sheet.write_string(row, place, text, wrapped)
            sheet.set_row(row, _height(texts, widths))
        sheet.freeze_panes(1, 1)

    def _above(self, sheet: Worksheet, entry: Entry) -> None:
        """What stands above the heads of a table, among it where the rest is if it has more rows than a sheet."""
        view, rows = entry.view, 0 if isinstance(entry.result, Unavailable) else len(entry.result.frame)
        sheet.write_string(0, 0, f"{view.label} {view.title}", self._style(bold=True, font_size=13, font_color=_BLUE))
        sheet.write_string(1, 0, str(entry.words["summary"]), self._style(font_color=_GREY))
        cover = self._words["workbook.cover"]
        sheet.write_url(
            2,
            0,
            f"internal:'{cover}'!A1",
            self._style(font_color=_BLUE, underline=1),
            str(self._words["workbook.back"]),
        )
        if self._localized.notice:
            sheet.write_string(2, 1, str(self._words["note.reconstructed"]), self._style(bold=True, font_color=_WARM))
        if rows > MOST:
            whole = self._localized.printer.numbers.marks.whole
            told = {"n": whole(MOST), "whole": whole(rows), "file": f"tables/{entry.table.key}.csv"}
            cut = str(self._words["workbook.cut"]).format(**told)
            sheet.write_string(2, 3, cut, self._style(bold=True, font_color=_WARM))

    def _table(self, sheet: Worksheet, entry: Entry) -> None:
        view, table = entry.view, entry.table
        self._above(sheet, entry)
        widths = (_WORD, _NAME, *(_WORD if column.unit in WORD_UNITS else _NARROW for column in table.columns))
        _set_page(sheet, widths)
        sheet.repeat_rows(_HEAD_ROW)
        sheet.set_footer(f"&L{entry.view.label}&R&P / &N")
        if isinstance(entry.result, Unavailable):
            sheet.write_string(_HEAD_ROW, 0, view.unavailable)
            return
        heads = [
            str(self._words["workbook.row"]),
            view.row_head,
            *(self._head(column, entry) for column in table.columns),
        ]
        for place, (label, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.write_string(
                _HEAD_ROW,
                place,
                label,
                self._style(
                    bold=True, bg_color=_HEAD, bottom=1, text_wrap=True, align="right" if width == _NARROW else "left"
                ),
            )
        sheet.set_row(_HEAD_ROW, _height(heads, widths))
        frame = entry.result.frame.iloc[:MOST]
        self._rows(sheet, entry, frame)
        sheet.freeze_panes(_HEAD_ROW + 1, 2)
        sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(frame), len(heads) - 1)

    def _rows(self, sheet: Worksheet, entry: Entry, frame: pd.DataFrame) -> None:
        names = self._localized.printer.names
        columns = [(column, frame[column.key].tolist(), self._cell_style(column)) for column in entry.table.columns]
        own = {
            (row, column.key): self._cell_style(entry.table.printed_as(row, column))
            for column, row in product(entry.table.columns, entry.table.row_decimals)
        }
        for place, row in enumerate(map(str, frame.index)):
            at = _HEAD_ROW + 1 + place
            sheet.write_string(at, 0, row, self._style(font_color=_GREY))
            sheet.write_string(at, 1, names.name(entry.table.rows, row), self._style())
            for number, (column, values, usual) in enumerate(columns, start=2):
                value, style = values[place], own.get((row, column.key), usual)
                if pd.isna(value):
                    continue
                if column.unit in WORD_UNITS:
                    sheet.write_string(at, number, names.name(column.unit, str(value)), style)
                elif column.unit is Unit.DATE:
                    sheet.write_datetime(at, number, value.to_pydatetime(), style)
                else:
                    sheet.write_number(at, number, self._shown(float(value), column), style)

    def _shown(self, value: float, column: Column) -> float:
        """An amount in the unit of the pages; anything else as it is stored."""
        if column.unit is not Unit.MONEY:
            return value
        return float(Decimal(repr(value)) * Decimal(repr(self._localized.printer.numbers.style(Unit.MONEY).scale)))

    def _head(self, column: Column, entry: Entry) -> str:
        label, money = str(entry.words[f"columns.{column.key}"]), self._localized.printer.numbers.head(Unit.MONEY)
        return f"{label} ({money})" if column.unit is Unit.MONEY else label

    def _cell_style(self, column: Column) -> Any:
        if column.unit in WORD_UNITS:
            return self._style()
        moved = self._localized.printer.numbers.style(Unit.MONEY).shift if column.unit is Unit.MONEY else 0
        decimals = max(0, column.printed_decimals + moved)
        places = "0" + ("." + "0" * decimals if decimals else "")
        form = {
            Unit.RATE: f"{places}%",
            Unit.POINTS: f"{places}%",
            Unit.MONEY: f"#,##{places}",
            Unit.DATE: "yyyy-mm-dd",
            Unit.YEAR: "0",
            Unit.MULTIPLE: f'{places}"x"',
            Unit.PROBABILITY: _probability(column.printed_decimals),
        }
        return self._style(num_format=form.get(column.unit, f"#,##{places}"))


def _probability(decimals: int) -> str:
    """A format that prints what would round to nought, and is not, as pages do: <0.001."""
    places, half = "0." + "0" * decimals, "0." + "0" * decimals + "5"
    return f'[>={half}]{places};[>0]"<{places[:-1]}1";{places}' if decimals else "0"


def _set_page(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Widths of the columns; on paper A4, across, as wide as the page."""
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _height(texts: Sequence[str], widths: Sequence[int]) -> int:
    """Points that a row of wrapped texts needs; not every program finds that out by itself.

    Wide characters count twice.
    """
    lines = [
        -(-sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text) // width)
        for text, width in zip(texts, widths, strict=False)
    ]
    return _LINE * max(1, *lines)
