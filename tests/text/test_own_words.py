"""Words of a project: what is said otherwise, what may not be, and a language that the program does not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from npl_report.files.owned import Owned, owned_by, take, taken
from npl_report.load.project import Project
from npl_report.load.tablefolders import table_folder
from npl_report.model import InputError
from npl_report.publish.publishing import refuse_drafts
from npl_report.text.ownwords import FINDINGS, FOLDER, check_whole, is_draft
from npl_report.text.words import program_words, table_words
from tests.helpers import tiny
from tests.helpers.snapshots import assert_told

KEY = "recovery_by_type"


@pytest.fixture(autouse=True)
def _only_here() -> Iterator[None]:
    """What is taken in a test ends with it."""
    with taken(Owned()):
        yield


def write(root: Path, name: str, text: str) -> None:
    path = root / "words" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    take(owned_by(root))


def test_a_word_said_otherwise(tmp_path: Path):
    before = program_words("en")
    write(tmp_path, "en.toml", '[ui]\nfigure_label = "Exhibit {n}"\n')
    words = program_words("en")
    assert words["ui.figure_label"] == "Exhibit {n}"
    assert list(words.leaves()) == list(before.leaves())
    assert program_words("zh")["ui.figure_label"] != "Exhibit {n}"


def test_a_word_of_a_table_said_otherwise(tmp_path: Path):
    write(tmp_path, f"en/tables/{KEY}.toml", 'title = "What came back"\n')
    words = table_words(table_folder(KEY), "en")
    assert words["title"] == "What came back"
    assert words["note"] == table_words(table_folder(KEY), "it")["note"] or words["note"]


WRONG = {
    "unknown": '[ui]\nfigure_lable = "Exhibit {n}"\n',
    "without-place": '[ui]\nfigure_label = "Exhibit"\n',
    "place-unknown": '[ui]\nmenu = "Pages of {series}"\n',
    "of-another-kind": "[ui]\nmenu = 3\n",
    "no-toml": "[ui\n",
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_may_not_be_said(tmp_path: Path, case: str):
    write(tmp_path, "en.toml", WRONG[case])
    with pytest.raises(InputError) as raised:
        program_words("en")
    assert_told(f"own-words-{case}", raised.value.problems)


def test_a_language_of_the_project(tmp_path: Path):
    """Its whole words are a file, those of tables and of chapters' findings a file each."""
    write(tmp_path, "fr.toml", f"draft = true\n{(FOLDER / 'en.toml').read_text(encoding='utf-8')}")
    write(tmp_path, f"fr/tables/{KEY}.toml", (table_folder(KEY) / "en.toml").read_text(encoding="utf-8"))
    for path in (FINDINGS / "en").iterdir():
        write(tmp_path, f"fr/findings/{path.name}", path.read_text(encoding="utf-8"))
    check_whole(["en", "fr"], {KEY: table_folder(KEY)})
    assert list(program_words("fr").leaves()) == list(program_words("en").leaves())
    assert table_words(table_folder(KEY), "fr").source_file == f"words/fr/tables/{KEY}.toml"
    assert is_draft("fr")
    assert not is_draft("en")


def test_half_a_language_is_one_problem(tmp_path: Path):
    lines = (FOLDER / "en.toml").read_text(encoding="utf-8").split("\n[")
    write(tmp_path, "fr.toml", "\n[".join(lines[: len(lines) // 2]))
    with pytest.raises(InputError) as raised:
        check_whole(["en", "fr"], {KEY: table_folder(KEY)})
    (problem,) = raised.value.problems
    assert problem.file == "words/fr.toml"
    first = lines[len(lines) // 2].partition("]")[0]
    assert str(problem.column).startswith(first.partition(".")[0])
    assert "the language fr lacks " in problem.rule


def test_a_language_without_words(tmp_path: Path):
    take(owned_by(tmp_path))
    with pytest.raises(InputError) as raised:
        program_words("fr")
    assert_told("own-words-missing", raised.value.problems)


def test_a_draft_is_not_published(tiny_project: Path):
    write(tiny_project, "fr.toml", "draft = true\n")
    with pytest.raises(InputError) as raised:
        refuse_drafts(Project(tiny_project), replace(tiny.edition(), languages=("en", "fr")))
    assert_told("own-words-draft", raised.value.problems)
