"""``npl-report prepare``: what it writes into the user's folder, and what it leaves alone."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from running import EDITION, EDITIONS, Command, copy_project
from tiny_site import tiny_pages, tiny_project

from npl_report.load.project import Project
from npl_report.model import Edition, InputError
from npl_report.publish.build import Options, Say
from npl_report.publish.gather import Gathered
from npl_report.publish.quarto.prepare import MARKER, Prepared, prepare, profile_languages

GENERATED = ("zh", "en", "assets", "downloads")
Run = Callable[..., Prepared]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny_project(tmp_path / "a project, 项目")


@pytest.fixture
def run(project: Project, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Prepares a publication of a few pages."""

    def gather(project: Project, edition: Edition, options: Options, say: Say, **_: object) -> Gathered:  # noqa: ARG001 -- as gather
        files, pages = tiny_pages(project)
        own = tuple(f"{language}/" for language in edition.languages)
        return Gathered(files, {}, {path: page for path, page in pages.items() if path.startswith(own)})

    monkeypatch.setattr("npl_report.publish.gather.gather", gather)
    return lambda *languages: prepare(project, Options(EDITION, languages=languages), lambda _: None)


def _tree(project: Project) -> dict[str, bytes]:
    return {path.relative_to(project.root).as_posix(): path.read_bytes() for name in GENERATED for path in (project.root / name).rglob("*") if path.is_file()}


def test_what_is_written(run: Run, project: Project):
    before = {path.name for path in project.root.iterdir()}
    done = run()
    assert {path.name for path in project.root.iterdir()} - before == {*GENERATED, "build"}
    assert sorted(path for path in _tree(project) if path.endswith(".qmd")) == [
        f"{language}/{page}/index.qmd".replace("//", "/") for language in ("en", "zh") for page in ("deals", "", "originators", "tables")
    ]
    assert (done.folders, done.pages) == (("zh", "en", "assets", "downloads"), 8)
    assert not list(project.root.rglob("*.part"))


def test_generated_folders_are_not_versioned(run: Run, project: Project):
    import subprocess

    run()
    subprocess.run(["git", "init", "--quiet"], cwd=project.root, check=True)
    listed = subprocess.run(["git", "status", "--porcelain", "--untracked-files=all"], cwd=project.root, capture_output=True, text=True, check=True).stdout
    assert "_quarto.yml" in listed
    assert [name for name in GENERATED if f" {name}/" in listed] == []


def test_nothing_is_done_twice(run: Run, project: Project):
    run()
    times = {path: path.stat().st_mtime_ns for path in project.root.rglob("*") if path.is_file()}
    done = run()
    assert (done.written, done.removed, done.pages) == (0, 0, 8)
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_only_what_differs_is_written_again(run: Run, project: Project):
    run()
    kept = project.root / "en" / "index.qmd"
    before = kept.stat().st_mtime_ns
    (project.root / "zh" / "index.qmd").write_text("edited by hand", encoding="utf-8")
    assert run().written == 1
    assert "edited by hand" not in (project.root / "zh" / "index.qmd").read_text(encoding="utf-8")
    assert kept.stat().st_mtime_ns == before


def test_what_was_removed_comes_back(run: Run, project: Project):
    run()
    whole = _tree(project)
    (project.root / "assets" / "site.css").unlink()
    assert run().written == 1
    assert _tree(project) == whole


