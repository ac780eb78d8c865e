"""What a name that is printed and an id that names a file may hold."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from npl_report.load.project import Project, is_edition_name, read_edition, read_series
from npl_report.load.tablefolders import Place
from npl_report.model import DefinitionError, InputError, Problem, hidden, is_id, looks
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.snapshots import assert_told

Files = dict[str, list[tiny.Row]]
INVISIBLE = (
    "\u2028\u2029\u0085\u000b\u000c\u200e\u200f\u202a\u202e\u2066\u2069\u061c\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f"
    "\u115f\u3164\uffa0\ufe0f\U000e0100\u2800\u0007\u007f\u009f\ue000\U0010ffff\ufdd0\u0378\u180e\U000e0041"
)
"""Separators, marks of direction, joiners, fillers, selectors, controls, private use and no characters at all."""


def told(files: Files) -> tuple[Problem, ...]:
    try:
        tiny.read(files)
    except InputError as error:
        return error.problems
    return ()


def test_no_name_holds_what_nobody_sees():
    files = tiny.rows()
    number = dict.fromkeys(INVISIBLE)
    bank = files["originators"][0]
    for place, char in enumerate(number):  # a bank for each, so that one reading tells all
        row = {
            "originator": f"bank-{place}",
            "name_zh": f"甲{place}银行",
            "short_zh": f"甲{place}",
            "name_en": f"Bank{char} {place}",
            "short_en": f"B{place}",
        }
        files["originators"].append({**bank, **row})
    problems = {problem.row: problem for problem in told(files)}
    assert len(problems) == len(number)
    for place, char in enumerate(number):
        problem = problems[4 + place]
        assert problem.column == "name_en"
        assert re.match(rf"holds U\+{ord(char):04X}\b.*, which nobody sees on a page", problem.rule), problem


def test_every_character_of_a_hidden_kind_is_hidden_and_no_other():
    """Of the whole of Unicode: controls, formats, separators of lines, private use and what is no character."""
    kinds = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    every = [
        chr(code)
        for code in (
            *range(0x3000),
            *range(0x3000, 0xA000, 97),
            *range(0xD700, 0x11000),
            *range(0xE0000, 0xE0200),
            0x10FFFF,
        )
    ]
    shown = [char for char in every if unicodedata.category(char) in kinds and not hidden(char)]
    assert shown == []
    others = {char for char in every if unicodedata.category(char) not in kinds and hidden(char)}
    assert {unicodedata.category(char) for char in others} <= {"Mn", "Lo", "So"}
    assert (
        len(others) == 12 + 16 + 240 - 1
    )  # joiners and fillers; the two blocks of selectors; U+180E is a format character already


CELLS: dict[str, tuple[str, int, tiny.Row]] = {
    "data-name-with-line-separator": ("originators", 0, {"name_en": "Bank of\u2028the East"}),
    "data-name-turned-round": ("originators", 0, {"short_en": "\u202etsaE"}),
    "data-name-with-zero-width-space": ("originators", 1, {"name_zh": "西方\u200b银行"}),
    "data-name-with-two-spaces": ("deals", 0, {"name_en": "Tiny  C1"}),
    "data-name-with-wide-space": ("deals", 0, {"name_zh": "试\u3000C1"}),
    "data-name-with-fixed-space": ("deals", 0, {"name_en": "Tiny\u00a0C1"}),
    "data-name-with-markup": ("deals", 0, {"name_en": "Tiny <b>"}),
    # Ⅱ is U+2161, II two letters; full-width letters; capitals; a composed and a decomposed é: the same to a reader
    "data-name-like-another": ("deals", 1, {"name_en": "ＴＩＮＹ c1"}),
    "data-short-name-like-another": ("originators", 1, {"short_en": "EAST"}),
    "data-name-the-same": ("originators", 1, {"name_zh": "东方银行"}),
    "data-id-of-a-device": ("deals", 0, {"deal": "com1"}),
    "data-id-too-long": ("originators", 1, {"originator": "x" * 65}),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_name_or_id_that_is_refused(case: str):
    part, number, cells = CELLS[case]
    files = tiny.rows()
    old = files[part][number].copy()
    files[part][number].update(cells)
    for rows in files.values() if {"deal", "originator"} & cells.keys() else ():  # all that points at the id
        for row in rows:
            row.update({name: value for name, value in cells.items() if row.get(name) == old[name]})
    assert_told(case, told(files))


def test_composed_and_decomposed_names_are_one():
    files = tiny.rows()
    files["deals"][0]["name_en"], files["deals"][1]["name_en"] = "Caf\u00e9 Ⅱ", "Cafe\u0301 II"
    (problem,) = told(files)
    assert (problem.row, problem.rule) == (3, "looks the same as 'Caf\u00e9 Ⅱ' in row 2")
    assert looks("ﬁne　Ｘ") == looks("FINE X")


def test_names_may_be_of_any_script():
    files = tiny.rows()
    for row, name in zip(
        files["deals"],
        ("招商和萃2019-1", "Caixa Econòmica (II)", "Дом.РФ–1", "農行“抵押”・甲", "東方 ①", "한국 1호"),
        strict=True,
    ):
        row["name_zh"] = name
    assert told(files) == ()


def test_blanks_at_the_ends_are_no_part_of_a_cell():
    files = tiny.rows()
    files["deals"][0]["name_en"] = "\u3000 Tiny C1\u00a0\t"
    assert tiny.read(files).frames["deals"]["name_en"][0] == "Tiny C1"


@pytest.mark.parametrize(
    "name",
    ["con", "prn", "aux", "nul", "com0", "com9", "lpt1", "a--b", "-a", "a-", "A", "a_b", "é", "a.b", "", "x" * 65],
)
def test_no_id(name: str):
    assert not is_id(name)
    assert not is_edition_name(name)


def test_ids():
    assert [
        name for name in ("con-1", "com10", "icbc-mortgage-2017-1r", "x" * 64, "2020-03", "conan") if not is_id(name)
    ] == []
    assert not is_edition_name("latest")


def test_an_edition_named_like_a_device(bare: Project):
    text = (tiny.ROOT / "report" / "editions" / "2020-03.toml").read_text(encoding="utf-8")
    (bare.report / "editions" / "nul.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_edition(bare, "nul")
    assert_told("edition-named-like-a-device", raised.value.problems)


def test_chapters_that_name_no_page(bare: Project):
    keys = ("index", "aux", "../x", "Market", "deals", "con-1")
    (bare.report / "series.toml").write_text("".join(f'[[chapter]]\nkey = "{key}"\n' for key in keys), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_series(bare, ())
    assert_told("series-chapters-that-name-no-page", raised.value.problems)


def test_a_table_named_like_a_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from npl_report import tables

    (tmp_path / "aux").mkdir()
    (tmp_path / "aux" / "__init__.py").touch()
    monkeypatch.setattr("npl_report.load.tablefolders.OWN", Place(tmp_path, "tables"))
    with pytest.raises(DefinitionError, match="tables/aux: no file may have this name everywhere"):
        tables.catalogue(MARKET)
