"""What several kinds of tests stand on: a project of their own, one built edition, the command line, a browser."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from running import EDITION, LATER_EDITION, Command, Ran, copy_project, run_command

import npl_report.arithmetic as _  # noqa: F401 -- before a test loads numpy: the arithmetic is chosen then

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that was never built."""
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of edition 2020-03. Tests only read it."""
    return built_once(tmp_path_factory, "built", EDITION)


@pytest.fixture(scope="session")
def built_2021(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of edition 2021-12, the first with part II. Tests only read it."""
    return built_once(tmp_path_factory, "built-2021", LATER_EDITION)


@pytest.fixture(scope="session")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with both editions in ``site/``, published by two commands, once for all workers. Tests only read it, or copy it."""
    built = built_once(tmp_path_factory, "built", EDITION)
    shared = _shared(tmp_path_factory)
    project = shared / "published"
    with FileLock(shared / "published.lock"):
        if not project.is_dir():
            shutil.copytree(built.parents[1], project)
            ran = [run_command("publish", edition, cwd=project) for edition in (EDITION, LATER_EDITION)]
            (project / "stderr.txt").write_text("".join(item.err for item in ran), encoding="utf-8")
    if not (project / "site" / LATER_EDITION).is_dir():
        pytest.fail(f"the editions cannot be published:\n{(project / 'stderr.txt').read_text(encoding='utf-8')}", pytrace=False)
    return project


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of pytest-xdist share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def built_once(tmp_path_factory: pytest.TempPathFactory, name: str, edition: str) -> Path:
    """The folder of an edition, built once with its PDFs in a project of its own, for all workers of pytest-xdist."""
    shared = _shared(tmp_path_factory)
    place = shared / name
    with FileLock(shared / f"{name}.lock"):
        if not place.is_dir():
            copy_project(place)
            ran = run_command("build", "--edition", edition, "--jobs", "2", cwd=place, TZ="Asia/Shanghai", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
            (place / "stderr.txt").write_text(ran.err, encoding="utf-8")
    folder = place / "build" / edition
    if not folder.is_dir():
        pytest.fail(f"the edition cannot be built:\n{(place / 'stderr.txt').read_text(encoding='utf-8')}", pytrace=False)
    return folder


@pytest.fixture
def rebuilt(built: Path, tmp_path: Path) -> Path:
    """A project of one's own that holds a former build, cache included."""
    return Path(shutil.copytree(built.parents[1], tmp_path / "rebuilt"))


@pytest.fixture
def command() -> Command:
    """Runs ``npl-report`` in a process of its own: ``command("build", cwd=project)``."""
    return run_command


@pytest.fixture
def npl_report(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Runs ``npl-report`` in this process, which spares the imports: ``npl_report("check", cwd=project)``."""
    from npl_report.cli import main

    logs = str(tmp_path_factory.mktemp("logs"))

    def run(*arguments: str, cwd: Path) -> Ran:
        capsys.readouterr()
        monkeypatch.chdir(cwd)
        monkeypatch.setenv("FONTCONFIG_FILE", "")  # the PDF engine sets it; here it is put back
        monkeypatch.setattr(tempfile, "tempdir", logs)  # where a bug leaves its traceback
        monkeypatch.setattr(sys, "argv", ["npl-report", *arguments])
        code = 0
        try:
            main()
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; without one the test is skipped."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium on PATH: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()
