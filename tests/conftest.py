"""What several kinds of tests stand on: projects of their own, editions built once, the command line, a browser."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import npl_report.arithmetic as _  # noqa: F401 -- before a test loads numpy: the arithmetic is chosen then
from npl_report.files.owned import owned, taken
from tests.helpers.markup import ROOT
from tests.helpers.running import EDITION, LATER_EDITION, Command, Ran, copy_project, made_once, run_command
from tests.helpers.tinyproject import tiny_project as write_tiny_project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from npl_report.load.project import Project

EDITIONS = ("built", "built_2021")
"""Fixtures that take a minute."""
WHOLE = frozenset({"sample_archive", "rebuilt"})
"""Fixtures that publish or copy the sample's editions: what needs them is not run at every change."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what only ``make test-all`` runs.

    Files that need an edition or the browser come first, so that no process is left with a long one at the end.
    """
    asked: dict[Path, set[str]] = {}
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        asked.setdefault(item.path, set()).update(names)
        if names & WHOLE:
            item.add_marker("whole")
    items.sort(key=lambda item: not asked[item.path] & {*EDITIONS, "chromium"})


@pytest.fixture(autouse=True)
def _own_things_put_back() -> Iterator[None]:
    """A test may read a project that owns tables: the next one in this process has none of them."""
    with taken(owned()):
        yield


@pytest.fixture(scope="session", autouse=True)
def _an_edition_each(request: pytest.FixtureRequest) -> None:
    """Processes of pytest-xdist begin with an edition each, instead of waiting for the same one.

    What fails here is told by the tests that need it.
    """
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw9").removeprefix("gw"))
    wanted = [
        name for name in EDITIONS if any(name in getattr(item, "fixturenames", ()) for item in request.session.items)
    ]
    if number < len(wanted):
        with suppress(pytest.fail.Exception):
            request.getfixturevalue(wanted[number])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that was never built."""
    return copy_project(tmp_path / "project")


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose pages are a stand-in."""
    from npl_report.build import assembly
    from npl_report.load.project import Project
    from tests.helpers.standins import standin

    monkeypatch.setattr(assembly, "gather", standin)
    return Project(copy_project(tmp_path / "project"))


@pytest.fixture
def tiny_project(tmp_path: Path) -> Path:
    """The same of three chapters and six deals: what is built in a few seconds."""
    return write_tiny_project(tmp_path / "tiny")


def built_once(factory: pytest.TempPathFactory, name: str, edition: str) -> Path:
    """The folder of an edition of the sample, built with its PDFs in a project of its own."""

    def make(place: Path) -> list[Ran]:
        copy_project(place)
        shutil.copy(ROOT / "report" / "editions" / f"{edition}.toml", place / "report" / "editions")
        return [
            run_command(
                "build",
                "--edition",
                edition,
                "--jobs",
                "2",
                cwd=place,
                TZ="Asia/Shanghai",
                LC_ALL="C.UTF-8",
                PYTHONHASHSEED="1",
            )
        ]

    return made_once(factory, name, make, f"build/{edition}") / "build" / edition


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of edition 2020-03. Tests only read it."""
    return built_once(tmp_path_factory, "built", EDITION)


@pytest.fixture(scope="session")
def built_2021(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of edition 2021-12, the first with part II. Tests only read it."""
    return built_once(tmp_path_factory, "built-2021", LATER_EDITION)


@pytest.fixture(scope="session")
def built_2025(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of edition 2025-12, the largest. Tests only read it."""
    return built_once(tmp_path_factory, "built-2025", "2025-12")


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with both editions of the sample in ``site/``, published by two commands.

    Tests only read it, or copy it.
    """
    built = [
        built_once(tmp_path_factory, name, edition)
        for name, edition in (("built-2021", LATER_EDITION), ("built", EDITION))
    ]

    def make(place: Path) -> list[Ran]:
        for folder in built:  # so that what both have drawn before is not drawn again
            shutil.copytree(folder.parents[1], place, dirs_exist_ok=True)
        shutil.rmtree(place / "build" / LATER_EDITION)
        return [run_command("publish", edition, cwd=place) for edition in (EDITION, LATER_EDITION)]

    return made_once(tmp_path_factory, "published", make, f"site/{EDITION}", f"site/{LATER_EDITION}")


@pytest.fixture
def rebuilt(built: Path, tmp_path: Path) -> Path:
    """A project of one's own that holds a former build, cache included."""
    return Path(shutil.copytree(built.parents[1], tmp_path / "rebuilt"))


@pytest.fixture(scope="session")
def tiny_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of edition 2020-03 of the tiny project, with its PDFs. Tests only read it."""

    def make(place: Path) -> list[Ran]:
        write_tiny_project(place)
        return [
            run_command(
                "build",
                "--edition",
                EDITION,
                "--jobs",
                "2",
                cwd=place,
                TZ="Asia/Shanghai",
                LC_ALL="C.UTF-8",
                PYTHONHASHSEED="1",
            )
        ]

    return made_once(tmp_path_factory, "tiny-built", make, f"build/{EDITION}") / "build" / EDITION


@pytest.fixture
def tiny_rebuilt(tiny_built: Path, tmp_path: Path) -> Path:
    """A tiny project of one's own that holds a former build, cache included."""
    return Path(shutil.copytree(tiny_built.parents[1], tmp_path / "rebuilt"))


@pytest.fixture(scope="session")
def tiny_archive(tiny_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny project with both editions in ``site/``.

    Tests only read it, or copy it. Accessibility, which takes a browser, is checked for the first.
    """

    def make(place: Path) -> list[Ran]:
        shutil.copytree(tiny_built.parents[1], place)
        return [run_command("publish", EDITION, cwd=place), run_command("publish", LATER_EDITION, cwd=place, PATH="")]

    return made_once(tmp_path_factory, "tiny-published", make, f"site/{EDITION}", f"site/{LATER_EDITION}")


@pytest.fixture
def command() -> Command:
    """Runs ``npl-report`` in a process of its own: ``command("build", cwd=project)``."""
    return run_command


@pytest.fixture
def npl_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> Command:
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


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, for the tests of a file; without one they are skipped.

    Playwright keeps an event loop running in this thread, so no file inherits it.
    """
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium on PATH: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet, timeout=180_000)
        yield browser
        browser.close()
