"""A page that is marked as a draft is built with a mark on it, told of by check, and not published."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import get_args

import pytest

from npl_report.build.job import Options, chosen_edition
from npl_report.build.reading import read
from npl_report.load.project import Project, read_edition
from npl_report.model import InputError
from npl_report.present.pages import Medium, Pages
from npl_report.present.templates import Templates
from npl_report.publish.publishing import refuse_drafts
from tests.helpers.archiving import quiet
from tests.helpers.editionpages import SENTENCE, own_page
from tests.helpers.running import EDITION, LATER_EDITION, Command
from tests.helpers.snapshots import assert_told

OWN, SHARED = f"report/editions/{EDITION}/en/recovery.qmd", "report/zh/index.qmd"
NOTICE = f"notice: {OWN}: the page is a draft, and is not published\n    → edit it, and take out draft: true\n"
MARK = '<p class="draft" role="note"><b>Draft</b>'


def test_it_is_built_with_a_mark_and_published_when_it_is_edited(tiny_project: Path, npl_report: Command):
    own_page(tiny_project, EDITION, head="draft: true\n")
    checked = npl_report("check", cwd=tiny_project)
    assert (checked.code, checked.out.count("the page is a draft")) == (0, 1), checked.err
    assert NOTICE in checked.out
    built = npl_report("build", "--edition", EDITION, "--lang", "en", "--no-pdf", "--jobs", "2", cwd=tiny_project)
    assert built.code == 0, built.err
    folder = tiny_project / "build" / EDITION / "en"
    marked = [path.name for path in folder.glob("*.html") if MARK in path.read_text(encoding="utf-8")]
    assert marked == ["recovery.html"]

    refused = npl_report("publish", EDITION, cwd=tiny_project)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.splitlines()[-3:] == [
        f"{OWN}: the page is marked as a draft",
        "    → edit it, and take out draft: true",
        "1 problem; nothing was written",
    ]
    assert not (tiny_project / "site" / EDITION).exists()
    assert (folder / "recovery.html").is_file()

    own_page(tiny_project, EDITION)
    published = npl_report("publish", EDITION, "--jobs", "2", cwd=tiny_project)
    assert published.code == 0, published.err
    site = tiny_project / "site" / EDITION
    page = (site / "en" / "recovery.html").read_text(encoding="utf-8")
    assert SENTENCE in page
    assert MARK not in page
    with zipfile.ZipFile(site / "inputs.zip") as archive:
        assert {OWN, "report/zh/recovery.qmd"} <= {*archive.namelist()}
        assert "report/en/recovery.qmd" not in archive.namelist()
    rebuilt = npl_report("verify", "--rebuild", "--jobs", "2", cwd=tiny_project)
    assert rebuilt.code == 0, rebuilt.err


def test_all_of_them_are_told_with_a_draft_of_the_series(tiny_project: Path):
    own_page(tiny_project, EDITION, head="draft: true\n")
    shared = tiny_project / SHARED
    shared.write_text(shared.read_text(encoding="utf-8").replace("---\n", "---\ndraft: true\n", 1), encoding="utf-8")
    project = Project(tiny_project)
    with pytest.raises(InputError) as raised:
        refuse_drafts(project, read_edition(project, EDITION))
    assert_told("draft-pages", raised.value.problems)
    with pytest.raises(InputError, match=SHARED) as raised:
        refuse_drafts(project, read_edition(project, LATER_EDITION))
    assert len(raised.value.problems) == 1


def test_the_note_and_the_page_for_quarto_have_the_mark(tiny_project: Path):
    own_page(tiny_project, EDITION, head="draft: true\n")
    project = Project(tiny_project)
    reading = read(project, chosen_edition(project, Options(EDITION, languages=("en",))), quiet)
    made: dict[Medium, list[str]] = {}
    for medium in get_args(Medium):
        pages = Pages(reading.by_language["en"], Templates(project.templates), medium, {})
        made[medium] = [chapter.key for chapter in reading.series.chapters if MARK in pages.page(chapter).markdown]
    assert made == {"site": ["recovery"], "print": ["recovery"]}


@pytest.mark.parametrize("said", ['"true"', "soon"])
def test_a_mark_is_true_or_false(tiny_project: Path, npl_report: Command, said: str):
    own_page(tiny_project, EDITION, head=f"draft: {said}\n")
    checked = npl_report("check", "--edition", EDITION, cwd=tiny_project)
    assert checked.code == 1
    assert f"{OWN}, row 1, column draft: found '{said.strip(chr(34))}': must be true or false" in checked.err


def test_what_is_no_draft_any_more(tiny_project: Path, npl_report: Command):
    own_page(tiny_project, EDITION, head="draft: false\n")
    checked = npl_report("check", "--edition", EDITION, cwd=tiny_project)
    assert (checked.code, "notice: " in checked.out) == (0, False), checked.err
