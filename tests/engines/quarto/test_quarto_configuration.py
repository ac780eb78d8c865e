"""The configuration of Quarto: what is missing or wrong in it is told before the long work."""

from __future__ import annotations

from pathlib import Path

import pytest
from quartos import Run, Standin, engine_on, problems_of
from tiny_site import tiny_project

from npl_report.load.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny_project(tmp_path / "a project, 项目")


@pytest.fixture
def run(project: Project, standin: Standin) -> Run:
    return engine_on(project, standin)


def test_a_language_without_a_profile(run: Run, project: Project):
    (project.root / "_quarto-en.yml").unlink()
    (problem,) = problems_of(run)
    assert (problem.file, problem.fix) == (
        "_quarto-en.yml",
        (
            "copy another language's, _quarto-zh.yml, change its title and its folders, and add the language "
            "to profile.group in _quarto.yml"
        ),
    )


def test_the_files_of_quarto_are_missing(run: Run, project: Project):
    for path in project.root.glob("_quarto*.yml"):
        path.unlink()
    problems = problems_of(run)
    assert [problem.file for problem in problems] == ["_quarto.yml", "_quarto-zh.yml", "_quarto-en.yml"]
    assert all("npl-report init" in problem.fix for problem in problems)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("project: [", "not valid YAML"),
        ("", "holds no settings"),
        ("project:\n  type: book\n", "must be website"),
        ("- a\n", "holds no settings"),
    ],
)
def test_a_configuration_that_is_none(run: Run, project: Project, text: str, said: str):
    (project.root / "_quarto.yml").write_text(text, encoding="utf-8")
    assert said in str(problems_of(run)[0])


def test_a_title_of_another_publication(run: Run, project: Project):
    path = project.root / "_quarto-en.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("NPL Securitisation Research", "My research"), encoding="utf-8"
    )
    (problem,) = problems_of(run)
    assert str(problem).startswith(
        "_quarto-en.yml, column website.title: found 'My research': is not the title of the publication"
    )