def test_pages_that_an_edition_does_not_have_go(run: Run, project: Project, monkeypatch: pytest.MonkeyPatch):
    run()
    (project.root / "zh" / "mine.qmd").write_text("of the user", encoding="utf-8")

    def fewer(project: Project, edition: Edition, options: Options, say: Say, **_: object) -> Gathered:  # noqa: ARG001 -- as gather
        files, pages = tiny_pages(project)
        return Gathered(files, {}, {path: page for path, page in pages.items() if "originators" not in path})

    monkeypatch.setattr("npl_report.publish.gather.gather", fewer)
    series = project.root / "report" / "series.toml"
    series.write_text(series.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    done = run()
    assert done.removed == 2
    assert not (project.root / "zh" / "originators").exists()
    assert (project.root / "zh" / "mine.qmd").read_text(encoding="utf-8") == "of the user"


def test_one_language(run: Run, project: Project):
    run("en")
    assert not (project.root / "zh").exists()
    assert (project.root / "en" / "index.qmd").is_file()


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize("kind", ["folder", "file", "link", "marker"])
def test_what_the_user_made_is_left_alone(run: Run, project: Project, tmp_path: Path, name: str, kind: str):
    place = project.root / name
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if kind == "folder":
        place.mkdir()
        (place / "index.qmd").write_text("mine", encoding="utf-8")
    elif kind == "file":
        place.write_text("mine", encoding="utf-8")
    elif kind == "link":
        place.symlink_to(elsewhere, target_is_directory=True)
    else:
        place.mkdir()
        (place / MARKER).write_text(json.dumps({"files": {"../../report/series.toml": "x"}}), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run()
    (problem,) = caught.value.problems
    assert str(problem) == f"{name}: npl-report prepare writes here, and this was not made by it; nothing is overwritten\n    → rename it or take it away"
    assert [other for other in GENERATED if other != name and (project.root / other).exists()] == []
    assert list(elsewhere.iterdir()) == []


def test_an_empty_folder_is_taken(run: Run, project: Project):
    (project.root / "zh").mkdir()
    assert run().pages == 8


def test_two_at_once(run: Run, project: Project):
    project.build.mkdir()
    with FileLock(project.build / ".lock"), pytest.raises(InputError) as caught:
        run()
    assert "another build is writing here" in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(run: Run, project: Project):
    project.root.chmod(0o555)
    try:
        with pytest.raises(InputError) as caught:
            run()
    finally:
        project.root.chmod(0o755)
    assert "cannot be read or written" in str(caught.value)


def test_a_stopped_run_is_made_good(run: Run, project: Project, monkeypatch: pytest.MonkeyPatch):
    from npl_report.publish.quarto import prepare as module

    keep, calls = module.keep, []

    def stop(place: Path, data: bytes) -> None:
        calls.append(place)
        if len(calls) == 4:
            raise KeyboardInterrupt
        keep(place, data)

    monkeypatch.setattr(module, "keep", stop)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.setattr(module, "keep", keep)
    run()
    whole = _tree(project)
    assert sum(path.endswith(".qmd") for path in whole) == 8


@pytest.mark.parametrize(("profile", "languages"), [("", ()), ("zh", ("zh",)), ("en,draft", ("en",)), ("zh en", ("zh", "en")), ("draft", ())])
def test_the_languages_that_quarto_renders(project: Project, monkeypatch: pytest.MonkeyPatch, profile: str, languages: tuple[str, ...]):
    monkeypatch.setenv("QUARTO_PROFILE", profile)
    assert profile_languages(project) == languages


# ---- the command


def test_the_command_in_the_hook_of_quarto(built: Path, prepared: Path, command: Command):
    """As ``quarto render --profile en`` calls it: the language by the profile, the edition by the variable."""
    ran = command("prepare", cwd=prepared, QUARTO_PROFILE="zh,en", NPL_REPORT_EDITION=EDITION)
    pages = sum(1 for language in ("zh", "en") for _ in (built / language).rglob("*.html"))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"edition {EDITION}: {pages} pages in zh/, en/, assets/, downloads/: up to date\n"


def test_downloads_and_assets_are_those_of_the_build(built: Path, prepared: Path):
    for folder in ("assets", "downloads"):
        files = {path.relative_to(prepared / folder) for path in (prepared / folder).rglob("*") if path.is_file() and not path.name.startswith(".")}
        assert files == {path.relative_to(built / folder) for path in (built / folder).rglob("*") if path.is_file()}
        assert [path for path in files if (prepared / folder / path).read_bytes() != (built / folder / path).read_bytes()] == []


def test_an_edition_that_is_not_there(npl_report: Command, tmp_path: Path):
    root = copy_project(tmp_path / "project")
    ran = npl_report("prepare", "--edition", "1999-01", cwd=root)
    assert (ran.code, ran.out) == (1, "")
    assert f"known editions: {', '.join(EDITIONS)}" in ran.err
    assert not (root / "zh").exists()


def test_every_generated_folder_is_ignored_by_git_and_by_no_render():
    from running import ROOT

    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert [name for name in (*GENERATED, "_site", ".quarto") if f"/{name}/" not in ignored] == []
    assert "**/*.quarto_ipynb" in ignored
    for language in ("zh", "en"):
        assert re.search(rf'render: \["/{language}/\*\*/\*\.qmd"\]', (ROOT / f"_quarto-{language}.yml").read_text(encoding="utf-8"))
