"""The editorial files: where a project is, report/series.toml, report/editions/*.toml, data/published.

Messages in tests/errors.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from npl_report.load.project import Project, find_project, read_edition, read_series
from npl_report.load.tablefolders import table_keys
from npl_report.model import (
    VARIABLES,
    Ages,
    Determinants,
    InputError,
    PresentValue,
    Series,
    Structure,
    Window,
)
from tests.helpers import tiny
from tests.helpers.snapshots import assert_told
from tests.load.settings import EDITION, SERIES, TABLES, small_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path)


def test_folders(project: Project):
    assert [path.name for path in (project.data, project.report, project.templates, project.build)] == [
        "data",
        "report",
        "templates",
        "build",
    ]
    assert project.languages == ("en", "zh")
    assert project.editions == ("2020-03",)


def test_a_project_is_found_from_inside_it(project: Project):
    assert find_project(project.report / "en").root == project.root
    assert find_project(project.root).root == project.root


def test_no_project(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(InputError) as raised:
        find_project(tmp_path / "elsewhere")
    assert_told("project-not-found", raised.value.problems)


def test_the_series(project: Project):
    series = read_series(project, TABLES)
    assert series.id == "tiny"
    assert [(chapter.key, chapter.tables, chapter.supporting, chapter.note) for chapter in series.chapters] == [
        ("index", (), (), True),
        ("market", ("issuance_by_type", "issuance_by_year"), (), True),
        ("data", ("redemption_status",), ("deal_recovery",), False),
    ]
    assert series.supporting == {"deal_recovery"}
    assert series.address == ""
    assert series.table_keys == TABLES


def test_the_address_has_no_slash_at_its_end(project: Project):
    (project.report / "series.toml").write_text(
        f'address = "https://example.org/research/"\n{SERIES}', encoding="utf-8"
    )
    assert read_series(project, TABLES).address == "https://example.org/research"


def test_a_series_without_id_has_the_same_name_in_every_folder(project: Project):
    """Otherwise a rebuild elsewhere would give other bytes."""
    path = project.report / "series.toml"
    path.write_text(SERIES.replace('id = "tiny"\n', ""), encoding="utf-8")
    assert read_series(project, TABLES).id == "series"


def test_the_edition(project: Project):
    edition = read_edition(project, "2020-03")
    assert (edition.id, edition.as_of, edition.published_on, edition.revision) == (
        "2020-03",
        date(2020, 3, 17),
        date(2020, 4, 15),
        1,
    )
    assert edition.languages == ("zh", "en")
    # corporate and one year: report I, footnote 2; the others are ours (METHODS)
    assert edition.windows == {
        "corporate": Window(33, 39, "published"),
        "mortgage": Window(24, 30, "chosen"),
        "unsecured": Window(13, 19, "chosen"),
    }
    assert edition.one_year_window == Window(10, 14, "published")


def add_edition(project: Project, id_: str, as_of: str) -> None:
    """An edition as of that day, published on it."""
    text = EDITION.replace("2020-03-17", as_of).replace("2020-04-15", as_of)
    (project.report / "editions" / f"{id_}.toml").write_text(text, encoding="utf-8")


def test_editions_stand_in_the_order_of_their_days(project: Project):
    """As text, 2020-9 comes after 2020-10, and names need not be dates at all.

    Editions of one day stand in the order of their ids.
    """
    for id_, as_of in (
        ("2020-9", "2020-09-30"),
        ("2020-10", "2020-10-31"),
        ("spring", "2021-04-01"),
        ("annual", "2021-12-31"),
        ("2021-12", "2021-12-31"),
    ):
        add_edition(project, id_, as_of)
    assert project.editions == ("2020-03", "2020-9", "2020-10", "spring", "2021-12", "annual")
    assert read_edition(project, None).id == "annual"
    (project.report / "editions" / "annual.toml").unlink()
    (project.report / "editions" / "2021-12.toml").unlink()
    (project.report / "editions" / "spring.toml").unlink()
    assert read_edition(project, None).id == "2020-10"


@pytest.mark.parametrize("broken", ["as_of = ", 'as_of = "2019-12-31"', "\xff"])
def test_an_edition_whose_day_cannot_be_read_is_not_passed_over(broken: str, project: Project):
    """It may be the latest: without an id it is taken, and told."""
    (project.report / "editions" / "2019-12.toml").write_bytes(broken.encode("latin-1"))
    assert project.editions == ("2020-03", "2019-12")
    with pytest.raises(InputError, match=r"report/editions/2019-12\.toml"):
        read_edition(project, None)
    assert read_edition(project, "2020-03").id == "2020-03"


def test_the_rules_of_part_two_have_defaults(project: Project):
    assert read_edition(project, "2020-03").determinants == Determinants()


def test_the_rules_of_part_two(project: Project):
    rules = '\n[determinants]\nregressors = ["wa_overdue", "n_loans"]\nvif_limit = 5\nsignificance = 0.01\n'
    (project.report / "editions" / "2020-03.toml").write_text(EDITION + rules, encoding="utf-8")
    found = read_edition(project, "2020-03").determinants
    assert found == Determinants(regressors=("wa_overdue", "n_loans"), vif_limit=5.0, significance=0.01)
    assert found.factor_variables == Determinants().factor_variables  # left out: the default


def test_the_edition_of_part_two_writes_its_rules_out():
    """They stand in the file to be read, and are the defaults; every variable is a candidate once."""
    raw = tomllib.loads((tiny.ROOT / "report" / "editions" / "2021-12.toml").read_text(encoding="utf-8"))
    assert set(raw["determinants"]) == {field.name for field in fields(Determinants)}
    edition = read_edition(Project(tiny.ROOT), "2021-12")
    assert edition.determinants == Determinants()
    for names in (edition.determinants.regressors, edition.determinants.factor_variables):
        assert sorted(names) == sorted(VARIABLES)
    first = read_edition(Project(tiny.ROOT), "2020-03")
    assert (edition.windows, edition.one_year_window) == (first.windows, first.one_year_window)


@pytest.mark.parametrize("name", ["2020-03", "2021-12"])
def test_editions_write_the_rules_of_part_three_out(name: str):
    raw = tomllib.loads((tiny.ROOT / "report" / "editions" / f"{name}.toml").read_text(encoding="utf-8"))
    assert raw["structure"] == {"payment_lag": Structure().payment_lag}
    assert read_edition(Project(tiny.ROOT), name).structure == Structure()


def test_the_rules_of_part_three(project: Project):
    assert read_edition(project, "2020-03").structure == Structure()  # they have defaults
    rules = '\n[structure]\npayment_lag = 0\n[structure.cases]\nmortgage = "zhongyu-2019-1"\n'
    (project.report / "editions" / "2020-03.toml").write_text(EDITION + rules, encoding="utf-8")
    assert read_edition(project, "2020-03").structure == Structure(payment_lag=0, cases={"mortgage": "zhongyu-2019-1"})


def test_the_rate_of_present_values(project: Project):
    assert read_edition(project, "2020-03").present_value == PresentValue()  # it has a default
    path = project.report / "editions" / "2020-03.toml"
    path.write_text(f"{EDITION}\n[present_value]\nrate = 0\n", encoding="utf-8")  # nothing is discounted
    assert read_edition(project, "2020-03").present_value == PresentValue(rate=0)


def test_languages_and_revision_may_be_left_out(project: Project):
    path = project.report / "editions" / "2020-03.toml"
    path.write_text(re.sub(r"(?m)^(languages|revision).*\n", "", EDITION), encoding="utf-8")
    edition = read_edition(project, "2020-03")
    assert (edition.languages, edition.revision) == (("en", "zh"), 1)


LATER = SERIES.replace('key = "market"', 'key = "market"\nsince = "2020-10"')


def with_a_later_chapter(project: Project) -> Series:
    """The chapter market begins with 2020-10; before it stands 2020-9, after it an edition whose name is no date."""
    (project.report / "series.toml").write_text(LATER, encoding="utf-8")
    for id_, as_of in (("2020-9", "2020-09-30"), ("2020-10", "2020-10-31"), ("1st-annual", "2020-12-31")):
        add_edition(project, id_, as_of)
    return read_series(project, TABLES)


@pytest.mark.parametrize("edition", ["2020-03", "2020-9"])
def test_an_edition_before_it_does_not_have_the_chapter(edition: str, project: Project):
    series = with_a_later_chapter(project).of(edition)
    assert [chapter.key for chapter in series.chapters] == ["index", "data"]
    assert [chapter.key for chapter in series.later] == ["market"]
    assert series.table_keys == ("redemption_status", "deal_recovery")


@pytest.mark.parametrize("edition", ["2020-10", "1st-annual"])
def test_an_edition_from_then_on_has_the_chapter(edition: str, project: Project):
    series = with_a_later_chapter(project)
    assert [chapter.since for chapter in series.chapters] == ["", "2020-10", ""]
    assert series.of(edition) == series
    assert series.table_keys == TABLES


@pytest.mark.parametrize(("day", "without"), [("2020-10-31", 2), ("2020-10-01", 2), ("2030-01-01", 4)])
def test_a_chapter_may_begin_on_a_day(day: str, without: int, project: Project):
    """Whichever editions there are: the first two are before the days of October, and all before the last one."""
    with_a_later_chapter(project)
    (project.report / "series.toml").write_text(LATER.replace('"2020-10"', day), encoding="utf-8")
    series = read_series(project, TABLES)
    found = [id_ for id_ in project.editions if "market" not in {chapter.key for chapter in series.of(id_).chapters}]
    assert found == list(project.editions[:without])


def test_the_repo_s_own_files_are_valid():
    project = Project(tiny.ROOT)
    assert set(read_series(project, table_keys()).table_keys) <= set(table_keys())
    for name in project.editions:
        assert read_edition(project, name).id == name


def test_ages_of_the_spread_of_recoveries(tmp_path: Path):
    project = small_project(tmp_path)
    assert read_edition(project, "2020-03").market.horizons == (6, 12, 18, 24, 30, 36)
    path = project.report / "editions" / "2020-03.toml"
    path.write_text(f"{EDITION}\n[distribution]\nages = [12, 24, 60]\n", encoding="utf-8")
    assert read_edition(project, "2020-03").market.horizons == (12, 24, 60)


def test_how_age_is_counted(tmp_path: Path):
    project = small_project(tmp_path)
    assert read_edition(project, "2020-03").market.ages == Ages("thirty_days", curve=3, panel=6)
    path = project.report / "editions" / "2020-03.toml"
    path.write_text(f'{EDITION}\n[ages]\nmonths = "calendar"\npanel = 3\n', encoding="utf-8")
    assert read_edition(project, "2020-03").market.ages == Ages("calendar", curve=3, panel=3)


def test_chapters_that_shared_prose_knows_and_the_series_has_not(tmp_path: Path):
    project = small_project(tmp_path)
    path = project.report / "series.toml"
    path.write_text(SERIES.replace('id = "tiny"\n', 'id = "tiny"\nwithout = ["structure"]\n'), encoding="utf-8")
    assert read_series(project, TABLES).without == ("structure",)
