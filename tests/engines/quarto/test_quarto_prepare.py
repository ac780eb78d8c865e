"""``npl-report prepare``: what it writes into the user's folder, and what it leaves alone."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from tiny_site import tiny_pages, tiny_project

from npl_report.build.assembly import Gathered
from npl_report.build.job import Options
from npl_report.engines.quarto.prepare import MARKER, Prepared, prepare, profile_languages, recorded
from npl_report.files import writing as output
from npl_report.load.project import Project
from npl_report.model import Edition, InputError
from npl_report.model.progress import Progress
from tests.helpers.running import EDITION, EDITIONS, Command, copy_project

GENERATED = ("zh", "en", "assets", "downloads")
Run = Callable[..., Prepared]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny_project(tmp_path / "a project, 项目")


@pytest.fixture
def run(project: Project, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Prepares a publication of a few pages."""

    def gather(project: Project, edition: Edition, options: Options, progress: Progress, **_: object) -> Gathered:
        files, pages = tiny_pages(project)
        own = tuple(f"{language}/" for language in edition.languages)
        return Gathered(files, {}, {path: page for path, page in pages.items() if path.startswith(own)})

    monkeypatch.setattr("npl_report.build.assembly.gather", gather)
    return lambda *languages: prepare(project, Options(EDITION, languages=languages), lambda _: None)


def _tree(project: Project) -> dict[str, bytes]:
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for name in GENERATED
        for path in (project.root / name).rglob("*")
        if path.is_file()
    }


def test_what_is_written(run: Run, project: Project):
    before = {path.name for path in project.root.iterdir()}
    done = run()
    assert {path.name for path in project.root.iterdir()} - before == {*GENERATED, "build"}
    assert sorted(path for path in _tree(project) if path.endswith(".qmd")) == [
        f"{language}/{page}/index.qmd".replace("//", "/")
        for language in ("en", "zh")
        for page in ("deals", "", "originators", "tables")
    ]
    assert (done.folders, done.pages) == (("zh", "en", "assets", "downloads"), 8)
    assert not list(project.root.rglob("*.part"))


def test_generated_folders_are_not_versioned(run: Run, project: Project):
    import subprocess

    run()
    subprocess.run(["git", "init", "--quiet"], cwd=project.root, check=True)
    listed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
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

    def fewer(project: Project, edition: Edition, options: Options, progress: Progress, **_: object) -> Gathered:
        files, pages = tiny_pages(project)
        return Gathered(files, {}, {path: page for path, page in pages.items() if "originators" not in path})

    monkeypatch.setattr("npl_report.build.assembly.gather", fewer)
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
@pytest.mark.parametrize("kind", ["folder", "file", "link", "marker", "marker of another form"])
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
        files = [["index.qmd", "x"]] if kind == "marker of another form" else {"../../report/series.toml": "x"}
        (place / MARKER).write_text(json.dumps({"files": files}), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run()
    (problem,) = caught.value.problems
    assert str(problem) == (
        f"{name}: npl-report prepare writes here, and this was not made by it; nothing is overwritten\n"
        "    → rename it or take it away"
    )
    assert [other for other in GENERATED if other != name and (project.root / other).exists()] == []
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("path", ["zh/index.qmd", "downloads/tables.zh.xlsx"])
def test_a_file_of_the_user_is_not_overwritten(run: Run, project: Project, path: str):
    """The folder is ours, a file in it is not: nothing is written in any folder."""
    run("zh")
    folder, _, file = path.partition("/")
    marker = project.root / folder / MARKER
    said = json.loads(marker.read_bytes())
    del said["files"][file]
    marker.write_text(json.dumps(said), encoding="utf-8")
    (project.root / path).write_text("mine", encoding="utf-8")
    before = _tree(project)
    with pytest.raises(InputError) as caught:
        run()
    assert [problem.file for problem in caught.value.problems] == [path]
    assert "nothing is overwritten" in caught.value.problems[0].rule
    assert _tree(project) == before
    (project.root / path).unlink()
    assert run().pages == 8


def test_an_empty_folder_is_taken(run: Run, project: Project):
    (project.root / "zh").mkdir()
    assert run().pages == 8


def test_two_at_once(run: Run, project: Project):
    project.build.mkdir()
    with FileLock(project.build / ".lock"), pytest.raises(InputError) as caught:
        run()
    assert "another build is writing here" in str(caught.value)


def test_one_that_waits_finds_all_done(run: Run, project: Project, monkeypatch: pytest.MonkeyPatch):
    """Another prepares the same while this one waits: then there is nothing to do."""
    import threading

    from npl_report.engines.quarto import prepare as module

    run()
    standing, calls = module._standing, []

    def first_not(project: Project, folders: tuple[str, ...], mark: str) -> int | None:
        calls.append(mark)
        return None if len(calls) == 1 else standing(project, folders, mark)

    monkeypatch.setattr(module, "_standing", first_not)
    lock = FileLock(project.build / ".lock", thread_local=False)
    lock.acquire()
    threading.Timer(0.3, lock.release).start()
    done = prepare(project, Options(EDITION), lambda _: None, wait=30)
    assert (len(calls), done.pages, done.written, done.removed) == (2, 8, 0, 0)


def test_the_edition_that_was_prepared(run: Run, project: Project):
    assert recorded(project, ("zh",)) == (None, False)
    run("zh")
    assert recorded(project, ("zh",)) == (EDITION, True)
    assert recorded(project, ("en",)) == (None, False)
    assert recorded(project, ()) == (EDITION, True)
    (project.report / "editions" / f"{EDITION}.toml").unlink()
    assert recorded(Project(project.root), ("zh",)) == (None, False), "the edition is no more"


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {"QUARTO_PROJECT_DIR": "x"}, (EDITION, True, 120.0)),
        (["--edition", "2021-12"], {"QUARTO_PROJECT_DIR": "x"}, ("2021-12", False, 120.0)),
        (["--no-pdf"], {"QUARTO_PROJECT_DIR": "x"}, (None, False, 120.0)),
        ([], {"QUARTO_PROJECT_DIR": "x", "NPL_REPORT_EDITION": "2021-12"}, ("2021-12", False, 120.0)),
        ([], {}, (None, False, 0)),
    ],
)
def test_the_hook_keeps_what_was_prepared(
    run: Run,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    expected: tuple[str | None, bool, float],
):
    from typer.testing import CliRunner

    from npl_report.cli.app import app
    from npl_report.engines.quarto import prepare as module

    run()
    for folder in ("zh", "en"):
        marker = project.root / folder / MARKER
        marker.write_text(json.dumps(json.loads(marker.read_bytes()) | {"pdf": True}), encoding="utf-8")
    asked: list[tuple[str | None, bool, float]] = []

    def note(project: Project, options: Options, progress: Progress, wait: float) -> Prepared:
        asked.append((options.edition, options.pdf, wait))
        return Prepared(EDITION, ("zh",), 8, 1, 0)

    monkeypatch.setattr(module, "prepare", note)
    monkeypatch.delenv("QUARTO_PROJECT_DIR", raising=False)
    done = CliRunner().invoke(app, ["prepare", "--project", str(project.root), *arguments], env=environment)
    assert (done.exit_code, asked) == (0, [expected]), done.output
    assert "1 file written, 0 removed" in done.output


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
    from npl_report.engines.quarto import prepare as module

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


