"""What is begun passes check at once, is placed, and is undone by deleting what it names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from npl_report.files.owned import Owned, owned_by, taken
from npl_report.load.additions import _with_table, add_chapter, add_language, add_table
from npl_report.load.project import Project, read_series
from npl_report.load.tablefolders import table_keys
from npl_report.model import InputError
from tests.helpers.editionpages import own_page
from tests.helpers.running import Command
from tests.helpers.snapshots import assert_told


def test_a_table_and_a_chapter_pass_check_at_once(tiny_project: Path, npl_report: Command):
    before = (tiny_project / "report" / "series.toml").read_text(encoding="utf-8")
    for words in (("new-chapter", "outlook"), ("new-table", "pools_by_type", "--chapter", "outlook")):
        done = npl_report(*words, cwd=tiny_project)
        assert done.code == 0, done.err
    assert "to undo it: delete tables/pools_by_type/, its key in report/series.toml, and" in done.out
    checked = npl_report("check", cwd=tiny_project)
    assert checked.code == 0, checked.err
    assert "notice: " not in checked.out
    after = (tiny_project / "report" / "series.toml").read_text(encoding="utf-8")
    assert after == f'{before.rstrip()}\n\n[[chapter]]\nkey = "outlook"\ntables = ["pools_by_type"]\n'
    shutil.rmtree(tiny_project / "tables")
    for language in ("en", "zh"):
        (tiny_project / "report" / language / "outlook.qmd").unlink()
    (tiny_project / "report" / "series.toml").write_text(before, encoding="utf-8")
    assert npl_report("check", "--edition", "2020-03", cwd=tiny_project).code == 0


def test_a_language_passes_check_at_once_as_a_draft(tiny_project: Path, npl_report: Command):
    assert npl_report("new-table", "pools_by_type", cwd=tiny_project).code == 0
    done = npl_report("new-language", "fr", cwd=tiny_project)
    assert done.code == 0, done.err
    checked = npl_report("check", "--edition", "2020-03", cwd=tiny_project)
    assert checked.code == 0, checked.err
    assert "notice: words/fr.toml: the language is a draft, and is not published" in checked.out
    assert (tiny_project / "report" / "fr" / "recovery.qmd").is_file()
    assert (tiny_project / "tables" / "pools_by_type" / "fr.toml").is_file()


def test_a_table_stands_on_pages_that_editions_have_of_their_own(tiny_project: Path, npl_report: Command):
    own_page(tiny_project, "2020-03")
    done = npl_report("new-table", "pools_by_type", "--chapter", "recovery", "--json", cwd=tiny_project)
    assert "report/editions/2020-03/en/recovery.qmd" in json.loads(done.out)["changed"]
    assert npl_report("check", cwd=tiny_project).code == 0


SERIES = {
    'a = 1\n[[chapter]] # one\nkey = "x" # of ours\ntables = ["t"] # those\n': '["k", "t"] # those',
    '[[chapter]]\nkey = "x"\ntables = [ ]\n': '["k"]',
    '[[chapter]]\nkey = "x"\ntables = [\n  # first\n  "t",\n]\n': '["k", \n  # first\n  "t",\n]',
    '[[chapter]]\nkey = "w"\ntables = ["t"]\n\n[[chapter]]\nkey = "x"\n': 'key = "x"\ntables = ["k"]\n',
}


@pytest.mark.parametrize("text", SERIES)
def test_the_series_is_changed_in_one_place(text: str):
    made = _with_table(text, "x", "k")
    assert SERIES[text] in made
    assert len(made) - len(text) <= len('tables = ["k"]\n')
    assert [line for line in text.splitlines() if "#" in line and "tables" not in line] == [
        line for line in made.splitlines() if "#" in line and "tables" not in line
    ]


REFUSED = {
    "table-of-ours": lambda project: add_table(project, "issuance_by_type", None),
    "table-no-name": lambda project: add_table(project, "By-Size", None),
    "table-chapter-unknown": lambda project: add_table(project, "by_size", "recovry"),
    "chapter-there": lambda project: add_chapter(project, "recovery"),
    "chapter-no-name": lambda project: add_chapter(project, "My chapter"),
    "chapter-of-a-list": lambda project: add_chapter(project, "originators"),
    "language-there": lambda project: add_language(project, "en"),
    "language-no-code": lambda project: add_language(project, "french"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_is_refused(tiny_project: Path, case: str):
    with taken(owned_by(tiny_project)), pytest.raises(InputError) as raised:
        REFUSED[case](Project(tiny_project))
    assert_told(f"new-{case}", raised.value.problems)


def test_a_chapter_that_is_taken_out_is_no_chapter(tiny_project: Path):
    with taken(Owned(tiny_project)):
        add_chapter(Project(tiny_project), "outlook")
        series = tiny_project / "report" / "series.toml"
        text = series.read_text(encoding="utf-8").replace('\n[[chapter]]\nkey = "outlook"\n', "")
        series.write_text(text, encoding="utf-8")
        keys = [chapter.key for chapter in read_series(Project(tiny_project), table_keys()).chapters]
    assert keys == ["index", "recovery", "revisions"]
