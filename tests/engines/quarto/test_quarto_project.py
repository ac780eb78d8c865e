"""The configuration: what of it is read, refused, and put into the private copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tiny_site import TITLES, tiny_pages, tiny_project

from npl_report.editions.fingerprint import quarto_hashes
from npl_report.engines.quarto.engine import settings
from npl_report.engines.quarto.project import private_copy, read_config
from npl_report.load.project import Project
from npl_report.model import InputError, Problem

Write = Callable[[str, str], None]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny_project(tmp_path / "a project, 项目")


@pytest.fixture
def add(project: Project) -> Write:
    """Puts settings below ``project:`` of a file."""

    def write(name: str, text: str) -> None:
        path = project.root / name
        path.write_text(
            path.read_text(encoding="utf-8").replace("project:\n", f"project:\n{text}", 1), encoding="utf-8"
        )

    return write


def _copy(project: Project, name: str) -> dict[str, Any]:
    files = private_copy(project, read_config(project, TITLES), "en", {})
    found = yaml.safe_load(files[name])
    assert isinstance(found, dict)
    return found


def _problems(project: Project) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        settings(project, TITLES)
    return list(caught.value.problems)


@pytest.mark.parametrize("name", ["_quarto.yml", "_quarto-en.yml"])
def test_the_copy_does_not_prepare_and_writes_where_it_is_looked_for(project: Project, add: Write, name: str):
    path = project.root / name
    path.write_text(
        "".join(
            line
            for line in path.read_text(encoding="utf-8").splitlines(keepends=True)
            if not line.startswith(("  pre-render", "  output-dir", "  resources"))
        ),
        encoding="utf-8",
    )
    add(name, "  output-dir: elsewhere\n  pre-render: [npl-report prepare --pdf, echo mine]\n  resources: [nowhere]\n")
    part = _copy(project, name)["project"]
    assert (part["output-dir"], part["pre-render"]) == ("_site", ["echo mine"])
    assert "resources" not in part


@pytest.mark.parametrize("given", ["", "[]", "npl-report prepare", "\n    - npl-report prepare"])
def test_pre_render_steps_of_every_form(project: Project, given: str):
    path = project.root / "_quarto.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("pre-render: npl-report prepare", f"pre-render: {given}"),
        encoding="utf-8",
    )
    assert "pre-render" not in _copy(project, "_quarto.yml")["project"]


@pytest.mark.parametrize("name", ["_quarto.yml", "_quarto-en.yml"])
def test_steps_after_the_render_are_refused(project: Project, add: Write, name: str):
    add(name, "  post-render: python upload.py\n")
    (problem,) = _problems(project)
    assert (problem.file, problem.column, problem.value) == (name, "project.post-render", "python upload.py")
    assert "before the output is proved" in problem.rule


def test_no_step_after_the_render(project: Project, add: Write):
    add("_quarto.yml", "  post-render:\n")
    assert "post-render" not in _copy(project, "_quarto.yml")["project"]
    assert set(settings(project, TITLES)) == {"_quarto.yml", "_quarto-zh.yml", "_quarto-en.yml"}


@pytest.mark.parametrize("name", ["_quarto.yml", "_quarto-zh.yml"])
def test_a_project_of_another_form(project: Project, name: str):
    (project.root / name).write_text("project: [website]\n", encoding="utf-8")
    assert [(problem.file, problem.column) for problem in _problems(project)] == [(name, "project")]


def test_configuration_and_time_limit_are_told_at_once(project: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NPL_REPORT_QUARTO_SECONDS", "soon")
    (project.root / "_quarto-zh.yml").unlink()
    assert [problem.file for problem in _problems(project)] == ["_quarto-zh.yml", "NPL_REPORT_QUARTO_SECONDS"]


@pytest.mark.parametrize("name", ["_brand.yml", "_variables.yml"])
def test_what_quarto_reads_beside_it(project: Project, name: str):
    files, _ = tiny_pages(project)
    before = quarto_hashes(project.root)
    assert name not in private_copy(project, read_config(project, TITLES), "en", files)
    (project.root / name).write_text("a: b\n", encoding="utf-8")
    assert private_copy(project, read_config(project, TITLES), "en", files)[name] == b"a: b\n"
    assert set(quarto_hashes(project.root)) - set(before) == {name}


SCALARS = """
words: [yes, no, on, off, Yes, y, N]
moments: [12:30, 1:30:05, 2020-03-17, 2020-03-17T10:00:00Z]
numbers: [1, -3, 0x1F, 0o17, 2.5, .5, 1e3, 0]
others: [true, False, null, ~, "", "1", "true", "1e3", "0o17"]
empty:
"""


def test_scalars_come_out_as_they_went_in(project: Project):
    """Quarto reads YAML 1.2: of what PyYAML takes for more, only true, false, null and numbers are no text."""
    path = project.root / "_quarto.yml"
    path.write_text(path.read_text(encoding="utf-8") + SCALARS, encoding="utf-8")
    wanted = {
        "words": ["yes", "no", "on", "off", "Yes", "y", "N"],
        "moments": ["12:30", "1:30:05", "2020-03-17", "2020-03-17T10:00:00Z"],
        "numbers": [1, -3, 31, 15, 2.5, 0.5, 1000.0, 0],
        "others": [True, False, None, None, "", "1", "true", "1e3", "0o17"],
        "empty": None,
    }
    read, copied = read_config(project, TITLES)["_quarto.yml"], _copy(project, "_quarto.yml")
    assert {key: read[key] for key in wanted} == wanted
    assert {key: copied[key] for key in wanted} == wanted
    path.write_bytes(private_copy(project, read_config(project, TITLES), "en", {})["_quarto.yml"])
    assert {key: value for key, value in read_config(project, TITLES)["_quarto.yml"].items() if key in wanted} == wanted


def test_the_settings_of_the_sample_come_out_as_they_went_in(project: Project):
    for name in ("_quarto.yml", "_quarto-en.yml"):
        before, after = yaml.safe_load((project.root / name).read_text(encoding="utf-8")), _copy(project, name)
        assert {**after, "project": None} == {**before, "project": None}
        assert after["project"].get("render") == before["project"].get("render")
