"""Words are strict: a missing key is an error with its path, and what is asked for is remembered.

Languages hold the same keys.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.model import InputError
from npl_report.text.ownwords import FOLDER
from npl_report.text.words import Contraction, Words, compare, program_words, read_words, table_words
from tests.helpers.market import words_of

TREE = {"title": "T", "ui": {"home": "Home", "deep": {"end": "End"}}, "list": ["a", "b"]}


def words() -> Words:
    return Words(TREE, "en.toml")


def test_words_by_path_and_by_attribute():
    assert words()["ui.home"] == words().ui.home == words()["ui"]["home"] == "Home"
    assert words()["ui.deep.end"] == words().ui.deep.end == "End"
    assert words()["list"] == ["a", "b"]
    assert words().source_file == words().ui.source_file == "en.toml"


@pytest.mark.parametrize("path", ["nothing", "ui.nothing", "ui.home.more", "title.more", "ui.deep.nothing"])
def test_a_missing_word_names_its_whole_path(path: str):
    with pytest.raises(InputError) as raised:
        words()[path]
    assert (
        str(raised.value)
        == f"en.toml, column {path}: the word is missing\n    → add the key; another language's file shows what it says"
    )


def test_a_missing_word_of_a_section_names_its_whole_path():
    with pytest.raises(InputError, match=r"column ui\.deep\.nothing: the word is missing"):
        _ = words().ui.deep.nothing


def test_private_names_are_no_words():
    with pytest.raises(AttributeError):
        _ = words()._secret


def test_contains_asks_without_using():
    tree = words()
    assert "ui.home" in tree
    assert "ui" in tree
    assert "ui.nothing" not in tree
    assert "ui.home.more" not in tree
    assert tree.used == set()


def test_what_was_asked_for_is_remembered_with_its_whole_path():
    tree = words()
    _ = tree["title"], tree.ui.deep.end
    section = tree["ui"]
    assert tree.used == {"title", "ui.deep.end"}  # a section alone is no use
    _ = section["home"]
    assert tree.used == {"title", "ui.deep.end", "ui.home"}
    assert set(tree.leaves()) - tree.used == {"list"}


def test_leaves_of_a_section_carry_its_prefix():
    assert list(words().leaves()) == ["title", "ui.home", "ui.deep.end", "list"]
    assert list(words().ui.leaves()) == ["ui.home", "ui.deep.end"]


def test_compare_tells_what_each_language_lacks():
    en = Words({"a": "1", "s": {"x": "1", "y": "1"}, "unit": {"money_bn": {"scale": 1}}}, "en.toml")
    zh = Words({"a": "1", "s": {"x": "1", "z": "1"}}, "zh.toml")
    ja = Words({"a": "1", "s": {"x": "1", "y": "1", "z": "1"}}, "ja.toml")
    assert [str(problem) for problem in compare({"en": en, "zh": zh, "ja": ja})] == [
        "en.toml, column s.z: the word is missing in en\n    → it stands in zh, ja; translate it",
        "zh.toml, column s.y: the word is missing in zh\n    → it stands in en, ja; translate it",
    ]  # units are each language's own affair


def test_compare_of_equal_files_finds_nothing():
    assert compare({"en": words(), "zh": words()}) == []
    assert compare({"en": words()}) == []


def test_the_program_s_languages_hold_the_same_keys():
    languages = sorted(path.stem for path in FOLDER.glob("*.toml"))
    assert languages == ["en", "it", "zh"]
    assert compare({language: program_words(language) for language in languages}) == []


def test_a_missing_file_says_what_to_do(tmp_path: Path):
    with pytest.raises(InputError) as raised:
        table_words(tmp_path / "npl_report" / "tables" / "some_table", "ja")
    assert str(raised.value) == (
        "npl_report/tables/some_table/ja.toml: the file is missing\n    → every language needs it; copy another "
        "language's file and translate it"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [(b'a = "x', "not valid TOML"), ("a = '回收'".encode("gbk"), r"is not UTF-8 \(line 1\)")],
)
def test_an_unreadable_file_is_told(tmp_path: Path, content: bytes, message: str):
    (tmp_path / "x.toml").write_bytes(content)
    with pytest.raises(InputError, match=rf"^x\.toml: {message}"):
        read_words(tmp_path / "x.toml", "x.toml")


def test_every_reason_formats_with_its_numbers_only():
    """``Binding.reason`` gives needed and found, and nothing else."""
    for language in ("en", "zh"):
        reasons = words_of(language)["reason"]
        for path in reasons.leaves():
            text = str(words_of(language)[path])
            assert text.format(needed="3", found="2")


def test_prepositions_are_drawn_together_with_articles():
    words = Words({"language": {"contractions": {"di il ": "del ", "di l'": "dell'"}}}, "x")
    contract = Contraction.of(words)
    assert contract("Di il piano, di l'atto, indi il resto, di ieri") == "Del piano, dell'atto, indi il resto, di ieri"
    assert Contraction.of(Words({"language": {}}, "x"))("di il") == "di il"
