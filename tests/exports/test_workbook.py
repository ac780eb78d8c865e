"""The workbook: a cover, notes and a sheet per table whose cells hold what the CSV downloads hold.

It says that the sample is reconstructed.
"""

from __future__ import annotations

import csv
import io
import math
import re
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from npl_report.exports import workbook as workbook_module
from npl_report.exports.workbook import _probability, workbook
from npl_report.model import WORD_UNITS, Unit
from npl_report.tables import catalogue
from npl_report.text.words import Words
from tests.helpers.every import every
from tests.helpers.market import MARKET, table_words_of, words_of
from tests.helpers.markup import LANGUAGES, TABLES
from tests.present.profiled import localized

HEAD = 4
"""Row of the column heads, counted from one."""


@cache
def opened(folder: Path, language: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / "downloads" / f"tables.{language}.xlsx")


def sheet_of(folder: Path, language: str, table: str) -> list[list[object]]:
    """Rows of values of a table's sheet, found by its title."""
    title = str(table_words_of(table, language)["title"])
    found = [sheet for sheet in opened(folder, language).worksheets[2:] if str(sheet["A1"].value).endswith(f" {title}")]
    assert len(found) == 1
    return [list(row) for row in found[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_are_cover_notes_and_tables(built: Path, language: str):
    localized, words = opened(built, language), words_of(language)
    assert localized.sheetnames[:2] == [words["workbook.cover"], words["workbook.notes"]]
    assert len(localized.sheetnames) == 2 + len(TABLES)
    listed = [row[0].value for row in localized.worksheets[0].iter_rows() if row[0].hyperlink]
    assert listed == localized.sheetnames[2:]
    assert [row[0] for row in localized.worksheets[1].iter_rows(min_row=2, values_only=True)] == localized.sheetnames[
        2:
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_says_that_the_sample_is_reconstructed(built: Path, language: str):
    said = str(words_of(language)["note.reconstructed"])
    localized = opened(built, language)
    assert any(
        said[:2] in str(cell) for row in localized.worksheets[0].iter_rows(values_only=True) for cell in row if cell
    )
    assert all(sheet["B3"].value == said for sheet in localized.worksheets[2:])


@pytest.mark.parametrize("language", LANGUAGES)
@every("table", TABLES)
def test_cells_are_those_of_the_csv(built: Path, table: str, language: str):
    """Numbers equal to 16 digits, which is what the writer of the format keeps; words are named, ids are not.

    Amounts are in the unit of the pages.
    """
    scale = float(words_of(language)["unit.money"]["scale"])
    with (built / "downloads" / "tables" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        stored = list(csv.reader(file))[1:]
    columns = catalogue(MARKET)[table].columns
    rows = sheet_of(built, language, table)[HEAD:]
    assert [row[0] for row in rows] == [row[0] for row in stored]
    for row, texts in zip(rows, stored, strict=True):
        for column, cell, text in zip(columns, row[2:], texts[1:], strict=True):
            if text == "":
                assert cell is None
            elif column.unit is Unit.DATE:
                assert f"{cell:%Y-%m-%d}" == text
            elif column.unit in WORD_UNITS:
                assert isinstance(cell, str)
                assert cell
            else:
                shown = float(text) * (scale if column.unit is Unit.MONEY else 1)
                assert math.isclose(float(str(cell)), shown, rel_tol=1e-15, abs_tol=0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_cells_show_the_decimals_of_the_pages(built: Path, language: str):
    title = str(table_words_of("recovery_by_type", language)["title"])
    sheet = next(sheet for sheet in opened(built, language).worksheets if str(sheet["A1"].value).endswith(title))
    forms = {
        column.key: sheet.cell(HEAD + 1, 3 + place).number_format
        for place, column in enumerate(catalogue(MARKET)["recovery_by_type"].columns)
    }
    assert (forms["n_included"], forms["mean_recovery"], forms["volatility"], forms["mean_coverage"]) == (
        "#,##0",
        "0.00%",
        "0.00%",
        '0.00"x"',
    )


def test_probabilities_have_the_floor_of_the_pages():
    """A spreadsheet rounds half up, as pages do: from half of the last place on the figure, below it the floor,
    nought as it is."""
    assert _probability(3) == '[>=0.0005]0.000;[>0]"<0.001";0.000'
    assert _probability(1) == '[>=0.05]0.0;[>0]"<0.1";0.0'


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_has_its_declared_decimals(built: Path, language: str):
    """Of the format's places, whatever signs stand around them; amounts have those of the language's pages."""
    money = words_of(language)["unit.money"]
    shift = int(money["shift"]) if "shift" in money else 0
    for table in TABLES:
        title = str(table_words_of(table, language)["title"])
        sheet = next(
            sheet for sheet in opened(built, language).worksheets[2:] if str(sheet["A1"].value).endswith(f" {title}")
        )
        for place, column in enumerate(catalogue(MARKET)[table].columns):
            form = next(
                (
                    cell.number_format
                    for (cell,) in sheet.iter_rows(min_row=HEAD + 1, min_col=3 + place, max_col=3 + place)
                    if cell.value is not None
                ),
                None,
            )
            if form is None or column.unit is Unit.DATE:
                continue
            if column.unit in WORD_UNITS:
                assert form == "General", (table, column.key)
            else:
                found = re.search(r"0(?:\.(0+))?(?=%|\"x\"|$)", form)
                assert found, (table, column.key, form)
                moved = shift if column.unit is Unit.MONEY else 0
                assert len(found.group(1) or "") == max(0, column.printed_decimals + moved), (table, column.key, form)


@pytest.mark.parametrize(("language", "unit"), [("zh", "亿元"), ("en", "CNY mn")])
def test_amounts_have_the_unit_of_the_pages(built: Path, language: str, unit: str):
    with (built / "downloads" / "tables" / "issuance_by_type.csv").open(encoding="utf-8", newline="") as file:
        stored = next(row for row in csv.DictReader(file) if row["row"] == "total")
    rows = sheet_of(built, language, "issuance_by_type")
    heads, total = rows[HEAD - 1], next(row for row in rows if row[0] == "total")
    place = next(place for place, head in enumerate(heads) if f"({unit})" in str(head))
    page = (built / language / "tables" / "issuance_by_type.html").read_text(encoding="utf-8")
    assert f"({unit})" in page
    assert f"{total[place]:.2f}" == f"{float(stored['issuance [cny_mn]']) / (100 if language == 'zh' else 1):.2f}"


def test_properties_are_those_of_the_edition(built: Path):
    properties = opened(built, "en").properties
    assert f"{properties.created:%Y-%m-%d}" == "2020-04-15"
    assert properties.title == "NPL Securitisation Research"


def test_a_table_of_more_rows_than_a_sheet_says_where_the_rest_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook_module, "MOST", 2)
    of = localized.__wrapped__("en")
    of.series_words = Words(dict.fromkeys(("title", "subtitle", "publisher", "copyright"), "Tiny"), "x")
    found = openpyxl.load_workbook(io.BytesIO(workbook(of)))
    title = str(table_words_of("deal_summary", "en")["title"])
    deals = next(sheet for sheet in found.worksheets if str(sheet["A1"].value).endswith(title))
    cells = [[cell.value for cell in row] for row in deals.iter_rows()]
    assert len(cells) == HEAD + 2
    told = "The first 2 of 6 rows, as many as a sheet holds; tables/deal_summary.csv of the downloads has all."
    assert told in cells[2]
    assert deals.auto_filter.ref.endswith(str(HEAD + 2))
