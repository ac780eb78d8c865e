"""Downloads of tables: RFC 4180, the stored digits, ids instead of words."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from npl_report.compare.recorded import header, table_json
from npl_report.exports.downloads import evidence_csv, table_csv
from npl_report.model import Column, DefinitionError, Edition, ResearchTable, Result, Unavailable, Unit, Window
from npl_report.tables import catalogue
from tests.helpers import tiny
from tests.helpers.every import every
from tests.helpers.market import MARKET
from tests.helpers.markup import LANGUAGES, TABLES, read_page

DRAWN = [key for key in TABLES if catalogue(MARKET)[key].chart]
THIRD = 1 / 3  # needs all 17 digits

TABLE = ResearchTable(
    key="sample",
    rows=Unit.TERM,
    columns=(
        Column("size", Unit.MONEY),
        Column("share", Unit.RATE),
        Column("on", Unit.DATE),
        Column("n", Unit.DEALS),
        Column("name", Unit.TERM),
    ),
    evidence=(Column("deal", Unit.DEAL), Column("share", Unit.RATE)),
    compute=lambda: None,  # type: ignore[arg-type,return-value]
    sources=("method",),
)
FRAME = pd.DataFrame(
    {
        "size": [1200.5, None],
        "share": [THIRD, 0.1],
        "on": [pd.Timestamp("2020-03-17"), pd.Timestamp("2019-01-02")],
        "n": [3.0, 0.0],
        "name": ['a "b", c', "d"],
    },
    index=["one", "two"],
)
EVIDENCE = pd.DataFrame({"row": ["one", "one"], "deal": ["x,y", "z"], "share": [THIRD, float("nan")]})
RESULT = Result(FRAME, EVIDENCE, {("two", "size"): Unavailable("no_reports", needed=1, found=0)})
NONE = Unavailable("no_deals", needed=1, found=0)
WINDOW = Window(1, 2, "chosen")
SETTINGS = Edition(
    "2020-03",
    date(2020, 3, 17),
    date(2020, 4, 15),
    2,
    ("en",),
    MARKET,
    {"corporate": WINDOW, "mortgage": WINDOW, "unsecured": WINDOW},
    WINDOW,
)


@pytest.mark.parametrize(
    ("unit", "head"),
    [
        (Unit.MONEY, "x [cny_mn]"),
        (Unit.RATE, "x [fraction]"),
        (Unit.POINTS, "x [fraction]"),
        (Unit.MULTIPLE, "x [times]"),
        (Unit.MONTHS, "x [months]"),
        (Unit.DEALS, "x"),
        (Unit.DATE, "x"),
        (Unit.DEAL, "x"),
    ],
)
def test_heads_name_the_stored_unit(unit: Unit, head: str):
    assert header(Column("x", unit), "CNY") == head


def test_table_csv():
    assert table_csv(TABLE, RESULT, "CNY") == (
        b"row,size [cny_mn],share [fraction],on,n,name\r\n"
        b'one,1200.5,0.3333333333333333,2020-03-17,3,"a ""b"", c"\r\n'
        b"two,,0.1,2019-01-02,0,d\r\n"
    )


def test_evidence_csv():
    assert (
        evidence_csv(TABLE, RESULT, "CNY") == b'row,deal,share [fraction]\r\none,"x,y",0.3333333333333333\r\none,z,\r\n'
    )


def test_unavailable_table():
    assert table_csv(TABLE, NONE, "EUR") == b"row,size [eur_mn],share [fraction],on,n,name\r\n"
    assert evidence_csv(TABLE, NONE, "EUR") == b"row,deal,share [fraction]\r\n"
    content = json.loads(table_json(TABLE, NONE, SETTINGS, None))
    assert content["unavailable"] == {"reason": "no_deals", "needed": 1, "found": 0}
    assert "rows" not in content


def test_table_json():
    content = json.loads(table_json(TABLE, RESULT, SETTINGS, {"en": "made up"}))
    assert content["rows"] == {
        "one": {"size": 1200.5, "share": THIRD, "on": "2020-03-17", "n": 3, "name": 'a "b", c'},
        "two": {"size": None, "share": 0.1, "on": "2019-01-02", "n": 0, "name": "d"},
    }
    assert content["gaps"] == {"two/size": "no_reports"}
    assert (content["table"], content["edition"], content["revision"], content["as_of"], content["notice"]) == (
        "sample",
        "2020-03",
        2,
        "2020-03-17",
        {"en": "made up"},
    )
    assert content["columns"][1] == {"key": "share", "unit": "rate", "stored_in": "fraction", "decimals": 2}


def _read(data: bytes) -> list[list[str]]:
    """RFC 4180: CRLF after every record, none elsewhere; every record of one length."""
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    return rows


@every("table", TABLES)
@pytest.mark.parametrize("kind", ["tables", "evidence"])
def test_published_csv(built: Path, table: str, kind: str):
    declared = catalogue(MARKET)[table].columns if kind == "tables" else catalogue(MARKET)[table].evidence
    head, *rows = _read((built / "downloads" / kind / f"{table}.csv").read_bytes())
    assert head == ["row", *(header(column, "CNY") for column in declared)]
    assert rows
    for column, place in zip(declared, range(1, len(head)), strict=True):
        if column.unit not in (Unit.DATE, Unit.DEAL, Unit.ORIGINATOR, Unit.ASSET_TYPE, Unit.TRANCHE, Unit.TERM):
            assert all(cell == "" or float(cell) == float(repr(float(cell))) for cell in (row[place] for row in rows))


@every("table", TABLES)
def test_published_json_is_the_csv(built: Path, table: str):
    content = json.loads((built / "downloads" / "tables" / f"{table}.json").read_text(encoding="utf-8"))
    head, *rows = _read((built / "downloads" / "tables" / f"{table}.csv").read_bytes())
    for row in rows:
        for name, text in zip(head[1:], row[1:], strict=True):
            value = content["rows"][row[0]][name.split(" [")[0]]
            assert (text == "" and value is None) or text == value or float(text) == value
    assert list(content["rows"]) == [row[0] for row in rows]
    empty = {
        f"{row[0]}/{name.split(' [')[0]}" for row in rows for name, text in zip(head, row, strict=True) if not text
    }
    assert set(content["gaps"]) == empty
    assert set(content["notice"]) == set(LANGUAGES)


@every("table", TABLES)
def test_evidence_belongs_to_rows_of_the_table(built: Path, table: str):
    rows = {row[0] for row in _read((built / "downloads" / "tables" / f"{table}.csv").read_bytes())[1:]}
    assert {row[0] for row in _read((built / "downloads" / "evidence" / f"{table}.csv").read_bytes())[1:]} <= rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_that_declares_a_chart_shows_it_in_its_chapter(built: Path, language: str):
    shown = {figure for page in (built / language).glob("*.html") for figure in read_page(page).pictures}
    assert shown == {f"fig-{key}" for key in DRAWN}


@pytest.mark.parametrize("key", sorted(tiny.results(tiny.AS_OF)))
def test_json_is_as_the_library_writes_it(key: str):
    """Rows are written by hand, which is faster; they are the library's to the byte."""
    table, result = catalogue(MARKET)[key], tiny.results(tiny.AS_OF)[key]
    text = table_json(table, result, tiny.edition(tiny.AS_OF), None).decode()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    if isinstance(result, Result):
        assert list(json.loads(text)["rows"]) == result.frame.index.tolist()


def test_json_of_no_rows_and_of_signs():
    table = catalogue(MARKET)["deal_summary"]
    result = tiny.results(tiny.AS_OF)["deal_summary"]
    assert isinstance(result, Result)
    none = replace(result, frame=result.frame.iloc[:0], gaps={})
    assert json.loads(table_json(table, none, tiny.edition(tiny.AS_OF), None))["rows"] == {}
    signs = 'c"{1}\\\n'
    odd = replace(result, frame=result.frame.rename(index={"c1": signs}), gaps={(signs, "age"): Unavailable("x")})
    text = table_json(table, odd, tiny.edition(tiny.AS_OF), None).decode()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    assert signs in json.loads(text)["rows"]


def test_an_infinite_value_is_a_bug_and_no_json():
    frame = FRAME.assign(share=[float("inf"), 0.5])
    with pytest.raises(DefinitionError, match="an infinite value in share"):
        table_json(TABLE, Result(frame, pd.DataFrame()), tiny.edition(tiny.AS_OF), None)