def test_a_stop_leaves_no_partial_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        output.keep(tmp_path / "a" / "page.qmd", b"x")
    assert list((tmp_path / "a").iterdir()) == []


@pytest.mark.parametrize(
    ("profile", "languages"), [("", ()), ("zh", ("zh",)), ("en,draft", ("en",)), ("zh en", ("zh", "en")), ("draft", ())]
)
def test_the_languages_that_quarto_renders(
    project: Project, monkeypatch: pytest.MonkeyPatch, profile: str, languages: tuple[str, ...]
):
    monkeypatch.setenv("QUARTO_PROFILE", profile)
    assert profile_languages(project) == languages


# ---- the command


def test_the_command_in_the_hook_of_quarto(prepared: Path, command: Command):
    """As ``quarto render --profile en`` calls it: the language by the profile, the edition by the variable."""
    ran = command("prepare", cwd=prepared, QUARTO_PROFILE="zh,en", NPL_REPORT_EDITION=EDITION)
    pages = sum(1 for language in ("zh", "en") for _ in (prepared / "build" / EDITION / language).rglob("*.html"))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"edition {EDITION}: {pages} pages in zh/, en/, assets/, downloads/: up to date\n"


def test_downloads_and_assets_are_those_of_the_build(prepared: Path):
    built = prepared / "build" / EDITION
    for folder in ("assets", "downloads"):
        files = {
            path.relative_to(prepared / folder)
            for path in (prepared / folder).rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }
        assert files == {path.relative_to(built / folder) for path in (built / folder).rglob("*") if path.is_file()}
        assert [
            path for path in files if (prepared / folder / path).read_bytes() != (built / folder / path).read_bytes()
        ] == []


def test_an_edition_that_is_not_there(npl_report: Command, tmp_path: Path):
    root = copy_project(tmp_path / "project")
    ran = npl_report("prepare", "--edition", "1999-01", cwd=root)
    assert (ran.code, ran.out) == (1, "")
    assert f"known editions: {', '.join(EDITIONS)}" in ran.err
    assert not (root / "zh").exists()


def test_every_generated_folder_is_ignored_by_git_and_by_no_render():
    from tests.helpers.running import ROOT

    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert [name for name in (*GENERATED, "_site", ".quarto") if f"/{name}/" not in ignored] == []
    assert "**/*.quarto_ipynb" in ignored
    for language in ("zh", "en"):
        assert re.search(
            rf'render: \["/{language}/\*\*/\*\.qmd"\]', (ROOT / f"_quarto-{language}.yml").read_text(encoding="utf-8")
        )
