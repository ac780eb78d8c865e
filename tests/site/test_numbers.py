"""Numbers on pages against the downloads: the same stored value everywhere, and a text that follows from it by an
independent rounding."""

from __future__ import annotations

import csv
import json
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pytest

from npl_report.model import WORD_UNITS, Unit
from npl_report.tables import catalogue
from tests.helpers.every import every
from tests.helpers.market import MARKET
from tests.helpers.markup import LANGUAGES, PAGES, PATHS, TABLES, Number, read_page, table_pages

# How each language writes a unit, said here once more: (factor, change of the declared decimals, text in a cell, texts
# in prose).
FORMS = {
    ("zh", "deals"): ("1", 0, "{}", ("{}单",)),
    ("zh", "count"): ("1", 0, "{}", ("{}",)),
    ("zh", "money"): ("0.01", 0, "{}", ("{}亿元",)),
    ("zh", "rate"): ("100", 0, "{}%", ("{}%",)),
    ("zh", "points"): ("100", 0, "{}", ("{}个百分点",)),
    ("zh", "multiple"): ("1", 0, "{}", ("{}倍",)),
    ("zh", "months"): ("1", 0, "{}", ("{}个月",)),
    ("zh", "year"): ("1", 0, "{}", ("{}年",)),
    ("zh", "days"): ("1", 0, "{}", ("{}天",)),
    ("zh", "number"): ("1", 0, "{}", ("{}",)),
    ("zh", "probability"): ("1", 0, "{}", ("{}",)),
    ("zh", "rank"): ("1", 0, "{}", ("第{}位",)),
    ("en", "days"): ("1", 0, "{}", ("{} days", "1 day")),
    ("en", "number"): ("1", 0, "{}", ("{}",)),
    ("en", "probability"): ("1", 0, "{}", ("{}",)),
    ("en", "rank"): ("1", 0, "{}", ("no. {}",)),
    ("en", "deals"): ("1", 0, "{}", ("{} deals", "1 deal")),
    ("en", "count"): ("1", 0, "{}", ("{}",)),
    ("en", "money"): ("1", -2, "{}", ("CNY {} mn",)),
    ("en", "money_bn"): ("0.001", 0, "{}", ("CNY {} bn",)),
    ("en", "rate"): ("100", 0, "{}%", ("{}%",)),
    ("en", "points"): ("100", 0, "{}", ("{} pp",)),
    ("en", "multiple"): ("1", 0, "{}x", ("{}x",)),
    ("en", "months"): ("1", 0, "{}", ("{} months", "1 month")),
    ("en", "year"): ("1", 0, "{}", ("{}",)),
}
WORDS = {unit.value for unit in WORD_UNITS}
COUNTED = {Unit.DEALS, Unit.COUNT}
"""Units of what counts: an optional column of noughts tells nothing, and no page prints it."""


@cache
def stored(folder: Path, table: str) -> dict[str, str]:
    """Identity → stored value, from the CSV download."""
    with (folder / "downloads" / "tables" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        f"{table}/{row['row']}/{name.split(' [')[0]}": value
        for row in rows
        for name, value in row.items()
        if name != "row"
    }


@cache
def declared(folder: Path, table: str) -> dict[str, tuple[str, int]]:
    """Column → unit and decimals, from the JSON download."""
    columns = json.loads((folder / "downloads" / "tables" / f"{table}.json").read_text(encoding="utf-8"))["columns"]
    return {column["key"]: (column["unit"], column["decimals"]) for column in columns}


def written(raw: str, unit: str, decimals: int, language: str) -> str:
    """The figure alone: half up on the exact decimal, thousands separated, a true minus sign."""
    factor, shift, *_ = FORMS[language, unit]
    figure = (Decimal(raw) * Decimal(factor)).quantize(Decimal(1).scaleb(-max(0, decimals + shift)), ROUND_HALF_UP)
    if unit == "probability" and figure == 0 < Decimal(raw):
        return f"<{Decimal(1).scaleb(-decimals)}"
    figure = figure or abs(figure)
    return (f"{figure}" if unit == "year" else f"{figure:,}").replace("-", "−")


