"""A page of an edition's own stands in place of that of the series, in that edition alone, and is known everywhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from npl_report.build.bind import typed_in
from npl_report.build.check import _unread
from npl_report.build.job import Options, chosen_edition
from npl_report.build.reading import read
from npl_report.build.steps import Marks
from npl_report.editions.archive import archive
from npl_report.editions.fingerprint import input_hashes
from npl_report.live.edition import LiveEdition
from npl_report.load import starter
from npl_report.load.inputs import unread
from npl_report.load.project import Project, read_edition, read_series
from npl_report.load.tablefolders import table_keys
from npl_report.model import InputError
from npl_report.present.chapters import ChapterText, chapter_texts
from tests.helpers.archiving import quiet
from tests.helpers.editionpages import SENTENCE, own_page
from tests.helpers.running import EDITION, LATER_EDITION, Command
from tests.helpers.snapshots import assert_told

OWN, SHARED = f"report/editions/{EDITION}/en/recovery.qmd", "report/en/recovery.qmd"


@pytest.fixture
def own(tiny_project: Path) -> Project:
    """The earlier edition has a page of its own in English."""
    own_page(tiny_project, EDITION)
    return Project(tiny_project)


def text(project: Project, edition: str, language: str = "en") -> ChapterText:
    chapters = read_series(project, table_keys()).of(edition).chapters
    return chapter_texts(project, edition, language, chapters)["recovery"]


def test_it_is_read_in_that_edition_and_language_alone(own: Project):
    assert (text(own, EDITION).shown, text(own, LATER_EDITION).shown) == (OWN, SHARED)
    assert SENTENCE in text(own, EDITION).source
    assert SENTENCE not in text(own, LATER_EDITION).source
    assert text(own, EDITION, "zh").shown == "report/zh/recovery.qmd"


def test_a_message_names_the_file_that_is_wrong(own: Project, npl_report: Command):
    own_page(own.root, EDITION, added="There were 7 of them.")
    line = own.root.joinpath(OWN).read_text(encoding="utf-8").count("\n")
    checked = npl_report("check", cwd=own.root)
    assert checked.code == 1
    assert f"{OWN}, row {line}: found '7': a figure typed by hand" in checked.err
    assert SHARED not in checked.err


def test_it_is_an_input_of_that_edition_alone(own: Project):
    with_own, other = (input_hashes(own, read_edition(own, id_)) for id_ in (EDITION, LATER_EDITION))
    assert OWN in with_own
    assert SHARED not in with_own, "what is not read is neither hashed nor archived"
    assert SHARED in other
    own_page(own.root, EDITION, added="Something else.")
    assert input_hashes(own, read_edition(own, EDITION)) != with_own
    assert input_hashes(own, read_edition(own, LATER_EDITION)) == other
    assert OWN.encode() in archive(own, input_hashes(own, read_edition(own, EDITION)), {})


def test_a_link_that_leads_out_of_the_project_is_refused(own: Project, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere.qmd"
    shutil.move(own.root / OWN, elsewhere)
    (own.root / OWN).symlink_to(elsewhere)
    with pytest.raises(InputError, match="is a link that leads out of the project"):
        input_hashes(own, read_edition(own, EDITION))


def test_a_link_that_leads_nowhere_is_no_page_of_the_series(own: Project):
    (own.root / OWN).unlink()
    (own.root / OWN).symlink_to("gone.qmd")
    with pytest.raises(InputError, match=f"{OWN}: the page is missing"):
        text(own, EDITION)


def test_a_change_makes_its_chapter_and_the_note(own: Project):
    marks = []
    for added in (SENTENCE, "Something else."):
        own_page(own.root, EDITION, added=added)
        reading = read(own, read_edition(own, EDITION), quiet)
        made = Marks(reading, input_hashes(own, reading.edition), (), ())
        every = ((of, step) for of in reading.by_language for step in made.steps(reading.by_language[of], note=True))
        marks.append({(of, step.kind, step.key, step.part): step.mark for of, step in every})
    changed = {place for place in marks[0] if marks[0][place] != marks[1][place]}
    assert changed == {("en", "chapter", "recovery", 0), ("en", "note", "", 0)}


STRANGERS = (
    f"report/editions/{EDITION}/en/outlook.qmd",
    f"report/editions/{EDITION}/it/recovery.qmd",
    f"report/editions/{EDITION}/recovery.qmd",
    "report/editions/1999-12/en/recovery.qmd",
    "report/editions/recovery.qmd",
)
"""Of no chapter, in a language that the edition does not have, in none, of no edition."""


def test_what_is_no_page_of_an_edition_is_told(own: Project):
    for name in STRANGERS:
        (own.root / name).parent.mkdir(parents=True, exist_ok=True)
        (own.root / name).write_text("x", encoding="utf-8")
    assert unread(own, read_series(own, table_keys())) == sorted(STRANGERS)
    assert own.languages == ("en", "zh")
    assert_told("inputs-unread-pages", _unread(own))


def test_a_language_that_the_edition_leaves_out_has_no_page(own: Project):
    file = own.root / "report" / "editions" / f"{EDITION}.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('["zh", "en"]', '["zh"]'), encoding="utf-8")
    assert unread(own, read_series(own, table_keys())) == [OWN]


def test_a_new_project_has_the_page_too(own: Project):
    copied = starter._own(own.root, table_keys())
    assert OWN in copied
    assert SHARED in copied


def test_typed_figures_are_bound_there(own: Project):
    path = own_page(own.root, EDITION, added="The data cover 6 deals.")
    prose = typed_in(own, path, None, quiet)
    assert (prose.shown, [typed.value for typed in prose.typed]) == (OWN, ["6"])
    with pytest.raises(InputError) as raised:
        typed_in(own, own.root / SHARED, EDITION, quiet)
    assert_told("bind-page-of-another", raised.value.problems)
    assert typed_in(own, own.root / SHARED, None, quiet).shown == SHARED


def test_quarto_renders_it_and_names_it(own: Project, npl_report: Command):
    ran = npl_report("prepare", "--edition", EDITION, "--lang", "en", cwd=own.root)
    assert ran.code == 0, ran.err
    made = (own.root / "en" / "recovery.qmd").read_text(encoding="utf-8")
    assert SENTENCE in made
    assert f"# Made by npl-report prepare from {OWN}: change that file" in made
    other = (own.root / "en" / "index.qmd").read_text(encoding="utf-8")
    assert "# Made by npl-report prepare from report/en/index.qmd:" in other


def test_the_preview_takes_it_as_it_comes_changes_and_goes(tiny_project: Path):
    project, page = Project(tiny_project), "en/recovery.html"
    with LiveEdition(project, Options(EDITION, languages=("en",), pdf=False), quiet) as live:
        assert SENTENCE.encode() not in (live.file(page) or b"")
        path = own_page(tiny_project, EDITION)
        for said, present in ((SENTENCE, True), ("Something else.", True), ("Something else.", False)):
            if present:
                own_page(tiny_project, EDITION, added=said)
            else:
                path.unlink()
            assert live.concerns(OWN)
            live.refresh([OWN])
            assert live.problems == ()
            assert (said.encode() in (live.file(page) or b"")) == present
        assert live.concerns(SHARED), "it is the page again"
        assert not live.concerns(f"report/editions/{LATER_EDITION}/en/recovery.qmd")
        chosen = chosen_edition(project, Options(EDITION))
        assert OWN not in input_hashes(project, chosen)