def texts(number: Number, unit: str, decimals: int, language: str) -> set[str]:
    """Every way in which the language may write the number at its place."""
    if number.in_table:
        return {FORMS[language, unit][2].format(written(number.value, unit, decimals, language))}
    answers = set()
    for form in (unit, f"{unit}_bn"):
        if (language, form) in FORMS:
            figure = written(number.value, form, decimals, language)
            many, *one = FORMS[language, form][3]
            answers.add(one[0] if one and figure == "1" else many.format(figure))
    return answers


@every("page", PAGES)
def test_stored_values_are_those_of_the_download(built: Path, page: str):
    differing = [
        (number.identity, number.value)
        for number in read_page(built / page).numbers
        if stored(built, number.identity.split("/")[0])[number.identity] != number.value
    ]
    assert differing == []


@every("page", PAGES)
def test_texts_follow_from_the_stored_values(built: Path, page: str):
    language, differing = page.split("/", maxsplit=1)[0], []
    for number in read_page(built / page).numbers:
        table, _, column = number.identity.split("/")
        unit, decimals = declared(built, table)[column]
        if unit in WORDS or unit == "date":
            continue
        if number.text not in texts(number, unit, decimals, language):
            differing.append((number.identity, number.value, number.text))
    assert differing == []


@every("page", PAGES)
def test_names_and_dates_are_written_out(built: Path, page: str):
    for number in read_page(built / page).numbers:
        table, _, column = number.identity.split("/")
        unit = declared(built, table)[column][0]
        if unit in WORDS:
            assert number.text.strip()
        elif unit == "date" and number.in_table:
            assert number.text == number.value


@every("path", PATHS)
def test_languages_show_the_same_values(built: Path, path: str):
    """In tables cell by cell; in prose as a set, because sentences differ."""
    pages = [read_page(built / language / path).numbers for language in LANGUAGES]
    cells = [[(number.identity, number.value) for number in numbers if number.in_table] for numbers in pages]
    assert all(other == cells[0] for other in cells[1:])


@pytest.mark.parametrize("language", LANGUAGES)
@every("table", TABLES)
def test_passport_shows_every_cell_of_the_download(built: Path, table: str, language: str):
    pages = [read_page(path) for path in table_pages(built, language, table)]
    numbers = [number for page in pages for number in page.numbers if number.in_table]
    shown = {number.identity: number.value for number in numbers}
    assert len(numbers) == len(shown)
    of = {column.key: column for column in catalogue(MARKET)[table].columns}
    every = [(identity, identity.split("/")[2], value) for identity, value in stored(built, table).items()]
    told = {column for _, column, value in every if value and not (of[column].unit in COUNTED and Decimal(value) == 0)}
    cells = {
        identity: value
        for identity, column, value in every
        if of[column].shown and (column in told or not of[column].optional)
    }
    assert shown == {identity: value for identity, value in cells.items() if value}
    assert {identity.split("/", 1)[1].replace("/", ".") for identity in cells} <= {
        id_ for page in pages for id_ in page.ids
    }


@every("page", [page for page in PAGES if page != "index.html"])
def test_numbers_in_prose_lead_to_their_cell(built: Path, page: str):
    if "/tables/" in page:
        return
    for number in read_page(built / page).numbers:
        if not number.in_table:
            table, row, column = number.identity.split("/")
            target, _, anchor = number.link.partition("#")
            there = (built / page).parent.joinpath(target).resolve()
            assert there in table_pages(built.resolve(), page.split("/", maxsplit=1)[0], table)
            assert (
                anchor == f"{row}.{column}" if catalogue(MARKET)[table].column(column).shown else anchor == "downloads"
            )
            assert anchor in read_page(there).ids


def test_there_is_something_to_compare(built: Path):
    numbers = read_page(built / "en" / "recovery.html").numbers
    assert sum(number.in_table for number in numbers) > 300
    assert sum(not number.in_table for number in numbers) > 50


@pytest.mark.parametrize(
    ("raw", "unit", "decimals", "language", "text"),
    [
        ("0.285", "rate", 0, "en", "29"),
        ("-0.0000004", "rate", 2, "en", "0.00"),
        ("-0.12345", "points", 2, "zh", "−12.35"),
        ("123456.7", "money", 2, "en", "123,457"),
        ("123456", "money", 2, "zh", "1,234.56"),
    ],
)
def test_the_independent_rounding_itself(raw: str, unit: str, decimals: int, language: str, text: str):
    assert written(raw, unit, decimals, language) == text
